//! Everything the files of a pack declare, so that references can be checked.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Code, Diagnostic, near_name};
use crate::rules::condition::RawCondition;
use crate::rules::fact::NameKind;
use crate::rules::raw::{RawManifest, RawModule};
use crate::rules::tables::twice;
use crate::rules::vocabulary::Closed;
use crate::source::Place;
use crate::vocab::Vocab;
use crate::yaml::Spanned;

/// Everything that can be referred to.
pub(super) struct Names {
    pub(super) cites: BTreeSet<String>,
    pub(super) flags: BTreeSet<String>,
    pub(super) decisions: BTreeMap<String, (Vec<String>, Place)>,
    pub(super) findings: BTreeMap<String, Place>,
    /// Findings that look at ignorance, directly or through others.
    pub(super) looking: BTreeSet<String>,
    pub(super) rules: BTreeSet<String>,
    pub(super) modules: BTreeSet<String>,
    pub(super) tiers: BTreeSet<String>,
    /// Names of things, by what they name.
    pub(super) closed: BTreeMap<NameKind, BTreeSet<String>>,
}

impl Names {
    pub(super) fn collect(
        manifest: &RawManifest,
        modules: &[RawModule],
        vocab: &Vocab,
        closed: &Closed,
        out: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut decisions: BTreeMap<String, (Vec<String>, Place)> = BTreeMap::new();
        let mut findings = BTreeMap::new();
        let mut rules: BTreeMap<String, Place> = BTreeMap::new();
        for module in modules {
            for decision in &module.decisions {
                if let Some((_, first)) = decisions.get(&decision.name.value) {
                    out.push(twice("decision", &decision.name, first));
                    continue;
                }
                let mut values: Vec<String> = Vec::new();
                for value in &decision.values {
                    if let Some(at) = values.iter().position(|v| *v == value.value) {
                        out.push(twice("value", value, &decision.values[at].place));
                    }
                    values.push(value.value.clone());
                }
                let titles = decision.titles.iter().map(|(value, _)| value);
                for value in titles.chain([&decision.default]) {
                    if !values.contains(&value.value) {
                        out.push(undeclared(
                            &decision.name.value,
                            value,
                            &values,
                            &decision.name.place,
                        ));
                    }
                }
                decisions.insert(
                    decision.name.value.clone(),
                    (values, decision.name.place.clone()),
                );
            }
            for finding in &module.findings {
                if let Some(first) = findings.get(&finding.name.value) {
                    out.push(twice("finding", &finding.name, first));
                    continue;
                }
                findings.insert(finding.name.value.clone(), finding.name.place.clone());
            }
            for rule in &module.rules {
                if let Some(first) = rules.get(&rule.id.value) {
                    out.push(twice("rule", &rule.id, first));
                    continue;
                }
                rules.insert(rule.id.value.clone(), rule.id.place.clone());
            }
        }
        Self {
            cites: manifest.cites.iter().map(|c| c.id.value.clone()).collect(),
            flags: manifest
                .flags
                .iter()
                .map(|(code, _)| code.value.clone())
                .collect(),
            decisions,
            findings,
            looking: looking(modules),
            rules: rules.into_keys().collect(),
            modules: modules.iter().map(|m| m.name.clone()).collect(),
            tiers: manifest
                .tiers
                .iter()
                .map(|(t, _)| t.value.clone())
                .collect(),
            closed: every_name(vocab, closed),
        }
    }
}

fn every_name(vocab: &Vocab, closed: &Closed) -> BTreeMap<NameKind, BTreeSet<String>> {
    let mut names = closed.names.clone();
    let mut add = |kind, list: Vec<&String>| {
        names.insert(kind, list.into_iter().cloned().collect());
    };
    let diseases = vocab.diseases();
    add(
        NameKind::Gene,
        vocab.genes().iter().map(|g| &g.symbol).collect(),
    );
    add(
        NameKind::Marker,
        vocab.markers().iter().map(|m| &m.name).collect(),
    );
    add(
        NameKind::Clone,
        vocab.clones().iter().map(|c| &c.name).collect(),
    );
    add(
        NameKind::Drug,
        vocab.drugs().iter().map(|d| &d.name).collect(),
    );
    add(NameKind::Disease, diseases.iter().map(|d| &d.key).collect());
    add(
        NameKind::DiseaseGroup,
        diseases.iter().map(|d| &d.group).collect(),
    );
    names
}

/// Findings that use `known`, directly or through the findings they refer to.
fn looking(modules: &[RawModule]) -> BTreeSet<String> {
    let mut looking = BTreeSet::new();
    loop {
        let before = looking.len();
        for finding in modules.iter().flat_map(|m| &m.findings) {
            if uses_known(&finding.when, &looking) {
                looking.insert(finding.name.value.clone());
            }
        }
        if looking.len() == before {
            return looking;
        }
    }
}

pub(super) fn uses_known(condition: &RawCondition, looking: &BTreeSet<String>) -> bool {
    let mut found = false;
    condition.walk(&mut |c| match c {
        RawCondition::Known(..) => found = true,
        RawCondition::Ref(name) => found |= looking.contains(&name.value),
        _ => {}
    });
    found
}

pub(super) fn undeclared(
    decision: &str,
    value: &Spanned<String>,
    values: &[String],
    declared: &Place,
) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(
        Code::UndeclaredDecision,
        format!("`{decision}` has no value `{}`", value.value),
    )
    .at(
        value.place.clone(),
        format!("expected one of: {}", values.join(", ")),
    )
    .at(declared.clone(), "declared here");
    if let Some(near) = near_name(&value.value, values.iter().map(String::as_str)) {
        diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
    }
    diagnostic
}
