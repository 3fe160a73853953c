//! INTEGRATE breakpoints: overlapping genes joined by a slash.

use crate::read::Format;
use crate::read::layout::{Layout, Order, Pair, Points};

/// The format.
pub(super) const FORMAT: Format =
    Format::table("integrate-breakpoints", "INTEGRATE breakpoints", &LAYOUT);

static LAYOUT: Layout<'_> = Layout {
    caller: "INTEGRATE",
    required: &["5P", "3P", "RNA_BK1", "RNA_BK2"],
    pair: Pair::Columns("5P", "3P"),
    order: Order::FivePrimeFirst,
    points: Points::Parts([("Chr1", "RNA_BK1", ""), ("Chr2", "RNA_BK2", "")]),
    ..Layout::PLAIN
};
