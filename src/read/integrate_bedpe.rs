//! INTEGRATE breakpoints as BEDPE.

use crate::read::Format;
use crate::read::layout::{Layout, Order, Pair};

/// The format.
pub(super) const FORMAT: Format =
    Format::table("integrate-bedpe", "INTEGRATE bk_fusion.bedpe", &LAYOUT);

static LAYOUT: Layout<'_> = Layout {
    caller: "INTEGRATE",
    required: &["chr5p", "start5p", "gene5p", "gene3p"],
    pair: Pair::Columns("gene5p", "gene3p"),
    order: Order::FivePrimeFirst,
    filters: &["tier"],
    ..Layout::PLAIN
};
