//! The states a case can be in, as far as the rules of a program can tell.
//!
//! The leaves of one kind of fact are not independent: a stain cannot be positive and negative at
//! once. So the leaves are grouped by the fact they ask for, and each group is one variable. Its states
//! are found by asking the leaves themselves about made-up facts, one and two at a time: whatever the
//! evaluator answers about any of them is a state, and each state keeps the facts that make it. Nothing
//! here repeats what a leaf means.
//!
//! What is not covered: three or more results of one kind that say something no two of them say.

use std::collections::{BTreeMap, HashMap};

use crate::case::Case;
use crate::rules::leaf::Leaf;
use crate::rules::program::{Condition, Program};
use crate::rules::truth::{Reason, Truth};
use crate::vocab::Vocab;

mod facts;
mod fusions;

/// All variables and their states.
#[derive(Debug)]
pub(crate) struct Space {
    pub(crate) groups: Vec<Group>,
    /// The group of each leaf, and its place in it.
    of_leaf: Vec<(usize, usize)>,
}

/// The leaves that ask for one kind of fact.
#[derive(Debug)]
pub(crate) struct Group {
    /// For example `ihc ALK`.
    pub(crate) name: String,
    pub(crate) leaves: Vec<usize>,
    /// The first is that of a case without such a fact.
    pub(crate) states: Vec<State>,
}

/// One way to answer all leaves of a group.
#[derive(Debug)]
pub(crate) struct State {
    /// The answer to each leaf of the group.
    pub(crate) truths: Vec<Truth>,
    /// Facts that make it.
    pub(crate) facts: Case,
    /// How many they are.
    pub(crate) count: usize,
    /// Whether the facts stand alone: a disagreement needs facts of another group.
    pub(crate) made: bool,
}

/// Most distinct answers of one fact that are combined two at a time.
const MOST_COMBINED: usize = 160;

/// One reason for all that no `assume:` of a program tells apart.
#[derive(Debug)]
struct Coarse([Reason; Reason::ALL.len()]);

impl Coarse {
    fn new(program: &Program) -> Self {
        let mut named = Vec::new();
        let rules = program.rules.iter().map(|r| &r.when);
        for condition in rules.chain(program.findings.iter().map(|f| &f.when)) {
            condition.walk(&mut |c| {
                if let Condition::Assume { when, .. } = c {
                    named.push(*when);
                }
            });
        }
        let signs = |reason: Reason| -> Vec<bool> {
            named
                .iter()
                .map(|when| when.iter().any(|r| r == reason))
                .collect()
        };
        Self(Reason::ALL.map(|(reason, _)| {
            let mut all = Reason::ALL.iter().map(|(first, _)| *first);
            all.find(|first| signs(*first) == signs(reason))
                .unwrap_or(reason)
        }))
    }

    fn of(&self, truth: Truth) -> Truth {
        match truth {
            Truth::Unknown(why) => {
                Truth::Unknown(why.iter().map(|reason| self.0[reason as usize]).collect())
            }
            known => known,
        }
    }
}

