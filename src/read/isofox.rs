//! Isofox: up is 5'. A row that does not pass is of low confidence. From version 3 on both symbols stand in one column,
//! joined by an underscore.

use crate::read::layout::{Confidence, Layout, Order, Pair, Points, first_of};
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format = Format::own("isofox", "Isofox fusions", detect, read);

static TWO_NAMES: Layout<'_> = Layout {
    required: &["FusionId", "GeneNameUp", "GeneNameDown", "ChrUp", "PosUp"],
    pair: Pair::Columns("GeneNameUp", "GeneNameDown"),
    ..BOTH
};

static ONE_NAME: Layout<'_> = Layout {
    required: &["FusionId", "Name", "ChrUp", "PosUp"],
    dialects: &[("", "one-name")],
    pair: Pair::Joined("Name", &["_"]),
    ..BOTH
};

/// What both share.
const BOTH: Layout<'_> = Layout {
    caller: "Isofox",
    delimiter: ',',
    order: Order::FivePrimeFirst,
    points: Points::Parts([
        ("ChrUp", "PosUp", "StrandUp"),
        ("ChrDown", "PosDown", "StrandDown"),
    ]),
    split: &["SplitFrags"],
    spanning: &["DiscordantFrags"],
    total: &["TotalFragments"],
    confidence: Confidence::LowUnless("Filter", &["PASS"]),
    filters: &["Filter"],
    ..Layout::PLAIN
};

fn layout(source: &Source) -> Option<(&'static Layout<'static>, Evidence)> {
    first_of(&[&TWO_NAMES, &ONE_NAME], source)
}

fn detect(source: &Source) -> Option<Evidence> {
    layout(source).map(|(_, evidence)| evidence)
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    layout(source).map_or_else(Reading::default, |(layout, _)| layout.read(source, vocab))
}
