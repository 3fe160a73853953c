//! STAR-Fusion predictions and candidates, from the nine-column candidates to the tables with coding
//! effect.
//!
//! Left is 5'. Where the fusion's name and the gene columns name different genes, the row is kept and
//! its order is not trusted.

use crate::case::fusion::{Breakpoint, Fusion, Method, Orientation, OrientationFrom, Status};
use crate::diag::{Code, Diagnostic};
use crate::read::frame::{frame, set_frame};
use crate::read::symbol::gene;
use crate::read::table::{Row, Table, calls};
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// STAR-Fusion.
pub(super) const FORMAT: Format = Format::own(
    "star-fusion",
    "STAR-Fusion candidates and predictions, abridged, full and with coding effect",
    detect,
    read,
)
.with_rows_alone();

const REQUIRED: &[&str] = &[
    "FusionName",
    "LeftGene",
    "LeftBreakpoint",
    "RightGene",
    "RightBreakpoint",
];

fn detect(source: &Source) -> Option<Evidence> {
    let table = Table::find(source, '\t', REQUIRED)?;
    // FusionInspector and CTAT-LR-fusion share the first columns.
    if table.has(&["LeftLocalBreakpoint"]) || table.has(&["num_LR"]) {
        return None;
    }
    let dialect = if !table.has(&["JunctionReadCount"]) {
        "look-alike"
    } else if table.has(&["PROT_FUSION_TYPE"]) {
        "coding-effect"
    } else if table.has(&["JunctionReads"]) {
        "full"
    } else {
        "abridged"
    };
    Some(Evidence {
        dialect,
        found: format!("columns {}", REQUIRED.join(", ")),
    })
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    calls(source, REQUIRED, |row, out| fusion(row, vocab, out))
}

fn fusion(row: &Row<'_, '_>, vocab: &Vocab, out: &mut Vec<Diagnostic>) -> Fusion {
    let mut fusion = Fusion::new(Status::Detected, row.place("FusionName"));
    row.get("FusionName").clone_into(&mut fusion.as_written);
    // `SYMBOL^ENSG00000000000.1`
    let symbol_of = |column: &str| {
        row.get(column)
            .split('^')
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let columns = [symbol_of("LeftGene"), symbol_of("RightGene")];
    let name = row.get("FusionName").split_once("--");
    let agree = name.is_none_or(|(left, right)| left == columns[0] && right == columns[1]);
    fusion.orientation_from = Some(OrientationFrom::Columns);
    if agree {
        let [five, three] =
            [(&columns[0], "LeftGene"), (&columns[1], "RightGene")].map(|(cell, column)| {
                let cell = gene(cell, || row.place(column), vocab, out);
                cell.symbol(&mut fusion.repairs)
            });
        fusion.five_prime = five;
        fusion.three_prime = three;
        fusion.as_reported = Some(columns);
        fusion.orientation = Some(Orientation::Stated);
    } else {
        out.push(
            Diagnostic::warning(
                Code::NamesDisagree,
                "the fusion's name and its gene columns differ",
            )
            .at(row.place("FusionName"), "this name")
            .at(row.place("LeftGene"), "this gene")
            .help("the call is kept without an order; check the original table"),
        );
        fusion.as_reported = name.map(|(left, right)| [left.to_owned(), right.to_owned()]);
        fusion.orientation = Some(Orientation::Conflicting);
    }
    fusion.breakpoints = Some(["LeftBreakpoint", "RightBreakpoint"].map(|column| {
        let cell = row.stated(column)?;
        let breakpoint = Breakpoint::parse(cell);
        if breakpoint.is_none() {
            out.push(
                Diagnostic::warning(Code::BadNumber, format!("`{column}` is no position"))
                    .at(row.place(column), "expected chromosome:position:strand"),
            );
        }
        breakpoint
    }));
    if let Some(written) = row.stated("PROT_FUSION_TYPE") {
        set_frame(&mut fusion, written, frame(written));
    }
    // In the look-alike `JunctionReads` is the count; in STAR-Fusion it lists read names.
    let junction = if row.has("JunctionReadCount") {
        "JunctionReadCount"
    } else {
        "JunctionReads"
    };
    fusion.support.split = row.count(junction, out);
    let spanning = if row.has("SpanningFragCount") {
        "SpanningFragCount"
    } else {
        "SpanningFrags"
    };
    fusion.support.spanning = row.count(spanning, out);
    fusion.filters = row
        .stated("LargeAnchorSupport")
        .map(str::to_owned)
        .into_iter()
        .collect();
    fusion.caller = Some("STAR-Fusion".to_owned());
    fusion.method = Method::Rna;
    fusion.sample = ["tumor_id", "Sample"]
        .into_iter()
        .find_map(|column| row.stated(column))
        .map(str::to_owned);
    fusion
}
