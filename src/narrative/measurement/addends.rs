//! Lesions before a sum that they add up to: `omental deposit 58 mm, pelvic nodule 33 mm; sum 91 mm`.
//!
//! ```text
//! addends = lesion size { ("," | ";") lesion size } ("," | ";") sum      ; where the sizes add up to the sum
//! ```
//!
//! Nothing names these lesions as targets; the arithmetic does, so it has to fit to the millimetre.

use std::ops::Range;

use rust_decimal::Decimal;

use super::Reader;
use crate::case::measurement::Kind;
use crate::narrative::quantity::{Size, is, is_mark};
use crate::vocab::Figure;

/// Most lesions that are added up: RECIST 1.1 counts five targets (doi 10.1016/j.ejca.2008.10.026).
const MOST: usize = 10;

impl Reader<'_, '_> {
    /// Reads the lesions before the only sum of a sentence of imaging, where they add up to it.
    pub(super) fn addends(&mut self) {
        let [(sum, range)] = self.out.facts.as_slice() else {
            return;
        };
        if sum.kind != Kind::Sum || !self.place.imaging {
            return;
        }
        let [total] = sum.mm.as_slice() else { return };
        let (total, end) = (*total, range.start);
        let end = self.tokens.partition_point(|t| t.start < end);
        let sizes = self.single_sizes(end);
        let added = sizes.iter().try_fold(Decimal::ZERO, |all, (_, size)| {
            all.checked_add(*size.mm.first()?)
        });
        if sizes.len() < 2 || sizes.len() > MOST || added != Some(total) {
            return;
        }
        let mut from = 0;
        for (at, size) in sizes {
            let start = self.lesion_start(from, at);
            let node = (start..at).any(|i| {
                is(self.tokens, i, |f| {
                    matches!(f, Figure::Node | Figure::ShortAxis)
                })
            });
            let site = self.words(start, at);
            let kind = if node { Kind::TargetNode } else { Kind::Target };
            let bytes = self.byte(start)..size.end;
            from = at + size.tokens;
            let fact = self.push(kind, size.mm.clone(), bytes, Some(&size));
            fact.site = site;
        }
        self.out.facts.sort_by_key(|(_, range)| range.start);
    }

    /// The sizes of one diameter before a place; none where one of several stands among them.
    fn single_sizes(&self, end: usize) -> Vec<(usize, Size)> {
        let mut out = Vec::new();
        let mut from = 0;
        while let Some((at, size)) = self.size(from, end) {
            from = at + size.tokens;
            if size.mm.len() != 1 {
                return Vec::new();
            }
            out.push((at, size));
        }
        out
    }

    /// Where the words of a lesion begin: behind the last colon or comma before its size.
    fn lesion_start(&self, from: usize, at: usize) -> usize {
        let begins = |range: Range<usize>| {
            range
                .rev()
                .find(|i| is_mark(self.tokens, *i, &[':', ',', ';']))
                .map(|i| i + 1)
        };
        begins(from..at).unwrap_or(from)
    }
}
