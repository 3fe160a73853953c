//! FusionSeeker: long reads, the genes in no order.

use crate::read::Format;
use crate::read::layout::{Layout, Pair, Points};

/// The format.
pub(super) const FORMAT: Format = Format::table(
    "fusionseeker",
    "FusionSeeker confident gene fusions",
    &LAYOUT,
);

static LAYOUT: Layout<'_> = Layout {
    caller: "FusionSeeker",
    required: &["Gene1", "Gene2", "NumSupp", "Breakpoint1", "Breakpoint2"],
    pair: Pair::Columns("Gene1", "Gene2"),
    points: Points::Parts([("Chrom1", "Breakpoint1", ""), ("Chrom2", "Breakpoint2", "")]),
    split: &["NumSupp"],
    ..Layout::PLAIN
};
