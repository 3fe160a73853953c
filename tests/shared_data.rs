//! Real caller tables and hostile files that lie beside the repository on some machines: nothing
//! panics, no row is lost, layout changes no fact. Skipped, and said so, where they are absent.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use fusedx::{Asked, Limits, ReadCase, ReadOptions, Sources};
use support::{PACK, shared_data};

/// Every file below a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(files(&path));
        } else if path.is_file() {
            out.push(path);
        }
    }
    out.sort();
    out
}

fn read(bytes: &[u8]) -> Option<ReadCase> {
    let mut sources = Sources::new(Limits::default());
    sources.add("input", bytes).ok()?;
    fusedx::read(&sources, PACK.vocab(), &ReadOptions::default()).ok()
}

#[test]
fn every_row_of_real_tables_is_read() {
    for format in ["arriba", "star-fusion"] {
        let Some(folder) = shared_data(&format!("callers/{format}")) else {
            return;
        };
        for path in files(&folder) {
            let Ok(text) = String::from_utf8(fs::read(&path).unwrap()) else {
                continue;
            };
            let Some(case) = read(text.as_bytes()) else {
                continue;
            };
            let source = &case.sources[0];
            if source.format == "report" {
                continue;
            }
            let name = path.display();
            assert_eq!(source.format, format, "{name}");
            assert_eq!(source.records.failed, 0, "{name}");
            let rows = text
                .lines()
                .skip(1)
                .filter(|l| !l.trim().is_empty())
                .count();
            assert_eq!(source.records.total, rows, "{name}");
            let windows = read(text.replace('\n', "\r\n").as_bytes()).unwrap();
            assert_eq!(
                windows.case.fusions.len(),
                case.case.fusions.len(),
                "{name}"
            );
        }
    }
}

#[test]
fn nothing_that_lies_there_panics() {
    for part in ["badinput", "reports", "index-case"] {
        let Some(folder) = shared_data(part) else {
            return;
        };
        for path in files(&folder) {
            let bytes = fs::read(&path).unwrap_or_default();
            // Large files are for the program's own limits, not for a debug build.
            if bytes.len() < 1 << 20
                && let Some(case) = read(&bytes)
            {
                let _ = PACK.assess(&case.case, &Asked::default());
            }
        }
    }
}

#[test]
fn line_ends_and_marks_change_no_fact_of_a_report() {
    let Some(folder) = shared_data("reports") else {
        return;
    };
    for path in files(&folder) {
        if path.extension().is_none_or(|e| e != "txt") {
            continue;
        }
        let Ok(text) = String::from_utf8(fs::read(&path).unwrap()) else {
            continue;
        };
        let facts = |text: &str| {
            let case = read(text.as_bytes()).unwrap().case;
            let stains = case
                .ihc
                .iter()
                .map(|r| format!("{} {}", r.marker, r.status.as_str()));
            let fusions = case
                .fusions
                .iter()
                .map(|f| format!("{} {:?}", f.name(), f.status));
            stains.chain(fusions).collect::<Vec<_>>()
        };
        let plain = facts(&text);
        let name = path.display();
        assert_eq!(facts(&text.replace('\n', "\r\n")), plain, "{name}");
        assert_eq!(facts(&format!("\u{feff}{text}")), plain, "{name}");
    }
}
