//! Writes what a sample gives now as its expectation. What a person put there (where it comes from, the date and
//! region, facts that must not be read) is kept.

use std::fmt::Write as _;

use crate::pipeline::ReadCase;
use crate::rules::{Assessment, Pack};
use crate::verify::compare::labels;
use crate::verify::expected::{Expected, ExpectedFact};
use crate::verify::facts;

/// Fields worth pinning, where a fact has them. The others change with every refinement of a reader.
const FIELDS: &[&str] = &[
    "status",
    "orientation",
    "frame",
    "kinase_domain",
    "clone",
    "percent",
    "pattern",
    "context",
    "superseded",
    "role",
    "response",
    "presence",
    "change",
    "protein",
    "mm",
    "date",
    "unit",
];

/// The expectation that the sample meets now, as YAML.
#[must_use]
pub fn accepted(
    before: Option<&Expected>,
    read: &ReadCase,
    assessment: &Assessment,
    pack: &Pack,
) -> String {
    let mut out = String::from("format: 1\nkind: expected\n");
    if let Some(about) = before.and_then(|b| b.about.as_ref()) {
        let _ = writeln!(out, "about: {}", scalar(about));
    }
    if let Some(date) = before.and_then(|b| b.asked.as_of) {
        let _ = writeln!(out, "as_of: {date}");
    }
    if let Some(region) = before.and_then(|b| b.asked.region.as_ref()) {
        let _ = writeln!(out, "region: {}", scalar(region));
    }
    out.push_str("decisions:\n");
    for decision in &assessment.decisions {
        let _ = write!(
            out,
            "  {}: {{value: {}, settled: {}",
            scalar(&decision.name),
            scalar(&decision.value),
            decision.settled
        );
        if !decision.open.is_empty() {
            let _ = write!(out, ", open: {}", sequence(&decision.open));
        }
        let next = pack.next_tests(&read.case, assessment, &decision.name);
        if let Some(test) = next.first() {
            let _ = write!(out, ", next: {}", scalar(&test.test));
        }
        out.push_str("}\n");
    }
    let mut codes: Vec<String> = assessment.flags.iter().map(|f| f.code.clone()).collect();
    codes.dedup();
    let _ = writeln!(out, "flags: {}", sequence(&codes));
    let drugs = labels(assessment);
    if drugs.is_empty() {
        out.push_str("therapy: {}\n");
    } else {
        out.push_str("therapy:\n");
    }
    for (drug, regions) in drugs {
        let regions: Vec<String> = regions
            .iter()
            .map(|(region, status)| format!("{}: {}", scalar(region), scalar(status)))
            .collect();
        let _ = writeln!(out, "  {}: {{{}}}", scalar(&drug), regions.join(", "));
    }
    out.push_str("facts:\n  only: true\n");
    let mut lines: Vec<String> = Vec::new();
    for fact in facts::all(&read.case) {
        let mut line = format!("    - {{{}: {}", scalar(&fact.kind), scalar(&fact.name));
        for field in FIELDS.iter().filter(|field| **field != fact.named_by) {
            if let Some(value) = fact.fields.get(*field).filter(|value| *value != "false") {
                let _ = write!(line, ", {field}: {}", scalar(value));
            }
        }
        line.push_str("}\n");
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    if !lines.is_empty() {
        out.push_str("  read:\n");
        out.extend(lines);
    }
    let refused = before.map(|b| b.not_read.as_slice()).unwrap_or_default();
    if !refused.is_empty() {
        out.push_str("  not_read:\n");
        for fact in refused {
            let _ = writeln!(out, "    - {{{}}}", entry(fact));
        }
    }
    out
}

fn entry(fact: &ExpectedFact) -> String {
    let mut parts = vec![format!("{}: {}", scalar(&fact.kind), scalar(&fact.name))];
    for (key, value) in &fact.fields {
        parts.push(format!("{}: {}", scalar(key), scalar(value)));
    }
    parts.join(", ")
}

fn sequence(items: &[String]) -> String {
    let items: Vec<String> = items.iter().map(|item| scalar(item)).collect();
    format!("[{}]", items.join(", "))
}

/// A scalar, quoted where another YAML reader could take it for something else.
fn scalar(text: &str) -> String {
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.len() > 3
        && !text.ends_with(' ')
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ' ' | '-' | '.' | '/'));
    let short = text.len() <= 3
        && text.len() > 1
        && text.chars().all(|c| c.is_ascii_alphanumeric())
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && !["no", "yes", "on", "off"].contains(&text.to_ascii_lowercase().as_str());
    let number = !text.is_empty() && text.len() < 9 && text.bytes().all(|b| b.is_ascii_digit());
    let word = ["true", "false", "null"].contains(&text.to_ascii_lowercase().as_str());
    if (plain || short || number) && !word {
        return text.to_owned();
    }
    // A JSON string is a YAML string.
    serde_json::to_string(text).unwrap_or_default()
}
