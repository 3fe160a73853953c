//! `fusedx verify`: what it accepts, what it finds, and how it says so.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::fs;
use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use fusedx::diag::Code;
use support::repository;

const REPORT: &str =
    "Diagnosis: leiomyosarcoma\nIHC: SMA(+), ALK [D5F3 (+)]\nNGS: IGFBP5::ALK fusion detected\n";

fn verify(folder: &Path, words: &[&str]) -> Output {
    Command::cargo_bin("fusedx")
        .unwrap()
        .current_dir(folder)
        .arg("verify")
        .args(words)
        .output()
        .unwrap()
}

fn shown(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A folder with one sample as a file and one as a folder, both accepted.
fn accepted() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let samples = dir.path().join("samples");
    fs::create_dir_all(samples.join("two")).unwrap();
    fs::write(samples.join("one.txt"), REPORT).unwrap();
    fs::write(samples.join("two/report.txt"), REPORT).unwrap();
    fs::write(samples.join("README.md"), "no sample\n").unwrap();
    let output = verify(dir.path(), &["samples", "--accept"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    dir
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from} in\n{text}");
    fs::write(path, text.replace(from, to)).unwrap();
}

#[test]
fn the_samples_are_as_expected() {
    let output = verify(&repository(""), &["samples"]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert!(shown(&output).contains("0 differ"), "{}", shown(&output));
}

#[test]
fn an_accepted_sample_is_as_expected_and_a_second_acceptance_changes_nothing() {
    let dir = accepted();
    let output = verify(dir.path(), &["samples"]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    let path = dir.path().join("samples/one.expected.yaml");
    let first = fs::read_to_string(&path).unwrap();
    verify(dir.path(), &["samples", "--accept"]);
    assert_eq!(fs::read_to_string(&path).unwrap(), first);
}

#[test]
fn differences_come_by_decision_first_then_flag_then_fact() {
    let dir = accepted();
    edit(
        &dir.path().join("samples/one.txt"),
        "ALK [D5F3 (+)]",
        "ALK [D5F3 (-)]",
    );
    let output = verify(dir.path(), &["samples"]);
    assert_eq!(output.status.code(), Some(1));
    let text = shown(&output);
    let at = |words: &str| {
        text.find(words)
            .unwrap_or_else(|| panic!("{words} in\n{text}"))
    };
    assert!(at("dx: expected imt_alk, got indeterminate") < at("flag ihc_neg_fish_pos: raised"));
    assert!(at("flag ihc_neg_fish_pos") < at("fact not read: ihc ALK"));
    assert!(text.contains("samples/one.txt:2:14"), "{text}");
    assert!(text.contains("ok        samples/two"), "{text}");
}

#[test]
fn a_fact_that_must_not_be_read_is_a_difference() {
    let dir = accepted();
    let path = dir.path().join("samples/two/expected.yaml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(
        &path,
        format!("{text}  not_read:\n    - {{ihc: SMA, status: positive}}\n"),
    )
    .unwrap();
    let output = verify(dir.path(), &["samples"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        shown(&output).contains("must not be read: ihc SMA"),
        "{}",
        shown(&output)
    );
    // What a person wrote survives acceptance.
    verify(dir.path(), &["samples", "--accept"]);
    assert!(fs::read_to_string(&path).unwrap().contains("not_read"));
}

#[test]
fn a_sample_without_expectation_and_an_expectation_without_sample_fail() {
    let dir = accepted();
    fs::remove_file(dir.path().join("samples/one.txt")).unwrap();
    fs::remove_file(dir.path().join("samples/two/expected.yaml")).unwrap();
    let output = verify(dir.path(), &["samples"]);
    assert_eq!(output.status.code(), Some(1));
    let text = shown(&output);
    assert!(text.contains("is the expectation of no sample"), "{text}");
    assert!(text.contains("`samples/two` has no expectation"), "{text}");
}

#[test]
fn every_code_of_verify_is_shown() {
    let dir = tempfile::tempdir().unwrap();
    let samples = dir.path().join("samples");
    fs::create_dir_all(&samples).unwrap();
    let report = "Diagnosis: IMT, metastatic\nNGS: TPM3::ALK fusion detected\n";
    fs::write(samples.join("one.txt"), report).unwrap();
    verify(dir.path(), &["samples", "--accept"]);
    let path = samples.join("one.expected.yaml");
    edit(&path, "value: candidate", "value: insufficient");
    edit(&path, "flags: []", "flags: [alk_not_tested]");
    edit(&path, "jp: on_label", "jp: off_label");
    edit(&path, "state: metastatic", "state: recurrent");
    fs::write(samples.join("two.txt"), report).unwrap();
    let output = verify(dir.path(), &["samples", "--format", "json"]);
    let text = shown(&output);
    for code in Code::ALL
        .iter()
        .map(|c| c.code())
        .filter(|c| c.starts_with('V'))
    {
        assert!(text.contains(&format!("\"{code}\"")), "{code} in\n{text}");
    }
}

#[test]
fn what_cannot_be_used_is_said_and_ends_with_its_code() {
    let dir = accepted();
    let path = dir.path().join("samples/one.expected.yaml");
    edit(&path, "decisions:", "decisons:");
    let output = verify(dir.path(), &["samples"]);
    assert_eq!(output.status.code(), Some(4));
    assert!(shown(&output).contains("decisons"), "{}", shown(&output));
    // An expectation that cannot be understood is not written over.
    let before = fs::read_to_string(&path).unwrap();
    let output = verify(dir.path(), &["samples", "--accept"]);
    assert_eq!(output.status.code(), Some(4));
    assert_eq!(fs::read_to_string(&path).unwrap(), before);

    let empty = tempfile::tempdir().unwrap();
    assert_eq!(verify(empty.path(), &["."]).status.code(), Some(4));
    assert_eq!(verify(empty.path(), &["nothing"]).status.code(), Some(4));
    assert_eq!(verify(empty.path(), &[]).status.code(), Some(2));
}

#[test]
fn an_expectation_is_no_part_of_the_case() {
    let dir = accepted();
    let run = |name: &str| {
        Command::cargo_bin("fusedx")
            .unwrap()
            .current_dir(dir.path())
            .args(["assess", "--format", "json", name])
            .output()
            .unwrap()
    };
    let with: serde_json::Value = serde_json::from_slice(&run("samples/two").stdout).unwrap();
    assert_eq!(with["case"]["sources"].as_array().unwrap().len(), 1);
}

#[test]
fn build_servers_get_their_formats() {
    let dir = accepted();
    edit(
        &dir.path().join("samples/one.txt"),
        "IGFBP5::ALK fusion detected",
        "no ALK fusion detected",
    );
    for (format, marks) in [
        ("json", ["\"outcome\": \"differs\"", "\"code\": \"V001\""]),
        (
            "junit",
            [
                "<failure message=",
                "tests=\"2\" failures=\"1\" errors=\"0\"",
            ],
        ),
        ("sarif", ["\"version\": \"2.1.0\"", "\"ruleId\": \"V001\""]),
        (
            "github",
            [
                "::error title=V001,file=samples/one.expected.yaml,line=",
                "::dx: expected",
            ],
        ),
    ] {
        let output = verify(dir.path(), &["samples", "--format", format]);
        assert_eq!(output.status.code(), Some(1), "{format}");
        let text = shown(&output);
        for mark in marks {
            assert!(text.contains(mark), "{mark} in\n{text}");
        }
        assert_eq!(
            shown(&verify(dir.path(), &["samples", "--format", format])),
            text
        );
    }
    let sarif = shown(&verify(dir.path(), &["samples", "--format", "sarif"]));
    assert!(
        !sarif.contains("no ALK fusion detected"),
        "the report is quoted"
    );
}
