//! The old cBioPortal fusion file: the pair in free text, in no order, and most often one row for each partner.
//!
//! Rows of one sample with one text are one fusion: the first is read, the others are skipped. Texts are `A-B`,
//! `A-B fusion`, `A-B fusion - Archer`, `A-B.E13A20` and `A-intragenic`.

use std::collections::BTreeSet;

use crate::case::fusion::Method;
use crate::diag::{Code, Diagnostic};
use crate::read::layout::{Layout, Pair};
use crate::read::table::{Table, calls_of};
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format = Format::own(
    "cbioportal-fusions-old",
    "cBioPortal data_fusions (superseded by data_sv)",
    detect,
    read,
);

static LAYOUT: Layout<'_> = Layout {
    caller: "cBioPortal",
    required: &[
        "Hugo_Symbol",
        "Fusion",
        "Tumor_Sample_Barcode",
        "DNA_support|RNA_support|Frame|Center|Method",
    ],
    pair: Pair::Text("Fusion"),
    frame: &["Frame"],
    sample: &["Tumor_Sample_Barcode"],
    method: Method::Unspecified,
    ..Layout::PLAIN
};

fn detect(source: &Source) -> Option<Evidence> {
    LAYOUT.detect(source)
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    let Some(table) = Table::find(source, LAYOUT.delimiter, LAYOUT.required) else {
        return Reading::default();
    };
    let mut seen = BTreeSet::new();
    let mut repeated = Vec::new();
    let mut reading = calls_of(source, &table, LAYOUT.required, |row, out| {
        let fusion = LAYOUT.call(row, vocab, out);
        let key = ["Tumor_Sample_Barcode", "Fusion"].map(|column| row.get(column).to_owned());
        repeated.push(!seen.insert(key));
        fusion
    });
    let mut again = repeated.iter();
    let before = reading.case.fusions.len();
    let first = repeated.iter().position(|yes| *yes);
    let place = first.map(|index| reading.case.fusions[index].source.clone());
    reading
        .case
        .fusions
        .retain(|_| !again.next().copied().unwrap_or_default());
    let dropped = before - reading.case.fusions.len();
    if let Some(place) = place {
        reading.records.read -= dropped;
        reading.records.skipped += dropped;
        reading.diagnostics.push(
            Diagnostic::note(
                Code::Skipped,
                format!("{dropped} records were skipped: another partner's row of a fusion that was read"),
            )
            .at(place, "the first of them"),
        );
    }
    reading
}
