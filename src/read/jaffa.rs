//! JAFFA and JAFFAL results. A row of low confidence is said to be one.

use crate::read::Format;
use crate::read::layout::{Confidence, Layout, Order, Pair, Points};

/// The format.
pub(super) const FORMAT: Format = Format::table(
    "jaffa",
    "JAFFA and JAFFAL results (comma-separated)",
    &LAYOUT,
);

static LAYOUT: Layout<'_> = Layout {
    caller: "JAFFA",
    delimiter: ',',
    required: &["fusion genes", "chrom1", "base1", "chrom2", "base2"],
    pair: Pair::Joined("fusion genes", &[":"]),
    order: Order::FivePrimeFirst,
    points: Points::Parts([
        ("chrom1", "base1", "strand1"),
        ("chrom2", "base2", "strand2"),
    ]),
    split: &["spanning reads"],
    spanning: &["spanning pairs"],
    frame: &["inframe"],
    confidence: Confidence::LowUnless("classification", &["HighConfidence", "MediumConfidence"]),
    filters: &["classification", "known"],
    sample: &["sample"],
    ..Layout::PLAIN
};
