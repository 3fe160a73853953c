//! Questions about what the microscope shows, sizes, laboratory values and responses.

use rust_decimal::Decimal;

use crate::case::Context;
use crate::case::lab::{self, Lab};
use crate::case::measurement::{Category, Measurement, StatedResponse};
use crate::case::morphology::Morphology;
use crate::rules::fact::{
    Bounds, LabTest, MeasurementTest, MorphologyTest, ResponseTest, Take, WhichResponse,
};
use crate::rules::leaf::{Answer, Match, Tally, names, within};
use crate::rules::truth::Reason;

impl MorphologyTest {
    pub(super) fn answer(&self, features: &[Morphology]) -> Answer {
        let mut tally = Tally::default();
        for feature in features.iter().filter(|m| m.feature == self.feature) {
            tally.add(
                Match::from_bool(self.is.contains(&feature.status)),
                &feature.source,
            );
        }
        tally.answer(Take::All, Reason::NotStated)
    }

    pub(super) fn words(&self) -> String {
        let is = names(&crate::case::morphology::Status::ALL, &self.is);
        format!("{} {}", self.feature.replace('_', " "), is.join(" or "))
    }
}

impl MeasurementTest {
    /// One lesion of several is enough; the others do not contradict it.
    pub(super) fn answer(&self, measurements: &[Measurement]) -> Answer {
        let ours = measurements.iter().filter(|m| self.kind.contains(&m.kind));
        let mut tally = Tally::default();
        for measurement in ours {
            let answer = if self.mm.is_open() {
                measurement
                    .state
                    .map_or(Match::Unclear(Reason::NotStated), |state| {
                        Match::from_bool(self.state.contains(&state))
                    })
            } else {
                let longest = measurement.mm.iter().max().copied();
                within(longest.map(|mm| [mm, mm]), self.mm)
            };
            tally.add(answer, &measurement.source);
        }
        tally.answer(Take::AnyPositive, Reason::NotStated)
    }

    pub(super) fn words(&self) -> String {
        let kinds = names(&crate::case::measurement::Kind::ALL, &self.kind);
        let states = names(&crate::case::measurement::State::ALL, &self.state);
        let mut words = vec![kinds.join(" or ").replace('_', " ")];
        if !states.is_empty() {
            words.push(states.join(" or ").replace('_', " "));
        }
        words.extend(self.mm.words(" mm"));
        words.join(" ")
    }
}

impl LabTest {
    /// The latest value; values without a date stay beside it.
    pub(super) fn answer(&self, labs: &[Lab]) -> Answer {
        let ours: Vec<&Lab> = labs
            .iter()
            .filter(|l| l.analyte == self.analyte && l.kind == self.kind)
            .collect();
        let mut tally = Tally::default();
        for value in super::latest(Take::Latest, ours, |l| (l.date, 0)) {
            // A count without a unit that is understood is no number to compare.
            let number: Option<Decimal> = match value.kind {
                lab::Kind::Percent => Some(value.value),
                lab::Kind::Absolute => value.value_si,
            };
            tally.add(within(number.map(|n| [n, n]), self.value), &value.source);
        }
        tally.answer(Take::All, Reason::NotStated)
    }

    pub(super) fn words(&self) -> String {
        let unit = match self.kind {
            lab::Kind::Percent => "%",
            lab::Kind::Absolute => " ×10⁹/L",
        };
        let mut words = vec![self.analyte.clone()];
        words.extend(self.value.words(unit));
        words.join(" ")
    }
}

impl ResponseTest {
    pub(super) fn answer(&self, responses: &[StatedResponse]) -> Answer {
        let stated: Vec<(&StatedResponse, Category)> = responses
            .iter()
            .filter(|r| r.context != Some(Context::Prior))
            .filter_map(|r| Some((r, r.category?)))
            .filter(|(_, c)| *c != Category::NotEvaluable || self.is.contains(c))
            .collect();
        let kept = match self.which {
            WhichResponse::Latest => super::latest(Take::Latest, stated, |(r, _)| (r.date, 0)),
            WhichResponse::Best => {
                // Categories are declared from best to worst.
                let best = stated.iter().map(|(_, c)| *c).min();
                stated
                    .into_iter()
                    .filter(|(_, c)| Some(*c) == best)
                    .collect()
            }
        };
        let mut tally = Tally::default();
        for (response, category) in kept {
            tally.add(
                Match::from_bool(self.is.contains(&category)),
                &response.source,
            );
        }
        tally.answer(Take::All, Reason::NotStated)
    }

    pub(super) fn words(&self) -> String {
        let is = names(&Category::ALL, &self.is);
        let which = match self.which {
            WhichResponse::Best => "best",
            WhichResponse::Latest => "latest",
        };
        format!("{which} response {}", is.join(" or "))
    }
}

impl<T: std::fmt::Display> Bounds<T> {
    /// The bounds in words, such as `at least 15%`.
    pub(super) fn words(&self, unit: &str) -> Vec<String> {
        let least = self
            .at_least
            .as_ref()
            .map(|n| format!("at least {n}{unit}"));
        let below = self.below.as_ref().map(|n| format!("below {n}{unit}"));
        least.into_iter().chain(below).collect()
    }
}
