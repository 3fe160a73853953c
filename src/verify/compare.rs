//! What differs between a sample and its expectation, the answer before the reading.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Code, Diagnostic};
use crate::pipeline::ReadCase;
use crate::rules::therapy::LabelStatus;
use crate::rules::{Assessment, Pack};
use crate::source::Place;
use crate::verify::expected::Expected;
use crate::verify::facts;

/// Label status of each listed drug by region.
pub(super) type Labels = BTreeMap<String, BTreeMap<String, String>>;

/// Differences by decision first, then flags and drugs, then facts by place; empty when all is as expected.
#[must_use]
pub fn differences(
    expected: &Expected,
    read: &ReadCase,
    assessment: &Assessment,
    pack: &Pack,
) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    decisions(expected, read, assessment, pack, &mut out);
    flags(expected, assessment, &mut out);
    therapy(expected, assessment, &mut out);
    fact_list(expected, read, &mut out);
    out
}

fn decisions(
    expected: &Expected,
    read: &ReadCase,
    assessment: &Assessment,
    pack: &Pack,
    out: &mut Vec<Diagnostic>,
) {
    for (name, wanted) in &expected.decisions {
        let place = name.place.clone();
        let Some(got) = assessment.decisions.iter().find(|d| d.name == name.value) else {
            out.push(
                Diagnostic::error(
                    Code::VerifyDecision,
                    format!("the pack has no decision `{}`", name.value),
                )
                .at(place, "expected here"),
            );
            continue;
        };
        let mut differ = |what: &str, wanted: &str, got: &str| {
            out.push(
                Diagnostic::error(
                    Code::VerifyDecision,
                    format!("{}{what}: expected {wanted}, got {got}", name.value),
                )
                .at(place.clone(), "expected here"),
            );
        };
        if got.value != wanted.value {
            differ("", &wanted.value, &got.value);
        }
        let word = |settled| if settled { "settled" } else { "not settled" };
        if let Some(settled) = wanted.settled
            && settled != got.settled
        {
            differ(" settled", word(settled), word(got.settled));
        }
        if let Some(open) = &wanted.open
            && *open != got.open
        {
            differ(" open", &listed(open), &listed(&got.open));
        }
        if let Some(next) = &wanted.next {
            let tests = pack.next_tests(&read.case, assessment, &name.value);
            let best = tests.first().map_or("none", |t| t.test.as_str());
            if best != next {
                differ(" next test", next, best);
            }
        }
    }
}

fn listed(names: &[String]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names.join(", ")
}

fn flags(expected: &Expected, assessment: &Assessment, out: &mut Vec<Diagnostic>) {
    let Some(wanted) = &expected.flags else {
        return;
    };
    for code in wanted {
        if !assessment.flags.iter().any(|f| f.code == code.value) {
            let message = format!("flag {}: expected, not raised", code.value);
            out.push(
                Diagnostic::error(Code::VerifyFlag, message)
                    .at(code.place.clone(), "expected here"),
            );
        }
    }
    let mut seen = BTreeSet::new();
    for flag in &assessment.flags {
        if seen.insert(&flag.code) && !wanted.iter().any(|code| code.value == flag.code) {
            let message = format!("flag {}: raised by {}, not expected", flag.code, flag.rule);
            let mut difference = Diagnostic::error(Code::VerifyFlag, message);
            for place in flag.sources.iter().chain(&expected.place).take(1) {
                difference = difference.at(place.clone(), "raised on this");
            }
            out.push(difference);
        }
    }
}

/// Drugs listed, with their label status.
pub(super) fn labels(assessment: &Assessment) -> Labels {
    let mut out = Labels::new();
    for therapy in &assessment.therapy {
        let regions = out.entry(therapy.drug.clone()).or_default();
        for label in &therapy.labels {
            let status = match label.status {
                LabelStatus::OnLabel => "on_label",
                LabelStatus::OffLabel => "off_label",
                LabelStatus::Undetermined => "undetermined",
            };
            regions
                .entry(label.region.clone())
                .or_insert_with(|| status.to_owned());
        }
    }
    out
}

fn therapy(expected: &Expected, assessment: &Assessment, out: &mut Vec<Diagnostic>) {
    let Some(wanted) = &expected.therapy else {
        return;
    };
    let got = labels(assessment);
    for (drug, regions) in wanted {
        let Some(listed) = got.get(&drug.value) else {
            let message = format!("drug {}: expected, not listed", drug.value);
            out.push(
                Diagnostic::error(Code::VerifyTherapy, message)
                    .at(drug.place.clone(), "expected here"),
            );
            continue;
        };
        let all: BTreeSet<&String> = regions.keys().chain(listed.keys()).collect();
        for region in all {
            let (wanted, got) = (regions.get(region), listed.get(region));
            if wanted != got {
                let word =
                    |status: Option<&String>| status.map_or("nothing", String::as_str).to_owned();
                let message = format!(
                    "drug {} in {region}: expected {}, got {}",
                    drug.value,
                    word(wanted),
                    word(got)
                );
                out.push(
                    Diagnostic::error(Code::VerifyTherapy, message)
                        .at(drug.place.clone(), "expected here"),
                );
            }
        }
    }
    for drug in got.keys() {
        if !wanted.iter().any(|(name, _)| name.value == *drug) {
            let message = format!("drug {drug}: listed, not expected");
            let mut difference = Diagnostic::error(Code::VerifyTherapy, message);
            if let Some(place) = &expected.place {
                difference = difference.at(place.clone(), "not named here");
            }
            out.push(difference);
        }
    }
}

fn fact_list(expected: &Expected, read: &ReadCase, out: &mut Vec<Diagnostic>) {
    let held = facts::all(&read.case);
    let mut found: Vec<(Place, Diagnostic)> = Vec::new();
    for wanted in &expected.read {
        if !held.iter().any(|fact| fact.matches(wanted)) {
            let message = format!("fact not read: {}", wanted.words());
            // The same fact with another result says where the reading went wrong.
            let near = held
                .iter()
                .find(|fact| fact.kind == wanted.kind && fact.name == wanted.name);
            let mut difference = Diagnostic::error(Code::VerifyFact, message)
                .at(wanted.place.clone(), "expected here");
            if let Some(near) = near {
                difference = difference.at(near.place.clone(), format!("read as {}", near.words()));
            }
            found.push((wanted.place.clone(), difference));
        }
    }
    for fact in &held {
        let refused = expected.not_read.iter().find(|wanted| fact.matches(wanted));
        let extra = expected.only && !expected.read.iter().any(|wanted| fact.matches(wanted));
        if refused.is_some() || extra {
            let why = if refused.is_some() {
                "must not be read"
            } else {
                "not expected"
            };
            let message = format!("fact {why}: {}", fact.words());
            let mut difference =
                Diagnostic::error(Code::VerifyFact, message).at(fact.place.clone(), "read here");
            if let Some(refused) = refused {
                difference = difference.at(refused.place.clone(), "refused here");
            }
            found.push((fact.place.clone(), difference));
        }
    }
    found.sort_by(|(a, _), (b, _)| (&a.path, a.line, a.column).cmp(&(&b.path, b.line, b.column)));
    out.extend(found.into_iter().map(|(_, difference)| difference));
}
