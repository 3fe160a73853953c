//! Partners whose side is said in words.
//!
//! ```text
//! side   = "5'" | "3'" ["partner" ...]
//! sided  = side gene | gene ["as"] side "partner" | gene "exons" "1" "-" number
//! pair   = "5'" "-" gene "-" gene "-" "3'" | sided sided
//! ```

use std::ops::Range;

use crate::narrative::fusion::{Clause, Partner};
use crate::narrative::lex::Kind;
use crate::vocab::{Gap, Side, Word};

impl Clause<'_, '_> {
    /// Orders a pair by what the sentence says of one of its partners. True when the second is 5'.
    pub(super) fn sided(
        &self,
        first: &Partner,
        second: &Partner,
        at: &Range<usize>,
    ) -> Option<bool> {
        if self.between_primes(at) {
            return Some(false);
        }
        for (gene, side) in self.sides() {
            let five = side == Side::FivePrime;
            if gene == first.symbol {
                return Some(!five);
            }
            if gene == second.symbol {
                return Some(five);
            }
        }
        None
    }

    /// A pair written as two partners with their sides: the 5' partner first.
    pub(super) fn two_sides(&self) -> Option<(Partner, Partner, Range<usize>)> {
        let tokens = &self.tokens;
        let named = |wanted: Side| {
            (0..tokens.len()).find_map(|i| {
                let token = tokens.get(i)?;
                if !tokens.is(token, &Word::Side(wanted)) {
                    return None;
                }
                let at = (i + 1..i + 4).find(|k| self.partner(*k).is_some())?;
                Some((self.partner(at)?.0, i, at))
            })
        };
        let (five, from, to) = named(Side::FivePrime)?;
        let (three, other_from, other_to) = named(Side::ThreePrime)?;
        (five.symbol != three.symbol)
            .then(|| (five, three, from.min(other_from)..to.max(other_to) + 1))
    }

    /// `5'-A-B-3'`
    fn between_primes(&self, at: &Range<usize>) -> bool {
        let range = self.tokens.slice(at.clone()).range();
        let text = self.source.text();
        let before: String = text[..range.start]
            .chars()
            .rev()
            .take_while(|c| !c.is_alphabetic() && !matches!(c, '\n' | '\r'))
            .collect();
        let before: String = before.chars().filter(|c| !c.is_whitespace()).collect();
        ["-'5", "'5", "-’5", "’5", "-′5", "′5"]
            .iter()
            .any(|five| before.starts_with(five))
            && text[range.end..].trim_start().starts_with(['-', '–'])
    }

    /// Genes with the side the sentence gives them.
    fn sides(&self) -> Vec<(String, Side)> {
        let tokens = &self.whole.tokens;
        let gene = |i: usize| {
            let token = tokens.get(i)?;
            tokens.gene(token).map(|(gene, _)| gene.symbol.clone())
        };
        let mut out = Vec::new();
        for i in 0..tokens.len() {
            let Some(token) = tokens.get(i) else { continue };
            let word = tokens.words(token).find_map(|w| match w {
                Word::Side(side) => Some(*side),
                _ => None,
            });
            if let Some(side) = word {
                // `with A as 5' partner`, else `5' partner A`.
                // `5' partner: A; 3' partner: B` names it behind.
                let labels = tokens
                    .get(i + 1)
                    .is_some_and(|t| matches!(t.kind, Kind::Mark(':' | '=')));
                let before = (i.saturating_sub(3)..i)
                    .rev()
                    .take_while(|k| {
                        !labels
                            && tokens
                                .get(*k)
                                .is_some_and(|t| !matches!(t.kind, Kind::Mark(';' | '(')))
                    })
                    .find_map(gene);
                let behind = (i + 1..i + 4).find_map(gene);
                out.extend(before.or(behind).map(|g| (g, side)));
            }
            // `5' A`
            let prime = tokens.get(i + 1).is_some_and(|t| {
                matches!(t.kind, Kind::Mark('\'' | '’' | '′')) && t.gap == Gap::None
            });
            if token.kind == Kind::Number && prime {
                let side = match tokens.text_of(token) {
                    "5" => Some(Side::FivePrime),
                    "3" => Some(Side::ThreePrime),
                    _ => None,
                };
                let behind = gene(i + 2);
                out.extend(behind.zip(side));
            }
            // `A exons 1-18`
            if tokens.is(token, &Word::Exon)
                && tokens.get(i + 1).is_some_and(|t| tokens.text_of(t) == "1")
                && tokens.get(i + 2).is_some_and(|t| t.kind == Kind::Mark('-'))
            {
                let before = i.checked_sub(1).and_then(gene);
                out.extend(before.map(|g| (g, Side::FivePrime)));
            }
        }
        out
    }
}
