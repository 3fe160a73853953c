//! What must hold of the shipped pack whatever the case: order changes nothing, and knowing less never makes an
//! answer firmer, except where a rule says so.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::fs;
use std::path::PathBuf;

use fusedx::rules::{Assessment, Trace, TraceKind, Truth};
use fusedx::{Asked, Case, Limits, ReadOptions, Sources};
use support::{PACK, assess_text, flags, read_text, repository, value};

/// Short cases beside the samples: one for each way results can contradict each other.
const TEXTS: &[&str] = &[
    "Diagnosis: leiomyosarcoma\nIHC: SMA(+), desmin(+), ALK(-)\nNGS: no ALK fusion detected\n",
    "Diagnosis: leiomyosarcoma\nIHC: ALK [D5F3 (-)]\nNGS: TNS1::ALK fusion detected\n",
    "Diagnosis: inflammatory myofibroblastic tumour, metastatic\nIHC: ALK(+)\nFISH: ALK not rearranged\n",
    "Diagnosis: inflammatory myofibroblastic tumour, metastatic\nFISH: ALK rearranged in 30% of nuclei\nRNA sequencing: no fusion detected\n",
    "Diagnosis: leiomyosarcoma; inflammatory myofibroblastic tumour is not excluded\nIHC: SMA(+), ALK(-)\n",
    "Diagnosis: spindle cell tumour\nIHC: ALK(pending), SMA(+)\nRNA sequencing: pending\n",
    "Diagnosis: PEComa\nIHC: HMB45(+), ALK(pending)\n",
    "Diagnosis: leiomyoma\nIHC: FH(lost)\n",
    "Diagnosis: uterine leiomyosarcoma\nIHC: SMA(+), desmin(+), caldesmon(+)\n",
    "Diagnosis: leiomyosarcoma\nIHC: S100(+), CD34(+)\nRNA sequencing: TPM3-NTRK1 fusion detected\n",
    "Diagnosis: lung adenocarcinoma, metastatic\nIHC: ALK [ALK1 (-)]\nNGS: EML4-ALK fusion detected\n",
    "Diagnosis: endometrial stromal sarcoma\nIHC: CD10(+), desmin(-)\nRNA sequencing: JAZF1-SUZ12 fusion detected\n",
];

