//! cBioPortal structural variants, and GENIE's. Sites 1 and 2 are in no order unless the connection type, or a
//! text that names the pair in order, says so.
//!
//! A row with one gene is a rearrangement with an unknown partner, unless it says that it lies within the gene.

use crate::case::fusion::{Fusion, Method, Orientation};
use crate::diag::Diagnostic;
use crate::read::frame::{frame_in_text, set_frame};
use crate::read::layout::{Layout, Order, Pair, Points};
use crate::read::table::{Row, Table, calls_of};
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format = Format::own(
    "cbioportal-sv",
    "cBioPortal data_sv, and its columns as GENIE writes them",
    detect,
    read,
);

const BOTH_SITES: &[&str] = &[
    "Site1_Hugo_Symbol|Site1_Entrez_Gene_Id",
    "Site2_Hugo_Symbol|Site2_Entrez_Gene_Id",
];
/// The second site may have no columns at all.
const ONE_SITE: &[&str] = &[
    "Sample_Id",
    "SV_Status",
    "Site1_Hugo_Symbol|Site1_Entrez_Gene_Id",
];

static LAYOUT: Layout<'_> = Layout {
    caller: "cBioPortal",
    required: BOTH_SITES,
    pair: Pair::Columns("Site1_Hugo_Symbol", "Site2_Hugo_Symbol"),
    order: Order::Either("Connection_Type", &["5to3"], &["3to5"]),
    points: Points::Parts([
        ("Site1_Chromosome", "Site1_Position", ""),
        ("Site2_Chromosome", "Site2_Position", ""),
    ]),
    split: &["Tumor_Split_Read_Count"],
    spanning: &["Tumor_Paired_End_Read_Count"],
    total: &["Tumor_Variant_Count"],
    exons: [
        "Site1_Region_Number|Site1_Exon",
        "Site2_Region_Number|Site2_Exon",
    ],
    regions: ["Site1_Region", "Site2_Region"],
    transcripts: ["Site1_Ensembl_Transcript_Id", "Site2_Ensembl_Transcript_Id"],
    annotations: &[
        "Annotation",
        "Event_Info",
        "Site1_Description",
        "Site2_Description",
    ],
    frame: &["Site2_Effect_On_Frame"],
    filters: &["SV_Status", "Class"],
    sample: &["Sample_Id|Sample_Barcode|Tumor_Sample_Barcode"],
    method: Method::Unspecified,
    ..Layout::PLAIN
};

/// Columns of free text on the event.
const TEXTS: [&str; 4] = ["Event_Info", "Annotation", "Comments", "Site2_Description"];

/// The table, and the columns that tell it.
fn table(source: &Source) -> Option<(Table<'_>, &'static [&'static str])> {
    [BOTH_SITES, ONE_SITE].into_iter().find_map(|required| {
        let table = Table::find(source, LAYOUT.delimiter, required)?;
        // The annotator of OncoKB takes the same names for the genes, beside a barcode.
        let annotator = table.has(&["Tumor_Sample_Barcode"]) && !table.has(&["Sample_Id"]);
        (!annotator).then_some((table, required))
    })
}

fn detect(source: &Source) -> Option<Evidence> {
    let (table, required) = table(source)?;
    let genie = table.names().any(|name| name == "SITE1_HUGO_SYMBOL") || !table.has(&["Sample_Id"]);
    Some(Evidence {
        dialect: if genie { "genie" } else { "data-sv" },
        found: format!("columns {}", required.join(", ")),
    })
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    match table(source) {
        Some((table, required)) => {
            calls_of(source, &table, required, |row, out| call(row, vocab, out))
        }
        None => Reading::default(),
    }
}

fn call(row: &Row<'_, '_>, vocab: &Vocab, out: &mut Vec<Diagnostic>) -> Fusion {
    let mut fusion = LAYOUT.call(row, vocab, out);
    let texts: Vec<&str> = TEXTS
        .iter()
        .filter_map(|column| row.stated(column))
        .collect();
    if texts
        .iter()
        .any(|text| text.to_ascii_lowercase().contains("intragenic"))
    {
        // Within one gene: no rearrangement with another.
        if let Some(gene) = fusion.gene.take() {
            fusion.as_reported = Some([gene, "intragenic".to_owned()]);
            fusion.orientation = Some(Orientation::Unknown);
        }
    }
    if fusion.frame.is_none() {
        let told = texts.iter().find_map(|text| frame_in_text(text));
        if let Some((written, frame)) = told {
            set_frame(&mut fusion, written, Some(frame));
        }
    }
    fusion
}
