//! FUSOR and VICC fusion JSON.
//!
//! An `AssayedFusion` was found in a sample. A `CategoricalFusion` describes a class of fusions and an internal
//! tandem duplication is none: both are kept as inconclusive, so that no rule takes them for a finding.

use serde_json::Value;

use crate::case::fusion::{Frame, Fusion, Method, Sides, Status};
use crate::diag::{Code, Diagnostic};
use crate::read::json::{Finder, document, list, no_gene, text};
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

fn detect(source: &Source) -> Option<Evidence> {
    let document = document(source, &["\"structure\""])?;
    let kind = TYPES
        .into_iter()
        .find(|kind| text(&document, "type") == Some(kind))?;
    document.get("structure")?.as_array()?;
    Some(Evidence {
        dialect: "vicc",
        found: format!("type {kind}"),
    })
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    let mut reading = Reading::default();
    let Some(document) = document(source, &["\"structure\""]) else {
        return reading;
    };
    reading.records.total = 1;
    let elements = list(Some(&document), "structure");
    let named = |element: Option<&Value>, key: &str| {
        element
            .and_then(|e| text(e.get(key)?, "name"))
            .map(str::to_owned)
    };
    let kind = |element: Option<&Value>| {
        element
            .and_then(|e| text(e, "type"))
            .unwrap_or_default()
            .to_owned()
    };
    // One gene behind a regulatory element of another is no transcript of two genes.
    let regulator = document.get("regulatoryElement");
    let (ends, gene_keys) = match elements {
        [] => ([None, None], ["gene", "gene"]),
        [one] => ([regulator, Some(one)], ["associatedGene", "gene"]),
        [first, .., last] => ([Some(first), Some(last)], ["gene", "gene"]),
    };
    let genes = [0, 1].map(|i| named(ends[i], gene_keys[i]));
    let cells = [0, 1].map(|i| genes[i].clone().unwrap_or_else(|| kind(ends[i])));
    let mut finder = Finder::new(source);
    let place = finder.place(genes.iter().flatten().next().map_or("type", String::as_str));
    if ends.contains(&None) {
        reading.records.failed = 1;
        reading
            .diagnostics
            .push(no_gene("a fusion with fewer than two elements", place));
        return reading;
    }
    let assayed = text(&document, "type") == Some("AssayedFusion");
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
    let exon = |element: Option<&Value>, key: &str| {
        element?.get(key)?.as_u64().map(|exon| exon.to_string())
    };
    fusion.exons = Sides {
        five_prime: exon(ends[0], "exonEnd"),
        three_prime: exon(ends[1], "exonStart"),
    };
    fusion.frame = document
        .get("readingFramePreserved")
        .and_then(Value::as_bool)
        .map(|kept| {
            if kept {
                Frame::InFrame
            } else {
                Frame::OutOfFrame
            }
        });
    fusion.method = Method::Unspecified;
    reading.records.read = 1;
    reading.case.fusions.push(fusion);
    reading
}
