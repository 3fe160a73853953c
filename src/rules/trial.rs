//! The inline tests of a pack: what is given and what is expected.
//!
//! They are run by [`crate::trials`], through the same parser as any report.

use crate::rules::check::Checked;
use crate::rules::compile::rows;
use crate::rules::fill::Template;
use crate::rules::program::Program;
use crate::rules::raw::RawTest;
use crate::rules::solve::{Holder, Solved, Swap};
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
    fires_at: Vec<Place>,
    settled_at: Vec<Place>,
    decisions_at: Vec<Place>,
}

/// A place of a test, what should stand there, and what changes, in words.
pub type Correction = (Place, String, String);

impl Trial {
    /// What the test would have to expect to pass, decisions first. What is missing and which flags
    /// are raised is left to the author.
    pub(crate) fn corrections(&self, program: &Program, solved: &Solved) -> Vec<Correction> {
        let expect = &self.expect;
        let mut out = Vec::new();
        let decided = |name: &String| program.decisions.iter().position(|d| d.name == *name);
        for ((name, wanted), at) in expect.decisions.iter().zip(&expect.decisions_at) {
            let Some(index) = decided(name) else { continue };
            let now = solved.verdicts[index].value(&program.decisions[index]);
            if now != *wanted {
                out.push((
                    at.clone(),
                    now.to_owned(),
                    format!("{name} {wanted} -> {now}"),
                ));
            }
        }
        for ((name, wanted), at) in expect.settled.iter().zip(&expect.settled_at) {
            let Some(index) = decided(name) else { continue };
            let now = solved.verdicts[index].settled();
            if now != *wanted {
                let what = format!("{name} settled {wanted} -> {now}");
                out.push((at.clone(), now.to_string(), what));
            }
        }
        for ((id, wanted), at) in expect.fires.iter().zip(&expect.fires_at) {
            let rule = program.rules.iter().position(|r| r.id == *id);
            let Some(now) = rule.map(|r| solved.rules[r].word()) else {
                continue;
            };
            if now != *wanted {
                out.push((
                    at.clone(),
                    now.to_owned(),
                    format!("{id} fires {wanted} -> {now}"),
                ));
            }
        }
        out
    }

    /// What differs from what is expected; `swap` is a condition that was changed on purpose.
    pub(crate) fn differences(
        &self,
        program: &Program,
        solved: &Solved,
        swap: Option<&Swap>,
    ) -> Vec<String> {
        let expect = &self.expect;
        let mut out = Vec::new();
        let rule = |id: &String| program.rules.iter().position(|r| r.id == *id);
        // Beside its rule a test need not name it.
        let of = |id: &String| match &self.rule {
            Some(own) if own == id => String::new(),
            _ => format!("{id} "),
        };
        for (id, wanted) in &expect.fires {
            let got = rule(id).map(|r| solved.rules[r].word());
            if let Some(got) = got
                && got != *wanted
            {
                out.push(format!("{}fires: expected {wanted}, got {got}", of(id)));
            }
        }
        for (id, wanted) in &expect.missing {
            let Some(rule) = rule(id) else { continue };
            let mut wanted = wanted.clone();
            wanted.sort();
            let when = match swap {
                Some(swap) if swap.of == Holder::Rule(rule) => &swap.when,
                _ => &program.rules[rule].when,
            };
            let missing = solved.missing(program, when, swap);
            if missing != wanted {
                out.push(format!(
                    "{}missing: expected [{}], got [{}]",
                    of(id),
                    wanted.join(", "),
                    missing.join(", ")
                ));
            }
        }
        let decided = |name: &String| {
            let index = program.decisions.iter().position(|d| d.name == *name)?;
            Some((&program.decisions[index], &solved.verdicts[index]))
        };
        for (name, wanted) in &expect.decisions {
            if let Some((decision, verdict)) = decided(name)
                && let value = verdict.value(decision)
                && value != *wanted
            {
                out.push(format!("{name}: expected {wanted}, got {value}"));
            }
        }
        for (name, wanted) in &expect.settled {
            if let Some((_, verdict)) = decided(name)
                && verdict.settled() != *wanted
            {
                let got = verdict.settled();
                out.push(format!("{name} settled: expected {wanted}, got {got}"));
            }
        }
        let raised = |code: &String| {
            let mut rules = program.rules.iter().zip(&solved.rules);
            rules.any(|(rule, truth)| truth.is_true() && rule.flag.as_ref() == Some(code))
        };
        for code in expect.flags.iter().filter(|c| !raised(c)) {
            out.push(format!("flags: `{code}` was not raised"));
        }
        for code in expect.absent_flags.iter().filter(|c| raised(c)) {
            out.push(format!("flags: `{code}` was raised"));
        }
        out
    }
}

/// The tests of all rules and files of cases, sorted by module, rule and name, so that the order of
/// files never shows.
pub(crate) fn collect(checked: &Checked) -> Vec<Trial> {
    let mut trials = Vec::new();
    let mut add = |module: &str, rule: Option<&String>, test: &RawTest| {
        let Some(query) = &test.for_each else {
            trials.push(trial(module, rule, test));
            return;
        };
        let table = checked.tables.get(&query.table.value);
        for row in rows(&checked.tables, query) {
            let mut one = trial(module, rule, test);
            one.name = format!(
                "{} ({})",
                one.name,
                table.map_or_else(String::new, |t| t.label(row))
            );
            if let Some((text, _)) = &mut one.text {
                *text = Template::parse(text).of_row(row);
            }
            trials.push(one);
        }
    };
    for module in &checked.modules {
        for rule in &module.rules {
            for test in &rule.tests {
                add(&module.name, Some(&rule.id.value), test);
            }
        }
    }
    for cases in &checked.cases {
        for test in &cases.tests {
            add(&cases.name.value, None, test);
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
            fires_at: test.fires.iter().map(|(_, f)| f.place.clone()).collect(),
            fires: fires.map(|(r, f)| (r.value.clone(), f.value)).collect(),
            missing: missing.map(|(r, m)| (r.value.clone(), values(m))).collect(),
            flags: values(&test.flags),
            absent_flags: values(&test.absent_flags),
            settled_at: test.settled.iter().map(|(_, v)| v.place.clone()).collect(),
            settled: settled.map(|(d, v)| (d.value.clone(), v.value)).collect(),
            decisions_at: test
                .decisions
                .iter()
                .map(|(_, v)| v.place.clone())
                .collect(),
            decisions: decisions
                .map(|(d, v)| (d.value.clone(), v.value.clone()))
                .collect(),
        },
    }
}
