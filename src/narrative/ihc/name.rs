//! Which tokens name a marker: a clone may stand for its marker, and a marker may be the gene.

use crate::narrative::ihc::Reader;
use crate::narrative::lex::Token;
use crate::vocab::{Assay, Form, Gap, Marker, Polarity, Section, Word};

impl<'a> Reader<'a, '_> {
    /// A token that names a marker and is not used as a gene here.
    pub(super) fn marker(&self, at: usize) -> Option<&'a Marker> {
        let token = self.get(at)?;
        let Some((marker, _)) = self.tokens.marker(token) else {
            return self.clone_alone(at, token);
        };
        let gene = self.genes.binary_search(&at).is_ok() || self.stands_for_gene(at);
        (!gene).then_some(marker)
    }

    /// `5A4 negative, D5F3 at our laboratory positive`: a clone of one marker that begins a part with a result.
    fn clone_alone(&self, at: usize, token: &Token<'a>) -> Option<&'a Marker> {
        let clone = self.tokens.clone_name(token)?;
        let [only] = clone.markers.as_slice() else {
            return None;
        };
        // `ALK, D5F3: weakly positive`
        let of_marker = at > 1
            && self.is_mark(at - 1, &[','])
            && (self.get(at - 2))
                .is_some_and(|t| self.tokens.marker(t).is_some_and(|(m, _)| m.name == *only));
        let begins = !of_marker
            && at.checked_sub(1).is_none_or(|i| {
                self.is_mark(i, &[',', ';'])
                    || self.is(i, |w| matches!(w, Word::And | Word::Contrast))
            });
        let part = (at + 1..at + 6).take_while(|i| !self.is_mark(*i, &[',', ';', '.', ')']));
        let mut answered = false;
        for i in part {
            let other = self.get(i).is_some_and(|t| {
                self.tokens.marker(t).is_some() || self.tokens.clone_name(t).is_some()
            });
            if other {
                return None;
            }
            answered |= self.is(i, |w| {
                matches!(
                    w,
                    Word::Result(
                        Polarity::Positive | Polarity::Negative | Polarity::Equivocal,
                        Form::Adjective
                    )
                )
            });
        }
        // `D5F3(+)`
        answered |= self.is_mark(at + 1, &['('])
            && self.is_mark(at + 2, &['+', '-'])
            && self.is_mark(at + 3, &[')', '+']);
        let markers = self.tokens.vocab().markers();
        (begins && answered)
            .then(|| markers.iter().find(|m| m.name == *only))
            .flatten()
    }

    /// `ALK rearrangement`, `ALK gene`, `ALK FISH`: the gene, unless immunohistochemistry is named.
    fn stands_for_gene(&self, at: usize) -> bool {
        // `TP53 p.R248Q`
        let changed = ["p", "c"].iter().any(|text| self.text_is(at + 1, text))
            && self.is_mark(at + 2, &['.'])
            && self.get(at + 3).is_some_and(|t| t.gap == Gap::None);
        if changed {
            return true;
        }
        for next in at + 1..at + 4 {
            let molecular = self.get(next).is_some_and(|t| {
                matches!(
                    self.tokens.text_of(t).to_ascii_lowercase().as_str(),
                    "mutation"
                        | "mutations"
                        | "resistance"
                        | "methylation"
                        | "variant"
                        | "variants"
                )
            });
            let genetic = molecular
                || self.is(next, |w| {
                    matches!(
                        w,
                        Word::Rearrangement
                            | Word::Signal(_)
                            | Word::Section(Section::Fish)
                            | Word::Assay(Assay::Fish)
                    )
                })
                || self
                    .get(next)
                    .is_some_and(|t| self.tokens.text_of(t) == "gene");
            if genetic {
                return !(next..next + 4).any(|k| {
                    self.is(k, |w| {
                        matches!(w, Word::Section(Section::Ihc) | Word::Assay(Assay::Ihc))
                    })
                });
            }
            if !self.is_mark(next, &['-']) && !self.is(next, |w| matches!(w, Word::Filler)) {
                return false;
            }
        }
        false
    }
}
