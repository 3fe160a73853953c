//! FusionMap: `A->B`, 5' first; the counts bear the name of the sample.

use crate::read::layout::{Layout, Order, Pair, Points, first_of};
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format =
    Format::own("fusionmap", "FusionMap fusion report", detect, read).with_rows_alone();

static LAYOUT: Layout<'_> = Layout {
    required: &["FusionID", "*.SeedCount", "FusionGene"],
    pair: Pair::Joined("FusionGene", &["->"]),
    order: Order::FivePrimeFirst,
    ..BOTH
};

/// Without the column that puts the pair in order: the genes stand as the positions do.
static KNOWN_GENES: Layout<'_> = Layout {
    required: &["FusionID", "*.SeedCount", "KnownGene1", "KnownGene2"],
    dialects: &[("", "known-genes")],
    pair: Pair::Columns("KnownGene1", "KnownGene2"),
    ..BOTH
};

/// What both share.
const BOTH: Layout<'_> = Layout {
    caller: "FusionMap",
    points: Points::Parts([
        ("Chromosome1", "Position1", ""),
        ("Chromosome2", "Position2", ""),
    ]),
    split: &["*.SeedCount", "*.RescuedCount"],
    frame: &["FrameShiftClass"],
    filters: &["Filter"],
    ..Layout::PLAIN
};

fn layout(source: &Source) -> Option<(&'static Layout<'static>, Evidence)> {
    first_of(&[&LAYOUT, &KNOWN_GENES], source)
}

fn detect(source: &Source) -> Option<Evidence> {
    layout(source).map(|(_, evidence)| evidence)
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    layout(source).map_or_else(Reading::default, |(layout, _)| layout.read(source, vocab))
}
