//! The trace of an evaluation: every condition with its value, down to the facts.
//!
//! The same trace serves the answer, `why` and the tests of a pack, so they cannot disagree.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::rules::truth::Truth;
use crate::source::Place;

/// A condition with its value, down to the facts.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// The condition in words.
    pub words: Arc<str>,
    /// What kind of node it is.
    pub kind: TraceKind,
    /// Its value.
    pub truth: Truth,
    /// The facts a leaf rests on.
    pub facts: Vec<Place>,
    /// The parts.
    pub children: Vec<Trace>,
}

/// What kind of condition a trace is of.
#[derive(Debug, Clone, PartialEq)]
pub enum TraceKind {
    /// A question about facts, with the key of the fact it asks for (`ihc ALK`).
    Leaf(Arc<str>),
    /// A question about another decision.
    Decided,
    /// A named finding.
    Finding,
    /// `all`, `any`, `at_least`.
    Operator,
    /// `none`, `not`.
    Negation,
    /// `known`.
    Known,
    /// A default; the text says why, and `used` whether it was needed.
    Assumed {
        /// Why.
        why: String,
        /// Whether the value was unknown and the default was taken.
        used: bool,
    },
    /// A contradiction that lowers false to unknown.
    Doubted {
        /// Why, and what would resolve it.
        why: String,
        /// Whether the condition was false.
        used: bool,
    },
}

impl Trace {
    /// Calls `visit` on this trace and everything in it.
    pub fn walk<'t>(&'t self, visit: &mut dyn FnMut(&'t Self)) {
        visit(self);
        for child in &self.children {
            child.walk(visit);
        }
    }

    /// The facts that make a condition what it is: those of true leaves when it is true, of false
    /// leaves when it is false.
    #[must_use]
    pub fn decisive_facts(&self) -> Vec<Place> {
        let mut facts: Vec<Place> = Vec::new();
        self.collect_decisive(&mut facts);
        facts
    }

    fn collect_decisive(&self, out: &mut Vec<Place>) {
        for fact in &self.facts {
            if !out.contains(fact) {
                out.push(fact.clone());
            }
        }
        for child in &self.children {
            // Under `not` and `none` a false part is what made the whole true.
            if !child.truth.is_unknown() {
                child.collect_decisive(out);
            }
        }
    }

    /// Keys of the unknown leaves the value depends on, sorted; empty when it is known.
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        let mut keys = BTreeSet::new();
        self.collect_missing(&mut keys);
        keys.into_iter().collect()
    }

    fn collect_missing(&self, out: &mut BTreeSet<String>) {
        // A default hides an unknown; a result would replace it.
        let assumed = matches!(self.kind, TraceKind::Assumed { used: true, .. });
        if !self.truth.is_unknown() && !assumed {
            return;
        }
        if let TraceKind::Leaf(key) = &self.kind {
            out.insert(key.to_string());
        }
        for child in &self.children {
            child.collect_missing(out);
        }
    }

    /// Defaults that were used under this condition, where they mattered.
    pub(crate) fn assumptions(&self, out: &mut Vec<String>) {
        if let TraceKind::Assumed { why, used: true } = &self.kind
            && !out.contains(why)
        {
            out.push(why.clone());
        }
        for child in &self.children {
            // A part that does not make the whole what it is brings no default with it.
            let idle = match self.kind {
                TraceKind::Operator => child.truth != self.truth,
                TraceKind::Negation => child.truth == self.truth,
                _ => false,
            };
            if !idle {
                child.assumptions(out);
            }
        }
    }
}
