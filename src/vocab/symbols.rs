//! Symbols of gene columns: names that callers write and reports hardly ever do.
//!
//! Kept apart from the names a report is searched for, so that tens of thousands of symbols (some of them words,
//! dates or diseases elsewhere) never reach the report grammar. A name is an approved symbol, a previous one or an
//! alias; one that can mean two genes means neither. Families (`HLA-*`, clone names) are patterns: they tell how far
//! a symbol reaches and never what it stands for.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

use regex::{Regex, RegexSet};

use super::Vocab;

/// What a name was to the gene it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// The approved symbol.
    Approved,
    /// A symbol that was approved once.
    Previous,
    /// Another name.
    Alias,
    /// A spelling met in damaged texts.
    Damaged,
}

/// The gene that a name of a gene column stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named<'v> {
    /// Approved symbol.
    pub symbol: &'v str,
    /// What the name is to it.
    pub standing: Standing,
}

/// What a text in a gene column is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum InColumn {
    /// The name of one gene: its approved symbol.
    Symbol(String, Standing),
    /// A name that several genes have had.
    Several,
    /// No name that is known.
    Unknown(Likeness),
}

/// How much is known of a text as a gene symbol, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// No symbol looks like this.
    No,
    /// Letters and digits as symbols have them.
    Shape,
    /// Built like the symbols of a known family.
    Family,
    /// A symbol, previous symbol or alias.
    Known,
}

/// The symbols beside the gene table.
#[derive(Debug, Default)]
pub(super) struct Symbols {
    names: HashMap<String, BTreeSet<(Standing, String)>>,
    /// Lower-case spelling -> the one spelling in `names` that has it.
    folded: HashMap<String, Option<String>>,
    transcripts: HashMap<String, String>,
    patterns: Vec<String>,
    /// The patterns as one, made when they are first asked for.
    families: OnceLock<Option<RegexSet>>,
    /// Month and number (`sep-2`) -> what a spreadsheet can have made it from.
    dates: BTreeMap<String, Vec<String>>,
}

impl Symbols {
    fn add(&mut self, name: &str, standing: Standing, symbol: &str) {
        let standings = self.names.entry(name.to_owned()).or_default();
        standings.insert((standing, symbol.to_owned()));
        let folded = self
            .folded
            .entry(name.to_lowercase())
            .or_insert_with(|| Some(name.to_owned()));
        if folded.as_deref() != Some(name) {
            *folded = None;
        }
    }

    /// What a name can stand for: the approved symbol alone, else every gene that lists it.
    fn meant(&self, name: &str) -> Vec<(Standing, &str)> {
        let spelled = self.names.get(name).or_else(|| {
            let other = self.folded.get(&name.to_lowercase())?.as_ref()?;
            self.names.get(other)
        });
        let mut out: Vec<(Standing, &str)> = spelled
            .into_iter()
            .flatten()
            .map(|(standing, symbol)| (*standing, symbol.as_str()))
            .collect();
        if out.first().is_some_and(|(s, _)| *s == Standing::Approved) {
            out.truncate(1);
        }
        out.dedup_by(|a, b| a.1 == b.1);
        out
    }
}

impl Likeness {
    /// Whether the text is a symbol, or built like those of a known family.
    #[must_use]
    pub fn is_named(self) -> bool {
        self > Self::Shape
    }
}

impl Vocab {
    /// Adds a transcript by its accession without version.
    pub fn add_transcript(&mut self, accession: &str, symbol: &str) {
        self.symbols
            .transcripts
            .insert(accession.to_owned(), symbol.to_owned());
    }

    /// The gene of a transcript, whatever its version.
    #[must_use]
    pub fn gene_of_transcript(&self, accession: &str) -> Option<&str> {
        let plain = accession.split('.').next().unwrap_or_default();
        self.symbols.transcripts.get(plain).map(String::as_str)
    }

    /// Adds a gene that only gene columns name, with its previous symbols and aliases.
    pub fn add_symbol(&mut self, symbol: &str, previous: &[&str], aliases: &[&str]) {
        self.seen_in_columns.clear();
        self.symbols.add(symbol, Standing::Approved, symbol);
        for name in previous {
            self.symbols.add(name, Standing::Previous, symbol);
        }
        for name in aliases {
            self.symbols.add(name, Standing::Alias, symbol);
        }
    }

