//! Markdown for a ticket: what the page says, without the report text and the drawings.
//!
//! Everything from an input is written so that it shows as it stands and does nothing: no table cell ends, no link or
//! image begins, no markup of a browser is left.

use std::fmt::Write as _;

use crate::course::guide::RemarkKind;
use crate::render::grounds::supporting;
use crate::render::html::{Panels, REVIEW, asked, by_weight, drawn, reading};
use crate::render::json::Assessed;
use crate::render::text::course::{inputs, measures, summary, trend_words, verdict};
use crate::render::text::{cited, rows};
use crate::rules::therapy::LabelStatus;
use crate::rules::{Decided, Therapy};
use crate::source::Place;

mod escape;

use escape::plain;

/// Most facts that are listed; the page and `fusedx read` have all.
const MOST_FACTS: usize = 200;

/// An assessment for a ticket.
#[must_use]
pub fn assess(a: &Assessed<'_>) -> String {
    let mut out = format!(
        "# Assessment of case {}\n\n> **{}**\n\n{}\n",
        plain(a.id),
        REVIEW,
        plain(&asked(a))
    );
    for decision in &a.assessment.decisions {
        one_decision(&mut out, a, decision);
    }
    flags(&mut out, a);
    drugs(&mut out, &a.assessment.therapy);
    fusions(&mut out, a);
    panels(&mut out, a);
    response(&mut out, a);
    ratios(&mut out, a);
    unread(&mut out, a);
    facts(&mut out, a);
    references(&mut out, a);
    out
}

/// A row of a table.
fn row<T: AsRef<str>>(out: &mut String, cells: impl IntoIterator<Item = T>) {
    out.push('|');
    for cell in cells {
        let _ = write!(out, " {} |", cell.as_ref());
    }
    out.push('\n');
}

fn head(out: &mut String, titles: &[&str]) {
    out.push('\n');
    row(out, titles);
    row(out, titles.iter().map(|_| "---"));
}

fn at(place: &Place) -> String {
    let text = place.text.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{}:{} \"{}\"", plain(&place.path), place.line, plain(&text))
}

fn one_decision(out: &mut String, a: &Assessed<'_>, decision: &Decided) {
    let state = if decision.settled {
        "settled"
    } else {
        "**not settled**"
    };
    let _ = write!(
        out,
        "\n## {}: {} ({state})\n\n{}\n",
        plain(&decision.name),
        plain(&decision.value),
        plain(&decision.title)
    );
    for rule in a
        .assessment
        .rules
        .iter()
        .filter(|r| decision.rules.iter().any(|id| id == r.id()))
    {
        let _ = write!(
            out,
            "\n- {} {} ({}; {})\n",
            plain(rule.id()),
            plain(rule.title()),
            rule.grade(),
            plain(&rule.cites().join(", "))
        );
        for (words, place) in &supporting(rule.trace()) {
            let _ = writeln!(out, "  - {}: {}", plain(words), at(place));
        }
    }
    for why in &decision.assumptions {
        let _ = write!(out, "\nAssumed: {}\n", plain(why));
    }
    if !decision.open.is_empty() {
        let _ = write!(out, "\nStill open: {}\n", plain(&decision.open.join(", ")));
    }
    let next = a
        .pack
        .next_tests(&a.read.case, a.assessment, &decision.name);
    if !next.is_empty() {
        head(out, &["What would settle it, best first", "Result", "Then"]);
        for test in &next {
            for outcome in &test.outcomes {
                let then = if outcome.settled {
                    format!("{}, settled", outcome.value)
                } else {
                    format!("{}, open: {}", outcome.value, outcome.open.join(", "))
                };
                row(
                    out,
                    [plain(&test.title), plain(outcome.result), plain(&then)],
                );
            }
        }
    }
}

fn flags(out: &mut String, a: &Assessed<'_>) {
    if a.assessment.flags.is_empty() {
        return;
    }
    out.push_str("\n## Flags, weightiest first\n\n");
    for (_, flag) in by_weight(&a.assessment.flags) {
        let _ = writeln!(
            out,
            "1. **{}** {} ({}, {}; {})\n   - Do: {}",
            flag.grade,
            plain(&flag.message),
            plain(&flag.code),
            plain(&flag.rule),
            plain(&flag.cites.join(", ")),
            plain(&flag.action)
        );
        for place in &flag.sources {
            let _ = writeln!(out, "   - {}", at(place));
        }
    }
}

fn drugs(out: &mut String, therapy: &[Therapy]) {
    if therapy.is_empty() {
        return;
    }
    out.push_str("\n## Drugs and their labels\n");
    head(
        out,
        &["Drug", "Region", "Status", "From", "Indication", "Source"],
    );
    for drug in therapy {
        for label in &drug.labels {
            let status = match label.status {
                LabelStatus::OnLabel => "**on label**".to_owned(),
                LabelStatus::OffLabel => format!("off label: {}", plain(&label.reason)),
                LabelStatus::Undetermined => format!("undetermined: {}", plain(&label.reason)),
            };
            row(
                out,
                [
                    plain(&drug.drug),
                    plain(&label.region),
                    status,
                    label.from.map_or("not dated".to_owned(), |d| d.to_string()),
                    plain(&label.indication),
                    plain(&label.cites.join(", ")),
                ],
            );
        }
    }
    out.push('\n');
    for drug in therapy {
        let _ = writeln!(
            out,
            "- **{}**: {} ({})",
            plain(&drug.drug),
            plain(&drug.evidence),
            plain(&drug.cites.join(", "))
        );
        for safety in &drug.safety {
            let _ = writeln!(out, "  - {}: {}", plain(&safety.item), plain(&safety.text));
        }
    }
}

