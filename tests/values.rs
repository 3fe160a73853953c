//! Laboratory values, lesions and the encodings of reports: one fact however it is written.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use fusedx::case::measurement::{Kind, State};
use fusedx::{Case, Limits, ReadOptions, Sources};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use support::{PACK, read_bytes, read_text};

const REPORT: &str = "Blutbild vom 23.04.2021: Leukozyten 7,85 G/l, Thrombozyten 318.000 /µl\n\
    Größe 7 × 5 × 4 cm\n\nCT 25.10.2021\nTL1 15 mm\nNo new lesions.\n";

/// The facts without their places, whose columns may differ.
fn facts(case: &Case) -> Vec<String> {
    let labs = case
        .labs
        .iter()
        .map(|l| format!("{} {} {:?} {:?}", l.analyte, l.value, l.unit, l.date));
    let sizes = case
        .measurements
        .iter()
        .chain(&case.lesion_states)
        .map(|m| format!("{:?} {:?} {:?} {:?}", m.kind, m.mm, m.state, m.date));
    labs.chain(sizes).collect()
}

#[test]
fn line_ends_and_encodings_change_no_value() {
    let want = facts(&read_text(REPORT).case);
    assert_eq!(want.len(), 5, "{want:?}");
    let utf16: Vec<u8> = REPORT.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(utf16.iter().copied())
        .collect();
    let windows: Vec<u8> = REPORT
        .chars()
        .map(|c| match c {
            '×' => 0xd7,
            'µ' => 0xb5,
            'ö' => 0xf6,
            'ß' => 0xdf,
            c => u8::try_from(u32::from(c)).unwrap(),
        })
        .collect();
    for (name, bytes, guessed) in [
        ("crlf", REPORT.replace('\n', "\r\n").into_bytes(), false),
        ("cr", REPORT.replace('\n', "\r").into_bytes(), false),
        ("utf-16", marked, false),
        ("utf-16 without a mark", utf16, true),
        ("windows-1252", windows, true),
    ] {
        let read = read_bytes("report.txt", &bytes);
        assert_eq!(facts(&read.case), want, "{name}");
        let warned = read
            .diagnostics
            .iter()
            .any(|d| d.code == fusedx::diag::Code::GuessedEncoding);
        assert_eq!(warned, guessed, "{name}");
    }
}

#[test]
fn a_lost_superscript_is_repaired_and_recorded() {
    let case = read_text("WBC 2.7×109/L\nTumour measures 8.7 x 6.5 x 4.8 em\n").case;
    assert_eq!(case.labs[0].repairs[0].to, "10^9");
    assert_eq!(case.measurements[0].repairs[0].from, "em");
}

#[test]
fn no_new_lesions_is_a_fact_of_its_own() {
    let case = read_text("Follow-up 2021-10-25: TL1 15 mm. No new lesions.\n").case;
    let [state] = &case.lesion_states[..] else {
        panic!("{:?}", case.lesion_states)
    };
    assert_eq!((state.kind, state.state), (Kind::New, Some(State::Absent)));
    assert_eq!(state.date.unwrap().to_string(), "2021-10-25");
}

#[test]
fn the_first_day_of_a_treatment_dates_no_response() {
    let text = "Treatment: crizotinib from 2021-04-25, complete response.\nCrizotinib was started on 2021-04-25. \
        Partial response was seen.\nCT 2021-10-25: PR.\n";
    let case = read_text(text).case;
    let dates: Vec<Option<String>> = case
        .stated_responses
        .iter()
        .map(|r| r.date.map(|d| d.to_string()))
        .collect();
    assert_eq!(dates, [None, None, Some("2021-10-25".to_owned())]);
}

#[test]
fn a_line_with_an_unreadable_value_is_unread_with_a_reason() {
    let read = read_text("CBC\nNeutrophils 5.94\nTL1 seen\nWBC 7.85 10^9/L\n");
    let unread: Vec<(u32, bool)> = read.sources[0]
        .unread
        .iter()
        .map(|u| (u.line, u.reason.is_some()))
        .collect();
    assert!(unread.contains(&(2, true)), "{unread:?}");
    assert!(unread.contains(&(3, true)), "{unread:?}");
    assert!(!unread.iter().any(|(line, _)| *line == 4), "{unread:?}");
}

