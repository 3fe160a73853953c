//! One rule over one case, leaf by leaf.

use std::fmt::Write as _;

use crate::render::text::quoted;
use crate::rules::settle::{ResultSet, Turns};
use crate::rules::{RuleOutcome, Trace, TraceKind, Truth};

/// The tree of a rule and what would change it.
#[must_use]
pub fn why(rule: &RuleOutcome, turns: &Turns) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{} is {}",
        rule.id(),
        rule.truth().word().to_uppercase()
    );
    let _ = writeln!(
        out,
        "{}  ({}; {})",
        rule.title(),
        rule.grade(),
        rule.cites().join(", ")
    );
    if let Some((decision, value)) = rule.concludes() {
        let _ = writeln!(out, "concludes {decision}: {value}");
    }
    if let Some(flag) = rule.flag() {
        let _ = writeln!(out, "raises {flag}");
    }
    out.push('\n');
    tree(&mut out, rule.trace(), 1);
    if rule.truth().is_unknown() {
        out.push('\n');
        sets(&mut out, "becomes TRUE if", &turns.to_true);
        sets(&mut out, "becomes FALSE if", &turns.to_false);
        if turns.to_true.is_empty() && turns.to_false.is_empty() {
            out.push_str(
                "no further result alone settles it: the results on record contradict each other\n",
            );
        }
    }
    out
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "called with borrowed truths"
)]
fn sign(truth: &Truth) -> char {
    match truth {
        Truth::True => '+',
        Truth::False => '-',
        Truth::Unknown(_) => '?',
    }
}

fn tree(out: &mut String, trace: &Trace, depth: usize) {
    let indent = "  ".repeat(depth);
    let _ = write!(out, "{indent}{} {}", sign(&trace.truth), trace.words);
    if let Truth::Unknown(why) = &trace.truth
        && matches!(trace.kind, TraceKind::Leaf(_))
    {
        let words: Vec<&str> = why
            .iter()
            .map(super::super::rules::truth::Reason::as_str)
            .collect();
        let _ = write!(out, "   ({})", words.join(", ").replace('_', " "));
    }
    out.push('\n');
    for fact in &trace.facts {
        let _ = writeln!(out, "{indent}    {}", quoted(fact));
    }
    match &trace.kind {
        TraceKind::Assumed { why, used: true } => {
            let _ = writeln!(out, "{indent}    assumed: {why}");
        }
        TraceKind::Doubted { why, used: true } => {
            let _ = writeln!(out, "{indent}    in doubt: {why}");
        }
        _ => {}
    }
    for child in &trace.children {
        tree(out, child, depth + 1);
    }
}

fn sets(out: &mut String, head: &str, sets: &[ResultSet]) {
    for (number, set) in sets.iter().enumerate() {
        let words: Vec<String> = set
            .iter()
            .map(|(key, result)| format!("{key} {result}"))
            .collect();
        let head = if number == 0 {
            head
        } else {
            "             or if"
        };
        let _ = writeln!(out, "{head:<18} {}", words.join(", and "));
    }
}
