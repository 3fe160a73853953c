//! Responses a report states: RECIST categories and changes in percent.
//!
//! ```text
//! response = words-of-response                             ; "partial response", not denied
//!          | label [":" | "="] code                        ; "Response: PR"
//!          | code beside a measurement or in an imaging line, between marks
//! change   = ( decrease | change ) [bound] number "%" | "-" number "%" behind a sum or a change
//! ```
//!
//! `PR` is a receptor far more often than a response. By its letters a response is read only behind a label of
//! response, or alone between marks where lesions are measured; never before a sign, a percentage or a result.

use std::ops::Range;

use crate::case::measurement::{Category, StatedResponse};
use crate::case::percent::Percent;
use crate::narrative::lex::{Kind as Token, Tokens};
use crate::narrative::quantity::{has, is, is_mark, text};
use crate::source::Source;
use crate::vocab::{Figure, Gap};

/// Reads one sentence. `imaging`: it stands where lesions are measured.
pub(crate) fn read(
    tokens: &Tokens<'_>,
    source: &Source,
    imaging: bool,
) -> Vec<(StatedResponse, Range<usize>)> {
    let category = category(tokens, imaging);
    let change = change(tokens, imaging, category.is_some());
    let make = |category: Option<Category>, percent: Option<[Percent; 2]>, part: Range<usize>| {
        let range = tokens.slice(part).range();
        let place = source.place(range.clone());
        let fact = StatedResponse {
            category,
            as_written: place.text.clone(),
            decrease_percent: percent,
            date: None,
            context: None,
            source: place,
        };
        (fact, range)
    };
    match (category, change) {
        (Some((c, a)), Some((p, b))) => {
            vec![make(
                Some(c),
                Some(p),
                a.start.min(b.start)..a.end.max(b.end),
            )]
        }
        (Some((c, part)), None) => vec![make(Some(c), None, part)],
        (None, Some((p, part))) => vec![make(None, Some(p), part)],
        (None, None) => Vec::new(),
    }
}

fn named(name: &str) -> Option<Category> {
    Category::ALL
        .iter()
        .find(|(_, n)| *n == name)
        .map(|(category, _)| *category)
}

/// The category a cell of a row of responses gives: its first word, and no other in the cell.
pub(crate) fn code(cell: &Tokens<'_>) -> Option<Category> {
    let at = |i: usize| {
        let token = cell.get(i)?;
        cell.figures(token).find_map(|f| match f {
            Figure::Response(name) | Figure::ResponseCode(name) => named(name),
            Figure::State(state) if state == "not_evaluated" => Some(Category::NotEvaluable),
            _ => None,
        })
    };
    let first = at(0)?;
    (1..cell.len())
        .all(|i| at(i).is_none_or(|more| more == first))
        .then_some(first)
}

/// The decrease a cell of a row of changes gives: a percentage with a minus.
pub(crate) fn decrease(cell: &Tokens<'_>) -> Option<[Percent; 2]> {
    let number = cell.get(1).filter(|t| t.kind == Token::Number)?;
    if !is_mark(cell, 0, &['-']) {
        return None;
    }
    let mut written = cell.text_of(number).to_owned();
    let mut next = 2;
    if is_mark(cell, 2, &[',']) && cell.get(3).is_some_and(|t| t.kind == Token::Number) {
        written = format!("{written}.{}", text(cell, 3));
        next = 4;
    }
    let percent = Percent::parse(&written).filter(|_| is_mark(cell, next, &['%']))?;
    Some([percent, percent])
}

/// The category a sentence states, with its tokens.
fn category(tokens: &Tokens<'_>, imaging: bool) -> Option<(Category, Range<usize>)> {
    let labelled = (0..tokens.len()).find(|i| is(tokens, *i, |f| *f == Figure::ResponseLabel));
    for at in 0..tokens.len() {
        let Some(token) = tokens.get(at) else { break };
        for f in tokens.figures(token) {
            match f {
                Figure::Response(name) if !denied(tokens, at) => {
                    return named(name).map(|c| (c, at..at + 1));
                }
                Figure::ResponseCode(name) if code_stands(tokens, at) && !denied(tokens, at) => {
                    let near = labelled
                        .is_some_and(|l| l < at && at - l <= 8 && plain_between(tokens, l + 1, at));
                    if near || (imaging && alone(tokens, at)) {
                        return named(name).map(|c| (c, at..at + 1));
                    }
                }
                Figure::State(state) if state == "not_evaluated" => {
                    let near = labelled
                        .is_some_and(|l| l < at && at - l <= 3 && plain_between(tokens, l + 1, at));
                    if near {
                        return Some((Category::NotEvaluable, at..at + 1));
                    }
                }
                _ => {}
            }
        }
    }
    None
}

