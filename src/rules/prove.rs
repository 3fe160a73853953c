//! What holds for every case: pairs of rules that never meet, rules that are never true, invariants.
//!
//! Every condition becomes sets of cases over the states of [`Space`]: those in which it is true, those
//! in which it is false, and for each reason those in which it is unknown for it.

use std::collections::BTreeMap;

use crate::rules::diagram::{ALL, Diagram, NONE, Set};
use crate::rules::program::{Condition, Program, Step};
use crate::rules::raw::Hit;
use crate::rules::solve::{Holder, Swap};
use crate::rules::space::Space;
use crate::rules::truth::{Reason, Reasons, Truth};

/// The cases in which a condition is true, false, and unknown for each reason.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cases {
    pub(crate) yes: Set,
    pub(crate) no: Set,
    why: [Set; REASONS],
}

const REASONS: usize = Reason::ALL.len();

impl Cases {
    /// True in some cases, false in the others.
    fn known(yes: Set, no: Set) -> Self {
        Self {
            yes,
            no,
            why: [NONE; REASONS],
        }
    }
}

/// A case in which a rule says something else when a condition is changed.
#[derive(Debug)]
pub(crate) struct Apart {
    pub(crate) rule: usize,
    /// The outcome of the rule as it stands.
    pub(crate) was: &'static str,
    /// The outcome under the change.
    pub(crate) is: &'static str,
    /// The case, as states by variable.
    pub(crate) states: BTreeMap<usize, usize>,
}

/// A decision over all cases.
#[derive(Debug, Clone)]
struct Decided {
    /// Where each value is the one reported.
    reported: Vec<Set>,
    /// Where each value is open.
    open: Vec<Set>,
    /// Where each value is true.
    truths: Vec<Cases>,
    /// Where several values of a decision that allows one are true.
    conflict: Set,
}

/// Everything a program says, over all cases.
#[derive(Debug)]
pub(crate) struct Prover<'p> {
    program: &'p Program,
    pub(crate) space: &'p Space,
    pub(crate) diagram: Diagram,
    findings: Vec<Cases>,
    decisions: Vec<Decided>,
    pub(crate) rules: Vec<Cases>,
}

impl<'p> Prover<'p> {
    pub(crate) fn new(program: &'p Program, space: &'p Space) -> Self {
        let nothing = Cases::known(NONE, ALL);
        let mut prover = Self {
            program,
            space,
            diagram: Diagram::default(),
            findings: vec![nothing; program.findings.len()],
            decisions: program
                .decisions
                .iter()
                .map(|_| Decided {
                    reported: Vec::new(),
                    open: Vec::new(),
                    truths: Vec::new(),
                    conflict: NONE,
                })
                .collect(),
            rules: vec![nothing; program.rules.len()],
        };
        prover.solve(None);
        prover
    }

    /// Works out every finding, decision and rule, with one condition swapped for another.
    fn solve(&mut self, swap: Option<&Swap>) {
        let program = self.program;
        for step in &program.order {
            match *step {
                Step::Finding(index) => {
                    self.findings[index] = self.holder(Holder::Finding(index), swap);
                }
                Step::Decision(index) => self.decide(index, swap),
            }
        }
        for (index, rule) in program.rules.iter().enumerate() {
            if rule.conclude.is_none() {
                self.rules[index] = self.holder(Holder::Rule(index), swap);
            }
        }
    }

    fn holder(&mut self, holder: Holder, swap: Option<&Swap>) -> Cases {
        match swap {
            Some(swap) if swap.of == holder => self.cases(&swap.when),
            _ => self.cases(self.program.when(holder)),
        }
    }

    fn decide(&mut self, index: usize, swap: Option<&Swap>) {
        let program = self.program;
        let decision = &program.decisions[index];
        let count = decision.values.len();
        let mut by_value: Vec<Vec<Cases>> = vec![Vec::new(); count];
        for rule in &program.concluding[index] {
            let cases = self.holder(Holder::Rule(*rule), swap);
            self.rules[*rule] = cases;
            if let Some((_, value)) = program.rules[*rule].conclude {
                by_value[value].push(cases);
            }
        }
        let truths: Vec<Cases> = by_value.iter().map(|of| self.at_least(1, of)).collect();
        let d = &mut self.diagram;
        let yes: Vec<Set> = truths.iter().map(|t| t.yes).collect();
        let nothing = d.any(yes.iter().copied());
        let nothing = d.not(nothing);
        let two = d.at_least(2, &yes);
        let conflict = if decision.hit == Hit::Unique {
            two
        } else {
            NONE
        };
        let one_answer = d.not(conflict);
        let mut reported = Vec::new();
        let mut above = NONE;
        for (value, truth) in truths.iter().enumerate() {
            let not_above = d.not(above);
            let first = d.and(truth.yes, not_above);
            let mut here = first;
            if value == decision.default {
                here = d.or(here, nothing);
            }
            reported.push(d.and(here, one_answer));
            above = d.or(above, truth.yes);
        }
        let mut open = Vec::new();
        let mut above = NONE;
        for truth in &truths {
            above = d.or(above, truth.yes);
            let known = d.or(truth.yes, truth.no);
            let mut here = d.not(known);
            if decision.hit == Hit::Priority {
                // Only above the value chosen, or where none was.
                let free = d.not(above);
                here = d.and(here, free);
            }
            open.push(here);
        }
        self.decisions[index] = Decided {
            reported,
            open,
            truths,
            conflict,
        };
    }

