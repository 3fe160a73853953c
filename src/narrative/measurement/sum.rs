//! Sums of diameters: today's, and beside them those of the baseline or an earlier day.
//!
//! ```text
//! sum = [baseline] "sum of diameters" size { ( baseline | nadir | "now" | "to" ) size }
//! ```

use super::Reader;
use super::anchor::Found;
use crate::case::measurement::Kind;
use crate::narrative::quantity::{has, is, is_mark, text};
use crate::vocab::Figure;

impl Reader<'_, '_> {
    // sum = [baseline] words size { word size }
    pub(super) fn sums(&mut self, found: &Found, end: usize) {
        let stop = self.statement_end(found.end, end).max(found.end);
        let before = (found.start.saturating_sub(2)..found.start)
            .any(|i| is(self.tokens, i, |f| *f == Figure::Baseline));
        let mut from = found.end;
        let mut first = true;
        while let Some((at, size)) = self.size(from, stop) {
            let lead = self.tokens.slice(from..at);
            let stops = has(&lead, |f| {
                matches!(f, Figure::NotSize | Figure::Decrease | Figure::Increase)
            }) && !first;
            let by = text(self.tokens, at.wrapping_sub(1)).eq_ignore_ascii_case("by");
            let later = has(&lead, |f| matches!(f, Figure::Now | Figure::Nadir));
            let said_behind = self.baseline_behind(at + size.tokens, stop);
            // `from 95 mm to 60 mm`, `60 mm (95 mm before)`: the other number is of another day.
            let behind = at + size.tokens;
            let from_to = first
                && matches!(
                    text(self.tokens, at.wrapping_sub(1))
                        .to_lowercase()
                        .as_str(),
                    "from" | "de" | "von" | "da" | "van" | "从" | "由"
                )
                && self.size(behind, stop).is_some();
            let bracket = !first
                && (from..at).any(|i| is_mark(self.tokens, i, &['(', '[']))
                && !(from..at).any(|i| is_mark(self.tokens, i, &[')', ']']));
            let baseline = has(&lead, |f| *f == Figure::Baseline)
                || (self.place.baseline && !later)
                || (first && before)
                || said_behind.is_some();
            if size.mm.len() == 1 && !by && !stops {
                let start = if first {
                    found.start
                } else {
                    self.lead_start(from, at)
                };
                let range = self.byte(start)..size.end;
                if from_to || bracket || (!first && self.of_before(at)) {
                    self.out.earlier.insert(range.start);
                }
                let fact = self.push(Kind::Sum, size.mm.clone(), range, Some(&size));
                fact.baseline = baseline;
            }
            first = false;
            from = said_behind.unwrap_or(behind);
        }
    }

    /// Whether words before a size say that it is of an earlier examination.
    pub(super) fn of_before(&self, at: usize) -> bool {
        (at.saturating_sub(2)..at).any(|i| {
            is(self.tokens, i, |f| *f == Figure::Reference)
                || matches!(
                    text(self.tokens, i).to_lowercase().as_str(),
                    "previously"
                        | "formerly"
                        | "zuvor"
                        | "vorher"
                        | "vormals"
                        | "auparavant"
                        | "antérieurement"
                        | "previamente"
                        | "antes"
                        | "eerder"
                        | "voorheen"
                        | "原"
                        | "前次"
                )
        })
    }

    /// `baseline 95 mm`: the word belongs to the measurement.
    fn lead_start(&self, from: usize, at: usize) -> usize {
        (from..at)
            .find(|i| {
                is(self.tokens, *i, |f| {
                    matches!(f, Figure::Baseline | Figure::Nadir | Figure::Now)
                })
            })
            .unwrap_or(at)
    }

    /// `95 mm at baseline`; the place behind the word.
    fn baseline_behind(&self, at: usize, stop: usize) -> Option<usize> {
        let open = usize::from(is_mark(self.tokens, at, &['(']));
        let word = at + open;
        // `35 mm (baseline 95 mm)` speaks of the next one, `95 mm at baseline to 35 mm` of this.
        let next = self.size(word, (word + 4).min(stop)).is_some_and(|(i, _)| {
            !(word + 1..i).any(|k| {
                matches!(
                    text(self.tokens, k).to_lowercase().as_str(),
                    "to" | "a" | "à" | "auf" | "naar" | "tot" | ","
                )
            })
        });
        (word < stop && is(self.tokens, word, |f| *f == Figure::Baseline) && !next)
            .then_some(word + 1)
    }
}
