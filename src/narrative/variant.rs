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
use crate::narrative::lex::{Kind, Tokens};
use crate::narrative::outline::{Setting, assay};
use crate::narrative::quantity;
use crate::source::Source;
use crate::vocab::{Assay, Cue, Figure, Polarity, Section, Word};

mod change;

pub(crate) use change::short_form;
use change::{Change, changes};

static FRACTION: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(\d{1,3}(?:[.,]\d{1,2})?)\s*[%％]").expect("a constant pattern"));

/// Why a named change gave no fact.
pub(crate) const NOT_SAID: &str = "a variant that is named without saying that it was found";

/// Most bytes between a gene and a change that are shown as one.
const NEAR: usize = 60;
/// Most bytes behind a change in which its list ends.
const TAIL: usize = 240;

/// What was found in a sentence.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) facts: Vec<(Variant, Range<usize>)>,
    pub(crate) unread: Vec<(Range<usize>, &'static str)>,
}

/// Tokens that name a gene whose protein change stands right behind it.
pub(crate) fn changed(words: &Tokens<'_>) -> Vec<usize> {
    let start = words.range().start;
    let text = words.text();
    let changes = changes(text);
    (0..words.len())
        .filter(|i| {
            words.get(*i).is_some_and(|t| {
                let end = t.end - start;
                changes.iter().any(|c| {
                    c.range.start >= end
                        && c.range.start <= end + 3
                        && text[end..c.range.start]
                            .trim_matches([' ', '\t', '(', ':'])
                            .is_empty()
                })
            })
        })
        .collect()
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
        || not_given(words)
        || has_cue(words, Cue::Performed)
        || has_result(words, Polarity::Pending)
        || has_result(words, Polarity::NotDone)
        || has_result(words, Polarity::Failed)
        || ACTIVE.is_match(text);
    if !doubted && !fusion && about {
        for part in parts(words) {
            let range = words.slice(part.clone()).range();
            let changed = found
                .iter()
                .any(|c| range.contains(&(start + c.range.start)));
            if !changed {
                let part = words.slice(part);
                let values = crate::narrative::date::within(values, &range);
                gene_level(&part, &values, setting, source, &mut out);
            }
        }
    }
    if found.is_empty() {
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
    let sentence = Sentence {
        words,
        genes: &genes,
        found: &found,
        told: molecular || FOUND.is_match(text),
        setting,
        source,
    };
    for index in 0..found.len() {
        sentence.one(index, &mut out);
    }
    out
}

/// A sentence with its genes and changes.
struct Sentence<'a> {
    words: &'a Tokens<'a>,
    genes: &'a [(Range<usize>, &'a str)],
    found: &'a [Change],
    /// It says that something was found, or stands among molecular results.
    told: bool,
    setting: &'a Setting,
    source: &'a Source,
}