fn samples() -> Vec<(String, Case)> {
    let mut entries: Vec<PathBuf> = fs::read_dir(repository("samples"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    let expectation = |path: &PathBuf| path.to_string_lossy().ends_with("expected.yaml");
    let mut cases = Vec::new();
    for entry in entries.iter().filter(|path| !expectation(path)) {
        let mut files = vec![entry.clone()];
        if entry.is_dir() {
            files = fs::read_dir(entry)
                .unwrap()
                .map(|f| f.unwrap().path())
                .collect();
            files.sort();
        }
        let mut sources = Sources::new(Limits::default());
        for file in files.iter().filter(|path| !expectation(path)) {
            sources
                .add(&file.display().to_string(), &fs::read(file).unwrap())
                .unwrap();
        }
        let read = fusedx::read(&sources, PACK.vocab(), &ReadOptions::default()).unwrap();
        cases.push((entry.display().to_string(), read.case));
    }
    assert!(cases.len() >= 15, "the samples are gone");
    cases
}

fn cases() -> Vec<(String, Case)> {
    let texts = TEXTS
        .iter()
        .map(|text| ((*text).to_owned(), read_text(text).case));
    samples().into_iter().chain(texts).collect()
}

fn assess(case: &Case) -> Assessment {
    PACK.assess(case, &Asked::default())
}

/// What a reader takes away: decisions with their standing, flags, drugs.
fn answer(assessment: &Assessment) -> (Vec<String>, Vec<String>, Vec<String>) {
    let decisions = assessment.decisions.iter().map(|d| {
        format!(
            "{} {} {} {:?} {:?}",
            d.name, d.value, d.settled, d.open, d.also_true
        )
    });
    let drugs = assessment
        .therapy
        .iter()
        .map(|t| format!("{} {}", t.rule, t.drug));
    (
        decisions.collect(),
        flags(assessment).into_iter().map(str::to_owned).collect(),
        drugs.collect(),
    )
}

#[test]
fn the_order_of_facts_changes_nothing() {
    for (name, case) in cases() {
        let expected = answer(&assess(&case));
        let mut turned = case.clone();
        turned.fusions.reverse();
        turned.ihc.reverse();
        turned.fish.reverse();
        turned.variants.reverse();
        turned.morphology.reverse();
        turned.history.diagnoses.reverse();
        turned.history.states.reverse();
        turned.history.treatments.reverse();
        assert_eq!(answer(&assess(&turned)), expected, "{name}, reversed");
        let mut shifted = case.clone();
        let ihc = shifted.ihc.len() / 2;
        shifted.ihc.rotate_left(ihc);
        let fusions = shifted.fusions.len() / 2;
        shifted.fusions.rotate_left(fusions);
        assert_eq!(answer(&assess(&shifted)), expected, "{name}, rotated");
    }
}

/// The case with one fact less, each in turn.
fn with_one_less(case: &Case) -> Vec<(String, Case)> {
    let mut out: Vec<(String, Case)> = Vec::new();
    macro_rules! drop_each {
        ($($list:ident).+) => {
            for index in 0..case.$($list).+.len() {
                let mut less = case.clone();
                let gone = less.$($list).+.remove(index);
                out.push((format!("{gone:?}"), less));
            }
        };
    }
    drop_each!(fusions);
    drop_each!(ihc);
    drop_each!(fish);
    drop_each!(variants);
    drop_each!(morphology);
    drop_each!(history.diagnoses);
    drop_each!(history.states);
    drop_each!(history.treatments);
    out
}

/// Whether a rule was held back by more than ignorance: a contradiction, or a result that is awaited, failed or
/// equivocal. Taking that fact away may free the rule; the rule says so.
fn held_back(trace: &Trace) -> bool {
    let mut held = false;
    trace.walk(&mut |node| {
        held |= matches!(node.kind, TraceKind::Doubted { used: true, .. });
        if let (TraceKind::Leaf(_), Truth::Unknown(reasons)) = (&node.kind, &node.truth) {
            held |= reasons
                .iter()
                .any(|reason| !["not_tested", "not_stated"].contains(&reason.as_str()));
        }
    });
    held
}

/// Whether two results on record contradict each other under a rule.
fn contradicted(trace: &Trace) -> bool {
    let mut found = false;
    trace.walk(&mut |node| {
        found |= matches!(node.kind, TraceKind::Doubted { used: true, .. });
        if let (TraceKind::Leaf(_), Truth::Unknown(reasons)) = (&node.kind, &node.truth) {
            found |= reasons
                .iter()
                .any(|reason| reason.as_str() == "conflicting");
        }
    });
    found
}

#[test]
fn one_fact_less_never_makes_an_answer_firmer() {
    let open = ["indeterminate", "insufficient"];
    let mut looked_at = 0;
    for (name, case) in cases() {
        let before = assess(&case);
        for (gone, less) in with_one_less(&case) {
            let after = assess(&less);
            for (was, is) in before.decisions.iter().zip(&after.decisions) {
                if !open.contains(&was.value.as_str()) {
                    continue;
                }
                looked_at += 1;
                if open.contains(&is.value.as_str()) {
                    continue;
                }
                let rule = |id: &String| before.rules.iter().find(|r| r.id() == id).unwrap();
                let freed = is.rules.iter().all(|id| held_back(rule(id).trace()));
                // Two results contradicted each other; without one of them the other stands.
                let contradicted = before.rules.iter().any(|r| {
                    let concludes = r.concludes().is_some_and(|(d, _)| d == was.name);
                    concludes && r.truth().is_unknown() && contradicted(r.trace())
                });
                assert!(
                    freed || contradicted,
                    "{name}: {} turns from {} to {} by {:?} without\n{gone}",
                    was.name,
                    was.value,
                    is.value,
                    is.rules
                );
            }
        }
    }
    assert!(looked_at > 100, "too few cases are open: {looked_at}");
}

#[test]
fn no_sample_is_a_leiomyosarcoma_without_an_alk_result() {
    for (name, case) in cases() {
        for (_, mut less) in with_one_less(&case)
            .into_iter()
            .chain([(String::new(), case.clone())])
        {
            less.ihc.retain(|stain| stain.marker != "ALK");
            less.fish.retain(|fish| fish.gene != "ALK");
            less.fusions.clear();
            let got = assess(&less);
            assert_ne!(value(&got, "dx"), "lms", "{name}");
            assert!(
                !got.decisions[0].also_true.iter().any(|v| v == "lms"),
                "{name}"
            );
            assert_ne!(value(&got, "alk_tki"), "candidate", "{name}");
        }
    }
}

#[test]
fn the_label_of_the_index_drug_depends_on_the_day() {
    let case = read_text(&fs::read_to_string(repository("samples/index-case.txt")).unwrap()).case;
    let status = |day: &str, region: &str| {
        let asked = Asked {
            as_of: Some(day.parse().unwrap()),
            region: Some(region.to_owned()),
        };
        let got = PACK.assess(&case, &asked);
        let crizotinib = got.therapy.iter().find(|t| t.drug == "crizotinib").unwrap();
        let label = crizotinib
            .labels
            .iter()
            .find(|l| l.region == region)
            .unwrap();
        format!("{:?}", label.status)
    };
    assert_eq!(status("2021-04-25", "us"), "OffLabel");
    assert_eq!(status("2022-07-13", "us"), "OffLabel");
    assert_eq!(status("2022-07-14", "us"), "OnLabel");
    assert_eq!(status("2022-08-01", "us"), "OnLabel");
    // The patient is 57; the label of the EU is for children.
    assert_eq!(status("2026-06-01", "eu"), "OffLabel");
    assert_eq!(status("2026-06-01", "cn"), "OffLabel");
}

#[test]
fn the_wording_never_diagnoses() {
    for (name, case) in cases() {
        let got = assess(&case);
        for decision in got.decisions.iter().filter(|d| d.name == "dx") {
            let careful = decision.title.starts_with("consistent with")
                || decision.title == "the evidence on record does not decide";
            assert!(careful, "{name}: {}", decision.title);
        }
        for flag in &got.flags {
            assert!(
                !flag.action.is_empty() && !flag.cites.is_empty(),
                "{}",
                flag.code
            );
        }
    }
    let got = assess_text("Diagnosis: leiomyosarcoma\nIHC: SMA(+), ALK(+)\n");
    assert!(flags(&got).contains(&"label_vs_alk"));
}
