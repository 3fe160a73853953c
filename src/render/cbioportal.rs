//! cBioPortal structural variants (`data_sv.txt`).
//!
//! Site 1 is the 5' partner where the order is known, as most studies write it. The documentation of cBioPortal labels
//! the sites the other way, so the order stands in `Connection_Type` and in `Event_Info` as well. The status of every
//! row is `SOMATIC`, for what is read here are calls in a tumour. The sample is that of the call, else the name of its
//! file. The genome build is not written: callers do not state it.

use std::io::{self, Write};
use std::path::Path;

use crate::case::Case;
use crate::case::fusion::{Breakpoint, Frame, Fusion, Method, Orientation, OrientationFrom};
use crate::diag::render::is_unprintable;
use crate::render::exported::{Exported, exported};

const COLUMNS: [&str; 21] = [
    "Sample_Id",
    "SV_Status",
    "Site1_Hugo_Symbol",
    "Site1_Ensembl_Transcript_Id",
    "Site1_Region",
    "Site1_Region_Number",
    "Site1_Chromosome",
    "Site1_Position",
    "Site2_Hugo_Symbol",
    "Site2_Ensembl_Transcript_Id",
    "Site2_Region",
    "Site2_Region_Number",
    "Site2_Chromosome",
    "Site2_Position",
    "Site2_Effect_On_Frame",
    "DNA_Support",
    "RNA_Support",
    "Tumor_Split_Read_Count",
    "Tumor_Paired_End_Read_Count",
    "Connection_Type",
    "Event_Info",
];

/// Writes the fusions that were found.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn Write, case: &Case) -> io::Result<()> {
    writeln!(out, "{}\tTumor_Variant_Count\tComments", COLUMNS.join("\t"))?;
    for fusion in exported(case) {
        let cells: Vec<String> = row(fusion).into_iter().map(|cell| plain(&cell)).collect();
        writeln!(out, "{}", cells.join("\t"))?;
    }
    Ok(())
}

fn row(e: Exported<'_>) -> Vec<String> {
    let f = e.fusion;
    let count = |n: Option<u64>| n.map(|n| n.to_string()).unwrap_or_default();
    let mut cells = vec![sample(f), "SOMATIC".to_owned()];
    for (index, symbol) in e.pair.iter().enumerate() {
        let side = e.sides[index];
        let point: Option<&Breakpoint> = f.breakpoints.as_ref().and_then(|b| b[side].as_ref());
        let pick = |sides: &crate::case::fusion::Sides, reported: &[Option<String>; 2]| {
            let own = if !e.ordered {
                &None
            } else if index == 0 {
                &sides.five_prime
            } else {
                &sides.three_prime
            };
            own.clone().or_else(|| reported[side].clone())
        };
        let exon = pick(&f.exons, &f.reported_exons);
        let transcript =
            pick(&f.transcripts, &f.reported_transcripts).filter(|name| name.starts_with("ENST"));
        cells.extend([
            symbol.unwrap_or_default().to_owned(),
            transcript.unwrap_or_default(),
            exon.as_ref().map_or("", |_| "EXON").to_owned(),
            exon.unwrap_or_default(),
            point.map(|p| p.chromosome.clone()).unwrap_or_default(),
            point.map(|p| p.position.to_string()).unwrap_or_default(),
        ]);
    }
    let support = |method: Method| if f.method == method { "Yes" } else { "" };
    cells.extend([
        match f.frame.and_then(Frame::kept) {
            Some(true) => "InFrame",
            Some(false) => "Frame_Shift",
            None => "",
        }
        .to_owned(),
        support(Method::Dna).to_owned(),
        support(Method::Rna).to_owned(),
        count(f.support.split),
        count(f.support.spanning),
        if e.ordered { "5to3" } else { "" }.to_owned(),
        event_info(e),
        count(f.support.total),
        f.caller
            .as_ref()
            .map(|c| format!("called by {c}"))
            .unwrap_or_default(),
    ]);
    cells
}

/// The pair with its order, in words.
fn event_info(e: Exported<'_>) -> String {
    let from = e.fusion.orientation_from.and_then(|from| {
        let known = OrientationFrom::ALL.iter().find(|(one, ..)| *one == from);
        known.map(|(.., words)| format!(" from {words}"))
    });
    let from = from.unwrap_or_default();
    match e.fusion.orientation {
        Some(Orientation::Stated) => format!("5' to 3': {}, order stated", e.name()),
        Some(Orientation::Inferred) => format!("5' to 3': {}, order inferred{from}", e.name()),
        Some(Orientation::Conflicting) => format!("{}, order in doubt", e.name()),
        Some(Orientation::Unknown) | None => format!("{}, order unknown", e.name()),
    }
}

fn sample(fusion: &Fusion) -> String {
    let stem = || {
        let name = Path::new(&*fusion.source.path).file_stem()?.to_str()?;
        Some(name.to_owned())
    };
    fusion
        .sample
        .clone()
        .or_else(stem)
        .filter(|name| !name.trim().is_empty())
        .unwrap_or_else(|| "sample".to_owned())
}

/// A cell of the table: nothing is `NA`, control characters become spaces, and what a spreadsheet would take for a
/// formula gets an apostrophe.
fn plain(cell: &str) -> String {
    let cell: String = cell
        .chars()
        .map(|c| if is_unprintable(c) { ' ' } else { c })
        .collect();
    let cell = cell.trim();
    let number = cell
        .strip_prefix('-')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if cell.is_empty() {
        "NA".to_owned()
    } else if cell.starts_with(['=', '+', '@', '-']) && !number {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}
