//! The program as a user meets it: exit codes, streams, files.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::fs;
use std::io::Read as _;
use std::process::{Command as Process, Stdio};

use assert_cmd::Command;

mod support;

use support::repository;

/// What came of one run.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

fn run(args: &[&str]) -> Ran {
    run_with(args, "")
}

fn run_with(args: &[&str], input: &str) -> Ran {
    let output = Command::cargo_bin("fusedx")
        .expect("the binary is built")
        .current_dir(repository(""))
        .args(args)
        .write_stdin(input)
        .output()
        .expect("it starts");
    Ran {
        code: output.status.code().expect("it was not killed"),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

const INDEX: &str = "samples/index-case.txt";

#[test]
fn an_answer_is_success_whatever_it_says() {
    for sample in [
        INDEX,
        "samples/index-first-panel.txt",
        "samples/lung-eml4-alk.txt",
    ] {
        assert_eq!(run(&["assess", sample]).code, 0, "{sample}");
    }
}

#[test]
fn a_wrong_command_line_ends_with_2_and_prints_no_answer() {
    for args in [
        &["asses", INDEX][..],
        &["assess"],
        &["assess", INDEX, "--as-of", "2022-13-01"],
        &["assess", INDEX, "--region", "atlantis"],
        &["assess", INDEX, "--format", "xml"],
        &["read", INDEX, "--input-format", "nonsense"],
        &["why", "NO-SUCH-RULE", INDEX],
    ] {
        let ran = run(args);
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (2, ""),
            "{args:?}: {}",
            ran.err
        );
        assert!(!ran.err.is_empty(), "{args:?} says nothing");
    }
}

#[test]
fn a_misspelt_rule_is_answered_with_the_near_name() {
    let ran = run(&["why", "IMT-33", INDEX]);
    assert!(ran.err.contains("IMT-3"), "{}", ran.err);
}

#[test]
fn broken_rules_end_with_3_and_no_answer() {
    let pack = tempfile::tempdir().unwrap();
    fs::write(
        pack.path().join("pack.yaml"),
        "format: 1\nkind: pack\nname: [",
    )
    .unwrap();
    let ran = run(&["assess", INDEX, "--rules", pack.path().to_str().unwrap()]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{}", ran.err);
    assert!(ran.err.contains("pack.yaml:"), "{}", ran.err);
}

#[test]
fn input_that_cannot_be_used_ends_with_4_and_no_answer() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    fs::create_dir(dir.path().join("empty")).unwrap();
    for (path, says) in [
        (
            dir.path().join("absent.txt").to_str().unwrap().to_owned(),
            "S001",
        ),
        (file("report.pdf", b"%PDF-1.7\n"), "S002"),
        (file("damaged.txt", b"ALK positive \xff\xfem\n"), "S003"),
        (file("other.tsv", b"a\tb\tc\td\n1\t2\t3\t4\n"), "S007"),
        (
            dir.path().join("empty").to_str().unwrap().to_owned(),
            "S010",
        ),
    ] {
        let ran = run(&["assess", &path]);
        assert_eq!((ran.code, ran.out.as_str()), (4, ""), "{path}: {}", ran.err);
        assert!(ran.err.contains(says), "{path}: {}", ran.err);
        assert!(
            ran.err.contains("help:"),
            "{path} is not told what to do: {}",
            ran.err
        );
    }
}

#[test]
fn two_patients_are_no_case_and_their_names_are_not_repeated() {
    let text = "Patient: Anna Muster\nIHC: ALK(+)\n\nPatient: Berta Beispiel\nIHC: ALK(-)\n";
    let ran = run_with(&["assess", "-"], text);
    assert_eq!((ran.code, ran.out.as_str()), (4, ""));
    assert!(ran.err.contains("S008"), "{}", ran.err);
    assert!(
        ran.err.contains("line 1") && ran.err.contains("line 4"),
        "{}",
        ran.err
    );
    assert!(
        !ran.err.contains("Muster") && !ran.err.contains("Beispiel"),
        "{}",
        ran.err
    );
    // Reading takes what it is given.
    assert_eq!(run_with(&["read", "-"], text).code, 0);
}

#[test]
fn an_empty_input_is_read_with_a_warning() {
    let ran = run_with(&["read", "-"], "");
    assert_eq!(ran.code, 0);
    assert!(ran.err.contains("S006"), "{}", ran.err);
}

#[test]
fn strict_refuses_what_was_left_unread() {
    let unread = "IHC: ALK was seen by us, see the other report\n";
    assert_eq!(run_with(&["read", "-"], unread).code, 0);
    assert_eq!(run_with(&["read", "-", "--strict"], unread).code, 4);
    assert_eq!(
        run(&["assess", "--strict", "samples/lung-eml4-alk.txt"]).code,
        0
    );
}

#[test]
fn an_output_file_appears_whole_or_not_at_all() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("case.json");
    let name = target.to_str().unwrap();
    let ran = run(&["assess", INDEX, "--format", "json", "-o", name]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert_eq!(
        fs::read_to_string(&target).unwrap(),
        run(&["assess", INDEX, "--format", "json"]).out
    );
    let plain = dir.path().join("plain");
    fs::write(&plain, "").unwrap();
    let mode = |path| fs::metadata(path).unwrap().permissions();
    assert_eq!(mode(&target), mode(&plain), "as any new file");
    fs::remove_file(&plain).unwrap();
    let absent = dir.path().join("absent.json");
    let failed = run(&["assess", "no-such-file.txt", "-o", absent.to_str().unwrap()]);
    assert_eq!(failed.code, 4);
    assert!(!absent.exists());
    let nowhere = dir.path().join("no/such/folder/case.json");
    assert_eq!(
        run(&["assess", INDEX, "-o", nowhere.to_str().unwrap()]).code,
        5
    );
    let left: Vec<_> = fs::read_dir(dir.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "a temporary file was left behind");
}

#[test]
fn standard_input_reads_as_the_file_does() {
    let text = fs::read_to_string(repository(INDEX)).unwrap();
    let piped = run_with(&["assess", "-"], &text);
    let named = run(&["assess", INDEX]);
    assert_eq!(piped.code, 0);
    assert_eq!(
        piped
            .out
            .replace("<stdin>", INDEX)
            .replace("case stdin", "case index-case"),
        named.out
    );
}

#[test]
fn a_byte_order_mark_and_carriage_returns_change_no_fact() {
    let text = fs::read_to_string(repository(INDEX)).unwrap();
    let plain = run_with(&["assess", "-", "-q"], &text);
    let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    assert_eq!(run_with(&["assess", "-", "-q"], &windows).out, plain.out);
}

#[test]
fn a_folder_is_one_case() {
    let ran = run(&["assess", "samples/tns1-alk-folder"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for file in ["report.txt:", "star-fusion.tsv:", "case.yaml:"] {
        assert!(ran.out.contains(file), "{file} gave nothing:\n{}", ran.out);
    }
}

#[test]
fn the_order_of_paths_changes_no_decision() {
    let parts = ["report.txt", "star-fusion.tsv", "case.yaml"]
        .map(|name| format!("samples/tns1-alk-folder/{name}"));
    let decide = |order: [usize; 3]| {
        let mut args = vec!["assess", "--format", "json"];
        args.extend(order.map(|i| parts[i].as_str()));
        let json: serde_json::Value = serde_json::from_str(&run(&args).out).unwrap();
        json["decisions"].clone()
    };
    let first = decide([0, 1, 2]);
    assert_eq!(first["dx"]["value"], "imt_alk");
    assert_eq!(first, decide([2, 1, 0]));
    assert_eq!(first, decide([1, 2, 0]));
}

#[test]
fn label_status_follows_date_and_region() {
    let status = |date: &str| {
        let args = [
            "assess", INDEX, "--format", "json", "--as-of", date, "--region", "us",
        ];
        let json: serde_json::Value = serde_json::from_str(&run(&args).out).unwrap();
        let drugs = json["therapy"].as_array().unwrap().clone();
        let crizotinib = drugs
            .into_iter()
            .find(|d| d["drug"] == "crizotinib")
            .unwrap();
        let labels = crizotinib["labels"].as_array().unwrap().clone();
        assert_eq!(labels.len(), 1, "one region was asked for");
        labels[0]["status"].clone()
    };
    assert_eq!(status("2021-04-25"), "off_label");
    assert_eq!(status("2022-07-13"), "off_label");
    assert_eq!(status("2022-07-14"), "on_label");
}

#[test]
fn json_is_whole_and_keeps_the_messages() {
    let ran = run(&["assess", INDEX, "--format", "json"]);
    assert_eq!(ran.err, "", "messages belong into the document");
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(json["diagnostics"][0]["code"], "N002");
    assert_eq!(json["diagnostics"][0]["line"], 12);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for args in [&["assess", INDEX][..], &["read", "--format", "json", INDEX]] {
        assert_eq!(run(args).out, run(args).out);
    }
}

#[test]
fn control_characters_never_reach_the_terminal() {
    let ran = run_with(&["read", "-"], "IHC: ALK(+) \u{1b}[31m SMA(\u{202e}+)\n");
    assert!(ran.out.contains("ALK"), "{}", ran.out);
    for stream in [&ran.out, &ran.err] {
        assert!(
            !stream.contains('\u{1b}') && !stream.contains('\u{202e}'),
            "{stream:?}"
        );
    }
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let mut table = fs::read_to_string(repository("samples/arriba-igfbp5-alk.tsv")).unwrap();
    let row = table.lines().nth(1).unwrap().to_owned();
    for _ in 0..5000 {
        table.push_str(&row);
        table.push('\n');
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("large.tsv");
    fs::write(&path, table).unwrap();
    let mut child = Process::new(assert_cmd::cargo::cargo_bin("fusedx"))
        .args(["read", "--format", "json"])
        .arg(&path)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0_u8; 16];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    // The pipe is closed here, long before the last byte.
    let ended = child.wait_with_output().unwrap();
    assert_eq!(
        ended.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&ended.stderr)
    );
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
}

#[test]
fn every_format_is_listed_with_what_tells_it() {
    let ran = run(&["formats"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    for format in fusedx::read::FORMATS {
        assert!(ran.out.contains(format.name), "{}", format.name);
    }
    assert!(
        ran.out.contains("columns FusionName, num_LR"),
        "{}",
        ran.out
    );
}

#[test]
fn a_packed_table_reads_as_the_plain_one() {
    use std::io::Write as _;
    let plain = fs::read(repository("samples/arriba-igfbp5-alk.tsv")).unwrap();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(&plain).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("calls.tsv.gz");
    fs::write(&path, encoder.finish().unwrap()).unwrap();
    let packed = run(&["read", "-q", path.to_str().unwrap()]);
    let text = run(&["read", "-q", "samples/arriba-igfbp5-alk.tsv"]);
    let same = |out: &str, path: &str| out.replace(path, "X").replace(' ', "");
    assert_eq!(
        same(&packed.out, path.to_str().unwrap()),
        same(&text.out, "samples/arriba-igfbp5-alk.tsv")
    );
}

#[test]
fn the_rule_bench_reports_and_counts() {
    let checked = run(&["rules", "check", "rules/alk-imt"]);
    assert_eq!(
        (checked.code, checked.err.as_str()),
        (0, ""),
        "the shipped pack has no warning"
    );
    let tested = run(&["rules", "test", "rules/alk-imt"]);
    assert_eq!(tested.code, 0, "{}", tested.out);
    assert!(
        tested.out.trim_end().ends_with("passed, 0 failed"),
        "{}",
        tested.out
    );
}

#[test]
fn a_failing_rule_test_ends_with_1() {
    let dir = tempfile::tempdir().unwrap();
    let rule = fs::read_to_string(repository("tests/fixtures/rules/L003-untested.yaml")).unwrap();
    let path = dir.path().join("rule.yaml");
    fs::write(&path, rule.replace("fires: true", "fires: false")).unwrap();
    let ran = run(&["rules", "test", path.to_str().unwrap()]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("expected false, got true"), "{}", ran.out);
}
