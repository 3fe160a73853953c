//! Tables of fusion callers: what is read of each fixture, and that no row is lost.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::fs;

use fusedx::case::fusion::Orientation;
use fusedx::read::FORMATS;
use fusedx::{Limits, Sources};
use proptest::prelude::*;
use support::{inside, read_bytes, repository, shown_reading, snapshot_each};

#[test]
fn tables_read_as_shown() {
    snapshot_each("readers", "readers/*/*.tsv", |path| {
        shown_reading(&inside(path), &fs::read(path).unwrap())
    });
}

/// Every fixture with the folder it lies in, which names its format.
fn fixtures() -> Vec<(String, Vec<u8>)> {
    let mut out = Vec::new();
    for format in fs::read_dir(repository("tests/fixtures/readers")).unwrap() {
        let format = format.unwrap();
        for file in fs::read_dir(format.path()).unwrap() {
            let bytes = fs::read(file.unwrap().path()).unwrap();
            out.push((format.file_name().into_string().unwrap(), bytes));
        }
    }
    assert!(out.len() >= 10, "the fixtures are gone");
    out
}

/// Formats whose records are not the lines below a header.
const OTHER_THAN_TABLES: &[&str] = &[
    "archer",
    "bedpe",
    "caris",
    "ccat-json",
    "cff",
    "foundation-xml",
    "fusioninspector-web-json",
    "fusor-json",
    "genion",
    "longgf",
    "pbfusion",
    "simple-list",
    "tempus",
    "tophat-fusion",
    "tso500-ctdna",
    "tso500-cvo",
    "tst170",
    "vcf",
];

#[test]
fn every_format_has_a_fixture_and_no_fixture_fits_two() {
    let fixtures = fixtures();
    for format in FORMATS {
        let own = fixtures.iter().any(|(name, _)| name == format.name);
        assert!(
            own || matches!(format.name, "report" | "case"),
            "{} has no fixture",
            format.name
        );
    }
    for (name, bytes) in &fixtures {
        let mut sources = Sources::new(Limits::default());
        let id = sources.add("input", bytes).unwrap();
        let fits: Vec<&str> = FORMATS
            .iter()
            .filter(|f| f.name != "report" && f.detect(sources.get(id)).is_some())
            .map(|f| f.name)
            .collect();
        assert_eq!(fits, [name.as_str()]);
    }
}

#[test]
fn the_format_is_told_by_content_and_every_row_is_accounted_for() {
    for (format, bytes) in fixtures() {
        // A name that says nothing, and one that misleads.
        for name in ["input", "vcf.txt"] {
            let read = read_bytes(name, &bytes);
            let source = &read.sources[0];
            assert_eq!(source.format, format);
            let records = &source.records;
            assert_eq!(
                records.total,
                records.read + records.skipped + records.failed
            );
            let text = String::from_utf8_lossy(&bytes);
            // The tables of the course hold no fusions.
            if format != "course-table" {
                let facts = read.case.fusions.len() + read.case.ihc.len();
                assert_eq!(records.read, facts, "{format}: {text}");
            }
            let document = text.starts_with(['{', '[', '<']);
            if !document && !OTHER_THAN_TABLES.contains(&format.as_str()) {
                let rows = text.lines().skip(1).filter(|l| !l.trim().is_empty());
                assert_eq!(records.total, rows.count(), "{format}: {text}");
            }
        }
    }
}

