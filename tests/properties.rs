//! What holds for every input: nothing panics, layout changes no fact, and no order of words makes a
//! candidate of a finding that does not stand.

mod support;

use fusedx::diag::Diagnostic;
use fusedx::{Asked, Limits, ReadCase, ReadOptions, Sources};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use support::{PACK, assess_text, read_text, value};

fn try_read(bytes: &[u8]) -> Result<ReadCase, Vec<Diagnostic>> {
    let mut sources = Sources::new(Limits::default());
    sources.add("input", bytes).map_err(|d| vec![*d])?;
    fusedx::read(&sources, PACK.vocab(), &ReadOptions::default())
}

/// Reads, checks the account of records, and assesses.
fn survives(bytes: &[u8]) {
    if let Ok(read) = try_read(bytes) {
        for source in &read.sources {
            let records = &source.records;
            assert_eq!(
                records.total,
                records.read + records.skipped + records.failed
            );
        }
        let assessment = PACK.assess(&read.case, &Asked::default());
        for decision in &assessment.decisions {
            let _ = PACK.next_tests(&read.case, &assessment, &decision.name);
        }
    }
}

/// Pieces reports are made of, whole and broken.
const PIECES: &[&str] = &[
    "ALK",
    "Alk",
    "SMA",
    "desmin",
    "CD34",
    "Ki-67",
    "AE1/AE3",
    "S-100",
    "h-caldesmon",
    "p53",
    "IGFBP5",
    "TNS1::ALK",
    "ALK-IGFBP5",
    "EML4-ALK",
    "D5F3",
    "(",
    ")",
    "[",
    "]",
    "（",
    "）",
    "+",
    "-",
    "−",
    "–",
    "(+)",
    "(-)",
    "(=)",
    "+/-",
    "++",
    "%",
    "30%",
    "<1%",
    "5-10%",
    ",",
    "，",
    ";",
    ":",
    ".",
    "。",
    "、",
    "and",
    "or",
    "not",
    "no",
    "negative",
    "positive",
    "for",
    "but",
    "except",
    "neither",
    "nor",
    "pending",
    "failed",
    "equivocal",
    "Diagnosis",
    "IHC",
    "FISH",
    "NGS",
    "Addendum",
    "leiomyosarcoma",
    "crizotinib",
    "250 mg",
    "fusion",
    "rearrangement",
    "detected",
    "exon 19",
    "2021-04-25",
    "阳性",
    "阴性",
    "部分",
    "\n",
    "\r\n",
    "\t",
    " ",
    "\u{feff}",
    "\u{202e}",
    "\u{1b}",
    "А",
    "é",
    "999999999999999999999",
    "\"",
    "|",
    "#",
];

proptest! {
    #![proptest_config(ProptestConfig {
        cases: support::cases(96),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_bytes_panic(bytes in vec(any::<u8>(), 0..400)) {
        survives(&bytes);
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,300}") {
        survives(text.as_bytes());
    }

    #[test]
    fn no_heap_of_pieces_panics(
        pieces in vec((select(PIECES), any::<bool>()), 0..80),
    ) {
        let mut text = String::new();
        for (piece, space) in pieces {
            text.push_str(piece);
            text.push_str(if space { " " } else { "" });
        }
        survives(text.as_bytes());
    }

    #[test]
    fn no_damaged_table_panics(
        cells in vec(vec("[A-Z0-9:+/.(),-]{0,12}", 0..32), 0..5),
        cut in 0usize..2000,
    ) {
        for table in [
            include_str!("../samples/arriba-igfbp5-alk.tsv"),
            include_str!("../samples/tns1-alk-folder/star-fusion.tsv"),
        ] {
            let rows: Vec<String> = cells.iter().map(|row| row.join("\t")).collect();
            let damaged = format!("{}{}", table, rows.join("\n"));
            survives(damaged.as_bytes());
            survives(&table.as_bytes()[..cut.min(table.len())]);
        }
    }

    #[test]
    fn no_rule_file_panics(text in "(?s)[a-z0-9 :{}\\[\\],\n\"'|>&*!#-]{0,300}", at in 0usize..3000) {
        let whole = include_str!("fixtures/rules/several-at-once.yaml");
        let at = at.min(whole.len());
        for text in [format!("format: 1\nkind: rules\n{text}"), format!("{}{text}{}", &whole[..at], &whole[at..])] {
            let loaded = fusedx::Pack::load_file("rule.yaml", text.as_bytes());
            let _ = fusedx::diag::render::report(
                &loaded.diagnostics,
                &loaded.sources,
                fusedx::diag::render::Color::Never,
            );
        }
    }
}

