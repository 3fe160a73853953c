//! SQUID after annotation: segments in reference order, which is no order of partners, nor that of the genes. The
//! strand of a segment tells its end that is joined, and so the side that is kept.

use crate::read::Format;
use crate::read::layout::{Layout, Pair, Points};

/// The format.
pub(super) const FORMAT: Format = Format::table("squid", "SQUID, annotated", &LAYOUT);

static LAYOUT: Layout = Layout {
    caller: "SQUID",
    required: &["chrom1", "start1", "chrom2", "start2", "FusedGenes"],
    pair: Pair::Joined("FusedGenes", &[":"]),
    points: Points::Segments([
        ("chrom1", "start1", "end1", "strand1"),
        ("chrom2", "start2", "end2", "strand2"),
    ]),
    loose: true,
    split: &["score"],
    filters: &["Type"],
    ..Layout::PLAIN
};
