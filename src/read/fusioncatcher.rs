//! FusionCatcher: the header names the 5' partner.

use crate::read::Format;
use crate::read::layout::{Layout, Order, Pair, Points};

/// The format.
pub(super) const FORMAT: Format = Format::table(
    "fusioncatcher",
    "FusionCatcher final list of candidate fusion genes",
    &LAYOUT,
);

static LAYOUT: Layout<'_> = Layout {
    caller: "FusionCatcher",
    required: &[
        "Gene_1_symbol(5end_fusion_partner)",
        "Gene_2_symbol(3end_fusion_partner)",
    ],
    pair: Pair::Columns(
        "Gene_1_symbol(5end_fusion_partner)",
        "Gene_2_symbol(3end_fusion_partner)",
    ),
    order: Order::FivePrimeFirst,
    points: Points::Columns(
        "Fusion_point_for_gene_1(5end_fusion_partner)",
        "Fusion_point_for_gene_2(3end_fusion_partner)",
    ),
    split: &["Spanning_unique_reads"],
    spanning: &["Spanning_pairs"],
    frame: &["Predicted_effect"],
    filters: &["Fusion_description"],
    ..Layout::PLAIN
};
