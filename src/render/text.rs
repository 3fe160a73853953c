//! Readable text for a terminal.

use std::fmt::Write as _;

use crate::case::Case;
use crate::case::fusion::{Fusion, Orientation};
use crate::case::ihc::{Ihc, PercentOp};
use crate::diag::render::printable;
use crate::pipeline::{ReadCase, SourceReport};
use crate::render::grounds::{known_so_far, supporting};
use crate::render::json::Assessed;
use crate::rules::settle::NextTest;
use crate::rules::therapy::LabelStatus;
use crate::rules::{Decided, Flag, RuleOutcome, Therapy};
use crate::source::Place;

pub(crate) mod course;

/// Widest line of prose.
const WIDTH: usize = 100;

/// What was read, fact by fact.
#[must_use]
pub fn read(case: &ReadCase) -> String {
    let mut out = String::new();
    for source in &case.sources {
        sources(&mut out, source);
    }
    facts(&mut out, &case.case);
    out.push('\n');
    unread(&mut out, &case.sources);
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn sources(out: &mut String, source: &SourceReport) {
    let records = &source.records;
    let unit = if source.format == "report" {
        "lines"
    } else {
        "rows"
    };
    let _ = writeln!(
        out,
        "{}  {} ({}): {} {unit}, {} read, {} skipped, {} failed",
        printable(&source.path),
        source.format,
        source.dialect,
        records.total,
        records.read,
        records.skipped,
        records.failed
    );
}

fn facts(out: &mut String, case: &Case) {
    let rows = rows(case);
    let width = rows
        .iter()
        .map(|(_, words, _)| words.chars().count())
        .max()
        .unwrap_or_default()
        .min(48);
    for (kind, words, place) in rows {
        let words = printable(&words);
        let _ = writeln!(out, "  {kind:<9}  {words:<width$}  {}", quoted(place));
    }
}

/// Every fact: its kind, the fact in words, where it stands.
pub(crate) fn rows(case: &Case) -> Vec<(&'static str, String, &Place)> {
    let mut rows: Vec<(&str, String, &Place)> = Vec::new();
    for f in &case.fusions {
        rows.push(("fusion", fusion_words(f), &f.source));
    }
    for f in &case.fish {
        let mut words = format!("{} {}", f.gene, f.status.as_str());
        if let Some(percent) = f.percent {
            let _ = write!(words, " {percent} %");
        }
        if let Some(cells) = f.cells {
            let _ = write!(words, " of {cells} nuclei");
        }
        if let Some(cutoff) = f.cutoff_percent {
            let _ = write!(words, ", cut-off {cutoff} %");
        }
        words.extend(f.pattern.iter().map(|p| format!(", {p}")));
        rows.push(("fish", words + superseded(f.superseded), &f.source));
    }
    for f in &case.ihc {
        rows.push(("ihc", ihc_words(f), &f.source));
    }
    let history = &case.history;
    let label = |s: &crate::case::history::Stated<String>| s.value.clone();
    rows.extend(
        history
            .age
            .iter()
            .map(|s| ("age", s.value.to_string(), &s.source)),
    );
    rows.extend(history.sex.iter().map(|s| ("sex", label(s), &s.source)));
    rows.extend(history.site.iter().map(|s| ("site", label(s), &s.source)));
    for d in &history.diagnoses {
        let role = crate::case::history::Role::ALL
            .iter()
            .find(|(role, _)| *role == d.role)
            .map_or("", |(_, name)| name);
        rows.push(("diagnosis", format!("{} ({role})", d.label), &d.source));
    }
    rows.extend(
        history
            .states
            .iter()
            .map(|s| ("state", label(s), &s.source)),
    );
    for t in &history.treatments {
        let mut words = t.drug.clone();
        words.extend(t.dose.iter().map(|d| format!(" {d}")));
        words.extend(t.start.iter().map(|d| format!(" from {d}")));
        words.extend(t.response.iter().map(|r| format!(", response {r}")));
        rows.push(("treatment", words, &t.source));
    }
    rows
}

fn superseded(yes: bool) -> &'static str {
    if yes { " (superseded)" } else { "" }
}

pub(crate) fn fusion_words(f: &Fusion) -> String {
    let mut words = format!("{} {}", f.name(), f.status.as_str());
    match f.orientation {
        Some(Orientation::Inferred) => words.push_str(", order inferred"),
        Some(Orientation::Unknown) => words.push_str(", order unknown"),
        Some(Orientation::Conflicting) => words.push_str(", order in doubt"),
        Some(Orientation::Stated) | None => {}
    }
    words.extend(f.context.map(|c| format!(" [{}]", context(c))));
    words + superseded(f.superseded)
}

pub(crate) fn context(context: crate::case::Context) -> &'static str {
    match context {
        crate::case::Context::Outside => "outside",
        crate::case::Context::Prior => "prior",
    }
}

