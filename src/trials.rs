//! Runs the inline tests of a pack, through the same parser and evaluator as any report.

use crate::case::Case;
use crate::diag::{Code, Diagnostic, Severity};
use crate::narrative;
use crate::pipeline;
use crate::read::case_file;
use crate::rules::Pack;
use crate::rules::trial::Trial;
use crate::source::{Limits, Sources};

/// How a test ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What differs from what was expected; empty when it passed.
    pub differences: Vec<String>,
}

impl Outcome {
    /// Whether it passed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.differences.is_empty()
    }
}

/// Problems in what the tests are given: names and keys of structured facts. `sources` are those the
/// pack was loaded from.
#[must_use]
pub fn check(pack: &Pack, sources: &Sources) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for trial in pack.trials() {
        given(trial, pack, sources, &mut out);
    }
    out
}

/// Runs one test.
#[must_use]
pub fn run(trial: &Trial, pack: &Pack, sources: &Sources) -> Outcome {
    let mut problems = Vec::new();
    let case = given(trial, pack, sources, &mut problems);
    if let Some(problem) = problems.iter().find(|d| d.severity == Severity::Error) {
        return Outcome {
            differences: vec![problem.message.clone()],
        };
    }
    Outcome {
        differences: pack.differences(trial, &case),
    }
}

/// The cases of all tests, each text read once, in the order of [`Pack::trials`].
#[must_use]
pub fn cases(pack: &Pack, sources: &Sources) -> Vec<Case> {
    let trials = pack.trials().iter();
    trials
        .map(|trial| given(trial, pack, sources, &mut Vec::new()))
        .collect()
}

/// The case a test describes.
fn given(trial: &Trial, pack: &Pack, sources: &Sources, out: &mut Vec<Diagnostic>) -> Case {
    let mut case = Case::default();
    if let Some((text, place)) = &trial.text {
        let mut own = Sources::new(Limits::default());
        match own.add(&place.path, text.as_bytes()) {
            Ok(id) => case.extend(narrative::read(own.get(id), pack.vocab()).case),
            Err(_) => out.push(
                Diagnostic::error(
                    Code::BadTest,
                    format!("the text of test `{}` cannot be read", trial.name),
                )
                .at(place.clone(), "this text"),
            ),
        }
    }
    if let Some((source, node)) = &trial.facts {
        case.extend(case_file::facts(
            sources.get(*source),
            node,
            pack.vocab(),
            out,
        ));
    }
    pipeline::complete(&mut case, pack.vocab());
    case
}
