//! Several elements of a value in a row: what glues them together and which of two results stands.

use nom::Parser;

use crate::narrative::lex::{Kind, Token, Tokens};
use crate::narrative::value::{Glue, Minus, Parsed, Value, Verdict, element, mark, word};
use crate::vocab::{Cue, Form, Gap, Polarity, Word};

/// Reads elements from the start of a run as long as they go on. Returns how many tokens were used.
///
/// With tight glue a comma only goes on when another element of the value follows it.
pub(crate) fn run(input: Tokens<'_>, minus: Minus, glue: Glue) -> (usize, Value) {
    let mut value = Value::default();
    let mut at = 0;
    let mut used = 0;
    let mut first = true;
    let mut comment = false;
    while at < input.len() {
        let rest = input.slice(at..input.len());
        // A lone 0 behind a colon is the score of no staining.
        if first && glue == Glue::Loose && is_zero(&rest) {
            value.verdict = Some(Verdict::Minus);
            value.score = Some("0".to_owned());
            value.score_is_zero = Some(true);
            at += 1;
            used = at;
            first = false;
            continue;
        }
        let last = rest.len() == 1;
        let minus_here = match minus {
            // Behind other words, or before a result, a dash only separates: `Interpretation - positive`.
            Minus::Sign
                if glue == Glue::Loose
                    && (!((first && at == 0) || last || bracketed(&input, at))
                        || joins_words(&rest, at)
                        || separates(&rest)) =>
            {
                Minus::Hyphen
            }
            other => other,
        };
        if glue == Glue::Loose && value.verdict.is_none() && is_cue(&rest, Cue::Hypothetical) {
            // `ALK: if negative, do pan-TRK`
            break;
        }
        if is_cue(&rest, Cue::Supersedes) && value.verdict.is_some() && !names_the_old(&rest) {
            // `negative, on repeat positive`: the later result stands.
            if let Some((more, later)) = later(&rest, minus_here, glue) {
                value.verdict = later.verdict;
                at += more;
                used = at;
                continue;
            }
        }
        let label = used == at && at > 0;
        if label && let Some((more, behind)) = labelled(&rest, &value) {
            // `positive cells: 0`, `overexpression: absent`: what stands before the colon is a label.
            value = behind;
            at += more;
            used = at;
            continue;
        }
        if rest.first().is_some_and(|t| t.kind == Kind::Mark('?')) && value.verdict.is_some() {
            value.verdict = Some(Verdict::Word(Polarity::Equivocal));
            at += 1;
            used = at;
            continue;
        }
        if let Ok((after, part)) = choice(rest).or_else(|_| element(rest, minus_here)) {
            // A result has its column; what stands in the next one is a comment (`Wild-type   -`).
            let said = value.verdict.is_some() || value.pattern.is_some();
            comment |=
                glue == Glue::Loose && said && rest.first().is_some_and(|t| t.gap == Gap::Wide);
            let mut part = part;
            if comment {
                part.verdict = None;
                part.cells = None;
                part.mixed = false;
            }
            if glue == Glue::Loose && part.cells.is_some() && said && answered_behind(&after) {
                // `(-), inflammatory cells (+)`, `- (pneumocytes +)`: other cells with a result of their own.
                break;
            }
            let other_cells = value.cells.is_some() && part.cells.is_some();
            let another = value.verdict.is_some() && part.lacking;
            if glue == Glue::Tight && (other_cells || another) {
                // Other cells, or other markers (`positive in the absence of B`), have a result of their own.
                break;
            }
            value.add(part);
            at = input.len() - after.len();
            used = at;
            first = false;
            continue;
        }
        let Some(token) = rest.first() else { break };
        let goes_on = glue == Glue::Loose
            && at
                .checked_sub(1)
                .and_then(|i| input.get(i))
                .is_none_or(|before| !matches!(before.kind, Kind::Mark(_)));
        if input.marker(token).is_some() && !goes_on {
            break;
        }
        let skip = match glue {
            Glue::Loose => true,
            Glue::Tight => tight(&rest, token),
        };
        if !skip {
            break;
        }
        at += 1;
    }
    (used, value)
}

/// `DE-R-11`: the hyphen at `at` stands inside a name.
fn joins_words(rest: &Tokens<'_>, at: usize) -> bool {
    at > 0
        && rest
            .first()
            .is_some_and(|t| t.kind == Kind::Mark('-') && t.gap == Gap::None)
        && rest.get(1).is_some_and(|t| {
            t.gap == Gap::None && !matches!(t.kind, Kind::Mark(_)) && rest.text_of(t) != "ve"
        })
}

/// `(-)`: a minus with nothing else in its bracket.
fn bracketed(input: &Tokens<'_>, at: usize) -> bool {
    let is = |i: usize, wanted: &[char]| {
        (input.get(i)).is_some_and(|t| matches!(t.kind, Kind::Mark(c) if wanted.contains(&c)))
    };
    at.checked_sub(1)
        .is_some_and(|before| is(before, &['(', '[']))
        && is(at + 1, &[')', ']'])
}

/// Whether cells are followed by a sign or result of their own.
fn answered_behind(after: &Tokens<'_>) -> bool {
    let mut rest = *after;
    for _ in 0..3 {
        if element(rest, Minus::Sign).is_ok_and(|(_, value)| value.verdict.is_some()) {
            return true;
        }
        let skipped = rest.first().is_some_and(|t| {
            matches!(t.kind, Kind::Mark('(' | '[' | ':'))
                || rest
                    .words(t)
                    .any(|w| matches!(w, Word::Copula | Word::Filler))
        });
        if !skipped {
            return false;
        }
        rest = rest.slice(1..rest.len());
    }
    false
}

