//! Runs the inline tests of a pack, through the same parser and evaluator as any report.

use crate::case::{Case, kinase, merge};
use crate::diag::{Code, Diagnostic, Severity};
use crate::narrative;
use crate::read::case_file;
use crate::rules::trial::Trial;
use crate::rules::{Asked, Assessment, Pack};
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
    let assessment = pack.assess(&case, &Asked::default());
    Outcome {
        differences: differences(trial, &assessment),
    }
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
    merge::settle_versions(&mut case);
    kinase::complete(&mut case, pack.vocab());
    case
}

fn differences(trial: &Trial, got: &Assessment) -> Vec<String> {
    let mut out = Vec::new();
    let expect = &trial.expect;
    let rule = |id: &String| got.rules.iter().find(|r| r.id == *id);
    // Beside its rule a test need not name it.
    let of = |id: &String| match &trial.rule {
        Some(own) if own == id => String::new(),
        _ => format!("{id} "),
    };
    for (id, wanted) in &expect.fires {
        if let Some(rule) = rule(id)
            && rule.truth.word() != *wanted
        {
            let got = rule.truth.word();
            out.push(format!("{}fires: expected {wanted}, got {got}", of(id)));
        }
    }
    for (id, wanted) in &expect.missing {
        let Some(rule) = rule(id) else { continue };
        let mut wanted = wanted.clone();
        wanted.sort();
        let missing = rule.trace.missing();
        if missing != wanted {
            out.push(format!(
                "{}missing: expected [{}], got [{}]",
                of(id),
                wanted.join(", "),
                missing.join(", ")
            ));
        }
    }
    for (name, wanted) in &expect.decisions {
        if let Some(decision) = got.decisions.iter().find(|d| d.name == *name)
            && decision.value != *wanted
        {
            out.push(format!("{name}: expected {wanted}, got {}", decision.value));
        }
    }
    for (name, wanted) in &expect.settled {
        if let Some(decision) = got.decisions.iter().find(|d| d.name == *name)
            && decision.settled != *wanted
        {
            out.push(format!(
                "{name} settled: expected {wanted}, got {}",
                decision.settled
            ));
        }
    }
    let raised = |code: &String| got.flags.iter().any(|f| f.code == *code);
    for code in expect.flags.iter().filter(|c| !raised(c)) {
        out.push(format!("flags: `{code}` was not raised"));
    }
    for code in expect.absent_flags.iter().filter(|c| raised(c)) {
        out.push(format!("flags: `{code}` was raised"));
    }
    out
}
