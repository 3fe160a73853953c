//! The size of a specimen or of a tumour in it.
//!
//! ```text
//! specimen = ( mass | size-word | diagnosis ) size { "and" size }        ; outside of imaging
//! ```

use super::anchor::{self, Anchor, Found, quantity_between};
use super::{REACH, Reader, SITE, site_at};
use crate::case::measurement::Kind;
use crate::narrative::quantity::{self, Size, has, is, is_mark, text};
use crate::vocab::{Figure, Gap};

impl Reader<'_, '_> {
    // specimen = mass ... size
    pub(super) fn body(&mut self, found: &Found, end: usize) {
        let limit = end.min(found.end + REACH);
        let Some((at, size)) = self.size(found.end, limit) else {
            return;
        };
        let words = self.tokens.slice(found.start..at);
        let lead = self
            .tokens
            .slice(found.start.saturating_sub(4)..found.start);
        let sized_alone = matches!(found.anchor, Anchor::Sized);
        let noun = sized_alone && anchor::noun_follows(self.tokens, at, at + size.tokens);
        let bound = |f: &Figure| matches!(f, Figure::Above | Figure::Below);
        let close = self.tokens.slice(at.saturating_sub(3)..at);
        let between =
            |f: &Figure| matches!(f, Figure::NotSize | Figure::Imaging | Figure::PerField);
        // `3 cm lymph node`, `largest node 1.1 cm`: a node is no specimen of one diameter.
        let node = size.mm.len() == 1
            && has(
                &self
                    .tokens
                    .slice(at.saturating_sub(3)..at + size.tokens + 3),
                |f| *f == Figure::Node,
            )
            && !has(&words, |f| *f == Figure::Mass);
        if node
            || has(&words, between)
            || (has(&lead, |f| *f == Figure::NotSize) && !anchor::largest(self.tokens, at))
            || has(&close, bound)
            || is_mark(self.tokens, at.wrapping_sub(1), &['<', '>', '≤', '≥'])
            || (!noun && self.something_else_behind(at + size.tokens))
        {
            return;
        }
        let crossed = (found.end..at).any(|i| {
            is_mark(self.tokens, i, &['.', '。'])
                && self.tokens.get(i + 1).is_none_or(|t| t.gap != Gap::None)
        });
        // `wedge, 3.4 cm`, `Stromatumor von 3,8 cm`
        let comma = at == found.end + 1
            && (is_mark(self.tokens, found.end, &[',', ':'])
                || matches!(
                    text(self.tokens, found.end).to_lowercase().as_str(),
                    "of" | "von" | "de" | "di" | "van"
                ));
        let sized = size.mm.len() > 1
            || sized_alone
            || (at == found.end && found.end > 0)
            || (comma && found.end > 0)
            || has(&words, |f| *f == Figure::About)
            || self.place.gross
            || self.place.diagnosis
            || self.sized;
        if !sized || (crossed && size.mm.len() == 1) {
            return;
        }
        // The site is named before the size, or behind it in the same sentence.
        let site = (at.saturating_sub(SITE)..at)
            .rev()
            .find_map(|i| site_at(self.tokens, i))
            .or_else(|| {
                (at..self.tokens.len().min(at + SITE)).find_map(|i| site_at(self.tokens, i))
            })
            .or_else(|| self.place.site.map(str::to_owned));
        let range = size.start..size.end;
        let fact = self.push(Kind::Specimen, size.mm.clone(), range, Some(&size));
        fact.site = site;
        self.further(&size, at + size.tokens, end, limit);
    }

    /// The sizes that go on behind the first: `3 cm and 2 cm`, `7 x 5 x 4 cm and 3 x 2 x 1 cm`.
    fn further(&mut self, first: &Size, next: usize, end: usize, limit: usize) {
        let bodies = first.mm.len() == 1
            && next < end
            && matches!(
                text(self.tokens, next).to_lowercase().as_str(),
                "and" | "und" | "et" | "y" | "en" | "e" | "和" | "及"
            );
        let more = if bodies {
            quantity::size(self.tokens.slice(next + 1..end), self.place.style)
                .ok()
                .map(|(_, more)| more)
                .filter(|more| more.mm.len() == 1)
                .filter(|more| !self.something_else_behind(next + 1 + more.tokens))
        } else if first.mm.len() > 1 && quantity_between(self.tokens, next, limit).is_some() {
            self.size(next, limit)
                .map(|(_, more)| more)
                .filter(|more| more.mm.len() > 1)
        } else {
            None
        };
        let Some(more) = more else { return };
        let site = self.out.facts.last().and_then(|(f, _)| f.site.clone());
        let range = more.start..more.end;
        let fact = self.push(Kind::Specimen, more.mm.clone(), range, Some(&more));
        fact.site = site;
    }

    /// Whether the words right behind a size say that it is a margin, a distance or a bound.
    fn something_else_behind(&self, at: usize) -> bool {
        (at..self.tokens.len().min(at + 3))
            .take_while(|i| !is_mark(self.tokens, *i, &['.', ';', ',']))
            .any(|i| {
                is(self.tokens, i, |f| {
                    matches!(
                        f,
                        Figure::NotSize | Figure::Imaging | Figure::Above | Figure::Below
                    )
                })
            })
    }
}
