//! pizzly, flattened: gene A before gene B says nothing reliable of the order.

use crate::read::Format;
use crate::read::layout::{Layout, Pair};

/// The format.
pub(super) const FORMAT: Format = Format::table("pizzly", "pizzly table", &LAYOUT);

static LAYOUT: Layout = Layout {
    caller: "pizzly",
    required: &["geneA.name", "geneB.name", "paircount", "splitcount"],
    pair: Pair::Columns("geneA.name", "geneB.name"),
    split: &["splitcount"],
    spanning: &["paircount"],
    ..Layout::PLAIN
};
