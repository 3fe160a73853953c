//! Names: genes, markers, clones, drugs, diseases and the words of the report grammar.
//!
//! A [`Vocab`] is built from the tables of a rule pack and knows nothing of reports. It answers one
//! question: which name, if any, starts at this piece of text? Spelling differences that never
//! change a name (letter case of long names, spaces, hyphens, full-width forms, Greek letters) are
//! folded away; damage that could change one goes through [`Vocab::repair`], which reports what it
//! changed.
//!
//! ```
//! use fusedx::vocab::{Meaning, VocabBuilder, pieces};
//!
//! let mut builder = VocabBuilder::default();
//! builder.marker("Ki-67", &["MIB-1"]);
//! let vocab = builder.build();
//! let text = "ki 67: 30%";
//! let found = vocab.find(text, &pieces(text)).unwrap();
//! assert_eq!((found.pieces, &found.senses[0].meaning), (2, &Meaning::Marker(0)));
//! ```

use std::collections::{BTreeMap, BTreeSet, HashMap};

mod build;
mod figure;
mod look_alike;
mod piece;
mod repair;
mod seen;
mod symbols;
mod word;

pub use build::VocabBuilder;
pub use figure::{Analyte, Band, Counted, Figure, Naming};
pub use look_alike::{LookAlike, look_alikes};
pub use piece::{Class, Gap, Piece, fold_into, pieces};
pub(crate) use piece::{is_dash_text, narrow};
pub use repair::Repaired;
use seen::Seen;
pub(crate) use symbols::InColumn;
pub use symbols::{Likeness, Named, Standing};
pub use word::{Assay, Cue, Form, Label, Origin, Polarity, Role, Section, Side, Word};

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Meaning {
    /// An index into [`Vocab::genes`].
    Gene(usize),
    /// An index into [`Vocab::markers`].
    Marker(usize),
    /// An index into [`Vocab::clones`].
    Clone(usize),
    /// An index into [`Vocab::drugs`].
    Drug(usize),
    /// An index into [`Vocab::diseases`].
    Disease(usize),
    /// A word of the report grammar.
    Word(Word),
    /// A word of the grammar of values; only in [`Vocab::values`].
    Figure(Figure),
}

/// One reading of a spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sense {
    /// What it stands for.
    pub meaning: Meaning,
    /// The spelling in the table, where it is the only one accepted (short and case-sensitive
    /// names); none where letter case does not matter.
    exact: Option<String>,
    /// How many words and numbers the spelling in the table has.
    parts: usize,
    /// The spelling is one met in damaged reports, so using it is a repair.
    pub damaged: bool,
    /// The clone this spelling of a marker names (`ALK1`), as an index into [`Vocab::clones`].
    pub clone: Option<usize>,
}

/// A gene of the pack's table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gene {
    /// Approved HGNC symbol.
    pub symbol: String,
    /// HGNC number, without the prefix.
    pub hgnc: Option<u32>,
    /// Acts as the 3' partner that drives the tumour.
    pub three_prime_kinase: bool,
    /// The last exon a fusion may enter and keep the whole kinase domain.
    pub last_kinase_exon: Option<u32>,
    /// Percentage of nuclei below which break-apart FISH shows no rearrangement, where the report states no
    /// cut-off.
    pub fish_cutoff: Option<u32>,
    /// Chromosome without `chr`.
    pub chromosome: Option<String>,
    /// Strand: `+` or `-`.
    pub strand: Option<char>,
    /// First and last position, `GRCh38`.
    pub span: Option<[u64; 2]>,
    /// Genes known as 5' partners of this kinase, with the tumours they were seen in.
    pub partners: BTreeMap<String, Vec<String>>,
}

/// A place where fusions known to keep the whole kinase domain enter a kinase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KinaseEntry {
    /// The kinase.
    pub gene: String,
    /// Genome build of the position.
    pub build: String,
    /// First base of the exon that is entered.
    pub at: u64,
}

