//! MAVIS: two breakends, without genes unless annotated. `L` and `R` are the kept side of each, not 5' and 3'.

use crate::case::fusion::Method;
use crate::read::Format;
use crate::read::layout::{KeptSides, Layout, Pair, Points};

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
    sides: KeptSides {
        columns: ["break1_orientation", "break2_orientation"],
        lower: "L",
        higher: "R",
    },
    filters: &["event_type", "tools"],
    sample: &["library"],
    method: Method::Unspecified,
    ..Layout::PLAIN
};
