//! FISH results in report text.
//!
//! ```text
//! result  = gene ... (status-word | signal-word) [percent] ["of" number nuclei] ["(" cut-off percent ")"]
//! ```
//!
//! The status comes from the words first and from the cut-off second; a percentage with neither is not
//! positive. Isolated 5' and atypical signals are equivocal unless the report calls them.

use std::collections::BTreeSet;

use crate::case::fish::{Fish, Status};
use crate::case::percent::Percent;
use crate::narrative::clause::{
    clauses, has, has_cue, has_result, ihc_and_fish, speaks_of_fish, statements,
};
use crate::narrative::fusion::context;
use crate::narrative::karyotype;
use crate::narrative::lex::{Kind, Tokens};
use crate::narrative::outline::{Setting, is_result_label};
use crate::narrative::passed::passed;
use crate::source::Source;
use crate::vocab::{Assay, Cue, Polarity, Section, Word};

mod numbers;
mod signal;
mod status;

pub(crate) use numbers::Numbers;
use numbers::numbers;
use status::status;

/// What a sentence says of FISH.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) facts: Vec<Fish>,
    /// Tokens that stand for genes here.
    pub(crate) used: Vec<usize>,
    /// Numbers of a sentence that names no gene: they belong to the result before it.
    pub(crate) more: Option<Numbers>,
}

/// Reads one sentence.
///
/// `subject` is the gene of the probe that the sentences before are about, for one that names no gene.
pub(crate) fn read(
    sentence: &Tokens<'_>,
    setting: &Setting,
    source: &Source,
    subject: Option<&str>,
) -> Read {
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
    let subject = subject.filter(|_| first_gene(sentence).is_none() && !other_label(sentence));
    let about = About {
        named: named.as_deref(),
        subject,
    };
    for clause in clauses(sentence) {
        let part = sentence.slice(clause.clone());
        // `62 of 100 nuclei split; cut-off 15 %`
        let cutoff = !out.facts.is_empty() && has(&part, |w| *w == Word::Cutoff);
        if !(cutoff || speaks_of_fish(&part, setting.section)) {
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
            one(&part, &genes, &about, setting, source, &mut out);
        }
    }
    out
}

/// What a result without a gene of its own may be about.
struct About<'a> {
    /// The one kinase of the sentence.
    named: Option<&'a str>,
    /// The gene of the probe described before.
    subject: Option<&'a str>,
}

/// `WGS: result awaited` behind a FISH result is about something else; `Interpretation: positive` is not.
fn other_label(sentence: &Tokens<'_>) -> bool {
    let colon = (1..4).find(|i| (sentence.get(*i)).is_some_and(|t| t.kind == Kind::Mark(':')));
    colon.is_some_and(|colon| {
        (sentence.slice(0..colon).iter())
            .any(|t| t.kind == Kind::Other && !is_result_label(sentence.text_of(t)))
    })
}

/// The first gene that a sentence names.
pub(crate) fn first_gene(sentence: &Tokens<'_>) -> Option<String> {
    sentence
        .iter()
        .find_map(|t| sentence.gene(t))
        .map(|(gene, _)| gene.symbol.clone())
}

