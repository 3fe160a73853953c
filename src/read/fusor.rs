//! FUSOR and VICC fusion JSON.
//!
//! An `AssayedFusion` was found in a sample. A `CategoricalFusion` describes a class of fusions and an internal
//! tandem duplication is none: both are kept as inconclusive, so that no rule takes them for a finding.

use serde_json::Value;

use crate::case::fusion::{Frame, Fusion, Method, Sides, Status};
use crate::diag::{Code, Diagnostic};
use crate::read::json::{Finder, document, no_gene, text};
use crate::read::layout::{Promise, order, partner};
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format =
    Format::own("fusor-json", "FUSOR and VICC fusion JSON", detect, read);

const TYPES: [&str; 3] = [
    "AssayedFusion",
    "CategoricalFusion",
    "InternalTandemDuplication",
];

/// The fusions of a document: one object, or a list of them.
fn fusions(source: &Source) -> Vec<Value> {
    let found = document(source, &["\"struct", "\"type\""]);
    let items = match found {
        Some(Value::Array(items)) => items,
        Some(one) => vec![one],
        None => Vec::new(),
    };
    let known = |item: &Value| {
        TYPES.iter().any(|kind| text(item, "type") == Some(*kind)) && structure(item).is_some()
    };
    if items.iter().all(known) {
        items
    } else {
        Vec::new()
    }
}

/// The elements, under the name of this version or an older one.
fn structure(fusion: &Value) -> Option<&[Value]> {
    let keys = ["structure", "structural_elements", "structural_components"];
    let found = keys.into_iter().find_map(|key| fusion.get(key)?.as_array());
    found.map(Vec::as_slice)
}

/// The name of a gene under a key or its older name.
fn gene_name(element: Option<&Value>, keys: [&str; 2]) -> Option<String> {
    let gene = keys.into_iter().find_map(|key| element?.get(key))?;
    let name = text(gene, "name").or_else(|| text(gene, "label"));
    name.map(str::to_owned)
}

fn detect(source: &Source) -> Option<Evidence> {
    let fusions = fusions(source);
    let kind = text(fusions.first()?, "type")?;
    Some(Evidence {
        dialect: "vicc",
        found: format!("type {kind}"),
    })
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    let mut reading = Reading::default();
    let mut finder = Finder::new(source);
    for fusion in fusions(source) {
        reading.records.total += 1;
        one(&fusion, &mut finder, vocab, &mut reading);
    }
    reading
}

fn one(document: &Value, finder: &mut Finder<'_>, vocab: &Vocab, reading: &mut Reading) {
    let elements = structure(document).unwrap_or_default();
    let kind = |element: Option<&Value>| {
        element
            .and_then(|e| text(e, "type"))
            .unwrap_or_default()
            .to_owned()
    };
    // One gene behind a regulatory element of another is no transcript of two genes.
    let regulator = document
        .get("regulatoryElement")
        .or_else(|| document.get("regulatory_element"))
        .filter(|element| !element.is_null());
    let of_gene = ["gene", "gene_descriptor"];
    let (ends, gene_keys) = match elements {
        [] => ([None, None], [of_gene, of_gene]),
        [one] => (
            [regulator, Some(one)],
            [["associatedGene", "associated_gene"], of_gene],
        ),
        [first, .., last] => ([Some(first), Some(last)], [of_gene, of_gene]),
    };
    let genes = [0, 1].map(|i| gene_name(ends[i], gene_keys[i]));
    let cells = [0, 1].map(|i| genes[i].clone().unwrap_or_else(|| kind(ends[i])));
    let place = finder.place(genes.iter().flatten().next().map_or("type", String::as_str));
    if ends.contains(&None) {
        reading.records.failed += 1;
        reading
            .diagnostics
            .push(no_gene("a fusion with fewer than two elements", place));
        return;
    }
    let assayed = text(document, "type") == Some("AssayedFusion");
    let status = if assayed && elements.len() > 1 {
        Status::Detected
    } else {
        reading.diagnostics.push(
            Diagnostic::warning(
                Code::NotCurrent,
                "a class of fusions, or no fusion of two genes; not a finding in a sample",
            )
            .at(place.clone(), "kept as inconclusive")
            .help("a finding has the type AssayedFusion and two genes"),
        );
        Status::Inconclusive
    };
    let mut fusion = Fusion::new(status, place.clone());
    let symbols = genes.map(|gene| {
        gene.and_then(|g| partner(&g, || place.clone(), vocab, &mut reading.diagnostics).0)
    });
    order(&mut fusion, symbols, Promise::First);
    fusion.as_written = format!("{}::{}", cells[0], cells[1]);
    fusion.as_reported = Some(cells);
    let exon = |element: Option<&Value>, keys: [&str; 2]| {
        let exon = keys.into_iter().find_map(|key| element?.get(key)?.as_u64());
        exon.map(|exon| exon.to_string())
    };
    fusion.exons = Sides {
        five_prime: exon(ends[0], ["exonEnd", "exon_end"]),
        three_prime: exon(ends[1], ["exonStart", "exon_start"]),
    };
    let transcript = |element: Option<&Value>| {
        let written = text(element?, "transcript")?;
        Some(
            written
                .strip_prefix("refseq:")
                .unwrap_or(written)
                .to_owned(),
        )
    };
    fusion.transcripts = Sides {
        five_prime: transcript(ends[0]),
        three_prime: transcript(ends[1]),
    };
    let framed = ["readingFramePreserved", "r_frame_preserved"];
    fusion.frame = framed
        .into_iter()
        .find_map(|key| document.get(key))
        .and_then(Value::as_bool)
        .map(|kept| {
            if kept {
                Frame::InFrame
            } else {
                Frame::OutOfFrame
            }
        });
    fusion.method = Method::Unspecified;
    reading.records.read += 1;
    reading.case.fusions.push(fusion);
}
