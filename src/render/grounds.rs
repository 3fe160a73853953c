//! What a conclusion rests on: the leaves of a trace that made it what it is, with their facts.

use std::collections::BTreeSet;

use crate::rules::{Decided, RuleOutcome, Trace, TraceKind};
use crate::source::Place;

/// A condition in words with a fact it rests on.
pub(crate) type Ground = (String, Place);

/// Grounds in order, each once.
#[derive(Default)]
struct Grounds {
    list: Vec<Ground>,
    seen: BTreeSet<(String, String, u32, u32, String)>,
}

impl Grounds {
    fn add(&mut self, words: &str, place: &Place) {
        let key = (
            words.to_owned(),
            place.path.to_string(),
            place.line,
            place.column,
            place.text.clone(),
        );
        if self.seen.insert(key) {
            self.list.push((words.to_owned(), place.clone()));
        }
    }

    fn supporting(&mut self, trace: &Trace) {
        if matches!(trace.kind, TraceKind::Leaf(_)) {
            let words = match trace.truth.word() {
                "false" => format!("not: {}", trace.words),
                _ => trace.words.to_string(),
            };
            for fact in &trace.facts {
                self.add(&words, fact);
            }
        }
        let turned = matches!(trace.kind, TraceKind::Negation);
        let explains = |child: &&Trace| {
            (child.truth.is_true() || child.truth.is_false())
                && (child.truth.is_true() == trace.truth.is_true()) != turned
        };
        for child in trace.children.iter().filter(explains) {
            self.supporting(child);
        }
    }

    fn findings(&mut self, trace: &Trace) {
        if trace.kind == TraceKind::Finding && trace.truth.is_true() {
            for (_, place) in supporting(trace) {
                self.add(&trace.words, &place);
            }
            return;
        }
        for child in &trace.children {
            self.findings(child);
        }
    }
}

/// The leaves that made a condition what it is, with the facts they rest on.
pub(crate) fn supporting(trace: &Trace) -> Vec<Ground> {
    let mut grounds = Grounds::default();
    grounds.supporting(trace);
    grounds.list
}

/// The findings that hold inside rules that are undecided and would conclude an open value of a decision.
pub(crate) fn known_so_far(rules: &[RuleOutcome], decision: &Decided) -> Vec<Ground> {
    let mut grounds = Grounds::default();
    for rule in rules.iter().filter(|rule| waits(rule, decision)) {
        grounds.findings(rule.trace());
    }
    grounds.list
}

/// Whether a rule is undecided and would conclude a value that is open.
fn waits(rule: &RuleOutcome, decision: &Decided) -> bool {
    let concludes_open = rule.concludes().is_some_and(|(name, value)| {
        name == decision.name && decision.open.iter().any(|open| open == value)
    });
    rule.truth().is_unknown() && concludes_open
}
