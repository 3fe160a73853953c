//! Questions about stains, and about stains that differ.

use std::collections::{BTreeMap, BTreeSet};

use crate::case::Context;
use crate::case::ihc::{self, Ihc};
use crate::case::percent::Percent;
use crate::rules::fact::Between;
use crate::rules::leaf::{Answer, Match, Tally, observed};
use crate::rules::truth::{Reason, Truth};
use crate::source::Place;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct IhcLeaf {
    pub(crate) marker: String,
    pub(crate) is: Vec<ihc::Status>,
    pub(crate) clone: Vec<String>,
    pub(crate) pattern: Vec<String>,
    pub(crate) percent_at_least: Option<Percent>,
    pub(crate) percent_below: Option<Percent>,
}

impl IhcLeaf {
    pub(super) fn answer(&self, readings: &[Ihc]) -> Answer {
        let ours = readings.iter().filter(|r| {
            r.marker == self.marker
                && r.is_current()
                && (self.clone.is_empty()
                    || r.clone.as_ref().is_some_and(|c| self.clone.contains(c)))
        });
        let verdicts = [ihc::Status::Positive, ihc::Status::Negative];
        if !self.is.iter().all(|s| verdicts.contains(s)) {
            return observed(ours, |r| (self.is.contains(&r.status), &r.source));
        }
        let mut tally = Tally::default();
        let mut silent = (BTreeSet::new(), Vec::new());
        for reading in ours {
            let verdict = match reading.status {
                ihc::Status::Positive | ihc::Status::Negative => {
                    Match::from_bool(self.is.contains(&reading.status))
                }
                ihc::Status::Reported if !self.pattern.is_empty() || self.percent_wanted() => {
                    Match::Yes
                }
                ihc::Status::Equivocal => Match::Unclear(Reason::Equivocal),
                ihc::Status::Reported => Match::Unclear(Reason::NotStated),
                ihc::Status::NotDone => {
                    silent.0.insert(Reason::NotTested);
                    silent.1.push(reading.source.clone());
                    continue;
                }
                ihc::Status::Pending => {
                    silent.0.insert(Reason::Pending);
                    silent.1.push(reading.source.clone());
                    continue;
                }
                ihc::Status::Failed => {
                    silent.0.insert(Reason::Failed);
                    silent.1.push(reading.source.clone());
                    continue;
                }
            };
            tally.add(verdict.and(self.marks(reading)), &reading.source);
        }
        let equivocal_too = !tally.yes.is_empty()
            && tally
                .unclear
                .iter()
                .any(|(why, _)| *why == Reason::Equivocal);
        if equivocal_too {
            let (_, open): (Vec<Reason>, Vec<Place>) = tally.unclear.into_iter().unzip();
            return Answer {
                truth: Truth::unknown(Reason::Conflicting),
                facts: tally.yes.into_iter().chain(open).collect(),
            };
        }
        let answer = tally.answer(Reason::NotTested);
        if answer.facts.is_empty() && !silent.0.is_empty() {
            return Answer {
                truth: Truth::Unknown(silent.0),
                facts: silent.1,
            };
        }
        answer
    }

    fn percent_wanted(&self) -> bool {
        self.percent_at_least.is_some() || self.percent_below.is_some()
    }

    fn marks(&self, reading: &Ihc) -> Match {
        let mut out = Match::Yes;
        if !self.pattern.is_empty() {
            out = out.and(
                reading
                    .pattern
                    .as_ref()
                    .map_or(Match::Unclear(Reason::NotStated), |p| {
                        Match::from_bool(self.pattern.contains(p))
                    }),
            );
        }
        if let Some(wanted) = self.percent_at_least {
            out = out.and(match reading.percent {
                Some([low, _]) if low >= wanted => Match::Yes,
                Some([_, high]) if high < wanted => Match::No,
                Some(_) => Match::Unclear(Reason::Equivocal),
                None => Match::Unclear(Reason::NotStated),
            });
        }
        if let Some(wanted) = self.percent_below {
            out = out.and(match reading.percent {
                Some([_, high]) if high < wanted => Match::Yes,
                Some([low, _]) if low >= wanted => Match::No,
                Some(_) => Match::Unclear(Reason::Equivocal),
                None => Match::Unclear(Reason::NotStated),
            });
        }
        out
    }
}

/// Current readings of one marker that differ: between laboratories, or between clones of one.
pub(super) fn disagreement(between: Between, readings: &[Ihc]) -> Answer {
    /// What tells two readings of one marker and specimen apart; the first reading of each kind.
    type Kinds<'r> = BTreeMap<(ihc::Status, Option<Context>, Option<&'r str>), &'r Place>;
    let mut groups: BTreeMap<(&str, Option<&str>), Kinds<'_>> = BTreeMap::new();
    for reading in readings.iter().filter(|r| r.is_current()) {
        if matches!(
            reading.status,
            ihc::Status::Positive | ihc::Status::Negative
        ) {
            groups
                .entry((&reading.marker, reading.specimen.as_deref()))
                .or_default()
                .entry((reading.status, reading.context, reading.clone.as_deref()))
                .or_insert(&reading.source);
        }
    }
    let mut facts: Vec<Place> = Vec::new();
    for kinds in groups.values() {
        let first = facts.len();
        for ((status, context, clone), place) in kinds {
            let differs = kinds
                .keys()
                .any(|(other_status, other_context, other_clone)| {
                    status != other_status
                        && match between {
                            Between::Panels => context != other_context,
                            Between::Clones => {
                                context == other_context
                                    && clone.is_some()
                                    && other_clone.is_some()
                                    && clone != other_clone
                            }
                        }
                });
            if differs {
                facts.push((*place).clone());
            }
        }
        facts[first..]
            .sort_by(|a, b| (&a.path, a.line, a.column).cmp(&(&b.path, b.line, b.column)));
    }
    Answer {
        truth: Truth::from_bool(!facts.is_empty()),
        facts,
    }
}
