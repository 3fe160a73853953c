//! DRAGEN fusion candidates: preliminary, final and features. A row that does not pass is of low confidence; the
//! releases before 3.9 name neither filter nor reads.

use crate::read::Format;
use crate::read::layout::{Confidence, Layout, Order, Pair, Points};

/// The format.
pub(super) const FORMAT: Format = Format::table(
    "dragen",
    "DRAGEN fusion_candidates (preliminary, final, features.csv)",
    &LAYOUT,
);

static LAYOUT: Layout<'_> = Layout {
    caller: "DRAGEN",
    required: &["FusionGene", "Score", "LeftBreakpoint", "RightBreakpoint"],
    dialects: &[
        ("SplitScore", "features"),
        ("NumSplitReads", "candidates"),
        ("", "3.7"),
    ],
    pair: Pair::Joined("FusionGene", &["--"]),
    order: Order::FivePrimeFirst,
    points: Points::Columns("LeftBreakpoint", "RightBreakpoint"),
    split: &["NumSplitReads", "NumSoftClippedReads"],
    spanning: &["NumPairedReads"],
    confidence: Confidence::LowUnless("Filter", &["PASS"]),
    filters: &["Filter"],
    ..Layout::PLAIN
};
