//! fusion-report summary: one row a fusion name, the callers as columns.

use crate::read::Format;
use crate::read::layout::{Layout, Order, Pair};

/// The format.
pub(super) const FORMAT: Format = Format::table(
    "fusion-report",
    "fusion-report fusions (comma-separated)",
    &LAYOUT,
);

static LAYOUT: Layout = Layout {
    caller: "fusion-report",
    delimiter: ',',
    required: &["Fusion", "Databases"],
    pair: Pair::Joined("Fusion", &["--"]),
    order: Order::FivePrimeFirst,
    filters: &["Databases"],
    ..Layout::PLAIN
};
