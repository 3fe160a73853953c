//! ChimeraScan BEDPE: the header names the 5' side.

use crate::read::Format;
use crate::read::layout::{Layout, Order, Pair};

/// The format.
pub(super) const FORMAT: Format = Format::table("chimerascan", "ChimeraScan", &LAYOUT);

static LAYOUT: Layout<'_> = Layout {
    caller: "ChimeraScan",
    required: &["chrom5p", "chrom3p", "genes5p", "genes3p"],
    pair: Pair::Columns("genes5p", "genes3p"),
    order: Order::FivePrimeFirst,
    total: &["total_frags"],
    filters: &["type"],
    ..Layout::PLAIN
};
