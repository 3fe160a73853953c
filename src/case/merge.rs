//! Which statements later ones of the same case replace.
//!
//! A result replaces a pending, failed or undone test of the same marker. A later part of one report
//! (an addendum) replaces earlier readings with the same clone, and all earlier readings of the
//! marker when it says so. Two laboratories that differ are both kept: their difference is a finding.

use std::collections::{BTreeMap, BTreeSet};

use crate::case::history::{Diagnosis, Role};
use crate::case::{Case, fish, fusion, ihc};
use crate::source::Place;

/// Marks superseded facts and diagnoses. Call once, when all inputs of the case are read.
pub fn settle_versions(case: &mut Case) {
    stains(&mut case.ihc);
    signals(&mut case.fish);
    fusions(&mut case.fusions);
    diagnoses(&mut case.history.diagnoses);
}

/// What lies after the reading that is looked at, in one group.
#[derive(Default)]
struct Later {
    /// A result of any kind.
    result: bool,
    /// Latest version of each path that says it replaces earlier ones.
    replacing: BTreeMap<std::sync::Arc<str>, u32>,
    /// Latest version of each clone: (path, clone) -> version.
    clones: BTreeMap<(std::sync::Arc<str>, Option<String>), u32>,
}

/// Marker, specimen and cells.
type StainKey = (String, Option<String>, Option<String>);

fn stain_key(reading: &ihc::Ihc) -> StainKey {
    (
        reading.marker.clone(),
        reading.specimen.clone(),
        reading.cells.clone(),
    )
}

fn stains(readings: &mut [ihc::Ihc]) {
    let mut groups: BTreeMap<StainKey, Later> = BTreeMap::new();
    // Marker and cells of every later result, whatever its specimen.
    let mut all_answered: BTreeSet<(String, Option<String>)> = BTreeSet::new();
    // A repeat replaces the laboratory's own result where there is one, and not that of another laboratory.
    let own: BTreeSet<StainKey> = readings
        .iter()
        .filter(|r| r.context.is_none() && !r.replaces)
        .map(stain_key)
        .collect();
    for reading in readings.iter_mut().rev() {
        if reading.context == Some(crate::case::Context::Prior) {
            continue;
        }
        let key = stain_key(reading);
        let others = reading.context.is_some() && own.contains(&key);
        // A test that waits on a block is answered by a result that names none, and the other way round.
        let unnamed = (key.0.clone(), None, key.2.clone());
        let answered = groups.get(&unnamed).is_some_and(|later| later.result)
            || (key.1.is_none() && all_answered.contains(&(key.0.clone(), key.2.clone())));
        let later = groups.entry(key.clone()).or_default();
        let path = std::sync::Arc::clone(&reading.source.path);
        let open = matches!(
            reading.status,
            ihc::Status::Pending | ihc::Status::Failed | ihc::Status::NotDone
        );
        let version = reading.version;
        let same_clone = [reading.clone.clone(), None]
            .into_iter()
            .filter_map(|clone| later.clones.get(&(path.clone(), clone)).copied())
            .any(|v| v > version);
        let replaced = !others && later.replacing.get(&path).is_some_and(|v| *v >= version);
        let given = later.result || answered;
        reading.superseded |= (open && given) || same_clone || replaced;
        if !open {
            later.result = true;
            all_answered.insert((key.0, key.2));
            later
                .clones
                .entry((path.clone(), reading.clone.clone()))
                .or_insert(version);
        }
        if reading.replaces {
            later.replacing.entry(path).or_insert(version);
        }
    }
}

fn signals(results: &mut [fish::Fish]) {
    let mut known: BTreeMap<(String, Option<String>), (Place, u32)> = BTreeMap::new();
    for result in results.iter_mut().rev() {
        let key = (result.gene.clone(), result.specimen.clone());
        let open = matches!(
            result.status,
            fish::Status::Pending | fish::Status::Failed | fish::Status::NotDone
        );
        if let Some((place, version)) = known.get(&key) {
            result.superseded |=
                open || (place.path == result.source.path && *version > result.version);
        }
        if !open {
            known
                .entry(key)
                .or_insert((result.source.clone(), result.version));
        }
    }
}

