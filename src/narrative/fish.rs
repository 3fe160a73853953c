//! FISH results in report text.
//!
//! ```text
//! result  = gene ... (status-word | signal-word) [percent] ["of" number nuclei] ["(" cut-off percent ")"]
//! iscn    = "nuc ish" "(" gene "x2" ")" "(" "5'" gene ("sep" | "con") "3'" gene ... ")" "[" number "/" number "]"
//! ```
//!
//! The status comes from the words first and from the cut-off second; a percentage with neither is not
//! positive. Isolated 5' and atypical signals are equivocal unless the report calls them.

use std::sync::LazyLock;

use regex::Regex;

use crate::case::fish::{Fish, Status};
use crate::case::percent::Percent;
use crate::narrative::clause::{clauses, has, has_cue, has_result, speaks_of_fish};
use crate::narrative::fusion::context;
use crate::narrative::lex::{Kind, Token, Tokens};
use crate::narrative::outline::Setting;
use crate::narrative::passed::passed;
use crate::source::Source;
use crate::vocab::{Cue, Polarity, Word};

/// What a sentence says of FISH.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) facts: Vec<Fish>,
    /// Tokens that stand for genes here.
    pub(crate) used: Vec<usize>,
    /// Numbers of a sentence that names no gene: they belong to the result before it.
    pub(crate) more: Option<Numbers>,
}

/// What is counted in a FISH result.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    pub(crate) percent: Option<Percent>,
    pub(crate) cutoff_percent: Option<Percent>,
    pub(crate) cells: Option<u32>,
    pub(crate) pattern: Option<String>,
}

impl Numbers {
    /// Fills what a result does not say itself.
    pub(crate) fn fill(self, fact: &mut Fish) {
        fact.percent = fact.percent.or(self.percent);
        fact.cutoff_percent = fact.cutoff_percent.or(self.cutoff_percent);
        fact.cells = fact.cells.or(self.cells);
        fact.pattern = fact.pattern.take().or(self.pattern);
    }
}

static ISCN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"nuc ish\s*\(([A-Za-z0-9]+)x\d\)\s*\(5'([A-Za-z0-9]+)\s+(sep|con)\s+3'[^)]*\)\s*(?:\[(\d{1,4})/(\d{1,4})\])?")
        .expect("a constant pattern")
});
static OF_NUCLEI: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:\b(\d{1,4})\s*(?:/|of|out of)\s*)?\b(\d{1,4})\s+(?:interphase\s+)?(?:nuclei|cells|tumou?r cells)\b")
        .expect("a constant pattern")
});

/// Reads one sentence.
pub(crate) fn read(sentence: &Tokens<'_>, setting: &Setting, source: &Source) -> Read {
    let mut out = Read::default();
    if passed(sentence).is_some() {
        return out;
    }
    if let Some(fact) = iscn(sentence, setting, source) {
        out.used.extend(0..sentence.len());
        out.facts.push(fact);
        return out;
    }
    for range in clauses(sentence) {
        let clause = sentence.slice(range.clone());
        if !speaks_of_fish(&clause, setting.section) || has_cue(&clause, Cue::Hypothetical) {
            continue;
        }
        let genes: Vec<usize> = (0..clause.len())
            .filter(|i| clause.get(*i).is_some_and(|t| clause.gene(t).is_some()))
            .collect();
        out.used.extend(genes.iter().map(|i| i + range.start));
        let Some(gene) = target(&clause, &genes) else {
            let found = numbers(&clause);
            if out.facts.is_empty() && (found.percent.is_some() || found.pattern.is_some()) {
                out.more = out.more.or(Some(found));
            }
            continue;
        };
        if let Some(status) = status(&clause) {
            let mut fact = Fish::new(&gene, status, source.place(clause.range()));
            numbers(&clause).fill(&mut fact);
            if fact.status == Status::Equivocal
                && let (Some(percent), Some(cutoff)) = (fact.percent, fact.cutoff_percent)
                && fact.pattern.is_none()
                && !has_result(&clause, Polarity::Equivocal)
            {
                fact.status = if percent >= cutoff {
                    Status::Positive
                } else {
                    Status::Negative
                };
            }
            place_in(setting, &mut fact);
            out.facts.push(fact);
        }
    }
    out
}

/// The gene a clause is about: the kinase where it names several.
fn target(clause: &Tokens<'_>, genes: &[usize]) -> Option<String> {
    let named = || {
        genes
            .iter()
            .filter_map(|i| clause.gene(clause.get(*i)?).map(|(gene, _)| gene))
    };
    named()
        .find(|g| g.three_prime_kinase)
        .or_else(|| named().next())
        .map(|g| g.symbol.clone())
}

fn place_in(setting: &Setting, fact: &mut Fish) {
    fact.context = context(setting);
    fact.specimen.clone_from(&setting.specimen);
    fact.date = setting.date;
    fact.version = setting.version;
}

