//! A list of fusions, one a line, in any of the notations of one string. Not a caller's output: what the list stands
//! for is not said, so nothing is known of reads or frame.
//!
//! | notation | example | order |
//! |---|---|---|
//! | pairs | `A--B`, `A::B`, `A->B`, `A>>B` | 5' first |
//! | plain pairs | `A-B`, `A/B` | as written, which promises nothing |
//! | HGVS | `NM_152263.2:r.-115_775::NM_002609.3:r.1580_*1924` | 5' first |
//! | VICC | `NM_152263.3(TPM3):e.8::NM_002529.3(NTRK1):e.10`, `?::ALK` | 5' first |
//! | COSMIC | `EML4{NM_019063.3}:r.1_1751_ALK{NM_004304.3}:r.4080_6220`, or `::` between | 5' first |
//!
//! The sample may stand before each, in a cell of its own, and a line of headings above (`sample`, `fusion`).
//!
//! `v::ALK` stands for a class of fusions and is no finding: it is kept as inconclusive.

use std::sync::LazyLock;

use regex::Regex;

use crate::case::fusion::{Fusion, Method, Status};
use crate::diag::{Code, Diagnostic};
use crate::read::layout::{Promise, pair_call};
use crate::read::lines::{Line, lines};
use crate::read::symbol::split_pair;
use crate::read::{Evidence, Format, Reading};
use crate::source::{Place, Source};
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format = Format::own(
    "simple-list",
    "a list of fusions, one a line: pairs, HGVS, VICC or COSMIC notation",
    detect,
    read,
);

static PAIR: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[A-Za-z][A-Za-z0-9._@-]*(?:--|::|->|>>)[A-Za-z][A-Za-z0-9._@-]*$"));
/// Hyphen and slash stand in many a word: both sides must be written as symbols are.
static PLAIN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^[A-Z][A-Za-z0-9.@]{2,}(?:-[A-Za-z0-9.@]+)*[-/–—][A-Z][A-Z0-9.@]{2,}(?:-[A-Z0-9.@]+)*$",
    )
});
/// A side of VICC notation, or a linker between two.
static VICC: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x)^(?:
            (?P<class>[v?])
            |(?P<transcript>[A-Z]{2,4}_?\d+(?:\.\d+)?)\((?P<gene>[A-Za-z0-9._@-]+)\):e\.(?P<exon>\d+)(?:[+-]\d+)?(?:_\d+(?:[+-]\d+)?)?
            |reg_[^@]+@(?P<regulated>[A-Za-z0-9._@-]+)\(hgnc:\d+\)
            |(?P<named>[A-Za-z0-9._@-]+)\(hgnc:\d+\)
            |(?P<bare>[A-Z][A-Za-z0-9._@-]+)
        )$",
    )
});
static LINKER: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[ACGT]+$"));
/// A side of HGVS notation; the gene may stand beside the transcript.
static HGVS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?P<transcript>[A-Z]{2,4}_?\d+(?:\.\d+)?)(?:[({](?P<gene>[A-Za-z0-9._@-]+)[)}])?:r\.[0-9?*+()_-]+$",
    )
});
/// A segment of COSMIC notation, at the start of what is left.
static COSMIC: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:_|::)?o?(?P<gene>[A-Za-z][A-Za-z0-9.@-]*)[{(](?P<transcript>[A-Z]{2,4}_?\d+(?:\.\d+)?)[)}]:r\.[0-9?*+()-]+(?:_[0-9?*+()-]+)?",
    )
});

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a constant pattern")
}

/// One end of a fusion.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Side {
    gene: String,
    transcript: Option<String>,
    exon: Option<String>,
}

/// A line that was understood.
#[derive(Debug, PartialEq, Eq)]
struct Written {
    notation: &'static str,
    sides: [Side; 2],
    promise: Promise,
    /// It stands for a class of fusions.
    class: bool,
}

