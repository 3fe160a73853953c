//! EnFusion: comment lines, then one row a fusion with the callers that agree.

use crate::read::Format;
use crate::read::layout::{Layout, Order, Pair};

/// The format.
pub(super) const FORMAT: Format = Format::table("enfusion", "EnFusion overlap", &LAYOUT);

static LAYOUT: Layout<'_> = Layout {
    caller: "EnFusion",
    required: &["UnorderedFusion", "OrderedFusion"],
    pair: Pair::Joined("OrderedFusion", &[">>"]),
    order: Order::FivePrimeFirst,
    ..Layout::PLAIN
};
