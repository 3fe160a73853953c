//! The truth of every finding, decision and rule, from the truth of the leaves.
//!
//! A program is solved whole once, for a case without facts; a case then costs what its facts change of that.
//!
//! What an operator means stands here once, in [`combine`]: the answer, its explanation, the tests of
//! a pack, its mutants and the proofs of its invariants all ask this.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::rules::program::{Condition, Program, Step};
use crate::rules::truth::{Reason, Truth};

mod verdict;

pub(crate) use verdict::Verdict;

/// The truth of everything a program holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Solved {
    pub(crate) leaves: Vec<Truth>,
    pub(crate) findings: Vec<Truth>,
    pub(crate) verdicts: Vec<Verdict>,
    pub(crate) rules: Vec<Truth>,
}

/// A condition that stands in place of the one of a rule or finding.
#[derive(Debug, Clone)]
pub(crate) struct Swap {
    pub(crate) of: Holder,
    pub(crate) when: Condition,
}

/// What holds a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Holder {
    Rule(usize),
    Finding(usize),
}

/// The truth of an operator from the truths of its parts.
pub(crate) fn combine(condition: &Condition, parts: impl IntoIterator<Item = Truth>) -> Truth {
    let mut parts = parts.into_iter();
    match condition {
        Condition::All(_) => Truth::all(parts),
        Condition::Any(_) => Truth::any(parts),
        Condition::NoneOf(_) => Truth::any(parts).negate(),
        Condition::AtLeast { n, .. } => Truth::at_least(*n, parts),
        Condition::Finding(_)
        | Condition::Decided(..)
        | Condition::Reported(..)
        | Condition::Possible(..)
        | Condition::Leaf(_) => parts.next().unwrap_or(Truth::False),
        Condition::Not(_) => parts.next().map_or(Truth::False, Truth::negate),
        Condition::Known(_) => Truth::from_bool(parts.next().is_some_and(|p| !p.is_unknown())),
        Condition::Assume { when, is, .. } => match parts.next() {
            Some(Truth::Unknown(why)) if why.is_subset(*when) => Truth::from_bool(*is),
            other => other.unwrap_or(Truth::False),
        },
        Condition::DoubtUnless { .. } => match parts.next() {
            None | Some(Truth::False) => Truth::unknown(Reason::Unresolved),
            Some(other) => other,
        },
    }
}

impl Solved {
    /// Solves a program, from the truth of each of its leaves.
    pub(crate) fn new(program: &Program, leaves: Vec<Truth>) -> Self {
        let mut solved = Self {
            leaves,
            findings: vec![Truth::False; program.findings.len()],
            verdicts: vec![Verdict::default(); program.decisions.len()],
            rules: vec![Truth::False; program.rules.len()],
        };
        for step in &program.order {
            match *step {
                Step::Finding(index) => {
                    solved.findings[index] = solved.holder(program, Holder::Finding(index), None);
                }
                Step::Decision(index) => {
                    for rule in &program.concluding[index] {
                        solved.rules[*rule] = solved.holder(program, Holder::Rule(*rule), None);
                    }
                    solved.verdicts[index] = solved.verdict(program, index);
                }
            }
        }
        for (index, rule) in program.rules.iter().enumerate() {
            if rule.conclude.is_none() {
                solved.rules[index] = solved.holder(program, Holder::Rule(index), None);
            }
        }
        solved
    }

    /// The same program where some leaves have another value, or one condition is swapped for another: only what
    /// rests on a change is solved again.
    pub(crate) fn changed(
        &self,
        program: &Program,
        leaves: impl IntoIterator<Item = (usize, Truth)>,
        swap: Option<&Swap>,
    ) -> Self {
        let index = program.index();
        let mut solved = self.clone();
        let mut stale = Stale::new(program);
        for (leaf, truth) in leaves {
            if solved.leaves[leaf] != truth {
                solved.leaves[leaf] = truth;
                stale.add(program, index.on_leaf(leaf));
            }
        }
        stale.add(program, swap.map(|swap| swap.of).as_slice());
        for step in &program.order {
            match *step {
                Step::Finding(finding) if stale.findings[finding] => {
                    let truth = solved.holder(program, Holder::Finding(finding), swap);
                    if solved.findings[finding] != truth {
                        solved.findings[finding] = truth;
                        stale.add(program, index.on_finding(finding));
                    }
                }
                Step::Decision(decision) if stale.decisions[decision] => {
                    for rule in &program.concluding[decision] {
                        if stale.rules[*rule] {
                            solved.rules[*rule] = solved.holder(program, Holder::Rule(*rule), swap);
                        }
                    }
                    let verdict = solved.verdict(program, decision);
                    if solved.verdicts[decision] != verdict {
                        solved.verdicts[decision] = verdict;
                        stale.add(program, index.on_decision(decision));
                    }
                }
                Step::Finding(_) | Step::Decision(_) => {}
            }
        }
        // In the order they lie in memory.
        for rule in 0..program.rules.len() {
            if stale.rules[rule] && program.rules[rule].conclude.is_none() {
                solved.rules[rule] = solved.holder(program, Holder::Rule(rule), swap);
            }
        }
        solved
    }