/// A row of the scale by which the function of a kinase fusion is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScaleRow {
    /// Id of the row.
    pub id: String,
    /// The condition, by the name the program knows it by.
    pub when: String,
    /// Points, below zero where they speak against a function.
    pub points: i64,
    /// Why.
    pub because: String,
    /// Citations.
    pub cites: Vec<String>,
}

/// An exon of a kinase by coordinate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KinaseExon {
    /// The kinase.
    pub gene: String,
    /// Genome build of the coordinates.
    pub build: String,
    /// Chromosome without `chr`.
    pub chromosome: String,
    /// The gene lies on the minus strand, so that its exons begin at the higher coordinate.
    pub minus: bool,
    /// Number of the exon.
    pub exon: u32,
    /// Lower coordinate, 1-based.
    pub first: u64,
    /// Higher coordinate.
    pub last: u64,
    /// A fusion that enters here keeps the whole kinase domain.
    pub whole: bool,
}

/// An immunohistochemistry marker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// Canonical name.
    pub name: String,
    /// The gene it stands for, where one is named.
    pub gene: Option<String>,
    /// Scores (`0`, `1+`) that mean negative for this marker beside `0`.
    pub negative_scores: Vec<String>,
    /// Scores that mean equivocal for this marker.
    pub equivocal_scores: Vec<String>,
    /// Every normal nucleus or cell stains: absent staining is a loss.
    pub normally_retained: bool,
}

/// An antibody clone and the marker it stains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clone {
    /// Canonical name.
    pub name: String,
    /// Canonical names of the markers it stains.
    pub markers: Vec<String>,
}

/// A drug.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drug {
    /// International non-proprietary name, or the name of a class.
    pub name: String,
}

/// A diagnosis a report can state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disease {
    /// Short key used by rules.
    pub key: String,
    /// Canonical label as printed.
    pub label: String,
    /// The group rules ask for.
    pub group: String,
}

/// A name found at the start of some pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found<'v> {
    /// How many pieces it covers.
    pub pieces: usize,
    /// What it can mean; never empty.
    pub senses: &'v [Sense],
}

/// All names of a pack.
#[derive(Debug, Default)]
pub struct Vocab {
    genes: Vec<Gene>,
    kinase_exons: Vec<KinaseExon>,
    kinase_entries: Vec<KinaseEntry>,
    scale: Vec<ScaleRow>,
    /// Value of the scale -> fewest points for it.
    levels: Vec<(String, i64)>,
    markers: Vec<Marker>,
    clones: Vec<Clone>,
    drugs: Vec<Drug>,
    diseases: Vec<Disease>,
    /// Folded spelling -> its senses.
    index: HashMap<String, Vec<Sense>>,
    /// First folded piece of any spelling -> the most pieces a spelling that starts so has.
    starts: HashMap<String, usize>,
    /// Confusable key -> folded spelling of the one marker or gene with that key.
    damaged: BTreeMap<String, Option<String>>,
    /// Symbols of gene columns beside the genes of the table.
    symbols: symbols::Symbols,
    analytes: Vec<Analyte>,
    bands: Vec<Band>,
    /// The dictionary of values.
    values: Option<Box<Vocab>>,
    /// A name may end before a number that is glued to it (`TL1`).
    before_numbers: bool,
    /// Genes looked up before: a table names the same ones in row after row.
    seen: Seen<GeneSense>,
    /// Names of gene columns looked up before.
    seen_in_columns: Seen<symbols::InColumn>,
}

/// The gene of a name, and whether the spelling is a damaged one.
type GeneSense = Option<(usize, bool)>;

impl Vocab {
    /// The genes.
    #[must_use]
    pub fn genes(&self) -> &[Gene] {
        &self.genes
    }

    /// The markers.
    #[must_use]
    pub fn markers(&self) -> &[Marker] {
        &self.markers
    }

