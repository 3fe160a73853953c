//! The main job on the samples: what a person reads, and what medicine asks of it.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::fs;

use fusedx::course;
use fusedx::diag::render::{Color, report};
use fusedx::render::json::Assessed;
use fusedx::render::{json, text};
use fusedx::rules::Assessment;
use fusedx::rules::therapy::{LabelStatus, Therapy};
use fusedx::{Asked, Limits, ReadCase, ReadOptions, Sources};
use support::{PACK, assess_text, flags, read_text, repository, snapshot, value};

const SAMPLES: &[(&str, &[&str])] = &[
    ("index-first-panel", &["index-first-panel.txt"]),
    ("index-case", &["index-case.txt"]),
    ("index-case-alk-negative", &["index-case-alk-negative.txt"]),
    ("lung-eml4-alk", &["lung-eml4-alk.txt"]),
    ("arriba-igfbp5-alk", &["arriba-igfbp5-alk.tsv"]),
    (
        "tns1-alk-folder",
        &[
            "tns1-alk-folder/case.yaml",
            "tns1-alk-folder/report.txt",
            "tns1-alk-folder/star-fusion.tsv",
        ],
    ),
];

fn sample(name: &str) -> (Sources, ReadCase, Assessment) {
    let (_, files) = SAMPLES.iter().find(|(n, _)| *n == name).unwrap();
    let mut sources = Sources::new(Limits::default());
    for file in *files {
        let path = format!("samples/{file}");
        let bytes = fs::read(repository(&path)).unwrap();
        sources.add(&path, &bytes).unwrap();
    }
    let read = fusedx::read(&sources, PACK.vocab(), &ReadOptions::default()).unwrap();
    let assessment = PACK.assess(&read.case, &Asked::default());
    (sources, read, assessment)
}

#[test]
fn samples_are_assessed_as_shown() {
    for (name, files) in SAMPLES {
        let (sources, read, assessment) = sample(name);
        let asked = Asked::default();
        let course = course::follow(&read.case, PACK.guide(), course::Options::default());
        let assessed = Assessed {
            id: name,
            read: &read,
            pack: &PACK,
            asked: &asked,
            assessment: &assessment,
            course: &course,
        };
        let shown = format!(
            "{}{}",
            report(&read.diagnostics, &sources, Color::Never),
            text::assess(&assessed)
        );
        let input = files.join(", ");
        snapshot(&format!("assess-{name}"), &input, &shown);

        let mut bytes = Vec::new();
        json::assess(&mut bytes, &assessed).unwrap();
        let mut document: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        // What every change of the pack or the version would change.
        document["pack"]["sha256"] = "[checksum of the pack]".into();
        document["tool"]["version"] = "[version]".into();
        let normal = serde_json::to_string_pretty(&document).unwrap();
        snapshot(&format!("assess-{name}-json"), &input, &normal);
    }
}

#[test]
fn the_first_panel_alone_settles_nothing_and_asks_for_one_stain() {
    let (_, read, assessment) = sample("index-first-panel");
    let dx = &assessment.decisions[0];
    assert_eq!((dx.value.as_str(), dx.settled), ("indeterminate", false));
    assert!(dx.open.iter().any(|v| v == "imt_alk"));
    assert!(dx.also_true.is_empty());
    assert!(flags(&assessment).contains(&"alk_not_tested"));
    let next = PACK.next_tests(&read.case, &assessment, "dx");
    assert_eq!(next[0].test, "ihc ALK");
    assert_ne!(value(&assessment, "alk_tki"), "candidate");
}

fn drug<'a>(assessment: &'a Assessment, name: &str) -> &'a Therapy {
    assessment.therapy.iter().find(|t| t.drug == name).unwrap()
}

#[test]
fn the_whole_index_case_is_an_imt_and_a_candidate() {
    let (_, read, assessment) = sample("index-case");
    for (name, expected) in [("dx", "imt_alk"), ("alk_tki", "candidate")] {
        let decision = assessment.decisions.iter().find(|d| d.name == name);
        let decision = decision.unwrap();
        assert_eq!(
            (decision.value.as_str(), decision.settled),
            (expected, true)
        );
    }
    let raised = flags(&assessment);
    for code in [
        "fusion_order_reversed",
        "label_vs_alk",
        "panel_disagreement",
    ] {
        assert!(raised.contains(&code), "{code} in {raised:?}");
    }
    let differing = assessment
        .flags
        .iter()
        .find(|f| f.code == "panel_disagreement");
    let quotes: Vec<&str> = (differing.unwrap().sources.iter())
        .map(|place| place.text.as_str())
        .collect();
    for marker in ["AE1/AE3", "CD10", "PR"] {
        let of_marker = quotes.iter().filter(|q| q.starts_with(marker));
        assert_eq!(of_marker.count(), 2, "{marker} in {quotes:?}");
    }
    let fusion = &read.case.fusions[0];
    assert_eq!(fusion.as_reported, Some(["ALK".into(), "IGFBP5".into()]));
    assert_eq!(fusion.three_prime.as_deref(), Some("ALK"));

    let crizotinib = drug(&assessment, "crizotinib");
    assert!(!crizotinib.cites.is_empty());
    let label = |region: &str| {
        let mut labels = crizotinib.labels.iter();
        labels.find(|l| l.region == region).unwrap()
    };
    // FDA label of 2022-07-14: adults and children from 1 year.
    assert_eq!(label("us").status, LabelStatus::OnLabel);
    assert_eq!(label("us").from.unwrap().to_string(), "2022-07-14");
    // EU label of 2024-06-27: children only; the patient is 57.
    assert_eq!(label("eu").status, LabelStatus::OffLabel);
}

