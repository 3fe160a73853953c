//! annoFuse: `A--B`; overlapping genes joined by a slash.

use crate::read::Format;
use crate::read::layout::{Confidence, Layout, Order, Pair, Points};

/// The format.
pub(super) const FORMAT: Format = Format::table(
    "annofuse-custom",
    "annoFuse standard and custom tables",
    &LAYOUT,
);

static LAYOUT: Layout<'_> = Layout {
    caller: "annoFuse",
    required: &["FusionName", "Gene1A", "Gene1B"],
    pair: Pair::Joined("FusionName", &["--"]),
    order: Order::FivePrimeFirst,
    points: Points::Columns("LeftBreakpoint", "RightBreakpoint"),
    split: &["JunctionReadCount"],
    spanning: &["SpanningFragCount"],
    confidence: Confidence::Column("Confidence"),
    frame: &["Fusion_Type"],
    sample: &["Sample"],
    ..Layout::PLAIN
};
