//! The first page is true: its input is the sample, its output is what the program prints, and its
//! recipe for a new partner works.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use support::repository;

fn readme() -> String {
    fs::read_to_string(repository("README.md")).unwrap()
}

/// The fenced blocks of one language, in order.
fn blocks(language: &str) -> Vec<String> {
    let text = readme();
    let open = format!("```{language}\n");
    text.split(&open)
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap().to_owned())
        .collect()
}

/// What a command prints: its answer, or its messages where there is no answer.
fn printed(line: &str, folder: &Path) -> String {
    let mut words = line.split_whitespace();
    assert_eq!(words.next(), Some("fusedx"), "{line}");
    let output = Command::cargo_bin("fusedx")
        .unwrap()
        .current_dir(folder)
        .args(words)
        .output()
        .unwrap();
    let bytes = if output.stdout.is_empty() {
        output.stderr
    } else {
        output.stdout
    };
    String::from_utf8(bytes).unwrap()
}

#[test]
fn the_input_shown_is_the_sample() {
    let sample = fs::read_to_string(repository("samples/index-case.txt")).unwrap();
    assert_eq!(blocks("text")[0], sample);
}

#[test]
fn the_output_shown_is_what_comes_out() {
    let shown = blocks("console");
    assert!(shown.len() >= 3, "the examples are gone");
    for block in shown {
        let (command, shown) = block.split_once('\n').unwrap();
        let real = printed(command.strip_prefix("$ ").unwrap(), &repository(""));
        // Lines of `…` stand for any lines; all between them must follow each other as they are.
        let mut rest = real.as_str();
        for (number, part) in shown.split("…\n").enumerate() {
            let at = rest.find(part).unwrap_or_else(|| {
                panic!("`{command}` does not print this:\n{part}\nbut this:\n{real}")
            });
            assert!(
                number > 0 || at == 0,
                "`{command}` prints more before:\n{part}"
            );
            rest = &rest[at + part.len()..];
        }
        assert!(
            rest.is_empty() || shown.ends_with("…\n"),
            "`{command}` prints more:\n{rest}"
        );
    }
}

#[test]
fn a_partner_is_added_as_described() {
    let recipe = blocks("sh")
        .into_iter()
        .find(|b| b.contains("own-partners.yaml"))
        .expect("the recipe is there");
    let folder = tempfile::tempdir().unwrap();
    let report =
        "Diagnosis: inflammatory myofibroblastic tumor\nNGS: HNRNPA1::ALK fusion detected.\n";
    fs::write(folder.path().join("report.txt"), report).unwrap();

    // The lines in front of the first command of the program are the shell's.
    let (shell, program): (Vec<&str>, Vec<&str>) =
        recipe.lines().partition(|l| !l.starts_with("fusedx"));
    let ran = Command::new("sh")
        .arg("-ec")
        .arg(shell.join("\n"))
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );

    let without = printed("fusedx assess report.txt", folder.path());
    let outputs: Vec<String> = program.iter().map(|l| printed(l, folder.path())).collect();
    assert!(outputs[0].contains("no errors"), "{}", outputs[0]);
    assert!(outputs[1].contains(" 0 failed"), "{}", outputs[1]);
    assert!(outputs[2].contains("dx: imt_alk"), "{}", outputs[2]);
    assert_ne!(outputs[2], without, "the new row changes nothing");
}

/// Every command of the first block of tasks runs in an empty folder that holds the samples.
#[test]
fn the_commands_of_the_tasks_run() {
    let tasks = blocks("sh");
    let tasks = tasks.iter().find(|b| b.contains("-o case.html")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    copy(&repository("samples"), &folder.path().join("samples"));
    for line in tasks.lines() {
        let line = line.split('#').next().unwrap();
        let mut command = Command::cargo_bin("fusedx").unwrap();
        command.current_dir(folder.path());
        let words = line.split_whitespace().skip(1);
        command.args(words).assert().code(0);
    }
    for written in ["case.json", "case.html"] {
        assert!(folder.path().join(written).exists(), "{written}");
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn the_exit_codes_shown_are_those_of_the_program() {
    let text = readme();
    let (_, table) = text.split_once("## Exit codes").unwrap();
    let shown: Vec<&str> = table
        .lines()
        .filter_map(|l| l.strip_prefix("| ")?.split(' ').next())
        .filter(|code| code.chars().all(|c| c.is_ascii_digit()))
        .collect();
    assert_eq!(shown, ["0", "1", "2", "3", "4", "5"]);
}

#[test]
fn files_the_readme_names_exist() {
    let text = readme();
    for word in text.split(['`', ' ', '\n', '(', ')']) {
        let ours = ["samples/", "rules/", "tests/"]
            .iter()
            .any(|p| word.starts_with(p));
        if ours {
            let path = word.split(':').next().unwrap();
            assert!(repository(path).exists(), "{word}");
        }
    }
}
