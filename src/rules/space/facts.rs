//! Made-up facts of one kind: whatever the leaves of a group could tell apart.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::fusions;
use crate::case::fish::Fish;
use crate::case::history::{Diagnosis, History, Role, Stated, Treatment};
use crate::case::ihc::Ihc;
use crate::case::lab::Lab;
use crate::case::measurement::{Category, Kind, Measurement, State, StatedResponse};
use crate::case::morphology::Morphology;
use crate::case::percent::Percent;
use crate::case::variant::Variant;
use crate::case::{Case, fish, ihc, morphology, variant};
use crate::rules::fact::{
    Bounds, HistoryTest, IhcTest, LabTest, MeasurementTest, ResponseTest, Take,
};
use crate::rules::leaf::{FishLeaf, FusionLeaf, Leaf, VariantLeaf};
use crate::source::Place;
use crate::vocab::Vocab;

/// Cases of one fact each (of a treatment before another, two).
pub(super) fn single(leaves: &[&Leaf], vocab: &Vocab) -> Vec<Case> {
    macro_rules! of {
        ($kind:ident) => {
            leaves
                .iter()
                .filter_map(|leaf| match leaf {
                    Leaf::$kind(test) => Some(&*test),
                    _ => None,
                })
                .collect::<Vec<_>>()
        };
    }
    match leaves.first() {
        Some(Leaf::Fusion(_)) => {
            let tests: Vec<&Box<FusionLeaf>> = of!(Fusion);
            let tests: Vec<&FusionLeaf> = tests.into_iter().map(|t| &**t).collect();
            fusions::fusions(&tests, vocab)
        }
        Some(Leaf::Ihc(_)) => {
            let tests: Vec<&Box<IhcTest>> = of!(Ihc);
            stains(&tests.into_iter().map(|t| &**t).collect::<Vec<_>>())
        }
        Some(Leaf::Fish(_)) => probes(&of!(Fish)),
        Some(Leaf::Variant(_)) => variants(&of!(Variant)),
        Some(Leaf::Morphology(first)) => morphology::Status::ALL
            .iter()
            .map(|(status, _)| Case {
                morphology: vec![Morphology {
                    feature: first.feature.clone(),
                    as_written: first.feature.clone(),
                    status: *status,
                    per_10_hpf: None,
                    source: Place::nowhere(),
                }],
                ..Case::default()
            })
            .collect(),
        Some(Leaf::Measurement(_)) => measurements(&of!(Measurement)),
        Some(Leaf::Lab(_)) => labs(&of!(Lab)),
        Some(Leaf::Response(_)) => responses(&of!(Response)),
        Some(Leaf::History(_)) => histories(&of!(History), vocab),
        Some(Leaf::Disagreement(_)) | None => Vec::new(),
    }
}

/// The days facts are given, where some leaf takes the latest.
fn days(takes: impl Iterator<Item = Take>) -> Vec<Option<Date>> {
    let day = |day| Some(Date::constant(2024, 1, day));
    if takes.into_iter().any(|take| take == Take::Latest) {
        vec![None, day(1), day(2)]
    } else {
        vec![None]
    }
}

/// Both sides of every bound.
fn percents<'b>(bounds: impl Iterator<Item = &'b Bounds<Percent>>) -> Vec<Percent> {
    let mut values = BTreeSet::from([Percent::ZERO, Percent::HUNDRED]);
    for bounds in bounds {
        for bound in [bounds.at_least, bounds.below].into_iter().flatten() {
            values.insert(bound);
            values.extend(bound.less());
        }
    }
    if values.len() == 2 {
        return Vec::new();
    }
    values.into_iter().collect()
}

fn decimals<'b>(bounds: impl Iterator<Item = &'b Bounds<Decimal>>) -> Vec<Decimal> {
    let mut values = BTreeSet::new();
    for bounds in bounds {
        for bound in [bounds.at_least, bounds.below].into_iter().flatten() {
            values.insert(bound);
            values.insert(bound - Decimal::new(1, 1));
        }
    }
    values.into_iter().collect()
}

/// Every name some leaf asks for, and one none asks for.
fn texts<'t>(lists: impl Iterator<Item = &'t Vec<String>>) -> Vec<String> {
    let asked: BTreeSet<&String> = lists.flatten().collect();
    if asked.is_empty() {
        return Vec::new();
    }
    let other = std::iter::once("something else".to_owned());
    asked.into_iter().cloned().chain(other).collect()
}

