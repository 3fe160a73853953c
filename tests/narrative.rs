//! Report text: what is read of each fixture, with its place, and what is left unread.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::fs;

use support::{inside, read_text, shown_reading, snapshot_each};

#[test]
fn reports_read_as_shown() {
    snapshot_each("narrative", "narrative/*.txt", |path| {
        shown_reading(&inside(path), &fs::read(path).unwrap())
    });
}

/// Forms that look alike and must not be confused: text, marker, status.
const READINGS: &[(&str, &str, &str)] = &[
    ("IHC: ALK [D5F3 (+)]", "ALK", "positive"),
    ("IHC: ALK (D5F3) (-)", "ALK", "negative"),
    ("IHC: ALK (+/-)", "ALK", "equivocal"),
    ("IHC: ALK (not done)", "ALK", "not_done"),
    ("IHC: ALK pending", "ALK", "pending"),
    ("IHC: ALK: no result, stain failed", "ALK", "failed"),
    ("IHC: Desmin (partial+)", "desmin", "positive"),
    ("IHC: caldesmon (=)", "h-caldesmon", "negative"),
    ("IHC: Ki-67(30%+)", "Ki-67", "positive"),
    ("The tumour cells are negative for ALK.", "ALK", "negative"),
    ("The tumour cells do not express ALK.", "ALK", "negative"),
    ("The tumour cells express ALK.", "ALK", "positive"),
];

#[test]
fn a_stain_reads_as_a_pathologist_reads_it() {
    for (text, marker, status) in READINGS {
        let read = read_text(text);
        let got: Vec<(&str, &str)> = read
            .case
            .ihc
            .iter()
            .map(|r| (r.marker.as_str(), r.status.as_str()))
            .collect();
        assert_eq!(got, [(*marker, *status)], "{text}");
    }
}

/// Sentences that name ALK and state no result of this tumour.
const NO_RESULT: &[&str] = &[
    "ALK is a receptor tyrosine kinase.",
    "ALK immunohistochemistry is recommended.",
    "About half of inflammatory myofibroblastic tumours are positive for ALK.",
    "If ALK is positive, crizotinib may be considered.",
    "The father had an ALK-positive lymphoma.",
    "Control tissue: ALK positive.",
];

#[test]
fn what_is_no_result_gives_none() {
    for text in NO_RESULT {
        let read = read_text(text);
        let stains = read.case.ihc.iter().filter(|r| r.is_current());
        assert_eq!(stains.count(), 0, "{text}");
        let fusions = read.case.fusions.iter().filter(|f| f.is_current());
        assert_eq!(fusions.count(), 0, "{text}");
    }
}

#[test]
fn every_place_points_at_the_text_it_quotes() {
    let fixtures = fs::read_dir(support::repository("tests/fixtures/narrative")).unwrap();
    for file in fixtures {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        let read = read_text(&text);
        let lines: Vec<&str> = text.lines().collect();
        let places = (read.case.ihc.iter().map(|f| &f.source))
            .chain(read.case.fusions.iter().map(|f| &f.source))
            .chain(read.case.fish.iter().map(|f| &f.source))
            .chain(read.case.history.diagnoses.iter().map(|f| &f.source));
        for place in places {
            let line = lines[place.line as usize - 1];
            let rest: String = line.chars().skip(place.column as usize - 1).collect();
            let first = place.text.lines().next().unwrap_or_default();
            assert!(
                rest.starts_with(first),
                "{place:?} does not stand in: {line}"
            );
        }
    }
}

#[test]
fn every_note_of_the_reader_is_shown_by_a_report() {
    let mut shown = String::new();
    for file in std::fs::read_dir(support::repository("tests/snapshots")).unwrap() {
        shown += &std::fs::read_to_string(file.unwrap().path()).unwrap();
    }
    for code in fusedx::diag::Code::ALL.iter().map(|c| c.code()) {
        assert!(
            !code.starts_with('N') || shown.contains(&format!("[{code}]")),
            "no report shows {code}"
        );
    }
}

#[test]
fn a_block_behind_the_method_is_the_specimen() {
    let text =
        "免疫组化（1-④）：Desmin（+），ALK（－）\n免疫组化（2－①）：Desmin（－），CD117（+）\n";
    let case = support::read_text(text).case;
    let read: Vec<(&str, Option<&str>)> = (case.ihc.iter())
        .map(|i| (i.marker.as_str(), i.specimen.as_deref()))
        .collect();
    let want = [
        ("desmin", Some("1-④")),
        ("ALK", Some("1-④")),
        ("desmin", Some("2-①")),
        ("CD117", Some("2-①")),
    ];
    assert_eq!(read, want);
}
