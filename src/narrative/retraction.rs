//! What a later sentence takes back: `the TPM3-ALK fusion was reported in error`.
//!
//! A retraction that names genes or markers takes back earlier results of these; one that names only a
//! method takes back all earlier results of that method; one that names neither takes back every earlier
//! result. What is taken back is kept and marked superseded, so that no rule rests on it.

use std::collections::BTreeSet;

use crate::case::Case;
use crate::narrative::clause::has;
use crate::narrative::lex::Tokens;
use crate::source::{Place, Span};
use crate::vocab::{Assay, Section, Word};

/// One sentence that takes something back.
#[derive(Debug)]
pub(crate) struct Retraction {
    /// First byte of the sentence: what stands before it is meant.
    start: usize,
    /// First byte of what is meant.
    from: usize,
    genes: BTreeSet<String>,
    markers: BTreeSet<String>,
    /// Antibodies, where the sentence names them: `the 5A4 result should be disregarded`.
    clones: BTreeSet<String>,
    stains: bool,
    fish: bool,
    molecular: bool,
}

impl Retraction {
    /// Most retractions of one report that are told apart.
    pub(crate) const MOST: usize = 64;

    /// The retraction a sentence makes.
    pub(crate) fn of(sentence: &Tokens<'_>) -> Self {
        let method = |section: Section, assays: &[Assay]| {
            has(sentence, |w| match w {
                Word::Section(s) => *s == section,
                Word::Assay(a) => assays.contains(a),
                _ => false,
            })
        };
        let fusion = has(sentence, |w| *w == Word::Rearrangement);
        let stains = method(Section::Ihc, &[Assay::Ihc]);
        let fish = method(Section::Fish, &[Assay::Fish]);
        let sequenced = method(
            Section::Molecular,
            &[Assay::Rna, Assay::Dna, Assay::Sequencing, Assay::Karyotype],
        );
        let clones: BTreeSet<String> = sentence
            .iter()
            .filter_map(|t| sentence.clone_name(t))
            .map(|clone| clone.name.clone())
            .collect();
        // `The earlier label of B is withdrawn`: a diagnosis is taken back, and no finding.
        let label = sentence.iter().any(|t| sentence.disease(t).is_some());
        let any = stains || fish || sequenced || fusion || !clones.is_empty() || label;
        let names = sentence
            .iter()
            .any(|t| sentence.marker(t).is_some() || sentence.gene(t).is_some());
        Self {
            start: sentence.range().start,
            from: 0,
            genes: sentence
                .iter()
                .filter_map(|t| sentence.gene(t))
                .map(|(gene, _)| gene.symbol.clone())
                .collect(),
            markers: sentence
                .iter()
                .filter_map(|t| sentence.marker(t))
                .map(|(marker, _)| marker.name.clone())
                .collect(),
            stains: stains || !any || !clones.is_empty() || (label && names),
            clones,
            fish: fish || !any || (fusion && !sequenced) || (label && names),
            molecular: sequenced || !any || (fusion && !fish) || (label && names),
        }
    }

    /// Takes back only what stands before this byte.
    pub(crate) fn only_before(&mut self, start: usize) {
        self.start = self.start.min(start);
    }

    /// Takes back only what stands behind this byte, if it names nothing.
    pub(crate) fn only_behind(&mut self, from: usize) {
        if self.genes.is_empty() && self.markers.is_empty() {
            self.from = from;
        }
    }

    fn after(&self, place: &Place) -> bool {
        place
            .span
            .map(Span::range)
            .is_some_and(|range| range.start < self.start && range.start >= self.from)
    }
}

/// Marks everything that was taken back.
pub(crate) fn apply(retractions: &[Retraction], case: &mut Case) {
    for retraction in retractions {
        let named = !(retraction.genes.is_empty() && retraction.markers.is_empty());
        for fact in &mut case.fusions {
            let genes = [&fact.gene, &fact.five_prime, &fact.three_prime];
            let mut genes = genes.into_iter().flatten().peekable();
            let meant =
                !named || (genes.peek().is_some() && genes.all(|g| retraction.genes.contains(g)));
            fact.superseded |= retraction.molecular && meant && retraction.after(&fact.source);
        }
        for fact in &mut case.fish {
            let meant = !named || retraction.genes.contains(&fact.gene);
            fact.superseded |= retraction.fish && meant && retraction.after(&fact.source);
        }
        for fact in &mut case.ihc {
            let by = |clone: &String| retraction.clones.contains(clone);
            let meant = (!named || retraction.markers.contains(&fact.marker))
                && (retraction.clones.is_empty() || fact.clone.as_ref().is_some_and(by));
            fact.superseded |= retraction.stains && meant && retraction.after(&fact.source);
        }
    }
}
