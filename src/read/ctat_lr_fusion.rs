//! CTAT-LR-fusion: fusions of long reads.

use crate::read::Format;
use crate::read::layout::{Layout, Order, Pair, Points};

/// The format.
pub(super) const FORMAT: Format =
    Format::table("ctat-lr-fusion", "CTAT-LR-fusion predictions", &LAYOUT);

static LAYOUT: Layout<'_> = Layout {
    caller: "CTAT-LR-fusion",
    required: &[
        "FusionName",
        "num_LR",
        "LeftGene",
        "LeftBreakpoint",
        "RightGene",
        "RightBreakpoint",
    ],
    pair: Pair::Columns("LeftGene", "RightGene"),
    order: Order::FivePrimeFirst,
    points: Points::Columns("LeftBreakpoint", "RightBreakpoint"),
    split: &["num_LR"],
    frame: &["PROT_FUSION_TYPE"],
    ..Layout::PLAIN
};
