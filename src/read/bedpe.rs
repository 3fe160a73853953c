//! BEDPE with the pair in its column `name`, as converters and challenges write fusions: ten columns or more, with
//! the header of bedtools or without one. `A>>B`, `A--B` and `A::B` are 5' first; `A-B` and `A/B` promise nothing.
//!
//! Whether a strand is that of the gene or that of the joined end is not said by the format, so no order and no kept
//! side is drawn from it. A segment ends at its breakpoint, counted from 1. A row without genes is a structural variant
//! and is kept as one; a file that names no pair at all is none of fusions.

use crate::read::layout::{Layout, Order, Pair, Points};
use crate::read::table::Table;
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format =
    Format::own("bedpe", "BEDPE with pairs of genes as names", detect, read);

const COLUMNS: [&str; 10] = [
    "chrom1", "start1", "end1", "chrom2", "start2", "end2", "name", "score", "strand1", "strand2",
];

/// Marks between two genes of which the first is 5'.
const ORDERED: [&str; 3] = [">>", "--", "::"];

static LAYOUT: Layout<'_> = Layout {
    caller: "BEDPE",
    required: &COLUMNS,
    pair: Pair::Joined("name", &[">>", "--", "::", "/", "-"]),
    order: Order::WherePart("name", &ORDERED),
    points: Points::Parts([("chrom1", "end1", ""), ("chrom2", "end2", "")]),
    method: crate::case::fusion::Method::Unspecified,
    ..Layout::PLAIN
};

/// Further columns that tell a caller which writes its own kind of BEDPE.
const OTHERS: [&str; 3] = ["FusedGenes", "num_concordantfrag_bp1", "info"];

/// Rows among which a pair is looked for.
const ROWS: usize = 50;

fn detect(source: &Source) -> Option<Evidence> {
    let (dialect, names) = match Table::find(source, '\t', LAYOUT.required) {
        Some(table) => {
            if table.has(&["name", "score"]) && OTHERS.iter().any(|other| table.has(&[other])) {
                return None;
            }
            ("with a header", table.position("name")?)
        }
        None => ("no header", 6),
    };
    let text = source.text();
    let mut rows = source
        .lines()
        .map(|(_, line)| text[line].trim_end())
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .skip(usize::from(
            dialect == "with a header" && !text.trim_start().starts_with('#'),
        ))
        .take(ROWS)
        .map(|line| line.split('\t').collect::<Vec<_>>());
    let mut pairs = false;
    let fits = rows.all(|cells| {
        let joined = |name: &&str| ORDERED.iter().any(|mark| name.contains(mark));
        pairs |= cells.get(names).is_some_and(joined);
        dialect == "with a header" || is_row(&cells)
    });
    (fits && pairs).then(|| Evidence {
        dialect,
        found: "ten columns of BEDPE, pairs of genes in `name`".to_owned(),
    })
}

/// Two segments, a name, a score and two strands.
fn is_row(cells: &[&str]) -> bool {
    let position = |cell: &&str| cell.parse::<i64>().is_ok();
    let segment = |cells: &[&str]| cells[1..].iter().all(&position);
    let strand = |cell: &&str| matches!(*cell, "+" | "-" | ".");
    cells.len() >= COLUMNS.len()
        && segment(&cells[..3])
        && segment(&cells[3..6])
        && cells[8..10].iter().all(strand)
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    let table = Table::find(source, '\t', LAYOUT.required)
        .unwrap_or_else(|| Table::headerless(source, &COLUMNS));
    LAYOUT.read_table(source, &table, vocab)
}
