//! Arriba `fusions.tsv`, versions 1 and 2, and tables augmented with further columns.
//!
//! `gene1` is the predicted 5' partner. A comma in a gene cell means one breakpoint between two genes,
//! never several fusions. `type` ending in `5'-5'` or `3'-3'` allows no chimeric protein.

use crate::case::fusion::{
    Breakpoint, Fusion, KinaseDomain, Method, Orientation, OrientationFrom, Side, Sides, Status,
};
use crate::diag::{Code, Diagnostic};
use crate::read::frame::{frame, set_frame};
use crate::read::symbol::gene;
use crate::read::table::{Row, Table, calls};
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// Arriba.
pub(super) const FORMAT: Format = Format::own(
    "arriba",
    "Arriba fusions.tsv, versions 1 and 2",
    detect,
    read,
)
.with_rows_alone();

const REQUIRED: &[&str] = &[
    "gene1",
    "gene2",
    "strand1(gene/fusion)",
    "breakpoint1",
    "breakpoint2",
];

/// The columns of one side of the junction.
struct SideColumns {
    breakpoint: &'static str,
    strand: &'static str,
    direction: &'static str,
}

const SIDES: [SideColumns; 2] = [
    SideColumns {
        breakpoint: "breakpoint1",
        strand: "strand1(gene/fusion)",
        direction: "direction1",
    },
    SideColumns {
        breakpoint: "breakpoint2",
        strand: "strand2(gene/fusion)",
        direction: "direction2",
    },
];

fn detect(source: &Source) -> Option<Evidence> {
    let table = Table::find(source, '\t', REQUIRED)?;
    let late = table.position("direction1") > table.position("split_reads1");
    let dialect = if table.has(&["tumor_id"]) || table.has(&["annots"]) {
        "augmented"
    } else if late || table.has(&["retained_protein_domains"]) {
        "v2"
    } else {
        "v1"
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
    let cells = ["gene1", "gene2"].map(|column| row.get(column));
    let written = [cells[0], "--", cells[1]].concat();
    let place = row.places("gene1", "gene2");
    let mut fusion = Fusion::written_as(written, Status::Detected, place);
    let [five, three] = [("gene1", cells[0]), ("gene2", cells[1])].map(|(column, cell)| {
        let cell = gene(cell, || row.place(column), vocab, out);
        cell.symbol(&mut fusion.repairs)
    });
    fusion.as_reported = Some(cells.map(str::to_owned));
    fusion.symbols = [five.clone(), three.clone()];
    fusion.five_prime = five;
    fusion.three_prime = three;
    let kind = row.get("type");
    let ends = kind.contains('\'');
    let impossible = ends && (kind.contains("5'-5'") || kind.contains("3'-3'"));
    fusion.orientation = Some(if impossible {
        Orientation::Conflicting
    } else {
        Orientation::Stated
    });
    fusion.orientation_from = Some(OrientationFrom::Columns);
    if impossible {
        fusion.orientation_because.push(format!(
            "of type {kind}: no chimeric transcript has two such ends"
        ));
    }
    fusion.breakpoints = Some(SIDES.each_ref().map(|side| breakpoint(row, side, out)));
    fusion.transcripts = Sides {
        five_prime: row.stated("transcript_id1").map(str::to_owned),
        three_prime: row.stated("transcript_id2").map(str::to_owned),
    };
    if let Some(written) = row.stated("reading_frame") {
        set_frame(&mut fusion, written, frame(written));
    }
    fusion.kinase_domain = kinase_domain(row, &fusion, vocab);
    let split = [
        row.count("split_reads1", out),
        row.count("split_reads2", out),
    ];
    fusion.support.split = match split {
        [None, None] => None,
        [a, b] => Some(a.unwrap_or_default().saturating_add(b.unwrap_or_default())),
    };
    fusion.support.spanning = row.count("discordant_mates", out);
    fusion.confidence = row.stated("confidence").map(str::to_owned);
    fusion.filters = row
        .stated("filters")
        .map(|f| f.split(',').map(str::to_owned).collect())
        .unwrap_or_default();
    fusion.caller = Some("Arriba".to_owned());
    fusion.method = Method::Rna;
    fusion.sample = row.stated("tumor_id").map(str::to_owned);
    fusion
}

fn breakpoint(
    row: &Row<'_, '_>,
    columns: &SideColumns,
    out: &mut Vec<Diagnostic>,
) -> Option<Breakpoint> {
    let column = columns.breakpoint;
    let cell = row.stated(column)?;
    let Some(mut breakpoint) = Breakpoint::parse(cell) else {
        out.push(
            Diagnostic::warning(Code::BadNumber, format!("`{column}` is no position"))
                .at(row.place(column), "expected chromosome:position"),
        );
        return None;
    };
    // `gene/fusion`: the first sign is the strand of the gene, the second that of the transcript.
    let signs = row.get(columns.strand);
    let (gene, rest) = signs.split_once('/').unwrap_or((signs, ""));
    let transcript = rest.split_once('/').map_or(rest, |(second, _)| second);
    breakpoint.gene_strand = sign(gene);
    breakpoint.strand = sign(transcript);
    // Where the partner is joined: beyond the breakpoint, so that the other side is kept.
    breakpoint.keeps = match row.get(columns.direction) {
        "downstream" => Some(Side::Lower),
        "upstream" => Some(Side::Higher),
        _ => None,
    };
    Some(breakpoint)
}

fn sign(text: &str) -> Option<char> {
    match text {
        "+" => Some('+'),
        "-" => Some('-'),
        _ => None,
    }
}

/// From the domains Arriba says are kept: `5' domains|3' domains`, each `Name(percent%)`.
fn kinase_domain(row: &Row<'_, '_>, fusion: &Fusion, vocab: &Vocab) -> Option<KinaseDomain> {
    let domains = row.stated("retained_protein_domains")?;
    let is_kinase = |symbol: &String| vocab.gene(symbol).is_some_and(|g| g.three_prime_kinase);
    if !fusion.three_prime.as_ref().is_some_and(is_kinase) {
        return None;
    }
    let (_, kept) = domains.split_once('|')?;
    let whole = kept
        .split(',')
        .any(|domain| domain.to_ascii_lowercase().contains("kinase") && domain.ends_with("(100%)"));
    Some(if whole {
        KinaseDomain::Retained
    } else {
        KinaseDomain::Lost
    })
}
