//! The course in a terminal: time points, best response, ratios, and what to know of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rust_decimal::Decimal;

use super::paragraph;
use crate::course::guide::RemarkKind;
use crate::course::ratios::{Input, Ratio};
use crate::course::{Between, Course, Guide, Response, Role, TimePoint};
use crate::diag::render::printable;
use crate::source::Place;

/// Writes response and ratios; nothing when there are none.
pub(super) fn course(out: &mut String, course: &Course, guide: &Guide) {
    response(out, &course.response);
    ratios(out, course, guide);
}

fn response(out: &mut String, response: &Response) {
    if response.time_points.is_empty() {
        return;
    }
    out.push_str("response by RECIST 1.1");
    if let Some(start) = &response.start {
        let _ = write!(out, ", {} from {}", printable(&start.drug), start.date);
    }
    out.push('\n');
    for point in &response.time_points {
        let date = point
            .date
            .map_or_else(|| "no date".to_owned(), |d| d.to_string());
        let head = format!("  {date:<10}  {:<13} ", verdict(point));
        paragraph(
            out,
            &head,
            &format!("{} ({})", measures(point), lines(&point.sources)),
        );
    }
    for line in summary(response) {
        paragraph(out, "  ", &line);
    }
    for note in &response.notes {
        let (head, at) = if note.code.is_warning() {
            ("  check: ", located(&note.sources))
        } else {
            ("  note: ", String::new())
        };
        paragraph(out, head, &format!("{}{at}", note.text));
    }
    out.push('\n');
}

/// The response of a time point in a few words.
pub(crate) fn verdict(point: &TimePoint) -> String {
    match point.role {
        Role::Baseline => "baseline".to_owned(),
        Role::Before => "before".to_owned(),
        Role::FollowUp | Role::Undated => {
            let name = point.response.map_or("undetermined", |r| r.as_str());
            let more = if point.continuing {
                " (continuing)"
            } else {
                ""
            };
            format!("{name}{more}")
        }
    }
}

/// A number without zeros at its end.
pub(crate) fn number(value: Decimal) -> String {
    value.normalize().to_string()
}

/// A change with its sign.
pub(crate) fn signed(value: Decimal) -> String {
    let sign = if value > Decimal::ZERO { "+" } else { "" };
    format!("{sign}{}", number(value))
}

/// The sum of a time point with its changes.
pub(crate) fn measures(point: &TimePoint) -> String {
    use crate::course::SumFrom;
    let mut parts = Vec::new();
    match (point.sum_mm, point.sum_between_mm, point.sum_from) {
        (Some(sum), _, Some(SumFrom::Incomplete)) => {
            parts.push(format!("{} mm, not all targets assessed", number(sum)));
        }
        (Some(sum), _, _) => parts.push(format!("{} mm", number(sum))),
        (None, Some(Between(low, high)), _) => {
            parts.push(format!("between {} and {} mm", number(low), number(high)));
        }
        (None, None, _) => {}
    }
    if let Some(change) = point.change_from_baseline_percent {
        parts.push(format!("{} % from baseline", signed(change)));
    }
    if let Some(Between(low, high)) = point.change_between_percent {
        parts.push(if low == high {
            format!("{} % from baseline as stated", signed(low))
        } else {
            format!(
                "{} to {} % from baseline as stated",
                signed(low),
                signed(high)
            )
        });
    }
    if let Some(change) = point.change_from_nadir_percent {
        let mm = point
            .change_from_nadir_mm
            .map(|mm| format!(" ({} mm)", signed(mm)));
        parts.push(format!(
            "{} % from nadir{}",
            signed(change),
            mm.unwrap_or_default()
        ));
    }
    if point.role == Role::FollowUp {
        if point.target != point.response {
            parts.extend(point.target.map(|t| format!("targets {}", t.as_str())));
        }
        let others = point
            .non_target
            .filter(|n| !matches!(*n, "none" | "not_stated"));
        parts.extend(others.map(|n| format!("non-targets {n}")));
    }
    match point.new_lesion {
        Some(true) => parts.push("new lesion".to_owned()),
        Some(false) => parts.push("no new lesion".to_owned()),
        None => {}
    }
    parts.extend(point.stated.map(|s| format!("stated {}", s.as_str())));
    parts.join(", ")
}

