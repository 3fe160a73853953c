//! Tempus reports as JSON: fusions are the objects that name a 5' and a 3' gene, wherever in the report they lie.
//!
//! Keys differ between versions: `gene5` and `gene3`, or `gene` with `fusedGene` (version 3, in no order). The report
//! does not list what was looked for and not found.

use serde_json::Value;

use crate::case::fusion::{Fusion, Method};
use crate::diag::Diagnostic;
use crate::read::frame::{frame, set_frame};
use crate::read::json::{Finder, calls, document, text};
use crate::read::layout::{Promise, no_gene, pair_call};
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format = Format::own("tempus", "Tempus report JSON", detect, read);

/// Deepest object that is looked at.
const DEEPEST: usize = 64;

fn detect(source: &Source) -> Option<Evidence> {
    let document = document(source, &["\"results\""])?;
    let report = document.get("results")?.is_object()
        && document.get("report").is_some()
        && (document.get("patient").is_some() || document.get("order").is_some());
    report.then(|| Evidence {
        dialect: "report",
        found: "report and results of a patient or order".to_owned(),
    })
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    let document = document(source, &["\"results\""]).unwrap_or_default();
    let mut found = Vec::new();
    collect(document.get("results"), "", 0, &mut found);
    calls(source, &found, |item, finder, out| {
        call(item, finder, vocab, out)
    })
}

/// The objects that name two genes, with the name of the list they stand in.
fn collect(value: Option<&Value>, within: &str, depth: usize, found: &mut Vec<Value>) {
    match value {
        Some(Value::Array(items)) if depth < DEEPEST => {
            for item in items {
                collect(Some(item), within, depth + 1, found);
            }
        }
        Some(Value::Object(keys)) if depth < DEEPEST => {
            let pair = ["gene5", "gene3", "fusedGene"];
            if pair.iter().any(|key| keys.contains_key(*key)) {
                let mut record = keys.clone();
                record.insert(WITHIN.to_owned(), within.into());
                found.push(Value::Object(record));
                return;
            }
            for (key, value) in keys {
                collect(Some(value), key, depth + 1, found);
            }
        }
        _ => {}
    }
}

/// Key under which a collected record keeps the name of its list.
const WITHIN: &str = "";

fn call(
    item: &Value,
    finder: &mut Finder<'_>,
    vocab: &Vocab,
    out: &mut Vec<Diagnostic>,
) -> Option<Fusion> {
    let name = |key: &str| text(item, key).unwrap_or_default().trim().to_owned();
    let five_and_three = item.get("gene5").is_some() || item.get("gene3").is_some();
    let (cells, promise) = if five_and_three {
        ([name("gene5"), name("gene3")], Promise::First)
    } else {
        ([name("gene"), name("fusedGene")], Promise::Nothing)
    };
    let named = cells.iter().find(|cell| !no_gene(cell))?;
    let place = finder.place(named);
    let mut fusion = pair_call(cells.clone(), promise, &place, vocab, out);
    if let Some(written) = text(item, "frame").or_else(|| text(item, "readingFrame")) {
        set_frame(&mut fusion, written, frame(written));
    }
    fusion.filters = ["fusionType", "structuralVariant", "variantDescription"]
        .into_iter()
        .filter_map(|key| text(item, key))
        .filter(|mark| !mark.is_empty())
        .map(str::to_owned)
        .collect();
    fusion.confidence = text(item, "mutationEffect").map(str::to_owned);
    fusion.caller = Some("Tempus".to_owned());
    fusion.method = if name(WITHIN).to_ascii_lowercase().contains("rna") {
        Method::Rna
    } else {
        Method::Unspecified
    };
    Some(fusion)
}