#[test]
fn the_order_of_columns_and_of_rows_changes_no_fact() {
    for (format, bytes) in fixtures() {
        let Ok(text) = String::from_utf8(bytes) else {
            continue;
        };
        if !matches!(format.as_str(), "arriba" | "star-fusion") {
            continue;
        }
        let rows: Vec<Vec<&str>> = text.lines().map(|l| l.split('\t').collect()).collect();
        let whole = rows.iter().all(|r| r.len() == rows[0].len());
        if !whole || rows.len() < 2 || text.starts_with('"') {
            continue;
        }
        let mut turned: Vec<String> = rows
            .iter()
            .map(|row| {
                let cells: Vec<&str> = row.iter().rev().copied().collect();
                // The header's mark of a comment stays at the start of its line.
                let line = cells.join("\t");
                match line.strip_suffix(row[0]) {
                    Some(rest) if row[0].starts_with('#') => {
                        format!("#{rest}{}", &row[0][1..])
                    }
                    _ => line,
                }
            })
            .collect();
        turned[1..].reverse();
        let facts = |text: &str| {
            let read = read_bytes("input", text.as_bytes());
            let mut facts: Vec<String> = (read.case.fusions.iter())
                .map(|fusion| {
                    let mut fact = serde_json::to_value(fusion).unwrap();
                    // Its place follows the layout.
                    fact.as_object_mut().unwrap().remove("source");
                    fact.to_string()
                })
                .collect();
            facts.sort();
            facts
        };
        assert_eq!(facts(&text), facts(&turned.join("\n")), "{format}");
    }
}

#[test]
fn a_table_without_calls_is_no_negative_result() {
    let bytes = fs::read(repository("tests/fixtures/readers/arriba/header-only.tsv")).unwrap();
    let read = read_bytes("fusions.tsv", &bytes);
    assert_eq!(read.sources[0].records.total, 0);
    assert!(read.case.fusions.is_empty());
    assert!(read.diagnostics.iter().any(|d| d.code.code() == "T005"));
}

/// The order of partners, format by format: what promises it and what does not.
#[test]
fn the_order_is_only_as_sure_as_the_format() {
    let order = |folder: &str, file: &str| {
        let path = format!("tests/fixtures/readers/{folder}/{file}");
        let read = read_bytes("input", &fs::read(repository(&path)).unwrap());
        let calls = read.case.fusions.into_iter();
        calls
            .map(|f| (f.five_prime, f.three_prime, f.orientation))
            .collect::<Vec<_>>()
    };
    let stated = (
        Some("IGFBP5".to_owned()),
        Some("ALK".to_owned()),
        Some(Orientation::Stated),
    );
    let unknown = (None, None, Some(Orientation::Unknown));
    for folder in [
        "fusioncatcher",
        "jaffa",
        "dragen",
        "linx",
        "isofox",
        "cicero",
        "cbioportal-sv",
    ] {
        assert_eq!(order(folder, "calls.tsv")[0], stated, "{folder}");
    }
    for folder in [
        "squid",
        "pizzly",
        "longgf",
        "fusionseeker",
        "oncokb",
        "ccat-json",
    ] {
        assert_eq!(order(folder, "calls.tsv")[0], unknown, "{folder}");
    }
    // `A-B` is ordered and `A/B` is not; two genes in a group are, three are not; strands unsay it.
    assert_eq!(
        order("tso500-cvo", "calls.tsv"),
        [stated.clone(), unknown.clone()]
    );
    assert_eq!(
        order("pbfusion", "calls.tsv"),
        [stated.clone(), unknown.clone()]
    );
    assert_eq!(order("cff", "calls.tsv")[0], unknown);
    assert_eq!(order("cff", "calls.tsv")[1].2, Some(Orientation::Stated));
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 96,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_mutated_table_panics_or_loses_a_row(
        which in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..4), 0..12),
    ) {
        let fixtures = fixtures();
        let mut bytes = which.get(&fixtures).1.clone();
        for (at, byte, kind) in edits {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => { bytes.remove(at); }
                _ => bytes.truncate(at.max(1)),
            }
        }
        let mut sources = Sources::new(Limits::default());
        if sources.add("input", &bytes).is_ok()
            && let Ok(read) = fusedx::read(&sources, support::PACK.vocab(), &fusedx::ReadOptions::default())
        {
            let records = &read.sources[0].records;
            prop_assert_eq!(records.total, records.read + records.skipped + records.failed);
        }
    }
}
