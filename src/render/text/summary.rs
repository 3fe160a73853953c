//! The top of an assessment: the answer, the doubt and the next step, before any evidence.
//!
//! Everything here is said again below with its facts; nothing is decided here.

use std::fmt::Write as _;

use super::{WIDTH, printable};
use crate::render::json::Assessed;
use crate::rules::settle::NextTest;
use crate::rules::{Decided, Flag};

/// Flags named at the top; the rest are counted.
const MOST_DOUBTS: usize = 3;
/// Steps named at the top.
const MOST_STEPS: usize = 2;
/// Drugs named at the top.
const MOST_DRUGS: usize = 4;

/// Writes the summary. `next` holds the tests that would settle each decision, in the order of the decisions.
pub(super) fn summary(out: &mut String, a: &Assessed<'_>, next: &[Vec<NextTest>]) {
    out.push_str("in short\n");
    let mut before = String::new();
    for (word, text) in points(a, next) {
        line(out, if word == before { "" } else { &word }, &text);
        before = word;
    }
    out.push('\n');
}

/// What the summary says: a word and what it stands for.
pub(crate) fn points(a: &Assessed<'_>, next: &[Vec<NextTest>]) -> Vec<(String, String)> {
    let decisions = a.assessment.decisions.iter();
    let mut out: Vec<(String, String)> =
        decisions.map(|d| (d.name.clone(), answer(d, a))).collect();
    let flags = by_weight(&a.assessment.flags);
    let doubts = doubts(&flags, &a.assessment.decisions);
    out.extend(doubts.into_iter().map(|doubt| ("doubt".to_owned(), doubt)));
    let steps = steps(&flags, next);
    out.extend(steps.into_iter().map(|step| ("next".to_owned(), step)));
    out
}

fn answer(decision: &Decided, a: &Assessed<'_>) -> String {
    let settled = if decision.settled {
        "settled"
    } else {
        "NOT SETTLED"
    };
    let mut words = format!("{}, {settled}: {}", decision.value, decision.title);
    // Drugs belong to the decision whose rules list them.
    let mut drugs: Vec<&str> = Vec::new();
    for therapy in &a.assessment.therapy {
        if decision.rules.contains(&therapy.rule) && !drugs.contains(&therapy.drug.as_str()) {
            drugs.push(&therapy.drug);
        }
    }
    if !drugs.is_empty() {
        let shown: Vec<&str> = drugs.iter().take(MOST_DRUGS).copied().collect();
        let _ = write!(words, " ({}", shown.join(", "));
        if drugs.len() > MOST_DRUGS {
            let _ = write!(words, " and {} more", drugs.len() - MOST_DRUGS);
        }
        words.push(')');
    }
    if !decision.open.is_empty() {
        let _ = write!(words, "; still open: {}", decision.open.join(", "));
    }
    words
}

/// The heavier a flag, the earlier; equals by code.
fn by_weight(flags: &[Flag]) -> Vec<&Flag> {
    let weight = |flag: &Flag| match flag.grade.as_str() {
        "strong" => 0,
        "moderate" => 1,
        _ => 2,
    };
    let mut out: Vec<&Flag> = flags.iter().collect();
    out.sort_by_key(|flag| (weight(flag), flag.code.as_str()));
    out
}

fn doubts(flags: &[&Flag], decisions: &[Decided]) -> Vec<String> {
    let mut out: Vec<String> = flags
        .iter()
        .take(MOST_DOUBTS)
        .map(|flag| format!("{} ({})", flag.message, flag.code))
        .collect();
    if flags.len() > MOST_DOUBTS {
        out.push(format!("and {} more, below", flags.len() - MOST_DOUBTS));
    }
    for decision in decisions.iter().filter(|d| !d.also_true.is_empty()) {
        out.push(format!(
            "{} also fits: {}",
            decision.name,
            decision.also_true.join(", ")
        ));
    }
    // An answer that rests on what was not tested is no firmer than that.
    if out.is_empty() && decisions.iter().any(|d| !d.assumptions.is_empty()) {
        out.push("the answer rests on assumptions, listed below".to_owned());
    }
    out
}

/// What settles an open decision comes first, then what the flags ask for.
fn steps(flags: &[&Flag], next: &[Vec<NextTest>]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let tests = next.iter().filter_map(|tests| tests.first());
    for test in tests {
        let step = format!("ask for: {}", test.title);
        if !out.contains(&step) {
            out.push(step);
        }
    }
    for flag in flags.iter().filter(|flag| !flag.action.is_empty()) {
        if out.len() >= MOST_STEPS {
            break;
        }
        if !out.contains(&flag.action) {
            out.push(flag.action.clone());
        }
    }
    out.truncate(MOST_STEPS);
    out
}

/// `  word      text`, wrapped below the text.
fn line(out: &mut String, word: &str, text: &str) {
    const COLUMN: usize = 11;
    let mut current = format!("  {word:<width$}", width = COLUMN - 2);
    let mut empty = true;
    for part in printable(text).split_whitespace() {
        if !empty && current.chars().count() + 1 + part.chars().count() > WIDTH {
            out.push_str(current.trim_end());
            out.push('\n');
            current = " ".repeat(COLUMN);
            empty = true;
        }
        if !empty {
            current.push(' ');
        }
        current.push_str(part);
        empty = false;
    }
    out.push_str(current.trim_end());
    out.push('\n');
}
