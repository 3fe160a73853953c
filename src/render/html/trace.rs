//! Every rule with its value, leaf by leaf.

use maud::{Markup, html};

use super::Shown;
use super::links::{Links, cites, rule_anchor};
use crate::render::json::Assessed;
use crate::rules::{RuleOutcome, Trace, TraceKind, Truth};

pub(super) fn section(a: &Assessed<'_>, links: &Links<'_>) -> Markup {
    let of = |word: &'static str| -> Vec<&RuleOutcome> {
        let rules = a.assessment.rules.iter();
        rules.filter(|r| r.truth().word() == word).collect()
    };
    html! {
        p { "A rule is true, false, or unknown for stated reasons. What was not tested is unknown, never false." }
        @for (word, title) in [("true", "Rules that hold"), ("unknown", "Rules that are open"), ("false", "Rules that do not hold")] {
            @let rules = of(word);
            @if !rules.is_empty() {
                h3 { (title) " (" (rules.len()) ")" }
                @for rule in rules { (one(rule, links)) }
            }
        }
    }
}

fn one(rule: &RuleOutcome, links: &Links<'_>) -> Markup {
    html! {
        details id=(rule_anchor(rule.id())) {
            summary { (truth(&rule.truth())) " " code { (rule.id()) } " " (rule.title()) }
            p {
                (rule.grade()) "; " (cites(rule.cites()))
                @if let Some((decision, value)) = rule.concludes() { "; concludes " (decision) ": " (value) }
                @if let Some(flag) = rule.flag() { "; flag " (flag) }
            }
            ul class="tree" { (node(rule.trace(), links)) }
        }
    }
}

fn node(trace: &Trace, links: &Links<'_>) -> Markup {
    html! {
        li {
            (truth(&trace.truth)) " " (Shown(&trace.words))
            @match &trace.kind {
                TraceKind::Assumed { why, used: true } => { " (assumed: " (why) ")" }
                TraceKind::Doubted { why, used: true } => { " (in doubt: " (why) ")" }
                _ => {}
            }
            @if let Truth::Unknown(why) = &trace.truth {
                @if trace.children.is_empty() {
                    " (" (why.iter().map(|r| r.as_str().replace('_', " ")).collect::<Vec<_>>().join(", ")) ")"
                }
            }
            @if !trace.facts.is_empty() { " " (links.places(&trace.facts)) }
            @if !trace.children.is_empty() {
                ul { @for child in &trace.children { (node(child, links)) } }
            }
        }
    }
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "called with borrowed truths"
)]
fn truth(truth: &Truth) -> Markup {
    let (mark, class) = match truth {
        Truth::True => ("✓ true", "yes"),
        Truth::False => ("✗ false", "no"),
        Truth::Unknown(_) => ("? unknown", "open"),
    };
    html! { span class={ "truth " (class) } { (mark) } }
}
