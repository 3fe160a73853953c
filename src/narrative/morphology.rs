//! What the microscope shows: listed phrases that are stated or denied.
//!
//! ```text
//! feature = [negation] phrase { "," phrase } | phrase ("absent" | "not" "seen" | ...)
//! count   = mitoses [number] [per] field-words
//! ```
//!
//! A negation goes on over a list and ends at a contrast, a semicolon or a new verb. A feature beside a marker is what
//! the stain shows, and is left to the stain.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use rust_decimal::Decimal;

use crate::case::morphology::{Morphology, Status};
use crate::narrative::clause::{has as has_word, has_cue};
use crate::narrative::lex::{Kind as Token, Tokens};
use crate::narrative::quantity::has;
use crate::source::Source;
use crate::vocab::{Cue, Figure, Polarity, Role, Word};

static PER_FIELD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:(?:(\d{1,3})\s*(?:-|–|to|~)\s*)?(\d{1,3})\s*(?:mitoses|mitotic figures|个)?\s*(?:per|/|in)\s*(10|ten)\s*(?:HPFs?|high|高倍))")
        .expect("a constant pattern")
});

/// Most tokens between a negation and a feature of its list.
const REACH: usize = 14;
/// Most tokens of a clause on either side of a feature.
const CLAUSE: usize = 40;

/// Reads one sentence: `words` are its tokens for the report grammar, `values` those of the dictionary of values.
pub(crate) fn read(
    words: &Tokens<'_>,
    values: &Tokens<'_>,
    source: &Source,
) -> Vec<(Morphology, Range<usize>)> {
    let mut out: Vec<(Morphology, Range<usize>)> = Vec::new();
    if !has(values, |f| matches!(f, Figure::Feature(_))) {
        return out;
    }
    for token in values.iter() {
        let Some(feature) = values.figures(token).find_map(|f| match f {
            Figure::Feature(key) => Some(key),
            _ => None,
        }) else {
            continue;
        };
        let range = token.start..token.end;
        let at = words.partition_point(|t| t.end <= range.start);
        let behind = words.partition_point(|t| t.start < range.end);
        let clause = clause(words, at, behind);
        let part = words.slice(clause.clone());
        if has_cue(&part, Cue::Hypothetical)
            || has_cue(&part, Cue::Risk)
            || part.iter().any(|t| part.marker(t).is_some())
            || has_word(&part, |w| *w == Word::Role(Role::NotExcluded))
        {
            continue;
        }
        let absent =
            denied_before(words, clause.start, at) || denied_behind(words, behind, clause.end);
        let status = if absent {
            Status::Absent
        } else {
            Status::Present
        };
        if out
            .iter()
            .any(|(known, _)| known.feature == *feature && known.status == status)
        {
            continue;
        }
        let place = source.place(range.clone());
        let mut fact = Morphology {
            feature: feature.clone(),
            as_written: place.text.clone(),
            status,
            per_10_hpf: None,
            source: place,
        };
        if feature == "mitoses"
            && !absent
            && let Some(found) = PER_FIELD.captures(words.text())
        {
            let high: Option<Decimal> = found[2].parse().ok();
            fact.per_10_hpf = high;
            if high.is_some_and(|n| n.is_zero()) {
                fact.status = Status::Absent;
            }
        }
        out.push((fact, range));
    }
    out
}

/// The clause around some tokens: up to a semicolon, a contrast, or a preposition that begins a new denial.
fn clause(words: &Tokens<'_>, at: usize, behind: usize) -> Range<usize> {
    let breaks = |i: usize| {
        words.get(i).is_some_and(|t| {
            matches!(t.kind, Token::Mark(';' | '。' | '.'))
                || words.words(t).any(|w| *w == Word::Contrast)
        })
    };
    let first = at.saturating_sub(CLAUSE);
    let last = words.len().min(behind + CLAUSE);
    let start = (first..at)
        .rev()
        .find(|i| breaks(*i))
        .map_or(first, |i| i + 1);
    let end = (behind..last).find(|i| breaks(*i)).unwrap_or(last);
    start..end
}

fn denies(words: &Tokens<'_>, i: usize) -> bool {
    words.get(i).is_some_and(|t| {
        words.words(t).any(|w| {
            matches!(
                w,
                Word::Negation | Word::Neither | Word::Result(Polarity::Negative, _)
            )
        })
    })
}

/// `no necrosis, atypia or mitoses`: a verb or a preposition other than `of` ends what a negation denies.
fn denied_before(words: &Tokens<'_>, start: usize, at: usize) -> bool {
    for i in (start.max(at.saturating_sub(REACH))..at).rev() {
        if denies(words, i) {
            return true;
        }
        let ends = words.get(i).is_some_and(|t| {
            words.words(t).any(|w| *w == Word::Copula)
                || matches!(
                    words.text_of(t).to_lowercase().as_str(),
                    "with" | "伴" | "in" | "mit" | "avec"
                )
        });
        if ends {
            return false;
        }
    }
    false
}

/// `necrosis is not identified`, `necrosis: absent`
fn denied_behind(words: &Tokens<'_>, behind: usize, end: usize) -> bool {
    for i in behind..end.min(behind + 5) {
        if denies(words, i)
            || words.get(i).is_some_and(|t| {
                matches!(
                    words.text_of(t).to_lowercase().as_str(),
                    "absent" | "none" | "nil" | "inconspicuous" | "lacking" | "fehlt" | "absente"
                )
            })
        {
            // `plasma cells, without necrosis` denies what follows.
            let joined = (behind..i).any(|k| {
                words.get(k).is_some_and(|t| {
                    matches!(t.kind, Token::Mark(',')) || words.words(t).any(|w| *w == Word::And)
                })
            });
            let leads = words.get(i).is_some_and(|t| {
                matches!(
                    words.text_of(t).to_lowercase().as_str(),
                    "without" | "no" | "无" | "未见" | "ohne" | "sans" | "sin" | "zonder"
                )
            });
            return !joined && !leads;
        }
    }
    false
}
