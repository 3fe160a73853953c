//! Questions about stains.

use crate::case::Context;
use crate::case::ihc::{self, Ihc};
use crate::rules::fact::IhcTest;
use crate::rules::leaf::{Answer, Match, Tally, latest, listed, observed, within};
use crate::rules::truth::{Reason, Reasons, Truth};
use crate::source::Place;

impl IhcTest {
    pub(super) fn answer(&self, readings: &[Ihc]) -> Answer {
        let ours: Vec<&Ihc> = readings.iter().filter(|r| self.is_ours(r)).collect();
        let verdicts = [ihc::Status::Positive, ihc::Status::Negative];
        if !self.is.iter().all(|s| verdicts.contains(s)) {
            let marked = ours.into_iter().filter(|r| self.marks(r) == Match::Yes);
            return observed(marked, |r| (self.is.contains(&r.status), &r.source));
        }
        let ours = latest(self.take, ours, |r| (r.date, r.version));
        let mut tally = Tally::default();
        let mut silent = (Reasons::default(), Vec::new());
        for reading in ours {
            let verdict = match reading.status {
                ihc::Status::Positive | ihc::Status::Negative => {
                    Match::from_bool(self.is.contains(&reading.status))
                }
                ihc::Status::Reported if !self.pattern.is_empty() || !self.percent.is_open() => {
                    Match::Yes
                }
                ihc::Status::Equivocal => Match::Unclear(Reason::Equivocal),
                ihc::Status::Reported => Match::Unclear(Reason::NotStated),
                ihc::Status::NotDone | ihc::Status::Pending | ihc::Status::Failed => {
                    silent.0.insert(match reading.status {
                        ihc::Status::Pending => Reason::Pending,
                        ihc::Status::Failed => Reason::Failed,
                        _ => Reason::NotTested,
                    });
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
        if equivocal_too && self.take != crate::rules::fact::Take::AnyPositive {
            let (_, open): (Vec<Reason>, Vec<Place>) = tally.unclear.into_iter().unzip();
            return Answer {
                truth: Truth::unknown(Reason::Conflicting),
                facts: tally.yes.into_iter().chain(open).collect(),
            };
        }
        let answer = tally.answer(self.take, Reason::NotTested);
        if answer.facts.is_empty() && !silent.0.is_empty() {
            return Answer {
                truth: Truth::Unknown(silent.0),
                facts: silent.1,
            };
        }
        answer
    }

    /// Whether a reading is of the marker, antibody and cells asked for, here and now.
    fn is_ours(&self, reading: &Ihc) -> bool {
        if reading.marker != self.marker {
            return false;
        }
        let clone = self.clone.is_empty()
            || reading
                .clone
                .as_ref()
                .is_some_and(|c| self.clone.contains(c));
        let now = if self.cells.is_empty() {
            reading.is_current()
        } else {
            let cells = reading.cells.as_ref();
            cells.is_some_and(|c| self.cells.contains(c))
                && !reading.superseded
                && reading.context != Some(Context::Prior)
        };
        clone && now
    }

    fn marks(&self, reading: &Ihc) -> Match {
        let compartment = if self.compartment.is_empty() {
            Match::Yes
        } else if reading.compartment.is_empty() {
            Match::Unclear(Reason::NotStated)
        } else {
            let held = |c: &String| self.compartment.contains(c);
            Match::from_bool(reading.compartment.iter().any(held))
        };
        listed(reading.pattern.as_ref(), &self.pattern)
            .and(listed(reading.extent.as_ref(), &self.extent))
            .and(listed(reading.intensity.as_ref(), &self.intensity))
            .and(compartment)
            .and(within(reading.percent, self.percent))
    }

    pub(super) fn words(&self) -> String {
        let is: Vec<&str> = self.is.iter().map(|s| s.as_str()).collect();
        let mut words = vec![format!("ihc {} {}", self.marker, is.join(" or "))];
        for (what, values) in [
            ("", &self.extent),
            ("", &self.intensity),
            ("", &self.compartment),
            ("pattern ", &self.pattern),
            ("in cells ", &self.cells),
        ] {
            if !values.is_empty() {
                words.push(format!("{what}{}", values.join(" or ")));
            }
        }
        words.extend(self.percent.words("%"));
        if !self.clone.is_empty() {
            words.push(format!("(clone {})", self.clone.join("/")));
        }
        words.extend(self.take.words());
        words.join(" ")
    }
}
