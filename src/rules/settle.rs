//! What a further result would change: the next test for an open decision, and what would make a
//! rule true or false.
//!
//! Nothing here knows the rules. A result that is not on record is added to the case and the case is
//! evaluated again by the same function, so an answer here cannot disagree with the assessment.

use std::collections::BTreeSet;

use crate::case::fish::Fish;
use crate::case::fusion::Fusion;
use crate::case::history::{Diagnosis, Role, Stated, Treatment};
use crate::case::ihc::Ihc;
use crate::case::{Case, fish, fusion, ihc};
use crate::rules::compile::Program;
use crate::rules::evaluate::{Assessment, evaluate};
use crate::rules::leaf::{HistoryLeaf, Leaf};
use crate::rules::therapy::Asked;
use crate::rules::truth::Truth;
use crate::rules::{Pack, Trace};
use crate::source::Place;

/// A test that would move an open decision.
#[derive(Debug, Clone, PartialEq)]
pub struct NextTest {
    /// Key of the fact, for example `ihc ALK`.
    pub test: String,
    /// The test in words.
    pub title: String,
    /// What each result would lead to.
    pub outcomes: Vec<Outcome>,
}

/// A possible result of a test and what the decision would be.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The result.
    pub result: &'static str,
    /// The value of the decision.
    pub value: String,
    /// Whether the decision would be settled.
    pub settled: bool,
    /// Values that would still be open.
    pub open: Vec<String>,
}

/// Results that together would give a rule a value.
pub type ResultSet = Vec<(String, &'static str)>;

/// What would make an unknown rule known.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Turns {
    /// Smallest sets of results that make it true.
    pub to_true: Vec<ResultSet>,
    /// Smallest sets of results that make it false.
    pub to_false: Vec<ResultSet>,
}

/// Most results looked at together, and most facts varied: the search stays below a thousand
/// evaluations.
const MOST_TOGETHER: usize = 3;
const MOST_KEYS: usize = 8;

impl Pack {
    /// The tests that would move a decision, best first: those whose every result moves it before
    /// those of which only some do, the cheaper first.
    #[must_use]
    pub fn next_tests(
        &self,
        case: &Case,
        assessment: &Assessment,
        decision: &str,
    ) -> Vec<NextTest> {
        let program = &self.program;
        let Some(now) = assessment.decisions.iter().find(|d| d.name == decision) else {
            return Vec::new();
        };
        if now.settled {
            return Vec::new();
        }
        let mut missing = BTreeSet::new();
        for rule in &assessment.rules {
            if let Some((of, value)) = &rule.concludes
                && of == decision
                && now.open.contains(value)
            {
                missing.extend(rule.trace.missing());
            }
        }
        let mut found = Vec::new();
        for test in program.tests.iter().filter(|t| missing.contains(&t.test)) {
            let outcomes: Vec<Outcome> = results(program, &test.test)
                .into_iter()
                .filter_map(|result| {
                    let then = with(program, case, &test.test, result)?;
                    let after = evaluate(program, &then, &Asked::default());
                    let after = after.decisions.into_iter().find(|d| d.name == decision)?;
                    Some(Outcome {
                        result,
                        value: after.value,
                        settled: after.settled,
                        open: after.open,
                    })
                })
                .collect();
            let still =
                |o: &Outcome| o.value == now.value && !o.settled && o.open.len() >= now.open.len();
            let unmoved = outcomes.iter().filter(|o| still(o)).count();
            if unmoved < outcomes.len() {
                let left: usize = outcomes.iter().map(|o| o.open.len()).sum();
                let next = NextTest {
                    test: test.test.clone(),
                    title: test.title.clone(),
                    outcomes,
                };
                found.push(((unmoved, test.rank, left, test.test.clone()), next));
            }
        }
        found.sort_by(|a, b| a.0.cmp(&b.0));
        found.into_iter().map(|(_, next)| next).collect()
    }

    /// The smallest sets of results that would make a rule true or false.
    #[must_use]
    pub fn turns(&self, case: &Case, rule: &str, trace: &Trace) -> Turns {
        let program = &self.program;
        let keys: Vec<String> = trace.missing().into_iter().take(MOST_KEYS).collect();
        let choices: Vec<(String, &'static str)> = keys
            .iter()
            .flat_map(|key| results(program, key).into_iter().map(|r| (key.clone(), r)))
            .collect();
        let mut turns = Turns::default();
        for size in 1..=MOST_TOGETHER.min(keys.len()) {
            for set in combinations(&choices, size) {
                let covered =
                    |known: &[ResultSet]| known.iter().any(|k| k.iter().all(|r| set.contains(r)));
                if covered(&turns.to_true) || covered(&turns.to_false) {
                    continue;
                }
                let mut then = Some(case.clone());
                for (key, result) in &set {
                    then = then.and_then(|c| with(program, &c, key, result));
                }
                let Some(then) = then else { continue };
                let after = evaluate(program, &then, &Asked::default());
                match after.rules.iter().find(|r| r.id == rule).map(|r| &r.truth) {
                    Some(Truth::True) => turns.to_true.push(set),
                    Some(Truth::False) => turns.to_false.push(set),
                    _ => {}
                }
            }
        }
        turns
    }
}

/// Sets of `size` choices, no two of one key.
fn combinations(choices: &[(String, &'static str)], size: usize) -> Vec<ResultSet> {
    if size == 0 {
        return vec![Vec::new()];
    }
    let mut out = Vec::new();
    for (index, choice) in choices.iter().enumerate() {
        for mut rest in combinations(&choices[index + 1..], size - 1) {
            if rest.iter().all(|(key, _)| *key != choice.0) {
                rest.insert(0, choice.clone());
                out.push(rest);
            }
        }
    }
    out
}

fn leaf<'p>(program: &'p Program, key: &str) -> Option<&'p Leaf> {
    program.leaves.iter().find(|leaf| leaf.key() == key)
}

/// The results a test can have.
fn results(program: &Program, key: &str) -> Vec<&'static str> {
    match leaf(program, key) {
        Some(Leaf::Ihc(_)) => vec!["positive", "negative"],
        Some(Leaf::Fusion(_)) => vec!["detected", "not detected"],
        Some(Leaf::Fish(_)) => vec!["rearranged", "not rearranged"],
        Some(Leaf::History(_)) => vec!["yes", "no"],
        Some(Leaf::Disagreement(_)) | None => Vec::new(),
    }
}

