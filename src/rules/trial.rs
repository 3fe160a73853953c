//! The inline tests of a pack: what is given and what is expected.
//!
//! They are run by [`crate::trials`], through the same parser as any report.

use crate::rules::check::Checked;
use crate::rules::raw::RawTest;
use crate::source::{Place, SourceId};
use crate::yaml::{Node, Spanned};

/// One test.
#[derive(Debug)]
pub struct Trial {
    /// The module that holds it.
    pub module: String,
    /// The rule it stands beside; none in a file of cases.
    pub rule: Option<String>,
    /// The name of the test.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// Report text, with its place.
    pub text: Option<(String, Place)>,
    /// Structured facts, as YAML of the rule file with this number.
    pub(crate) facts: Option<(SourceId, Node)>,
    /// What is expected.
    pub expect: Expected,
}

/// What a test expects.
#[derive(Debug, Default)]
pub struct Expected {
    /// Rules and their outcome: `true`, `false` or `unknown`.
    pub fires: Vec<(String, &'static str)>,
    /// Rules and the keys of all facts each misses.
    pub missing: Vec<(String, Vec<String>)>,
    /// Flags that must be raised.
    pub flags: Vec<String>,
    /// Flags that must not be raised.
    pub absent_flags: Vec<String>,
    /// Decisions and whether they are settled.
    pub settled: Vec<(String, bool)>,
    /// Decisions and their values.
    pub decisions: Vec<(String, String)>,
}

/// The tests of all rules and files of cases, sorted by module, rule and name, so that the order of
/// files never shows.
pub(crate) fn collect(checked: &Checked) -> Vec<Trial> {
    let mut trials = Vec::new();
    for module in &checked.modules {
        for rule in &module.rules {
            for test in &rule.tests {
                trials.push(trial(&module.name, Some(&rule.id.value), test));
            }
        }
    }
    for cases in &checked.cases {
        for test in &cases.tests {
            trials.push(trial(&cases.name.value, None, test));
        }
    }
    trials.sort_by(|a, b| (&a.module, &a.rule, &a.name).cmp(&(&b.module, &b.rule, &b.name)));
    trials
}

fn trial(module: &str, rule: Option<&String>, test: &RawTest) -> Trial {
    let values = |list: &[Spanned<String>]| list.iter().map(|s| s.value.clone()).collect();
    let fires = test.fires.iter();
    let missing = test.missing.iter();
    let settled = test.settled.iter();
    let decisions = test.decisions.iter();
    Trial {
        module: module.to_owned(),
        rule: rule.cloned(),
        name: test.name.value.clone(),
        place: test.name.place.clone(),
        text: test
            .text
            .as_ref()
            .map(|t| (t.value.clone(), t.place.clone())),
        facts: test.facts.clone().map(|node| (test.source, node)),
        expect: Expected {
            fires: fires.map(|(r, f)| (r.value.clone(), *f)).collect(),
            missing: missing.map(|(r, m)| (r.value.clone(), values(m))).collect(),
            flags: values(&test.flags),
            absent_flags: values(&test.absent_flags),
            settled: settled.map(|(d, v)| (d.value.clone(), *v)).collect(),
            decisions: decisions
                .map(|(d, v)| (d.value.clone(), v.value.clone()))
                .collect(),
        },
    }
}
