//! What stands behind a pair, and what it makes of the pair.
//!
//! ```text
//! slot = pair [other{0,2}] (":" | "=" | column gap | "-" at the end) result
//! ```
//!
//! A pair alone is a call; a pair with a slot is what the slot says. A slot in words that are not known is
//! no call: the line is listed as unread.

use crate::narrative::fusion::Clause;
use crate::narrative::lex::Kind;
use crate::vocab::{Cue, Gap, Polarity, Role, Word};

/// What the slot of a pair says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    /// There is none, or it says nothing against the pair.
    Open,
    /// `-`, `no`, `0 reads`.
    Negative,
    /// In doubt: `?`, `cannot be excluded`.
    Doubted,
    /// Words that are not known.
    Unknown,
}

/// Most tokens between a pair and the doubt that follows it.
const NEAR: usize = 5;

impl Clause<'_, '_> {
    /// What stands around the pair at `start..end`.
    pub(super) fn slot(&self, start: usize, end: usize) -> Slot {
        let queried = start > 0 && self.mark(start - 1, '?');
        let doubted = (end..end + NEAR)
            .any(|i| self.mark(i, '?') || self.word(i, |w| *w == Word::Role(Role::NotExcluded)));
        if queried || doubted || self.names_a_test(start, end) {
            return Slot::Doubted;
        }
        if self.reads(end) == Some(0) {
            return Slot::Negative;
        }
        let Some(opening) = self.slot_opens(end) else {
            return Slot::Open;
        };
        let rest = opening + 1..self.tokens.len();
        if rest.is_empty() {
            return if self.mark(opening, '-') {
                Slot::Negative
            } else {
                Slot::Open
            };
        }
        let alone = rest.len() == 1 || self.mark(opening + 2, '.');
        if alone && self.word(opening + 1, |w| *w == Word::Negation) {
            return Slot::Negative;
        }
        let known = rest.clone().any(|i| {
            let Some(token) = self.tokens.get(i) else {
                return false;
            };
            token.kind == Kind::Number
                || self.tokens.gene(token).is_some()
                || matches!(token.kind, Kind::Mark('+' | '-'))
                || self.word(i, |w| {
                    matches!(
                        w,
                        Word::Detected
                            | Word::Result(..)
                            | Word::Frame(_)
                            | Word::Exon
                            | Word::Reads
                            | Word::Negation
                            | Word::KinaseDomain(_)
                            | Word::Rearrangement
                            | Word::Cue(Cue::Invalid)
                            | Word::Role(Role::Denied | Role::Excluded)
                    )
                })
        });
        if known { Slot::Open } else { Slot::Unknown }
    }

    /// `RT-PCR for A::B`, `A::B assay`, `test for A::B ordered`: the name of a test, where nothing says that
    /// something was found.
    fn names_a_test(&self, start: usize, end: usize) -> bool {
        let found = (0..self.tokens.len()).any(|i| {
            self.word(i, |w| {
                matches!(
                    w,
                    Word::Detected | Word::Result(..) | Word::Frame(_) | Word::Reads | Word::Exon
                )
            })
        });
        let asked = start > 0
            && self
                .tokens
                .get(start - 1)
                .is_some_and(|t| matches!(self.tokens.text_of(t), "for" | "For"));
        let assay = self.tokens.get(end).is_some_and(|t| {
            matches!(
                self.tokens.text_of(t).to_ascii_lowercase().as_str(),
                "assay" | "test" | "testing" | "probe" | "probes" | "primers"
            )
        });
        // `A::B by NGS` says how it was found.
        let method = self.tokens.get(end).is_some_and(|t| {
            !self.tokens.text_of(t).starts_with("by ")
                && self.tokens.words(t).any(|w| matches!(w, Word::Assay(_)))
        });
        let assay = assay || (method && end + 2 > self.tokens.len());
        !found && (asked || assay)
    }

    /// Where a slot begins: a colon, an equals sign, a lone minus or a column gap, with at most two other words
    /// between the pair and it.
    fn slot_opens(&self, end: usize) -> Option<usize> {
        let mut at = end;
        let mut others = 0;
        while let Some(token) = self.tokens.get(at) {
            if matches!(token.kind, Kind::Mark(':' | '=')) {
                return Some(at);
            }
            // A minus at the end, or before `no`.
            let last = at + 1 == self.tokens.len()
                || (self.word(at + 1, |w| *w == Word::Negation)
                    && (at + 2 == self.tokens.len() || self.mark(at + 2, '.')));
            if token.kind == Kind::Mark('-') && last {
                return Some(at);
            }
            if token.gap == Gap::Wide {
                return at.checked_sub(1);
            }
            let passes = self.word(at, |w| {
                matches!(
                    w,
                    Word::Rearrangement | Word::Filler | Word::Assay(_) | Word::Section(_)
                )
            });
            if !passes {
                others += 1;
            }
            if others > 2 || matches!(token.kind, Kind::Mark(_)) {
                return None;
            }
            at += 1;
        }
        None
    }

    /// Whether something in the clause says that the finding is none: `excluded`, `negative`.
    pub(super) fn denied(&self) -> bool {
        self.says.results.contains(&Polarity::Negative)
            || self.tokens.iter().any(|t| {
                self.tokens.is(t, &Word::Role(Role::Denied))
                    || self.tokens.is(t, &Word::Role(Role::Excluded))
            })
    }

    pub(super) fn mark(&self, at: usize, wanted: char) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|t| t.kind == Kind::Mark(wanted))
    }

    pub(super) fn word(&self, at: usize, wanted: impl Fn(&Word) -> bool) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|t| self.tokens.words(t).any(wanted))
    }
}
