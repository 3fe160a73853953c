//! SQUID after annotation: segments in reference order, which is no order of partners.

use crate::read::Format;
use crate::read::layout::{Layout, Pair};

/// The format.
pub(super) const FORMAT: Format = Format::table("squid", "SQUID, annotated", &LAYOUT);

static LAYOUT: Layout = Layout {
    caller: "SQUID",
    required: &["chrom1", "start1", "chrom2", "start2", "FusedGenes"],
    pair: Pair::Joined("FusedGenes", &[":"]),
    split: &["score"],
    filters: &["Type"],
    ..Layout::PLAIN
};