fn fusions(statements: &mut [fusion::Fusion]) {
    // Only an open test is answered, and only an earlier part is revised: a table has neither.
    let open =
        |s: &fusion::Fusion| matches!(s.status, fusion::Status::Pending | fusion::Status::Failed);
    let version = statements.first().map(|s| s.version);
    if !statements
        .iter()
        .any(|s| open(s) || Some(s.version) != version)
    {
        return;
    }
    let mut known: BTreeMap<String, (Place, u32)> = BTreeMap::new();
    let mut any_result = false;
    // `no fusion detected` and `no A fusion detected` of later parts: path, gene, version.
    let mut denied: Vec<(std::sync::Arc<str>, Option<String>, u32)> = Vec::new();
    for statement in statements.iter_mut().rev() {
        let open = open(statement);
        let name = statement.name();
        let newer = known.get(&name).is_some_and(|(place, version)| {
            place.path == statement.source.path && *version > statement.version
        });
        let answered =
            open && (known.contains_key(&name) || (statement.gene.is_none() && any_result));
        let withdrawn = statement.status == fusion::Status::Detected
            && denied.iter().any(|(path, gene, version)| {
                *path == statement.source.path
                    && *version > statement.version
                    && gene.as_ref().is_none_or(|gene| statement.names(gene))
            });
        statement.superseded |= answered || newer || withdrawn;
        let level = statement.five_prime.is_none() && statement.as_reported.is_none();
        if level && statement.status == fusion::Status::NotDetected {
            denied.push((
                std::sync::Arc::clone(&statement.source.path),
                statement.gene.clone(),
                statement.version,
            ));
        }
        if !open {
            any_result = true;
            known
                .entry(name)
                .or_insert((statement.source.clone(), statement.version));
        }
    }
}

fn diagnoses(stated: &mut [Diagnosis]) {
    let mut revised: Option<String> = None;
    for diagnosis in stated.iter_mut().rev() {
        if diagnosis.context == Some(crate::case::Context::Prior) {
            continue;
        }
        match &revised {
            Some(key) if *key != diagnosis.key && diagnosis.role != Role::NotExcluded => {
                diagnosis.role = Role::Superseded;
            }
            _ if diagnosis.revises => revised = Some(diagnosis.key.clone()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Limits, Sources};

    fn place(line: usize) -> Place {
        let text = "x\n".repeat(20);
        let mut sources = Sources::new(Limits::default());
        let id = sources.add("r.txt", text.as_bytes()).unwrap();
        sources.get(id).place(line * 2..line * 2 + 1)
    }

    fn alk(line: usize, status: ihc::Status, clone: Option<&str>, version: u32) -> ihc::Ihc {
        ihc::Ihc {
            clone: clone.map(str::to_owned),
            version,
            ..ihc::Ihc::new("ALK", status, place(line))
        }
    }

    fn superseded(readings: Vec<ihc::Ihc>) -> Vec<bool> {
        let mut readings = readings;
        stains(&mut readings);
        readings.iter().map(|r| r.superseded).collect()
    }

    #[test]
    fn a_result_replaces_a_pending_test() {
        let rows = vec![
            alk(0, ihc::Status::Pending, None, 0),
            alk(1, ihc::Status::Positive, Some("D5F3"), 1),
        ];
        assert_eq!(superseded(rows), [true, false]);
    }

    #[test]
    fn a_pending_repeat_does_not_replace_a_result() {
        let rows = vec![
            alk(0, ihc::Status::Equivocal, Some("5A4"), 0),
            alk(1, ihc::Status::Pending, None, 1),
        ];
        assert_eq!(superseded(rows), [false, false]);
    }

    #[test]
    fn another_clone_replaces_only_when_the_report_says_so() {
        let mut rows = vec![
            alk(0, ihc::Status::Equivocal, Some("5A4"), 1),
            alk(1, ihc::Status::Positive, Some("D5F3"), 2),
        ];
        assert_eq!(superseded(rows.clone()), [false, false]);
        rows[1].replaces = true;
        assert_eq!(superseded(rows), [true, false]);
    }

    #[test]
    fn an_addendum_replaces_the_same_clone() {
        let rows = vec![
            alk(0, ihc::Status::Negative, Some("5A4"), 0),
            alk(1, ihc::Status::Positive, Some("5A4"), 1),
        ];
        assert_eq!(superseded(rows), [true, false]);
    }

    #[test]
    fn a_revised_diagnosis_replaces_earlier_ones() {
        let diagnosis = |key: &str, revises| Diagnosis {
            label: key.to_owned(),
            key: key.to_owned(),
            group: String::new(),
            role: Role::Final,
            specimen: None,
            date: None,
            source: place(0),
            context: None,
            revises,
            headed: false,
        };
        let mut stated = vec![diagnosis("lms", false), diagnosis("imt", true)];
        diagnoses(&mut stated);
        assert_eq!(
            stated.iter().map(|d| d.role).collect::<Vec<_>>(),
            [Role::Superseded, Role::Final]
        );
    }
}
