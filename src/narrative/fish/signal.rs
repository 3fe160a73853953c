//! Patterns of FISH signals that are neither fused nor split.
//!
//! ```text
//! pattern = ("isolated" | "single" | "only" ...) side "signal"
//!         | ("loss" | "deletion" | "absence" ...) ["of"] side "signal"      ; the other side is isolated
//!         | side "signal" ("lost" | "missing" | "only" ...)
//! side    = "5'" | "green" | "3'" | "red" | "orange"
//! ```
//!
//! The colours are those of the usual break-apart probes: 5' green, 3' red.

use std::ops::Range;

use std::sync::LazyLock;

use regex::Regex;

use crate::narrative::lex::{Kind, Tokens};
use crate::vocab::Word;

/// Most tokens between the word of loss and the side.
const NEAR: usize = 4;

const ALONE: &[&str] = &[
    "isolated", "single", "lone", "only", "solitary", "unpaired", "extra", "sole", "alone",
];
const LOST: &[&str] = &[
    "loss",
    "lost",
    "missing",
    "deletion",
    "deleted",
    "absence",
    "absent",
    "lack",
    "lacking",
    "lacks",
    "without",
    "loss of",
    "absence of",
    "lack of",
    "losing",
    "gone",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Five,
    Three,
}

/// Signals by letter: `2F`, `1F1R1G`, `1F1O`.
static CODE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b(?:[0-6][FRGO]){1,4}\b").expect("a constant pattern"));

/// What signals by letter say: fused, red or orange (3'), green (5').
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Code {
    Normal,
    Split,
    Isolated(&'static str),
}

/// The first code of a statement.
pub(super) fn code(text: &str) -> Option<Code> {
    let found = CODE.find(text)?.as_str();
    let mut counts = [0_u32; 3];
    for pair in found.as_bytes().chunks_exact(2) {
        let kind = match pair[1] {
            b'F' => 0,
            b'G' => 1,
            _ => 2,
        };
        counts[kind] += u32::from(pair[0].saturating_sub(b'0'));
    }
    match counts {
        [0, 0, 0] => None,
        [_, 0, 0] => Some(Code::Normal),
        [_, green, red] if green > 0 && red > 0 => Some(Code::Split),
        [_, 0, _] => Some(Code::Isolated("isolated_3_prime")),
        _ => Some(Code::Isolated("isolated_5_prime")),
    }
}

/// The pattern a statement describes, and the tokens that say it.
pub(super) fn pattern(clause: &Tokens<'_>) -> Option<(&'static str, Range<usize>)> {
    let mut isolated: Option<(Side, Range<usize>)> = None;
    for at in 0..clause.len() {
        let Some((side, end)) = side(clause, at) else {
            continue;
        };
        let Some((found, range)) = said_of(clause, side, at, end) else {
            continue;
        };
        // `split or single 3' signals` counts both.
        let both = (range.start.saturating_sub(2)..at).any(|i| {
            clause
                .get(i)
                .is_some_and(|t| clause.words(t).any(|w| matches!(w, Word::Or | Word::And)))
        }) && (0..at).any(|i| {
            clause
                .get(i)
                .is_some_and(|t| clause.text_of(t).to_ascii_lowercase().starts_with("split"))
        });
        if both {
            return None;
        }
        match &mut isolated {
            None => isolated = Some((found, range)),
            Some((first, whole)) if *first == found => whole.end = whole.end.max(range.end),
            // A single green and a single red signal are a split pair.
            Some(_) => return None,
        }
    }
    if let Some((side, range)) = isolated {
        let name = match side {
            Side::Five => "isolated_5_prime",
            Side::Three => "isolated_3_prime",
        };
        return Some((name, range));
    }
    (0..clause.len()).find_map(|at| {
        let name = clause.words(clause.get(at)?).find_map(|w| match w {
            Word::Signal(s) => match s.as_str() {
                "isolated_5_prime" => Some("isolated_5_prime"),
                "isolated_3_prime" => Some("isolated_3_prime"),
                "atypical" => Some("atypical"),
                _ => None,
            },
            _ => None,
        })?;
        Some((name, at..at + 1))
    })
}

/// The side that starts at a token, and where its words end.
fn side(clause: &Tokens<'_>, at: usize) -> Option<(Side, usize)> {
    let token = clause.get(at)?;
    let text = clause.text_of(token).to_ascii_lowercase();
    match text.as_str() {
        "green" => return Some((Side::Five, at + 1)),
        "red" | "orange" => return Some((Side::Three, at + 1)),
        _ => {}
    }
    let side = match text.as_str() {
        "5" => Side::Five,
        "3" => Side::Three,
        _ => return None,
    };
    let next = clause.get(at + 1)?;
    if matches!(next.kind, Kind::Mark('\'' | '’' | '′' | '`')) {
        return Some((side, at + 2));
    }
    let dash = usize::from(next.kind == Kind::Mark('-'));
    let word = clause.get(at + 1 + dash)?;
    clause
        .text_of(word)
        .eq_ignore_ascii_case("prime")
        .then_some((side, at + 2 + dash))
}

/// Which side stands alone, as the words around one side say.
fn said_of(clause: &Tokens<'_>, side: Side, at: usize, end: usize) -> Option<(Side, Range<usize>)> {
    let is = |i: usize, words: &[&str]| {
        clause
            .get(i)
            .is_some_and(|t| words.contains(&clause.text_of(t).to_ascii_lowercase().as_str()))
    };
    let stops = |i: usize| {
        clause
            .get(i)
            .is_none_or(|t| matches!(t.kind, Kind::Mark(',' | ';' | '.' | ')' | '(')))
    };
    let other = match side {
        Side::Five => Side::Three,
        Side::Three => Side::Five,
    };
    // `5' green` is one side said twice.
    let before = (at.saturating_sub(NEAR)..at)
        .rev()
        .take_while(|i| !stops(*i));
    for i in before {
        if is(i, LOST) {
            return Some((other, i..end));
        }
        if is(i, ALONE) {
            return Some((side, i..end));
        }
    }
    let behind = (end..end + NEAR).take_while(|i| !stops(*i));
    for i in behind {
        if is(i, LOST) {
            return Some((other, at..i + 1));
        }
        if is(i, ALONE) {
            return Some((side, at..i + 1));
        }
    }
    None
}
