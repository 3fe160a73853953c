//! Questions about results that differ: between laboratories, samples, antibodies or methods.

use std::collections::BTreeMap;

use crate::case::ihc::{self, Ihc};
use crate::case::{Case, Context, fish, fusion};
use crate::rules::fact::{Between, DisagreementTest};
use crate::rules::leaf::Answer;
use crate::rules::truth::Truth;
use crate::source::Place;

impl DisagreementTest {
    pub(super) fn answer(&self, case: &Case) -> Answer {
        let facts = match self.between {
            Between::Methods => self.methods(case),
            Between::Panels | Between::Samples | Between::Clones => self.stains(&case.ihc),
        };
        Answer {
            truth: Truth::from_bool(!facts.is_empty()),
            facts,
        }
    }

    /// Current readings of one marker that differ: between laboratories, samples, or clones of one.
    fn stains(&self, readings: &[Ihc]) -> Vec<Place> {
        /// What tells two readings of one marker and specimen apart; the first reading of each kind.
        type Kinds<'r> = BTreeMap<(ihc::Status, Option<Context>, Option<&'r str>), &'r Place>;
        let mut groups: BTreeMap<(&str, Option<&str>, Option<&str>), Kinds<'_>> = BTreeMap::new();
        let asked =
            |r: &&Ihc| r.is_current() && (self.only.is_empty() || self.only.contains(&r.marker));
        for reading in readings.iter().filter(asked) {
            if matches!(
                reading.status,
                ihc::Status::Positive | ihc::Status::Negative
            ) {
                let one_sample = self.between != Between::Samples;
                let specimen = reading.specimen.as_deref().filter(|_| one_sample);
                groups
                    .entry((&reading.marker, specimen, reading.cells.as_deref()))
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
                            && match self.between {
                                Between::Panels => context != other_context,
                                // Two clones that differ are another question.
                                Between::Samples => {
                                    context == other_context
                                        && (clone == other_clone
                                            || clone.is_none()
                                            || other_clone.is_none())
                                }
                                _ => {
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
            in_order(&mut facts[first..]);
        }
        facts
    }

    /// A gene that one method finds rearranged and another one does not: FISH, and sequencing of
    /// each kind of molecule.
    fn methods(&self, case: &Case) -> Vec<Place> {
        let mut by_gene: BTreeMap<&str, [Vec<(u8, &Place)>; 2]> = BTreeMap::new();
        let asked = |gene: &String| self.only.is_empty() || self.only.contains(gene);
        for result in case
            .fish
            .iter()
            .filter(|r| r.is_current() && asked(&r.gene))
        {
            let side = match result.status {
                fish::Status::Positive => 0,
                fish::Status::Negative => 1,
                _ => continue,
            };
            by_gene.entry(&result.gene).or_default()[side].push((u8::MAX, &result.source));
        }
        for call in case.fusions.iter().filter(|f| f.is_current()) {
            let side = match call.status {
                fusion::Status::Detected => 0,
                fusion::Status::NotDetected => 1,
                _ => continue,
            };
            let genes = [&call.three_prime, &call.gene];
            for gene in genes.into_iter().flatten().filter(|g| asked(g)) {
                by_gene.entry(gene).or_default()[side].push((call.method as u8, &call.source));
            }
        }
        let mut facts = Vec::new();
        for [found, missed] in by_gene.values() {
            let differs = |(method, _): &&(u8, &Place), others: &[(u8, &Place)]| {
                others.iter().any(|(other, _)| other != method)
            };
            let first = facts.len();
            let found_too = found.iter().filter(|f| differs(f, missed));
            let missed_too = missed.iter().filter(|m| differs(m, found));
            facts.extend(found_too.chain(missed_too).map(|(_, p)| (*p).clone()));
            in_order(&mut facts[first..]);
        }
        facts
    }

    pub(crate) fn words(&self) -> String {
        let what = if self.only.is_empty() {
            match self.between {
                Between::Methods => "a gene".to_owned(),
                _ => "a marker".to_owned(),
            }
        } else {
            self.only.join(" or ")
        };
        let between = match self.between {
            Between::Panels => "laboratories",
            Between::Samples => "samples",
            Between::Clones => "clones",
            Between::Methods => "methods",
        };
        format!("{what} differs between {between}")
    }

    pub(super) fn key(&self) -> String {
        let of = if self.only.is_empty() {
            "any".to_owned()
        } else {
            self.only.join("/")
        };
        match self.between {
            Between::Methods => format!("fusion {of}"),
            _ => format!("ihc {of}"),
        }
    }
}

fn in_order(facts: &mut [Place]) {
    facts.sort_by(|a, b| (&a.path, a.line, a.column).cmp(&(&b.path, b.line, b.column)));
}
