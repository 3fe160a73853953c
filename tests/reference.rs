//! The evaluator against a slow and simple one, on random rules over random reports.
//!
//! The simple one knows no Kleene tables and counts nothing: it tries every way the unknown parts of
//! a condition could turn out, one level at a time, and calls the condition true when all ways make it
//! true, false when all make it false.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use fusedx::rules::{Asked, Assessment, Pack, Truth};
use fusedx::{Limits, ReadOptions, Sources};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const MARKERS: &[&str] = &["ALK", "SMA", "desmin", "CD34", "CD10"];
const SIGNS: &[&str] = &["+", "-", "+/-", "not done", "pending", "failed"];

/// A condition of the random rules.
#[derive(Debug, Clone)]
enum Cond {
    Stain(&'static str, &'static str),
    All(Vec<Cond>),
    Any(Vec<Cond>),
    NoneOf(Vec<Cond>),
    Not(Box<Cond>),
    AtLeast(usize, Vec<Cond>),
    Finding,
}

impl Cond {
    fn yaml(&self) -> String {
        let list = |of: &[Cond]| of.iter().map(Cond::yaml).collect::<Vec<_>>().join(", ");
        match self {
            Self::Stain(marker, is) => format!("{{ihc: {{marker: {marker}, is: {is}}}}}"),
            Self::All(of) => format!("{{all: [{}]}}", list(of)),
            Self::Any(of) => format!("{{any: [{}]}}", list(of)),
            Self::NoneOf(of) => format!("{{none: [{}]}}", list(of)),
            Self::Not(of) => format!("{{not: {}}}", of.yaml()),
            Self::AtLeast(n, of) => format!("{{at_least: {n}, of: [{}]}}", list(of)),
            Self::Finding => "{ref: random_finding}".to_owned(),
        }
    }
}

fn condition() -> impl Strategy<Value = Cond> {
    let stain = (
        select(MARKERS),
        select(vec!["positive", "negative", "pending"]),
    )
        .prop_map(|(marker, is)| Cond::Stain(marker, is));
    let leaf = prop_oneof![8 => stain, 1 => Just(Cond::Finding)];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let several = || vec(inner.clone(), 1..4);
        prop_oneof![
            several().prop_map(Cond::All),
            several().prop_map(Cond::Any),
            several().prop_map(Cond::NoneOf),
            inner.clone().prop_map(|of| Cond::Not(Box::new(of))),
            (several(), 0usize..3).prop_map(|(of, n)| Cond::AtLeast(1 + n % of.len(), of)),
        ]
    })
}

/// A condition without findings.
fn plain(condition: Cond) -> Cond {
    let all = |of: Vec<Cond>| of.into_iter().map(plain).collect();
    match condition {
        Cond::Finding => Cond::Stain("ALK", "positive"),
        Cond::All(of) => Cond::All(all(of)),
        Cond::Any(of) => Cond::Any(all(of)),
        Cond::NoneOf(of) => Cond::NoneOf(all(of)),
        Cond::Not(of) => Cond::Not(Box::new(plain(*of))),
        Cond::AtLeast(n, of) => Cond::AtLeast(n, all(of)),
        stain @ Cond::Stain(..) => stain,
    }
}

