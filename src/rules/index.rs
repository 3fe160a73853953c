//! What each fact of a case can change: the leaves it can answer, and what rests on those.
//!
//! A leaf hears only facts of its own topic (the stain of its marker, FISH of its genes). Without one it says what it
//! says of a case without facts, and a rule none of whose leaves is heard has the value it has there. So a case costs
//! what its own facts can change, however many rules a pack holds.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::case::Case;
use crate::rules::fact::Between;
use crate::rules::leaf::{Answer, Leaf};
use crate::rules::program::{Condition, Program};
use crate::rules::solve::{Holder, Solved};

/// What a leaf asks about, and a fact is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Topic<'a> {
    /// Facts of a kind, whatever their name.
    Kind(&'static str),
    /// Facts of a kind about one gene, marker, feature or analyte.
    Named(&'static str, &'a str),
}

/// The index of a program.
#[derive(Debug)]
pub(crate) struct Index {
    /// The leaves of every topic: by kind, and by kind and name.
    by_kind: HashMap<&'static str, Vec<usize>>,
    by_name: HashMap<&'static str, HashMap<String, Vec<usize>>>,
    /// What rests on each leaf, finding and decision.
    of_leaf: Vec<Vec<Holder>>,
    of_finding: Vec<Vec<Holder>>,
    of_decision: Vec<Vec<Holder>>,
    /// What the program says of a case without facts.
    silent: Solved,
}

impl Index {
    pub(super) fn new(program: &Program) -> Self {
        let nothing = Case::default();
        let silent = program.leaves.iter().map(|l| l.answer(&nothing).truth);
        let mut index = Self {
            by_kind: HashMap::new(),
            by_name: HashMap::new(),
            of_leaf: vec![Vec::new(); program.leaves.len()],
            of_finding: vec![Vec::new(); program.findings.len()],
            of_decision: vec![Vec::new(); program.decisions.len()],
            silent: Solved::new(program, silent.collect()),
        };
        for (number, leaf) in program.leaves.iter().enumerate() {
            for topic in topics_of(leaf) {
                let leaves = match topic {
                    Topic::Kind(kind) => index.by_kind.entry(kind).or_default(),
                    Topic::Named(kind, name) => {
                        let names = index.by_name.entry(kind).or_default();
                        names.entry(name.to_owned()).or_default()
                    }
                };
                leaves.push(number);
            }
        }
        let findings = (0..program.findings.len()).map(Holder::Finding);
        for holder in findings.chain((0..program.rules.len()).map(Holder::Rule)) {
            index.rest(holder, program.when(holder));
        }
        index
    }

    /// Notes that a holder rests on everything its condition names.
    fn rest(&mut self, holder: Holder, when: &Condition) {
        when.walk(&mut |part| {
            let resting = match part {
                Condition::Leaf(leaf) => &mut self.of_leaf[*leaf],
                Condition::Finding(finding) => &mut self.of_finding[*finding],
                Condition::Decided(decision, _)
                | Condition::Reported(decision, _)
                | Condition::Possible(decision, _) => &mut self.of_decision[*decision],
                _ => return,
            };
            if resting.last() != Some(&holder) {
                resting.push(holder);
            }
        });
    }

    /// What the program says of a case without facts.
    pub(super) fn silent(&self) -> &Solved {
        &self.silent
    }

    pub(super) fn on_leaf(&self, leaf: usize) -> &[Holder] {
        &self.of_leaf[leaf]
    }

    pub(super) fn on_finding(&self, finding: usize) -> &[Holder] {
        &self.of_finding[finding]
    }

    pub(super) fn on_decision(&self, decision: usize) -> &[Holder] {
        &self.of_decision[decision]
    }

    /// The answer of every leaf that some fact of the case is about; the others answer as without facts.
    pub(super) fn answers(&self, program: &Program, case: &Case) -> BTreeMap<usize, Answer> {
        let heard: BTreeSet<usize> = topics_in(case)
            .iter()
            .filter_map(|topic| match topic {
                Topic::Kind(kind) => self.by_kind.get(kind),
                Topic::Named(kind, name) => self.by_name.get(kind)?.get(*name),
            })
            .flatten()
            .copied()
            .collect();
        heard
            .into_iter()
            .map(|leaf| (leaf, program.leaves[leaf].answer(case)))
            .collect()
    }
}