pub(crate) fn ihc_words(f: &Ihc) -> String {
    let mut words = f.marker.clone();
    words.extend(f.clone.iter().map(|c| format!(" ({c})")));
    let _ = write!(words, " {}", f.status.as_str());
    words.extend(f.extent.iter().map(|e| format!(", {e}")));
    words.extend(f.intensity.iter().map(|i| format!(", {i}")));
    if let Some([low, high]) = f.percent {
        let op = match f.percent_op {
            Some(PercentOp::About) => "about ",
            Some(PercentOp::Below) => "below ",
            Some(PercentOp::Above) => "above ",
            None => "",
        };
        let range = match f.percent_op {
            Some(PercentOp::Below) => high.to_string(),
            Some(PercentOp::Above) => low.to_string(),
            _ if low == high => low.to_string(),
            _ => format!("{low}-{high}"),
        };
        let _ = write!(words, ", {op}{range} %");
    }
    words.extend(f.score.iter().map(|s| format!(", {s}")));
    words.extend(f.pattern.iter().map(|p| format!(", {p}")));
    words.extend(f.cells.iter().map(|c| format!(", in {c}")));
    words.extend(f.context.map(|c| format!(" [{}]", context(c))));
    words.extend(f.specimen.iter().map(|s| format!(" {{{s}}}")));
    words + superseded(f.superseded)
}

fn unread(out: &mut String, sources: &[SourceReport]) {
    let lines: Vec<_> = sources
        .iter()
        .flat_map(|s| s.unread.iter().map(move |line| (s, line)))
        .collect();
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        "lines that name a marker, gene, drug or assay and gave no fact"
    );
    for (source, line) in lines {
        let reason = line.reason.map(|r| format!("  ({r})")).unwrap_or_default();
        let _ = writeln!(
            out,
            "  {}:{}  {}{reason}",
            printable(&source.path),
            line.line,
            printable(&line.text)
        );
    }
    out.push('\n');
}

/// An assessment a pathologist can check line by line.
#[must_use]
pub fn assess(a: &Assessed<'_>) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "case {}   pack {} {}   labels {}, {}\n",
        printable(a.id),
        a.pack.name,
        a.pack.version,
        a.asked
            .as_of
            .map_or("of all dates".to_owned(), |d| format!("as of {d}")),
        a.asked.region.as_deref().unwrap_or("all regions")
    );
    for decision in &a.assessment.decisions {
        let next = a
            .pack
            .next_tests(&a.read.case, a.assessment, &decision.name);
        one_decision(&mut out, decision, &a.assessment.rules, &next);
    }
    if !a.assessment.flags.is_empty() {
        out.push_str("flags\n");
        for flag in &a.assessment.flags {
            one_flag(&mut out, flag);
        }
        out.push('\n');
    }
    if !a.assessment.therapy.is_empty() {
        out.push_str("drugs\n");
        for therapy in &a.assessment.therapy {
            one_drug(&mut out, therapy);
        }
        out.push('\n');
    }
    course::course(&mut out, a.course, a.pack.guide());
    unread(&mut out, &a.read.sources);
    citations(&mut out, a);
    out.truncate(out.trim_end().len());
    out.push_str("\n\nThis is advice to a specialist, not a diagnosis. Check every statement against its line.\n");
    out
}

fn one_decision(out: &mut String, decision: &Decided, rules: &[RuleOutcome], next: &[NextTest]) {
    let settled = if decision.settled {
        "settled"
    } else {
        "NOT SETTLED"
    };
    let _ = writeln!(out, "{}: {}   {settled}", decision.name, decision.value);
    paragraph(out, "  ", &decision.title);
    for rule in rules.iter().filter(|r| decision.rules.contains(&r.id)) {
        let _ = writeln!(
            out,
            "  {}  {}  ({}; {})",
            rule.id,
            rule.title,
            rule.grade,
            rule.cites.join(", ")
        );
        evidence(out, "    ", &supporting(&rule.trace));
    }
    for why in &decision.assumptions {
        paragraph(out, "    assumed: ", why);
    }
    if !decision.open.is_empty() {
        let _ = writeln!(out, "  still open: {}", decision.open.join(", "));
        let known = known_so_far(rules, decision);
        if !known.is_empty() {
            out.push_str("  known so far\n");
            evidence(out, "    ", &known);
        }
    }
    if !next.is_empty() {
        out.push_str("  what would settle it, best first\n");
        for (number, test) in next.iter().enumerate() {
            let _ = writeln!(out, "    {}. {}", number + 1, test.title);
            for outcome in &test.outcomes {
                let end = if outcome.settled {
                    "settled".to_owned()
                } else {
                    format!("open: {}", outcome.open.join(", "))
                };
                let _ = writeln!(out, "       {} -> {}, {end}", outcome.result, outcome.value);
            }
        }
    }
    out.push('\n');
}

