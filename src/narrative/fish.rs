//! FISH results in report text.
//!
//! ```text
//! result  = gene ... (status-word | signal-word) [percent] ["of" number nuclei] ["(" cut-off percent ")"]
//! ```
//!
//! The status comes from the words first and from the cut-off second; a percentage with neither is not
//! positive. Isolated 5' and atypical signals are equivocal unless the report calls them.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::case::fish::{Fish, Status};
use crate::case::percent::Percent;
use crate::narrative::clause::{
    clauses, has, has_cue, has_result, ihc_and_fish, speaks_of_fish, statements,
};
use crate::narrative::fusion::context;
use crate::narrative::karyotype;
use crate::narrative::lex::{Kind, Tokens};
use crate::narrative::outline::Setting;
use crate::narrative::passed::passed;
use crate::source::Source;
use crate::vocab::{Assay, Cue, Polarity, Role, Section, Word};

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
#[derive(Debug, Clone, Default)]
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

static OF_NUCLEI: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:\b(\d{1,4})\s*(?:/|of|out of)\s*)?\b(\d{1,4})\s+(?:interphase\s+)?(?:nuclei|cells|tumou?r cells)\b")
        .expect("a constant pattern")
});

// `38/100`, not a date or a length
static RATIO: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[\s:(])(\d{1,3})\s*/\s*(\d{2,4})(?:$|[\s.,;)])").expect("a constant pattern")
});
// `rearranged nuclei: 0`
static NONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:nuclei|cells|signals)\s*[:=]\s*0\s*(?:$|[.,;])")
        .expect("a constant pattern")
});

/// Reads one sentence.
pub(crate) fn read(sentence: &Tokens<'_>, setting: &Setting, source: &Source) -> Read {
    let mut out = Read::default();
    if passed(sentence).is_some() {
        return out;
    }
    out.facts = karyotype::nuc_ish(sentence, source);
    if !out.facts.is_empty() {
        out.used.extend(0..sentence.len());
        for fact in &mut out.facts {
            place_in(setting, fact);
        }
        return out;
    }
    let named = kinase(sentence);
    for clause in clauses(sentence) {
        if !speaks_of_fish(&sentence.slice(clause.clone()), setting.section) {
            continue;
        }
        for range in statements(sentence, clause) {
            let part = sentence.slice(range.clone());
            if has_cue(&part, Cue::Hypothetical) || has_cue(&part, Cue::Control) {
                continue;
            }
            let genes = genes(&part);
            // `ALK positive by IHC and FISH` is a stain too.
            if !ihc_and_fish(&part) {
                out.used.extend(genes.iter().map(|i| i + range.start));
            }
            one(&part, &genes, named.as_deref(), setting, source, &mut out);
        }
    }
    out
}