/// The topics a leaf hears.
fn topics_of(leaf: &Leaf) -> Vec<Topic<'_>> {
    match leaf {
        Leaf::Ihc(leaf) => vec![Topic::Named("ihc", &leaf.marker)],
        Leaf::Fish(leaf) => named("fish", &leaf.genes),
        Leaf::Variant(leaf) => named("variant", &leaf.genes),
        Leaf::Morphology(leaf) => vec![Topic::Named("morphology", &leaf.feature)],
        Leaf::Lab(leaf) => vec![Topic::Named("lab", &leaf.analyte)],
        Leaf::History(leaf) => vec![Topic::Named("history", leaf.key())],
        Leaf::Fusion(_) | Leaf::Measurement(_) | Leaf::Response(_) => {
            vec![Topic::Kind(leaf.kind())]
        }
        Leaf::Disagreement(leaf) => match leaf.between {
            Between::Methods => vec![Topic::Kind("fish"), Topic::Kind("fusion")],
            Between::Panels | Between::Samples | Between::Clones => vec![Topic::Kind("ihc")],
        },
    }
}

fn named<'a>(kind: &'static str, names: &'a BTreeSet<String>) -> Vec<Topic<'a>> {
    names.iter().map(|n| Topic::Named(kind, n)).collect()
}

/// The topics the facts of a case are about.
fn topics_in(case: &Case) -> BTreeSet<Topic<'_>> {
    let mut topics = BTreeSet::new();
    let Case {
        fusions,
        ihc,
        fish,
        variants,
        morphology,
        history,
        measurements,
        stated_responses,
        labs,
        ..
    } = case;
    topics.extend(ihc.iter().map(|f| Topic::Named("ihc", &f.marker)));
    topics.extend(fish.iter().map(|f| Topic::Named("fish", &f.gene)));
    topics.extend(variants.iter().map(|f| Topic::Named("variant", &f.gene)));
    topics.extend(
        morphology
            .iter()
            .map(|f| Topic::Named("morphology", &f.feature)),
    );
    topics.extend(labs.iter().map(|f| Topic::Named("lab", &f.analyte)));
    for (kind, any) in [
        ("fusion", !fusions.is_empty()),
        ("ihc", !ihc.is_empty()),
        ("fish", !fish.is_empty()),
        ("measurement", !measurements.is_empty()),
        ("response", !stated_responses.is_empty()),
    ] {
        if any {
            topics.insert(Topic::Kind(kind));
        }
    }
    for (key, any) in [
        ("history state", !history.states.is_empty()),
        ("history diagnosis", !history.diagnoses.is_empty()),
        ("history response", !history.treatments.is_empty()),
        ("history treatment", !history.treatments.is_empty()),
        ("history age", history.age.is_some()),
        ("history sex", history.sex.is_some()),
        ("history site", history.site.is_some()),
    ] {
        if any {
            topics.insert(Topic::Named("history", key));
        }
    }
    topics
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Pack;

    #[test]
    fn a_leaf_no_fact_is_about_says_what_it_says_of_nothing() {
        let loaded = Pack::load_built_in();
        let pack = loaded.pack.expect("the shipped pack");
        let index = pack.program.index();
        let leaves = &pack.program.leaves;
        let cases = crate::trials::cases(&pack, &loaded.sources);
        let mut heard = 0;
        for case in &cases {
            let answers = index.answers(&pack.program, case);
            heard += answers.len();
            for (number, leaf) in leaves.iter().enumerate() {
                let direct = leaf.answer(case);
                if let Some(answer) = answers.get(&number) {
                    assert_eq!(*answer, direct, "{}", leaf.words());
                } else {
                    let silent = index.silent.leaves[number];
                    assert_eq!(direct.truth, silent, "{}", leaf.words());
                    assert!(direct.facts.is_empty(), "{}", leaf.words());
                }
            }
        }
        let all = leaves.len() * cases.len();
        assert!(
            heard * 2 < all,
            "{heard} of {all} leaves were asked again: the index finds nothing"
        );
    }

    #[test]
    fn what_is_solved_again_is_what_would_be_solved_whole() {
        let loaded = Pack::load_built_in();
        let pack = loaded.pack.expect("the shipped pack");
        let program = &*pack.program;
        for case in &crate::trials::cases(&pack, &loaded.sources) {
            let leaves = program.leaves.iter().map(|leaf| leaf.answer(case).truth);
            let whole = Solved::new(program, leaves.collect());
            assert_eq!(crate::rules::evaluate::solve(program, case), whole);
        }
    }
}
