//! Builds a [`Vocab`] from names.

use std::collections::btree_map::Entry;

use super::piece::{fold_into, pieces};
use super::{
    Analyte, Band, Clone, Disease, Drug, Figure, Gene, KinaseEntry, KinaseExon, Marker, Meaning,
    Naming, ScaleRow, Sense, Vocab, Word, parts, repair,
};

/// Collects names, then builds a [`Vocab`].
#[derive(Debug, Default)]
pub struct VocabBuilder {
    vocab: Vocab,
    /// The dictionary of values; empty where the pack has none.
    values: Vocab,
}

/// Names of up to this many letters are too short to be told from words when their letter case is
/// ignored: `ER` is a receptor, `er` is not.
const SHORT: usize = 3;

impl VocabBuilder {
    /// Adds a gene under its symbol and aliases. Gene names are case-sensitive.
    pub fn gene(&mut self, gene: Gene, aliases: &[&str], damaged: &[&str]) {
        let index = self.vocab.genes.len();
        let symbol = gene.symbol.clone();
        self.vocab.genes.push(gene);
        for name in std::iter::once(symbol.as_str()).chain(aliases.iter().copied()) {
            self.spelling(name, Meaning::Gene(index), Case::Exact, false, None);
            self.confusable(name);
        }
        for name in damaged {
            self.spelling(name, Meaning::Gene(index), Case::Exact, true, None);
        }
    }

    /// The vocabulary as built so far, for what its own methods add.
    pub fn vocab_mut(&mut self) -> &mut Vocab {
        &mut self.vocab
    }

    /// Adds an exon of a kinase.
    pub fn kinase_exon(&mut self, exon: KinaseExon) {
        self.vocab.kinase_exons.push(exon);
    }

    /// Adds a place where fusions enter a kinase.
    pub fn kinase_entry(&mut self, entry: KinaseEntry) {
        self.vocab.kinase_entries.push(entry);
    }

    /// Adds a row of the scale of function.
    pub fn scale_row(&mut self, row: ScaleRow) {
        self.vocab.scale.push(row);
    }

    /// Adds a value of the scale with the fewest points it needs.
    pub fn level(&mut self, value: &str, at_least: i64) {
        self.vocab.levels.push((value.to_owned(), at_least));
    }

    /// Adds a marker with nothing but names; see [`Self::marker_with`].
    pub fn marker(&mut self, name: &str, synonyms: &[&str]) {
        let marker = Marker {
            name: name.to_owned(),
            gene: None,
            negative_scores: Vec::new(),
            equivocal_scores: Vec::new(),
            normally_retained: false,
        };
        self.marker_with(marker, synonyms, &[]);
    }

    /// Adds a marker under its name and synonyms.
    pub fn marker_with(&mut self, marker: Marker, synonyms: &[&str], damaged: &[&str]) {
        let index = self.vocab.markers.len();
        let name = marker.name.clone();
        self.vocab.markers.push(marker);
        for name in std::iter::once(name.as_str()).chain(synonyms.iter().copied()) {
            self.spelling(name, Meaning::Marker(index), Case::of(name), false, None);
            self.confusable(name);
        }
        for name in damaged {
            self.spelling(name, Meaning::Marker(index), Case::of(name), true, None);
        }
    }

    /// Adds an antibody clone. Where `names_marker` holds, its name alone names the marker too
    /// (`MIB-1`); so does a name that holds the marker's (`ALK1`, `ALK D5F3`).
    pub fn clone_of(&mut self, clone: Clone, aliases: &[&str], names_marker: bool) {
        let index = self.vocab.clones.len();
        let first = clone.markers.first().cloned().unwrap_or_default();
        let marker = self.vocab.markers.iter().position(|m| m.name == first);
        let name = clone.name.clone();
        self.vocab.clones.push(clone);
        for name in std::iter::once(name.as_str()).chain(aliases.iter().copied()) {
            self.spelling(name, Meaning::Clone(index), Case::of(name), false, None);
            if let Some(marker) = marker.filter(|_| names_marker || name.contains(&first)) {
                self.spelling(
                    name,
                    Meaning::Marker(marker),
                    Case::of(name),
                    false,
                    Some(index),
                );
                self.confusable(name);
            }
        }
    }

    /// Adds a drug under its name and synonyms.
    pub fn drug(&mut self, name: &str, synonyms: &[&str]) {
        let index = self.vocab.drugs.len();
        self.vocab.drugs.push(Drug {
            name: name.to_owned(),
        });
        for name in std::iter::once(name).chain(synonyms.iter().copied()) {
            self.spelling(name, Meaning::Drug(index), Case::of(name), false, None);
        }
    }