/// Nothing between a label and its code but words and the marks of a label.
fn plain_between(tokens: &Tokens<'_>, start: usize, end: usize) -> bool {
    !(start..end).any(|i| is_mark(tokens, i, &[';', '.', '。']))
        && (start..end).any(|i| {
            is_mark(tokens, i, &[':', '=', '-', '('])
                || is(tokens, i, |f| *f == Figure::ResponseLabel)
                || is(tokens, i, |f| *f == Figure::Imaging)
                || is_verb(text(tokens, i))
        })
        || start == end
}

fn is_verb(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "is" | "was" | "of" | "as" | "by" | "为" | "是" | "war" | "ist"
    )
}

/// Whether the letters can be a response: what follows is no result of a stain, no number and no part of a name.
fn code_stands(tokens: &Tokens<'_>, at: usize) -> bool {
    let Some(next) = tokens.get(at + 1) else {
        return true;
    };
    match next.kind {
        Token::Mark('(') => {
            // `PR (partial response)` is; `PR (-)`, `PR (80 %)` are not.
            is(tokens, at + 2, |f| {
                matches!(f, Figure::Response(_) | Figure::Imaging)
            }) || (is_mark(tokens, at + 2, &['-']) && is_mark(tokens, at + 4, &['%']))
        }
        Token::Mark('.' | ',' | ';' | ')' | ']' | '|') => true,
        Token::Mark(_) | Token::Number => false,
        _ => {
            next.gap >= Gap::Wide
                || matches!(
                    tokens.text_of(next).to_lowercase().as_str(),
                    "by" | "according"
                        | "per"
                        | "on"
                        | "after"
                        | "since"
                        | "at"
                        | "and"
                        | "confirmed"
                )
                || is(tokens, at + 1, |f| {
                    matches!(f, Figure::Imaging | Figure::ResponseLabel)
                })
        }
    }
}

/// The letters stand by themselves between marks: `..., PR.`
fn alone(tokens: &Tokens<'_>, at: usize) -> bool {
    let before = at == 0
        || is_mark(
            tokens,
            at - 1,
            &[',', ';', ':', '(', '=', '.', '-', '|', '→', '，'],
        )
        || is(tokens, at - 1, |f| {
            matches!(f, Figure::Imaging | Figure::ResponseLabel)
        })
        || is_verb(text(tokens, at - 1))
        // `71 mm   -36,6 %   PR`
        || (tokens.get(at).is_some_and(|t| t.gap >= Gap::Wide)
            && (is_mark(tokens, at - 1, &['%'])
                || is(tokens, at - 1, |f| matches!(f, Figure::Length(_)))));
    let behind = tokens.get(at + 1).is_none_or(|t| {
        matches!(t.kind, Token::Mark('.' | ',' | ';' | ')' | '|'))
            || t.gap >= Gap::Wide
            || (t.kind == Token::Mark('(')
                && is(tokens, at + 2, |f| matches!(f, Figure::Response(_))))
    });
    // In a list of receptors (`ER, PR, desmin`) it is one of them.
    let receptor = (at.saturating_sub(4)..tokens.len().min(at + 5))
        .any(|i| matches!(text(tokens, i), "ER" | "AR" | "HER2"));
    before && behind && !receptor
}

