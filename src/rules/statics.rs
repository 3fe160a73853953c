//! What can be said of rules without any report: rules that never hold or always do, that never meet,
//! that never show, and names that nothing uses.

use std::collections::BTreeSet;

use crate::diag::{Code, Diagnostic};
use crate::rules::check::Checked;
use crate::rules::condition::RawCondition;
use crate::rules::diagram::{ALL, NONE};
use crate::rules::fact::{ChangeSet, FactTest, GeneSet, RowQuery};
use crate::rules::program::Program;
use crate::rules::prove::Prover;
use crate::source::Place;

/// What is worth knowing of the rules of a pack.
pub(crate) fn check(
    checked: &Checked,
    program: &Program,
    prover: &mut Prover<'_>,
    out: &mut Vec<Diagnostic>,
) {
    let place = |id: &str| -> Option<Place> {
        let rules = checked.modules.iter().flat_map(|m| &m.rules);
        let mut found = rules.filter(|r| r.id.value == id);
        found.next().map(|r| r.id.place.clone())
    };
    for (index, rule) in program.rules.iter().enumerate() {
        let Some(here) = place(&rule.id) else {
            continue;
        };
        let cases = prover.rules[index];
        let warn = |code, text: &str, label: &str| {
            Diagnostic::warning(code, format!("rule `{}` {text}", rule.id)).at(here.clone(), label)
        };
        if cases.yes == NONE {
            out.push(warn(
                Code::NeverTrue,
                "is never true",
                "no case of facts makes it true (checked)",
            ));
        } else if cases.yes == ALL {
            out.push(warn(
                Code::AlwaysTrue,
                "is always true",
                "every case makes it true, one without facts too (checked)",
            ));
        } else if let Some((decision, value)) = rule.conclude
            && prover.never_shows(index, decision, value)
        {
            out.push(
                warn(
                    Code::Shadowed,
                    "never shows",
                    "whenever it is true a higher value is too (checked)",
                )
                .help("move its value up in `values:`, or take the rule out"),
            );
        }
    }
    pairs(program, prover, &place, out);
    unused(checked, out);
}

/// Rules of one decision with different values that can never be true together.
fn pairs(
    program: &Program,
    prover: &mut Prover<'_>,
    place: &impl Fn(&str) -> Option<Place>,
    out: &mut Vec<Diagnostic>,
) {
    for concluding in &program.concluding {
        for (at, first) in concluding.iter().enumerate() {
            for second in &concluding[at + 1..] {
                let (a, b) = (&program.rules[*first], &program.rules[*second]);
                if a.conclude == b.conclude {
                    continue;
                }
                let (yes, also) = (prover.rules[*first].yes, prover.rules[*second].yes);
                if yes == NONE || also == NONE || prover.diagram.and(yes, also) != NONE {
                    continue;
                }
                if let (Some(here), Some(there)) = (place(&a.id), place(&b.id)) {
                    out.push(
                        Diagnostic::note(
                            Code::NeverTogether,
                            format!(
                                "{} and {} can never be true together (checked) - priority between them is not needed",
                                a.id, b.id
                            ),
                        )
                        .at(here, "this rule")
                        .at(there, "and this one"),
                    );
                }
            }
        }
    }
}

/// Findings, tables and flags that nothing refers to.
fn unused(checked: &Checked, out: &mut Vec<Diagnostic>) {
    let mut findings: BTreeSet<&str> = BTreeSet::new();
    let mut tables: BTreeSet<&str> = BTreeSet::new();
    let mut conditions: Vec<&RawCondition> = Vec::new();
    for module in &checked.modules {
        let whens = module.findings.iter().map(|f| &f.when);
        conditions.extend(whens.chain(module.rules.iter().map(|r| &r.when)));
        for rule in &module.rules {
            tables.extend(rule.therapy.iter().map(|q| q.table.value.as_str()));
            let walks = rule.tests.iter().filter_map(|t| t.for_each.as_ref());
            tables.extend(walks.map(|q| q.table.value.as_str()));
        }
    }
    for invariants in &checked.invariants {
        for invariant in &invariants.invariants {
            if let crate::rules::raw::RawClaim::Never(condition) = &invariant.claim {
                conditions.push(condition);
            }
        }
    }
    for condition in conditions {
        condition.walk(&mut |c| match c {
            RawCondition::Ref(name) => {
                findings.insert(&name.value);
            }
            RawCondition::Fact(fact) => {
                tables.extend(queries(&fact.test).iter().map(|q| q.table.value.as_str()));
            }
            _ => {}
        });
    }
    let manifest = &checked.manifest;
    tables.extend(
        manifest
            .vocabulary
            .iter()
            .flat_map(|(_, t)| t)
            .map(|t| t.value.as_str()),
    );
    tables.extend(manifest.guide.iter().map(|(_, t)| t.value.as_str()));
    let named = [&manifest.labels, &manifest.safety, &manifest.tests];
    tables.extend(named.into_iter().flatten().map(|t| t.value.as_str()));
    // A row may name a table by name, as the genes name the partners of their kinase.
    for table in checked.tables.values() {
        for row in &table.rows {
            tables.extend(row.optional("partners"));
        }
    }
    for finding in checked.modules.iter().flat_map(|m| &m.findings) {
        if !findings.contains(finding.name.value.as_str()) {
            out.push(unused_name(
                "finding",
                &finding.name.value,
                &finding.name.place,
            ));
        }
    }
    for table in checked.tables.values() {
        if !tables.contains(table.name.value.as_str()) {
            // A table may be kept for a reader.
            let mut note = unused_name("table", &table.name.value, &table.name.place);
            note.severity = crate::diag::Severity::Note;
            out.push(note);
        }
    }
    let raised: BTreeSet<&str> = checked
        .modules
        .iter()
        .flat_map(|m| &m.rules)
        .filter_map(|r| r.flag.as_ref())
        .map(|f| f.value.as_str())
        .collect();
    for (flag, _) in &manifest.flags {
        if !raised.contains(flag.value.as_str()) {
            out.push(unused_name("flag", &flag.value, &flag.place));
        }
    }
}

fn unused_name(what: &str, name: &str, place: &Place) -> Diagnostic {
    Diagnostic::warning(Code::Unused, format!("{what} `{name}` is not used"))
        .at(place.clone(), "declared here")
}

/// The tables a question is asked over.
pub(crate) fn queries(test: &FactTest) -> Vec<&RowQuery> {
    fn rows(set: &GeneSet) -> Option<&RowQuery> {
        match set {
            GeneSet::Rows(query) => Some(query),
            GeneSet::Named(_) => None,
        }
    }
    match test {
        FactTest::Fusion(test) => {
            let sets = [
                &test.gene,
                &test.five_prime,
                &test.three_prime,
                &test.partner,
            ];
            let sets = sets.into_iter().flatten().filter_map(rows);
            sets.chain(&test.pair_in).collect()
        }
        FactTest::Fish(test) => rows(&test.genes).into_iter().collect(),
        FactTest::Variant(test) => {
            let changes = match &test.changes {
                Some(ChangeSet::Rows(query)) => Some(query),
                _ => None,
            };
            rows(&test.genes).into_iter().chain(changes).collect()
        }
        _ => Vec::new(),
    }
}
