//! Foundation Medicine report XML: one `rearrangement` element an event.
//!
//! The targeted gene is the gene the panel looked at, not the 5' partner. The other gene is often `N/A`: rearranged,
//! partner unknown. Positions are ranges of the supporting reads, of which the start is kept.

use roxmltree::{Document, Node};

use crate::case::fusion::{Breakpoint, Fusion, Method, Status};
use crate::diag::{Code, Diagnostic};
use crate::read::frame::{frame, set_frame};
use crate::read::layout::{Promise, no_gene, pair_call, partner};
use crate::read::table::no_calls;
use crate::read::xml::{child, document, elements, place};
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format = Format::own(
    "foundation-xml",
    "Foundation Medicine report XML",
    detect,
    read,
);

const MARKS: &[&str] = &["variant-report"];

fn detect(source: &Source) -> Option<Evidence> {
    let document = document(source, MARKS)?;
    elements(&document, "variant-report").next()?;
    let all = || elements(&document, "rearrangement");
    let known = all().all(|node| node.has_attribute("targeted-gene"));
    known.then(|| Evidence {
        dialect: "variant-report",
        found: "an element variant-report".to_owned(),
    })
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    let mut reading = Reading::default();
    let Some(document) = document(source, MARKS) else {
        return reading;
    };
    for node in elements(&document, "rearrangement") {
        reading.records.total += 1;
        let call = call(source, node, vocab, &mut reading.diagnostics);
        if let Some(fusion) = call {
            reading.records.read += 1;
            reading.case.fusions.push(fusion);
        } else {
            reading.records.failed += 1;
            reading.diagnostics.push(
                Diagnostic::warning(Code::NotAGene, "a rearrangement that names no gene")
                    .at(place(source, node), "expected targeted-gene"),
            );
        }
    }
    negatives(source, &document, vocab, &mut reading);
    if reading.records.total == 0 {
        reading.diagnostics.push(no_calls(source));
    }
    reading
}

/// Genes that the report lists as without a reportable alteration: no rearrangement of the gene was found.
fn negatives(source: &Source, document: &Document<'_>, vocab: &Vocab, reading: &mut Reading) {
    for node in elements(document, "PertinentNegative") {
        let written = [
            child(node, "Gene"),
            node.attribute("gene").unwrap_or_default(),
        ];
        let Some(written) = written.into_iter().find(|gene| !no_gene(gene)) else {
            continue;
        };
        reading.records.total += 1;
        let place = place(source, node);
        let out = &mut reading.diagnostics;
        let (symbol, repair) = partner(written, || place.clone(), vocab, out);
        let Some(symbol) = symbol else {
            reading.records.failed += 1;
            continue;
        };
        let mut fusion = Fusion::new(Status::NotDetected, place);
        fusion.gene = Some(symbol);
        fusion.repairs.extend(repair);
        written.clone_into(&mut fusion.as_written);
        fusion.caller = Some("Foundation Medicine".to_owned());
        fusion.method = Method::Unspecified;
        reading.records.read += 1;
        reading.case.fusions.push(fusion);
    }
}

fn call(
    source: &Source,
    node: Node<'_, '_>,
    vocab: &Vocab,
    out: &mut Vec<Diagnostic>,
) -> Option<Fusion> {
    let attribute = |name: &str| node.attribute(name).unwrap_or_default().trim();
    let cells = [attribute("targeted-gene"), attribute("other-gene")];
    if cells.iter().all(|cell| no_gene(cell)) {
        return None;
    }
    let cells = cells.map(str::to_owned);
    let mut fusion = pair_call(cells, Promise::Nothing, &place(source, node), vocab, out);
    fusion.breakpoints = Some(["pos1", "pos2"].map(|name| {
        let (chromosome, range) = attribute(name).split_once(':')?;
        let start = range.split('-').next()?;
        Breakpoint::parse(&format!("{chromosome}:{start}"))
    }));
    if let Some(written) = node.attribute("in-frame").filter(|word| !word.is_empty()) {
        set_frame(&mut fusion, written, frame(written));
    }
    fusion.support.spanning = attribute("supporting-read-pairs").parse().ok();
    fusion.confidence = Some(attribute("status").to_owned()).filter(|word| !word.is_empty());
    fusion.filters = ["type", "description"]
        .into_iter()
        .map(attribute)
        .filter(|mark| !mark.is_empty())
        .map(str::to_owned)
        .collect();
    fusion.caller = Some("Foundation Medicine".to_owned());
    fusion.method = Method::Unspecified;
    Some(fusion)
}
