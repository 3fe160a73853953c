//! Fusion input of PCGR: a pair and two breakpoints without strand.

use crate::read::Format;
use crate::read::layout::{Layout, Order, Pair, Points};

/// The format.
pub(super) const FORMAT: Format = Format::table("pcgr", "PCGR fusion input", &LAYOUT);

static LAYOUT: Layout<'_> = Layout {
    caller: "PCGR input",
    required: &[
        "FusionGene",
        "LeftBreakpoint",
        "RightBreakpoint",
        "SplitReads",
    ],
    absent: &["Score"],
    pair: Pair::Joined("FusionGene", &["--"]),
    order: Order::FivePrimeFirst,
    points: Points::Columns("LeftBreakpoint", "RightBreakpoint"),
    split: &["SplitReads"],
    ..Layout::PLAIN
};
