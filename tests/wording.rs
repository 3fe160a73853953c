//! Wordings, one per line, and what a careful pathologist reads in them.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::fmt::Write as _;
use std::fs;

use fusedx::case::history::Role;
use fusedx::{Asked, Case};
use support::{PACK, assess_text, read_text, repository, value};

/// The lines of a list that are no comments, with their numbers.
fn lines(list: &str) -> Vec<(usize, String)> {
    let path = repository("tests/fixtures/readings").join(list);
    let text = fs::read_to_string(path).unwrap();
    let lines: Vec<_> = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.starts_with('#'))
        .map(|(number, line)| (number + 1, line.replace("\\n", "\n")))
        .collect();
    assert!(!lines.is_empty(), "{list} is empty");
    lines
}

fn stains(case: &Case) -> Vec<String> {
    let current = case.ihc.iter().filter(|r| r.is_current());
    current
        .map(|r| format!("{} {}", r.marker, r.status.as_str()))
        .collect()
}

fn genes(case: &Case) -> Vec<String> {
    let mut out: Vec<String> = (case.fish.iter().filter(|f| f.is_current()))
        .map(|f| format!("fish {} {}", f.gene, f.status.as_str()))
        .collect();
    for f in case.fusions.iter().filter(|f| f.is_current()) {
        out.push(format!("fusion {} {}", f.name(), f.status.as_str()));
    }
    out
}

fn diagnoses(case: &Case) -> Vec<String> {
    let role = |role: Role| Role::ALL.iter().find(|(r, _)| *r == role).unwrap().1;
    (case.history.diagnoses.iter())
        .filter(|d| !matches!(d.role, Role::NotExcluded | Role::Superseded))
        .map(|d| format!("{} {}", d.label, role(d.role)))
        .collect()
}

/// Compares each line of a list with what is read of it, and shows all that differ.
fn compare(list: &str, read: impl Fn(&Case) -> Vec<String>) {
    let mut wrong = String::new();
    let all = lines(list);
    for (number, line) in &all {
        let (text, expected) = line.split_once(" => ").expect("a line is `text => facts`");
        let mut want: Vec<String> = match expected {
            "nothing" => Vec::new(),
            facts => facts.split(", ").map(str::to_owned).collect(),
        };
        let mut got = read(&read_text(text).case);
        want.sort();
        got.sort();
        if want != got {
            let _ = writeln!(wrong, "{list}:{number}: {text}\n    {got:?}, not {want:?}");
        }
    }
    let count = wrong.lines().count() / 2;
    assert!(wrong.is_empty(), "{count} of {}\n{wrong}", all.len());
}

#[test]
fn stains_are_read_as_worded() {
    compare("stains.txt", stains);
}

#[test]
fn fish_and_fusions_are_read_as_worded() {
    compare("genes.txt", genes);
}

#[test]
fn lines_are_read_apart() {
    compare("columns.txt", |case| {
        stains(case).into_iter().chain(genes(case)).collect()
    });
}

#[test]
fn sentences_are_read_as_worded() {
    compare("sentences.txt", |case| {
        stains(case).into_iter().chain(genes(case)).collect()
    });
}

#[test]
fn diagnoses_stand_as_worded() {
    compare("diagnoses.txt", diagnoses);
}

#[test]
fn drugs_are_given_or_only_named() {
    compare("drugs.txt", |case| {
        let given = case.history.treatments.iter();
        given.map(|t| t.drug.clone()).collect()
    });
}

/// The lines of a list after which a decision has a value it must not have.
fn forbidden(list: &str, before: &str, decision: &str, never: &str) {
    let mut wrong = String::new();
    for (number, line) in lines(list) {
        if value(&assess_text(&format!("{before}\n{line}\n")), decision) == never {
            let _ = writeln!(wrong, "{list}:{number}: {line}");
        }
    }
    assert!(wrong.is_empty(), "{never} after\n{wrong}");
}

#[test]
fn these_make_no_candidate() {
    let advanced = "Diagnosis: Inflammatory myofibroblastic tumor, recurrent, unresectable";
    let control = assess_text(&format!("{advanced}\nNGS: IGFBP5::ALK detected.\n"));
    assert_eq!(value(&control, "alk_tki"), "candidate", "the test can fail");
    forbidden("never-candidate.txt", advanced, "alk_tki", "candidate");
    for list in ["genes.txt", "stains.txt"] {
        for (number, line) in lines(list) {
            let (text, expected) = line.split_once(" => ").unwrap();
            let altered = expected.contains("::ALK detected")
                || expected.contains("ALK detected")
                || expected.contains("fish ALK positive");
            if !altered {
                let got = assess_text(&format!("{advanced}\n{text}\n"));
                assert_ne!(
                    value(&got, "alk_tki"),
                    "candidate",
                    "{list}:{number}: {text}"
                );
            }
        }
    }
}

#[test]
fn these_state_no_advanced_disease() {
    let known = "Diagnosis: IMT. IGFBP5::ALK detected. ALK positive.";
    let control = assess_text(&format!("{known}\nThe tumour is metastatic.\n"));
    assert_eq!(value(&control, "alk_tki"), "candidate", "the test can fail");
    forbidden("states.txt", known, "alk_tki", "candidate");
}

#[test]
fn these_leave_leiomyosarcoma_open() {
    let smooth = "Final diagnosis: Leiomyosarcoma, high grade. SMA positive, desmin positive, \
                  h-caldesmon positive.";
    let control = assess_text(&format!(
        "{smooth}\nALK negative. FISH: ALK not rearranged.\n"
    ));
    assert_eq!(value(&control, "dx"), "lms", "the test can fail");
    forbidden("never-lms.txt", smooth, "dx", "lms");
}

#[test]
fn every_wording_is_assessed_without_a_panic() {
    for list in [
        "stains.txt",
        "genes.txt",
        "sentences.txt",
        "columns.txt",
        "diagnoses.txt",
    ] {
        for (_, line) in lines(list) {
            let case = read_text(line.split(" => ").next().unwrap()).case;
            let _ = PACK.assess(&case, &Asked::default());
        }
    }
}