fn fusions(out: &mut String, a: &Assessed<'_>) {
    let drawn = drawn(a);
    if drawn.is_empty() {
        return;
    }
    out.push_str("\n## Fusion\n\n");
    for fusion in &drawn {
        let words = plain(&fusion.words().join("; "));
        let _ = writeln!(
            out,
            "- **{}**: {words}. {}",
            plain(&fusion.fusion.name()),
            at(&fusion.fusion.source)
        );
    }
}

fn panels(out: &mut String, a: &Assessed<'_>) {
    let panels = Panels::of(&a.read.case.ihc);
    if panels.rows.is_empty() {
        return;
    }
    out.push_str("\n## Stains\n");
    let titles: Vec<String> = panels.titles().iter().map(|t| plain(t)).collect();
    let mut all = vec!["Marker"];
    all.extend(titles.iter().map(String::as_str));
    head(out, &all);
    for marker in &panels.rows {
        let differs = if marker.differs {
            " **≠ differs**"
        } else {
            ""
        };
        let mut cells = vec![format!("{}{differs}", plain(marker.marker))];
        cells.extend(marker.cells.iter().map(|stains| {
            let words: Vec<String> = stains.iter().map(|s| plain(&reading(s))).collect();
            if words.is_empty() {
                "not reported".to_owned()
            } else {
                words.join("; ")
            }
        }));
        row(out, &cells);
    }
}

fn response(out: &mut String, a: &Assessed<'_>) {
    let response = &a.course.response;
    if response.time_points.is_empty() {
        return;
    }
    out.push_str("\n## Response by RECIST 1.1\n");
    head(out, &["Date", "Response", "Measured", "Where"]);
    for point in &response.time_points {
        let places: Vec<String> = point
            .sources
            .iter()
            .map(|p| format!("{}:{}", plain(&p.path), p.line))
            .collect();
        let mut places = places;
        places.dedup();
        row(
            out,
            [
                point.date.map_or("no date".to_owned(), |d| d.to_string()),
                verdict(point),
                plain(&measures(point)),
                places.join(", "),
            ],
        );
    }
    out.push('\n');
    for line in summary(response) {
        let _ = writeln!(out, "- {line}");
    }
    for note in &response.notes {
        let head = if note.code.is_warning() {
            "**To be checked:** "
        } else {
            ""
        };
        let _ = writeln!(out, "- {head}{}", plain(&note.text));
    }
}

fn ratios(out: &mut String, a: &Assessed<'_>) {
    let ratios = &a.course.ratios;
    if ratios.formed.is_empty() && ratios.refused.is_empty() {
        return;
    }
    out.push_str("\n## Blood ratios\n\nThey change neither the response nor any decision.\n");
    if !ratios.formed.is_empty() {
        head(out, &["Date", "Ratio", "Value", "From"]);
        for ratio in &ratios.formed {
            row(
                out,
                [
                    ratio.date.map_or("no date".to_owned(), |d| d.to_string()),
                    ratio.name.as_str().to_owned(),
                    ratio.value.to_string(),
                    plain(&inputs(ratio)),
                ],
            );
        }
    }
    out.push('\n');
    for refused in &ratios.refused {
        let _ = writeln!(
            out,
            "- not formed, {}: {}",
            refused.name.as_str(),
            plain(&refused.text)
        );
    }
    for trend in &ratios.trends {
        let _ = writeln!(out, "- {}", plain(&trend_words(trend)));
    }
    let remarks = &a.pack.guide().remarks;
    for remark in remarks.iter().filter(|r| r.kind == RemarkKind::Caution) {
        let _ = writeln!(
            out,
            "- Caution: {} ({})",
            plain(&remark.text),
            plain(&remark.cites.join(", "))
        );
    }
}

fn unread(out: &mut String, a: &Assessed<'_>) {
    let sources = a.read.sources.iter();
    let lines: Vec<_> = sources
        .flat_map(|s| s.unread.iter().map(move |line| (s, line)))
        .collect();
    if lines.is_empty() {
        return;
    }
    out.push_str("\n## What was not read\n");
    head(out, &["Line", "Text", "Why"]);
    for (source, line) in lines {
        row(
            out,
            [
                format!("{}:{}", plain(&source.path), line.line),
                plain(&line.text),
                line.reason.unwrap_or_default().to_owned(),
            ],
        );
    }
}

fn facts(out: &mut String, a: &Assessed<'_>) {
    let rows = rows(&a.read.case);
    if rows.is_empty() {
        return;
    }
    out.push_str("\n## Facts\n");
    head(out, &["Kind", "Read as", "Where"]);
    for (kind, words, place) in rows.iter().take(MOST_FACTS) {
        row(out, [(*kind).to_owned(), plain(words), at(place)]);
    }
    if let Some(more) = rows.len().checked_sub(MOST_FACTS).filter(|n| *n > 0) {
        let _ = write!(out, "\n{more} more facts are not listed here.\n");
    }
}

fn references(out: &mut String, a: &Assessed<'_>) {
    out.push_str("\n## References\n\n");
    for id in cited(a) {
        if let Some(text) = a.pack.citation(id) {
            let _ = writeln!(out, "- {}: {}", plain(id), plain(text));
        }
    }
    out.push_str("\n## Provenance\n\n");
    let _ = writeln!(
        out,
        "- fusedx {}, rule pack {} {}, SHA-256 {}",
        env!("CARGO_PKG_VERSION"),
        plain(&a.pack.name),
        plain(&a.pack.version),
        a.pack.sha256
    );
    for source in &a.read.sources {
        let _ = writeln!(
            out,
            "- {}: {} ({}), {} bytes, SHA-256 {}",
            plain(&source.path),
            source.format,
            source.dialect,
            source.bytes,
            source.sha256
        );
    }
}