/// Reads a line in any notation but that of plain pairs.
fn notation(line: &str) -> Option<Written> {
    let written = |notation, five: Side, three: Side| Written {
        notation,
        sides: [five, three],
        promise: Promise::First,
        class: false,
    };
    let segments = cosmic(line);
    if let [five, .., three] = &segments[..] {
        return Some(written("cosmic", five.clone(), three.clone()));
    }
    let parts: Vec<&str> = line.split("::").map(str::trim).collect();
    if let [first, middle @ .., last] = &parts[..]
        && !parts[1..].is_empty()
        && middle
            .iter()
            .all(|part| LINKER.is_match(part) || VICC.is_match(part))
    {
        let hgvs = [first, last].map(|part| HGVS.captures(part));
        if let [Some(five), Some(three)] = &hgvs {
            let side = |found: &regex::Captures<'_>| Side {
                gene: found.name("gene").map_or("", |m| m.as_str()).to_owned(),
                transcript: Some(found["transcript"].to_owned()),
                exon: None,
            };
            return Some(written("hgvs", side(five), side(three)));
        }
        let vicc = [first, last].map(|part| VICC.captures(part));
        if let [Some(five), Some(three)] = &vicc {
            let side = |found: &regex::Captures<'_>| {
                let named = ["gene", "regulated", "named", "bare"]
                    .into_iter()
                    .find_map(|name| found.name(name));
                let part = |name: &str| found.name(name).map(|m| m.as_str().to_owned());
                Side {
                    gene: named.map_or("", |m| m.as_str()).to_owned(),
                    transcript: part("transcript"),
                    exon: part("exon"),
                }
            };
            let open = |found: &regex::Captures<'_>, mark: &str| {
                found.name("class").is_some_and(|m| m.as_str() == mark)
            };
            if !(PAIR.is_match(line) && middle.is_empty()) {
                return Some(Written {
                    class: open(five, "v") || open(three, "v"),
                    ..written("vicc", side(five), side(three))
                });
            }
        }
    }
    None
}

/// The segments of COSMIC notation, all of the line or none.
fn cosmic(line: &str) -> Vec<Side> {
    let mut rest = line;
    let mut out: Vec<Side> = Vec::new();
    while let Some(found) = COSMIC.captures(rest) {
        out.push(Side {
            gene: found["gene"].to_owned(),
            transcript: Some(found["transcript"].to_owned()),
            exon: None,
        });
        rest = &rest[found[0].len()..];
    }
    if rest.is_empty() { out } else { Vec::new() }
}

/// What a column of fusions is headed with, above a list with samples.
const HEADINGS: [&str; 5] = ["fusion", "fusions", "fusion_name", "gene_fusion", "pair"];

/// The sample and the fusion of a line that has a cell for each.
fn with_sample(line: &str) -> Option<(&str, &str)> {
    let mut cells = line.split(['\t', ',']);
    let [sample, fusion] = [cells.next()?, cells.next()?].map(str::trim);
    let named = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let plain = !sample.is_empty() && sample.chars().all(named);
    (plain && cells.next().is_none()).then_some((sample, fusion))
}

fn is_heading(line: &str) -> bool {
    let heading = |(_, fusion): (&str, &str)| {
        let mut headings = HEADINGS.iter();
        headings.any(|heading| fusion.eq_ignore_ascii_case(heading))
    };
    with_sample(line).is_some_and(heading)
}

/// Which notation a line is in; plain pairs only where a list may hold them.
fn dialect(line: &str, plain: bool) -> Option<&'static str> {
    match notation(line) {
        Some(written) => Some(written.notation),
        None if PAIR.is_match(line) => Some("pairs"),
        None => (plain && PLAIN.is_match(line)).then_some("plain-pairs"),
    }
}

fn detect(source: &Source) -> Option<Evidence> {
    let text = source.text();
    let mut lines: Vec<&str> = source
        .lines()
        .map(|(_, line)| text[line].trim())
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    // One such line may be a heading, a stain or half a sentence.
    let plain = lines.len() > 1;
    if let Some(dialect) = dialect(lines.first()?, plain) {
        let fits = |line: &&str| self::dialect(line, true).is_some();
        return lines.iter().all(fits).then(|| Evidence {
            dialect,
            found: "one fusion on every line".to_owned(),
        });
    }
    // Without a heading one such line may be a sentence.
    if is_heading(lines[0]) {
        lines.remove(0);
    } else if !plain {
        return None;
    }
    let fits = |line: &&str| {
        let fusion = with_sample(line).map(|(_, fusion)| fusion);
        fusion.is_some_and(|fusion| self::dialect(fusion, true).is_some())
    };
    (!lines.is_empty() && lines.iter().all(fits)).then(|| Evidence {
        dialect: "by-sample",
        found: "a sample and one fusion on every line".to_owned(),
    })
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    lines(source, |line, range, reading| {
        let text = line.trim();
        if text.is_empty() || text.starts_with('#') || is_heading(text) {
            return Line::Other;
        }
        let (sample, text) = match with_sample(text) {
            Some((sample, fusion)) if dialect(text, true).is_none() => (Some(sample), fusion),
            _ => (None, text),
        };
        let out = &mut reading.diagnostics;
        let place = source.place(range);
        let fusion = match notation(text) {
            Some(written) => Some(noted(&written, &place, vocab, out)),
            None => pair(text, &place, vocab, out),
        };
        let Some(mut fusion) = fusion else {
            out.push(
                Diagnostic::warning(Code::NotAGene, "a line that is no pair of genes")
                    .at(place, "expected A::B"),
            );
            return Line::Failed;
        };
        text.clone_into(&mut fusion.as_written);
        fusion.method = Method::Unspecified;
        fusion.sample = sample.map(str::to_owned);
        // A list may hold targets as well as findings: a person has to say which.
        fusion.confidence = Some("low".to_owned());
        Line::Call(Box::new(fusion))
    })
}

