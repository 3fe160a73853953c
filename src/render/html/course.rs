//! The course: drawing, time points, ratios, and what to know of them.

use maud::{Markup, html};

use super::Shown;
use super::course_plot::plot;
use super::links::{Links, cites, ratio_anchor, visit_anchor};
use crate::course::guide::RemarkKind;
use crate::course::{Response, Role, TimePoint};
use crate::render::json::Assessed;
use crate::render::text::course::{inputs, number, signed, summary, trend_words, verdict};

pub(super) fn section(a: &Assessed<'_>, links: &Links<'_>) -> Option<Markup> {
    let (response, ratios) = (&a.course.response, &a.course.ratios);
    let none =
        response.time_points.is_empty() && ratios.formed.is_empty() && ratios.refused.is_empty();
    if none {
        return None;
    }
    Some(html! {
        (plot(a))
        @if !response.time_points.is_empty() { (time_points(response, links)) }
        @if !ratios.formed.is_empty() || !ratios.refused.is_empty() { (blood(a, links)) }
    })
}

fn time_points(response: &Response, links: &Links<'_>) -> Markup {
    let summary = summary(response);
    html! {
        h3 { "Response by RECIST 1.1" }
        @if let Some(start) = &response.start { p { "Followed from the start of " (Shown(&start.drug)) " on " (start.date) "." } }
        @if !summary.is_empty() { ul { @for line in &summary { li { (line) } } } }
        div class="wide" tabindex="0" role="region" aria-label="Time points" {
            table {
                caption { "Time points" }
                thead { tr {
                    th scope="col" { "Date" } th scope="col" { "Response" } th scope="col" { "Stated" }
                    th scope="col" { "Sum, mm" } th scope="col" { "From baseline" } th scope="col" { "From nadir" }
                    th scope="col" { "Targets" } th scope="col" { "Non-targets" } th scope="col" { "New lesion" }
                    th scope="col" { "Where" }
                } }
                tbody {
                    @for (index, point) in response.time_points.iter().enumerate() {
                        tr id=(visit_anchor(index)) {
                            th scope="row" class="day" { @if let Some(date) = point.date { (date) } @else { "no date" } }
                            (cells(point))
                            td { (links.places(&point.sources)) }
                        }
                    }
                }
            }
        }
        @let warnings: Vec<_> = response.notes.iter().filter(|n| n.code.is_warning()).collect();
        @if !warnings.is_empty() {
            h4 { "To be checked" }
            ul class="checks" {
                @for note in warnings { li { "⚠ " (Shown(&note.text)) ". " (links.places(&note.sources)) } }
            }
        }
        details {
            summary { "How the response was judged" }
            ul {
                @for note in response.notes.iter().filter(|n| !n.code.is_warning()) { li { (Shown(&note.text)) } }
                li { "Criteria: " (cites(&response.cites)) }
            }
        }
    }
}

fn cells(point: &TimePoint) -> Markup {
    let sum = match (point.sum_mm, point.sum_between_mm) {
        (Some(sum), _) => number(sum),
        (None, Some(between)) => format!("{} to {}", number(between.0), number(between.1)),
        (None, None) => "not stated".to_owned(),
    };
    let change = match (
        point.change_from_baseline_percent,
        point.change_between_percent,
    ) {
        (Some(change), _) => format!("{} %", signed(change)),
        (None, Some(between)) if between.0 == between.1 => format!("{} %", signed(between.0)),
        (None, Some(between)) => format!("{} to {} %", signed(between.0), signed(between.1)),
        (None, None) => String::new(),
    };
    let nadir = match (point.change_from_nadir_percent, point.change_from_nadir_mm) {
        (Some(percent), Some(mm)) => format!("{} %, {} mm", signed(percent), signed(mm)),
        (None, Some(mm)) => format!("{} mm", signed(mm)),
        _ => String::new(),
    };
    let others = match point.non_target {
        Some("not_stated") => "not stated",
        Some(other) => other,
        None => "",
    };
    html! {
        td { strong { (verdict(point)) } @if point.possible.len() > 1 {
            " (possible: " (point.possible.iter().map(|c| c.as_str()).collect::<Vec<_>>().join(", ")) ")"
        } }
        td { (point.stated.map_or("", |s| s.as_str())) }
        td { (sum) @if let Some(stated) = point.stated_sum_mm { " (stated " (number(stated)) ")" } }
        td { (change) }
        td { (nadir) }
        td { @if point.role == Role::FollowUp { (point.target.map_or("", |t| t.as_str())) } }
        td { (others) }
        td { @match point.new_lesion { Some(true) => "yes", Some(false) => "no", None => "not stated" } }
    }
}

fn blood(a: &Assessed<'_>, links: &Links<'_>) -> Markup {
    let ratios = &a.course.ratios;
    html! {
        h3 { "Blood ratios" }
        p { "Shown for orientation. They change neither the response nor any decision." }
        @if !ratios.formed.is_empty() {
            div class="wide" tabindex="0" role="region" aria-label="Blood ratios" {
                table {
                    caption { "Ratios by day of the draw" }
                    thead { tr {
                        th scope="col" { "Date" } th scope="col" { "Ratio" } th scope="col" { "Value" }
                        th scope="col" { "From" } th scope="col" { "Where" }
                    } }
                    tbody {
                        @for (index, ratio) in ratios.formed.iter().enumerate() {
                            tr id=(ratio_anchor(index)) {
                                th scope="row" class="day" { @if let Some(date) = ratio.date { (date) } @else { "no date" } }
                                td { abbr title=(ratio.name.words()) { (ratio.name.as_str()) } }
                                td { (ratio.value) }
                                td { (Shown(&inputs(ratio))) }
                                td { (links.places(ratio.inputs.iter().map(|i| &i.source))) }
                            }
                        }
                    }
                }
            }
        }
        @if !ratios.refused.is_empty() {
            h4 { "Not formed" }
            ul {
                @for refused in &ratios.refused {
                    li { (refused.name.as_str()) ": " (Shown(&refused.text)) ". " (links.places(&refused.sources)) }
                }
            }
        }
        @if !ratios.trends.is_empty() {
            h4 { "Under treatment" }
            ul { @for trend in &ratios.trends { li { (Shown(&trend_words(trend))) } } }
        }
        @let remarks = &a.pack.guide().remarks;
        @if !remarks.is_empty() {
            h4 { "What is known of them" }
            ul {
                @for (kind, word) in [(RemarkKind::Caution, "Caution: "), (RemarkKind::Figure, ""), (RemarkKind::Definition, "")] {
                    @for remark in remarks.iter().filter(|r| r.kind == kind) {
                        li { strong { (word) } (remark.text) " (" (cites(&remark.cites)) ")" }
                    }
                }
            }
        }
    }
}
