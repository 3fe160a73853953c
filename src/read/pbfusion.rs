//! pbfusion breakpoint groups: BEDPE with packed fields.
//!
//! `GN` lists the genes; two of them in a group classed `FUSION` are source and sink, 5' first. A longer list is in
//! no order of breakpoints.

use crate::case::fusion::Fusion;
use crate::diag::Diagnostic;
use crate::read::layout::{Layout, Pair, Points, Promise, no_gene, pair_call};
use crate::read::table::{Row, Table, calls_of};
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format = Format::own(
    "pbfusion",
    "pbfusion breakpoint groups (BEDPE)",
    detect,
    read,
);

static LAYOUT: Layout<'_> = Layout {
    caller: "pbfusion",
    required: &["chr1", "start1", "chr2", "start2", "score", "info"],
    pair: Pair::Joined("info", &[]),
    points: Points::Parts([("chr1", "start1", "strand1"), ("chr2", "start2", "strand2")]),
    filters: &["score"],
    ..Layout::PLAIN
};

fn detect(source: &Source) -> Option<Evidence> {
    LAYOUT.detect(source)
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    let Some(table) = Table::find(source, LAYOUT.delimiter, LAYOUT.required) else {
        return Reading::default();
    };
    calls_of(source, &table, LAYOUT.required, |row, out| {
        call(row, vocab, out)
    })
}

fn call(row: &Row<'_, '_>, vocab: &Vocab, out: &mut Vec<Diagnostic>) -> Fusion {
    let info = row.get("info");
    let field = |key: &str| {
        info.split(';')
            .find_map(|part| part.strip_prefix(key)?.strip_prefix('='))
            .unwrap_or_default()
    };
    let names = field("GN");
    let all = names.split(',').count();
    let genes: Vec<&str> = names.split(',').filter(|gene| !no_gene(gene)).collect();
    let cells = [
        genes.first().map_or("", |gene| gene).to_owned(),
        genes.get(1..).unwrap_or_default().join(";"),
    ];
    let sure = genes.len() == 2 && all == 2 && field("CL").starts_with("FUSION");
    let promise = if sure {
        Promise::First
    } else {
        Promise::Nothing
    };
    let row_of = LAYOUT.call(row, vocab, &mut Vec::new());
    let mut fusion = pair_call(cells, promise, &row_of.source, vocab, out);
    names.clone_into(&mut fusion.as_written);
    fusion.breakpoints = row_of.breakpoints;
    fusion.filters = row_of.filters;
    fusion.caller = row_of.caller;
    fusion.method = row_of.method;
    // The list of genes is not in the order of the breakpoints.
    fusion.loose_breakpoints = !sure;
    // BEDPE counts from 0.
    for breakpoint in fusion.breakpoints.iter_mut().flatten().flatten() {
        breakpoint.position = breakpoint.position.saturating_add(1);
    }
    fusion.support.split = field("RC").parse().ok();
    fusion
}