    /// The cases of a condition; findings and decisions it rests on must be worked out.
    pub(crate) fn cases(&mut self, condition: &Condition) -> Cases {
        match condition {
            Condition::Leaf(leaf) => self.leaf(*leaf),
            Condition::Finding(finding) => self.findings[*finding],
            Condition::Decided(decision, value) => self.decided(*decision, *value),
            Condition::Reported(decision, value) => {
                let set = self.decisions[*decision].reported[*value];
                self.is(set)
            }
            Condition::Possible(decision, value) => {
                let of = &self.decisions[*decision];
                let sets = [of.reported[*value], of.open[*value], of.truths[*value].yes];
                let set = self.diagram.any(sets);
                self.is(set)
            }
            Condition::All(of) => {
                let parts: Vec<Cases> = of.iter().map(|c| self.cases(c)).collect();
                self.at_least(parts.len(), &parts)
            }
            Condition::Any(of) => {
                let parts: Vec<Cases> = of.iter().map(|c| self.cases(c)).collect();
                self.at_least(1, &parts)
            }
            Condition::NoneOf(of) => {
                let parts: Vec<Cases> = of.iter().map(|c| self.cases(c)).collect();
                negated(self.at_least(1, &parts))
            }
            Condition::AtLeast { n, of, .. } => {
                let parts: Vec<Cases> = of.iter().map(|c| self.cases(c)).collect();
                self.at_least(*n, &parts)
            }
            Condition::Not(of) => negated(self.cases(of)),
            Condition::Known(of) => {
                let part = self.cases(of);
                let known = self.diagram.or(part.yes, part.no);
                self.is(known)
            }
            Condition::Assume { of, when, is, .. } => {
                let part = self.cases(of);
                self.assume(part, *when, *is)
            }
            Condition::DoubtUnless { of, .. } => {
                let mut part = self.cases(of);
                let at = Reason::Unresolved as usize;
                part.why[at] = self.diagram.or(part.why[at], part.no);
                part.no = NONE;
                part
            }
        }
    }

    fn is(&mut self, set: Set) -> Cases {
        let other = self.diagram.not(set);
        Cases::known(set, other)
    }

    fn leaf(&mut self, leaf: usize) -> Cases {
        let (variable, truths) = self.space.truths(leaf);
        let mut set = |holds: &dyn Fn(Truth) -> bool| {
            let holds: Vec<bool> = truths.iter().map(|t| holds(*t)).collect();
            self.diagram.where_states(variable, &holds)
        };
        let yes = set(&|t| t.is_true());
        let no = set(&|t| t.is_false());
        let why = Reason::ALL.map(|(reason, _)| {
            set(&|t| matches!(t, Truth::Unknown(why) if why.iter().any(|r| r == reason)))
        });
        Cases { yes, no, why }
    }

    fn at_least(&mut self, n: usize, parts: &[Cases]) -> Cases {
        let d = &mut self.diagram;
        let yes: Vec<Set> = parts.iter().map(|p| p.yes).collect();
        let no: Vec<Set> = parts.iter().map(|p| p.no).collect();
        let reached = d.at_least(n, &yes);
        // Too few are left when more than `len - n` are false.
        let missed = match (parts.len() + 1).checked_sub(n) {
            Some(too_many) => d.at_least(too_many, &no),
            None => ALL,
        };
        let known = d.or(reached, missed);
        let unknown = d.not(known);
        let mut why = [NONE; REASONS];
        for (reason, set) in why.iter_mut().enumerate() {
            let any = d.any(parts.iter().map(|p| p.why[reason]));
            *set = d.and(any, unknown);
        }
        Cases {
            yes: reached,
            no: missed,
            why,
        }
    }

