//! EasyFuse: semicolons between cells, an underscore between genes.

use crate::read::Format;
use crate::read::layout::{Layout, Order, Pair, Points};

/// The format.
pub(super) const FORMAT: Format = Format::table(
    "easyfuse",
    "EasyFuse detected fusions (semicolon-separated)",
    &LAYOUT,
);

static LAYOUT: Layout<'_> = Layout {
    caller: "EasyFuse",
    delimiter: ';',
    required: &["BPID", "Fusion_Gene", "Breakpoint1", "Breakpoint2"],
    pair: Pair::Joined("Fusion_Gene", &["_"]),
    order: Order::FivePrimeFirst,
    points: Points::Columns("Breakpoint1", "Breakpoint2"),
    split: &["Junction_Reads"],
    spanning: &["Spanning_Reads"],
    frame: &["frame"],
    filters: &["Tool"],
    sample: &["Sample"],
    ..Layout::PLAIN
};
