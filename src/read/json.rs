//! What the JSON formats share: reading the document, accounting for its records, and finding the
//! place of a name in it.

use std::ops::Range;

use serde_json::Value;

use crate::case::fusion::Fusion;
use crate::diag::{Code, Diagnostic};
use crate::read::Reading;
use crate::read::table::no_calls;
use crate::source::{Place, Source};

/// Largest JSON document that is read as a fusion format.
const LARGEST: usize = 64 * 1024 * 1024;

/// The document, when the source is JSON and holds all these marks: a document is decoded only where it can be of
/// the format that asks.
pub(super) fn document(source: &Source, marks: &[&str]) -> Option<Value> {
    let text = source.text().trim_start();
    if !text.starts_with(['{', '[']) || text.len() > LARGEST {
        return None;
    }
    if !marks.iter().all(|mark| text.contains(mark)) {
        return None;
    }
    serde_json::from_str(text).ok()
}

/// The list under a key, empty when there is none.
pub(super) fn list<'v>(value: Option<&'v Value>, key: &str) -> &'v [Value] {
    value
        .and_then(|v| v.get(key)?.as_array())
        .map_or(&[][..], Vec::as_slice)
}

/// Reads a list of records, a call each. A record in which `call` finds none has failed, and is told.
pub(super) fn calls(
    source: &Source,
    records: &[Value],
    mut call: impl FnMut(&Value, &mut Finder<'_>, &mut Vec<Diagnostic>) -> Option<Fusion>,
) -> Reading {
    let mut reading = Reading::default();
    let mut finder = Finder::new(source);
    for (index, record) in records.iter().enumerate() {
        reading.records.total += 1;
        if let Some(fusion) = call(record, &mut finder, &mut reading.diagnostics) {
            reading.records.read += 1;
            reading.case.fusions.push(fusion);
        } else {
            reading.records.failed += 1;
            let told = format!("record {}, behind this place, names no gene", index + 1);
            reading.diagnostics.push(no_gene(&told, finder.reached()));
        }
    }
    if records.is_empty() {
        reading.diagnostics.push(no_calls(source));
    }
    reading
}

/// Says that a record holds nothing to read.
pub(super) fn no_gene(told: &str, place: Place) -> Diagnostic {
    Diagnostic::warning(Code::NotAGene, told)
        .at(place, "not read")
        .help("export the calls again")
}

/// Finds names in the order they are asked for, so that each is the next one of its kind.
pub(super) struct Finder<'s> {
    source: &'s Source,
    at: usize,
    /// Bytes that may still be searched for names that are not there.
    left: usize,
}

impl<'s> Finder<'s> {
    /// How often a whole document may be searched in vain, so that the time stays linear.
    const IN_VAIN: usize = 16;

    pub(super) fn new(source: &'s Source) -> Self {
        Self {
            source,
            at: 0,
            left: source.text().len().saturating_mul(Self::IN_VAIN),
        }
    }

    /// The place of the next string that starts with `name`; where there is none (it may be written with
    /// escapes), the place reached so far.
    pub(super) fn place(&mut self, name: &str) -> Place {
        let rest = &self.source.text()[self.at..];
        if name.is_empty() || self.left < rest.len() {
            return self.reached();
        }
        let Some(offset) = rest.find(&format!("\"{name}")) else {
            self.left -= rest.len();
            return self.reached();
        };
        let start = self.at + offset + 1;
        let range: Range<usize> = start..start + name.len();
        self.at = range.end;
        self.source.place(range)
    }

    /// The place reached so far.
    pub(super) fn reached(&self) -> Place {
        self.source.place(self.at..self.at)
    }
}

/// A text field.
pub(super) fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key)?.as_str()
}

/// A count, written as a number or as text.
pub(super) fn count(value: &Value, key: &str) -> Option<u64> {
    let value = value.get(key)?;
    value
        .as_u64()
        .or_else(|| value.as_str()?.trim().parse().ok())
}
