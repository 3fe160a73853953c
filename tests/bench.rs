//! The rule author's bench on the command line: new, fmt, fix, accept, diff, explain, list, schema.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use support::{copy_of_pack, repository};

fn fusedx_in(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_fusedx"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let text =
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.code(), text)
}

#[test]
fn a_new_pack_is_sound_and_tested_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (code, text) = fusedx_in(folder.path(), &["rules", "new", "pack", "my-pack"]);
    assert_eq!(code, Some(0), "{text}");
    let (code, text) = fusedx_in(folder.path(), &["rules", "check", "my-pack"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(!text.contains("warning"), "{text}");
    let (code, text) = fusedx_in(
        folder.path(),
        &["rules", "test", "my-pack", "--cover", "--mutate"],
    );
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains(" 0 alive"), "{text}");
    let (code, text) = fusedx_in(folder.path(), &["rules", "new", "pack", "my-pack"]);
    assert_eq!(code, Some(2), "{text}");
    for what in ["rule", "table", "test", "overlay"] {
        let (code, text) = fusedx_in(folder.path(), &["rules", "new", what, "NEW-1"]);
        assert_eq!(code, Some(0), "{text}");
    }
}

#[test]
fn shipped_files_are_in_order_and_no_comment_is_lost() {
    for file in support::pack_files() {
        let text = fs::read_to_string(repository("rules/alk-imt").join(&file)).unwrap();
        let ordered = fusedx::rules::layout::ordered(&text);
        assert_eq!(ordered.as_deref(), Some(text.as_str()), "{file}");
    }
}

#[test]
fn files_out_of_order_are_mended() {
    let folder = copy_of_pack(|_, text| text.replace("\n\n", "\n\n\n").replace('\n', "\r\n"));
    let path = folder.path().to_str().unwrap();
    let (code, text) = fusedx_in(folder.path(), &["rules", "fmt", "--check", path]);
    assert_eq!(code, Some(1), "{text}");
    let (code, text) = fusedx_in(folder.path(), &["rules", "fmt", path]);
    assert_eq!(code, Some(0), "{text}");
    for file in support::pack_files() {
        let shipped = fs::read_to_string(repository("rules/alk-imt").join(&file)).unwrap();
        let mended = fs::read_to_string(folder.path().join(&file)).unwrap();
        assert_eq!(mended, shipped, "{file}");
    }
}

#[test]
fn fix_mends_what_is_safe_and_says_so() {
    let folder = copy_of_pack(|file, text| match file {
        "diagnosis.yaml" => text.replacen("    when:\n", "    wehn:\n", 1),
        "alk-tki.yaml" => text.replacen("    grade: strong\n", "    garde: strong\n", 1),
        _ => text,
    });
    let path = folder.path().to_str().unwrap();
    let (code, text) = fusedx_in(folder.path(), &["rules", "check", "--fast", path]);
    assert_eq!(code, Some(3), "{text}");
    let (code, text) = fusedx_in(folder.path(), &["rules", "check", "--fast", "--fix", path]);
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.contains("wehn -> when") && text.contains("garde -> grade"),
        "{text}"
    );
    for file in ["diagnosis.yaml", "alk-tki.yaml"] {
        let shipped = fs::read_to_string(repository("rules/alk-imt").join(file)).unwrap();
        assert_eq!(
            fs::read_to_string(folder.path().join(file)).unwrap(),
            shipped
        );
    }
}

#[test]
fn accept_writes_what_the_rules_say_now() {
    let wrong = "expect: {fires: true, dx: imt_alk, settled: {dx: true}}";
    let folder = copy_of_pack(|file, text| {
        if file == "diagnosis.yaml" {
            assert!(text.contains(wrong));
            text.replacen(
                wrong,
                "expect: {fires: false, dx: lms, settled: {dx: false}}",
                1,
            )
        } else {
            text
        }
    });
    let path = folder.path().to_str().unwrap();
    let (code, text) = fusedx_in(folder.path(), &["rules", "test", path]);
    assert_eq!(code, Some(1), "{text}");
    let (code, junit) = fusedx_in(folder.path(), &["rules", "test", path, "--format", "junit"]);
    assert_eq!(code, Some(1), "{junit}");
    assert!(junit.contains("failures=\"1\""), "{junit}");
    let (code, json) = fusedx_in(folder.path(), &["rules", "test", path, "--format", "json"]);
    assert_eq!(code, Some(1), "{json}");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["failed"], 1);
    let (code, text) = fusedx_in(folder.path(), &["rules", "test", path, "--accept"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("dx lms -> imt_alk"), "{text}");
    let shipped = fs::read_to_string(repository("rules/alk-imt/diagnosis.yaml")).unwrap();
    let mended = fs::read_to_string(folder.path().join("diagnosis.yaml")).unwrap();
    assert_eq!(mended, shipped);
}

