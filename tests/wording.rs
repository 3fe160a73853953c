//! Wordings, one per line, and what a careful pathologist reads in them.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use fusedx::case::fusion::{Frame, Method};
use fusedx::case::history::Role;
use fusedx::case::ihc::PercentOp;
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

/// States of the disease.
fn states(case: &Case) -> Vec<String> {
    let states = case.history.states.iter();
    states.map(|s| s.value.clone()).collect()
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

/// What of a fact a list may ask for, by name.
type Details = BTreeMap<&'static str, String>;

fn set(details: &mut Details, name: &'static str, value: Option<impl ToString>) {
    if let Some(value) = value {
        details.insert(name, value.to_string());
    }
}

/// Every current result with its details.
fn detailed(case: &Case) -> Vec<(String, Details)> {
    let mut out = Vec::new();
    let repaired = |repairs: &[fusedx::case::Repair]| (!repairs.is_empty()).then_some("");
    for r in case.ihc.iter().filter(|r| r.is_current()) {
        let mut d = Details::new();
        set(&mut d, "extent", r.extent.as_ref());
        set(&mut d, "intensity", r.intensity.as_ref());
        set(&mut d, "score", r.score.as_ref());
        set(&mut d, "clone", r.clone.as_ref());
        set(&mut d, "pattern", r.pattern.as_ref());
        set(&mut d, "specimen", r.specimen.as_ref());
        set(
            &mut d,
            "percent",
            r.percent.map(|[a, b]| format!("{a}-{b}")),
        );
        set(
            &mut d,
            "op",
            r.percent_op.map(|op| match op {
                PercentOp::Below => "<",
                PercentOp::Above => ">",
                PercentOp::About => "~",
            }),
        );
        set(&mut d, "repaired", repaired(&r.repairs));
        if !r.compartment.is_empty() {
            d.insert("compartment", r.compartment.join(" "));
        }
        out.push((format!("{} {}", r.marker, r.status.as_str()), d));
    }
    for f in case.fish.iter().filter(|f| f.is_current()) {
        let mut d = Details::new();
        set(&mut d, "percent", f.percent);
        set(&mut d, "cells", f.cells);
        set(&mut d, "cutoff", f.cutoff_percent);
        set(&mut d, "pattern", f.pattern.as_ref());
        out.push((format!("fish {} {}", f.gene, f.status.as_str()), d));
    }
    for f in case.fusions.iter().filter(|f| f.is_current()) {
        let mut d = Details::new();
        if let (Some(five), Some(three)) = (&f.exons.five_prime, &f.exons.three_prime) {
            d.insert("exons", format!("{five}-{three}"));
        }
        set(&mut d, "repaired", repaired(&f.repairs));
        set(&mut d, "reads", f.support.total);
        set(&mut d, "method", Some(name(&Method::ALL, &f.method)));
        set(
            &mut d,
            "frame",
            f.frame.map(|frame| name(&Frame::ALL, &frame)),
        );
        out.push((format!("fusion {} {}", f.name(), f.status.as_str()), d));
    }
    out
}

/// `ALK positive [clone D5F3] [extent focal]`: a fact and what else must be read of it.
fn asked(fact: &str) -> (String, Vec<(String, String)>) {
    let mut parts = fact.split(" [");
    let base = parts.next().unwrap_or_default().to_owned();
    let details = parts
        .map(|part| {
            let part = part.trim_end_matches(']');
            let (name, value) = part.split_once(' ').unwrap_or((part, ""));
            (name.to_owned(), value.to_owned())
        })
        .collect();
    (base, details)
}

/// As [`compare`], over every kind of result; details that the list names must be read, others may.
fn compare_all(list: &str) {
    let mut wrong = String::new();
    let all = lines(list);
    let mut count = 0;
    for (number, line) in &all {
        let (text, expected) = line.rsplit_once(" => ").expect("a line is `text => facts`");
        let mut left = detailed(&read_text(&text.replace("\\t", "\t")).case);
        let mut missing = Vec::new();
        let mut facts: Vec<&str> = expected.split(", ").filter(|f| *f != "nothing").collect();
        // The most exact first, so that a plain one does not take its place.
        facts.sort_by_key(|fact| std::cmp::Reverse(fact.matches('[').count()));
        for fact in facts {
            let (base, details) = asked(fact);
            let fits = |(name, got): &(String, Details)| {
                *name == base
                    && details
                        .iter()
                        .all(|(name, value)| got.get(name.as_str()) == Some(value))
            };
            match left.iter().position(fits) {
                Some(at) => {
                    left.swap_remove(at);
                }
                None => missing.push(fact),
            }
        }
        if !(missing.is_empty() && left.is_empty()) {
            count += 1;
            let _ = writeln!(
                wrong,
                "{list}:{number}: {text}\n    missing {missing:?}, too much {left:?}"
            );
        }
    }
    assert!(wrong.is_empty(), "{count} of {}\n{wrong}", all.len());
}

#[test]
fn the_catalogue_of_surface_forms_is_read() {
    for list in [
        "catalogue-panels.txt",
        "catalogue-prose.txt",
        "catalogue-genes.txt",
    ] {
        compare_all(list);
    }
}

#[test]
fn wordings_of_other_hospitals_are_read() {
    let folder = repository("tests/fixtures/readings");
    let names = fs::read_dir(folder).unwrap();
    let mut lists: Vec<String> = names
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with("new-wording-"))
        .collect();
    lists.sort();
    assert!(!lists.is_empty());
    for list in lists {
        compare_all(&list);
    }
}

#[test]
fn nothing_is_read_of_tests_orders_relatives_and_kinds_of_tumour() {
    compare_all("molecular-traps.txt");
}

#[test]
fn fusion_and_fish_reports_are_read() {
    compare_all("molecular-fusions.txt");
    compare_all("molecular-fish.txt");
    compare_all("molecular-mixed.txt");
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
fn states_are_read_as_worded() {
    compare("states-stated.txt", states);
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
