//! Statements that name something and say nothing of this patient's tumour: general knowledge, other
//! people, control tissue, findings that are taken back.
//!
//! ```text
//! control = [statement ("in" | "on" | "of")] control-word [statement]     ; not behind "with"
//! general = literature-word | ("of" | "in" | quantity) diseases            ; more than one of them
//! ```

use std::ops::Range;

use crate::narrative::clause::{has, has_cue};
use crate::narrative::lex::{Kind, Tokens};
use crate::vocab::{Cue, Label, Polarity, Word};

mod general;

/// Why a mention is no fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Passed {
    Literature,
    /// A part of an article that is not the description of its case.
    Article,
    Hypothetical,
    Retracted,
    Control,
    OtherPerson,
    /// A call that is no finding: an artefact, filtered out.
    Invalid,
    /// How a test works, what it covers, how it is scored.
    Method,
    /// A test that is asked for.
    Ordered,
    /// A result in words that are not known.
    Unknown,
}

impl Passed {
    /// The reason as printed beside an unread line.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Literature => "general knowledge, not a result",
            Self::Article => "an article outside the description of its case",
            Self::Hypothetical => "a possibility, not a result",
            Self::Retracted => "taken back by the report",
            Self::Control => "control tissue, not the tumour",
            Self::OtherPerson => "another person",
            Self::Invalid => "not a valid call",
            Self::Method => "how a test works, not a result",
            Self::Ordered => "an order or a question, not a result",
            Self::Unknown => "a result in words that are not known here",
        }
    }
}

/// Why nothing in a sentence is a fact about this tumour, if so.
pub(crate) fn passed(sentence: &Tokens<'_>) -> Option<Passed> {
    // Results one by one are read by their own parser; elsewhere no one knows whose they are.
    let one_by_one = || has_cue(sentence, Cue::Parallel).then_some(Passed::Unknown);
    not_ours(sentence).or_else(one_by_one)
}

/// Why a sentence does not speak of this tumour, if it does not.
pub(crate) fn not_ours(sentence: &Tokens<'_>) -> Option<Passed> {
    if has_cue(sentence, Cue::Retraction) {
        Some(Passed::Retracted)
    } else if has_cue(sentence, Cue::OtherPerson) {
        Some(Passed::OtherPerson)
    } else if has_cue(sentence, Cue::Literature)
        || of_many(sentence)
        || counts_cases(sentence)
        || kind_also(sentence)
    {
        Some(Passed::Literature)
    } else {
        general::general(sentence)
    }
}

/// Why nothing on a line with this label is a fact.
pub(crate) fn under(label: Label) -> Passed {
    match label {
        Label::Method | Label::Content => Passed::Method,
        Label::Order => Passed::Ordered,
        Label::Control => Passed::Control,
        Label::Relative => Passed::OtherPerson,
        Label::General => Passed::Literature,
    }
}

/// Most letters of the abbreviated name of a disease.
const ABBREVIATION: usize = 5;

/// Whether the name of a disease is a plural: `leiomyosarcomas`, `IMTs`; `LMS` and `ESS` are none.
pub(super) fn is_plural(disease: &str) -> bool {
    disease.ends_with('s') || (disease.ends_with('S') && disease.len() > ABBREVIATION)
}

/// `Leiomyosarkome sind`, `leiomyosarcomen zijn`: a plural that only its verb tells from a singular.
fn is_plural_before(disease: &str, verb: &str) -> bool {
    let stem = ["ome", "omen", "oren", "lingen"]
        .iter()
        .any(|end| disease.ends_with(end));
    let verb = [
        "sind", "waren", "zeigen", "zijn", "tonen", "können", "kunnen",
    ]
    .contains(&verb);
    stem && verb
}