    /// Adds the pattern of a family of symbols.
    ///
    /// # Errors
    /// What is wrong with the pattern.
    pub fn add_family(&mut self, pattern: &str) -> Result<(), String> {
        let pattern = format!("^(?:{pattern})$");
        Regex::new(&pattern).map_err(|error| error.to_string())?;
        self.symbols.patterns.push(pattern);
        self.symbols.families = OnceLock::new();
        self.seen_in_columns.clear();
        Ok(())
    }

    /// Adds what a date in a gene column can have been; the date is `sep-2`.
    pub fn add_date(&mut self, date: &str, genes: &[&str]) {
        let genes = genes.iter().map(|gene| (*gene).to_owned()).collect();
        self.symbols.dates.insert(date.to_owned(), genes);
    }

    /// The gene that the name in a gene column stands for, where it stands for one only.
    #[must_use]
    pub fn symbol_named(&self, name: &str) -> Option<Named<'_>> {
        if let Some((index, damaged)) = self.gene_sense(name) {
            let symbol = self.genes[index].symbol.as_str();
            let standing = match (damaged, symbol == name) {
                (true, _) => Standing::Damaged,
                (false, true) => Standing::Approved,
                (false, false) => Standing::Alias,
            };
            return Some(Named { symbol, standing });
        }
        match self.symbols.meant(name)[..] {
            [(standing, symbol)] => Some(Named { symbol, standing }),
            _ => None,
        }
    }

    /// What a text in a gene column is. The answer is kept, for a table says the same in row after row.
    pub(crate) fn in_column(&self, text: &str) -> InColumn {
        self.seen_in_columns.get_or(text, || {
            if let Some(named) = self.symbol_named(text) {
                InColumn::Symbol(named.symbol.to_owned(), named.standing)
            } else if self.symbols_meant(text).is_empty() {
                InColumn::Unknown(self.likeness(text))
            } else {
                InColumn::Several
            }
        })
    }

    /// The genes that a name can stand for, when they are several.
    #[must_use]
    pub fn symbols_meant(&self, name: &str) -> Vec<&str> {
        let meant = self.symbols.meant(name);
        if meant.len() < 2 || self.symbol_named(name).is_some() {
            return Vec::new();
        }
        meant.into_iter().map(|(_, symbol)| symbol).collect()
    }

    /// The genes that a spreadsheet can have turned into this date; none when it is no such date.
    #[must_use]
    pub fn genes_of_date(&self, month: &str, number: &str) -> &[String] {
        let number = number.trim_start_matches('0');
        let key = format!("{}-{number}", month.to_lowercase());
        self.symbols.dates.get(&key).map_or(&[], Vec::as_slice)
    }

    /// How much a text looks like one gene symbol.
    #[must_use]
    pub fn likeness(&self, text: &str) -> Likeness {
        if self.symbol_named(text).is_some() || !self.symbols_meant(text).is_empty() {
            return Likeness::Known;
        }
        let families = self
            .symbols
            .families
            .get_or_init(|| RegexSet::new(&self.symbols.patterns).ok());
        if families
            .as_ref()
            .is_some_and(|families| families.is_match(text))
        {
            return Likeness::Family;
        }
        let symbol = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '@' | '-');
        let shaped = text.chars().all(symbol)
            && text.chars().any(|c| c.is_ascii_alphabetic())
            && text.starts_with(|c: char| c.is_ascii_alphanumeric());
        if shaped {
            Likeness::Shape
        } else {
            Likeness::No
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_can_mean_two_genes_means_neither() {
        let mut vocab = Vocab::default();
        vocab.add_symbol("SEPTIN9", &["MSF"], &["AF17q25"]);
        vocab.add_symbol("PRG4", &[], &["MSF"]);
        vocab.add_symbol("C11orf95", &[], &[]);
        assert_eq!(vocab.symbol_named("MSF"), None);
        assert_eq!(vocab.symbols_meant("MSF"), ["SEPTIN9", "PRG4"]);
        let found = vocab.symbol_named("AF17q25").unwrap();
        assert_eq!((found.symbol, found.standing), ("SEPTIN9", Standing::Alias));
        assert_eq!(vocab.symbol_named("C11ORF95").unwrap().symbol, "C11orf95");
    }

    #[test]
    fn an_approved_symbol_is_never_another_genes_alias() {
        let mut vocab = Vocab::default();
        vocab.add_symbol("TAK1", &[], &[]);
        vocab.add_symbol("MAP3K7", &["TAK1"], &[]);
        assert_eq!(vocab.symbol_named("TAK1").unwrap().symbol, "TAK1");
        assert_eq!(vocab.symbols_meant("TAK1"), Vec::<&str>::new());
    }
}