/// Yes, no, or unknown for these reasons.
#[derive(Debug, Clone, PartialEq)]
enum Simple {
    Yes,
    No,
    Unknown(BTreeSet<&'static str>),
}

impl From<&Truth> for Simple {
    fn from(truth: &Truth) -> Self {
        match truth {
            Truth::True => Self::Yes,
            Truth::False => Self::No,
            Truth::Unknown(why) => {
                Self::Unknown(why.iter().map(fusedx::rules::Reason::as_str).collect())
            }
        }
    }
}

/// The signs each marker has in a report.
type Stains = [(&'static str, Vec<&'static str>)];

/// What the signs of one marker say, in words of the house: a positive and a negative conflict; so
/// does a positive with an equivocal one; a result makes tests without one superfluous.
fn stain(stains: &Stains, marker: &str, is: &str) -> Simple {
    let (_, signs) = stains.iter().find(|(m, _)| *m == marker).unwrap();
    let has = |sign: &str| signs.contains(&sign);
    let why = |reasons: &[&'static str]| Simple::Unknown(reasons.iter().copied().collect());
    let (yes, no) = match is {
        "positive" => (has("+"), has("-")),
        "negative" => (has("-"), has("+")),
        _ => {
            // A result that came makes the pending one superseded, when it stands behind it.
            let at = |wanted: &[&str]| signs.iter().rposition(|s| wanted.contains(s));
            let result = at(&["+", "-", "+/-"]);
            let pending = at(&["pending"]);
            return if pending.is_some() && pending > result {
                Simple::Yes
            } else {
                Simple::No
            };
        }
    };
    if yes && (no || has("+/-")) {
        why(&["conflicting"])
    } else if yes {
        Simple::Yes
    } else if has("+/-") {
        why(&["equivocal"])
    } else if no {
        Simple::No
    } else {
        let mut reasons = BTreeSet::new();
        for sign in signs {
            reasons.insert(match *sign {
                "pending" => "pending",
                "failed" => "failed",
                _ => "not_tested",
            });
        }
        if reasons.is_empty() {
            reasons.insert("not_tested");
        }
        Simple::Unknown(reasons)
    }
}

/// Tries every way the unknown parts could turn out.
fn every_way(parts: &[Simple], holds: impl Fn(&[bool]) -> bool) -> Simple {
    let unknown: Vec<usize> = (0..parts.len())
        .filter(|i| matches!(parts[*i], Simple::Unknown(_)))
        .collect();
    let (mut can, mut cannot) = (false, false);
    for way in 0..1_u32 << unknown.len() {
        let turned: Vec<bool> = (0..parts.len())
            .map(|i| match unknown.iter().position(|u| *u == i) {
                Some(bit) => way >> bit & 1 == 1,
                None => parts[i] == Simple::Yes,
            })
            .collect();
        if holds(&turned) {
            can = true;
        } else {
            cannot = true;
        }
    }
    match (can, cannot) {
        (true, false) => Simple::Yes,
        (false, _) => Simple::No,
        (true, true) => Simple::Unknown(
            parts
                .iter()
                .filter_map(|p| match p {
                    Simple::Unknown(why) => Some(why.iter().copied()),
                    _ => None,
                })
                .flatten()
                .collect(),
        ),
    }
}

fn simple(condition: &Cond, finding: &Cond, stains: &Stains) -> Simple {
    let each =
        |of: &[Cond]| -> Vec<Simple> { of.iter().map(|c| simple(c, finding, stains)).collect() };
    match condition {
        Cond::Stain(marker, is) => stain(stains, marker, is),
        Cond::All(of) => every_way(&each(of), |t| t.iter().all(|t| *t)),
        Cond::Any(of) => every_way(&each(of), |t| t.iter().any(|t| *t)),
        Cond::NoneOf(of) => every_way(&each(of), |t| !t.iter().any(|t| *t)),
        Cond::Not(of) => every_way(&each(std::slice::from_ref(of)), |t| !t[0]),
        Cond::AtLeast(n, of) => every_way(&each(of), |t| t.iter().filter(|t| **t).count() >= *n),
        Cond::Finding => simple(finding, finding, stains),
    }
}

const VALUES: [&str; 3] = ["high", "middle", "low"];

fn module(finding: &Cond, rules: &[(usize, Cond)]) -> String {
    let mut out = format!(
        "format: 1\nkind: rules\nmodule: random\nabout: Random rules.\nfindings:\n  random_finding: \
         {{title: A finding, when: {}}}\ndecisions:\n  random:\n    \
         values: [high, middle, low, nothing]\n    hit: priority\n    default: nothing\nrules:\n",
        finding.yaml()
    );
    for (number, (value, condition)) in rules.iter().enumerate() {
        let _ = write!(
            out,
            "  - id: RANDOM-{number}\n    title: Random\n    when: {}\n    conclude: {{random: {}}}\n    \
             grade: weak\n    cite: [case2023]\n",
            condition.yaml(),
            VALUES[*value]
        );
    }
    out
}

fn report(stains: &Stains) -> String {
    let mut out = String::new();
    for (marker, signs) in stains {
        for sign in signs {
            let _ = writeln!(out, "IHC: {marker} ({sign}).");
        }
    }
    out
}

fn load(module: &str) -> Pack {
    let loaded = Pack::load_file("random.yaml", module.as_bytes());
    loaded.pack.unwrap_or_else(|| {
        let problems: Vec<&String> = loaded.diagnostics.iter().map(|d| &d.message).collect();
        panic!("{problems:?}\n{module}")
    })
}

fn assess(pack: &Pack, report: &str) -> Assessment {
    let mut sources = Sources::new(Limits::default());
    sources.add("report.txt", report.as_bytes()).unwrap();
    let read = fusedx::read(&sources, pack.vocab(), &ReadOptions::default()).unwrap();
    pack.assess(&read.case, &Asked::default())
}

/// Reports that are put to each set of rules: loading the rules takes longer than asking them.
const REPORTS: usize = 20;

proptest! {
    #![proptest_config(ProptestConfig {
        cases: support::cases(80),
        failure_persistence: None,
        max_shrink_iters: 200,
        ..ProptestConfig::default()
    })]

    #[test]
    fn rules_and_decisions_agree_with_the_simple_evaluator(
        finding in condition().prop_map(plain),
        rules in vec((0usize..VALUES.len(), condition()), 1..8),
        reports in vec(vec(vec(select(SIGNS), 0..3), MARKERS.len()), REPORTS),
    ) {
        let module = module(&finding, &rules);
        let pack = load(&module);
        for signs in reports {
            let stains: Vec<(&str, Vec<&str>)> = MARKERS.iter().copied().zip(signs).collect();
            let report = report(&stains);
            let got = assess(&pack, &report);

            let mut values = [const { Vec::new() }; VALUES.len()];
            for (number, (value, condition)) in rules.iter().enumerate() {
                let want = simple(condition, &finding, &stains);
                let id = format!("RANDOM-{number}");
                let rule = got.rules.iter().find(|r| r.id() == id).unwrap();
                prop_assert_eq!(Simple::from(&rule.truth()), want.clone(), "{}\n{}\n{}", id, module, report);
                values[*value].push(want);
            }

            // The first value that holds; above it, those that may still hold are open.
            let concluded = values.map(|rules| every_way(&rules, |t| t.iter().any(|t| *t)));
            let first = concluded.iter().position(|v| *v == Simple::Yes);
            let above = &concluded[..first.unwrap_or(VALUES.len())];
            let open: Vec<&str> = above
                .iter()
                .zip(VALUES)
                .filter(|(v, _)| matches!(v, Simple::Unknown(_)))
                .map(|(_, name)| name)
                .collect();
            let decision = got.decisions.iter().find(|d| d.name == "random").unwrap();
            prop_assert_eq!(decision.value.as_str(), first.map_or("nothing", |v| VALUES[v]));
            prop_assert_eq!(decision.settled, open.is_empty());
            prop_assert_eq!(&decision.open, &open);
        }
    }
}
