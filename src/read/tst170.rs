//! `TruSight` Tumor 170 and RNA Amplicon fusions: one row a candidate, called or not.

use crate::read::Format;
use crate::read::layout::{Confidence, Layout, Pair, Points};

/// The format.
pub(super) const FORMAT: Format = Format::table(
    "tst170",
    "TruSight Tumor 170 and RNA Amplicon fusions",
    &LAYOUT,
);

static LAYOUT: Layout<'_> = Layout {
    caller: "TST170",
    delimiter: ',',
    required: &[
        "Gene A",
        "Gene B",
        "Supporting Reads|Total Supporting Reads",
        "Fusion Call|Target ID",
    ],
    absent: &["KeepFusion"],
    pair: Pair::Columns("Gene A", "Gene B"),
    points: Points::Columns(
        "Breakpoint A|Gene A Breakpoint",
        "Breakpoint B|Gene B Breakpoint",
    ),
    total: &["Supporting Reads|Total Supporting Reads"],
    exons: ["Exon A", "Exon B"],
    confidence: Confidence::LowUnless("Fusion Call", &["True", "true", "TRUE", "Yes", "PASS", "1"]),
    filters: &["Filter"],
    sample: &["Sample ID|Sample"],
    ..Layout::PLAIN
};