/// `half of inflammatory myofibroblastic tumours`, `leiomyosarcomas are`, `in 90% of IMT`: a kind of
/// tumour, not this one.
fn of_many(sentence: &Tokens<'_>) -> bool {
    (0..sentence.len()).any(|at| {
        let Some(token) = sentence.get(at).filter(|t| sentence.disease(t).is_some()) else {
            return false;
        };
        let before = sentence.slice(at.saturating_sub(4)..at);
        let counted = before.iter().any(|t| t.kind == Kind::Mark('%'))
            && word(
                &before,
                before.len().saturating_sub(1),
                &["of", "in", "uterine"],
            );
        let verb = (sentence.get(at + 1)).map_or("", |t| sentence.text_of(t));
        let plural =
            is_plural(sentence.text_of(token)) || is_plural_before(sentence.text_of(token), verb);
        // `like most IMTs, this one is positive`
        let compared = (at.saturating_sub(3)..at)
            .any(|i| word(sentence, i, &["like", "unlike"]) || word(sentence, i, &["as"]));
        let several = (at.saturating_sub(2)..at).any(|i| !compared && word(sentence, i, MANY))
            || sentence
                .get(at + 1)
                .is_some_and(|t| sentence.is(t, &Word::Copula));
        counted || (plural && several)
    })
}

/// `A-B (n=9), C-B (n=6)`: how often each was met in a series.
fn counts_cases(sentence: &Tokens<'_>) -> bool {
    let counted = |i: &usize| {
        let text = |k: usize| sentence.get(i + k).map_or("", |t| sentence.text_of(t));
        text(0) == "("
            && text(1).eq_ignore_ascii_case("n")
            && text(2) == "="
            && sentence.get(i + 3).is_some_and(|t| t.kind == Kind::Number)
            && text(4) == ")"
    };
    (0..sentence.len()).filter(counted).count() > 1
}

/// `epithelioid fibrous histiocytoma is also ALK positive but is a skin lesion`: a kind of tumour, not this one.
fn kind_also(sentence: &Tokens<'_>) -> bool {
    (0..sentence.len()).any(|at| {
        let is = |i: usize, wanted: fn(&Word) -> bool| {
            sentence
                .get(i)
                .is_some_and(|t| sentence.words(t).any(wanted))
        };
        let also = sentence
            .get(at + 2)
            .is_some_and(|t| sentence.text_of(t) == "also");
        let kind = sentence
            .get(at)
            .is_some_and(|t| sentence.disease(t).is_some());
        kind && also
            && is(at + 1, |w| *w == Word::Copula)
            && !(at > 0
                && sentence.get(at - 1).is_some_and(|t| {
                    matches!(sentence.text_of(t), "this" | "This" | "the" | "The")
                }))
    })
}

/// Words before a kind of tumour in the plural.
const MANY: &[&str] = &[
    "of", "in", "among", "most", "many", "some", "these", "such", "all",
];

/// What of a sentence speaks of control tissue, as ranges of its tokens, in order. Controls inside
/// brackets are not among them: they are part of a marker's own value.
pub(crate) fn controls(sentence: &Tokens<'_>) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    if !has_cue(sentence, Cue::Control) {
        return out;
    }
    let mut depth = 0_usize;
    for at in 0..sentence.len() {
        match sentence.get(at).map(|t| t.kind) {
            Some(Kind::Mark('(' | '[')) => depth += 1,
            Some(Kind::Mark(')' | ']')) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > 0 || !is_control(sentence, at) {
            continue;
        }
        let Some(start) = start(sentence, at) else {
            continue;
        };
        let range = start..end(sentence, at);
        match out.last_mut().filter(|last| last.end > range.start) {
            Some(last) => last.end = last.end.max(range.end),
            None => out.push(range),
        }
    }
    out
}

/// `the control did not work`, `positive control failed`, `control also negative`: the stain has no result.
pub(crate) fn control_failed(control: &Tokens<'_>) -> bool {
    // A negative control is to stay blank.
    let blank = control.iter().any(|t| {
        let text = control.text_of(t).to_lowercase();
        control.is(t, &Word::Cue(Cue::Control))
            && (text.starts_with("neg") || text.starts_with("no-") || text.contains("阴性"))
    });
    if blank {
        return has(control, |w| matches!(w, Word::Result(Polarity::Failed, _)));
    }
    has(control, |w| {
        matches!(
            w,
            Word::Negation | Word::Result(Polarity::Failed | Polarity::Negative, _)
        )
    })
}