    /// The antibody clones.
    #[must_use]
    pub fn clones(&self) -> &[Clone] {
        &self.clones
    }

    /// The drugs.
    #[must_use]
    pub fn drugs(&self) -> &[Drug] {
        &self.drugs
    }

    /// The diagnoses.
    #[must_use]
    pub fn diseases(&self) -> &[Disease] {
        &self.diseases
    }

    /// The laboratory values.
    #[must_use]
    pub fn analytes(&self) -> &[Analyte] {
        &self.analytes
    }

    /// Chromosome bands of genes.
    #[must_use]
    pub fn bands(&self) -> &[Band] {
        &self.bands
    }

    /// The dictionary of laboratory values, lesions, responses and variants, where the pack has one.
    #[must_use]
    pub fn values(&self) -> Option<&Vocab> {
        self.values.as_deref()
    }

    /// Keys of the features of morphology.
    #[must_use]
    pub fn features(&self) -> BTreeSet<&str> {
        let Some(values) = &self.values else {
            return BTreeSet::new();
        };
        values
            .index
            .values()
            .flatten()
            .filter_map(|sense| match &sense.meaning {
                Meaning::Figure(Figure::Feature(key)) => Some(key.as_str()),
                _ => None,
            })
            .collect()
    }

    /// The words of values that a text can be from end to end.
    pub fn figures<'v>(&'v self, text: &str) -> impl Iterator<Item = &'v Figure> {
        self.whole(text).filter_map(|sense| match &sense.meaning {
            Meaning::Figure(figure) => Some(figure),
            _ => None,
        })
    }

    /// Exons of kinases, by coordinate.
    #[must_use]
    pub fn kinase_exons(&self) -> &[KinaseExon] {
        &self.kinase_exons
    }

    /// Where fusions known to keep the kinase domain enter a kinase.
    #[must_use]
    pub fn kinase_entries(&self) -> &[KinaseEntry] {
        &self.kinase_entries
    }

    /// The scale of function.
    #[must_use]
    pub fn scale(&self) -> &[ScaleRow] {
        &self.scale
    }

    /// The values of the scale with the fewest points each needs.
    #[must_use]
    pub fn levels(&self) -> &[(String, i64)] {
        &self.levels
    }

    /// The gene with this approved symbol.
    #[must_use]
    pub fn gene(&self, symbol: &str) -> Option<&Gene> {
        self.gene_named(symbol).filter(|gene| gene.symbol == symbol)
    }

    /// The one approved symbol that an unknown one becomes when two neighbouring letters are exchanged.
    #[must_use]
    pub fn misprint_of(&self, symbol: &str) -> Option<&str> {
        let mut letters: Vec<char> = symbol.chars().collect();
        let mut meant = None;
        for at in 1..letters.len() {
            letters.swap(at - 1, at);
            let gene = self.gene(&letters.iter().collect::<String>());
            letters.swap(at - 1, at);
            match (gene, meant) {
                (Some(gene), None) => meant = Some(gene.symbol.as_str()),
                (Some(gene), Some(other)) if gene.symbol != other => return None,
                _ => {}
            }
        }
        meant
    }

    /// The gene that a symbol, an alias or a previous symbol stands for.
    #[must_use]
    pub fn gene_named(&self, name: &str) -> Option<&Gene> {
        self.gene_sense(name).map(|(index, _)| &self.genes[index])
    }

    /// The first gene that a text can stand for from end to end.
    fn gene_sense(&self, name: &str) -> GeneSense {
        self.seen.get_or(name, || {
            self.whole(name).find_map(|sense| match sense.meaning {
                Meaning::Gene(index) => Some((index, sense.damaged)),
                _ => None,
            })
        })
    }

    /// The marker that a name or a synonym stands for.
    #[must_use]
    pub fn marker_named(&self, name: &str) -> Option<&Marker> {
        self.whole(name).find_map(|sense| match sense.meaning {
            Meaning::Marker(index) => Some(&self.markers[index]),
            _ => None,
        })
    }

    /// The grammar word that a text is from end to end.
    #[must_use]
    pub fn whole_word(&self, text: &str) -> Option<&Word> {
        self.whole(text).find_map(|sense| match &sense.meaning {
            Meaning::Word(word) => Some(word),
            _ => None,
        })
    }

    /// Senses of a text that is one spelling from end to end.
    fn whole(&self, text: &str) -> impl Iterator<Item = &Sense> {
        let all = pieces(text);
        self.find(text, &all)
            .filter(|found| found.pieces == all.len())
            .map(|found| found.senses)
            .unwrap_or_default()
            .iter()
            .filter(move |sense| sense.accepts(text))
    }

    /// The longest name that starts at the first of these pieces and ends at a word boundary.
    ///
    /// `rest` are the pieces of `text` from the place in question on.
    #[must_use]
    pub fn find<'v>(&'v self, text: &str, rest: &[Piece]) -> Option<Found<'v>> {
        let mut key = String::new();
        fold_into(&mut key, text, rest.first()?);
        let most = *self.starts.get(&key)?;
        let mut best = None;
        for count in 1..=most.min(rest.len()) {
            if count > 1 {
                let (before, piece) = (&rest[count - 2], &rest[count - 1]);
                if !piece.joins(before) {
                    break;
                }
                fold_into(&mut key, text, piece);
            }
            let Some(senses) = self.index.get(&key) else {
                continue;
            };
            // `exon20` is two words written as one.
            let exon = || {
                let of_exon = |s: &Sense| s.meaning == Meaning::Word(Word::Exon);
                senses.iter().any(of_exon)
                    && rest
                        .get(count)
                        .is_some_and(|next| next.class == Class::Number)
            };
            if ends_here(text, &rest[..count], rest.get(count), self.before_numbers) || exon() {
                let written = &text[rest[0].start..rest[count - 1].end];
                if senses.iter().any(|sense| sense.accepts(written)) {
                    best = Some(Found {
                        pieces: count,
                        senses,
                    });
                }
            }
        }
        best
    }
}

