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
        .map(|(number, line)| (number + 1, line.replace("\\n", "\n").replace("\\t", "\t")))
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

/// A value of the kind `Kind::ALL` lists, by its name in JSON.
fn name<T: PartialEq>(all: &[(T, &'static str)], value: &T) -> &'static str {
    all.iter().find(|(v, _)| v == value).unwrap().1
}

fn labs(case: &Case) -> Vec<String> {
    let fact = |l: &fusedx::case::lab::Lab| {
        let mut out = format!("{} {}", l.analyte, l.value.normalize());
        out.extend(l.unit.iter().map(|u| format!(" {u}")));
        let si = l.value_si.filter(|si| *si != l.value);
        out.extend(si.map(|si| format!(" ={si}")));
        out.extend(l.flag.iter().map(|f| format!(" {f}")));
        out.extend(l.date.map(|d| format!(" @{d}")));
        out
    };
    case.labs.iter().map(fact).collect()
}

fn lesions(case: &Case) -> Vec<String> {
    use fusedx::case::measurement::{Kind, Measurement, State};
    let fact = |m: &Measurement| {
        let mut out = name(&Kind::ALL, &m.kind).to_owned();
        out.extend(m.lesion.iter().map(|l| format!(" {l}")));
        out.extend(m.site.iter().map(|s| format!(" ({s})")));
        let mm: Vec<String> = m.mm.iter().map(|d| d.normalize().to_string()).collect();
        if !mm.is_empty() {
            let _ = write!(out, " {}", mm.join("x"));
        }
        out.extend(m.state.map(|s| format!(" {}", name(&State::ALL, &s))));
        out.push_str(if m.baseline { " baseline" } else { "" });
        out.extend(m.date.map(|d| format!(" @{d}")));
        out
    };
    let all = case.measurements.iter().chain(&case.lesion_states);
    all.map(fact).collect()
}

fn responses(case: &Case) -> Vec<String> {
    use fusedx::case::measurement::{Category, StatedResponse};
    let fact = |r: &StatedResponse| {
        let mut out: Vec<String> = Vec::new();
        out.extend(r.category.map(|c| name(&Category::ALL, &c).to_owned()));
        out.extend(
            r.decrease_percent
                .map(|[low, high]| format!("{low}-{high}")),
        );
        out.join(" ")
    };
    case.stated_responses.iter().map(fact).collect()
}

fn variants(case: &Case) -> Vec<String> {
    use fusedx::case::variant::{Status, Variant};
    let fact = |v: &Variant| {
        let mut out = v.gene.clone();
        out.extend(v.protein_change.iter().map(|p| format!(" {p}")));
        out.push_str(if v.status == Status::NotDetected {
            " not"
        } else {
            ""
        });
        out.extend(v.vaf.map(|p| format!(" {p}%")));
        out
    };
    case.variants
        .iter()
        .filter(|v| v.is_current())
        .map(fact)
        .collect()
}

fn morphology(case: &Case) -> Vec<String> {
    use fusedx::case::morphology::Status;
    let fact = |m: &fusedx::case::morphology::Morphology| {
        let count = m.per_10_hpf.map(|n| format!("{n} ")).unwrap_or_default();
        format!("{} {count}{}", m.feature, name(&Status::ALL, &m.status))
    };
    case.morphology.iter().map(fact).collect()
}

fn treatments(case: &Case) -> Vec<String> {
    let fact = |t: &fusedx::case::history::Treatment| {
        let mut out = t.drug.clone();
        out.extend(t.dose.iter().map(|d| format!(" [{d}]")));
        out.extend(t.line.map(|l| format!(" line {l}")));
        out.extend(t.start.map(|d| format!(" from {d}")));
        out.extend(t.stop.map(|d| format!(" to {d}")));
        out.extend(t.stop_reason.iter().map(|r| format!(" ({r})")));
        out.extend(t.response.iter().map(|r| format!(" {r}")));
        out
    };
    case.history.treatments.iter().map(fact).collect()
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
fn blood_values_are_read_as_worded() {
    compare("labs.txt", labs);
}

#[test]
fn lesions_are_read_as_worded() {
    compare("lesions.txt", lesions);
}

#[test]
fn responses_are_read_as_worded() {
    compare("responses.txt", responses);
}

#[test]
fn variants_are_read_as_worded() {
    compare("variants.txt", variants);
}

#[test]
fn karyotypes_are_read_as_worded() {
    compare("karyotypes.txt", genes);
}

#[test]
fn morphology_is_read_as_worded() {
    compare("morphology.txt", morphology);
}

#[test]
fn treatments_are_read_as_worded() {
    compare("treatments.txt", treatments);
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
