//! SQUID, raw and annotated: segments in reference order, which is no order of partners.
//!
//! Positions count from 0 and the strand chooses the end: the breakpoint is the end of a segment on `+` and the start
//! of one on `-`. A row without genes is a structural variant and is kept as one.

use crate::case::fusion::{Breakpoint, Fusion};
use crate::diag::Diagnostic;
use crate::read::layout::{Layout, Pair};
use crate::read::table::{Row, Table, calls_of};
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format = Format::own("squid", "SQUID, raw and annotated", detect, read);

static LAYOUT: Layout<'_> = Layout {
    caller: "SQUID",
    required: &["chrom1", "start1", "chrom2", "start2", "score"],
    pair: Pair::Joined("FusedGenes", &[":"]),
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
        Some(table) => calls_of(source, &table, LAYOUT.required, |row, out| {
            call(row, vocab, out)
        }),
        None => Reading::default(),
    }
}

fn call(row: &Row<'_, '_>, vocab: &Vocab, out: &mut Vec<Diagnostic>) -> Fusion {
    // Several pairs of overlapping genes: the first stands for the call, all are kept as written.
    let mut fusion = LAYOUT.call(row, vocab, out);
    let breakpoint = |chromosome: &str, start: &str, end: &str, strand: &str| {
        let strand = match row.get(strand) {
            "+" => '+',
            "-" => '-',
            _ => return None,
        };
        let position = if strand == '+' {
            row.stated(end)?.parse().ok()?
        } else {
            row.stated(start)?.parse::<u64>().ok()?.checked_add(1)?
        };
        let chromosome = row.stated(chromosome)?;
        Some(Breakpoint {
            chromosome: chromosome
                .strip_prefix("chr")
                .unwrap_or(chromosome)
                .to_owned(),
            position,
            // The strand tells which end of the segment breaks, not how a transcript runs.
            strand: None,
        })
    };
    fusion.breakpoints = Some([
        breakpoint("chrom1", "start1", "end1", "strand1"),
        breakpoint("chrom2", "start2", "end2", "strand2"),
    ]);
    fusion
}
