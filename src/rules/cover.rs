//! What the tests of a pack have seen: outcomes of rules and leaves, and leaves that mattered.

use crate::case::Case;
use crate::rules::Pack;
use crate::rules::diagram::{ALL, NONE};
use crate::rules::prove::Prover;
use crate::rules::solve::Solved;
use crate::rules::space::Space;
use crate::rules::truth::{Reason, Truth};

/// What was seen of one rule.
#[derive(Debug, Clone)]
pub struct RuleCover {
    /// The rule.
    pub id: String,
    /// Whether tests that say what it does saw it true, false, unknown.
    pub seen: [bool; 3],
    /// Whether any case of facts could make it so.
    pub possible: [bool; 3],
    /// Questions it rests on.
    pub leaves: usize,
    /// Those of which every outcome that can be was seen.
    pub leaves_seen: usize,
    /// Those on which the outcome of some test hung.
    pub leaves_decided: usize,
}

impl RuleCover {
    /// Outcomes that could be seen and were not: `true`, `false`, `unknown`.
    #[must_use]
    pub fn unseen(&self) -> Vec<&'static str> {
        ["true", "false", "unknown"]
            .into_iter()
            .enumerate()
            .filter(|(index, _)| self.possible[*index] && !self.seen[*index])
            .map(|(_, name)| name)
            .collect()
    }
}

impl Pack {
    /// What the tests saw of every rule. `cases` are the cases the tests give, in the order of
    /// [`Pack::trials`].
    #[must_use]
    pub fn cover(&self, cases: &[Case]) -> Vec<RuleCover> {
        let program = &self.program;
        let space = Space::new(program, self.vocab());
        let mut prover = Prover::new(program, &space);
        let solved: Vec<Solved> = cases
            .iter()
            .map(|case| super::evaluate::solve(program, case))
            .collect();
        let mut out = Vec::new();
        for (index, rule) in program.rules.iter().enumerate() {
            let ours: Vec<&Solved> = self
                .trials()
                .iter()
                .zip(&solved)
                .filter(|(trial, _)| trial.expect.fires.iter().any(|(id, _)| *id == rule.id))
                .map(|(_, solved)| solved)
                .collect();
            let mut seen = [false; 3];
            for solved in &ours {
                seen[solved.rules[index].index()] = true;
            }
            let cases = prover.rules[index];
            let known = prover.diagram.or(cases.yes, cases.no);
            let mut leaves = Vec::new();
            program.leaves_of(&rule.when, &mut leaves);
            let (mut leaves_seen, mut leaves_decided) = (0, 0);
            for leaf in &leaves {
                let mut outcomes = [false; 3];
                for solved in &ours {
                    outcomes[solved.leaves[*leaf].index()] = true;
                }
                let possible = space.outcomes(*leaf);
                leaves_seen += usize::from((0..3).all(|o| outcomes[o] || !possible[o]));
                leaves_decided += usize::from(ours.iter().any(|solved| {
                    turned(solved.leaves[*leaf]).into_iter().any(|truth| {
                        let turned = solved.changed(program, [(*leaf, truth)], None);
                        turned.rules[index].index() != solved.rules[index].index()
                    })
                }));
            }
            out.push(RuleCover {
                id: rule.id.clone(),
                seen,
                possible: [cases.yes != NONE, cases.no != NONE, known != ALL],
                leaves: leaves.len(),
                leaves_seen,
                leaves_decided,
            });
        }
        out
    }
}

/// The other values a leaf could have had.
fn turned(truth: Truth) -> Vec<Truth> {
    [Truth::True, Truth::False, Truth::unknown(Reason::NotTested)]
        .into_iter()
        .filter(|other| other.index() != truth.index())
        .collect()
}
