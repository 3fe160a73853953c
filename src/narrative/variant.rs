//! Small variants by protein change: resistance mutations of ALK and other drivers.
//!
//! ```text
//! variant   = gene ... change [ "(" coding ")" ] [ [vaf-word] number "%" ]
//! change    = "p." [ "(" ] amino position amino [ ")" ] | amino1 position amino1
//!           | amino position "ins" amino | position amino "ins" | span ( "ins" | "del" | "dup" ) ...
//! gene-level = negation ... genes ... "mutation" | genes "wild-type"
//! ```
//!
//! A change without `p.` is read only beside its gene, and never where stains are read: `P504S` and `S100P` are
//! antibodies. It is a finding where the sentence says that it was found, gives an allele fraction, or stands among
//! molecular results; possibilities, panel contents and knowledge of drugs give none.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::case::percent::Percent;
use crate::case::variant::{Status, Variant};
use crate::narrative::clause::{has, has_cue, has_result};
use crate::narrative::lex::Tokens;
use crate::narrative::outline::{Setting, assay};
use crate::narrative::quantity;
use crate::source::Source;
use crate::vocab::{Assay, Cue, Figure, Polarity, Section, Word};

static CHANGE: LazyLock<Regex> = LazyLock::new(|| {
    let amino3 = "Ala|Arg|Asn|Asp|Cys|Gln|Glu|Gly|His|Ile|Leu|Lys|Met|Phe|Pro|Ser|Thr|Trp|Tyr|Val|Ter|del|dup|Sec";
    Regex::new(&format!(
        r"(?x)
        (?P<p>\bp\s?\.\s?\(?)
          (?P<a>(?:{amino3}|[ACDEFGHIKLMNPQRSTVWY]))(?P<n>\d{{1,5}})
          (?:_(?P<a2>(?:{amino3}|[ACDEFGHIKLMNPQRSTVWY]))(?P<n2>\d{{1,5}}))?
          (?P<b>(?:{amino3}|[ACDEFGHIKLMNPQRSTVWYX*=]|ins|fs)(?:[A-Za-z0-9*]*))?
        | \b(?P<sa>[ACDEFGHIKLMNPQRSTVWY])(?P<sn>\d{{2,5}})(?:_(?P<sa2>[ACDEFGHIKLMNPQRSTVWY])(?P<sn2>\d{{2,5}}))?(?P<sb>(?:ins|del|dup|fs)[A-Za-z0-9*]{{0,12}}|[ACDEFGHIKLMNPQRSTVWY]\b|\*)
        | \b(?P<in>\d{{3,5}})(?P<ia>[ACDEFGHIKLMNPQRSTVWY])ins\b"
    ))
    .expect("a constant pattern")
});
static FRACTION: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(\d{1,3}(?:[.,]\d{1,2})?)\s*[%％]").expect("a constant pattern"));

const AMINO: [(&str, char); 22] = [
    ("Ala", 'A'),
    ("Arg", 'R'),
    ("Asn", 'N'),
    ("Asp", 'D'),
    ("Cys", 'C'),
    ("Gln", 'Q'),
    ("Glu", 'E'),
    ("Gly", 'G'),
    ("His", 'H'),
    ("Ile", 'I'),
    ("Leu", 'L'),
    ("Lys", 'K'),
    ("Met", 'M'),
    ("Phe", 'F'),
    ("Pro", 'P'),
    ("Ser", 'S'),
    ("Thr", 'T'),
    ("Trp", 'W'),
    ("Tyr", 'Y'),
    ("Val", 'V'),
    ("Ter", '*'),
    ("Sec", 'U'),
];

/// Why a named change gave no fact.
pub(crate) const NOT_SAID: &str = "a variant that is named without saying that it was found";

/// What was found in a sentence.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) facts: Vec<(Variant, Range<usize>)>,
    pub(crate) unread: Vec<(Range<usize>, &'static str)>,
}

/// One-letter form of a protein change.
pub(crate) fn short_form(text: &str) -> String {
    let mut out = text.to_owned();
    for (long, short) in AMINO {
        out = out.replace(long, &short.to_string());
    }
    out
}

/// A change as found.
struct Change {
    name: String,
    range: Range<usize>,
    /// Written with `p.`.
    formal: bool,
}

fn changes(text: &str) -> Vec<Change> {
    let mut out = Vec::new();
    for found in CHANGE.captures_iter(text) {
        let Some(whole) = found.get(0) else { continue };
        let get = |name: &str| found.name(name).map_or("", |m| m.as_str());
        let name = if found.name("p").is_some() {
            let Some(tail) = found.name("b").map(|m| m.as_str()) else {
                continue;
            };
            let second = if get("a2").is_empty() {
                String::new()
            } else {
                format!("_{}{}", get("a2"), get("n2"))
            };
            short_form(&format!(
                "{}{}{second}{}",
                get("a"),
                get("n"),
                tail.replace('X', "*")
            ))
        } else if found.name("in").is_some() {
            // 1151Tins is T1151insT.
            format!("{0}{1}ins{0}", get("ia"), get("in"))
        } else {
            let second = if get("sa2").is_empty() {
                String::new()
            } else {
                format!("_{}{}", get("sa2"), get("sn2"))
            };
            format!("{}{}{second}{}", get("sa"), get("sn"), get("sb"))
        };
        // A silent change is none.
        if name.ends_with('=') {
            continue;
        }
        out.push(Change {
            name,
            range: whole.range(),
            formal: found.name("p").is_some(),
        });
    }
    out
}

/// Reads one sentence: `words` for the report grammar, `values` for the dictionary of values.
pub(crate) fn read(
    words: &Tokens<'_>,
    values: &Tokens<'_>,
    setting: &Setting,
    source: &Source,
) -> Read {
    let mut out = Read::default();
    let genes: Vec<(Range<usize>, &str)> = words
        .iter()
        .filter_map(|t| {
            words
                .gene(t)
                .map(|(g, _)| (t.start..t.end, g.symbol.as_str()))
        })
        .collect();
    if genes.is_empty() {
        return out;
    }
    let start = words.range().start;
    let text = words.text();
    let marker = |range: &Range<usize>| {
        words.iter().any(|t| {
            t.start < range.end
                && range.start < t.end
                && words.marker(t).is_some()
                && words.gene(t).is_none()
        })
    };
    let found: Vec<Change> = changes(text)
        .into_iter()
        .filter(|c| c.formal || !marker(&(start + c.range.start..start + c.range.end)))
        .collect();
    let stained = matches!(assay(words), Some(Assay::Ihc))
        || (setting.section == Some(Section::Ihc) && !found.iter().any(|c| c.formal));
    let fusion = has(words, |w| matches!(w, Word::Rearrangement));
    let about = quantity::has(values, |f| matches!(f, Figure::Mutation | Figure::WildType));
    if stained || (found.is_empty() && !about) {
        return out;
    }
    let doubted = has_cue(words, Cue::Hypothetical)
        || has_cue(words, Cue::NotGiven)
        || has_cue(words, Cue::Performed)
        || has_result(words, Polarity::Pending)
        || has_result(words, Polarity::NotDone)
        || has_result(words, Polarity::Failed)
        || ACTIVE.is_match(text);
    if found.is_empty() {
        if !doubted && !fusion {
            gene_level(words, values, &genes, setting, source, &mut out);
        }
        return out;
    }
    if doubted {
        for change in found {
            let range = start + change.range.start..start + change.range.end;
            out.unread.push((range, "a possibility, not a result"));
        }
        return out;
    }
    let molecular = setting.section == Some(Section::Molecular)
        || has(words, |w| {
            matches!(
                w,
                Word::Assay(Assay::Sequencing | Assay::Rna | Assay::Dna)
                    | Word::Section(Section::Molecular)
            )
        });
    for (index, change) in found.iter().enumerate() {
        let range = start + change.range.start..start + change.range.end;
        // The gene before it; behind it only for the first (`G1202R mutation in ALK`).
        let before = genes.iter().rev().find(|(g, _)| g.end <= range.start);
        let Some((gene_range, gene)) =
            before.or_else(|| genes.iter().find(|(g, _)| g.start >= range.end))
        else {
            continue;
        };
        // To the next change or the next gene, whatever comes first.
        let next = found.get(index + 1).map_or(text.len(), |c| c.range.start);
        let next_gene = genes
            .iter()
            .map(|(g, _)| g.start - start)
            .find(|g| *g >= change.range.end)
            .unwrap_or(text.len());
        let end = next.min(next_gene).max(change.range.end);
        let own = text.get(change.range.end..end).unwrap_or_default();
        let own = own.split([';', '；', '。']).next().unwrap_or_default();
        let from = index
            .checked_sub(1)
            .and_then(|i| found.get(i))
            .map_or(0, |c| c.range.end);
        let lead_end = change.range.start;
        let lead = text.get(from.min(lead_end)..lead_end).unwrap_or_default();
        let lead = lead.rsplit([';', '；', '。']).next().unwrap_or_default();
        let part = |piece: &str, at: usize| {
            let a = words.partition_point(|t| t.start < at);
            let b = words.partition_point(|t| t.end <= at + piece.len());
            words.slice(a..b.max(a))
        };
        let lead_at = start + lead_end - lead.len();
        let behind = part(own, range.end);
        let before_words = part(lead, lead_at);
        let denies = |t: &Tokens<'_>| {
            has(t, |w| matches!(w, Word::Negation | Word::Neither))
                || has_result(t, Polarity::Negative)
        };
        // A list shares the negation before its first and the result behind its last.
        let list = text.get(change.range.end..).unwrap_or_default();
        let tail_at = range.end;
        let tail = list.split([';', '；', '。']).next().unwrap_or_default();
        let tail_words = part(tail, tail_at);
        let absent = denies(&behind)
            || denies(&before_words)
            || absent_word(own)
            || (index > 0
                && joined(lead)
                && out
                    .facts
                    .last()
                    .is_some_and(|(v, _)| v.status == Status::NotDetected));
        let vaf = if absent { None } else { fraction(own) };
        let said = vaf.is_some()
            || molecular
            || change.formal
            || has(&tail_words, |w| *w == Word::Detected)
            || has(&before_words, |w| *w == Word::Detected)
            || has_result(&tail_words, Polarity::Positive)
            || FOUND.is_match(text);
        if !absent && !said {
            out.unread.push((range, NOT_SAID));
            continue;
        }
        let status = if absent {
            Status::NotDetected
        } else {
            Status::Detected
        };
        let first = gene_range.start.min(range.start);
        let whole = first..range.end.max(gene_range.end);
        let near = whole.end - whole.start <= 60;
        let place = if near { whole } else { range };
        let mut fact = Variant::new(gene, status, source.place(place.clone()));
        fact.protein_change = Some(change.name.clone());
        fact.vaf = vaf;
        settle(&mut fact, setting);
        let known = out.facts.iter().any(|(v, _)| {
            v.gene == fact.gene
                && v.protein_change == fact.protein_change
                && v.status == fact.status
        });
        if !known {
            out.facts.push((fact, place));
        }
    }
    out
}

