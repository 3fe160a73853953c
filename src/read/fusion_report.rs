//! fusion-report summaries, CSV and JSON: one record a fusion name, the callers beside it.
//!
//! The tool keeps one breakpoint a name and copies it from a caller, so that none is read here: the callers' own
//! tables have them all.

use serde_json::Value;

use crate::case::fusion::{Fusion, Method};
use crate::diag::Diagnostic;
use crate::read::json::{Finder, calls, document, text};
use crate::read::layout::{Layout, Order, Pair, Promise, pair_call};
use crate::read::symbol::split_pair;
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format = Format::own(
    "fusion-report",
    "fusion-report fusions (CSV and JSON)",
    detect,
    read,
);

static LAYOUT: Layout<'_> = Layout {
    caller: "fusion-report",
    delimiter: ',',
    required: &["Fusion", "Databases"],
    pair: Pair::Joined("Fusion", &["--"]),
    order: Order::FivePrimeFirst,
    filters: &["Databases"],
    ..Layout::PLAIN
};

fn records(source: &Source) -> Option<Vec<Value>> {
    match document(source, &["\"Fusion\""])? {
        Value::Array(records) => Some(records),
        _ => None,
    }
}

fn detect(source: &Source) -> Option<Evidence> {
    if let Some(evidence) = LAYOUT.detect(source) {
        return Some(evidence);
    }
    let records = records(source)?;
    let known = records
        .iter()
        .all(|record| text(record, "Fusion").is_some() && record.get("Databases").is_some());
    (known && !records.is_empty()).then(|| Evidence {
        dialect: "json",
        found: "a list of records with Fusion and Databases".to_owned(),
    })
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    match records(source) {
        Some(records) => calls(source, &records, |record, finder, out| {
            call(record, finder, vocab, out)
        }),
        None => LAYOUT.read(source, vocab),
    }
}

fn call(
    record: &Value,
    finder: &mut Finder<'_>,
    vocab: &Vocab,
    out: &mut Vec<Diagnostic>,
) -> Option<Fusion> {
    let pair = text(record, "Fusion").filter(|pair| !pair.trim().is_empty())?;
    let place = finder.place(pair);
    let cells = split_pair(pair, &["--"], vocab).told(|| place.clone(), out);
    let mut fusion = pair_call(cells, Promise::First, &place, vocab, out);
    pair.clone_into(&mut fusion.as_written);
    fusion.filters = match record.get("Databases") {
        Some(Value::Array(names)) => names
            .iter()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect(),
        Some(Value::String(name)) if !name.is_empty() => vec![name.clone()],
        _ => Vec::new(),
    };
    fusion.caller = Some("fusion-report".to_owned());
    fusion.method = Method::Rna;
    Some(fusion)
}
