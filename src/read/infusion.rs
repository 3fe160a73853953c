//! InFusion: genes and breakpoints in no order.

use crate::read::Format;
use crate::read::layout::{Layout, Pair, Points};

/// The format.
pub(super) const FORMAT: Format = Format::table("infusion", "InFusion fusions", &LAYOUT);

static LAYOUT: Layout<'_> = Layout {
    caller: "InFusion",
    required: &["ref1", "break_pos1", "genes_1", "genes_2"],
    pair: Pair::Columns("genes_1", "genes_2"),
    points: Points::Parts([("ref1", "break_pos1", ""), ("ref2", "break_pos2", "")]),
    split: &["num_span"],
    spanning: &["num_paired"],
    filters: &["fusion_class"],
    ..Layout::PLAIN
};