/// A stain with the sign it was given: marker, whether positive.
#[derive(Debug, Clone)]
struct Stain {
    marker: &'static str,
    written: &'static str,
    positive: bool,
}

const MARKERS: &[(&str, &str)] = &[
    ("ALK", "ALK"),
    ("SMA", "SMA"),
    ("desmin", "Desmin"),
    ("CD34", "CD34"),
    ("CD10", "CD10"),
    ("h-caldesmon", "h-caldesmon"),
    ("S100", "S-100"),
    ("HMB45", "HMB45"),
    ("MyoD1", "MyoD1"),
    ("ER", "ER"),
    ("PR", "PR"),
    ("pan-CK", "AE1/AE3"),
];

/// A panel in which every marker stands once.
fn panel() -> impl Strategy<Value = Vec<Stain>> {
    proptest::sample::subsequence(MARKERS, 1..=MARKERS.len())
        .prop_shuffle()
        .prop_flat_map(|markers| {
            let n = markers.len();
            (Just(markers), vec(any::<bool>(), n))
        })
        .prop_map(|(markers, signs)| {
            let both = markers.into_iter().zip(signs);
            both.map(|((marker, written), positive)| Stain {
                marker,
                written,
                positive,
            })
            .collect()
        })
}

/// Marker and status of every stain read, sorted.
fn stains(text: &str) -> Vec<(String, &'static str)> {
    let read = read_text(text);
    let readings = read.case.ihc.iter();
    let mut out: Vec<_> = readings
        .map(|r| (r.marker.clone(), r.status.as_str()))
        .collect();
    out.sort();
    out
}

fn expected(panel: &[Stain]) -> Vec<(String, &'static str)> {
    let status = |s: &Stain| if s.positive { "positive" } else { "negative" };
    let mut out: Vec<_> = panel
        .iter()
        .map(|s| (s.marker.to_owned(), status(s)))
        .collect();
    out.sort();
    out
}

fn brackets(panel: &[Stain]) -> String {
    let sign = |s: &Stain| if s.positive { '+' } else { '-' };
    let items: Vec<String> = panel
        .iter()
        .map(|s| format!("{}({})", s.written, sign(s)))
        .collect();
    format!("IHC: {}.\n", items.join(", "))
}

