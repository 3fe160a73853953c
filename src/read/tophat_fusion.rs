//! TopHat-Fusion: no header, eleven columns, the genes in no promised order.

use crate::read::layout::{Layout, Pair, Points};
use crate::read::table::Table;
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format = Format::own(
    "tophat-fusion",
    "TopHat-Fusion results (no header)",
    detect,
    read,
);

const COLUMNS: [&str; 11] = [
    "sample", "gene1", "chr1", "pos1", "gene2", "chr2", "pos2", "reads", "pairs", "mates", "score",
];

static LAYOUT: Layout<'_> = Layout {
    caller: "TopHat-Fusion",
    required: &["gene1", "gene2", "pos2"],
    pair: Pair::Columns("gene1", "gene2"),
    points: Points::Parts([("chr1", "pos1", ""), ("chr2", "pos2", "")]),
    split: &["reads"],
    spanning: &["pairs"],
    sample: &["sample"],
    ..Layout::PLAIN
};

fn detect(source: &Source) -> Option<Evidence> {
    let text = source.text();
    let fits = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        cells.len() == COLUMNS.len()
            && is_chromosome(cells[2])
            && is_chromosome(cells[5])
            && [3, 6, 7, 8, 9]
                .iter()
                .all(|i| cells[*i].trim().parse::<u64>().is_ok())
    };
    let mut lines = source
        .lines()
        .map(|(_, line)| &text[line])
        .filter(|line| !line.trim().is_empty())
        .peekable();
    lines.peek()?;
    lines.take(20).all(fits).then(|| Evidence {
        dialect: "table",
        found: "eleven columns without a header".to_owned(),
    })
}

/// `chr2`, or the bare name of a main chromosome.
fn is_chromosome(cell: &str) -> bool {
    let number = || cell.parse::<u8>().is_ok_and(|n| (1..=22).contains(&n));
    cell.starts_with("chr") || matches!(cell, "X" | "Y" | "M" | "MT") || number()
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    LAYOUT.read_table(source, &Table::headerless(source, &COLUMNS), vocab)
}
