//! LINX fusions: the gene at the start is 5'.

use crate::case::fusion::Method;
use crate::read::Format;
use crate::read::layout::{Confidence, Layout, Order, Pair};

/// The format.
pub(super) const FORMAT: Format = Format::table("linx", "LINX fusions", &LAYOUT);

static LAYOUT: Layout<'_> = Layout {
    caller: "LINX",
    required: &[
        "fivePrimeBreakendId",
        "threePrimeBreakendId",
        "geneStart",
        "geneEnd",
    ],
    pair: Pair::Columns("geneStart", "geneEnd"),
    order: Order::FivePrimeFirst,
    frame: &["phased"],
    exons: ["fusedExonUp", "fusedExonDown"],
    transcripts: ["transcriptStart", "transcriptEnd"],
    confidence: Confidence::Column("likelihood"),
    filters: &["reportedType"],
    method: Method::Dna,
    ..Layout::PLAIN
};