fn list(panel: &[Stain], positive: bool) -> String {
    let names: Vec<&str> = panel
        .iter()
        .filter(|s| s.positive == positive)
        .map(|s| s.written)
        .collect();
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => (*only).to_owned(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: support::cases(96),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_way_to_write_a_panel_reads_the_same(panel in panel()) {
        let want = expected(&panel);
        let bracketed = brackets(&panel);
        prop_assert_eq!(&stains(&bracketed), &want, "{}", bracketed);

        let lines: Vec<String> = panel
            .iter()
            .map(|s| format!("{}: {}", s.written, if s.positive { "positive" } else { "negative" }))
            .collect();
        let column = format!("Immunohistochemistry:\n{}\n", lines.join("\n"));
        prop_assert_eq!(&stains(&column), &want, "{}", column);

        let (yes, no) = (list(&panel, true), list(&panel, false));
        let prose = match (yes.as_str(), no.as_str()) {
            ("", no) => format!("The tumour cells are negative for {no}.\n"),
            (yes, "") => format!("The tumour cells are positive for {yes}.\n"),
            (yes, no) => format!("The tumour cells are positive for {yes} but negative for {no}.\n"),
        };
        prop_assert_eq!(&stains(&prose), &want, "{}", prose);
    }

    #[test]
    fn layout_changes_no_reading(panel in panel(), dash in select(vec!["-", "−", "–", "－"]), width in 12usize..60) {
        let plain = brackets(&panel);
        let want = expected(&panel);
        let dashed = plain.replace("(-)", &format!("({dash})"));
        let wide = plain.replace('(', "（").replace(')', "）").replace(',', "，");
        // Wrapped at blanks, and inside the item, as printed reports are.
        let mut wrapped = String::new();
        let mut column = 0;
        for word in plain.replace('(', " (").split_whitespace() {
            if column + word.len() > width {
                wrapped.push('\n');
                column = 0;
            } else if column > 0 {
                wrapped.push(' ');
            }
            wrapped.push_str(word);
            column += word.len() + 1;
        }
        for text in [
            dashed,
            wide,
            wrapped,
            plain.replace('\n', "\r\n"),
            plain.replace('\n', "\r"),
            plain.replace(' ', "\u{a0}"),
            plain.replace(", ", ","),
            format!("\u{feff}{plain}"),
        ] {
            prop_assert_eq!(&stains(&text), &want, "{:?}", text);
        }
        let utf16: Vec<u8> = std::iter::once(0xfeff)
            .chain(plain.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        let read = try_read(&utf16).expect("UTF-16 is read");
        prop_assert_eq!(read.case.ihc.len(), panel.len());
    }

    #[test]
    fn the_order_of_lines_that_stand_alone_changes_no_decision(
        order in Just(vec![
            "Diagnosis: inflammatory myofibroblastic tumor.",
            "IHC: ALK(+), SMA(+), CD34(-).",
            "FISH: ALK rearranged, 60% of 100 nuclei.",
            "NGS: TNS1::ALK fusion detected.",
            "Disease status: metastatic.",
            "Age: 57",
        ]).prop_shuffle(),
    ) {
        let got = assess_text(&format!("{}\n", order.join("\n")));
        prop_assert_eq!(value(&got, "dx"), "imt_alk");
        prop_assert_eq!(value(&got, "alk_tki"), "candidate");
    }

    #[test]
    fn no_candidate_without_a_standing_finding(
        lines in vec(select(vec![
            "Diagnosis: inflammatory myofibroblastic tumor.",
            "Diagnosis: leiomyosarcoma.",
            "Disease status: unresectable, metastatic.",
            "IHC: SMA(+), Desmin(+), ALK(-), CD34(-).",
            "IHC: ALK (pending).",
            "ALK immunostain could not be evaluated.",
            "The tumour cells are negative for ALK and S-100.",
            "FISH: no ALK rearrangement in 100 nuclei.",
            "FISH: ALK pending.",
            "FISH ALK: failed hybridisation.",
            "NGS: no ALK fusion detected.",
            "NGS: TNS1::ALK fusion not detected.",
            "NGS: ALK::PTPN3 fusion detected.",
            "No ALK, ROS1 or NTRK fusions were identified.",
            "ALK-positive IMT responds to crizotinib.",
            "ALK is positive in the control tissue.",
            "To rule out an ALK-rearranged tumour, FISH is recommended.",
            "Treatment: crizotinib 250 mg bid.",
        ]), 1..8),
    ) {
        let text = format!("{}\n", lines.join("\n"));
        let got = assess_text(&text);
        prop_assert_ne!(value(&got, "alk_tki"), "candidate", "{}", text);
        prop_assert_ne!(value(&got, "dx"), "imt_alk", "{}", text);
        let tested = lines.iter().any(|l| l.contains("ALK(-)") || l.contains("negative for ALK"));
        if !tested {
            prop_assert_ne!(value(&got, "dx"), "lms", "{}", text);
        }
    }

    #[test]
    fn lost_lines_are_listed(words in vec(select(vec!["the", "seen", "see", "by", "other", "report", "us", "with"]), 1..6), marker in select(vec!["ALK", "desmin", "crizotinib"])) {
        let text = format!("IHC: SMA(+).\n{marker} {}\n", words.join(" "));
        let read = read_text(&text);
        let spoken = read.case.ihc.iter().any(|r| r.source.line == 2)
            || read.case.history.treatments.iter().any(|t| t.source.line == 2);
        let listed = read.sources[0].unread.iter().any(|u| u.line == 2);
        prop_assert!(spoken || listed, "{}", text);
    }
}
