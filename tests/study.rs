//! What is proved of the shipped pack, and what its tests notice.

#![allow(
    clippy::cast_possible_truncation,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "made-up data of known shape"
)]
#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::process::Command;

use fusedx::rules::mutate::{Fate, Mutant};
use fusedx::{Pack, proofs, trials};
use support::{Folder, PACK, copy_of_pack, repository};

fn fusedx(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_fusedx"))
        .args(arguments)
        .output()
        .unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn every_invariant_of_the_shipped_pack_is_proved() {
    let study = PACK.study();
    let ids: Vec<&str> = study.claims.iter().map(|c| c.id.as_str()).collect();
    assert!(ids.len() >= 7, "{ids:?}");
    for claim in &study.claims {
        assert!(
            claim.refuted.is_none(),
            "{} {}: {:#?}",
            claim.id,
            claim.title,
            claim.refuted
        );
    }
    assert!(study.kinds.len() > 20, "{:?}", study.kinds);
}

/// A guard taken out of a rule breaks an invariant, and the printed case shows it.
#[test]
fn a_guard_that_is_deleted_gives_a_case_that_assess_reproduces() {
    for (file, guard, instead, invariant, decision) in [
        (
            "alk-tki.yaml",
            "        - decided: {dx: imt_alk}\n        - ref: alk_altered\n",
            "        - decided: {dx: imt_alk}\n",
            "NEVER-1",
            "\"candidate\"",
        ),
        (
            "diagnosis.yaml",
            "        - ref: alk_tested_negative\n    conclude: {dx: lms}\n",
            "    conclude: {dx: lms}\n",
            "NEVER-3",
            "\"lms\"",
        ),
    ] {
        let folder = copy_of_pack(|name, text| {
            if name == file {
                assert!(text.contains(guard), "the guard moved: {file}");
                text.replacen(guard, instead, 1)
            } else {
                text
            }
        });
        let rules = folder.path().to_str().unwrap();
        let examples = folder.path().join("examples");
        let (code, _, shown) = fusedx(&[
            "rules",
            "check",
            rules,
            "--examples",
            examples.to_str().unwrap(),
        ]);
        assert_eq!(code, Some(3), "{shown}");
        assert!(
            shown.contains(&format!("error[E061]: invariant `{invariant}`")),
            "{shown}"
        );
        assert!(
            shown.contains("read back, these files break it again"),
            "{shown}"
        );

        let case = examples.join(invariant);
        let (code, json, shown) = fusedx(&[
            "assess",
            "--rules",
            rules,
            "--format",
            "json",
            case.to_str().unwrap(),
        ]);
        assert_eq!(code, Some(0), "{shown}");
        assert!(json.contains(decision), "{json}");
    }
}

#[test]
fn a_case_written_as_files_says_the_same_when_it_is_read() {
    let text = "Diagnosis: leiomyosarcoma\nIHC: ALK (clone D5F3) negative\nFISH: ALK rearranged\nDisease status: \
                metastatic\n";
    let case = support::read_text(text).case;
    let written = proofs::write(&case);
    let again = support::read_text(&written.report).case;
    let before = PACK.assess(&case, &fusedx::Asked::default());
    let after = PACK.assess(&again, &fusedx::Asked::default());
    let outcomes = |a: &fusedx::Assessment| -> Vec<(String, &'static str)> {
        let rules = a.rules.iter();
        rules
            .map(|r| (r.id().to_owned(), r.truth().word()))
            .collect()
    };
    assert_eq!(outcomes(&before), outcomes(&after), "{}", written.report);
}

#[test]
#[ignore = "minutes long unoptimised; `rules test --mutate` on the shipped pack is part of the gate"]
fn mutants_of_the_shipped_pack_are_counted() {
    let loaded = Pack::load(&Folder(repository("rules/alk-imt")));
    let pack = loaded.pack.unwrap();
    let cases = trials::cases(&pack, &loaded.sources);
    let mutation = pack.mutate(&cases);
    let mutants = mutation.mutants.iter();
    let alive: Vec<&str> = mutants
        .filter(|m| m.fate == Fate::Alive)
        .map(|m| m.name.as_str())
        .collect();
    assert_eq!(alive, Vec::<&str>::new());
    assert_eq!(mutation.needless, Vec::<String>::new());
    assert!(mutation.mutants.len() > 800, "{}", mutation.mutants.len());
    let unseen: Vec<(String, Vec<&str>)> = pack
        .cover(&cases)
        .into_iter()
        .filter(|rule| !rule.unseen().is_empty())
        .map(|rule| (rule.id.clone(), rule.unseen()))
        .collect();
    assert_eq!(unseen, Vec::new());
}

/// A small pack whose every mutant is killed or equivalent, and what happens when a test goes.
#[test]
fn a_test_that_is_taken_out_leaves_a_mutant_alive() {
    let module = |tests: &str| {
        format!(
            "format: 1\nkind: rules\nmodule: test\nabout: Test.\nrules:\n  - id: ZZ-1\n    title: Test\n    when: \
             {{all: [{{ihc: {{marker: ALK, is: positive}}}}, {{ihc: {{marker: SMA, is: positive}}}}]}}\n    flag: \
             alk_not_tested\n    grade: weak\n    cite: [case2023]\n    follow_up: [{{act: none, text: None.}}]\n    \
             tests:\n{tests}"
        )
    };
    let test = |text: &str, fires: &str| {
        format!(
            "      - {{name: \"{text}\", given: {{text: \"IHC: {text}\"}}, expect: {{fires: {fires}}}}}\n"
        )
    };
    let living = |tests: &[String]| -> Vec<Mutant> {
        let loaded = Pack::load_file("test.yaml", module(&tests.concat()).as_bytes());
        let pack = loaded.pack.unwrap();
        let cases = trials::cases(&pack, &loaded.sources);
        let mutants = pack.mutate(&cases).mutants.into_iter();
        mutants
            .filter(|m| m.name.starts_with("ZZ-1") && m.fate == Fate::Alive)
            .collect()
    };
    let tests = [
        test("ALK(+), SMA(+)", "true"),
        test("ALK(-), SMA(+)", "false"),
        test("ALK(+), SMA(-)", "false"),
    ];
    assert!(living(&tests).is_empty());
    let mut alive = living(&tests[..2]);
    let mutant = alive.pop().unwrap();
    assert_eq!(mutant.name, "ZZ-1 when.all[1] removed");
    assert!(alive.is_empty());
    // The case that is missing is shown.
    let unseen = mutant.unseen.unwrap();
    assert_eq!(unseen.rule, "ZZ-1");
    assert_eq!(unseen.outcomes, ["false", "unknown"]);
    assert_eq!(proofs::write(&unseen.case).report, "IHC: SMA negative\n");
}

/// Every key of every shipped rule file, misspelt: refused, at its line.
#[test]
fn a_misspelt_key_is_refused_at_its_line() {
    let files = support::pack_files();
    let mut tried = 0;
    for file in files.iter().filter(|f| !f.contains('/')) {
        let path = repository("rules/alk-imt").join(file);
        let text = std::fs::read_to_string(path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let mut seen = std::collections::BTreeSet::new();
        let schema = [
            "format",
            "kind",
            "module",
            "about",
            "decisions",
            "findings",
            "rules",
            "hit",
            "values",
            "titles",
            "default",
            "title",
            "when",
            "id",
            "conclude",
            "grade",
            "cite",
            "tests",
            "name",
            "given",
            "expect",
            "follow_up",
            "act",
            "text",
            "flag",
            "all",
            "any",
            "none",
            "not",
            "assume",
            "is",
            "why",
            "known",
            "version",
            "include",
            "vocabulary",
            "labels",
            "safety",
            "flags",
            "cites",
            "doubt_unless",
            "at_least",
            "of",
            "ihc",
            "fusion",
            "fish",
            "history",
            "never",
            "invariants",
            "cases",
            "for_each",
            "therapy",
        ];
        for (number, line) in lines.iter().enumerate() {
            let start = line.trim_start_matches([' ', '-']);
            let Some((key, _)) = start.split_once(':') else {
                continue;
            };
            // One of each key for each file keeps the test short.
            if !schema.contains(&key) || !seen.insert(key.to_owned()) {
                continue;
            }
            let at = line.len() - start.len();
            let mut wrong: Vec<String> = lines.iter().map(|l| (*l).to_owned()).collect();
            wrong[number].replace_range(at..at + key.len(), &misspelt(key));
            let folder = Changed {
                file,
                text: wrong.join("\n") + "\n",
            };
            let loaded = Pack::load(&folder);
            let at_line = |d: &fusedx::diag::Diagnostic| {
                d.severity == fusedx::diag::Severity::Error
                    && d.labels.iter().any(|l| {
                        &*l.place.path == file.as_str() && l.place.line as usize == number + 1
                    })
            };
            assert!(
                loaded.pack.is_none() && loaded.diagnostics.iter().any(at_line),
                "{file}:{}: `{key}` misspelt was not refused there: {:?}",
                number + 1,
                loaded
                    .diagnostics
                    .iter()
                    .map(|d| &d.message)
                    .collect::<Vec<_>>()
            );
            tried += 1;
        }
    }
    assert!(tried > 80, "{tried}");
}

/// Two letters exchanged, or one doubled where that changes nothing.
fn misspelt(key: &str) -> String {
    let mut letters: Vec<char> = key.chars().collect();
    let last = letters.len() - 1;
    if letters.len() > 2 && letters[last] != letters[last - 1] {
        letters.swap(last, last - 1);
    } else {
        letters.push('x');
    }
    letters.into_iter().collect()
}

/// The shipped pack with one file changed.
struct Changed<'a> {
    file: &'a str,
    text: String,
}

impl fusedx::rules::PackFiles for Changed<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        if path == self.file {
            return Ok(self.text.clone().into_bytes());
        }
        std::fs::read(repository("rules/alk-imt").join(path)).map_err(|e| e.to_string())
    }

    fn shown(&self, path: &str) -> String {
        path.to_owned()
    }
}

