//! A compiled rule pack: conditions over indices, and nothing that evaluation does not need.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use crate::rules::fill::Template;
use crate::rules::index::Index;
use crate::rules::leaf::Leaf;
use crate::rules::raw::Hit;
use crate::rules::therapy::TherapyBook;
use crate::rules::truth::Reasons;
use crate::source::Place;

/// A compiled rule pack: everything evaluation needs, nothing else.
#[derive(Debug, Default)]
pub(crate) struct Program {
    pub(crate) decisions: Vec<Decision>,
    pub(crate) findings: Vec<Finding>,
    /// Sorted by id, so that the order of files never shows.
    pub(crate) rules: Vec<Rule>,
    pub(crate) leaves: Vec<Leaf>,
    /// Findings and decisions, each after all it needs.
    pub(crate) order: Vec<Step>,
    pub(crate) flags: BTreeMap<String, String>,
    pub(crate) cites: BTreeMap<String, String>,
    pub(crate) therapy: TherapyBook,
    pub(crate) tests: Vec<NextTest>,
    pub(crate) invariants: Vec<Invariant>,
    /// The rules that conclude each decision.
    pub(crate) concluding: Vec<Vec<usize>>,
    /// Every leaf in words and by its key, made when first asked for.
    pub(super) spoken: OnceLock<Vec<(Arc<str>, Arc<str>)>>,
    /// What a case without facts says, and what each fact can change of it, made when first asked for.
    pub(super) index: OnceLock<Index>,
}

/// One step of an evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Finding(usize),
    Decision(usize),
}

#[derive(Debug)]
pub(crate) struct Decision {
    pub(crate) name: String,
    pub(crate) hit: Hit,
    /// Highest priority first.
    pub(crate) values: Vec<String>,
    pub(crate) titles: BTreeMap<String, String>,
    pub(crate) default: usize,
}

impl Decision {
    /// The names of these values.
    pub(crate) fn named(&self, values: &[usize]) -> Vec<String> {
        values.iter().map(|v| self.values[*v].clone()).collect()
    }
}

#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) when: Condition,
}

#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) when: Condition,
    /// Decision and value.
    pub(crate) conclude: Option<(usize, usize)>,
    pub(crate) flag: Option<String>,
    /// What the flag says.
    pub(crate) message: Template,
    /// The grade; of a rule with a tier only, the tier.
    pub(crate) grade: String,
    pub(crate) tier: Option<String>,
    pub(crate) cite: Vec<String>,
    pub(crate) follow_up: Vec<Action>,
    /// Rows of the therapy table, as indices into the book.
    pub(crate) therapy: Vec<usize>,
}

/// What must hold for every case.
#[derive(Debug)]
pub(crate) struct Invariant {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) place: Place,
    pub(crate) claim: Claim,
}

/// What an invariant claims.
#[derive(Debug)]
pub(crate) enum Claim {
    Never(Condition),
    /// No fact of these kinds has a part in these decisions.
    Independent {
        decisions: Vec<usize>,
        of: Vec<String>,
    },
    /// Without a fact of these kinds every question about them is unknown.
    UnknownWithout(Vec<String>),
    /// Facts that are not of this tumour now answer nothing.
    Ignores(Vec<String>),
}

/// What to do next, with the facts to be filled in.
#[derive(Debug)]
pub(crate) struct Action {
    pub(crate) act: String,
    pub(crate) text: Template,
}

/// A test that can be ordered next.
#[derive(Debug, Clone)]
pub(crate) struct NextTest {
    /// Fact key, for example `ihc ALK`.
    pub(crate) test: String,
    pub(crate) title: String,
    /// Cheapest first.
    pub(crate) rank: u32,
}

/// A condition over indices.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    NoneOf(Vec<Condition>),
    Not(Box<Condition>),
    AtLeast {
        n: usize,
        of: Vec<Condition>,
        /// What is counted, such as major criteria; nothing in particular when empty.
        what: &'static str,
    },
    Finding(usize),
    Decided(usize, usize),
    /// In invariants: the value is the one reported, settled or not.
    Reported(usize, usize),
    /// In invariants: the value is reported, true or open.
    Possible(usize, usize),
    Known(Box<Condition>),
    Assume {
        of: Box<Condition>,
        when: Reasons,
        is: bool,
        why: String,
    },
    DoubtUnless {
        of: Box<Condition>,
        why: String,
    },
    Leaf(usize),
}

impl Program {
    /// What a fact can change.
    pub(crate) fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::new(self))
    }

    /// Every leaf in words, and the key of the fact it asks for.
    pub(crate) fn spoken(&self) -> &[(Arc<str>, Arc<str>)] {
        self.spoken.get_or_init(|| {
            let leaves = self.leaves.iter();
            leaves
                .map(|leaf| (leaf.words().into(), leaf.key().into()))
                .collect()
        })
    }

    /// The fact keys a condition asks for, through findings and decisions.
    pub(crate) fn keys(&self, condition: &Condition) -> BTreeSet<String> {
        let mut leaves = Vec::new();
        self.leaves_of(condition, &mut leaves);
        leaves
            .into_iter()
            .map(|leaf| self.leaves[leaf].key())
            .collect()
    }
}

impl Condition {
    /// Calls `visit` on this condition and everything in it.
    pub(crate) fn walk(&self, visit: &mut dyn FnMut(&Self)) {
        visit(self);
        for part in self.parts() {
            part.walk(visit);
        }
    }

    /// The same with one part changed.
    pub(crate) fn with_part(&self, index: usize, part: Condition) -> Self {
        let mut changed = self.clone();
        match &mut changed {
            Self::All(of) | Self::Any(of) | Self::NoneOf(of) | Self::AtLeast { of, .. } => {
                of[index] = part;
            }
            Self::Not(of)
            | Self::Known(of)
            | Self::Assume { of, .. }
            | Self::DoubtUnless { of, .. } => **of = part,
            _ => {}
        }
        changed
    }

    /// The conditions an operator is over.
    pub(crate) fn parts(&self) -> &[Condition] {
        match self {
            Self::All(of) | Self::Any(of) | Self::NoneOf(of) | Self::AtLeast { of, .. } => of,
            Self::Not(of)
            | Self::Known(of)
            | Self::Assume { of, .. }
            | Self::DoubtUnless { of, .. } => std::slice::from_ref(of),
            Self::Finding(_)
            | Self::Decided(..)
            | Self::Reported(..)
            | Self::Possible(..)
            | Self::Leaf(_) => &[],
        }
    }
}