fn stains(tests: &[&IhcTest]) -> Vec<Case> {
    let Some(first) = tests.first() else {
        return Vec::new();
    };
    let each = || tests.iter();
    let mut readings = Vec::new();
    let mut clones: Vec<Option<String>> = vec![None];
    clones.extend(texts(each().map(|t| &t.clone)).into_iter().map(Some));
    for date in days(each().map(|t| t.take)) {
        for status in ihc::Status::ALL {
            for clone in &clones {
                let mut plain = Ihc::new(&first.marker, status, Place::nowhere());
                plain.clone.clone_from(clone);
                plain.date = date;
                readings.push(plain.clone());
                for percent in percents(each().map(|t| &t.percent)) {
                    let mut reading = plain.clone();
                    reading.percent = Some([percent, percent]);
                    readings.push(reading);
                }
                let mut with = |set: &dyn Fn(&mut Ihc, String), values: Vec<String>| {
                    for value in values {
                        let mut reading = plain.clone();
                        set(&mut reading, value);
                        readings.push(reading);
                    }
                };
                with(
                    &|r, v| r.pattern = Some(v),
                    texts(each().map(|t| &t.pattern)),
                );
                with(&|r, v| r.extent = Some(v), texts(each().map(|t| &t.extent)));
                with(
                    &|r, v| r.intensity = Some(v),
                    texts(each().map(|t| &t.intensity)),
                );
                with(
                    &|r, v| r.compartment = vec![v],
                    texts(each().map(|t| &t.compartment)),
                );
                with(&|r, v| r.cells = Some(v), texts(each().map(|t| &t.cells)));
            }
        }
    }
    let alone = |reading| Case {
        ihc: vec![reading],
        ..Case::default()
    };
    readings.into_iter().map(alone).collect()
}

/// One gene for each way the sets tell genes apart.
#[allow(clippy::needless_pass_by_value, reason = "an iterator is handed over")]
pub(super) fn kinds_of_gene<'s>(
    sets: impl Iterator<Item = &'s BTreeSet<String>> + Clone,
) -> Vec<String> {
    let mut seen: BTreeSet<Vec<bool>> = BTreeSet::new();
    let all: BTreeSet<&String> = sets.clone().flatten().collect();
    all.into_iter()
        .filter(|gene| seen.insert(sets.clone().map(|set| set.contains(*gene)).collect()))
        .cloned()
        .collect()
}

fn probes(tests: &[&FishLeaf]) -> Vec<Case> {
    let each = || tests.iter();
    let mut results = Vec::new();
    for gene in kinds_of_gene(tests.iter().map(|t| &t.genes)) {
        for date in days(each().map(|t| t.take)) {
            for (status, _) in fish::Status::ALL {
                let mut plain = Fish::new(&gene, status, Place::nowhere());
                plain.date = date;
                results.push(plain.clone());
                for percent in percents(each().map(|t| &t.percent)) {
                    let mut result = plain.clone();
                    result.percent = Some(percent);
                    results.push(result);
                }
                for pattern in texts(each().map(|t| &t.pattern)) {
                    let mut result = plain.clone();
                    result.pattern = Some(pattern);
                    results.push(result);
                }
                for least in each().filter_map(|t| t.cells_at_least) {
                    for cells in [least, least.saturating_sub(1)] {
                        let mut result = plain.clone();
                        result.cells = Some(cells);
                        results.push(result);
                    }
                }
            }
        }
    }
    let alone = |result| Case {
        fish: vec![result],
        ..Case::default()
    };
    results.into_iter().map(alone).collect()
}

fn variants(tests: &[&VariantLeaf]) -> Vec<Case> {
    let each = || tests.iter();
    let mut changes: Vec<Option<String>> = vec![None, Some("X1X".to_owned())];
    let named = each().filter_map(|t| t.changes.as_ref());
    changes.extend(kinds_of_gene(named).into_iter().map(Some));
    let mut out = Vec::new();
    for gene in kinds_of_gene(tests.iter().map(|t| &t.genes)) {
        for change in &changes {
            for (status, _) in variant::Status::ALL {
                let mut fractions: Vec<Option<Percent>> = vec![None];
                fractions.extend(percents(each().map(|t| &t.vaf)).into_iter().map(Some));
                for vaf in fractions {
                    let mut found = Variant::new(&gene, status, Place::nowhere());
                    found.protein_change.clone_from(change);
                    found.vaf = vaf;
                    out.push(Case {
                        variants: vec![found],
                        ..Case::default()
                    });
                }
            }
        }
    }
    out
}

fn measurements(tests: &[&MeasurementTest]) -> Vec<Case> {
    let mut out = Vec::new();
    for (kind, _) in Kind::ALL {
        let sizes = decimals(tests.iter().map(|t| &t.mm));
        let sized = sizes.into_iter().map(|mm| (vec![mm], None));
        let states = State::ALL
            .iter()
            .map(|(state, _)| (Vec::new(), Some(*state)));
        for (mm, state) in sized.chain(states) {
            let mut found = Measurement::new(kind, mm, Place::nowhere());
            found.state = state;
            out.push(Case {
                measurements: vec![found],
                ..Case::default()
            });
        }
    }
    out
}