/// The case with one more result. Unclear results of the same test are taken as replaced by it.
fn with(program: &Program, case: &Case, key: &str, result: &'static str) -> Option<Case> {
    let mut case = case.clone();
    let place = Place::nowhere();
    let good = matches!(result, "positive" | "detected" | "rearranged" | "yes");
    match leaf(program, key)? {
        Leaf::Ihc(leaf) => {
            let status = if good {
                ihc::Status::Positive
            } else {
                ihc::Status::Negative
            };
            case.ihc.retain(|r| {
                r.marker != leaf.marker
                    || matches!(r.status, ihc::Status::Positive | ihc::Status::Negative)
            });
            let mut reading = Ihc::new(&leaf.marker, status, place);
            reading.clone = leaf.clone.first().cloned();
            case.ihc.push(reading);
        }
        Leaf::Fusion(leaf) => {
            let genes = leaf
                .three_prime
                .as_ref()
                .or(leaf.gene.as_ref())
                .or(leaf.five_prime.as_ref());
            let first = genes.and_then(|set| set.first()).cloned();
            case.fusions.retain(|f| {
                matches!(
                    f.status,
                    fusion::Status::Detected | fusion::Status::NotDetected
                )
            });
            let status = if good {
                fusion::Status::Detected
            } else {
                fusion::Status::NotDetected
            };
            let mut statement = Fusion::new(status, place);
            match (&leaf.pair, good) {
                (Some(pairs), true) => {
                    let (five, three) = pairs.first()?;
                    statement.five_prime = Some(five.clone());
                    statement.three_prime = Some(three.clone());
                }
                // A negative for several genes is a negative panel.
                (_, false) if genes.is_none_or(|set| set.len() > 1) => {}
                _ => statement.gene = first,
            }
            case.fusions.push(statement);
        }
        Leaf::Fish(leaf) => {
            let status = if good {
                fish::Status::Positive
            } else {
                fish::Status::Negative
            };
            let verdict =
                |s: fish::Status| matches!(s, fish::Status::Positive | fish::Status::Negative);
            case.fish
                .retain(|f| !leaf.genes.contains(&f.gene) || verdict(f.status));
            if good {
                case.fish
                    .push(Fish::new(leaf.genes.first()?, status, place));
            } else {
                let all = leaf
                    .genes
                    .iter()
                    .map(|gene| Fish::new(gene, status, place.clone()));
                case.fish.extend(all);
            }
        }
        Leaf::History(leaf) => state(leaf, &mut case, good, place),
        Leaf::Disagreement(_) => return None,
    }
    Some(case)
}

fn state(leaf: &HistoryLeaf, case: &mut Case, good: bool, source: Place) {
    let history = &mut case.history;
    let other = || "something else".to_owned();
    match leaf {
        HistoryLeaf::State(values) => history.states.push(Stated {
            value: values
                .first()
                .filter(|_| good)
                .cloned()
                .unwrap_or_else(other),
            source,
        }),
        HistoryLeaf::Diagnosis {
            keys,
            groups,
            roles,
        } => history.diagnoses.push(Diagnosis {
            label: other(),
            key: keys.first().filter(|_| good).cloned().unwrap_or_else(other),
            group: groups
                .first()
                .filter(|_| good)
                .cloned()
                .unwrap_or_else(other),
            role: roles.first().copied().unwrap_or(Role::Final),
            specimen: None,
            date: None,
            source,
            context: None,
            revises: false,
        }),
        HistoryLeaf::OnDrug(drugs) => {
            let drug = drugs.first().filter(|_| good).cloned();
            let drug = drug.unwrap_or_else(other);
            history.treatments.push(Treatment::new(&drug, source));
        }
        HistoryLeaf::AgeAtLeast(years) => {
            let value = if good {
                *years
            } else {
                years.saturating_sub(1)
            };
            history.age = Some(Stated { value, source });
        }
        HistoryLeaf::AgeBelow(years) => {
            let value = if good {
                years.saturating_sub(1)
            } else {
                *years
            };
            history.age = Some(Stated { value, source });
        }
        HistoryLeaf::Sex(sex) => {
            let value = if good { sex.clone() } else { other() };
            history.sex = Some(Stated { value, source });
        }
    }
}
