//! What a further result would change: the next test for an open decision, and what would make a
//! rule true or false.
//!
//! Nothing here knows the rules. A result that is not on record is added to the case and the case is
//! solved again by the same function, so an answer here cannot disagree with the assessment.

use std::collections::BTreeSet;

use crate::case::Case;
use crate::rules::Pack;
use crate::rules::evaluate::{Assessment, RuleOutcome, solve, solve_again};
use crate::rules::truth::Truth;

mod result;

use result::{results, with};

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
        let program = &*self.program;
        let mut declared = program.decisions.iter().enumerate();
        let Some((index, declared)) = declared.find(|(_, d)| d.name == decision) else {
            return Vec::new();
        };
        let Some(now) = assessment.decisions.iter().find(|d| d.name == decision) else {
            return Vec::new();
        };
        if now.settled {
            return Vec::new();
        }
        let mut missing = BTreeSet::new();
        for rule in &assessment.rules {
            if let Some((of, value)) = rule.concludes()
                && of == decision
                && now.open.iter().any(|open| open == value)
            {
                missing.extend(rule.missing());
            }
        }
        let before = solve(program, case);
        let mut found = Vec::new();
        for test in program.tests.iter().filter(|t| missing.contains(&t.test)) {
            let outcomes: Vec<Outcome> = results(program, &test.test)
                .into_iter()
                .filter_map(|result| {
                    let then = with(program, case, &test.test, result)?;
                    let after = solve_again(program, &before, &then);
                    let after = &after.verdicts[index];
                    Some(Outcome {
                        result,
                        value: after.value(declared).to_owned(),
                        settled: after.settled(),
                        open: declared.named(&after.open()),
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
    pub fn turns(&self, case: &Case, rule: &RuleOutcome) -> Turns {
        let program = &*self.program;
        let keys: Vec<String> = rule.missing().into_iter().take(MOST_KEYS).collect();
        let choices: Vec<(String, &'static str)> = keys
            .iter()
            .flat_map(|key| results(program, key).into_iter().map(|r| (key.clone(), r)))
            .collect();
        let before = solve(program, case);
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
                match solve_again(program, &before, &then).rules[rule.index()] {
                    Truth::True => turns.to_true.push(set),
                    Truth::False => turns.to_false.push(set),
                    Truth::Unknown(_) => {}
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