/// Files in another order, rules and rows in another order: the same bytes.
#[test]
fn order_never_matters() {
    let text = "Diagnosis: uterine leiomyosarcoma, metastatic\nIHC: ALK [D5F3 (+)], SMA(+), Desmin (partial+)\nNGS: \
                ALK-IGFBP5 fusion.";
    let case = support::read_text(text).case;
    let shown = |pack: &Pack| format!("{:#?}", pack.assess(&case, &fusedx::Asked::default()));
    let want = shown(&PACK);
    for seed in 0..50_u64 {
        let folder = Shuffled(seed);
        let loaded = Pack::load(&folder);
        let pack = loaded
            .pack
            .unwrap_or_else(|| panic!("{:?}", loaded.diagnostics));
        let got = shown(&pack);
        let differs = got.lines().zip(want.lines()).find(|(a, b)| a != b);
        assert_eq!(differs, None, "seed {seed}");
        assert_eq!(got.len(), want.len(), "seed {seed}");
    }
}

/// The shipped pack with includes, rules and flow-style rows shuffled.
struct Shuffled(u64);

impl Shuffled {
    /// Shuffles with a generator of its own, so that a seed always means the same order.
    fn shuffle<T>(&self, items: &mut [T], salt: u64) {
        let mut state = self.0.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ salt | 1;
        for index in (1..items.len()).rev() {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            items.swap(index, (state % (index as u64 + 1)) as usize);
        }
    }
}

