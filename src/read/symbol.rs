//! Gene cells of caller tables, and pairs of genes in one cell.
//!
//! A symbol is read as the approved one; the cell as written stays beside it. A spreadsheet's date is read only where
//! it can have been one gene, a damaged spelling only where the gene table lists it, and both are recorded as repairs.
//! What is no symbol is reported and never guessed.

use std::sync::LazyLock;

use regex::Regex;

use crate::case::Repair;
use crate::diag::{Code, Diagnostic};
use crate::source::Place;
use crate::vocab::{InColumn, Likeness, Standing, Vocab};

/// What a gene cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum GeneCell {
    /// A symbol, aliases resolved to the approved one, with what was repaired to read it.
    Symbol(String, Option<Repair>),
    /// One breakpoint between genes, such as `GENE1(1122),GENE2(2233)`: no partner gene.
    Intergenic,
    /// Something that is no gene symbol.
    Other,
}

impl GeneCell {
    /// The symbol; the repair goes to `repairs`.
    pub(super) fn symbol(self, repairs: &mut Vec<Repair>) -> Option<String> {
        match self {
            Self::Symbol(symbol, repair) => {
                repairs.extend(repair);
                Some(symbol)
            }
            Self::Intergenic | Self::Other => None,
        }
    }
}

static DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^(?:
            (?P<day>\d{1,2})-(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)
            |(?P<first>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-(?P<number>\d{1,2})
        )$",
    )
    .expect("a constant pattern")
});

/// Reads a gene cell; what is no symbol is reported and never guessed.
pub(super) fn gene(
    cell: &str,
    place: impl FnOnce() -> Place,
    vocab: &Vocab,
    diagnostics: &mut Vec<Diagnostic>,
) -> GeneCell {
    if is_intergenic(cell) {
        return GeneCell::Intergenic;
    }
    // `12-mar` or `mar-12` at most.
    if cell.len() <= 6
        && cell.contains('-')
        && let Some(date) = DATE.captures(cell)
    {
        let part = |a, b| {
            let part = date.name(a).or_else(|| date.name(b));
            part.map_or("", |found| found.as_str())
        };
        let genes = vocab.genes_of_date(part("month", "first"), part("day", "number"));
        return dated(cell, genes, place, diagnostics);
    }
    match vocab.in_column(cell) {
        InColumn::Symbol(symbol, Standing::Damaged) => repaired(cell, symbol, place, diagnostics),
        InColumn::Symbol(symbol, _) => GeneCell::Symbol(symbol, None),
        InColumn::Several => {
            let several = vocab.symbols_meant(cell);
            diagnostics.push(
                Diagnostic::note(
                    Code::AmbiguousName,
                    format!("`{cell}` can mean {}", several.join(" or ")),
                )
                .at(place(), "kept as written"),
            );
            GeneCell::Symbol(cell.to_owned(), None)
        }
        InColumn::Unknown(Likeness::No) => {
            diagnostics.push(
                Diagnostic::warning(Code::NotAGene, "this is no gene symbol")
                    .at(place(), "partner not read")
                    .help("expected a symbol such as IGFBP5"),
            );
            GeneCell::Other
        }
        InColumn::Unknown(_) => GeneCell::Symbol(cell.to_owned(), None),
    }
}

/// Whether a cell is a list of genes each with its distance in brackets: `GENE1(1122)`, `GENE1(1122),GENE2(2233)`.
fn is_intergenic(cell: &str) -> bool {
    cell.ends_with(')')
        && cell.split(',').all(|gene| {
            let parts = gene.strip_suffix(')').and_then(|rest| rest.split_once('('));
            parts.is_some_and(|(name, distance)| {
                let digits = !distance.is_empty() && distance.bytes().all(|b| b.is_ascii_digit());
                !name.is_empty() && !name.contains(')') && digits
            })
        })
}

fn dated(
    cell: &str,
    genes: &[String],
    place: impl FnOnce() -> Place,
    diagnostics: &mut Vec<Diagnostic>,
) -> GeneCell {
    if let [one] = genes {
        return repaired(cell, one.clone(), place, diagnostics);
    }
    let can = match genes {
        [] => "a symbol such as SEPTIN2 or MARCHF3".to_owned(),
        several => several.join(" or "),
    };
    diagnostics.push(
        Diagnostic::warning(Code::NotAGene, "a date where a gene symbol belongs")
            .at(place(), "partner not read")
            .help(format!(
                "a spreadsheet has probably turned {can} into a date; export again without it"
            )),
    );
    GeneCell::Other
}