/// Reads one result.
fn one(
    part: &Tokens<'_>,
    genes: &[usize],
    named: Option<&str>,
    setting: &Setting,
    source: &Source,
    out: &mut Read,
) {
    let found = numbers(part);
    let status = status(part, &found);
    let mut targets = targets(part, genes, status);
    if targets.is_empty() {
        if let (Some(status), Some(last)) = (status, out.facts.last_mut())
            && last.status == Status::Equivocal
            && said(part)
        {
            // `isolated signals in 40 of 100 cells; positive`
            last.status = status;
            return;
        }
        if let (Some(gene), true, Some(_)) = (named, out.facts.is_empty() && said(part), status) {
            // `ALK: IHC negative; FISH positive`
            targets.push(gene.to_owned());
        } else {
            if out.facts.is_empty() && (found.percent.is_some() || found.pattern.is_some()) {
                out.more = out.more.take().or(Some(found));
            }
            return;
        }
    }
    let Some(status) = status else { return };
    for gene in targets {
        let mut fact = Fish::new(&gene, status, source.place(part.range()));
        found.clone().fill(&mut fact);
        let usual = part.vocab().gene(&gene).and_then(|g| g.fish_cutoff);
        let usual = usual.and_then(|cutoff| Percent::parse(&cutoff.to_string()));
        if fact.status == Status::Positive
            && fact.cutoff_percent.is_none()
            && let (Some(percent), Some(usual)) = (fact.percent, usual)
            && percent < usual
        {
            // Called rearranged with fewer nuclei than count: a person has to say which is right.
            fact.status = Status::Equivocal;
        }
        if fact.status == Status::Equivocal
            && let (Some(percent), Some(cutoff)) = (fact.percent, fact.cutoff_percent)
            && fact.pattern.is_none()
            && !has_result(part, Polarity::Equivocal)
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

/// Tokens that name genes.
fn genes(tokens: &Tokens<'_>) -> Vec<usize> {
    (0..tokens.len())
        .filter(|i| tokens.get(*i).is_some_and(|t| tokens.gene(t).is_some()))
        .collect()
}

/// The one kinase a sentence names.
fn kinase(sentence: &Tokens<'_>) -> Option<String> {
    let kinases: BTreeSet<&str> = sentence
        .iter()
        .filter_map(|t| sentence.gene(t))
        .filter(|(gene, _)| gene.three_prime_kinase)
        .map(|(gene, _)| gene.symbol.as_str())
        .collect();
    (kinases.len() == 1).then(|| kinases.into_iter().map(str::to_owned).collect())
}

/// Whether a result stands in words.
fn said(part: &Tokens<'_>) -> bool {
    has(part, |w| {
        matches!(
            w,
            Word::Result(
                Polarity::Positive
                    | Polarity::Negative
                    | Polarity::Pending
                    | Polarity::Failed
                    | Polarity::NotDone,
                _
            )
        )
    })
}

/// The genes a result is about: every gene of a list that is negative; the kinases of one that is not.
fn targets(part: &Tokens<'_>, genes: &[usize], status: Option<Status>) -> Vec<String> {
    let named = || {
        genes
            .iter()
            .filter_map(|i| part.gene(part.get(*i)?).map(|(gene, _)| gene))
    };
    let kinases: BTreeSet<String> = named()
        .filter(|g| g.three_prime_kinase)
        .map(|g| g.symbol.clone())
        .collect();
    let all: BTreeSet<String> = named().map(|g| g.symbol.clone()).collect();
    if status == Some(Status::Negative) && genes.len() > 1 && !has(part, |w| *w == Word::Joined) {
        all.into_iter().collect()
    } else if kinases.is_empty() {
        named()
            .next()
            .map(|g| g.symbol.clone())
            .into_iter()
            .collect()
    } else {
        kinases.into_iter().collect()
    }
}

fn place_in(setting: &Setting, fact: &mut Fish) {
    fact.context = context(setting);
    fact.specimen.clone_from(&setting.specimen);
    fact.date = setting.date;
    fact.version = setting.version;
}

fn status(clause: &Tokens<'_>, found: &Numbers) -> Option<Status> {
    let signal = |wanted: &str| has(clause, |w| matches!(w, Word::Signal(s) if s == wanted));
    let positive = has_result(clause, Polarity::Positive);
    if has_result(clause, Polarity::Failed) {
        return Some(Status::Failed);
    }
    if has_result(clause, Polarity::Pending) {
        return Some(if positive {
            Status::Equivocal
        } else {
            Status::Pending
        });
    }
    if has_result(clause, Polarity::NotDone) {
        return Some(Status::NotDone);
    }
    if has_result(clause, Polarity::Equivocal) {
        return Some(Status::Equivocal);
    }
    let rearranged = has(clause, |w| *w == Word::Rearrangement);
    let detected = has(clause, |w| *w == Word::Detected);
    // `rearrangement positive: no`
    let no = clause.len() > 1
        && clause
            .get(clause.len() - 1)
            .is_some_and(|t| clause.is(t, &Word::Negation))
        && clause
            .get(clause.len() - 2)
            .is_some_and(|t| t.kind == Kind::Mark(':'));
    let denied = has(clause, |w| {
        matches!(w, Word::Role(Role::Denied) | Word::Neither)
    }) || no
        || negated(clause)
        || found.percent == Some(Percent::ZERO);
    let below = found
        .percent
        .zip(found.cutoff_percent)
        .is_some_and(|(percent, cutoff)| percent < cutoff);
    if below {
        // The number contradicts `positive`; without it, it is the result.
        return Some(if positive {
            Status::Equivocal
        } else {
            Status::Negative
        });
    }
    if has_result(clause, Polarity::Negative) || denied {
        return Some(Status::Negative);
    }
    if positive || signal("abnormal") || bracket_sign(clause) == Some('+') {
        return Some(Status::Positive);
    }
    if signal("normal") || bracket_sign(clause) == Some('-') {
        return Some(Status::Negative);
    }
    // A negation that does not reach the rearrangement, or a question, leaves it open.
    let open =
        has(clause, |w| *w == Word::Negation) || clause.iter().any(|t| t.kind == Kind::Mark('?'));
    if rearranged && open {
        return None;
    }
    if rearranged && !asks(clause) {
        return Some(Status::Positive);
    }
    let odd = signal("isolated_5_prime") || signal("isolated_3_prime") || signal("atypical");
    // Extra copies are no rearrangement, and a percentage alone is no verdict; the cut-off may make it one.
    let unclear = odd || signal("amplified") || found.percent.is_some();
    (unclear || (signal("split") && detected)).then_some(Status::Equivocal)
}

/// `FISH for ALK rearrangement` names the test.
fn asks(clause: &Tokens<'_>) -> bool {
    let rearrangement = clause
        .iter()
        .position(|t| clause.is(t, &Word::Rearrangement));
    rearrangement.is_some_and(|at| {
        // `ALK rearrangement FISH` is the name of the test.
        let named = at + 2 == clause.len()
            && clause.get(at + 1).is_some_and(|t| {
                clause
                    .words(t)
                    .any(|w| matches!(w, Word::Section(Section::Fish) | Word::Assay(Assay::Fish)))
            });
        named
            || (0..at).any(|i| {
                clause
                    .get(i)
                    .is_some_and(|t| clause.text_of(t) == "for" && clause.is(t, &Word::Preposition))
            }) && !has(clause, |w| *w == Word::Detected)
    })
}

/// `no rearrangement of A`, `not rearranged`, `kein Nachweis einer A-Translokation`: a negation before a
/// finding, with nothing between the two but genes and a few other words.
fn negated(clause: &Tokens<'_>) -> bool {
    (0..clause.len()).any(|i| {
        let negation = clause.get(i).is_some_and(|t| clause.is(t, &Word::Negation));
        negation && reaches_finding(clause, i + 1)
    })
}

fn reaches_finding(clause: &Tokens<'_>, start: usize) -> bool {
    let (mut others, mut gene) = (0, false);
    for at in start..clause.len() {
        let Some(token) = clause.get(at) else { break };
        let found = clause.words(token).any(|w| {
            matches!(
                w,
                Word::Rearrangement
                    | Word::Detected
                    | Word::Signal(_)
                    | Word::Result(Polarity::Evidence | Polarity::Positive, _)
            )
        });
        if found {
            return true;
        }
        if clause.gene(token).is_some() {
            gene = true;
            continue;
        }
        match token.kind {
            // `no deletion, ALK rearranged`
            Kind::Mark(',') if others > 0 && !gene => return false,
            Kind::Mark(',' | '-' | '/' | '(' | ')') => {}
            Kind::Mark(_) => return false,
            _ => {
                let glue = clause.words(token).any(|w| {
                    matches!(
                        w,
                        Word::And | Word::Or | Word::Filler | Word::Preposition | Word::Copula
                    )
                });
                others += usize::from(!glue);
                if others > 4 {
                    return false;
                }
            }
        }
    }
    false
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
        let behind = clause.slice(i + 1..(i + 2).min(clause.len()));
        let cutoff = |w: &Word| *w == Word::Cutoff;
        if has(&before, cutoff) || has(&behind, cutoff) {
            out.cutoff_percent = out.cutoff_percent.or(Some(percent));
        } else {
            out.percent = out.percent.or(Some(percent));
        }
    }
    let ratio = |c: &regex::Captures<'_>| {
        let count = |i| c.get(i).and_then(|m| m.as_str().parse::<u32>().ok());
        Percent::of(count(1)?, count(2)?)
    };
    if let Some(found) = RATIO.captures(clause.text())
        && let Some(percent) = ratio(&found)
    {
        out.percent = out.percent.or(Some(percent));
    }
    if NONE.is_match(clause.text()) {
        out.percent = out.percent.or(Some(Percent::ZERO));
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