/// Reads one result.
fn one(
    part: &Tokens<'_>,
    genes: &[usize],
    about: &About<'_>,
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
            // A number alone does not undo a stated `equivocal`.
            && (said(part) || (status == Status::Negative && found.percent.is_none()))
        {
            // `isolated signals in 40 of 100 cells; positive`
            last.status = status;
            return;
        }
        if let Some(last) = out.facts.last_mut()
            && (found.cutoff_percent.is_some() || found.percent.is_some())
        {
            // `62 of 100 nuclei split; cut-off 15 %`
            found.fill(last);
            by_cutoff(last);
            return;
        }
        let own = out.facts.is_empty()
            || has(part, |w| {
                matches!(w, Word::Section(Section::Fish) | Word::Assay(Assay::Fish))
            });
        let counted = found.percent.is_some() && found.cutoff_percent.is_some();
        let worded = said(part) || counted || found.pattern.is_some() || calls(part);
        if let (Some(gene), true, Some(_)) = (about.named, own && said(part), status) {
            // `ALK: IHC negative; FISH positive`
            targets.push(gene.to_owned());
        } else if let (Some(gene), true, Some(_)) =
            (about.subject, out.facts.is_empty() && worded, status)
        {
            // `Probe 1: ALK break-apart.` and, below it, `Abnormal: 67 of 100 nuclei. Positive.`
            targets.push(gene.to_owned());
        } else {
            let counted = found.percent.is_some()
                || found.pattern.is_some()
                || found.cutoff_percent.is_some()
                || found.cells.is_some();
            if out.facts.is_empty() && counted {
                match &mut out.more {
                    Some(more) => more.add(found),
                    None => out.more = Some(found),
                }
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
        if !has_result(part, Polarity::Equivocal) {
            by_cutoff(&mut fact);
        }
        let amplified = amplified(part);
        let kinase = part
            .vocab()
            .gene(&gene)
            .is_some_and(|g| g.three_prime_kinase);
        // `FISH for MDM2 amplification: not amplified`
        let none = fact.status == Status::Negative && !kinase;
        if amplified && fact.pattern.is_none() && !none {
            fact.pattern = Some("amplified".to_owned());
        }
        // Copies of a gene that is no fusion kinase: `MDM2: amplified`.
        if fact.status == Status::Equivocal
            && amplified
            && !kinase
            && !has_result(part, Polarity::Equivocal)
        {
            fact.status = Status::Positive;
        }
        // Copies of a kinase are no break: `ALK: positive for amplification`.
        if fact.status == Status::Positive
            && amplified
            && kinase
            && fact.percent.is_none()
            && !has(part, |w| {
                *w == Word::Rearrangement
                    || matches!(w, Word::Signal(s) if s == "split" || s == "abnormal")
            })
        {
            fact.status = Status::Equivocal;
        }
        place_in(setting, &mut fact);
        out.facts.push(fact);
    }
}

/// Whether extra copies are stated, and not denied close before.
fn amplified(part: &Tokens<'_>) -> bool {
    (0..part.len()).any(|at| {
        let said = part.get(at).is_some_and(|t| {
            part.words(t)
                .any(|w| matches!(w, Word::Signal(s) if s == "amplified"))
        });
        let before = part.slice(at.saturating_sub(4)..at);
        said && !has(&before, |w| {
            matches!(
                w,
                Word::Negation | Word::Neither | Word::Result(Polarity::Negative, _)
            )
        })
    })
}

/// An open result with a percentage and a cut-off is what the two say.
fn by_cutoff(fact: &mut Fish) {
    if fact.status == Status::Equivocal
        && fact.pattern.is_none()
        && let (Some(percent), Some(cutoff)) = (fact.percent, fact.cutoff_percent)
    {
        fact.status = if percent >= cutoff {
            Status::Positive
        } else {
            Status::Negative
        };
    }
}

/// The gene and the cut-off of a sentence that describes the test: `nuclei with 15% or more are positive`.
pub(crate) fn cutoff(sentence: &Tokens<'_>) -> Option<(String, Percent)> {
    let fish = has(sentence, |w| {
        matches!(
            w,
            Word::Signal(_) | Word::Section(Section::Fish) | Word::Assay(Assay::Fish)
        )
    });
    let counts = has(sentence, |w| {
        matches!(
            w,
            Word::Cutoff | Word::Cue(Cue::Method) | Word::Result(Polarity::Positive, _)
        )
    });
    let found = numbers(sentence);
    let percent = found
        .cutoff_percent
        .or(found.percent)
        .filter(|_| fish && counts)?;
    Some((kinase(sentence)?, percent))
}

/// The result of a subject that another part of the sentence corrects.
pub(crate) fn corrected(
    subject: &Tokens<'_>,
    result: &Tokens<'_>,
    setting: &Setting,
    source: &Source,
) -> Vec<Fish> {
    let found = numbers(result);
    let Some(status) = status(result, &found) else {
        return Vec::new();
    };
    let place = source.place(subject.range().start..result.range().end);
    let mut out = Vec::new();
    for gene in targets(subject, &genes(subject), Some(status)) {
        let mut fact = Fish::new(&gene, status, place.clone());
        found.clone().fill(&mut fact);
        place_in(setting, &mut fact);
        out.push(fact);
    }
    out
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

/// Whether a part calls the result in words of the method.
fn calls(part: &Tokens<'_>) -> bool {
    has_result(part, Polarity::Equivocal)
        || has(part, |w| {
            matches!(w, Word::Signal(s) if s == "normal" || s == "abnormal" || s == "amplified")
                || *w == Word::Rearrangement
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