    fn assume(&mut self, mut part: Cases, when: Reasons, is: bool) -> Cases {
        let d = &mut self.diagram;
        let known = d.or(part.yes, part.no);
        let unknown = d.not(known);
        // Taken where no reason is outside those named.
        let outside: Vec<Set> = Reason::ALL
            .iter()
            .enumerate()
            .filter(|(_, (reason, _))| !when.iter().any(|r| r == *reason))
            .map(|(index, _)| part.why[index])
            .collect();
        let kept = d.any(outside);
        let not_kept = d.not(kept);
        let taken = d.and(unknown, not_kept);
        if is {
            part.yes = d.or(part.yes, taken);
        } else {
            part.no = d.or(part.no, taken);
        }
        for set in &mut part.why {
            *set = d.and(*set, kept);
        }
        part
    }

    /// Whether a decision has a value, as another rule sees it.
    fn decided(&mut self, decision: usize, value: usize) -> Cases {
        let of = self.decisions[decision].clone();
        let hit = self.program.decisions[decision].hit;
        let d = &mut self.diagram;
        let any_open = d.any(of.open.iter().copied());
        let settled = d.not(any_open);
        let mut yes = d.and(of.reported[value], settled);
        let mut unresolved = d.and(of.reported[value], any_open);
        unresolved = d.or(unresolved, of.open[value]);
        if hit == Hit::Collect {
            let concluded = d.any(of.truths.iter().map(|t| t.yes));
            let nothing = d.not(concluded);
            let alone = d.and(nothing, yes);
            yes = d.or(of.truths[value].yes, alone);
            let open = d.and(nothing, unresolved);
            let known = d.or(of.truths[value].yes, of.truths[value].no);
            let unknown = d.not(known);
            unresolved = d.or(open, unknown);
        }
        let one_answer = d.not(of.conflict);
        yes = d.and(yes, one_answer);
        unresolved = d.and(unresolved, one_answer);
        let conflicting = d.and(of.conflict, of.truths[value].yes);
        let unknown = d.or(unresolved, conflicting);
        let not_no = d.or(yes, unknown);
        let mut cases = Cases::known(yes, d.not(not_no));
        cases.why[Reason::Unresolved as usize] = unresolved;
        cases.why[Reason::Conflicting as usize] = conflicting;
        cases
    }

    /// The case with the fewest facts in which some rule is true, false or unknown and is not so under
    /// the change. None where no case tells the two apart.
    pub(crate) fn told_apart(&mut self, swap: &Swap) -> Option<Apart> {
        let before = match swap.of {
            Holder::Rule(index) => self.rules[index],
            Holder::Finding(index) => self.findings[index],
        };
        if self.cases(&swap.when) == before {
            return None;
        }
        let kept = (
            self.findings.clone(),
            self.decisions.clone(),
            self.rules.clone(),
        );
        self.solve(Some(swap));
        let changed = std::mem::take(&mut self.rules);
        (self.findings, self.decisions, self.rules) = kept;
        let mut best: Option<(usize, Apart)> = None;
        for (rule, after) in changed.into_iter().enumerate() {
            if let Holder::Rule(own) = swap.of
                && own != rule
            {
                continue;
            }
            let before = self.outcomes(self.rules[rule]);
            let after = self.outcomes(after);
            for (was, first) in before {
                for (is, second) in after {
                    if was == is {
                        continue;
                    }
                    let set = self.diagram.and(first, second);
                    let Some(states) = self.example(set) else {
                        continue;
                    };
                    let price = states.iter().map(|(v, s)| self.space.cost(*v, *s)).sum();
                    if best.as_ref().is_none_or(|(least, _)| price < *least) {
                        best = Some((
                            price,
                            Apart {
                                rule,
                                was,
                                is,
                                states,
                            },
                        ));
                    }
                }
            }
        }
        best.map(|(_, apart)| apart)
    }

    /// Where a rule is true, false and unknown.
    fn outcomes(&mut self, cases: Cases) -> [(&'static str, Set); 3] {
        let known = self.diagram.or(cases.yes, cases.no);
        let unknown = self.diagram.not(known);
        [
            ("true", cases.yes),
            ("false", cases.no),
            ("unknown", unknown),
        ]
    }

    /// Whether a value is never the one reported while this rule is true.
    pub(crate) fn never_shows(&mut self, rule: usize, decision: usize, value: usize) -> bool {
        let shown = self.decisions[decision].reported[value];
        let hit = self.program.decisions[decision].hit;
        hit == Hit::Priority && self.diagram.and(self.rules[rule].yes, shown) == NONE
    }

    /// The cheapest case of a set, as states by variable.
    pub(crate) fn example(&self, set: Set) -> Option<BTreeMap<usize, usize>> {
        self.diagram
            .cheapest(set, &|variable, state| self.space.cost(variable, state))
    }
}

fn negated(cases: Cases) -> Cases {
    Cases {
        yes: cases.no,
        no: cases.yes,
        why: cases.why,
    }
}
