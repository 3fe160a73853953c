//! Tables of fusion callers: what is read of each fixture, and that no row is lost.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::fs;

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
            let rows = text.lines().skip(1).filter(|l| !l.trim().is_empty());
            assert_eq!(records.total, rows.count(), "{format}: {text}");
            assert_eq!(records.read, read.case.fusions.len(), "{format}: {text}");
        }
    }
}

#[test]
fn the_order_of_columns_and_of_rows_changes_no_fact() {
    for (format, bytes) in fixtures() {
        let Ok(text) = String::from_utf8(bytes) else {
            continue;
        };
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
