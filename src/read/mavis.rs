//! MAVIS: two breakends, without genes unless annotated; left and right are sides, not 5' and 3'.

use crate::case::fusion::Method;
use crate::read::Format;
use crate::read::layout::{Layout, Pair, Points};

/// The format.
pub(super) const FORMAT: Format = Format::table("mavis", "MAVIS events", &LAYOUT);

static LAYOUT: Layout<'_> = Layout {
    caller: "MAVIS",
    required: &["break1_chromosome", "break2_chromosome", "event_type"],
    pair: Pair::Columns("gene1", "gene2"),
    points: Points::Parts([
        (
            "break1_chromosome",
            "break1_position_start",
            "break1_strand",
        ),
        (
            "break2_chromosome",
            "break2_position_start",
            "break2_strand",
        ),
    ]),
    filters: &["event_type", "tools"],
    sample: &["library"],
    method: Method::Unspecified,
    ..Layout::PLAIN
};