/// Facts one below the other; words too long for their column get a line of their own, words said
/// before are not said again.
fn evidence(out: &mut String, indent: &str, facts: &[(String, Place)]) {
    const COLUMN: usize = 38;
    let mut before = "";
    for (words, place) in facts {
        let words = if words == before { "" } else { words.as_str() };
        if !words.is_empty() {
            before = words;
        }
        if words.chars().count() <= COLUMN {
            let _ = writeln!(out, "{indent}{words:<COLUMN$}  {}", quoted(place));
        } else {
            let _ = writeln!(out, "{indent}{words}");
            let _ = writeln!(out, "{indent}{:<COLUMN$}  {}", "", quoted(place));
        }
    }
}

fn one_flag(out: &mut String, flag: &Flag) {
    let _ = writeln!(
        out,
        "  {}  {}  ({}, {}; {})",
        flag.code,
        flag.message,
        flag.rule,
        flag.grade,
        flag.cites.join(", ")
    );
    paragraph(out, "    do: ", &flag.action);
    for place in &flag.sources {
        let _ = writeln!(out, "    {}", quoted(place));
    }
}

fn one_drug(out: &mut String, therapy: &Therapy) {
    let _ = writeln!(
        out,
        "  {}  ({}; {})",
        therapy.drug,
        therapy.rule,
        therapy.cites.join(", ")
    );
    if let Some(dose) = &therapy.dose {
        paragraph(out, "    dose: ", dose);
    }
    paragraph(out, "    evidence: ", &therapy.evidence);
    if let Some(note) = &therapy.note {
        paragraph(out, "    note: ", note);
    }
    for label in &therapy.labels {
        let status = match label.status {
            LabelStatus::OnLabel => "on label",
            LabelStatus::OffLabel => "off label",
            LabelStatus::Undetermined => "undetermined",
        };
        let from = label.from.map(|d| format!(" from {d}")).unwrap_or_default();
        let (head, reason) = if label.status == LabelStatus::OnLabel {
            (format!("{status}{from}: "), String::new())
        } else {
            (
                format!("{status}: "),
                format!("{}; label{from}: ", label.reason),
            )
        };
        paragraph(
            out,
            &format!("    {} {head}", label.region),
            &format!("{reason}{} ({})", label.indication, label.cites.join(", ")),
        );
    }
    for safety in &therapy.safety {
        paragraph(out, &format!("    ask, {}: ", safety.item), &safety.text);
    }
}

fn citations(out: &mut String, a: &Assessed<'_>) {
    let ids = cited(a);
    if ids.is_empty() {
        return;
    }
    out.push_str("sources\n");
    for id in ids {
        if let Some(text) = a.pack.citation(id) {
            paragraph(out, &format!("  {id}: "), text);
        }
    }
}

/// The citations of everything that is printed, sorted.
pub(crate) fn cited<'a>(a: &Assessed<'a>) -> Vec<&'a str> {
    let mut ids: Vec<&str> = Vec::new();
    for decision in &a.assessment.decisions {
        for rule in a
            .assessment
            .rules
            .iter()
            .filter(|r| decision.rules.contains(&r.id))
        {
            ids.extend(rule.cites.iter().map(String::as_str));
        }
    }
    for flag in &a.assessment.flags {
        ids.extend(flag.cites.iter().map(String::as_str));
    }
    for therapy in &a.assessment.therapy {
        ids.extend(therapy.cites.iter().map(String::as_str));
        let labels = therapy.labels.iter().flat_map(|l| &l.cites);
        let safety = therapy.safety.iter().flat_map(|s| &s.cites);
        ids.extend(labels.chain(safety).map(String::as_str));
    }
    ids.extend(a.course.response.cites.iter().map(String::as_str));
    if !a.course.ratios.formed.is_empty() || !a.course.ratios.refused.is_empty() {
        let remarks = a.pack.guide().remarks.iter();
        ids.extend(remarks.flat_map(|r| &r.cites).map(String::as_str));
    }
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// `path:line:column "text as written"`
pub(crate) fn quoted(place: &Place) -> String {
    format!(
        "{}:{}:{} \"{}\"",
        printable(&place.path),
        place.line,
        place.column,
        printable(&place.text.split_whitespace().collect::<Vec<_>>().join(" "))
    )
}

/// Writes prose, wrapped, with a hanging indent.
fn paragraph(out: &mut String, head: &str, text: &str) {
    let indent = head.len() - head.trim_start().len() + 2;
    let mut line = head.to_owned();
    let mut empty = true;
    for word in printable(text).split_whitespace() {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            out.push_str(line.trim_end());
            out.push('\n');
            line = " ".repeat(indent);
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    out.push_str(line.trim_end());
    out.push('\n');
}