fn repaired(
    cell: &str,
    symbol: String,
    place: impl FnOnce() -> Place,
    diagnostics: &mut Vec<Diagnostic>,
) -> GeneCell {
    diagnostics.push(
        Diagnostic::warning(Code::Repaired, format!("`{cell}` was read as {symbol}"))
            .at(place(), "repaired")
            .help("the repair is listed with the call; check the original table"),
    );
    let repair = Repair {
        from: cell.to_owned(),
        to: symbol.clone(),
    };
    GeneCell::Symbol(symbol, Some(repair))
}

static ION_TAIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\.[A-Za-z]\d+[a-z]?(?:(?:ins|del|p)\d+)*[A-Z]\d+.*$").expect("a constant pattern")
});

/// The pair at the start of a text such as `EML4-ALK fusion - Archer` or `EML4-ALK.E13A20`.
pub(super) fn pair_in_text(text: &str) -> &str {
    let lower = text.to_ascii_lowercase();
    let end = [" fusion", " rearrangement", " truncation", " ("]
        .into_iter()
        .filter_map(|word| lower.find(word))
        .min()
        .unwrap_or(text.len());
    let pair = text[..end].trim();
    let tail = ION_TAIL.find(pair).map_or(pair.len(), |tail| tail.start());
    &pair[..tail]
}

/// A pair cut in two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cut {
    /// The two sides; the second is empty where there is one gene only.
    pub(super) sides: [String; 2],
    /// Why the cut is not sure: what else it can be, in words.
    pub(super) doubt: Option<String>,
}

impl Cut {
    fn single(text: &str) -> Self {
        Self {
            sides: [text.to_owned(), String::new()],
            doubt: None,
        }
    }

