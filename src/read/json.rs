//! What the JSON formats share: reading the document, and finding the place of a name in it.

use std::ops::Range;

use serde_json::Value;

use crate::source::{Place, Source};

/// Largest JSON document that is read as a fusion format.
const LARGEST: usize = 64 * 1024 * 1024;

/// The document, when the source is JSON.
pub(super) fn document(source: &Source) -> Option<Value> {
    let text = source.text().trim_start();
    if !text.starts_with(['{', '[']) || text.len() > LARGEST {
        return None;
    }
    serde_json::from_str(text).ok()
}

/// Finds names in the order they are asked for, so that each is the next one of its kind.
pub(super) struct Finder<'s> {
    source: &'s Source,
    at: usize,
}

impl<'s> Finder<'s> {
    pub(super) fn new(source: &'s Source) -> Self {
        Self { source, at: 0 }
    }

    /// The place of the next string that holds `name`; of the whole first line when there is none.
    pub(super) fn place(&mut self, name: &str) -> Place {
        let text = self.source.text();
        let quoted = format!("\"{name}");
        let found: Option<Range<usize>> = text[self.at..].find(&quoted).map(|offset| {
            let start = self.at + offset + 1;
            start..start + name.len()
        });
        match found {
            Some(range) => {
                self.at = range.end;
                self.source.place(range)
            }
            None => self.source.place(0..0),
        }
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