impl Sentence<'_> {
    /// The words of a piece of the text.
    fn part(&self, range: Range<usize>) -> Tokens<'_> {
        crate::narrative::date::within(self.words, &range)
    }

    /// The bytes before a change that speak of it: from the change before it, or the last semicolon.
    fn lead(&self, index: usize) -> Range<usize> {
        let start = self.words.range().start;
        let end = self.found[index].range.start;
        let from = index
            .checked_sub(1)
            .and_then(|i| self.found.get(i))
            .map_or(0, |c| c.range.end)
            .min(end);
        let text = self.words.text().get(from..end).unwrap_or_default();
        let last = text.rsplit([';', '；', '。']).next().unwrap_or_default();
        start + end - last.len()..start + end
    }

    /// The bytes behind a change that speak of it: to the next change, the next gene or a semicolon.
    fn own(&self, index: usize) -> Range<usize> {
        let start = self.words.range().start;
        let text = self.words.text();
        let from = self.found[index].range.end;
        let next = self
            .found
            .get(index + 1)
            .map_or(text.len(), |c| c.range.start);
        let gene = self
            .genes
            .get(self.genes.partition_point(|(g, _)| g.start < start + from))
            .map_or(text.len(), |(g, _)| g.start - start);
        let own = text.get(from..next.min(gene).max(from)).unwrap_or_default();
        let own = own.split([';', '；', '。']).next().unwrap_or_default();
        start + from..start + from + own.len()
    }

    /// The bytes behind a change to the end of its statement, where the result of a list stands.
    fn tail(&self, index: usize) -> Range<usize> {
        let start = self.words.range().start;
        let text = self.words.text();
        let from = self.found[index].range.end;
        let stop = text.floor_char_boundary(text.len().min(from + TAIL));
        let tail = text.get(from..stop).unwrap_or_default();
        let tail = tail.split([';', '；', '。']).next().unwrap_or_default();
        start + from..start + from + tail.len()
    }

    fn text(&self, range: &Range<usize>) -> &str {
        let start = self.words.range().start;
        let inside = range.start.saturating_sub(start)..range.end.saturating_sub(start);
        self.words.text().get(inside).unwrap_or_default()
    }

    /// The gene before a change; one behind it only where none stands before (`G1202R mutation in ALK`).
    fn gene(&self, range: &Range<usize>) -> Option<&(Range<usize>, &str)> {
        let next = self.genes.partition_point(|(g, _)| g.end <= range.start);
        let before = next.checked_sub(1).and_then(|i| self.genes.get(i));
        before.or_else(|| self.genes.get(next).filter(|(g, _)| g.start >= range.end))
    }

    /// Reads one change.
    fn one(&self, index: usize, out: &mut Read) {
        let change = &self.found[index];
        let start = self.words.range().start;
        let range = start + change.range.start..start + change.range.end;
        let Some((gene_range, gene)) = self.gene(&range) else {
            return;
        };
        let (lead, own) = (self.lead(index), self.own(index));
        let (before, behind) = (self.part(lead.clone()), self.part(own.clone()));
        let tail = self.part(self.tail(index));
        let denies = |t: &Tokens<'_>| {
            has(t, |w| matches!(w, Word::Negation | Word::Neither))
                || has_result(t, Polarity::Negative)
        };
        // A list shares the negation before its first and the result behind its last.
        let listed = index > 0 && joined(self.text(&lead));
        let last = out.facts.last();
        let absent = denies(&behind)
            || denies(&before)
            || absent_word(self.text(&own))
            || (listed && last.is_some_and(|(v, _)| v.status == Status::NotDetected));
        let vaf = if absent {
            None
        } else {
            fraction(self.text(&own))
        };
        let said = vaf.is_some()
            || change.formal
            || self.told
            || has(&tail, |w| *w == Word::Detected)
            || has(&before, |w| *w == Word::Detected)
            || has_result(&tail, Polarity::Positive);
        if !absent && !said {
            out.unread.push((range, NOT_SAID));
            return;
        }
        if absent && listed {
            self.deny_list(index, out);
        }
        let status = if absent {
            Status::NotDetected
        } else {
            Status::Detected
        };
        let whole = gene_range.start.min(range.start)..range.end.max(gene_range.end);
        let place = if whole.end - whole.start <= NEAR {
            whole
        } else {
            range
        };
        let mut fact = Variant::new(gene, status, self.source.place(place.clone()));
        fact.protein_change = Some(change.name.clone());
        fact.vaf = vaf;
        settle(&mut fact, self.setting);
        let known = out.facts.iter().any(|(v, _)| {
            v.gene == fact.gene
                && v.protein_change == fact.protein_change
                && v.status == fact.status
        });
        if !known {
            out.facts.push((fact, place));
        }
    }

    /// `G1202R and L1196M were not detected`: the denial behind the last is of the whole list.
    fn deny_list(&self, index: usize, out: &mut Read) {
        let mut at = index;
        for (earlier, _) in out.facts.iter_mut().rev() {
            if earlier.vaf.is_some() || earlier.protein_change.is_none() {
                return;
            }
            earlier.status = Status::NotDetected;
            let Some(before) = at.checked_sub(1).filter(|i| *i > 0) else {
                return;
            };
            at = before;
            if !joined(self.text(&self.lead(at))) {
                return;
            }
        }
    }
}

static FOUND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:acquired|harbou?r(?:s|ed|ing)?|carri(?:es|ed)|emerged|positive|identified|detected|found|confirmed|revealed|showed|shows)\b|检出|阳性|发现|nachgewiesen|détectée?|detectad[ao]|aangetoond")
        .expect("a constant pattern")
});
/// A drug that is not given; `7 % before crizotinib` only says when.
fn not_given(words: &Tokens<'_>) -> bool {
    words.iter().any(|t| {
        words.is(t, &Word::Cue(Cue::NotGiven)) && !words.text_of(t).eq_ignore_ascii_case("before")
    })
}

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

/// The parts of a sentence between semicolons.
fn parts(words: &Tokens<'_>) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for (at, token) in words.iter().enumerate() {
        if token.kind == Kind::Mark(';') {
            out.push(start..at);
            start = at + 1;
        }
    }
    out.push(start..words.len());
    out
}

/// `no ALK kinase domain mutation`, `KRAS, NRAS: wild-type`, `EGFR and KRAS: no mutation detected`
fn gene_level(
    words: &Tokens<'_>,
    values: &Tokens<'_>,
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
    // `ALK(-),P53(野生型)` among stains.
    let stains = setting.section == Some(Section::Ihc) && !mutation;
    if pattern || stains || !(wild || (mutation && denied)) {
        return;
    }
    for token in words.iter() {
        let Some((gene, _)) = words.gene(token) else {
            continue;
        };
        if out.facts.iter().any(|(v, _)| v.gene == gene.symbol) {
            continue;
        }
        let place = source.place(token.start..token.end);
        let mut fact = Variant::new(&gene.symbol, Status::NotDetected, place);
        settle(&mut fact, setting);
        out.facts.push((fact, words.range()));
    }
}
