//! EricScript: gene 1 is 5'; a breakpoint may be a sentence.

use crate::read::Format;
use crate::read::layout::{Layout, Order, Pair, Points};

/// The format.
pub(super) const FORMAT: Format = Format::table("ericscript", "EricScript results", &LAYOUT);

static LAYOUT: Layout<'_> = Layout {
    caller: "EricScript",
    required: &["GeneName1", "GeneName2", "crossingreads", "spanningreads"],
    pair: Pair::Columns("GeneName1", "GeneName2"),
    order: Order::FivePrimeFirst,
    points: Points::Parts([
        ("chr1", "Breakpoint1", "strand1"),
        ("chr2", "Breakpoint2", "strand2"),
    ]),
    split: &["spanningreads"],
    spanning: &["crossingreads"],
    filters: &["fusiontype"],
    ..Layout::PLAIN
};
