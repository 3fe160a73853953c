//! Karyotypes in ISCN notation, as far as they speak of a gene of the band table.
//!
//! ```text
//! event     = "t" "(" chromosome ";" chromosome ")" "(" band ";" band ")"
//!           | "inv" "(" chromosome ")" "(" band [";"] band ")"
//! formula   = number "," sex { "," event } [ "[" cells "]" ] { "/" ... }
//! ```
//!
//! A break in ALK's band is a rearrangement of ALK with a partner that is not known: several genes lie in every band, so
//! that the genes of the other band are named in a note and never called. Only an event that the table lists as a
//! known product (inv(2)(p21p23)) names both partners.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::case::fusion::{Fusion, Method, Orientation, OrientationFrom, Status};
use crate::diag::{Code, Diagnostic};
use crate::narrative::clause::{has, has_cue, has_result};
use crate::narrative::lex::Tokens;
use crate::narrative::outline::Setting;
use crate::source::Source;
use crate::vocab::{Cue, Polarity, Vocab, Word};

mod nuc_ish;

pub(crate) use nuc_ish::nuc_ish;

static EVENT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        \bt\s*\(\s*(?P<c1>\d{1,2}|X|Y)\s*;\s*(?P<c2>\d{1,2}|X|Y)\s*\)\s*\(\s*(?P<b1>[pq]\d{1,2}(?:\.\d{1,2})?)\s*;\s*(?P<b2>[pq]\d{1,2}(?:\.\d{1,2})?)\s*\)
        | \binv\s*\(\s*(?P<c>\d{1,2}|X|Y)\s*\)\s*\(\s*(?P<i1>[pq]\d{1,2}(?:\.\d{1,2})?)\s*[;,]?\s*(?P<i2>[pq]\d{1,2}(?:\.\d{1,2})?)\s*\)",
    )
    .expect("a constant pattern")
});
static FORMULA: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b\d{2}(?:[-~]\d{2})?\s*,\s*X[XY]?").expect("a constant pattern")
});

/// Whether a text names the bands of a translocation or an inversion: `inv(2)(p21p23)`.
pub(super) fn names_bands(text: &str) -> bool {
    EVENT.is_match(text)
}

/// What was read of a karyotype.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) facts: Vec<(Fusion, Range<usize>)>,
    pub(crate) notes: Vec<Diagnostic>,
}

/// A break of an event: chromosome and band without sub-band.
fn band(chromosome: &str, band: &str) -> String {
    let band = band.split('.').next().unwrap_or(band);
    format!("{chromosome}{band}")
}

/// Reads one sentence. `named`: a pair of genes stands in it, whose reading goes before.
pub(crate) fn read(
    sentence: &Tokens<'_>,
    setting: &Setting,
    vocab: &Vocab,
    source: &Source,
    named: impl Fn() -> bool,
) -> Read {
    let mut out = Read::default();
    let text = sentence.text();
    if vocab.bands().is_empty() || !text.contains('(') || !EVENT.is_match(text) {
        return out;
    }
    let start = sentence.range().start;
    let formula = FORMULA.is_match(text);
    let asked = has_cue(sentence, Cue::Hypothetical)
        || has(
            sentence,
            |w| matches!(w, Word::Signal(s) if s == "break_apart"),
        );
    let named = named();
    let denied = !formula
        && (has(sentence, |w| matches!(w, Word::Negation | Word::Neither))
            || has_result(sentence, Polarity::Negative));
    // Outside of a formula an event is a finding only where something says so.
    let said = formula
        || denied
        || has(sentence, |w| *w == Word::Detected)
        || has_result(sentence, Polarity::Positive)
        || text.contains("metaphase")
        || setting.assay == Some(crate::vocab::Assay::Karyotype);
    if !said || (asked && !formula) {
        return out;
    }
    for found in EVENT.captures_iter(text) {
        let Some(whole) = found.get(0) else { continue };
        let get = |name: &str| found.name(name).map(|m| m.as_str());
        let (event, first, second) = match (get("c1"), get("c2"), get("c")) {
            (Some(a), Some(b), _) => (
                "t",
                band(a, get("b1").unwrap_or_default()),
                band(b, get("b2").unwrap_or_default()),
            ),
            (_, _, Some(c)) => (
                "inv",
                band(c, get("i1").unwrap_or_default()),
                band(c, get("i2").unwrap_or_default()),
            ),
            _ => continue,
        };
        let range = start + whole.start()..start + whole.end();
        let product = product(vocab, event, &first, &second);
        let status = if denied {
            Status::NotDetected
        } else {
            Status::Detected
        };
        let mut fact = Fusion::new(status, source.place(range.clone()));
        fact.method = Method::Karyotype;
        fact.context = crate::narrative::fusion::context(setting);
        fact.version = setting.version;
        fact.sample.clone_from(&setting.sample);
        if let Some((five, three)) = product {
            if named {
                continue;
            }
            fact.as_reported = Some([five.clone(), three.clone()]);
            fact.five_prime = Some(five);
            fact.three_prime = Some(three);
            fact.orientation = Some(Orientation::Inferred);
            fact.orientation_from = Some(OrientationFrom::WrittenOrder);
            out.facts.push((fact, range));
            continue;
        }
        let bands = [&first, &second];
        let Some(gene) = vocab
            .bands()
            .iter()
            .find(|b| b.alone && bands.contains(&&b.band))
        else {
            continue;
        };
        // That one translocation was not seen says nothing of others.
        if denied {
            continue;
        }
        let other = if gene.band == first { &second } else { &first };
        out.notes.push(
            Diagnostic::note(Code::BandCandidates, candidates(vocab, &gene.gene, other))
                .at(source.place(range.clone()), "read from the bands alone")
                .help("sequence RNA to find the partner"),
        );
        fact.gene = Some(gene.gene.clone());
        out.facts.push((fact, range));
    }
    out
}

/// The pair of genes that an event between two bands is known to make.
fn product(vocab: &Vocab, event: &str, first: &str, second: &str) -> Option<(String, String)> {
    vocab.bands().iter().find_map(|five| {
        let [made_by, with] = five.product.as_ref()?;
        let both = (first == five.band && second == with) || (second == five.band && first == with);
        if made_by != event || !both {
            return None;
        }
        let three = vocab.bands().iter().find(|b| b.band == *with && b.alone)?;
        Some((five.gene.clone(), three.gene.clone()))
    })
}

/// Which genes lie in the other band, in words.
fn candidates(vocab: &Vocab, gene: &str, other: &str) -> String {
    let names: Vec<&str> = vocab
        .bands()
        .iter()
        .filter(|b| b.band == other && b.gene != gene)
        .map(|b| b.gene.as_str())
        .collect();
    if names.is_empty() {
        format!("no gene of the band table lies at {other}; the partner of {gene} is not known")
    } else {
        format!(
            "at {other} lie {}; the partner of {gene} is a candidate, not a call",
            names.join(", ")
        )
    }
}
