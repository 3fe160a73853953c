//! cBioPortal structural variants, and GENIE's. Sites 1 and 2 are in no order unless the connection type or the text
//! of the event says so.
//!
//! | text | says |
//! |---|---|
//! | `Protein Fusion: in frame {EML4:ALK}` | order and frame |
//! | `EML4 exons 1-6 fused with ALK exons 20-29` | order and exons |
//! | `RNA-seq Fusion: EML4--ALK` | order |
//!
//! A row with one gene is a rearrangement with an unknown partner, unless it says that it lies within the gene.

use std::sync::LazyLock;

use regex::Regex;

use crate::case::fusion::{Fusion, Method, Orientation, Sides};
use crate::diag::Diagnostic;
use crate::read::layout::{Layout, Order, Pair, Points, Promise, frame, order, partner, set_frame};
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

static LAYOUT: Layout<'_> = Layout {
    caller: "cBioPortal",
    required: &[
        "Sample_Id|Sample_Barcode|Tumor_Sample_Barcode",
        "Site1_Hugo_Symbol|Site1_Entrez_Gene_Id",
        "Site2_Hugo_Symbol|Site2_Entrez_Gene_Id|SV_Status|Site1_Chromosome",
    ],
    // The annotator takes the same names beside a barcode.
    absent: &[],
    pair: Pair::Columns("Site1_Hugo_Symbol", "Site2_Hugo_Symbol"),
    order: Order::Either("Connection_Type", &["5to3"], &["3to5"]),
    points: Points::Parts([
        ("Site1_Chromosome", "Site1_Position", ""),
        ("Site2_Chromosome", "Site2_Position", ""),
    ]),
    split: &["Tumor_Split_Read_Count"],
    spanning: &["Tumor_Paired_End_Read_Count"],
    total: &["Tumor_Variant_Count"],
    frame: &["Site2_Effect_On_Frame"],
    transcripts: Some(("Site1_Ensembl_Transcript_Id", "Site2_Ensembl_Transcript_Id")),
    filters: &["SV_Status", "Class"],
    sample: &["Sample_Id|Sample_Barcode|Tumor_Sample_Barcode"],
    method: Method::Unspecified,
    ..Layout::PLAIN
};

/// Columns of free text on the event.
const TEXTS: [&str; 4] = ["Event_Info", "Annotation", "Comments", "Site2_Description"];

static BRACES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\{([A-Za-z0-9._@-]+):([A-Za-z0-9._@-]+)\}").expect("a constant pattern")
});
static EXONS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"([A-Za-z0-9._@-]+) exons? (?:\d+-)?(\d+) fused (?:with|to) ([A-Za-z0-9._@-]+) exons? (\d+)",
    )
    .expect("a constant pattern")
});
static DASHES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"Fusion: ([A-Za-z0-9._@-]+?)--([A-Za-z0-9._@-]+)").expect("a constant pattern")
});

fn detect(source: &Source) -> Option<Evidence> {
    let table = Table::find(source, '\t', LAYOUT.required)?;
    let genie = table.names().any(|name| name == "SITE1_HUGO_SYMBOL");
    Some(Evidence {
        dialect: if genie { "genie" } else { "data-sv" },
        found: format!("columns {}", LAYOUT.required.join(", ")),
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
    let mut fusion = LAYOUT.call(row, vocab, out);
    let cells = ["Site1_Hugo_Symbol", "Site2_Hugo_Symbol"].map(|column| row.get(column));
    let texts: Vec<&str> = TEXTS
        .iter()
        .filter_map(|column| row.stated(column))
        .collect();
    if texts
        .iter()
        .any(|text| text.to_ascii_lowercase().contains("intragenic"))
    {
        // Within one gene: no rearrangement with another.
        fusion.gene = None;
    }
    if fusion.orientation == Some(Orientation::Unknown) {
        let told = texts.iter().find_map(|text| {
            let found = BRACES.captures(text).or_else(|| DASHES.captures(text));
            let found = found.map(|found| (found[1].to_owned(), found[2].to_owned()));
            let by_exons = || {
                let found = EXONS.captures(text)?;
                Some((found[1].to_owned(), found[3].to_owned()))
            };
            found.or_else(by_exons)
        });
        let promise = match &told {
            Some((five, three)) if *five == cells[0] && *three == cells[1] => Promise::First,
            Some((five, three)) if *five == cells[1] && *three == cells[0] => Promise::Second,
            _ => Promise::Nothing,
        };
        if promise != Promise::Nothing {
            let symbols = cells.map(|cell| {
                partner(
                    cell,
                    || row.place("Site1_Hugo_Symbol"),
                    vocab,
                    &mut Vec::new(),
                )
                .0
            });
            order(&mut fusion, symbols, promise);
        }
    }
    if let Some(found) = texts.iter().find_map(|text| EXONS.captures(text)) {
        let stated = fusion.five_prime.as_deref() == Some(&found[1]);
        if stated {
            fusion.exons = Sides {
                five_prime: Some(found[2].to_owned()),
                three_prime: Some(found[4].to_owned()),
            };
        }
    }
    if fusion.frame.is_none() {
        let words = ["out of frame", "out-of-frame", "in frame", "in-frame"];
        let all = texts.join(" ").to_ascii_lowercase();
        if let Some(word) = words.into_iter().find(|word| all.contains(word)) {
            set_frame(&mut fusion, word, frame(word));
        }
    }
    fusion
}
