//! TSO500 ctDNA fusions: every candidate of the plasma assay; the order is known where a column says so.

use crate::case::fusion::Method;
use crate::read::Format;
use crate::read::layout::{Confidence, Layout, Order, Pair, Points};

/// The format.
pub(super) const FORMAT: Format = Format::table(
    "tso500-ctdna",
    "TruSight Oncology 500 ctDNA _Fusions.csv",
    &LAYOUT,
);

static LAYOUT: Layout<'_> = Layout {
    caller: "TSO500 ctDNA",
    delimiter: ',',
    required: &[
        "Chr1",
        "Pos1",
        "Chr2",
        "Pos2",
        "Gene1",
        "Gene2",
        "Direction",
    ],
    pair: Pair::Columns("Gene1", "Gene2"),
    order: Order::Where("Fusion Directionality Known", &["true"]),
    points: Points::Parts([("Chr1", "Pos1", ""), ("Chr2", "Pos2", "")]),
    total: &["Alt_Depth"],
    confidence: Confidence::LowUnless("Filter", &["PASS"]),
    filters: &["Filter"],
    sample: &["Sample"],
    method: Method::Dna,
    ..Layout::PLAIN
};