    /// The verdict of a decision, from the truth of the rules that conclude it.
    fn verdict(&self, program: &Program, index: usize) -> Verdict {
        let decision = &program.decisions[index];
        let mut truths = vec![Truth::False; decision.values.len()];
        for rule in &program.concluding[index] {
            if let Some((_, value)) = program.rules[*rule].conclude {
                truths[value] = Truth::any([truths[value], self.rules[*rule]]);
            }
        }
        Verdict::new(decision.hit, decision.default, truths)
    }

    fn holder(&self, program: &Program, holder: Holder, swap: Option<&Swap>) -> Truth {
        let when = match swap {
            Some(swap) if swap.of == holder => &swap.when,
            _ => program.when(holder),
        };
        self.truth(when)
    }

    /// The truth of a condition; findings and decisions it rests on must be solved.
    pub(crate) fn truth(&self, condition: &Condition) -> Truth {
        match condition {
            Condition::Leaf(leaf) => self.leaves[*leaf],
            Condition::Finding(finding) => self.findings[*finding],
            Condition::Decided(decision, value) => self.verdicts[*decision].is(*value),
            Condition::Reported(decision, value) => {
                Truth::from_bool(self.verdicts[*decision].has(*value))
            }
            Condition::Possible(decision, value) => {
                let verdict = &self.verdicts[*decision];
                Truth::from_bool(
                    verdict.has(*value)
                        || verdict.truths[*value].is_true()
                        || verdict.open().contains(value),
                )
            }
            operator => combine(
                operator,
                operator.parts().iter().map(|part| self.truth(part)),
            ),
        }
    }
}

/// What has to be solved again.
struct Stale {
    findings: Vec<bool>,
    rules: Vec<bool>,
    decisions: Vec<bool>,
}

impl Stale {
    fn new(program: &Program) -> Self {
        Self {
            findings: vec![false; program.findings.len()],
            rules: vec![false; program.rules.len()],
            decisions: vec![false; program.decisions.len()],
        }
    }

    fn add(&mut self, program: &Program, holders: &[Holder]) {
        for holder in holders {
            match *holder {
                Holder::Finding(finding) => self.findings[finding] = true,
                Holder::Rule(rule) => {
                    self.rules[rule] = true;
                    if let Some((decision, _)) = program.rules[rule].conclude {
                        self.decisions[decision] = true;
                    }
                }
            }
        }
    }
}

impl Solved {
    /// Keys of the unknown leaves a condition depends on, sorted; empty when it is known.
    pub(crate) fn missing(
        &self,
        program: &Program,
        condition: &Condition,
        swap: Option<&Swap>,
    ) -> Vec<String> {
        let mut keys = BTreeSet::new();
        self.collect_missing(program, condition, swap, &mut keys);
        keys.into_iter().map(|key| key.to_string()).collect()
    }

    fn collect_missing(
        &self,
        program: &Program,
        condition: &Condition,
        swap: Option<&Swap>,
        out: &mut BTreeSet<Arc<str>>,
    ) {
        let truth = self.truth(condition);
        // A default hides an unknown; a result would replace it.
        let assumed = matches!(condition, Condition::Assume { of, .. } if self.truth(of) != truth);
        if !truth.is_unknown() && !assumed {
            return;
        }
        let when = |holder| match swap {
            Some(swap) if swap.of == holder => &swap.when,
            _ => program.when(holder),
        };
        match condition {
            Condition::Leaf(leaf) => {
                out.insert(program.spoken()[*leaf].1.clone());
            }
            Condition::Finding(finding) => {
                self.collect_missing(program, when(Holder::Finding(*finding)), swap, out);
            }
            Condition::Decided(decision, value) => {
                for rule in &program.concluding[*decision] {
                    if program.rules[*rule].conclude == Some((*decision, *value)) {
                        self.collect_missing(program, when(Holder::Rule(*rule)), swap, out);
                    }
                }
            }
            operator => {
                for part in operator.parts() {
                    self.collect_missing(program, part, swap, out);
                }
            }
        }
    }
}

impl Program {
    /// The condition of a rule or finding.
    pub(crate) fn when(&self, holder: Holder) -> &Condition {
        match holder {
            Holder::Rule(index) => &self.rules[index].when,
            Holder::Finding(index) => &self.findings[index].when,
        }
    }
}