    /// The sides; a doubt is reported.
    pub(super) fn told(
        self,
        place: impl FnOnce() -> Place,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> [String; 2] {
        if let Some(doubt) = self.doubt {
            diagnostics.push(
                Diagnostic::warning(Code::AmbiguousName, doubt)
                    .at(place(), "this pair")
                    .help("`A::B` or two columns leave no doubt where one symbol ends"),
            );
        }
        self.sides
    }
}

/// Cuts a pair at the first of these marks that is in it. Where the mark stands in it more than once (`HLA-A-ALK`),
/// the cut is the one that leaves two symbols the vocabulary knows best, the longest first; a pair that can be cut
/// in two ways equally well is left whole and said to be in doubt.
pub(super) fn split_pair(pair: &str, marks: &[&str], vocab: &Vocab) -> Cut {
    let Some(mark) = marks.iter().find(|mark| pair.contains(**mark)) else {
        return Cut::single(pair.trim());
    };
    let cuts: Vec<(&str, &str)> = pair
        .match_indices(mark)
        .map(|(at, mark)| (pair[..at].trim(), pair[at + mark.len()..].trim()))
        .filter(|(one, two)| !one.is_empty() && !two.is_empty())
        .collect();
    if cuts.is_empty() {
        return Cut::single(pair.trim_matches(|c: char| c.is_whitespace() || mark.contains(c)));
    }
    let hyphen = mark.chars().all(|c| c == '-') && mark.len() == 1;
    let whole = if hyphen {
        vocab.likeness(pair.trim())
    } else {
        Likeness::No
    };
    let ranked: Vec<_> = cuts
        .iter()
        .map(|(one, two)| {
            let both = [one, two].map(|side| likeness_of_side(side, vocab));
            let (low, high) = (both[0].min(both[1]), both[0].max(both[1]));
            let known = [one, two].into_iter().zip(both);
            let longest = known
                .filter(|(_, likeness)| *likeness > Likeness::Shape)
                .map(|(side, _)| side.len())
                .max()
                .unwrap_or_default();
            (low, high, longest)
        })
        .collect();
    let Some(best) = ranked.iter().copied().max() else {
        return Cut::single(pair.trim());
    };
    let mut winners = cuts.iter().zip(&ranked).filter(|(_, rank)| **rank == best);
    let (Some((&(one, two), _)), second) = (winners.next(), winners.next()) else {
        return Cut::single(pair.trim());
    };
    // `HLA-A` alone is one gene; `STX16-NPEPL1` is a gene, and can be a pair of genes.
    let pair_of_symbols = [one, two]
        .iter()
        .all(|side| side.len() > 2 && side.starts_with(|c: char| c.is_ascii_uppercase()));
    let single = match whole {
        Likeness::Known => best.0 < Likeness::Shape || !pair_of_symbols,
        Likeness::Family => best.0 < Likeness::Family,
        Likeness::Shape | Likeness::No => false,
    };
    if single {
        return Cut::single(pair.trim());
    }
    if let Some((&(other, rest), _)) = second {
        return Cut {
            doubt: Some(format!(
                "this can be {one} and {two}, or {other} and {rest}; neither was read"
            )),
            ..Cut::single(pair.trim())
        };
    }
    let doubt = (whole > Likeness::Shape).then(|| {
        format!(
            "this can be {one} and {two}, or the one gene {}",
            pair.trim()
        )
    });
    Cut {
        sides: [one.to_owned(), two.to_owned()],
        doubt,
    }
}

/// The best likeness in a list of overlapping genes.
fn likeness_of_side(side: &str, vocab: &Vocab) -> Likeness {
    side.split([';', '/', ',', '|'])
        .map(|symbol| vocab.likeness(symbol.trim()))
        .max()
        .unwrap_or(Likeness::No)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Pack;

    const MARKS: &[&str] = &["::", "--", "->", "-", "/"];

    fn cut(pair: &str) -> [String; 2] {
        split_pair(pair, MARKS, Pack::built_in().vocab()).sides
    }

    #[test]
    fn pairs_are_cut_between_genes() {
        let pack = Pack::built_in();
        for (pair, one, two) in [
            ("EML4::ALK", "EML4", "ALK"),
            ("HLA-A-ALK", "HLA-A", "ALK"),
            ("ALK-HLA-A", "ALK", "HLA-A"),
            ("HLA-DRB1-HLA-A", "HLA-DRB1", "HLA-A"),
            ("NKX2-1-ALK", "NKX2-1", "ALK"),
            ("STX16-NPEPL1--ALK", "STX16-NPEPL1", "ALK"),
            ("STX16-NPEPL1-ALK", "STX16-NPEPL1", "ALK"),
            ("IGH@::CCND1", "IGH@", "CCND1"),
            ("AC096750.1-ALK", "AC096750.1", "ALK"),
            ("TVP23C-CDRT4-ALK", "TVP23C-CDRT4", "ALK"),
            ("ALK-TVP23C-CDRT4", "ALK", "TVP23C-CDRT4"),
            ("hsa-mir-6723-ALK", "hsa-mir-6723", "ALK"),
            ("RP11-513N24.1-ALK", "RP11-513N24.1", "ALK"),
            (
                "RP11-513N24.1-RP11-356O24.1",
                "RP11-513N24.1",
                "RP11-356O24.1",
            ),
            ("ALK-XXbac-BPG252P9.9", "ALK", "XXbac-BPG252P9.9"),
            ("GS1-257G1.1-ALK", "GS1-257G1.1", "ALK"),
            ("MGEA5-like-ALK", "MGEA5-like", "ALK"),
            ("EGFR-SEPT14", "EGFR", "SEPT14"),
            ("ERVK3-1-ALK", "ERVK3-1", "ALK"),
            ("ZNF8-ERVK3-1--ALK", "ZNF8-ERVK3-1", "ALK"),
            ("MT-CO1-ALK", "MT-CO1", "ALK"),
            ("CLTC-AS1-ALK", "CLTC-AS1", "ALK"),
            ("NEWGENE-X-ALK", "NEWGENE-X", "ALK"),
            ("SLC34A2-ROS1;GOPC", "SLC34A2", "ROS1;GOPC"),
            ("PPARG/AC016683.6;PAX8", "PPARG", "AC016683.6;PAX8"),
            ("EML4->ALK", "EML4", "ALK"),
            ("ALK", "ALK", ""),
            ("HLA-A", "HLA-A", ""),
            ("NKX2-1", "NKX2-1", ""),
            ("MGEA5-like", "MGEA5-like", ""),
            ("ALK-", "ALK", ""),
        ] {
            let found = split_pair(pair, MARKS, pack.vocab());
            assert_eq!(found.sides, [one, two], "{pair}");
            assert_eq!(found.doubt, None, "{pair}");
        }
    }

    #[test]
    fn a_pair_stands_at_the_start_of_its_text() {
        for (text, pair) in [
            ("EML4-ALK", "EML4-ALK"),
            ("EML4-ALK fusion", "EML4-ALK"),
            ("EML4-ALK fusion - Archer", "EML4-ALK"),
            ("EML4-ALK.E13A20", "EML4-ALK"),
            ("EML4-ALK.E6aA20.AB374361_1", "EML4-ALK"),
            ("KIAA1549-BRAF.K16B10.COSF509", "KIAA1549-BRAF"),
            ("AC096750.1-ALK", "AC096750.1-ALK"),
        ] {
            assert_eq!(pair_in_text(text), pair, "{text}");
        }
    }

    #[test]
    fn a_pair_in_doubt_is_said_to_be() {
        let pack = Pack::built_in();
        let found = split_pair("STX16-NPEPL1", MARKS, pack.vocab());
        assert!(found.doubt.is_some(), "a read-through gene, or two genes");
        let found = split_pair("EML4-ALK-ROS1", MARKS, pack.vocab());
        assert!(found.doubt.is_some());
        assert_eq!(cut("EML4-ALK-ROS1"), ["EML4-ALK-ROS1", ""]);
    }

    #[test]
    fn a_pair_comes_back_or_is_said_to_be_in_doubt() {
        let pack = Pack::built_in();
        let vocab = pack.vocab();
        let mut genes = vec![
            "HLA-A",
            "HLA-DRB1",
            "NKX2-1",
            "STX16-NPEPL1",
            "TVP23C-CDRT4",
            "IGH@",
            "TRB@",
            "MIR21",
            "MIR17HG",
            "AC096750.1",
            "RP11-513N24.1",
            "GS1-257G1.1",
            "XXbac-BPG252P9.9",
            "MT-ND4",
            "hsa-mir-6723",
            "C2orf44",
            "ERVK3-1",
            "NPM1",
            "H2AC6",
            "KRTAP5-5",
        ];
        genes.extend(vocab.genes().iter().map(|gene| gene.symbol.as_str()));
        for joint in ["::", "--", "->", ">>", ":", "-", "/", "_", "+", "~", "–"] {
            for one in &genes {
                for two in &genes {
                    let pair = format!("{one}{joint}{two}");
                    let cut = split_pair(&pair, &[joint], vocab);
                    let same = cut.sides == [*one, *two];
                    assert!(same || cut.doubt.is_some(), "{pair}: {:?}", cut.sides);
                }
            }
        }
    }

    #[test]
    fn dates_and_damage_are_read_only_where_one_gene_fits() {
        let pack = Pack::built_in();
        let read = |cell: &str| {
            let mut out = Vec::new();
            let found = gene(cell, Place::nowhere, pack.vocab(), &mut out);
            let mut repairs = Vec::new();
            (found.symbol(&mut repairs), repairs.len(), out.len())
        };
        let some = |symbol: &str| Some(symbol.to_owned());
        assert_eq!(read("2-Sep"), (some("SEPTIN2"), 1, 1));
        assert_eq!(read("Sep-14"), (some("SEPTIN14"), 1, 1));
        assert_eq!(read("Sep-02"), (some("SEPTIN2"), 1, 1));
        assert_eq!(read("1-Mar"), (None, 0, 1), "MARCHF1 or MTARC1");
        assert_eq!(read("1-Dec"), (None, 0, 1));
        assert_eq!(read("9-Jul"), (None, 0, 1));
        assert_eq!(read("MARCH1"), (some("MARCHF1"), 0, 0));
        assert_eq!(read("SEPT14"), (some("SEPTIN14"), 0, 0));
        assert_eq!(read("FNI"), (some("FN1"), 1, 1));
        assert_eq!(read("IGH@"), (some("IGH@"), 0, 0));
        assert_eq!(read("BRD4(1122),BRD4-1(2233)"), (None, 0, 0));
        assert_eq!(read("43892"), (None, 0, 1), "a date as a number");
    }
}
