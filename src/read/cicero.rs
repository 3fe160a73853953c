//! CICERO: gene A is 5' where `sv_ort` is `>`.

use crate::read::Format;
use crate::read::layout::{Layout, Order, Pair, Points};

/// The format.
pub(super) const FORMAT: Format =
    Format::table("cicero", "CICERO annotated and final fusions", &LAYOUT);

static LAYOUT: Layout<'_> = Layout {
    caller: "CICERO",
    required: &["geneA", "chrA", "posA", "geneB", "chrB", "posB", "sv_ort"],
    pair: Pair::Columns("geneA", "geneB"),
    order: Order::Where("sv_ort", &[">"]),
    points: Points::Parts([("chrA", "posA", "ortA"), ("chrB", "posB", "ortB")]),
    split: &["readsA", "readsB"],
    frame: &["frame"],
    filters: &["rating", "medal", "type"],
    sample: &["sample"],
    ..Layout::PLAIN
};
