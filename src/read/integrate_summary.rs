//! INTEGRATE summary: encompassing and spanning reads.

use crate::read::Format;
use crate::read::layout::{Layout, Order, Pair};

/// The format.
pub(super) const FORMAT: Format = Format::table("integrate-summary", "INTEGRATE summary", &LAYOUT);

static LAYOUT: Layout<'_> = Layout {
    caller: "INTEGRATE",
    required: &["Fusion_Candidate", "5_Prime", "3_Prime", "EN_RNA", "SP_RNA"],
    pair: Pair::Columns("5_Prime", "3_Prime"),
    order: Order::FivePrimeFirst,
    split: &["SP_RNA"],
    spanning: &["EN_RNA"],
    filters: &["Tier"],
    ..Layout::PLAIN
};