#[test]
fn structured_facts_hold_values_too() {
    let yaml = "labs:\n  - {analyte: ANC, value: 5940, unit: /uL, date: 2021-04-23}\n\
        measurements:\n  - {kind: target, lesion: TL1, mm: 42, date: 2021-04-20, baseline: true}\n  \
        - {kind: new, state: absent}\n\
        responses:\n  - {category: PR, date: 2021-10-25}\n\
        variants:\n  - {gene: ALK, change: p.Gly1202Arg, vaf: 12.3}\n\
        morphology: {plasma_cells: present, necrosis: absent}\n\
        history:\n  pregnant: false\n  treatments:\n    - {drug: crizotinib, start: 2021-04-25, line: 2, response: PR}\n";
    let case = read_bytes("case.yaml", yaml.as_bytes()).case;
    assert_eq!(case.labs[0].value_si.unwrap().to_string(), "5.94");
    assert_eq!(case.measurements[0].lesion.as_deref(), Some("TL1"));
    assert_eq!(case.lesion_states.len(), 1);
    assert_eq!(case.stated_responses.len(), 1);
    assert_eq!(case.variants[0].protein_change.as_deref(), Some("G1202R"));
    assert_eq!(case.morphology.len(), 2);
    assert_eq!(case.history.treatments[0].line, Some(2));
    for wrong in [
        "labs:\n  - {analyte: WBCC, value: 1}\n",
        "labs:\n  - {analyte: WBC, value: many}\n",
        "labs:\n  - {analyte: WBC, value: 1, when: 2021-04-23}\n",
        "measurements:\n  - {kind: target}\n",
        "variants:\n  - {gene: ALKK, change: G1202R}\n",
        "morphology: {plasma_cels: present}\n",
    ] {
        let mut sources = Sources::new(Limits::default());
        sources.add("case.yaml", wrong.as_bytes()).unwrap();
        let read = fusedx::read(&sources, PACK.vocab(), &ReadOptions::default());
        assert!(read.is_err(), "{wrong}");
    }
}

/// Pieces of values, whole and broken.
const PIECES: &[&str] = &[
    "WBC",
    "NEUT#",
    "NEUT%",
    "N",
    "L",
    "M",
    "ANC",
    "7.85",
    "7,85",
    "1,000",
    "318.000",
    "10^9/L",
    "x10(3)/mcL",
    "109/L",
    "×10⁹/L",
    "/µL",
    "K/uL",
    "%",
    "(H)",
    "↑",
    "3.5-9.5",
    "CBC",
    "2021-04-23",
    "04/05/2021",
    "23. April 2021",
    "TL1",
    "target lesions",
    "non-target",
    "new lesions",
    "no",
    "sum of diameters",
    "baseline",
    "short axis",
    "node",
    "42",
    "mm",
    "cm",
    "em",
    "x",
    "7x5x4cm",
    "margin",
    "mass",
    "PR",
    "CR",
    "Response:",
    "-63.2%",
    "more than",
    "decreased",
    "ALK",
    "G1202R",
    "p.Gly1202Arg",
    "VAF",
    "T1151insT",
    "t(2;5)(p23;q35)",
    "46,XX,",
    "inv(2)(p21p23)",
    "nuc ish(ALKx2)",
    "(5'ALK sep 3'ALKx1)",
    "[45/100]",
    "necrosis",
    "plasma cells",
    "mitoses",
    "per 10 HPF",
    "crizotinib",
    "from",
    "until",
    "because of",
    "(",
    ")",
    "[",
    "]",
    "|",
    ":",
    ";",
    ",",
    ".",
    "\n",
    "\n\n",
    "\t",
    "  ",
    "白细胞",
    "靶病灶1",
    "¹²³",
    "9999999999999999999999999999",
    "0.0000000000000000000000000001",
];

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_heap_of_values_panics(
        pieces in vec((select(PIECES), any::<bool>()), 0..80),
    ) {
        let mut text = String::new();
        for (piece, space) in pieces {
            text.push_str(piece);
            text.push_str(if space { " " } else { "" });
        }
        let mut sources = Sources::new(Limits::default());
        sources.add("input", text.as_bytes()).unwrap();
        if let Ok(read) = fusedx::read(&sources, PACK.vocab(), &ReadOptions::default()) {
            for source in &read.sources {
                let records = &source.records;
                prop_assert_eq!(records.total, records.read + records.skipped + records.failed);
            }
            let _ = fusedx::render::text::read(&read);
        }
    }

    #[test]
    fn spacing_and_order_change_no_count(
        wbc in 1u32..4000, plt in 10u32..900, glued in any::<bool>(), first in any::<bool>(),
    ) {
        let gap = if glued { "" } else { " " };
        let one = format!("WBC {}.{:02}{gap}x10^9/L", wbc / 100, wbc % 100);
        let two = format!("PLT {plt}{gap}x10^9/L");
        let text = if first { format!("{one}, {two}") } else { format!("{two}, {one}") };
        let case = read_text(&text).case;
        let value = |name: &str| case.labs.iter().find(|l| l.analyte == name).map(|l| l.value.to_string());
        prop_assert_eq!(value("WBC"), Some(format!("{}.{:02}", wbc / 100, wbc % 100)));
        prop_assert_eq!(value("platelets"), Some(plt.to_string()));
    }
}
