//! FusionInspector predictions: STAR-Fusion's columns with a local breakpoint on each side.

use crate::read::Format;
use crate::read::layout::{Layout, Order, Pair, Points};

/// The format.
pub(super) const FORMAT: Format = Format::table(
    "fusioninspector",
    "FusionInspector predictions, abridged and full",
    &LAYOUT,
);

static LAYOUT: Layout<'_> = Layout {
    caller: "FusionInspector",
    required: &[
        "FusionName",
        "LeftGene",
        "LeftLocalBreakpoint",
        "LeftBreakpoint",
        "RightGene",
        "RightBreakpoint",
    ],
    absent: &["num_LR"],
    pair: Pair::Columns("LeftGene", "RightGene"),
    order: Order::FivePrimeFirst,
    points: Points::Columns("LeftBreakpoint", "RightBreakpoint"),
    split: &["JunctionReadCount"],
    spanning: &["SpanningFragCount"],
    frame: &["PROT_FUSION_TYPE"],
    filters: &["LargeAnchorSupport"],
    ..Layout::PLAIN
};