impl Space {
    pub(crate) fn new(program: &Program, vocab: &Vocab) -> Self {
        let coarse = Coarse::new(program);
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, leaf) in program.leaves.iter().enumerate() {
            by_name.entry(group_of(leaf)).or_default().push(index);
        }
        let mut groups: Vec<Group> = by_name
            .into_iter()
            .map(|(name, leaves)| group(program, vocab, &coarse, name, leaves))
            .collect();
        // Sets stay small when the variables with the most states are asked last.
        groups.sort_by_key(|group| group.states.len());
        let mut of_leaf = vec![(0, 0); program.leaves.len()];
        for (number, group) in groups.iter().enumerate() {
            for (at, leaf) in group.leaves.iter().enumerate() {
                of_leaf[*leaf] = (number, at);
            }
        }
        Self { groups, of_leaf }
    }

    /// The variable of a leaf and its answer in each state.
    pub(crate) fn truths(&self, leaf: usize) -> (usize, Vec<Truth>) {
        let (group, at) = self.of_leaf[leaf];
        let states = self.groups[group].states.iter();
        (group, states.map(|state| state.truths[at]).collect())
    }

    /// What a state takes: the number of its facts.
    pub(crate) fn cost(&self, group: usize, state: usize) -> usize {
        self.groups[group].states[state].count
    }

    /// Each kind of fact and how many states it has.
    pub(crate) fn sizes(&self) -> Vec<(String, usize)> {
        let groups = self.groups.iter();
        groups.map(|g| (g.name.clone(), g.states.len())).collect()
    }

    /// Which outcomes a leaf can have: true, false, unknown.
    pub(crate) fn outcomes(&self, leaf: usize) -> [bool; 3] {
        let (_, truths) = self.truths(leaf);
        let mut seen = [false; 3];
        for truth in truths {
            seen[truth.index()] = true;
        }
        seen
    }

    /// How many cases are told apart, in words.
    pub(crate) fn size(&self) -> String {
        let product = self.groups.iter().try_fold(1_u128, |all, group| {
            all.checked_mul(group.states.len() as u128)
        });
        let kinds = self.groups.len();
        match product {
            Some(cases) if cases < 1_000_000 => format!("{cases} cases over {kinds} kinds of fact"),
            Some(cases) => {
                let digits = cases.to_string();
                let power = digits.len() - 1;
                let (first, second) = (&digits[..1], &digits[1..2]);
                format!("{first}.{second} x 10^{power} cases over {kinds} kinds of fact")
            }
            None => format!("more than 10^38 cases over {kinds} kinds of fact"),
        }
    }

    /// The facts of a case, and whether all of them could be made.
    pub(crate) fn case(&self, states: &BTreeMap<usize, usize>) -> (Case, bool) {
        let mut case = Case::default();
        let mut made = true;
        for (group, state) in states {
            let state = &self.groups[*group].states[*state];
            case.extend(state.facts.clone());
            made &= state.made;
        }
        (case, made)
    }
}

/// The variable a leaf belongs to. Leaves that can be answered by the same fact share one.
fn group_of(leaf: &Leaf) -> String {
    match leaf {
        Leaf::Fusion(_) => "fusion".to_owned(),
        Leaf::Fish(_) => "fish".to_owned(),
        Leaf::Variant(_) => "variant".to_owned(),
        Leaf::Measurement(_) => "measurement".to_owned(),
        Leaf::History(test) => match test.key() {
            "history response" => "history treatment".to_owned(),
            key => key.to_owned(),
        },
        Leaf::Disagreement(test) => format!("disagreement: {}", test.words()),
        leaf => leaf.key(),
    }
}

fn group(
    program: &Program,
    vocab: &Vocab,
    coarse: &Coarse,
    name: String,
    leaves: Vec<usize>,
) -> Group {
    let asked: Vec<&Leaf> = leaves.iter().map(|leaf| &program.leaves[*leaf]).collect();
    let answers = |case: &Case| -> Vec<Truth> {
        asked
            .iter()
            .map(|leaf| coarse.of(leaf.answer(case).truth))
            .collect()
    };
    let mut states: Vec<State> = Vec::new();
    let mut seen: HashMap<Vec<Truth>, usize> = HashMap::new();
    let mut add = |facts: Case, count: usize, states: &mut Vec<State>| {
        let truths = answers(&facts);
        if !seen.contains_key(&truths) {
            seen.insert(truths.clone(), states.len());
            states.push(State {
                truths,
                facts,
                count,
                made: true,
            });
        }
    };
    add(Case::default(), 0, &mut states);
    let singles = facts::single(&asked, vocab);
    for facts in singles {
        add(facts, 1, &mut states);
    }
    let distinct: Vec<Case> = states
        .iter()
        .skip(1)
        .take(MOST_COMBINED)
        .map(|state| state.facts.clone())
        .collect();
    for (at, first) in distinct.iter().enumerate() {
        for second in &distinct[at..] {
            let mut facts = first.clone();
            facts.extend(second.clone());
            add(facts, 2, &mut states);
        }
    }
    if let [Leaf::Disagreement(_)] = asked.as_slice() {
        states.push(State {
            truths: vec![Truth::True],
            facts: Case::default(),
            count: 2,
            made: false,
        });
    }
    Group {
        name,
        leaves,
        states,
    }
}
