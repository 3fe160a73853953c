//! SQUID, raw and annotated: segments in reference order, which is no order of partners, nor that of the genes. The
//! strand of a segment tells its end that is joined, and so the side that is kept. A row without genes is a structural
//! variant and is kept as one.

use crate::read::layout::{Layout, Pair, Points};
use crate::read::table::Table;
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format = Format::own("squid", "SQUID, raw and annotated", detect, read);

static LAYOUT: Layout<'_> = Layout {
    caller: "SQUID",
    required: &["chrom1", "start1", "chrom2", "start2", "score"],
    pair: Pair::Joined("FusedGenes", &[":"]),
    points: Points::Segments([
        ("chrom1", "start1", "end1", "strand1"),
        ("chrom2", "start2", "end2", "strand2"),
    ]),
    loose: true,
    split: &["score"],
    filters: &["Type"],
    ..Layout::PLAIN
};

/// What SQUID writes beside the columns of any BEDPE.
const OWN: [&str; 2] = ["FusedGenes", "num_concordantfrag_bp1"];

fn detect(source: &Source) -> Option<Evidence> {
    let table = Table::find(source, '\t', LAYOUT.required)?;
    let own = OWN.into_iter().find(|column| table.has(&[column]))?;
    Some(Evidence {
        dialect: if own == OWN[0] { "annotated" } else { "raw" },
        found: format!("columns {}, {own}", LAYOUT.required.join(", ")),
    })
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    match Table::find(source, '\t', LAYOUT.required) {
        Some(table) => LAYOUT.read_table(source, &table, vocab),
        None => Reading::default(),
    }
}
