//! PRADA: gene A is 5'.

use crate::read::Format;
use crate::read::layout::{Layout, Order, Pair};

/// The format.
pub(super) const FORMAT: Format = Format::table("prada", "PRADA fusions", &LAYOUT);

static LAYOUT: Layout<'_> = Layout {
    caller: "PRADA",
    required: &["Gene_A", "Gene_B", "Discordant_n", "JSR_n"],
    pair: Pair::Columns("Gene_A", "Gene_B"),
    order: Order::FivePrimeFirst,
    split: &["JSR_n"],
    spanning: &["Discordant_n"],
    sample: &["sample"],
    ..Layout::PLAIN
};
