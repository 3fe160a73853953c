//! STAR-SEQR candidates: left is 5'.

use crate::read::Format;
use crate::read::layout::{Layout, Order, Pair, Points};

/// The format.
pub(super) const FORMAT: Format = Format::table("star-seqr", "STAR-SEQR candidates", &LAYOUT);

static LAYOUT: Layout<'_> = Layout {
    caller: "STAR-SEQR",
    required: &["NAME", "NREAD_SPANS", "LEFT_SYMBOL", "RIGHT_SYMBOL"],
    pair: Pair::Columns("LEFT_SYMBOL", "RIGHT_SYMBOL"),
    order: Order::FivePrimeFirst,
    points: Points::Columns("BRKPT_LEFT", "BRKPT_RIGHT"),
    split: &["NREAD_JXNLEFT", "NREAD_JXNRIGHT"],
    spanning: &["NREAD_SPANS"],
    filters: &["DISPOSITION"],
    ..Layout::PLAIN
};
