//! LINX fusions: the gene at the start is 5'.

use crate::case::fusion::Method;
use crate::read::layout::{Confidence, Layout, Order, Pair, first_of};
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format =
    Format::own("linx", "LINX fusions", detect, read).with_rows_alone();

static LAYOUT: Layout<'_> = Layout {
    required: &[
        "fivePrimeBreakendId",
        "threePrimeBreakendId",
        "geneStart",
        "geneEnd",
    ],
    pair: Pair::Columns("geneStart", "geneEnd"),
    ..BOTH
};

/// Older versions name the genes in one column.
static ONE_NAME: Layout<'_> = Layout {
    required: &["fivePrimeBreakendId", "threePrimeBreakendId", "Name"],
    dialects: &[("", "one-name")],
    pair: Pair::Joined("Name", &["_"]),
    ..BOTH
};

/// What both share.
const BOTH: Layout<'_> = Layout {
    caller: "LINX",
    order: Order::FivePrimeFirst,
    frame: &["phased"],
    exons: ["fusedExonUp", "fusedExonDown"],
    transcripts: ["transcriptStart", "transcriptEnd"],
    confidence: Confidence::Column("likelihood"),
    filters: &["reportedType"],
    method: Method::Dna,
    ..Layout::PLAIN
};

fn layout(source: &Source) -> Option<(&'static Layout<'static>, Evidence)> {
    first_of(&[&LAYOUT, &ONE_NAME], source)
}

fn detect(source: &Source) -> Option<Evidence> {
    layout(source).map(|(_, evidence)| evidence)
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    layout(source).map_or_else(Reading::default, |(layout, _)| layout.read(source, vocab))
}
