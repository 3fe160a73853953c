//! The inline tests of a pack: what is given and what is expected.
//!
//! They are run by [`crate::trials`], through the same parser as any report.

use crate::rules::check::Checked;
use crate::source::{Place, SourceId};
use crate::yaml::{Node, Spanned};

/// One inline test.
#[derive(Debug)]
pub struct Trial {
    /// The module that holds the rule.
    pub module: String,
    /// The rule.
    pub rule: String,
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
    /// Outcome of the rule: `true`, `false` or `unknown`.
    pub fires: Option<&'static str>,
    /// Keys of the facts the rule misses, all of them.
    pub missing: Option<Vec<String>>,
    /// Flags that must be raised.
    pub flags: Vec<String>,
    /// Flags that must not be raised.
    pub absent_flags: Vec<String>,
    /// Decisions and whether they are settled.
    pub settled: Vec<(String, bool)>,
    /// Decisions and their values.
    pub decisions: Vec<(String, String)>,
}

/// The tests of all rules, in the order of the files.
pub(crate) fn collect(checked: &Checked) -> Vec<Trial> {
    let values = |list: &[Spanned<String>]| list.iter().map(|s| s.value.clone()).collect();
    let mut trials = Vec::new();
    for module in &checked.modules {
        for rule in &module.rules {
            for test in &rule.tests {
                trials.push(Trial {
                    module: module.name.value.clone(),
                    rule: rule.id.value.clone(),
                    name: test.name.value.clone(),
                    place: test.name.place.clone(),
                    text: test
                        .text
                        .as_ref()
                        .map(|t| (t.value.clone(), t.place.clone())),
                    facts: test.facts.clone().map(|node| (test.source, node)),
                    expect: Expected {
                        fires: test.fires.as_ref().map(|f| f.value),
                        missing: test.missing.as_ref().map(|m| values(m)),
                        flags: values(&test.flags),
                        absent_flags: values(&test.absent_flags),
                        settled: test
                            .settled
                            .iter()
                            .map(|(d, v)| (d.value.clone(), *v))
                            .collect(),
                        decisions: test
                            .decisions
                            .iter()
                            .map(|(d, v)| (d.value.clone(), v.value.clone()))
                            .collect(),
                    },
                });
            }
        }
    }
    trials
}
