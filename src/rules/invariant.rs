//! Proves what a pack claims of every case, or finds the case that refutes it.

use crate::case::{Case, Context};
use crate::rules::diagram::NONE;
use crate::rules::leaf::Leaf;
use crate::rules::program::{Claim, Condition, Invariant, Program};
use crate::rules::prove::Prover;
use crate::rules::space::Space;
use crate::rules::truth::Truth;

/// What became of an invariant.
#[derive(Debug)]
pub(crate) enum Finding {
    /// It holds for every case of the space.
    Holds,
    /// It does not hold.
    Fails {
        /// What breaks it, in words.
        why: String,
        /// The case with the fewest facts that breaks it.
        case: Box<Case>,
        /// Whether all its facts could be made up.
        made: bool,
    },
}

/// Checks one invariant.
pub(crate) fn check(
    invariant: &Invariant,
    program: &Program,
    space: &Space,
    prover: &mut Prover<'_>,
) -> Finding {
    match &invariant.claim {
        Claim::Never(condition) => never(condition, program, space, prover),
        Claim::Independent { decisions, of } => independent(decisions, of, program),
        Claim::UnknownWithout(kinds) => unknown_without(kinds, program),
        Claim::Ignores(what) => ignores(what, program, space),
    }
}

fn never(
    condition: &Condition,
    program: &Program,
    space: &Space,
    prover: &mut Prover<'_>,
) -> Finding {
    let yes = prover.cases(condition).yes;
    if yes == NONE {
        return Finding::Holds;
    }
    let states = prover.example(yes).unwrap_or_default();
    let (case, made) = space.case(&states);
    let solved = super::evaluate::solve(program, &case);
    let values: Vec<String> = program
        .decisions
        .iter()
        .zip(&solved.verdicts)
        .map(|(decision, verdict)| {
            format!("{}: {}", decision.name, decision.values[verdict.chosen])
        })
        .collect();
    Finding::Fails {
        why: format!("a case gives {}", values.join(", ")),
        case: Box::new(case),
        made,
    }
}

fn no_case(why: String) -> Finding {
    Finding::Fails {
        why,
        case: Box::default(),
        made: false,
    }
}

fn independent(decisions: &[usize], of: &[String], program: &Program) -> Finding {
    for decision in decisions {
        for rule in &program.concluding[*decision] {
            let rule = &program.rules[*rule];
            let mut asked = Vec::new();
            program.leaves_of(&rule.when, &mut asked);
            let found = asked.into_iter().find(|leaf| {
                let kind = program.leaves[*leaf].kind();
                of.iter().any(|k| k == kind)
            });
            if let Some(leaf) = found {
                return no_case(format!(
                    "rule {} concludes {} and asks: {}",
                    rule.id,
                    program.decisions[*decision].name,
                    program.leaves[leaf].words()
                ));
            }
        }
    }
    Finding::Holds
}

fn unknown_without(kinds: &[String], program: &Program) -> Finding {
    let empty = Case::default();
    for leaf in &program.leaves {
        let asked = kinds.iter().any(|k| k == leaf.kind()) && leaf.asks_verdict();
        if asked && !leaf.answer(&empty).truth.is_unknown() {
            return no_case(format!("without any fact this is known: {}", leaf.words()));
        }
    }
    Finding::Holds
}

fn ignores(what: &[String], program: &Program, space: &Space) -> Finding {
    let empty = Case::default();
    for group in &space.groups {
        let leaves: Vec<(&Leaf, Truth)> = group
            .leaves
            .iter()
            .map(|leaf| &program.leaves[*leaf])
            .map(|leaf| (leaf, leaf.answer(&empty).truth))
            .collect();
        for state in &group.states {
            for what in what {
                let Some(case) = set_aside(&state.facts, what) else {
                    continue;
                };
                let answers = leaves
                    .iter()
                    .filter(|(leaf, _)| !asks_for(leaf, what))
                    .find(|(leaf, without)| leaf.answer(&case).truth != *without);
                if let Some((leaf, _)) = answers {
                    return Finding::Fails {
                        why: format!(
                            "a fact that is {} answers: {}",
                            what.replace('_', " "),
                            leaf.words()
                        ),
                        case: Box::new(case),
                        made: state.made,
                    };
                }
            }
        }
    }
    Finding::Holds
}

/// Whether the question is about just such facts.
fn asks_for(leaf: &Leaf, what: &str) -> bool {
    !matches!(what, "superseded" | "prior")
        && matches!(leaf, Leaf::Ihc(test) if !test.cells.is_empty())
}

/// The facts marked as not of this tumour now. None where a kind of fact has no such mark.
fn set_aside(facts: &Case, what: &str) -> Option<Case> {
    let mut case = facts.clone();
    match what {
        "superseded" => {
            case.fusions.iter_mut().for_each(|f| f.superseded = true);
            case.ihc.iter_mut().for_each(|r| r.superseded = true);
            case.fish.iter_mut().for_each(|r| r.superseded = true);
            case.variants.iter_mut().for_each(|v| v.superseded = true);
        }
        "prior" => {
            let prior = Some(Context::Prior);
            case.fusions.iter_mut().for_each(|f| f.context = prior);
            case.ihc.iter_mut().for_each(|r| r.context = prior);
            case.fish.iter_mut().for_each(|r| r.context = prior);
            case.variants.iter_mut().for_each(|v| v.context = prior);
            let diagnoses = &mut case.history.diagnoses;
            for d in diagnoses.iter_mut() {
                d.context = prior;
            }
            let responses = &mut case.stated_responses;
            for r in responses.iter_mut() {
                r.context = prior;
            }
        }
        _ => {
            let cells = Some("control tissue".to_owned());
            case.ihc.iter_mut().for_each(|r| r.cells.clone_from(&cells));
        }
    }
    (case != *facts).then_some(case)
}

impl Program {
    /// The leaves a condition asks, through findings and decisions.
    pub(crate) fn leaves_of(&self, condition: &Condition, out: &mut Vec<usize>) {
        match condition {
            Condition::Leaf(leaf) => {
                if !out.contains(leaf) {
                    out.push(*leaf);
                }
            }
            Condition::Finding(finding) => self.leaves_of(&self.findings[*finding].when, out),
            Condition::Decided(decision, _)
            | Condition::Reported(decision, _)
            | Condition::Possible(decision, _) => {
                for rule in &self.concluding[*decision] {
                    self.leaves_of(&self.rules[*rule].when, out);
                }
            }
            other => {
                for part in other.parts() {
                    self.leaves_of(part, out);
                }
            }
        }
    }
}