impl Sense {
    /// Whether this spelling, as written, can have this sense.
    #[must_use]
    pub fn accepts(&self, written: &str) -> bool {
        let plain = |s: &str| -> String {
            s.chars()
                .map(piece::narrow)
                .filter(|c| !c.is_whitespace() && !piece::is_dash(*c))
                .collect()
        };
        let spelled = self
            .exact
            .as_ref()
            .is_none_or(|exact| plain(exact) == plain(written));
        spelled && !(written.contains(char::is_whitespace) && parts(written) > self.parts)
    }
}

/// How many words and numbers a spelling has. A word broken by a hyphen at a line end is one.
fn parts(written: &str) -> usize {
    let all = pieces(written);
    let broken = |index: usize| {
        let hyphen = index.checked_sub(1).and_then(|i| all.get(i));
        all[index].gap == Gap::Line
            && hyphen.is_some_and(|p| is_dash_text(&written[p.start..p.end]))
    };
    (0..all.len())
        .filter(|i| all[*i].class != Class::Punct && !broken(*i))
        .count()
}

/// Whether a name made of `taken` may end before `next`.
///
/// A number that belongs to a grade or a percentage is not the end of a name: `ALK 1+` is not the
/// clone ALK1, `CD10 5%` is not CD105.
fn ends_here(text: &str, taken: &[Piece], next: Option<&Piece>, before_numbers: bool) -> bool {
    let Some(last) = taken.last() else {
        return false;
    };
    if last.class == Class::Punct && !matches!(&text[last.start..last.end], "+" | "＋" | "!") {
        return false;
    }
    let Some(next) = next else { return true };
    let glued = next.gap == Gap::None;
    let next_text = &text[next.start..next.end];
    if last.class == Class::Number && taken.len() > 1 {
        let loose = last.gap != Gap::None;
        if loose && (matches!(next_text, "+" | "%" | "％") || next_text.starts_with('＋')) {
            return false;
        }
    }
    match (last.class, next.class) {
        (Class::Word, Class::Number) => !glued || before_numbers,
        // A plural, or a word the OCR has glued to the name; not another name (`CD3e`).
        (Class::Number, Class::Word) => !glued || next_text == "s" || next_text.chars().count() > 3,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocab() -> Vocab {
        let mut b = VocabBuilder::default();
        let gene = |symbol: &str| Gene {
            symbol: symbol.to_owned(),
            ..Gene::default()
        };
        b.gene(gene("ALK"), &[], &[]);
        b.gene(gene("FN1"), &[], &[]);
        b.gene(gene("THBS1"), &["TSP1"], &["THBS!"]);
        b.gene(gene("NKX2-1"), &[], &[]);
        b.marker("ALK", &["anaplastic lymphoma kinase"]);
        b.marker("ER", &["estrogen receptor"]);
        b.marker("CD10", &[]);
        b.marker("CD105", &[]);
        b.marker("pan-CK", &["AE1/AE3", "CK广"]);
        b.marker("S100", &["S-100 protein"]);
        b.marker("desmin", &[]);
        b.clone_of(
            Clone {
                name: "ALK1".to_owned(),
                markers: vec!["ALK".to_owned()],
            },
            &[],
            true,
        );
        b.build()
    }

    fn first(text: &str) -> Option<(usize, Vec<Meaning>)> {
        let v = vocab();
        let p = pieces(text);
        let found = v.find(text, &p)?;
        let written = &text[..p[found.pieces - 1].end];
        let meanings: Vec<_> = found
            .senses
            .iter()
            .filter(|s| s.accepts(written))
            .map(|s| s.meaning.clone())
            .collect();
        Some((p[found.pieces - 1].end, meanings))
    }

    #[test]
    fn the_longest_name_wins_and_spacing_does_not_matter() {
        assert_eq!(first("AE1/AE3 (-)").unwrap().0, 7);
        assert_eq!(first("ae 1 / ae 3").unwrap().0, 11);
        assert_eq!(first("CD 10 positive").unwrap().0, 5);
        assert_eq!(first("ALK-1 (").unwrap().0, 5);
        assert_eq!(first("NKX2-1-ALK").unwrap().0, 6);
        assert_eq!(first("CK广（-）").unwrap().0, "CK广".len());
    }

    #[test]
    fn a_grade_is_not_part_of_a_name() {
        assert_eq!(first("ALK 1+").unwrap().0, 3);
        assert_eq!(first("CD10 5%").unwrap().0, 4);
        assert_eq!(first("ALK1+").unwrap().0, 4, "glued, this is the clone");
    }

    #[test]
    fn short_names_and_genes_are_case_sensitive() {
        assert!(first("ER visit").is_some());
        assert!(first("er visit").is_none());
        assert_eq!(first("fn1"), None);
        assert_eq!(first("FN1").unwrap().1, [Meaning::Gene(1)]);
        assert_eq!(first("Desmin").unwrap().1.len(), 1);
    }

    #[test]
    fn words_are_not_cut() {
        assert!(first("ERG").is_none());
        assert!(first("ALKaline").is_none());
        assert!(first("CD10e").is_none());
    }

    #[test]
    fn a_clone_that_names_its_marker_has_both_senses() {
        let (_, meanings) = first("ALK1 negative").unwrap();
        assert!(meanings.contains(&Meaning::Clone(0)) && meanings.contains(&Meaning::Marker(0)));
    }

    #[test]
    fn aliases_resolve_to_the_symbol() {
        let v = vocab();
        assert_eq!(v.gene_named("TSP1").unwrap().symbol, "THBS1");
        assert!(v.gene("TSP1").is_none());
        assert_eq!(v.marker_named("Estrogen receptor").unwrap().name, "ER");
    }
}
