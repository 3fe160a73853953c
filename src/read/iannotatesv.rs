//! iAnnotateSV: two annotated sites in reference order.

use crate::case::fusion::Method;
use crate::read::Format;
use crate::read::layout::{Layout, Pair, Points};

/// The format.
pub(super) const FORMAT: Format = Format::table(
    "iannotatesv",
    "iAnnotateSV annotated structural variants",
    &LAYOUT,
);

static LAYOUT: Layout<'_> = Layout {
    caller: "iAnnotateSV",
    required: &[
        "chr1",
        "pos1",
        "chr2",
        "pos2",
        "gene1",
        "gene2",
        "site1|Site1Description",
        "site2|Site2Description",
    ],
    pair: Pair::Columns("gene1", "gene2"),
    points: Points::Parts([("chr1", "pos1", ""), ("chr2", "pos2", "")]),
    transcripts: ["transcript1", "transcript2"],
    annotations: &["fusion"],
    split: &["SplitReadSupport"],
    spanning: &["PairEndReadSupport"],
    filters: &["fusion"],
    sample: &["TumorId"],
    method: Method::Dna,
    ..Layout::PLAIN
};
