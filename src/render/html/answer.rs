//! What a busy reader needs: the answer, whether it is settled, the next test, flags by weight, drugs by region.

use maud::{Markup, html};

use super::Shown;
use super::links::{Links, cites, decision_anchor, drug_anchor, flag_anchor, rule_anchor};
use crate::render::grounds::{known_so_far, supporting};
use crate::render::json::Assessed;
use crate::render::text::course::summary;
use crate::render::text::summary::points;
use crate::rules::settle::NextTest;
use crate::rules::therapy::LabelStatus;
use crate::rules::{Decided, Flag, RuleOutcome, Therapy};
use crate::source::Place;

pub(super) fn section(a: &Assessed<'_>, links: &Links<'_>) -> Markup {
    html! {
        (in_short(a))
        div class="cards" {
            @for decision in &a.assessment.decisions { (card(a, decision, links)) }
        }
        @if !a.assessment.flags.is_empty() {
            h3 { "Flags, weightiest first" }
            ol class="flags" {
                @for (index, flag) in by_weight(&a.assessment.flags) { (one_flag(index, flag, links)) }
            }
        }
        @if !a.assessment.therapy.is_empty() {
            h3 { "Drugs and their labels" }
            @for (index, therapy) in a.assessment.therapy.iter().enumerate() {
                (drug(index, therapy))
            }
        }
        @let course = summary(&a.course.response);
        @if !course.is_empty() {
            h3 { "Course" }
            p { (course.join("; ")) ". " a href="#course" { "Time points and ratios" } }
        }
    }
}

/// The answer, the doubt and the next step before any evidence.
fn in_short(a: &Assessed<'_>) -> Markup {
    let decisions = a.assessment.decisions.iter();
    let next: Vec<Vec<NextTest>> = decisions
        .map(|d| a.pack.next_tests(&a.read.case, a.assessment, &d.name))
        .collect();
    let mut points = points(a, &next);
    let course = summary(&a.course.response);
    if !course.is_empty() {
        points.push(("course".to_owned(), course.join("; ")));
    }
    html! {
        h3 { "In short" }
        dl class="short" {
            @for group in points.chunk_by(|a, b| a.0 == b.0) {
                dt { (group[0].0) }
                dd { @for (n, (_, text)) in group.iter().enumerate() { @if n > 0 { br; } (Shown(text)) } }
            }
        }
    }
}

/// Flags with their number, strong before moderate before weak.
pub(crate) fn by_weight(flags: &[Flag]) -> Vec<(usize, &Flag)> {
    let mut out: Vec<(usize, &Flag)> = flags.iter().enumerate().collect();
    out.sort_by_key(|(_, flag)| match flag.grade.as_str() {
        "strong" => 0,
        "moderate" => 1,
        _ => 2,
    });
    out
}

fn card(a: &Assessed<'_>, decision: &Decided, links: &Links<'_>) -> Markup {
    let rules: Vec<&RuleOutcome> = a
        .assessment
        .rules
        .iter()
        .filter(|r| decision.rules.iter().any(|id| id == r.id()))
        .collect();
    let next = a
        .pack
        .next_tests(&a.read.case, a.assessment, &decision.name);
    let state = if decision.settled { "settled" } else { "open" };
    html! {
        article class={ "card " (state) } id=(decision_anchor(&decision.name)) {
            h3 {
                (decision.name) ": " span class="value" { (decision.value) } " "
                span class="badge" { @if decision.settled { "✓ settled" } @else { "? not settled" } }
            }
            p class="lead" { (decision.title) }
            @for rule in &rules {
                p {
                    a href={ "#" (rule_anchor(rule.id())) } { (rule.title()) }
                    " (" (rule.grade()) "; " (cites(rule.cites())) ")"
                }
                (evidence(&supporting(rule.trace()), links))
            }
            @if !decision.also_true.is_empty() { p { strong { "Also fits: " } (decision.also_true.join(", ")) } }
            @for why in &decision.assumptions { p { strong { "Assumed: " } (why) } }
            @for step in &decision.follow_up { p { strong { "Next: " } (step.text) } }
            @if !decision.open.is_empty() {
                p { strong { "Still open: " } (decision.open.join(", ")) }
                @let known = known_so_far(&a.assessment.rules, decision);
                @if !known.is_empty() { p { "Known so far" } (evidence(&known, links)) }
            }
            (next_tests(&next))
        }
    }
}

