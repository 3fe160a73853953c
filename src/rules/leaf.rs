//! Answers the questions at the leaves of a condition from the facts of a case.
//!
//! Only current facts count: not superseded, of this time, of the tumour's own cells. A fact that
//! says the opposite makes the answer false; two that differ make it unknown; no fact makes it
//! unknown, never false.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::case::{Case, fish as fish_fact, fusion as fusion_fact, ihc as ihc_fact};
use crate::rules::fact::{
    Bounds, DisagreementTest, HistoryTest, IhcTest, LabTest, MeasurementTest, MorphologyTest,
    ResponseTest, Take,
};
use crate::rules::truth::{Reason, Truth};
use crate::source::Place;

mod clinical;
mod disagreement;
mod fish;
mod fusion;
mod history;
mod ihc;
mod variant;

pub(crate) use fish::FishLeaf;
pub(crate) use fusion::FusionLeaf;
pub(crate) use variant::VariantLeaf;

/// A question with every name resolved.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Leaf {
    Fusion(Box<FusionLeaf>),
    Ihc(Box<IhcTest>),
    Fish(FishLeaf),
    Variant(VariantLeaf),
    Morphology(MorphologyTest),
    Measurement(MeasurementTest),
    Lab(LabTest),
    History(HistoryTest),
    Response(ResponseTest),
    Disagreement(DisagreementTest),
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

    /// Yes and no together conflict, unless any yes is enough. Without either, the unclear facts say
    /// why.
    fn answer(mut self, take: Take, silent: Reason) -> Answer {
        if take == Take::AnyPositive && !self.yes.is_empty() {
            self.no.clear();
        }
        let unclear = |list: Vec<(Reason, Place)>| {
            let why = list.iter().map(|(why, _)| *why).collect();
            let facts = list.into_iter().map(|(_, place)| place).collect();
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
            Self::Variant(leaf) => leaf.answer(&case.variants),
            Self::Morphology(leaf) => leaf.answer(&case.morphology),
            Self::Measurement(leaf) => leaf.answer(&case.measurements),
            Self::Lab(leaf) => leaf.answer(&case.labs),
            Self::History(leaf) => leaf.answer(&case.history),
            Self::Response(leaf) => leaf.answer(&case.stated_responses),
            Self::Disagreement(leaf) => leaf.answer(case),
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
            Self::Variant(leaf) => format!("variant {}", genes(&leaf.genes)),
            Self::Morphology(leaf) => format!("morphology {}", leaf.feature),
            Self::Measurement(leaf) => format!(
                "measurement {}",
                names(&crate::case::measurement::Kind::ALL, &leaf.kind).join("/")
            ),
            Self::Lab(leaf) => format!("lab {}", leaf.analyte),
            Self::History(leaf) => leaf.key().to_owned(),
            Self::Response(_) => "response".to_owned(),
            Self::Disagreement(leaf) => leaf.key(),
        }
    }

    /// The kind of fact it asks for, as rules name it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Fusion(_) => "fusion",
            Self::Ihc(_) => "ihc",
            Self::Fish(_) => "fish",
            Self::Variant(_) => "variant",
            Self::Morphology(_) => "morphology",
            Self::Measurement(_) => "measurement",
            Self::Lab(_) => "lab",
            Self::History(_) => "history",
            Self::Response(_) => "response",
            Self::Disagreement(_) => "disagreement",
        }
    }

    /// Whether it asks what a test says, and not only whether some status was met (`pending`) or
    /// results differ: of those, no fact means no.
    pub(crate) fn asks_verdict(&self) -> bool {
        match self {
            Self::Fusion(leaf) => leaf.marks.is == [fusion_fact::Status::Detected],
            Self::Ihc(leaf) => leaf
                .is
                .iter()
                .all(|s| matches!(s, ihc_fact::Status::Positive | ihc_fact::Status::Negative)),
            Self::Fish(leaf) => leaf
                .is
                .iter()
                .all(|s| matches!(s, fish_fact::Status::Positive | fish_fact::Status::Negative)),
            Self::Disagreement(_) => false,
            _ => true,
        }
    }

    /// The question in words, as printed by explanations.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Fusion(leaf) => leaf.words(),
            Self::Ihc(leaf) => leaf.words(),
            Self::Fish(leaf) => leaf.words(),
            Self::Variant(leaf) => leaf.words(),
            Self::Morphology(leaf) => leaf.words(),
            Self::Measurement(leaf) => leaf.words(),
            Self::Lab(leaf) => leaf.words(),
            Self::History(leaf) => leaf.words(),
            Self::Response(leaf) => leaf.words(),
            Self::Disagreement(leaf) => leaf.words(),
        }
    }
}

impl Take {
    fn words(self) -> Option<String> {
        match self {
            Self::All => None,
            Self::Latest => Some("(the latest)".to_owned()),
            Self::AnyPositive => Some("(any is enough)".to_owned()),
        }
    }
}

/// Three names at most, for words a person reads.
fn genes_in_words(names: &BTreeSet<String>) -> String {
    let mut shown: Vec<&str> = names.iter().take(3).map(String::as_str).collect();
    if names.len() > 3 {
        shown.push("…");
    }
    shown.join("/")
}

/// The names of the chosen values.
fn names<T: Copy + PartialEq>(all: &[(T, &'static str)], chosen: &[T]) -> Vec<&'static str> {
    all.iter()
        .filter(|(v, _)| chosen.contains(v))
        .map(|(_, n)| *n)
        .collect()
}

/// Whether a text that may not be stated is one of those wanted; nothing wanted holds always.
fn listed(value: Option<&String>, wanted: &[String]) -> Match {
    if wanted.is_empty() {
        return Match::Yes;
    }
    value.map_or(Match::Unclear(Reason::NotStated), |v| {
        Match::from_bool(wanted.contains(v))
    })
}

/// Whether a number known to lie between two is within bounds. One that may lie on either side of a
/// bound is equivocal.
fn within<T: Copy + PartialOrd>(range: Option<[T; 2]>, bounds: Bounds<T>) -> Match {
    if bounds.is_open() {
        return Match::Yes;
    }
    let Some([low, high]) = range else {
        return Match::Unclear(Reason::NotStated);
    };
    let least = bounds.at_least.map_or(Match::Yes, |least| {
        if low >= least {
            Match::Yes
        } else if high < least {
            Match::No
        } else {
            Match::Unclear(Reason::Equivocal)
        }
    });
    least.and(bounds.below.map_or(Match::Yes, |below| {
        if high < below {
            Match::Yes
        } else if low >= below {
            Match::No
        } else {
            Match::Unclear(Reason::Equivocal)
        }
    }))
}

/// Under `take: latest`, the facts of the latest date and version. A fact without a date may be of
/// any day, so it stays beside them.
fn latest<T>(take: Take, facts: Vec<T>, when: impl Fn(&T) -> (Option<Date>, u32)) -> Vec<T> {
    if take != Take::Latest {
        return facts;
    }
    let last = facts
        .iter()
        .map(&when)
        .filter(|(date, _)| date.is_some())
        .max();
    let undated = facts
        .iter()
        .map(&when)
        .filter(|(date, _)| date.is_none())
        .max();
    facts
        .into_iter()
        .filter(|fact| [last, undated].contains(&Some(when(fact))))
        .collect()
}

/// For questions about a status that is no verdict (`pending`, `equivocal`): true when some current
/// fact has it, false otherwise. A mark the rule asks for (a pattern, a percentage) must be stated with it.
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
