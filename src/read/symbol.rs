//! Gene cells of caller tables.

use std::sync::LazyLock;

use regex::Regex;

use crate::diag::{Code, Diagnostic};
use crate::source::Place;
use crate::vocab::Vocab;

/// What a gene cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum GeneCell {
    /// A symbol, aliases resolved to the approved one.
    Symbol(String),
    /// One breakpoint between genes, such as `GENE1(1122),GENE2(2233)`: no partner gene.
    Intergenic,
    /// Something that is no gene symbol.
    Other,
}

static SYMBOL: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[A-Za-z][A-Za-z0-9._@/-]*$").expect("a constant pattern"));
static INTERGENIC: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[^,()]+\(\d+\)(,[^,()]+\(\d+\))*$").expect("a constant pattern")
});
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(\d{1,2}-(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-\d{1,2})$")
        .expect("a constant pattern")
});

/// Reads a gene cell; what is no symbol is reported and never guessed.
pub(super) fn gene(
    cell: &str,
    place: impl FnOnce() -> Place,
    vocab: &Vocab,
    diagnostics: &mut Vec<Diagnostic>,
) -> GeneCell {
    if INTERGENIC.is_match(cell) {
        return GeneCell::Intergenic;
    }
    if SYMBOL.is_match(cell) && !DATE.is_match(cell) {
        let symbol = vocab
            .gene_named(cell)
            .map_or(cell, |gene| gene.symbol.as_str());
        return GeneCell::Symbol(symbol.to_owned());
    }
    let (message, help) = if DATE.is_match(cell) {
        (
            "a date where a gene symbol belongs",
            "a spreadsheet has probably turned a symbol such as SEPTIN2 or MARCHF1 into a date; export again without it",
        )
    } else {
        ("this is no gene symbol", "expected a symbol such as IGFBP5")
    };
    diagnostics.push(
        Diagnostic::warning(Code::NotAGene, message)
            .at(place(), "partner not read")
            .help(help),
    );
    GeneCell::Other
}