/// Whether the word at this place is control tissue.
pub(crate) fn is_control(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens
        .get(at)
        .is_some_and(|t| tokens.is(t, &Word::Cue(Cue::Control)))
}

fn word(tokens: &Tokens<'_>, at: usize, wanted: &[&str]) -> bool {
    tokens
        .get(at)
        .is_some_and(|t| wanted.contains(&tokens.text_of(t).to_ascii_lowercase().as_str()))
}

fn breaks(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.get(at).is_some_and(|t| {
        matches!(t.kind, Kind::Mark(',' | ';')) || tokens.words(t).any(|w| *w == Word::Contrast)
    })
}

/// The word that leads up to a control, and where it stands: `in the control`, `with controls`.
fn lead(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    (at.saturating_sub(3)..at)
        .rev()
        .take_while(|i| !breaks(tokens, *i))
        .find(|i| {
            word(tokens, *i, &["in", "on", "of", "within", "with"])
                // `an A positive carcinoma is used as control`
                || (word(tokens, *i, &["as"])
                    && (i.saturating_sub(2)..*i).any(|k| word(tokens, k, &["used", "included", "served", "serves", "run", "serving"])))
        })
}

/// `ALK is positive in the control tissue`: the statement before belongs to the control. None where
/// controls are only mentioned: `stained with appropriate controls`.
fn start(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    match lead(tokens, at) {
        Some(lead) if word(tokens, lead, &["with"]) => None,
        Some(lead) => Some(
            (0..lead)
                .rev()
                .find(|i| breaks(tokens, *i) || word(tokens, *i, &["with"]))
                .map_or(0, |stop| stop + 1),
        ),
        // `the ALK-negative control slide`
        None if at > 1
            && tokens
                .get(at - 1)
                .is_some_and(|t| t.kind == Kind::Mark('-'))
            && tokens
                .get(at - 2)
                .is_some_and(|t| tokens.marker(t).is_some()) =>
        {
            Some(at - 2)
        }
        // `cell line (A-B) positive control`: what stands before it is its name.
        None => {
            let says = |i: usize| {
                tokens.get(i).is_some_and(|t| {
                    matches!(t.kind, Kind::Mark('+' | '-' | ':'))
                        || tokens
                            .words(t)
                            .any(|w| matches!(w, Word::Result(..) | Word::Detected | Word::Copula))
                })
            };
            let from = (0..at)
                .rev()
                .find(|i| breaks(tokens, *i))
                .map_or(0, |i| i + 1);
            let label = (from..at)
                .rev()
                .find(|i| tokens.get(*i).is_some_and(|t| t.kind == Kind::Mark(':')));
            let from = label.map_or(from, |colon| colon + 1);
            let pair = |i: usize| {
                i > 0
                    && tokens.get(i).is_some_and(|t| t.kind == Kind::Mark('-'))
                    && tokens.get(i - 1).is_some_and(|t| tokens.gene(t).is_some())
                    && tokens.get(i + 1).is_some_and(|t| tokens.gene(t).is_some())
            };
            let name = (from..at).all(|i| !says(i) || pair(i));
            Some(if name { from } else { at })
        }
    }
}

/// To the next break; a comma ends it only where no marker was named since the control.
fn end(tokens: &Tokens<'_>, at: usize) -> usize {
    let mut named = false;
    for i in at + 1..tokens.len() {
        named |= tokens.get(i).is_some_and(|t| tokens.marker(t).is_some());
        let comma = tokens.get(i).is_some_and(|t| t.kind == Kind::Mark(','));
        if breaks(tokens, i) && !(comma && named) {
            return i;
        }
    }
    tokens.len()
}

/// Whether a range names a marker or a gene, whose result would be missed.
pub(crate) fn names_something(tokens: &Tokens<'_>) -> bool {
    tokens
        .iter()
        .any(|t| tokens.marker(t).is_some() || tokens.gene(t).is_some())
        || has(tokens, |w| *w == Word::Rearrangement)
}
