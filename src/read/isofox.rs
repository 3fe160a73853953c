//! Isofox: up is 5'. A row that does not pass is of low confidence.

use crate::read::Format;
use crate::read::layout::{Confidence, Layout, Order, Pair, Points};

/// The format.
pub(super) const FORMAT: Format =
    Format::table("isofox", "Isofox fusions (comma-separated)", &LAYOUT);

static LAYOUT: Layout<'_> = Layout {
    caller: "Isofox",
    delimiter: ',',
    required: &["FusionId", "GeneNameUp", "GeneNameDown", "ChrUp", "PosUp"],
    pair: Pair::Columns("GeneNameUp", "GeneNameDown"),
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
