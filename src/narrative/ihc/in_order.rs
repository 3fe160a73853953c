//! Markers and results that belong to each other one by one.
//!
//! ```text
//! in-order = marker { ("," | "and") marker } other result { ("," | "and") result } "respectively"
//! result   = percent of one shared word of result | word of result
//! ```
//!
//! As many results as markers, or none is read: `A and B were positive in 40% and 60%, respectively`.

use crate::narrative::clause::has_cue;
use crate::narrative::ihc::{Mention, Reader};
use crate::narrative::passed::not_ours;
use crate::narrative::value::{Minus, Value, element};
use crate::vocab::{Cue, Word};

/// Most markers of such a list.
const MOST: usize = 12;

impl<'a> Reader<'a, '_> {
    /// Reads a sentence of markers and results in the same order. False when it is none.
    pub(super) fn in_order(&mut self) -> bool {
        let tokens = self.tokens;
        let doubted = [Cue::Hypothetical, Cue::Control]
            .iter()
            .any(|cue| has_cue(&tokens, *cue));
        if !has_cue(&tokens, Cue::Parallel) || doubted || not_ours(&tokens).is_some() {
            return false;
        }
        let (mut mentions, mut results, mut percents) = (Vec::new(), Vec::new(), Vec::new());
        let mut at = 0;
        while at < tokens.len() {
            if let Some((token, marker)) = self.get(at).zip(self.marker(at)) {
                if !(results.is_empty() && percents.is_empty()) {
                    // A marker behind a result begins another statement.
                    return false;
                }
                let mention: Mention<'a> = Mention::of(&tokens, token, marker, at);
                mentions.push(mention);
                at += 1;
                continue;
            }
            let rest = self.rest(at);
            if let Ok((after, value)) = element(rest, Minus::Hyphen) {
                at += rest.len() - after.len();
                if value.verdict.is_some() {
                    results.push(value);
                } else if value.percent.is_some() {
                    percents.push(value);
                }
                continue;
            }
            if self.is(at, |w| {
                matches!(w, Word::Contrast | Word::Exception | Word::Negation)
            }) {
                return false;
            }
            at += 1;
        }
        let count = mentions.len();
        if !(2..=MOST).contains(&count) {
            return false;
        }
        let values: Vec<Value> = match (results.as_slice(), percents.as_slice()) {
            ([one], each) if each.len() == count => each
                .iter()
                .map(|percent| {
                    let mut value = one.clone();
                    value.add(percent.clone());
                    value
                })
                .collect(),
            (each, []) | ([], each) if each.len() == count => each.to_vec(),
            _ => return false,
        };
        self.at = tokens.len();
        for (mention, value) in mentions.into_iter().zip(values) {
            self.emit_all(vec![mention], &value);
        }
        true
    }
}
