//! genion: no header; identifiers and symbols joined by `::`, in no promised order. A call that did not pass is of low
//! confidence.

use crate::case::fusion::Fusion;
use crate::read::layout::{Layout, Pair};
use crate::read::table::{Table, calls_of};
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format = Format::own("genion", "genion (no header)", detect, read);

const COLUMNS: [&str; 8] = [
    "ids", "symbols", "ffigf", "fin", "reads", "normal", "verdict", "ranges",
];

static LAYOUT: Layout<'_> = Layout {
    caller: "genion",
    required: &["ids", "symbols", "reads", "verdict"],
    pair: Pair::Joined("symbols", &["::"]),
    split: &["reads"],
    filters: &["verdict"],
    ..Layout::PLAIN
};

fn detect(source: &Source) -> Option<Evidence> {
    let text = source.text();
    let fits = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        cells.len() >= COLUMNS.len() - 1
            && cells[0].starts_with("ENSG")
            && cells[0].contains("::ENSG")
            && cells[1].contains("::")
            && cells[4].trim().parse::<f64>().is_ok()
    };
    let mut lines = source
        .lines()
        .map(|(_, line)| &text[line])
        .filter(|line| !line.trim().is_empty());
    fits(lines.next()?).then(|| Evidence {
        dialect: "table",
        found: "ENSG::ENSG and symbols in the first two columns, no header".to_owned(),
    })
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    let table = Table::headerless(source, &COLUMNS);
    calls_of(source, &table, LAYOUT.required, |row, out| {
        let mut fusion: Fusion = LAYOUT.call(row, vocab, out);
        if !row.get("verdict").starts_with("PASS") {
            fusion.confidence = Some("low".to_owned());
        }
        fusion
    })
}
