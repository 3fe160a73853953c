//! Questions about FISH.

use std::collections::BTreeSet;

use crate::case::fish::{self, Fish};
use crate::rules::leaf::{Answer, Match, Tally, observed};
use crate::rules::truth::{Reason, Truth};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FishLeaf {
    pub(crate) genes: BTreeSet<String>,
    pub(crate) is: Vec<fish::Status>,
}

impl FishLeaf {
    pub(super) fn answer(&self, results: &[Fish]) -> Answer {
        let ours = || {
            results
                .iter()
                .filter(|r| self.genes.contains(&r.gene) && r.is_current())
        };
        let verdicts = [fish::Status::Positive, fish::Status::Negative];
        if !self.is.iter().all(|s| verdicts.contains(s)) {
            return observed(ours(), |r| (self.is.contains(&r.status), &r.source));
        }
        let mut answers = self.genes.iter().map(|gene| {
            let mut tally = Tally::default();
            for result in ours().filter(|r| r.gene == *gene) {
                let verdict = match result.status {
                    fish::Status::Positive | fish::Status::Negative => {
                        Match::from_bool(self.is.contains(&result.status))
                    }
                    fish::Status::Equivocal => Match::Unclear(Reason::Equivocal),
                    fish::Status::Pending => Match::Unclear(Reason::Pending),
                    fish::Status::Failed => Match::Unclear(Reason::Failed),
                    fish::Status::NotDone => Match::Unclear(Reason::NotTested),
                };
                tally.add(verdict, &result.source);
            }
            tally.answer(Reason::NotTested)
        });
        // Any of the genes.
        let first = answers.next().unwrap_or(Answer {
            truth: Truth::False,
            facts: Vec::new(),
        });
        answers.fold(first, |a, b| {
            let truth = Truth::any([&a.truth, &b.truth]);
            let facts = match (a.truth == truth, b.truth == truth) {
                (true, false) => a.facts,
                (false, true) => b.facts,
                _ => a.facts.into_iter().chain(b.facts).collect(),
            };
            Answer { truth, facts }
        })
    }
}
