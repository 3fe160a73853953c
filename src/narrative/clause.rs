//! Clauses of a sentence, and the turns of phrase that take the force of a result away.

use crate::narrative::lex::{Kind, Tokens};
use crate::narrative::outline::assay;
use crate::vocab::{Assay, Cue, Gap, Polarity, Section, Word};

/// Cuts a sentence at semicolons outside brackets, contrasts, and commas before a new subject or a negation. Returns
/// index ranges into the sentence.
pub(crate) fn clauses(sentence: &Tokens<'_>) -> Vec<std::ops::Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut brackets = brackets(sentence).into_iter().peekable();
    let mut inside = 0;
    for at in 0..sentence.len() {
        if let Some((_, close)) = brackets.next_if(|(open, _)| *open == at) {
            inside = inside.max(close);
        }
        let mark = sentence
            .get(at)
            .is_some_and(|t| t.kind == Kind::Mark(';') && at < inside);
        if at > start && !mark && cuts(sentence, at) {
            out.push(start..at);
            start = at;
        }
    }
    out.push(start..sentence.len());
    out
}

/// Brackets that are closed, by where they open.
fn brackets(sentence: &Tokens<'_>) -> Vec<(usize, usize)> {
    let mut open = Vec::new();
    let mut out = Vec::new();
    for (at, token) in sentence.iter().enumerate() {
        match token.kind {
            Kind::Mark('(' | '[') => open.push(at),
            Kind::Mark(')' | ']') => out.extend(open.pop().map(|start| (start, at))),
            _ => {}
        }
    }
    out.sort_unstable();
    out
}

fn cuts(sentence: &Tokens<'_>, at: usize) -> bool {
    let Some(token) = sentence.get(at) else {
        return false;
    };
    let word = |index: usize, wanted: fn(&Word) -> bool| {
        sentence
            .get(index)
            .is_some_and(|t| sentence.words(t).any(wanted))
    };
    let contrast = |w: &Word| *w == Word::Contrast;
    if token.kind == Kind::Mark(';') {
        // `E13;A20` is one exon pair.
        let number = |i: usize| sentence.get(i).is_some_and(|t| t.kind == Kind::Number);
        let glued = sentence.get(at + 1).is_some_and(|t| t.gap == Gap::None);
        let exons = at.checked_sub(1).is_some_and(number) && number(at + 2);
        return !(glued && exons && sentence.text_of(token) == ";");
    }
    if word(at, contrast) {
        return true;
    }
    // `a fusion of A and no fusion of B`
    let negated_next = word(at, |w| *w == Word::And)
        && word(at + 1, |w| matches!(w, Word::Negation | Word::Neither))
        && has_result_before(sentence, at);
    if negated_next {
        return true;
    }
    // `A fusion detected, negative for melanoma`: the second verdict has an object of its own.
    let second_verdict = word(at, |w| matches!(w, Word::Result(Polarity::Negative, _)))
        && word(at + 1, |w| *w == Word::Preposition)
        && sentence
            .get(at + 1)
            .is_some_and(|t| sentence.text_of(t).eq_ignore_ascii_case("for"))
        && has_finding_before(sentence, at);
    if second_verdict {
        return true;
    }
    if token.kind == Kind::Mark(',') {
        let new_method = |w: &Word| {
            matches!(
                w,
                Word::Assay(_) | Word::Section(Section::Fish | Section::Molecular | Section::Ihc)
            )
        };
        let negation = |w: &Word| matches!(w, Word::Negation | Word::Neither);
        let and = |w: &Word| *w == Word::And;
        return word(at + 1, negation)
            || (1..4).any(|k| word(at + k, new_method))
            || (word(at + 1, and) && (word(at + 2, new_method) || word(at + 2, negation)));
    }
    false
}

/// Most tokens looked back for a result.
const BACK: usize = 40;

fn has_result_before(sentence: &Tokens<'_>, at: usize) -> bool {
    let near = at.saturating_sub(BACK)..at;
    sentence.slice(near).iter().any(|t| {
        sentence
            .words(t)
            .any(|w| matches!(w, Word::Detected | Word::Result(..)))
    })
}

/// A finding that stands before `at`, and nothing that turns it round.
fn has_finding_before(sentence: &Tokens<'_>, at: usize) -> bool {
    let before = sentence.slice(at.saturating_sub(BACK)..at);
    has_own_result(&before) && !has(&before, |w| *w == Word::Negation)
}

/// Whether some tokens hold a word.
pub(crate) fn has(tokens: &Tokens<'_>, wanted: impl Fn(&Word) -> bool) -> bool {
    tokens.iter().any(|t| tokens.words(t).any(&wanted))
}

/// Whether some tokens hold this cue.
pub(crate) fn has_cue(tokens: &Tokens<'_>, cue: Cue) -> bool {
    has(tokens, |w| *w == Word::Cue(cue))
}

/// Whether some tokens hold this result word.
pub(crate) fn has_result(tokens: &Tokens<'_>, polarity: Polarity) -> bool {
    has(
        tokens,
        |w| matches!(w, Word::Result(p, _) if *p == polarity),
    )
}

/// Whether a clause speaks of FISH: by its section, or by its own words.
pub(crate) fn speaks_of_fish(clause: &Tokens<'_>, section: Option<Section>) -> bool {
    let signal = || {
        has(
            clause,
            |w| matches!(w, Word::Signal(s) if s == "split" || s == "break_apart"),
        )
    };
    match assay(clause) {
        Some(Assay::Fish) => true,
        // `Molecular pathology: FISH ALK rearranged`
        Some(Assay::Sequencing) if labelled(clause) && has(clause, is_fish) => true,
        Some(Assay::Ihc) if ihc_and_fish(clause) => true,
        Some(_) => signal(),
        None => {
            section == Some(Section::Fish)
                || signal()
                || has(
                    clause,
                    |w| matches!(w, Word::Signal(s) if s.starts_with("isolated")),
                )
        }
    }
}