/// A dash before a result word: `- positive`, not `-ve` and not `-, weak`.
fn separates(rest: &Tokens<'_>) -> bool {
    rest.first().is_some_and(|t| t.kind == Kind::Mark('-'))
        && rest.get(1).is_some_and(|t| {
            t.gap > Gap::None
                && rest.words(t).any(
                    |w| matches!(w, Word::Result(polarity, _) if *polarity != Polarity::Evidence),
                )
        })
}

/// `this result replaces the equivocal one`: what stands behind such a verb is the result that no longer counts.
pub(crate) fn names_the_old(rest: &Tokens<'_>) -> bool {
    const STEMS: [&str; 10] = [
        "replac", "supersed", "ersetz", "remplac", "annul", "sustitu", "reemplaz", "vervang",
        "取代", "替代",
    ];
    rest.first().is_some_and(|t| {
        let word = rest.text_of(t).to_lowercase();
        rest.is(t, &Word::Cue(Cue::Supersedes)) && STEMS.iter().any(|stem| word.contains(stem))
    })
}

fn is_cue(rest: &Tokens<'_>, cue: Cue) -> bool {
    rest.first().is_some_and(|t| rest.is(t, &Word::Cue(cue)))
}

/// The result behind a word that says it replaces the one before, and how many tokens lead up to its end.
fn later(rest: &Tokens<'_>, minus: Minus, glue: Glue) -> Option<(usize, Value)> {
    (1..rest.len().min(8))
        .take_while(|i| {
            rest.get(*i)
                .is_some_and(|t| glue == Glue::Loose || rest.marker(t).is_none())
        })
        .find_map(|i| {
            let from = rest.slice(i..rest.len());
            let (after, value) = element(from, minus).ok()?;
            value.verdict?;
            Some((rest.len() - after.len(), value))
        })
}

/// The result behind a colon where a positive word before it was its label, and how many tokens it takes.
fn labelled(rest: &Tokens<'_>, before: &Value) -> Option<(usize, Value)> {
    let label = before.verdict == Some(Verdict::Word(Polarity::Positive));
    let colon = (0..4)
        .find(|i| {
            !rest.get(*i).is_some_and(|t| {
                rest.words(t)
                    .any(|w| matches!(w, Word::Filler | Word::Cells(_)))
            })
        })
        .filter(|i| rest.get(*i).is_some_and(|t| t.kind == Kind::Mark(':')))?;
    if !label {
        return None;
    }
    let behind = rest.slice(colon + 1..rest.len());
    if is_zero(&behind) {
        let value = Value {
            verdict: Some(Verdict::Minus),
            ..Value::default()
        };
        return Some((colon + 2, value));
    }
    let (after, value) = element(behind, Minus::Sign).ok()?;
    let says = value.verdict.is_some() || value.percent.is_some();
    let mut whole = value.clone();
    if value.verdict.is_none() {
        whole.verdict = before.verdict;
    }
    says.then(|| (rest.len() - after.len(), whole))
}

/// `positive / negative`: a form to fill in, which says nothing.
// choice = result "/" result         ; of different polarity
fn choice(input: Tokens<'_>) -> Parsed<'_, Value> {
    let polarity = |i| {
        word(i, |w| match w {
            Word::Result(polarity, Form::Adjective) => Some(*polarity),
            _ => None,
        })
    };
    let (rest, one) = polarity(input)?;
    let (rest, _) = mark('/').parse(rest)?;
    let (rest, other) = polarity(rest)?;
    if one == other {
        return Err(nom::Err::Error(nom::error::Error::new(
            input,
            nom::error::ErrorKind::Alt,
        )));
    }
    Ok((rest, Value::default()))
}

fn is_zero(rest: &Tokens<'_>) -> bool {
    rest.first()
        .is_some_and(|t| t.kind == Kind::Number && rest.text_of(t) == "0")
        && rest.get(1).is_none_or(|t| {
            matches!(t.kind, Kind::Mark(',' | ';' | '.' | ')' | '(')) || t.gap >= Gap::Wide
        })
}

/// Articles of the languages that are read.
pub(crate) const ARTICLES: [&str; 16] = [
    "a", "an", "the", "die", "der", "den", "das", "le", "la", "les", "los", "las", "el", "het",
    "il", "lo",
];

/// Words that stand between the elements of a value and change nothing: articles, and what narrows to some cells.
pub(crate) fn is_small(word: &str) -> bool {
    const ONLY: [&str; 15] = [
        "only",
        "very",
        "nur",
        "lediglich",
        "ausschließlich",
        "des",
        "du",
        "uniquement",
        "seulement",
        "solo",
        "sólo",
        "solamente",
        "únicamente",
        "alleen",
        "uitsluitend",
    ];
    ARTICLES.contains(&word) || ONLY.contains(&word)
}

/// A comma, `and` or an article that another element follows.
fn tight<'a>(rest: &Tokens<'a>, token: &Token<'a>) -> bool {
    let joins = matches!(token.kind, Kind::Mark(',' | '/'))
        || rest
            .words(token)
            .any(|w| matches!(w, Word::And | Word::Filler))
        || is_small(rest.text_of(token));
    // `uniquement les vaisseaux`
    let small = (1..4)
        .take_while(|i| rest.get(*i).is_some_and(|t| is_small(rest.text_of(t))))
        .count();
    let next = rest.slice(1 + small..rest.len());
    // `A positive, negative B`: the next result belongs to the next marker.
    let goes_on = element(next, Minus::Hyphen).is_ok_and(|(after, value)| {
        value.verdict.is_none() || after.first().is_none_or(|t| after.marker(t).is_none())
    });
    joins && goes_on
}