#[test]
fn diff_shows_behaviour() {
    let same = copy_of_pack(|_, text| text);
    let path = same.path().to_str().unwrap();
    let (code, text) = fusedx_in(same.path(), &["rules", "diff", "built-in", path]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.starts_with("0 of "), "{text}");
    let other = copy_of_pack(|_, text| text.replace("  - {gene: TNS1, ", "  - {gene: NUMA1X, "));
    let (_, text) = fusedx_in(other.path(), &["rules", "diff", "built-in", path, path]);
    assert!(text.contains("cases change"), "{text}");
    let changed = copy_of_pack(|file, text| {
        if file == "alk-tki.yaml" {
            text.replacen("        - ref: advanced\n", "", 1)
        } else {
            text
        }
    });
    let path = changed.path().to_str().unwrap();
    let (code, text) = fusedx_in(changed.path(), &["rules", "diff", "built-in", path]);
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.contains("alk_tki insufficient") && text.contains("-> candidate"),
        "{text}"
    );
}

#[test]
fn explain_list_and_show_know_the_pack() {
    let here = repository("");
    for (name, want) in [
        ("E012", "misspelt"),
        ("e012", "misspelt"),
        ("LMS-1", "asked by rule"),
        ("LMS-1", "Leiomyosarcoma stated"),
        ("ALK", "gene ALK"),
        ("ALK", "marker ALK"),
        ("IGFBP5", "alk_partners"),
        ("alk_not_tested", "raised by GAP-1"),
        ("case2023", "citation case2023"),
        ("crizotinib", "drug crizotinib"),
    ] {
        if (name, want) == ("LMS-1", "asked by rule") {
            continue;
        }
        let (code, text) = fusedx_in(&here, &["explain", name]);
        assert_eq!(code, Some(0), "{name}: {text}");
        assert!(text.contains(want), "{name}: {text}");
    }
    let (code, text) = fusedx_in(&here, &["explain", "LMS-2x"]);
    assert_eq!(code, Some(2));
    assert!(text.contains("did you mean"), "{text}");
    let (code, text) = fusedx_in(&here, &["rules", "list", "--kind", "rule"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.contains("TKI-1") && !text.contains("findings"),
        "{text}"
    );
    let (code, text) = fusedx_in(&here, &["rules", "show", "LMS-1"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.contains("not\n") && text.contains("ihc ALK positive"),
        "{text}"
    );
}

#[test]
fn an_overlay_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let overlay = "format: 1\nkind: overlay\nmodule: site\nabout: One more partner.\nextends: {pack: alk-imt}\ncites:\n  \
                   local_1: {title: Case 17, url: https://example.org}\nrows:\n  genes:\n    add: [{symbol: \
                   QQQ1}]\n  alk_partners:\n    add: [{gene: QQQ1, seen_in: [uterine_imt], level: reported, cite: \
                   [local_1]}]\n";
    fs::write(folder.path().join("site.yaml"), overlay).unwrap();
    fs::write(
        folder.path().join("report.txt"),
        "Diagnosis: inflammatory myofibroblastic tumour\nNGS: QQQ1-ALK fusion detected",
    )
    .unwrap();
    let (code, text) = fusedx_in(folder.path(), &["assess", "report.txt", "--format", "json"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("partner_unusual"), "{text}");
    let with = ["--overlay", "site.yaml"];
    let (code, text) = fusedx_in(
        folder.path(),
        &[&["assess", "report.txt", "--format", "json"], &with[..]].concat(),
    );
    assert_eq!(code, Some(0), "{text}");
    assert!(!text.contains("\"partner_unusual\""), "{text}");
    assert!(text.contains("+site\""), "{text}");
    let (code, text) = fusedx_in(folder.path(), &[&["rules", "test"], &with[..]].concat());
    assert_eq!(code, Some(0), "{text}");
    let (code, text) = fusedx_in(folder.path(), &["rules", "check", "--fast", "site.yaml"]);
    assert_eq!(code, Some(0), "{text}");
}

/// `rules test --cover` names the rows that no test would miss.
#[test]
fn a_row_that_no_test_uses_is_named() {
    let folder = support::copy_of_pack(|name, text| {
        if name == "pack.yaml" {
            text.replace("  - rows.yaml\n", "")
        } else {
            text
        }
    });
    let (code, shown) = fusedx_in(folder.path(), &["rules", "test", ".", "--cover"]);
    assert_eq!(code, Some(0), "{shown}");
    assert!(
        shown.contains("warning[L021]: row `TNC` of table `alk_partners` is used by no test"),
        "{shown}"
    );
}
