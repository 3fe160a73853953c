//! What several test files share.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file uses a part of it"
)]
#![allow(clippy::print_stderr, reason = "a test that skips says why")]

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use fusedx::diag::render::Color;
use fusedx::rules::Assessment;
use fusedx::{Asked, Limits, Pack, ReadCase, ReadOptions, Sources};
use fusedx::{diag, render};

/// The shipped pack, loaded once.
pub static PACK: LazyLock<Pack> = LazyLock::new(Pack::built_in);

/// How many random cases a property is put to: `PROPTEST_CASES`, or what an unoptimised build does in time.
pub fn cases(unless_asked: u32) -> u32 {
    let asked = std::env::var("PROPTEST_CASES").ok();
    asked.and_then(|n| n.parse().ok()).unwrap_or(unless_asked)
}

/// A path in the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Reads one input with the shipped names.
pub fn read_bytes(name: &str, bytes: &[u8]) -> ReadCase {
    let mut sources = Sources::new(Limits::default());
    sources.add(name, bytes).expect("the test input is text");
    fusedx::read(&sources, PACK.vocab(), &ReadOptions::default())
        .expect("the test input can be read")
}

/// Reads one report.
pub fn read_text(text: &str) -> ReadCase {
    read_bytes("report.txt", text.as_bytes())
}

/// Reads and assesses one report with the shipped pack.
pub fn assess_text(text: &str) -> Assessment {
    PACK.assess(&read_text(text).case, &Asked::default())
}

/// The value of a decision.
pub fn value<'a>(assessment: &'a Assessment, decision: &str) -> &'a str {
    let decided = assessment.decisions.iter().find(|d| d.name == decision);
    &decided.expect("the pack has this decision").value
}

/// The codes of the flags raised.
pub fn flags(assessment: &Assessment) -> Vec<&str> {
    assessment.flags.iter().map(|f| f.code.as_str()).collect()
}

/// A copy of the shipped pack in a folder of its own, each file changed by `edit`.
pub fn copy_of_pack(edit: impl Fn(&str, String) -> String) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder for a copy");
    for file in pack_files() {
        let from = repository("rules/alk-imt").join(&file);
        let text = std::fs::read_to_string(from).expect("the shipped file is text");
        let to = folder.path().join(&file);
        std::fs::create_dir_all(to.parent().expect("a file has a folder")).expect("a folder");
        std::fs::write(to, edit(&file, text)).expect("the copy is written");
    }
    folder
}

/// The files of the shipped pack, by their path inside it.
pub fn pack_files() -> Vec<String> {
    fn collect(folder: &Path, inside: &str, out: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("the pack is a folder") {
            let path = entry.expect("an entry").path();
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            if path.is_dir() {
                collect(&path, &format!("{inside}{name}/"), out);
            } else {
                out.push(format!("{inside}{name}"));
            }
        }
    }
    let mut out = Vec::new();
    collect(&repository("rules/alk-imt"), "", &mut out);
    out.sort();
    out
}

/// A pack in a folder.
pub struct Folder(pub PathBuf);

impl fusedx::rules::PackFiles for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        std::fs::read(self.0.join(path)).map_err(|e| e.to_string())
    }

    fn shown(&self, path: &str) -> String {
        path.to_owned()
    }
}

/// Data that lies beside the repository on some machines; says so where it does not.
pub fn shared_data(part: &str) -> Option<PathBuf> {
    let path = repository("../shared/data").join(part);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("skipped: {} is not there", path.display());
    None
}

/// Says why a test does not run here.
pub fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}

/// What `fusedx read` prints for one input: messages first, then the facts.
pub fn shown_reading(name: &str, bytes: &[u8]) -> String {
    let mut sources = Sources::new(Limits::default());
    if let Err(problem) = sources.add(name, bytes) {
        return diag::render::one(&problem, &sources, Color::Never);
    }
    match fusedx::read(&sources, PACK.vocab(), &ReadOptions::default()) {
        Ok(read) => format!(
            "{}{}",
            diag::render::report(&read.diagnostics, &sources, Color::Never),
            render::text::read(&read)
        ),
        Err(problems) => diag::render::report(&problems, &sources, Color::Never),
    }
}

/// Snapshots one output per file of `tests/fixtures`, named after the file, with the file itself in
/// the head of the snapshot so that a review needs nothing else.
pub fn snapshot_each(name: &str, pattern: &str, output: impl Fn(&Path) -> String) {
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");
    insta::glob!(fixtures, pattern, |path| {
        let input = std::fs::read(path).expect("the fixture can be read");
        snapshot(name, &String::from_utf8_lossy(&input), &output(path));
    });
}

/// Snapshots one output under `tests/snapshots`.
pub fn snapshot(name: &str, input: &str, output: &str) {
    insta::with_settings!({
        snapshot_path => repository("tests/snapshots"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
        description => input,
    }, {
        insta::assert_snapshot!(name, output);
    });
}

/// A path as it stands in the repository, with forward slashes.
pub fn inside(path: &Path) -> String {
    path.strip_prefix(repository(""))
        .expect("the path is in the repository")
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}
