//! VICC gene fusion JSON: an array of `AssayedFusion` objects of FUSOR, at gene level.
//!
//! Transcript segments would need sequence identifiers that are computed from the reference sequences, which are not
//! here. `structure` is read 5' to 3'; a pair without a sure order has an extension on each gene that says so, and no
//! nomenclature. A call within one gene is no fusion of two genes and has no place here. A partner that is not known is an `UnknownGeneElement`. One document holds all fusions, so that a
//! case without any is `[]`.

use std::io::{self, Write};

use serde::Serialize;

use crate::case::Case;
use crate::case::fusion::{Frame, Method, Orientation, name_of};
use crate::render::exported::{Exported, exported};
use crate::render::json::document;
use crate::vocab::Vocab;

const HGNC: &str = "https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AssayedFusion<'a> {
    r#type: &'static str,
    structure: [Element<'a>; 2],
    #[serde(skip_serializing_if = "Option::is_none")]
    reading_frame_preserved: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vicc_nomenclature: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assay: Option<Assay>,
    #[serde(skip_serializing_if = "Option::is_none")]
    read_data: Option<ReadData>,
}

#[derive(Serialize)]
#[serde(tag = "type")]
enum Element<'a> {
    GeneElement { gene: Concept<'a> },
    UnknownGeneElement {},
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Concept<'a> {
    #[serde(rename = "conceptType")]
    kind: &'static str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    primary_coding: Option<Coding>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extensions: Vec<Extension>,
}

#[derive(Serialize)]
struct Coding {
    id: String,
    code: String,
    system: &'static str,
}

#[derive(Serialize)]
struct Extension {
    name: &'static str,
    value: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Assay {
    r#type: &'static str,
    #[serde(rename = "assayName")]
    name: &'static str,
    fusion_detection: &'static str,
}

#[derive(Serialize)]
struct ReadData {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    split: Option<SplitReads>,
    #[serde(skip_serializing_if = "Option::is_none")]
    spanning: Option<SpanningReads>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SplitReads {
    r#type: &'static str,
    split_reads: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SpanningReads {
    r#type: &'static str,
    spanning_reads: u64,
}

/// How many of the fusions that were found join a gene to itself: they are left out.
#[must_use]
pub fn left_out(case: &Case) -> usize {
    exported(case).filter(within_one_gene).count()
}

fn within_one_gene(e: &Exported<'_>) -> bool {
    e.pair[0] == e.pair[1]
}

/// Writes the fusions that were found.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn Write, case: &Case, vocab: &Vocab) -> io::Result<()> {
    let all: Vec<AssayedFusion<'_>> = exported(case)
        .filter(|e| !within_one_gene(e))
        .map(|e| assayed(e, vocab))
        .collect();
    document(out, &all)
}

fn assayed<'a>(e: Exported<'a>, vocab: &Vocab) -> AssayedFusion<'a> {
    let number = |symbol: &str| vocab.gene(symbol).and_then(|gene| gene.hgnc);
    let unsure = (!e.ordered).then(|| {
        e.fusion
            .orientation
            .map_or("unknown", |o| name_of(&Orientation::ALL, o))
    });
    let structure = e.pair.map(|symbol| match symbol {
        None => Element::UnknownGeneElement {},
        Some(name) => Element::GeneElement {
            gene: Concept {
                kind: "Gene",
                name,
                primary_coding: number(name).map(|hgnc| Coding {
                    id: format!("hgnc:{hgnc}"),
                    code: format!("HGNC:{hgnc}"),
                    system: HGNC,
                }),
                extensions: unsure
                    .map(|value| Extension {
                        name: "order of the partners",
                        value,
                    })
                    .into_iter()
                    .collect(),
            },
        },
    });
    let named = |symbol: Option<&str>| match symbol {
        None => Some("?".to_owned()),
        Some(symbol) => number(symbol).map(|hgnc| format!("{symbol}(hgnc:{hgnc})")),
    };
    let nomenclature = || Some(format!("{}::{}", named(e.pair[0])?, named(e.pair[1])?));
    let assay_name = match e.fusion.method {
        Method::Rna => Some("RNA sequencing"),
        Method::Dna => Some("DNA sequencing"),
        Method::Karyotype => Some("karyotype"),
        Method::Unspecified => None,
    };
    let support = e.fusion.support;
    AssayedFusion {
        r#type: "AssayedFusion",
        structure,
        reading_frame_preserved: e.fusion.frame.and_then(Frame::kept),
        vicc_nomenclature: e.ordered.then(nomenclature).flatten(),
        assay: assay_name.map(|name| Assay {
            r#type: "Assay",
            name,
            fusion_detection: "observed",
        }),
        read_data: (support.split.is_some() || support.spanning.is_some()).then(|| ReadData {
            r#type: "ReadData",
            split: support.split.map(|split_reads| SplitReads {
                r#type: "SplitReads",
                split_reads,
            }),
            spanning: support.spanning.map(|spanning_reads| SpanningReads {
                r#type: "SpanningReads",
                spanning_reads,
            }),
        }),
    }
}