impl fusedx::rules::PackFiles for Shuffled {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let file = repository("rules/alk-imt").join(path);
        let text = std::fs::read_to_string(file).map_err(|e| e.to_string())?;
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        // Runs of one-line items at one depth: includes of the manifest, rows of tables.
        let is_item = |line: &str| {
            let start = line.trim_start();
            start.starts_with("- {") && start.ends_with('}')
                || start.starts_with("- ") && start.ends_with(".yaml")
        };
        let mut start = 0;
        while start < lines.len() {
            let mut end = start;
            while end < lines.len() && is_item(&lines[end]) {
                end += 1;
            }
            self.shuffle(&mut lines[start..end], end as u64);
            start = end.max(start + 1);
        }
        // Blocks of rules.
        if let Some(first) = lines.iter().position(|l| l.starts_with("  - id: ")) {
            let mut blocks: Vec<Vec<String>> = Vec::new();
            for line in lines.split_off(first) {
                if line.starts_with("  - id: ") {
                    blocks.push(Vec::new());
                }
                blocks.last_mut().unwrap().push(line);
            }
            self.shuffle(&mut blocks, 7);
            lines.extend(blocks.concat());
        }
        Ok((lines.join("\n") + "\n").into_bytes())
    }

    fn shown(&self, path: &str) -> String {
        path.to_owned()
    }
}