// iscn = "nuc ish" "(" gene "x2" ")" "(" "5'" gene ("sep" | "con") ... ")" ["[" n "/" m "]"]
fn iscn(sentence: &Tokens<'_>, setting: &Setting, source: &Source) -> Option<Fish> {
    let found = ISCN.captures(sentence.text())?;
    let gene = sentence.vocab().gene_named(&found[1])?;
    let status = if &found[3] == "sep" {
        Status::Positive
    } else {
        Status::Negative
    };
    let start = sentence.range().start;
    let whole = found.get(0)?;
    let mut fact = Fish::new(
        &gene.symbol,
        status,
        source.place(start + whole.start()..start + whole.end()),
    );
    let count = |i| found.get(i).and_then(|m| m.as_str().parse::<u32>().ok());
    if let (Some(split), Some(cells)) = (count(4), count(5)) {
        fact.percent = Percent::of(split, cells);
        fact.cells = Some(cells);
    }
    place_in(setting, &mut fact);
    Some(fact)
}

fn status(clause: &Tokens<'_>) -> Option<Status> {
    let signal = |wanted: &str| has(clause, |w| matches!(w, Word::Signal(s) if s == wanted));
    if has_result(clause, Polarity::Failed) {
        return Some(Status::Failed);
    }
    if has_result(clause, Polarity::Pending) {
        return Some(Status::Pending);
    }
    if has_result(clause, Polarity::NotDone) {
        return Some(Status::NotDone);
    }
    if has_result(clause, Polarity::Equivocal) {
        return Some(Status::Equivocal);
    }
    let rearranged = has(clause, |w| *w == Word::Rearrangement);
    let found = has(clause, |w| *w == Word::Detected);
    if has_result(clause, Polarity::Negative) || signal("normal") || negated(clause) {
        return Some(Status::Negative);
    }
    if has_result(clause, Polarity::Positive)
        || signal("abnormal")
        || bracket_sign(clause) == Some('+')
    {
        return Some(Status::Positive);
    }
    if bracket_sign(clause) == Some('-') {
        return Some(Status::Negative);
    }
    if rearranged && !asks(clause) {
        return Some(Status::Positive);
    }
    let odd = signal("isolated_5_prime") || signal("isolated_3_prime") || signal("atypical");
    let counted = clause.iter().any(|t| t.kind == Kind::Mark('%'));
    if signal("amplified") {
        return Some(Status::Positive);
    }
    // A percentage alone is no verdict; the cut-off may make it one.
    (odd || counted || (signal("split") && found)).then_some(Status::Equivocal)
}

/// `FISH for ALK rearrangement` names the test.
fn asks(clause: &Tokens<'_>) -> bool {
    let rearrangement = clause
        .iter()
        .position(|t| clause.is(t, &Word::Rearrangement));
    rearrangement.is_some_and(|at| {
        (0..at).any(|i| {
            clause
                .get(i)
                .is_some_and(|t| clause.text_of(t) == "for" && clause.is(t, &Word::Preposition))
        }) && !has(clause, |w| *w == Word::Detected)
    })
}

fn negated(clause: &Tokens<'_>) -> bool {
    (0..clause.len()).any(|i| {
        let here = |k: usize, wanted: fn(&Word) -> bool| {
            clause
                .get(k)
                .is_some_and(|t: &Token<'_>| clause.words(t).any(wanted))
        };
        here(i, |w| *w == Word::Negation)
            && (i + 1..i + 5).any(|k| {
                here(k, |w| {
                    matches!(
                        w,
                        Word::Rearrangement
                            | Word::Detected
                            | Word::Signal(_)
                            | Word::Result(Polarity::Evidence, _)
                    )
                })
            })
    })
}

fn bracket_sign(clause: &Tokens<'_>) -> Option<char> {
    (0..clause.len().saturating_sub(2)).find_map(|i| {
        match (
            clause.get(i)?.kind,
            clause.get(i + 1)?.kind,
            clause.get(i + 2)?.kind,
        ) {
            (Kind::Mark('('), Kind::Mark(sign @ ('+' | '-')), Kind::Mark(')')) => Some(sign),
            _ => None,
        }
    })
}

/// Percentage of nuclei, number of nuclei, cut-off, pattern.
fn numbers(clause: &Tokens<'_>) -> Numbers {
    let mut out = Numbers::default();
    for i in 1..clause.len() {
        let (Some(number), Some(sign)) = (clause.get(i - 1), clause.get(i)) else {
            continue;
        };
        if number.kind != Kind::Number || sign.kind != Kind::Mark('%') {
            continue;
        }
        let Some(percent) = Percent::parse(clause.text_of(number)) else {
            continue;
        };
        let before = clause.slice(i.saturating_sub(6)..i - 1);
        if has(&before, |w| *w == Word::Cutoff) {
            out.cutoff_percent = out.cutoff_percent.or(Some(percent));
        } else {
            out.percent = out.percent.or(Some(percent));
        }
    }
    if let Some(found) = OF_NUCLEI.captures(clause.text()) {
        let count = |i| found.get(i).and_then(|m| m.as_str().parse::<u32>().ok());
        out.cells = count(2);
        if let (Some(split), Some(cells)) = (count(1), count(2)) {
            out.percent = out.percent.or(Percent::of(split, cells));
        }
    }
    out.pattern = clause.iter().find_map(|t| {
        clause.words(t).find_map(|w| match w {
            Word::Signal(s) if s.starts_with("isolated") || s == "atypical" => Some(s.clone()),
            _ => None,
        })
    });
    out
}
