//! TSO500 AllFusions: every candidate, those dropped too; the order is known where a column says so.

use crate::read::Format;
use crate::read::layout::{Confidence, Layout, Order, Pair, Points};

/// The format.
pub(super) const FORMAT: Format = Format::table(
    "tso500-allfusions",
    "TruSight Oncology 500 AllFusions (comma-separated)",
    &LAYOUT,
);

static LAYOUT: Layout<'_> = Layout {
    caller: "TSO500",
    delimiter: ',',
    required: &["Caller", "Gene A", "Gene B", "KeepFusion"],
    pair: Pair::Columns("Gene A", "Gene B"),
    order: Order::Where("Fusion Directionality Known", &["true"]),
    points: Points::Columns("Gene A Breakpoint", "Gene B Breakpoint"),
    split: &["Alt Split Dedup"],
    spanning: &["Alt Pair Dedup"],
    confidence: Confidence::LowUnless("KeepFusion", &["True", "true", "TRUE"]),
    filters: &["Filter"],
    ..Layout::PLAIN
};