#[test]
fn every_statement_of_an_answer_names_its_line() {
    let (_, _, assessment) = sample("index-case");
    for flag in &assessment.flags {
        assert!(!flag.sources.is_empty(), "{}", flag.code);
        assert!(flag.sources.iter().all(|p| p.line > 0), "{}", flag.code);
        assert!(!flag.cites.is_empty() && !flag.action.is_empty());
    }
    for rule in assessment.rules.iter().filter(|r| r.truth().is_true()) {
        assert!(!rule.cites().is_empty(), "{}", rule.id());
    }
}

#[test]
fn a_negative_stain_alone_does_not_exclude_an_imt() {
    let (_, _, assessment) = sample("index-case-alk-negative");
    let dx = &assessment.decisions[0];
    assert_eq!(dx.value, "indeterminate");
    assert_ne!(value(&assessment, "alk_tki"), "candidate");
    assert!(assessment.therapy.is_empty());

    let stained = assess_text("Diagnosis: inflammatory myofibroblastic tumor\nIHC: ALK (-)\n");
    let dx = &stained.decisions[0];
    assert!(dx.open.iter().any(|v| v == "imt_alk"), "{dx:?}");
}

#[test]
fn alk_in_a_lung_carcinoma_is_no_imt() {
    let (_, _, assessment) = sample("lung-eml4-alk");
    assert_eq!(value(&assessment, "dx"), "other");
}

/// A spindle-cell tumour whose one ALK result is given in the place of `{}`.
const CASE: &str = "Diagnosis: inflammatory myofibroblastic tumor of the uterus.\n\
                    IHC: SMA(+), Desmin(-), CD34(-).\n{}\n\
                    Disease status: unresectable, metastatic.\n";

#[test]
fn a_finding_that_does_not_stand_makes_no_candidate() {
    let control = assess_text(&CASE.replace("{}", "NGS: TNS1::ALK fusion detected."));
    assert_eq!(value(&control, "alk_tki"), "candidate", "the test can fail");
    for line in [
        "NGS: no ALK fusion detected.",
        "NGS: TNS1::ALK fusion was not detected.",
        "NGS: ALK fusion analysis failed.",
        "NGS: ALK fusion analysis pending.",
        "NGS: equivocal for TNS1::ALK fusion.",
        "NGS: ALK::PTPN3 fusion detected, ALK is the 5' partner.",
        "ALK immunohistochemistry was negative.",
        "ALK is positive in the control tissue.",
        "ALK immunohistochemistry is pending.",
        "If ALK is positive, an ALK inhibitor may be considered.",
        "NGS: TNS1::ALK fusion detected.\nAddendum: the TNS1::ALK result was issued in error \
         and is withdrawn. No ALK fusion detected.",
        "Family history: brother with ALK-positive lymphoma.",
        "ALK fusions have been reported in about half of these tumours.",
    ] {
        let got = assess_text(&CASE.replace("{}", line));
        assert_ne!(value(&got, "alk_tki"), "candidate", "{line}");
        assert!(got.therapy.is_empty(), "{line}");
    }
}

#[test]
fn a_fusion_that_has_lost_the_kinase_makes_no_candidate() {
    // The breakpoint in ALK moved from the start of exon 20 into exon 26.
    let kept = fs::read_to_string(repository("tests/fixtures/readers/dragen/calls.tsv")).unwrap();
    let lost = kept.replace("chr2:29223528", "chr2:29207200");
    for (table, expected) in [(kept, "candidate"), (lost, "insufficient")] {
        let mut sources = Sources::new(Limits::default());
        let report = "Diagnosis: inflammatory myofibroblastic tumor, metastatic.\n";
        sources.add("report.txt", report.as_bytes()).unwrap();
        sources.add("calls.tsv", table.as_bytes()).unwrap();
        let read = fusedx::read(&sources, PACK.vocab(), &ReadOptions::default()).unwrap();
        let got = PACK.assess(&read.case, &Asked::default());
        assert_eq!(value(&got, "alk_tki"), expected);
    }
}

#[test]
fn leiomyosarcoma_is_no_answer_while_alk_is_open() {
    let smooth =
        "Diagnosis: uterine leiomyosarcoma.\nIHC: SMA(+), Desmin(+), caldesmon(+), CD34(-)";
    let settled = assess_text(&format!("{smooth}, ALK(-).\nFISH: ALK not rearranged.\n"));
    assert_eq!(value(&settled, "dx"), "lms", "the test can fail");
    for alk in [".", ", ALK(pending).", ", ALK(not done).", ", ALK(failed)."] {
        let got = assess_text(&format!("{smooth}{alk}\n"));
        assert_eq!(value(&got, "dx"), "indeterminate", "{alk}");
        assert!(!got.decisions[0].also_true.iter().any(|v| v == "lms"));
    }
}

#[test]
fn a_missing_value_is_never_negative() {
    let silent = read_text("Diagnosis: spindle cell tumour.\n");
    let got = PACK.assess(&silent.case, &Asked::default());
    for rule in &got.rules {
        if let Some((decision, _)) = rule.concludes() {
            assert!(!rule.truth().is_true(), "{decision} from {}", rule.id());
        }
    }
}