static FOUND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:acquired|harbou?r(?:s|ed|ing)?|carri(?:es|ed)|emerged|positive|identified|detected|found|confirmed|revealed|showed|shows)\b|检出|阳性|发现|nachgewiesen|détectée?|detectad[ao]|aangetoond")
        .expect("a constant pattern")
});
/// What a drug does against a variant is knowledge.
static ACTIVE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:active against|activity against|overcomes?|sensitive to|resistance to|confers?|commonest|most common|most frequent|emerge\b|may emerge|covers?|including hotspots?|panel includes|genes? (?:tested|analy[sz]ed)|hotspots?|is recommended|testing for)\b")
        .expect("a constant pattern")
});

fn joined(lead: &str) -> bool {
    lead.len() <= 8
}

fn absent_word(text: &str) -> bool {
    let text = text.to_lowercase();
    [
        "absent",
        "not detected",
        "negative",
        "wild-type",
        "wild type",
        "阴性",
        "未检出",
        "nicht nachgewiesen",
    ]
    .iter()
    .any(|word| text.contains(word))
}

fn fraction(text: &str) -> Option<Percent> {
    let found = FRACTION.captures(text)?;
    Percent::parse(&found[1].replace(',', "."))
}

fn settle(fact: &mut Variant, setting: &Setting) {
    fact.context = crate::narrative::fusion::context(setting);
    fact.specimen.clone_from(&setting.specimen);
    fact.date = setting.date;
    fact.version = setting.version;
}

/// `no ALK kinase domain mutation`, `KRAS, NRAS: wild-type`, `EGFR and KRAS: no mutation detected`
fn gene_level(
    words: &Tokens<'_>,
    values: &Tokens<'_>,
    genes: &[(Range<usize>, &str)],
    setting: &Setting,
    source: &Source,
    out: &mut Read,
) {
    let denied = has(words, |w| matches!(w, Word::Negation | Word::Neither))
        || has_result(words, Polarity::Negative);
    let wild = quantity::has(values, |f| *f == Figure::WildType);
    let mutation = quantity::has(values, |f| *f == Figure::Mutation);
    // p53 by its pattern is a stain.
    let pattern = words.text().to_lowercase().contains("pattern") || words.text().contains("表型");
    if pattern || !(wild || (mutation && denied)) {
        return;
    }
    for (range, gene) in genes {
        if out.facts.iter().any(|(v, _)| v.gene == *gene) {
            continue;
        }
        let mut fact = Variant::new(gene, Status::NotDetected, source.place(range.clone()));
        settle(&mut fact, setting);
        out.facts.push((fact, words.range()));
    }
}
