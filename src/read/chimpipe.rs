//! ChimPipe junctions: the order is right where `okGxOrder` is 1.

use crate::read::Format;
use crate::read::layout::{Confidence, Layout, Order, Pair};

/// The format.
pub(super) const FORMAT: Format = Format::table("chimpipe", "ChimPipe chimeric junctions", &LAYOUT);

static LAYOUT: Layout<'_> = Layout {
    caller: "ChimPipe",
    required: &["juncCoord", "gnNamesA", "gnNamesB", "nbSpanningReads"],
    pair: Pair::Columns("gnNamesA", "gnNamesB"),
    order: Order::Where("okGxOrder", &["1"]),
    split: &["nbSpanningReads"],
    spanning: &["nbConsistentPE"],
    confidence: Confidence::LowUnless("filtered", &["0"]),
    filters: &["reason"],
    ..Layout::PLAIN
};