fn evidence(facts: &[(String, Place)], links: &Links<'_>) -> Markup {
    let mut grouped: Vec<(&str, Vec<&Place>)> = Vec::new();
    for (words, place) in facts {
        match grouped.last_mut() {
            Some((last, places)) if *last == words => places.push(place),
            _ => grouped.push((words, vec![place])),
        }
    }
    html! {
        @if !grouped.is_empty() {
            ul class="because" {
                @for (words, places) in &grouped {
                    li { (Shown(words)) ": " (links.places(places.iter().copied())) }
                }
            }
        }
    }
}

fn next_tests(next: &[NextTest]) -> Markup {
    html! {
        @if !next.is_empty() {
            div class="wide" tabindex="0" role="region" aria-label="What would settle it" {
                table {
                    caption { "What would settle it, best first" }
                    thead { tr { th scope="col" { "Test" } th scope="col" { "Result" } th scope="col" { "Then" } } }
                    @for test in next {
                        tbody {
                            @for (n, outcome) in test.outcomes.iter().enumerate() {
                                tr {
                                    @if n == 0 {
                                        th scope="rowgroup" rowspan=(test.outcomes.len()) { (test.title) }
                                    }
                                    td { (outcome.result) }
                                    td {
                                        strong { (outcome.value) } ", "
                                        @if outcome.settled { "settled" } @else { "open: " (outcome.open.join(", ")) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn one_flag(index: usize, flag: &Flag, links: &Links<'_>) -> Markup {
    let (mark, class) = match flag.grade.as_str() {
        "strong" => ("!!! strong", "strong"),
        "moderate" => ("!! moderate", "moderate"),
        _ => ("! weak", "weak"),
    };
    html! {
        li id=(flag_anchor(index)) class=(class) {
            p {
                span class="badge" { (mark) } " " strong { (Shown(&flag.message)) }
                " " code { (flag.code) } " ("
                a href={ "#" (rule_anchor(&flag.rule)) } { (flag.rule) } "; " (cites(&flag.cites)) ")"
            }
            p { strong { "Do: " } (Shown(&flag.action)) }
            p { (links.places(&flag.sources)) }
        }
    }
}

fn drug(index: usize, therapy: &Therapy) -> Markup {
    html! {
        article class="drug" id=(drug_anchor(index)) {
            h4 { (therapy.drug) }
            p {
                (therapy.evidence) " ("
                a href={ "#" (rule_anchor(&therapy.rule)) } { (therapy.rule) } "; " (cites(&therapy.cites)) ")"
            }
            @if let Some(dose) = &therapy.dose { p { strong { "Dose: " } (dose) } }
            @if let Some(note) = &therapy.note { p { strong { "Note: " } (note) } }
            @if !therapy.labels.is_empty() {
                div class="wide" tabindex="0" role="region" aria-label={ "Labels of " (therapy.drug) } {
                    table {
                        caption { "Label status of " (therapy.drug) " by region" }
                        thead { tr {
                            th scope="col" { "Region" } th scope="col" { "Status" } th scope="col" { "From" }
                            th scope="col" { "Indication" } th scope="col" { "Source" }
                        } }
                        tbody {
                            @for label in &therapy.labels {
                                tr {
                                    th scope="row" { (label.region) }
                                    td {
                                        @match label.status {
                                            LabelStatus::OnLabel => { strong { "● on label" } }
                                            LabelStatus::OffLabel => { "○ off label: " (label.reason) }
                                            LabelStatus::Undetermined => { "? undetermined: " (label.reason) }
                                        }
                                    }
                                    td class="day" { @if let Some(from) = label.from { (from) } @else { "not dated" } }
                                    td { (label.indication) @if let Some(note) = &label.note { br; (note) } }
                                    td { (cites(&label.cites)) }
                                }
                            }
                        }
                    }
                }
            }
            @if !therapy.safety.is_empty() {
                details.printed {
                    summary { "Questions before and during treatment (" (therapy.safety.len()) ")" }
                    ul {
                        @for safety in &therapy.safety {
                            li { strong { (safety.item) ": " } (safety.text) " (" (cites(&safety.cites)) ")" }
                        }
                    }
                }
            }
        }
    }
}
