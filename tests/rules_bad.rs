//! Broken rule files: each message as its author reads it, and a file for every code.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use fusedx::Pack;
use fusedx::diag::render::{Color, report};
use fusedx::diag::{Code, Diagnostic, Severity};
use support::{PACK, inside, repository, snapshot_each};

type Checked = (String, Vec<&'static str>);

/// What is said of each file; some take a proof of the whole pack, so each is checked once.
static CHECKED: LazyLock<BTreeMap<PathBuf, Checked>> = LazyLock::new(|| {
    let files = fs::read_dir(repository("tests/fixtures/rules")).unwrap();
    files
        .map(|file| {
            let path = file.unwrap().path().canonicalize().unwrap();
            let said = check(&path);
            (path, said)
        })
        .collect()
});

fn checked(path: &Path) -> Checked {
    CHECKED[&path.canonicalize().unwrap()].clone()
}

fn check(path: &Path) -> Checked {
    let mut loaded = Pack::load_file(&inside(path), &fs::read(path).unwrap());
    if let Some(pack) = &loaded.pack {
        let more = fusedx::trials::check(pack, &loaded.sources);
        loaded.diagnostics.extend(more);
        // The proofs take their time; most files are broken before they are asked for.
        if fs::read_to_string(path).unwrap().contains("about: Claims")
            || path.to_str().unwrap().contains("L031")
        {
            let study = pack.study();
            let own = |d: &Diagnostic| d.place().is_some_and(|p| p.path.contains("fixtures"));
            loaded
                .diagnostics
                .extend(study.diagnostics.into_iter().filter(own));
            for proof in &study.claims {
                loaded
                    .diagnostics
                    .extend(fusedx::proofs::refuted(proof, pack));
            }
            fusedx::diag::sort(&mut loaded.diagnostics);
        }
    }
    let text = report(&loaded.diagnostics, &loaded.sources, Color::Never);
    let codes = loaded.diagnostics.iter().map(|d| d.code.code()).collect();
    (text, codes)
}

#[test]
fn messages_read_as_shown() {
    snapshot_each("rules_bad", "rules/*.yaml", |path| checked(path).0);
}

#[test]
fn a_file_shows_the_code_it_is_named_after() {
    for file in fs::read_dir(repository("tests/fixtures/rules")).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        if let Some((code, _)) = name.split_once('-').filter(|(c, _)| c.len() == 4) {
            let (text, codes) = checked(&path);
            assert!(codes.contains(&code), "{name}: {text}");
            assert!(text.contains(&format!("{name}.yaml:")), "{name}: {text}");
        }
    }
}

#[test]
fn every_code_of_rule_files_has_a_file() {
    let shown: BTreeSet<&str> = fs::read_dir(repository("tests/fixtures/rules"))
        .unwrap()
        .flat_map(|file| checked(&file.unwrap().path()).1)
        .collect();
    // Those that one small file cannot show: a file past the size limit, two YAML readers that
    // differ (no input is known to do it), an include, the range of versions in a manifest, and a
    // citation that a whole pack leaves unused.
    // L021 is printed by `rules test --cover`.
    let elsewhere = BTreeSet::from(["E003", "E008", "E015", "E055", "L002", "L021"]);
    let rules: BTreeSet<&str> = Code::ALL
        .iter()
        .map(|c| c.code())
        .filter(|c| c.starts_with(['E', 'L']))
        .collect();
    let covered: BTreeSet<&str> = shown.union(&elsewhere).copied().collect();
    let without: Vec<_> = rules.difference(&covered).collect();
    assert!(without.is_empty(), "no file shows {without:?}");
    let needless: Vec<_> = elsewhere.intersection(&shown).collect();
    assert!(needless.is_empty(), "shown after all: {needless:?}");
}

#[test]
fn all_defects_of_a_file_are_reported_at_once() {
    let path = repository("tests/fixtures/rules/several-at-once.yaml");
    let (_, codes) = checked(&path);
    let errors = codes.iter().filter(|c| c.starts_with('E')).count();
    assert!(errors >= 4, "{codes:?}");
}

/// The files of a pack in memory.
struct Files(Vec<(&'static str, Vec<u8>)>);

impl fusedx::rules::PackFiles for Files {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let file = self.0.iter().find(|(name, _)| *name == path);
        file.map(|(_, bytes)| bytes.clone())
            .ok_or_else(|| "no such file".to_owned())
    }

    fn shown(&self, path: &str) -> String {
        format!("pack/{path}")
    }
}

const MANIFEST: &str = "format: 1\nkind: pack\nname: small\nversion: 0.1.0\n";

fn codes_of(files: Vec<(&'static str, Vec<u8>)>) -> Vec<&'static str> {
    let loaded = Pack::load(&Files(files));
    let broken = loaded
        .diagnostics
        .iter()
        .any(|d| d.severity == Severity::Error);
    assert_eq!(loaded.pack.is_none(), broken, "{:?}", loaded.diagnostics);
    loaded.diagnostics.iter().map(|d| d.code.code()).collect()
}

#[test]
fn includes_that_cannot_be_are_errors() {
    for include in ["absent.yaml", "../outside.yaml", "/etc/passwd"] {
        let manifest = format!("{MANIFEST}include: [{include}]\n");
        let codes = codes_of(vec![("pack.yaml", manifest.into_bytes())]);
        assert!(codes.contains(&"E015"), "{include}: {codes:?}");
    }
    assert!(codes_of(Vec::new()).contains(&"E015"), "no manifest at all");
}

#[test]
fn a_pack_for_another_version_is_refused() {
    for (engine, codes) in [
        (">=0.1, <99", vec![]),
        (">=99", vec!["E055"]),
        ("newest", vec!["E013"]),
    ] {
        let manifest = format!("{MANIFEST}engine: \"{engine}\"\ninclude: []\n");
        let got = codes_of(vec![("pack.yaml", manifest.into_bytes())]);
        assert_eq!(got, codes, "{engine}");
    }
}

#[test]
fn a_rule_file_past_its_limit_is_refused() {
    let mut large = b"format: 1\nkind: rules\n".to_vec();
    large.resize(9 * 1024 * 1024, b'#');
    let manifest = format!("{MANIFEST}include: [large.yaml]\n");
    let codes = codes_of(vec![
        ("pack.yaml", manifest.into_bytes()),
        ("large.yaml", large),
    ]);
    assert!(codes.contains(&"E003"), "{codes:?}");
}

#[test]
fn the_shipped_pack_is_the_folder() {
    struct Folder;
    impl fusedx::rules::PackFiles for Folder {
        fn read(&self, path: &str) -> Result<Vec<u8>, String> {
            fs::read(repository("rules/alk-imt").join(path)).map_err(|e| e.to_string())
        }
        fn shown(&self, path: &str) -> String {
            path.to_owned()
        }
    }
    let folder = Pack::load(&Folder).pack.expect("the folder is a pack");
    assert_eq!(folder.sha256, PACK.sha256, "the pack in the program is old");
}
