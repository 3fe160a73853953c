//! MetaFusion clusters: several callers in one row, genes and breakpoints as lists.

use crate::read::Format;
use crate::read::layout::{Layout, Order, Pair};

/// The format.
pub(super) const FORMAT: Format =
    Format::table("metafusion-cluster", "MetaFusion cluster output", &LAYOUT);

static LAYOUT: Layout<'_> = Layout {
    caller: "MetaFusion",
    required: &[
        "gene1",
        "gene2",
        "breakpoint_1",
        "breakpoint_2",
        "max_split_cnt",
        "tools",
    ],
    pair: Pair::Columns("gene1", "gene2"),
    order: Order::FivePrimeFirst,
    split: &["max_split_cnt"],
    spanning: &["max_span_cnt"],
    filters: &["inferred_fusion_type"],
    sample: &["samples"],
    ..Layout::PLAIN
};