/// What the course comes to.
pub(crate) fn summary(response: &Response) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(best) = response.best {
        let confirmed = match response.best_confirmed {
            Some(confirmed) if confirmed == best => "confirmed".to_owned(),
            Some(confirmed) => format!("{} when confirmation is asked for", confirmed.as_str()),
            None => "whether it was confirmed cannot be told without dates".to_owned(),
        };
        out.push(format!("best response {} ({confirmed})", best.as_str()));
    }
    let at_least = |open: Option<bool>| if open == Some(true) { "at least " } else { "" };
    if let Some(days) = response.pfs_days {
        let open = at_least(response.pfs_censored);
        let end = if open.is_empty() {
            "to progression"
        } else {
            "no progression up to the last assessment"
        };
        out.push(format!("progression-free {open}{days} days, {end}"));
    }
    if let Some(days) = response.time_to_response_days {
        let mut line = format!("first response after {days} days");
        if let Some(lasting) = response.response_days {
            let open = at_least(response.response_ongoing);
            let _ = write!(line, ", lasting {open}{lasting} days");
        }
        out.push(line);
    }
    out
}

fn ratios(out: &mut String, course: &Course, guide: &Guide) {
    let ratios = &course.ratios;
    if ratios.formed.is_empty() && ratios.refused.is_empty() {
        return;
    }
    out.push_str("blood ratios (they change no decision)\n");
    for day in ratios
        .formed
        .chunk_by(|a, b| a.date == b.date && a.inputs[0].source.path == b.inputs[0].source.path)
    {
        let date = day[0]
            .date
            .map_or_else(|| "no date".to_owned(), |d| d.to_string());
        let values = day
            .iter()
            .map(|r| format!("{} {}", r.name.as_str(), r.value));
        let values: Vec<String> = values.collect();
        paragraph(
            out,
            &format!("  {date:<10}  "),
            &format!("{}; {}", values.join(", "), counts(day)),
        );
    }
    for refused in &ratios.refused {
        let head = format!("  not formed, {}: ", refused.name.as_str());
        paragraph(
            out,
            &head,
            &format!("{}{}", refused.text, located(&refused.sources)),
        );
    }
    for trend in &ratios.trends {
        paragraph(out, "  trend: ", &trend_words(trend));
    }
    for remark in guide
        .remarks
        .iter()
        .filter(|r| r.kind == RemarkKind::Caution)
    {
        paragraph(
            out,
            "  caution: ",
            &format!("{} ({})", remark.text, remark.cites.join(", ")),
        );
    }
    out.push('\n');
}

/// The lines in brackets, where there are any.
fn located(places: &[Place]) -> String {
    if places.is_empty() {
        String::new()
    } else {
        format!(" ({})", lines(places))
    }
}

/// From where to where a ratio went.
pub(crate) fn trend_words(trend: &crate::course::ratios::Trend) -> String {
    format!(
        "{} {} on {} ({} {}) to {} on {}",
        trend.name.as_str(),
        trend.from_value,
        trend.from_date,
        if trend.before_treatment {
            "before"
        } else {
            "after the start of"
        },
        trend.drug,
        trend.to_value,
        trend.to_date
    )
}

/// The values that the ratios of one draw were formed from, each once.
fn counts(day: &[Ratio]) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut places: Vec<Place> = Vec::new();
    for ratio in day {
        for input in &ratio.inputs {
            let one = value(input);
            if !said.contains(&one) {
                said.push(one);
                places.push(input.source.clone());
            }
        }
        said.extend(ratio.note.clone());
    }
    said.dedup();
    format!("{}{}", said.join(", "), located(&places))
}

fn value(input: &Input) -> String {
    let unit = input.unit.as_ref().map(|u| format!(" {u}"));
    format!(
        "{} {}{}",
        input.analyte,
        number(input.printed),
        unit.unwrap_or_default()
    )
}

/// The values a ratio was formed from.
pub(crate) fn inputs(ratio: &Ratio) -> String {
    let note = ratio.note.as_ref().map(|n| format!("; {n}"));
    format!(
        "{}, {}{}",
        value(&ratio.inputs[0]),
        value(&ratio.inputs[1]),
        note.unwrap_or_default()
    )
}

/// `report.txt:3,5 ct.txt:2`
fn lines(places: &[Place]) -> String {
    let mut by_path: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for place in places {
        let lines = by_path.entry(&place.path).or_default();
        if !lines.contains(&place.line) {
            lines.push(place.line);
        }
    }
    let one = |(path, mut lines): (&str, Vec<u32>)| {
        lines.sort_unstable();
        let lines: Vec<String> = lines.iter().map(u32::to_string).collect();
        format!("{}:{}", printable(path), lines.join(","))
    };
    by_path.into_iter().map(one).collect::<Vec<_>>().join(" ")
}
