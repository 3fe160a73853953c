//! Readable text for a terminal.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::case::Case;
use crate::case::events::{Disagreement, Event, Products};
use crate::case::fusion::{Frame, name_of};
use crate::diag::render::printable;
use crate::pipeline::{ReadCase, SourceReport};
use crate::render::grounds::{known_so_far, supporting};
use crate::render::json::Assessed;
use crate::rules::settle::NextTest;
use crate::rules::therapy::LabelStatus;
use crate::rules::{Decided, Flag, RuleOutcome, Therapy};
use crate::source::Place;

pub(crate) mod course;
mod facts;
pub(crate) mod summary;

pub(crate) use facts::{fusion_words, ihc_words, rows};

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
    events(&mut out, &case.case, "calls of one event");
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

/// Events that say more than their one call: several callers, products or junctions, or a judgement of function.
fn events(out: &mut String, case: &Case, title: &str) {
    let worth: Vec<&Event> = case
        .events
        .iter()
        .filter(|event| event.members.len() > 1)
        .collect();
    if worth.is_empty() {
        return;
    }
    let _ = writeln!(out, "{title}");
    for event in worth {
        one_event(out, event);
    }
    out.push('\n');
}

/// Most members of an event that are listed in text.
const MEMBERS: usize = 12;

fn one_event(out: &mut String, event: &Event) {
    let mut words = format!("  {}: {} calls", printable(&event.id), event.members.len());
    if event.callers.len() > 1 {
        let _ = write!(words, " of {} callers", event.callers.len());
    }
    if event.junctions > 1 {
        let _ = write!(words, ", {} junctions", event.junctions);
    }
    if event.products == Products::Balanced {
        words.push_str(", both products of a balanced event");
    }
    for disagreement in &event.disagreements {
        let _ = write!(
            words,
            "; they disagree on the {}",
            name_of(&Disagreement::ALL, *disagreement)
        );
    }
    let _ = writeln!(out, "{words}");
    for member in event.members.iter().take(MEMBERS) {
        let caller = member.caller.as_deref().unwrap_or("report");
        let mut words = format!("    {caller}: {}", member.product);
        if let Some(junction) = member.junction.filter(|_| event.junctions > 1) {
            let _ = write!(words, ", junction {junction}");
        }
        if let Some(frame) = member.frame {
            let _ = write!(words, ", {}", name_of(&Frame::ALL, frame).replace('_', " "));
        }
        for (count, of) in [
            (member.support.split, "split"),
            (member.support.spanning, "spanning"),
            (member.support.total, "in all"),
        ] {
            if let Some(count) = count {
                let _ = write!(words, ", {count} {of}");
            }
        }
        let _ = writeln!(out, "{}", printable(&words));
    }
    if event.members.len() > MEMBERS {
        let _ = writeln!(out, "    and {} more", event.members.len() - MEMBERS);
    }
}

/// The judged fusions of an assessment, one a product, with order, domain, and the points of the scale.
fn judged(out: &mut String, case: &Case) {
    let mut seen = BTreeSet::new();
    let mut lines = String::new();
    for fusion in &case.fusions {
        let Some(function) = &fusion.function else {
            continue;
        };
        if !seen.insert((&fusion.event, &fusion.five_prime, &fusion.three_prime)) {
            continue;
        }
        let words = printable(&fusion_words(fusion));
        let _ = writeln!(lines, "  {words}");
        for sign in &fusion.orientation_because {
            let _ = writeln!(lines, "       order: {}", printable(sign));
        }
        for reason in &function.reasons {
            let _ = write!(
                lines,
                "    {:+} {}",
                reason.points,
                printable(&reason.because)
            );
            if let Some(place) = &reason.source {
                let _ = write!(lines, "  {}", quoted(place));
            }
            lines.push('\n');
        }
        for note in &function.notes {
            let _ = writeln!(lines, "       but: {}", printable(note));
        }
    }
    if !lines.is_empty() {
        let _ = writeln!(out, "kinase fusions\n{lines}");
    }
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
    let decisions = &a.assessment.decisions;
    let next: Vec<Vec<NextTest>> = decisions
        .iter()
        .map(|d| a.pack.next_tests(&a.read.case, a.assessment, &d.name))
        .collect();
    summary::summary(&mut out, a, &next);
    for (decision, next) in decisions.iter().zip(&next) {
        one_decision(&mut out, decision, &a.assessment.rules, next);
    }
    judged(&mut out, &a.read.case);
    events(&mut out, &a.read.case, "calls of one event");
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
    for rule in rules
        .iter()
        .filter(|r| decision.rules.iter().any(|id| id == r.id()))
    {
        let _ = writeln!(
            out,
            "  {}  {}  ({}; {})",
            rule.id(),
            rule.title(),
            rule.grade(),
            rule.cites().join(", ")
        );
        evidence(out, "    ", &supporting(rule.trace()));
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
        if let Some(note) = &label.note {
            paragraph(out, "      note: ", note);
        }
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
            .filter(|r| decision.rules.iter().any(|id| id == r.id()))
        {
            ids.extend(rule.cites().iter().map(String::as_str));
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
