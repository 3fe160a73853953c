//! FusionMap: `A->B`, 5' first; the counts bear the name of the sample.

use crate::read::Format;
use crate::read::layout::{Layout, Order, Pair, Points};

/// The format.
pub(super) const FORMAT: Format = Format::table("fusionmap", "FusionMap fusion report", &LAYOUT);

static LAYOUT: Layout<'_> = Layout {
    caller: "FusionMap",
    required: &["FusionID", "*.SeedCount", "FusionGene"],
    pair: Pair::Joined("FusionGene", &["->"]),
    order: Order::FivePrimeFirst,
    points: Points::Parts([
        ("Chromosome1", "Position1", ""),
        ("Chromosome2", "Position2", ""),
    ]),
    split: &["*.SeedCount", "*.RescuedCount"],
    frame: &["FrameShiftClass"],
    filters: &["Filter"],
    ..Layout::PLAIN
};