/// Two genes with a mark between them; none where a plain line is no pair.
fn pair(text: &str, place: &Place, vocab: &Vocab, out: &mut Vec<Diagnostic>) -> Option<Fusion> {
    let ordered = ["::", "--", "->", ">>"]
        .iter()
        .any(|mark| text.contains(mark));
    let promise = if ordered {
        Promise::First
    } else {
        Promise::Nothing
    };
    let marks = ["::", "--", "->", ">>", "–", "—", "/", "-"];
    let cells = split_pair(text, &marks, vocab).told(|| place.clone(), out);
    let alone = !ordered && cells[1].is_empty() && !vocab.likeness(&cells[0]).is_named();
    (!alone).then(|| pair_call(cells, promise, place, vocab, out))
}

fn noted(written: &Written, place: &Place, vocab: &Vocab, out: &mut Vec<Diagnostic>) -> Fusion {
    let cells = written.sides.each_ref().map(|side| {
        let by_transcript = || {
            let transcript = side.transcript.as_deref()?;
            vocab.gene_of_transcript(transcript)
        };
        if side.gene.is_empty() {
            by_transcript().unwrap_or_default().to_owned()
        } else {
            side.gene.clone()
        }
    });
    let mut fusion = pair_call(cells, written.promise, place, vocab, out);
    let [five, three] = &written.sides;
    fusion.reported_exons = [five.exon.clone(), three.exon.clone()];
    fusion.reported_transcripts = [five.transcript.clone(), three.transcript.clone()];
    if written.class {
        fusion.status = Status::Inconclusive;
        out.push(
            Diagnostic::warning(
                Code::NotCurrent,
                "a class of fusions, not a finding in a sample",
            )
            .at(place.clone(), "kept as inconclusive")
            .help("`?` is a partner that is not known, `v` any of several"),
        );
    }
    fusion
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sides(line: &str) -> Option<(&'static str, String, String)> {
        let found = notation(line)?;
        let shown = |side: &Side| {
            let parts = [
                Some(side.gene.clone()),
                side.transcript.clone(),
                side.exon.clone(),
            ];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
        };
        let [five, three] = &found.sides;
        Some((found.notation, shown(five), shown(three)))
    }

    #[test]
    fn notations_of_one_string() {
        for (line, notation, five, three) in [
            (
                "NM_152263.2:r.-115_775::NM_002609.3:r.1580_*1924",
                "hgvs",
                " NM_152263.2",
                " NM_002609.3",
            ),
            (
                "NM_152263.2:r.?_775::NM_002609.3:r.1580_?",
                "hgvs",
                " NM_152263.2",
                " NM_002609.3",
            ),
            (
                "NM_152263.3(TPM3):e.8::NM_002529.3(NTRK1):e.10",
                "vicc",
                "TPM3 NM_152263.3 8",
                "NTRK1 NM_002529.3 10",
            ),
            (
                "NM_152263.3(TPM3):e.2+182::ACGT::NM_004304.5(ALK):e.20",
                "vicc",
                "TPM3 NM_152263.3 2",
                "ALK NM_004304.5 20",
            ),
            ("?::ALK", "vicc", "", "ALK"),
            ("v::ALK(hgnc:427)", "vicc", "", "ALK"),
            (
                "reg_e_GRCh38(chr6):g.1_2@IGH(hgnc:5477)::MYC(hgnc:7553)",
                "vicc",
                "IGH",
                "MYC",
            ),
            (
                "AKAP9{ENST00000356239}:r.1_3551+364_BRAF{ENST00000288602}:r.1202-1794_2480",
                "cosmic",
                "AKAP9 ENST00000356239",
                "BRAF ENST00000288602",
            ),
            (
                "EML4{NM_019063.3}:r.1_1751::ALK{NM_004304.3}:r.4080_6220",
                "cosmic",
                "EML4 NM_019063.3",
                "ALK NM_004304.3",
            ),
            (
                "SRGAP3{NM_014850.2}:r.1_1667_SRGAP3{NM_014850.2}:r.1700_1800_RAF1{NM_002880.3}:r.1249_3216",
                "cosmic",
                "SRGAP3 NM_014850.2",
                "RAF1 NM_002880.3",
            ),
        ] {
            let expected = (notation, five.to_owned(), three.to_owned());
            assert_eq!(sides(line), Some(expected), "{line}");
        }
        assert_eq!(sides("EML4::ALK"), None, "a pair");
        assert_eq!(sides("ER::PR and others"), None);
    }
}
