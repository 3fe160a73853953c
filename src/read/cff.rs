//! The common fusion format of MetaFusion: no header, 17 columns, or more when reannotated.
//!
//! Column 7 is `RNA` or `DNA`; a dialect puts the reading frame there. Where the strands are not given gene 1 is
//! taken as 5', as MetaFusion does; with strands the order is not promised.

use crate::case::fusion::Method;
use crate::read::frame::{frame, set_frame};
use crate::read::layout::{Layout, Order, Pair, Points};
use crate::read::table::Table;
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format = Format::own("cff", "MetaFusion cff (no header)", detect, read);

const COLUMNS: [&str; 17] = [
    "chr1", "pos1", "strand1", "chr2", "pos2", "strand2", "material", "sample", "kind", "disease",
    "tool", "split", "span", "gene1", "area1", "gene2", "area2",
];

static LAYOUT: Layout<'_> = Layout {
    caller: "cff",
    required: &["chr1", "pos1", "gene1", "gene2"],
    pair: Pair::Columns("gene1", "gene2"),
    order: Order::Where("strand1", &["NA", "."]),
    points: Points::Parts([("chr1", "pos1", "strand1"), ("chr2", "pos2", "strand2")]),
    split: &["split"],
    spanning: &["span"],
    sample: &["sample"],
    ..Layout::PLAIN
};

/// Most lines looked at to tell the format.
const LOOKED_AT: usize = 20;

fn detect(source: &Source) -> Option<Evidence> {
    let text = source.text();
    let mut framed = false;
    let mut rows = 0;
    let lines = source.lines().map(|(_, line)| &text[line]);
    for line in lines.filter(|l| !l.trim().is_empty()).take(LOOKED_AT) {
        let cells: Vec<&str> = line.split('\t').collect();
        let strand = |i: usize| matches!(cells[i], "+" | "-" | "NA" | "." | "");
        let numbers = || cells[1].parse::<u64>().is_ok() && cells[4].parse::<u64>().is_ok();
        if cells.len() < COLUMNS.len() || !(strand(2) && strand(5) && numbers()) {
            return None;
        }
        let material = matches!(cells[6], "RNA" | "DNA");
        framed |= !material;
        if !(material || matches!(cells[6], "." | "NA") || is_frame(cells[6])) {
            return None;
        }
        rows += 1;
    }
    (rows > 0).then(|| Evidence {
        dialect: if framed { "frame" } else { "material" },
        found: "17 columns without a header, strands in the third and sixth".to_owned(),
    })
}

fn is_frame(cell: &str) -> bool {
    let word = cell.contains(|c: char| c.is_ascii_alphabetic());
    (word && frame(cell).is_some()) || cell == "out-of-frame" || cell == "stop-codon"
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    let table = Table::headerless(source, &COLUMNS);
    let mut reading = LAYOUT.read_table(source, &table, vocab);
    let text = source.text();
    for fusion in &mut reading.case.fusions {
        let Some(span) = fusion.source.span else {
            continue;
        };
        // The row the call stands in.
        let start = text[..span.range().start].rfind('\n').map_or(0, |i| i + 1);
        let cells: Vec<&str> = text[start..]
            .lines()
            .next()
            .unwrap_or_default()
            .split('\t')
            .collect();
        match cells.get(6) {
            Some(&"DNA") => fusion.method = Method::Dna,
            Some(cell) if *cell != "RNA" && !matches!(*cell, "." | "NA") => {
                set_frame(fusion, cell, frame(cell));
            }
            _ => {}
        }
        fusion.caller = cells.get(10).map(|tool| (*tool).to_owned());
    }
    reading
}
