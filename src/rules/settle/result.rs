//! The results a test can have, and the case with one more of them.

use crate::case::fish::Fish;
use crate::case::fusion::Fusion;
use crate::case::history::{Diagnosis, Role, Stated, Treatment};
use crate::case::ihc::Ihc;
use crate::case::morphology::Morphology;
use crate::case::variant::Variant;
use crate::case::{Case, fish, fusion, ihc, morphology, variant};
use crate::rules::fact::HistoryTest;
use crate::rules::leaf::{FusionLeaf, Leaf};
use crate::rules::program::Program;
use crate::source::Place;

fn leaf<'p>(program: &'p Program, key: &str) -> Option<&'p Leaf> {
    program.leaves.iter().find(|leaf| leaf.key() == key)
}

/// The results a test can have.
pub(super) fn results(program: &Program, key: &str) -> Vec<&'static str> {
    match leaf(program, key) {
        Some(Leaf::Ihc(_)) => vec!["positive", "negative"],
        Some(Leaf::Fusion(_) | Leaf::Variant(_)) => vec!["detected", "not detected"],
        Some(Leaf::Fish(_)) => vec!["rearranged", "not rearranged"],
        Some(Leaf::History(_)) => vec!["yes", "no"],
        Some(Leaf::Morphology(_)) => vec!["present", "absent"],
        Some(Leaf::Measurement(_) | Leaf::Lab(_) | Leaf::Response(_) | Leaf::Disagreement(_))
        | None => Vec::new(),
    }
}

/// The case with one more result. Unclear results of the same test are taken as replaced by it.
pub(super) fn with(
    program: &Program,
    case: &Case,
    key: &str,
    result: &'static str,
) -> Option<Case> {
    let mut case = case.clone();
    let place = Place::nowhere();
    let good = matches!(
        result,
        "positive" | "detected" | "rearranged" | "yes" | "present"
    );
    match leaf(program, key)? {
        Leaf::Ihc(leaf) => {
            let status = if good {
                ihc::Status::Positive
            } else {
                ihc::Status::Negative
            };
            case.ihc.retain(|r| {
                r.marker != leaf.marker
                    || matches!(r.status, ihc::Status::Positive | ihc::Status::Negative)
            });
            let mut reading = Ihc::new(&leaf.marker, status, place);
            reading.clone = leaf.clone.first().cloned();
            case.ihc.push(reading);
        }
        Leaf::Fusion(leaf) => statement(leaf, &mut case, good, place)?,
        Leaf::Fish(leaf) => {
            let status = if good {
                fish::Status::Positive
            } else {
                fish::Status::Negative
            };
            let verdict =
                |s: fish::Status| matches!(s, fish::Status::Positive | fish::Status::Negative);
            case.fish
                .retain(|f| !leaf.genes.contains(&f.gene) || verdict(f.status));
            if good {
                case.fish
                    .push(Fish::new(leaf.genes.first()?, status, place));
            } else {
                let all = leaf
                    .genes
                    .iter()
                    .map(|gene| Fish::new(gene, status, place.clone()));
                case.fish.extend(all);
            }
        }
        Leaf::History(leaf) => state(leaf, &mut case, good, place),
        Leaf::Variant(leaf) => {
            let status = if good {
                variant::Status::Detected
            } else {
                variant::Status::NotDetected
            };
            let mut result = Variant::new(leaf.genes.first()?, status, place);
            let changes = leaf.changes.as_ref().filter(|_| good);
            result.protein_change = changes.and_then(|c| c.first()).cloned();
            case.variants.push(result);
        }
        Leaf::Morphology(leaf) => {
            let status = if good {
                morphology::Status::Present
            } else {
                morphology::Status::Absent
            };
            case.morphology.push(Morphology {
                feature: leaf.feature.clone(),
                as_written: leaf.feature.clone(),
                status,
                per_10_hpf: None,
                source: place,
            });
        }
        Leaf::Measurement(_) | Leaf::Lab(_) | Leaf::Response(_) | Leaf::Disagreement(_) => {
            return None;
        }
    }
    Some(case)
}

/// A fusion found or not found. None when nothing would have to be found.
fn statement(leaf: &FusionLeaf, case: &mut Case, good: bool, place: Place) -> Option<()> {
    let genes = leaf
        .three_prime
        .as_ref()
        .or(leaf.gene.as_ref())
        .or(leaf.five_prime.as_ref());
    let first = genes.and_then(|set| set.first()).cloned();
    case.fusions.retain(|f| {
        matches!(
            f.status,
            fusion::Status::Detected | fusion::Status::NotDetected
        )
    });
    let status = if good {
        fusion::Status::Detected
    } else {
        fusion::Status::NotDetected
    };
    let mut statement = Fusion::new(status, place);
    match (&leaf.pair, good) {
        (Some(pairs), true) => {
            let (five, three) = pairs.first()?;
            statement.five_prime = Some(five.clone());
            statement.three_prime = Some(three.clone());
        }
        // A negative for several genes is a negative panel.
        (_, false) if genes.is_none_or(|set| set.len() > 1) => {}
        _ => statement.gene = first,
    }
    case.fusions.push(statement);
    Some(())
}

fn state(leaf: &HistoryTest, case: &mut Case, good: bool, source: Place) {
    let history = &mut case.history;
    let other = || "something else".to_owned();
    match leaf {
        HistoryTest::State(values) => history.states.push(Stated {
            value: values
                .first()
                .filter(|_| good)
                .cloned()
                .unwrap_or_else(other),
            source,
        }),
        HistoryTest::Diagnosis {
            keys,
            groups,
            roles,
        } => history.diagnoses.push(Diagnosis {
            label: other(),
            key: keys.first().filter(|_| good).cloned().unwrap_or_else(other),
            group: groups
                .first()
                .filter(|_| good)
                .cloned()
                .unwrap_or_else(other),
            role: roles.first().copied().unwrap_or(Role::Final),
            specimen: None,
            date: None,
            source,
            context: None,
            revises: false,
            headed: true,
        }),
        HistoryTest::OnDrug { drugs, .. } | HistoryTest::PriorDrug(drugs) => {
            let given = drugs.first().filter(|_| good).cloned();
            let response = match leaf {
                HistoryTest::OnDrug { response, .. } => response.first().cloned(),
                _ => None,
            };
            let mut add = |drug: &str, response| {
                history.treatments.push(Treatment {
                    response,
                    ..Treatment::new(drug, source.clone())
                });
            };
            add(&given.unwrap_or_else(other), response);
            if matches!(leaf, HistoryTest::PriorDrug(_)) {
                add(&other(), None);
            }
        }
        HistoryTest::Site { spellings, .. } => {
            let value = spellings.first().filter(|_| good).cloned();
            history.site = Some(Stated {
                value: value.unwrap_or_else(other),
                source,
            });
        }
        HistoryTest::AgeAtLeast(years) => {
            let value = if good {
                *years
            } else {
                years.saturating_sub(1)
            };
            history.age = Some(Stated { value, source });
        }
        HistoryTest::AgeBelow(years) => {
            let value = if good {
                years.saturating_sub(1)
            } else {
                *years
            };
            history.age = Some(Stated { value, source });
        }
        HistoryTest::Sex(sex) => {
            let value = if good { sex.clone() } else { other() };
            history.sex = Some(Stated { value, source });
        }
    }
}
