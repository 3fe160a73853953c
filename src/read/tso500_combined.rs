//! TSO500 CombinedVariantOutput: sections of one file, of which the fusions are read.
//!
//! `A-B` is 5' first, `A/B` is in no known order, `;` lists overlapping genes at one breakpoint. `NA` below the
//! header is a section without calls.

use std::ops::Range;

use crate::read::layout::{Layout, Order, Pair, Points, Promise, order, partner};
use crate::read::symbol::split_pair;
use crate::read::table::{Table, no_calls};
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format = Format::own(
    "tso500-cvo",
    "TruSight Oncology 500 CombinedVariantOutput",
    detect,
    read,
);

static LAYOUT: Layout<'_> = Layout {
    caller: "TSO500",
    required: &["Gene Pair", "Breakpoint 1", "Breakpoint 2"],
    pair: Pair::Joined("Gene Pair", &["/", "-"]),
    order: Order::None,
    points: Points::Columns("Breakpoint 1", "Breakpoint 2"),
    total: &["Fusion Supporting Reads"],
    ..Layout::PLAIN
};

/// What stands below the name of a section.
enum Below {
    /// The header of its table.
    Header(Range<usize>),
    /// The mark for no data, without a header.
    Nothing,
}

/// The sections of fusions: one, or one each of DNA and RNA.
fn sections(source: &Source) -> Vec<Below> {
    let text = source.text();
    let mut lines = source
        .lines()
        .map(|(_, line)| line)
        .filter(|line| !text[line.clone()].trim().is_empty());
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        let name = text[line].trim();
        if !(name.starts_with('[') && name.ends_with("Fusions]")) {
            continue;
        }
        if let Some(below) = lines.next() {
            if text[below.clone()].trim() == "NA" {
                found.push(Below::Nothing);
            } else if Table::from_line(source, below.clone()).has(LAYOUT.required) {
                found.push(Below::Header(below));
            }
        }
    }
    found
}

fn detect(source: &Source) -> Option<Evidence> {
    (!sections(source).is_empty()).then(|| Evidence {
        dialect: "combined",
        found: "a section [Fusions]".to_owned(),
    })
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    let mut reading = Reading::default();
    for section in sections(source) {
        if let Below::Header(header) = section {
            read_section(source, header, vocab, &mut reading);
        }
    }
    if reading.records.total == 0 {
        reading.diagnostics.push(no_calls(source));
    }
    reading
}

fn read_section(source: &Source, header: Range<usize>, vocab: &Vocab, reading: &mut Reading) {
    let text = source.text();
    let first = source
        .lines()
        .map(|(_, line)| line)
        .find(|line| line.start > header.start)
        .map_or("", |line| text[line].trim());
    if matches!(first, "NA" | "") {
        return;
    }
    let table = Table::from_line(source, header);
    let ends = |line: &str| line.trim().is_empty() || line.starts_with('[');
    let fusions = &mut reading.case.fusions;
    let records = table.rows_until(&[], &mut reading.diagnostics, ends, |row, out| {
        let mut fusion = LAYOUT.call(row, vocab, out);
        if !row.get("Gene Pair").contains('/') {
            let cells = split_pair(row.get("Gene Pair"), &["-"], vocab).sides;
            let symbols = [&cells[0], &cells[1]]
                .map(|cell| partner(cell, || row.place("Gene Pair"), vocab, &mut Vec::new()).0);
            order(&mut fusion, symbols, Promise::First);
        }
        fusions.push(fusion);
    });
    reading.records.total += records.total;
    reading.records.read += records.read;
    reading.records.skipped += records.skipped;
    reading.records.failed += records.failed;
}