fn labs(tests: &[&LabTest]) -> Vec<Case> {
    let mut out = Vec::new();
    for test in tests {
        for value in decimals(tests.iter().map(|t| &t.value)) {
            let mut lab = Lab::new(&test.analyte, test.kind, value, Place::nowhere());
            lab.value_si = Some(value);
            out.push(Case {
                labs: vec![lab],
                ..Case::default()
            });
        }
    }
    out
}

fn responses(_: &[&ResponseTest]) -> Vec<Case> {
    Category::ALL
        .iter()
        .map(|(category, name)| Case {
            stated_responses: vec![StatedResponse {
                category: Some(*category),
                as_written: (*name).to_owned(),
                decrease_percent: None,
                date: None,
                context: None,
                source: Place::nowhere(),
            }],
            ..Case::default()
        })
        .collect()
}

fn histories(tests: &[&HistoryTest], vocab: &Vocab) -> Vec<Case> {
    let mut out: Vec<History> = Vec::new();
    let stated = |value: String| Stated {
        value,
        source: Place::nowhere(),
    };
    let (mut states, mut drugs, mut answers) = (Vec::new(), Vec::new(), Vec::new());
    let mut told: Vec<(&Vec<String>, &Vec<String>)> = Vec::new();
    for test in tests {
        match test {
            HistoryTest::State(values) => states.push(values),
            HistoryTest::Diagnosis { keys, groups, .. } => told.push((keys, groups)),
            HistoryTest::OnDrug {
                drugs: given,
                response,
            } => {
                drugs.push(given);
                answers.push(response);
            }
            HistoryTest::PriorDrug(given) => drugs.push(given),
            HistoryTest::AgeAtLeast(years) | HistoryTest::AgeBelow(years) => {
                for age in [*years, years.saturating_sub(1)] {
                    out.push(History {
                        age: Some(Stated {
                            value: age,
                            source: Place::nowhere(),
                        }),
                        ..History::default()
                    });
                }
            }
            HistoryTest::Sex(_) => {
                for sex in ["F", "M"] {
                    out.push(History {
                        sex: Some(stated(sex.to_owned())),
                        ..History::default()
                    });
                }
            }
            HistoryTest::Site { spellings, .. } => {
                let named = spellings.iter().take(1).cloned();
                for site in named.chain(["elsewhere".to_owned()]) {
                    out.push(History {
                        site: Some(stated(site)),
                        ..History::default()
                    });
                }
            }
        }
    }
    for state in texts(states.into_iter()) {
        out.push(History {
            states: vec![stated(state)],
            ..History::default()
        });
    }
    diagnoses(&told, vocab, &mut out);
    treatments(
        &texts(drugs.into_iter()),
        &texts(answers.into_iter()),
        &mut out,
    );
    let alone = |history| Case {
        history,
        ..Case::default()
    };
    out.into_iter().map(alone).collect()
}

fn diagnoses(told: &[(&Vec<String>, &Vec<String>)], vocab: &Vocab, out: &mut Vec<History>) {
    if told.is_empty() {
        return;
    }
    let mut seen: BTreeSet<Vec<bool>> = BTreeSet::new();
    for disease in vocab.diseases() {
        let signs = told
            .iter()
            .map(|(keys, groups)| keys.contains(&disease.key) || groups.contains(&disease.group));
        if !seen.insert(signs.collect()) {
            continue;
        }
        // The plainest role stands for all that are told apart from none.
        let roles = Role::ALL.iter().map(|(role, _)| *role);
        for role in std::iter::once(Role::Final).chain(roles) {
            out.push(History {
                diagnoses: vec![Diagnosis {
                    label: disease.label.clone(),
                    key: disease.key.clone(),
                    group: disease.group.clone(),
                    role,
                    specimen: None,
                    date: None,
                    source: Place::nowhere(),
                    context: None,
                    revises: false,
                    headed: true,
                }],
                ..History::default()
            });
        }
    }
}

fn treatments(drugs: &[String], responses: &[String], out: &mut Vec<History>) {
    let treatment = |drug: &str, response: Option<&String>| Treatment {
        response: response.cloned(),
        ..Treatment::new(drug, Place::nowhere())
    };
    for drug in drugs {
        let answers = responses.iter().map(Some).chain([None]);
        for response in answers {
            out.push(History {
                treatments: vec![treatment(drug, response)],
                ..History::default()
            });
        }
    }
}
