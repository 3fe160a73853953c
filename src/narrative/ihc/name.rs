//! Which tokens name a marker, and which of them the gene.

use crate::narrative::ihc::Reader;
use crate::vocab::{Assay, Gap, Marker, Section, Word};

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
                            | Word::Exon
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