/// `no complete response`, `neither`, a question.
fn denied(tokens: &Tokens<'_>, at: usize) -> bool {
    let before = at.saturating_sub(5)..at;
    let no = before
        .rev()
        .take_while(|i| !is_mark(tokens, *i, &[',', ';', '.', ':']))
        .any(|i| {
            is(
                tokens,
                i,
                |f| matches!(f, Figure::State(s) if s == "absent"),
            ) || matches!(
                text(tokens, i).to_lowercase().as_str(),
                "no" | "not"
                    | "without"
                    | "never"
                    | "neither"
                    | "nor"
                    | "未"
                    | "无"
                    | "kein"
                    | "keine"
                    | "pas"
                    | "aucune"
                    | "sin"
                    | "geen"
            )
        });
    let after = (at + 1..tokens.len().min(at + 4)).any(|i| {
        matches!(
            text(tokens, i).to_lowercase().as_str(),
            "not"
                | "rate"
                | "rates"
                | "?"
                | "？"
                | "cannot"
                | "rare"
                | "uncommon"
                | "expected"
                | "possible"
                | "seldom"
        )
    });
    no || after
}

/// A change in percent, with its tokens: the lowest and highest decrease that the words allow.
fn change(
    tokens: &Tokens<'_>,
    imaging: bool,
    responded: bool,
) -> Option<([Percent; 2], Range<usize>)> {
    let lesion = imaging
        || has(tokens, |f| {
            matches!(
                f,
                Figure::Target
                    | Figure::Targets
                    | Figure::NonTarget
                    | Figure::Sum
                    | Figure::Mass
                    | Figure::Imaging
                    | Figure::Change
            )
        });
    let sum = has(tokens, |f| *f == Figure::Sum);
    if stained(tokens) {
        return None;
    }
    let turn = |f: &Figure| matches!(f, Figure::Decrease | Figure::Change | Figure::Increase);
    for at in 1..tokens.len() {
        if !is_mark(tokens, at, &['%']) {
            continue;
        }
        let number = at - 1;
        let Some(token) = tokens.get(number).filter(|t| t.kind == Token::Number) else {
            continue;
        };
        // `36,6 %`: a decimal comma.
        let comma = number > 1
            && is_mark(tokens, number - 1, &[','])
            && token.gap == Gap::None
            && tokens
                .get(number - 2)
                .is_some_and(|t| t.kind == Token::Number);
        let (number, written) = if comma {
            let whole = text(tokens, number - 2);
            (number - 2, format!("{whole}.{}", tokens.text_of(token)))
        } else {
            (number, tokens.text_of(token).to_owned())
        };
        let Some(percent) = Percent::parse(&written) else {
            continue;
        };
        let Some(token) = tokens.get(number) else {
            continue;
        };
        let signed = number > 0 && is_mark(tokens, number - 1, &['-']) && token.gap == Gap::None;
        let plus = number > 0 && is_mark(tokens, number - 1, &['+']);
        let near = number.saturating_sub(8)..tokens.len().min(at + 4);
        let decrease = near
            .clone()
            .any(|i| is(tokens, i, |f| *f == Figure::Decrease));
        let increase = near
            .clone()
            .any(|i| is(tokens, i, |f| *f == Figure::Increase));
        let changed = near
            .clone()
            .any(|i| is(tokens, i, |f| *f == Figure::Change))
            || sum
            || responded;
        let falls = (decrease && lesion && !increase) || (signed && changed);
        if !falls || plus {
            continue;
        }
        let bound = |wanted: &Figure, sign: char| {
            (number.saturating_sub(3)..number).any(|i| is(tokens, i, |f| f == wanted))
                || is_mark(tokens, number.wrapping_sub(1), &[sign])
        };
        let range = if bound(&Figure::Above, '>') {
            [percent, Percent::HUNDRED]
        } else if bound(&Figure::Below, '<') {
            [Percent::ZERO, percent]
        } else {
            [percent, percent]
        };
        let first = near
            .clone()
            .find(|i| *i <= number && is(tokens, *i, turn))
            .unwrap_or(number - usize::from(signed));
        return Some((range, first.min(number - usize::from(signed))..at + 1));
    }
    None
}

/// A stain's percentage may fall too.
fn stained(tokens: &Tokens<'_>) -> bool {
    (0..tokens.len()).any(|i| matches!(text(tokens, i), "Ki" | "MIB" | "KI" | "ki"))
}
