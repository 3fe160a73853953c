//! Answers the questions at the leaves of a condition from the facts of a case.
//!
//! Only current facts count: not superseded, of this time, of the tumour's own cells. A fact that
//! says the opposite makes the answer false; two that differ make it unknown; no fact makes it
//! unknown, never false.

use std::collections::BTreeSet;

use crate::case::{Case, fish as fish_fact};
use crate::rules::fact::Between;
use crate::rules::truth::{Reason, Truth};
use crate::source::Place;

mod fish;
mod fusion;
mod history;
mod ihc;

pub(crate) use fish::FishLeaf;
pub(crate) use fusion::FusionLeaf;
pub(crate) use history::HistoryLeaf;
pub(crate) use ihc::IhcLeaf;

/// A question with every name resolved.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Leaf {
    Fusion(Box<FusionLeaf>),
    Ihc(IhcLeaf),
    Fish(FishLeaf),
    History(HistoryLeaf),
    Disagreement(Between),
}

/// An answer with the facts it rests on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) truth: Truth,
    pub(crate) facts: Vec<Place>,
}

/// How one fact answers the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Match {
    Yes,
    No,
    Unclear(Reason),
}

impl Match {
    fn from_bool(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }

    /// Both must hold: no wins over unclear, unclear over yes.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Unclear(why), _) | (_, Self::Unclear(why)) => Self::Unclear(why),
            _ => Self::Yes,
        }
    }
}

/// Collects how facts answer, then says what that amounts to.
#[derive(Default)]
struct Tally {
    yes: Vec<Place>,
    no: Vec<Place>,
    unclear: Vec<(Reason, Place)>,
}

impl Tally {
    fn add(&mut self, answer: Match, place: &Place) {
        match answer {
            Match::Yes => self.yes.push(place.clone()),
            Match::No => self.no.push(place.clone()),
            Match::Unclear(why) => self.unclear.push((why, place.clone())),
        }
    }

    /// Yes and no together conflict. Without either, the unclear facts say why.
    fn answer(self, silent: Reason) -> Answer {
        let unclear = |list: Vec<(Reason, Place)>| {
            let (why, facts): (BTreeSet<Reason>, Vec<Place>) = list.into_iter().unzip();
            Answer {
                truth: Truth::Unknown(why),
                facts,
            }
        };
        match (self.yes.is_empty(), self.no.is_empty()) {
            (false, false) => Answer {
                truth: Truth::unknown(Reason::Conflicting),
                facts: self.yes.into_iter().chain(self.no).collect(),
            },
            (false, true) => Answer {
                truth: Truth::True,
                facts: self.yes,
            },
            (true, _) if !self.unclear.is_empty() => unclear(self.unclear),
            (true, false) => Answer {
                truth: Truth::False,
                facts: self.no,
            },
            (true, true) => Answer {
                truth: Truth::unknown(silent),
                facts: Vec::new(),
            },
        }
    }
}

impl Leaf {
    /// Answers the question.
    pub(crate) fn answer(&self, case: &Case) -> Answer {
        match self {
            Self::Fusion(leaf) => leaf.answer(&case.fusions),
            Self::Ihc(leaf) => leaf.answer(&case.ihc),
            Self::Fish(leaf) => leaf.answer(&case.fish),
            Self::History(leaf) => leaf.answer(&case.history),
            Self::Disagreement(between) => ihc::disagreement(*between, &case.ihc),
        }
    }

    /// The fact the question asks for, for example `ihc ALK`: what a missing answer is called.
    pub(crate) fn key(&self) -> String {
        let genes = |set: &BTreeSet<String>| match set.len() {
            1..=3 => set.iter().map(String::as_str).collect::<Vec<_>>().join("/"),
            _ => "any".to_owned(),
        };
        match self {
            Self::Fusion(leaf) => {
                format!(
                    "fusion {}",
                    leaf.genes().map_or_else(|| "any".to_owned(), genes)
                )
            }
            Self::Ihc(leaf) => format!("ihc {}", leaf.marker),
            Self::Fish(leaf) => format!("fish {}", genes(&leaf.genes)),
            Self::History(leaf) => match leaf {
                HistoryLeaf::State(_) => "history state".to_owned(),
                HistoryLeaf::Diagnosis { .. } => "history diagnosis".to_owned(),
                HistoryLeaf::OnDrug(_) => "history treatment".to_owned(),
                HistoryLeaf::AgeAtLeast(_) | HistoryLeaf::AgeBelow(_) => "history age".to_owned(),
                HistoryLeaf::Sex(_) => "history sex".to_owned(),
            },
            Self::Disagreement(_) => "ihc any".to_owned(),
        }
    }

    /// The question in words, as printed by explanations.
    pub(crate) fn words(&self) -> String {
        let list = |names: &BTreeSet<String>| {
            let mut shown: Vec<&str> = names.iter().take(3).map(String::as_str).collect();
            if names.len() > 3 {
                shown.push("…");
            }
            shown.join("/")
        };
        match self {
            Self::Fusion(leaf) => leaf.words(),
            Self::Ihc(leaf) => {
                let is: Vec<&str> = leaf.is.iter().map(|s| s.as_str()).collect();
                let clone = if leaf.clone.is_empty() {
                    String::new()
                } else {
                    format!(" (clone {})", leaf.clone.join("/"))
                };
                format!("ihc {} {}{clone}", leaf.marker, is.join(" or "))
            }
            Self::Fish(leaf) => {
                let is: Vec<&str> = leaf
                    .is
                    .iter()
                    .map(|s| match s {
                        fish_fact::Status::Positive => "rearranged",
                        fish_fact::Status::Negative => "not rearranged",
                        other => other.as_str(),
                    })
                    .collect();
                format!("fish {} {}", list(&leaf.genes), is.join(" or "))
            }
            Self::History(leaf) => match leaf {
                HistoryLeaf::State(values) => format!("state {}", values.join(" or ")),
                HistoryLeaf::Diagnosis { keys, groups, .. } => {
                    let names: Vec<&str> = keys.iter().chain(groups).map(String::as_str).collect();
                    format!("diagnosis {}", names.join(" or "))
                }
                HistoryLeaf::OnDrug(drugs) => format!("treated with {}", drugs.join(" or ")),
                HistoryLeaf::AgeAtLeast(age) => format!("age at least {age}"),
                HistoryLeaf::AgeBelow(age) => format!("age below {age}"),
                HistoryLeaf::Sex(sex) => format!("sex {sex}"),
            },
            Self::Disagreement(Between::Panels) => {
                "a marker differs between laboratories".to_owned()
            }
            Self::Disagreement(Between::Clones) => "a marker differs between clones".to_owned(),
        }
    }
}

/// For questions about a status that is no verdict (`pending`, `equivocal`): true when some current
/// fact has it, false otherwise.
fn observed<'a, T: 'a>(
    facts: impl Iterator<Item = &'a T>,
    has: impl Fn(&'a T) -> (bool, &'a Place),
) -> Answer {
    let facts: Vec<Place> = facts
        .map(has)
        .filter(|(yes, _)| *yes)
        .map(|(_, place)| place.clone())
        .collect();
    Answer {
        truth: Truth::from_bool(!facts.is_empty()),
        facts,
    }
}
