//! Questions about FISH.

use std::collections::BTreeSet;

use crate::case::fish::{self, Fish};
use crate::rules::fact::{FISH_STATUSES, FishTest};
use crate::rules::leaf::{Answer, Match, Tally, genes_in_words, latest, listed, observed, within};
use crate::rules::truth::{Reason, Truth};

/// A question about the probes of some genes.
pub(crate) type FishLeaf = FishTest<BTreeSet<String>>;

impl FishLeaf {
    pub(super) fn answer(&self, results: &[Fish]) -> Answer {
        let ours = || {
            results
                .iter()
                .filter(|r| self.genes.contains(&r.gene) && r.is_current())
        };
        let verdicts = [fish::Status::Positive, fish::Status::Negative];
        if !self.is.iter().all(|s| verdicts.contains(s)) {
            let marked = ours().filter(|r| self.marks(r) == Match::Yes);
            return observed(marked, |r| (self.is.contains(&r.status), &r.source));
        }
        let mut answers = self.genes.iter().map(|gene| {
            let mut tally = Tally::default();
            let of_gene = ours().filter(|r| r.gene == *gene).collect();
            for result in latest(self.take, of_gene, |r| (r.date, r.version)) {
                let verdict = match result.status {
                    fish::Status::Positive | fish::Status::Negative => {
                        Match::from_bool(self.is.contains(&result.status))
                    }
                    fish::Status::Equivocal => Match::Unclear(Reason::Equivocal),
                    fish::Status::Pending => Match::Unclear(Reason::Pending),
                    fish::Status::Failed => Match::Unclear(Reason::Failed),
                    fish::Status::NotDone => Match::Unclear(Reason::NotTested),
                };
                tally.add(verdict.and(self.marks(result)), &result.source);
            }
            tally.answer(self.take, Reason::NotTested)
        });
        // Any of the genes.
        let first = answers.next().unwrap_or(Answer {
            truth: Truth::False,
            facts: Vec::new(),
        });
        answers.fold(first, |a, b| {
            let truth = Truth::any([a.truth, b.truth]);
            let facts = match (a.truth == truth, b.truth == truth) {
                (true, false) => a.facts,
                (false, true) => b.facts,
                _ => a.facts.into_iter().chain(b.facts).collect(),
            };
            Answer { truth, facts }
        })
    }

    fn marks(&self, result: &Fish) -> Match {
        let cells = self.cells_at_least.map_or(Match::Yes, |least| {
            result
                .cells
                .map_or(Match::Unclear(Reason::NotStated), |cells| {
                    Match::from_bool(cells >= least)
                })
        });
        listed(result.pattern.as_ref(), &self.pattern)
            .and(within(result.percent.map(|p| [p, p]), self.percent))
            .and(cells)
    }

    pub(super) fn words(&self) -> String {
        let is: Vec<&str> = FISH_STATUSES
            .iter()
            .filter(|(status, _)| self.is.contains(status))
            .map(|(_, name)| *name)
            .collect();
        let is = is.join(" or ").replace('_', " ");
        let mut words = vec![format!("fish {} {is}", genes_in_words(&self.genes))];
        if !self.pattern.is_empty() {
            words.push(format!("pattern {}", self.pattern.join(" or ")));
        }
        words.extend(self.percent.words("%"));
        words.extend(
            self.cells_at_least
                .map(|n| format!("in at least {n} nuclei")),
        );
        words.extend(self.take.words());
        words.join(" ")
    }
}