    /// Adds a diagnosis under its label and synonyms.
    pub fn disease(&mut self, disease: Disease, synonyms: &[&str]) {
        let index = self.vocab.diseases.len();
        let label = disease.label.clone();
        self.vocab.diseases.push(disease);
        for name in std::iter::once(label.as_str()).chain(synonyms.iter().copied()) {
            // `STUMP` is a tumour, a stump is not.
            let acronym = name.chars().all(|c| c.is_ascii_uppercase());
            let case = if acronym { Case::Exact } else { Case::of(name) };
            self.spelling(name, Meaning::Disease(index), case, false, None);
        }
    }

    /// Adds a word of the report grammar under all its spellings.
    pub fn word(&mut self, word: &Word, spellings: &[&str]) {
        for name in spellings {
            self.spelling(name, Meaning::Word(word.clone()), Case::Any, false, None);
        }
    }

    /// Adds a laboratory value under its names; each group says more or less of what is meant.
    pub fn analyte(&mut self, analyte: Analyte, names: &[(Naming, Vec<&str>)]) {
        let index = self.vocab.analytes.len();
        self.vocab.analytes.push(analyte);
        for (naming, names) in names {
            for name in names {
                self.figure(&Figure::Analyte(index, *naming), &[name], &[]);
            }
        }
    }

    /// Adds a chromosome band.
    pub fn band(&mut self, band: Band) {
        self.vocab.bands.push(band);
    }

    /// Adds a word of the grammar of values under all its spellings.
    pub fn figure(&mut self, figure: &Figure, spellings: &[&str], damaged: &[&str]) {
        for (names, damaged) in [(spellings, false), (damaged, true)] {
            for name in names {
                let meaning = Meaning::Figure(figure.clone());
                spell(
                    &mut self.values,
                    name,
                    meaning,
                    Case::of(name),
                    damaged,
                    None,
                );
            }
        }
    }

    /// The finished vocabulary.
    #[must_use]
    pub fn build(mut self) -> Vocab {
        if !self.values.index.is_empty() {
            self.values.before_numbers = true;
            self.vocab.values = Some(Box::new(self.values));
        }
        self.vocab
    }

    fn spelling(
        &mut self,
        name: &str,
        meaning: Meaning,
        case: Case,
        damaged: bool,
        clone: Option<usize>,
    ) {
        spell(&mut self.vocab, name, meaning, case, damaged, clone);
    }

    fn confusable(&mut self, name: &str) {
        let mut folded = String::new();
        for piece in &pieces(name) {
            fold_into(&mut folded, name, piece);
        }
        let Some(key) = repair::confusable_key(&folded) else {
            return;
        };
        match self.vocab.damaged.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(Some(folded));
            }
            Entry::Occupied(mut entry) => {
                if entry.get().as_ref() != Some(&folded) {
                    entry.insert(None);
                }
            }
        }
    }
}

fn spell(
    vocab: &mut Vocab,
    name: &str,
    meaning: Meaning,
    case: Case,
    damaged: bool,
    clone: Option<usize>,
) {
    // What was looked up before is out of date.
    vocab.seen.clear();
    vocab.seen_in_columns.clear();
    let all = pieces(name);
    let Some(first) = all.first() else { return };
    let mut start = String::new();
    fold_into(&mut start, name, first);
    let mut key = String::new();
    for piece in &all {
        fold_into(&mut key, name, piece);
    }
    // A report may break the name at more places than the table does (`Ki - 67`).
    let most = all.len() * 2;
    let known = vocab.starts.entry(start).or_default();
    *known = (*known).max(most);
    let sense = Sense {
        meaning,
        exact: (case == Case::Exact).then(|| name.to_owned()),
        parts: parts(name),
        damaged,
        clone,
    };
    let senses = vocab.index.entry(key).or_default();
    if !senses.contains(&sense) {
        senses.push(sense);
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Any,
    Exact,
}

impl Case {
    fn of(name: &str) -> Self {
        let letters = name.chars().filter(char::is_ascii_alphabetic).count();
        let other = name.chars().any(|c| c.is_ascii_digit() || !c.is_ascii());
        if letters == name.chars().count() && letters <= SHORT && !other {
            Self::Exact
        } else {
            Self::Any
        }
    }
}
