//! DRAGEN fusion candidates. A row that does not pass is of low confidence.

use crate::read::Format;
use crate::read::layout::{Confidence, Layout, Order, Pair, Points};

/// The format.
pub(super) const FORMAT: Format = Format::table("dragen", "DRAGEN fusion candidates", &LAYOUT);

static LAYOUT: Layout = Layout {
    caller: "DRAGEN",
    required: &["FusionGene", "Score", "LeftBreakpoint", "RightBreakpoint"],
    pair: Pair::Joined("FusionGene", &["--"]),
    order: Order::FivePrimeFirst,
    points: Points::Columns("LeftBreakpoint", "RightBreakpoint"),
    split: &["NumSplitReads", "NumSoftClippedReads"],
    spanning: &["NumPairedReads"],
    confidence: Confidence::LowUnless("Filter", &["PASS"]),
    filters: &["Filter"],
    ..Layout::PLAIN
};