/// The clauses that speak of sequencing or PCR and of no stain.
pub(crate) fn sequenced(sentence: &Tokens<'_>) -> Vec<std::ops::Range<usize>> {
    clauses(sentence)
        .into_iter()
        .filter(|range| {
            let clause = sentence.slice(range.clone());
            has(&clause, |w| {
                matches!(w, Word::Assay(Assay::Sequencing | Assay::Rna | Assay::Dna))
            }) && !has(&clause, is_ihc)
        })
        .collect()
}

fn is_fish(word: &Word) -> bool {
    matches!(
        word,
        Word::Assay(Assay::Fish) | Word::Section(Section::Fish)
    )
}

fn is_ihc(word: &Word) -> bool {
    matches!(word, Word::Assay(Assay::Ihc) | Word::Section(Section::Ihc))
}

/// Whether the method named first is the label of the line.
fn labelled(clause: &Tokens<'_>) -> bool {
    let section = |t| clause.words(t).any(|w| matches!(w, Word::Section(_)));
    clause.first().is_some_and(section) && clause.get(1).is_some_and(|t| t.kind == Kind::Mark(':'))
}

/// `positive by IHC and FISH`: one result of both.
pub(crate) fn ihc_and_fish(clause: &Tokens<'_>) -> bool {
    (1..clause.len().saturating_sub(1)).any(|i| {
        let at = |k: usize, wanted: fn(&Word) -> bool| {
            clause.get(k).is_some_and(|t| clause.words(t).any(wanted))
        };
        at(i, |w| *w == Word::And)
            && ((at(i - 1, is_ihc) && at(i + 1, is_fish))
                || (at(i - 1, is_fish) && at(i + 1, is_ihc)))
    })
}

/// The statements of a clause: cut at commas and `and` where each part names a gene and has a result of its own
/// (`A rearranged, B not rearranged`). A part without one belongs to the part before it.
pub(crate) fn statements(
    sentence: &Tokens<'_>,
    clause: std::ops::Range<usize>,
) -> Vec<std::ops::Range<usize>> {
    let names = |range: &std::ops::Range<usize>| {
        sentence
            .slice(range.clone())
            .iter()
            .any(|t| sentence.gene(t).is_some())
    };
    // `A（+），B（-）`: a sign right behind its gene is a result of its own.
    let mark = |i: usize, wanted: &[char]| {
        (sentence.get(i)).is_some_and(|t| matches!(t.kind, Kind::Mark(c) if wanted.contains(&c)))
    };
    let signed = |range: &std::ops::Range<usize>| {
        range.clone().any(|i| {
            let gene = sentence.get(i).is_some_and(|t| sentence.gene(t).is_some());
            let bracket = mark(i + 1, &['(']) && mark(i + 2, &['+', '-']) && mark(i + 3, &[')']);
            gene && bracket
        })
    };
    let says = |range: &std::ops::Range<usize>| {
        has_own_result(&sentence.slice(range.clone())) || signed(range)
    };
    let mut depth = 0_usize;
    let mut cuts = Vec::new();
    for at in clause.clone() {
        let Some(token) = sentence.get(at) else { break };
        match token.kind {
            Kind::Mark('(' | '[') => depth += 1,
            Kind::Mark(')' | ']') => depth = depth.saturating_sub(1),
            _ => {}
        }
        let joins = token.kind == Kind::Mark(',') || sentence.words(token).any(|w| *w == Word::And);
        if joins && depth == 0 {
            cuts.push(at);
        }
    }
    let mut out: Vec<Statement> = Vec::new();
    let mut start = clause.start;
    for end in cuts.into_iter().chain([clause.end]) {
        let part = start..end;
        let one = Statement {
            says: says(&part),
            names: names(&part),
            range: part,
        };
        match out.last_mut() {
            // A part that names a gene begins a statement once the one before has its result.
            Some(last) if !(last.says && last.names && one.names) => last.add(&one),
            _ => out.push(one),
        }
        start = end;
    }
    // The last statements may have waited for a result that never came.
    while out.len() > 1
        && let Some(last) = out.pop_if(|last| !last.says)
    {
        if let Some(before) = out.last_mut() {
            before.add(&last);
        }
    }
    out.into_iter().map(|statement| statement.range).collect()
}

/// Part of a clause, whether it has a result and whether it names a gene.
struct Statement {
    range: std::ops::Range<usize>,
    says: bool,
    names: bool,
}

impl Statement {
    fn add(&mut self, next: &Self) {
        self.range.end = next.range.end;
        self.says |= next.says;
        self.names |= next.names;
    }
}

/// Whether a statement says how its test came out, in words that name no test.
fn has_own_result(part: &Tokens<'_>) -> bool {
    part.iter().any(|t| {
        part.words(t).any(|w| match w {
            Word::Result(polarity, _) => *polarity != Polarity::Evidence,
            Word::Detected => true,
            Word::Signal(signal) => signal == "normal" || signal == "abnormal",
            Word::Rearrangement => {
                let text = part.text_of(t).to_ascii_lowercase();
                text.ends_with("rearranged")
            }
            _ => false,
        })
    })
}
