//! The words a size, sum or state belongs to.

use super::Place;
use crate::narrative::lex::{Kind as Token, Tokens};
use crate::narrative::outline::names_operation;
use crate::narrative::quantity::{self, Style, has, is, is_mark, text};
use crate::vocab::{Figure, Gap};

/// What is measured.
#[derive(Debug, Clone)]
pub(super) enum Anchor {
    Target(Option<u32>),
    Targets,
    NonTarget(Option<u32>),
    New(bool),
    Sum,
    Body,
    /// A size that is one of a body by what stands behind it, or by its diameters alone.
    Sized,
}

/// An anchor with its tokens.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) anchor: Anchor,
    pub(super) start: usize,
    /// Behind its words and number.
    pub(super) end: usize,
    /// `pelvic mass (target 1) 62 mm`: its words stand in a bracket behind the lesion, which begins at `start`.
    pub(super) behind_lesion: bool,
}

/// A whole number of one or two digits at a place.
pub(super) fn ordinal(tokens: &Tokens<'_>, at: usize) -> Option<u32> {
    let token = tokens.get(at).filter(|t| t.kind == Token::Number)?;
    tokens
        .text_of(token)
        .parse()
        .ok()
        .filter(|n| (1..=20).contains(n))
}

/// The number of a lesion behind its word (`TL1`, `target lesion #1`), and the place behind it. A number that is
/// followed by a length is a size.
pub(super) fn lesion_number(tokens: &Tokens<'_>, at: usize) -> (Option<u32>, usize) {
    let mut next = at;
    while is_mark(tokens, next, &['#', '.', '-', '_', '（', '('])
        || matches!(text(tokens, next), "No" | "no" | "number" | "Nr" | "n°")
    {
        next += 1;
        if next > at + 2 {
            return (None, at);
        }
    }
    match ordinal(tokens, next) {
        Some(n)
            if tokens.get(next).is_some_and(|t| t.gap < Gap::Wide)
                && quantity::size(tokens.slice(next..tokens.len()), Style::default()).is_err() =>
        {
            (Some(n), next + 1)
        }
        _ => (None, at),
    }
}

pub(super) fn anchors(tokens: &Tokens<'_>, place: &Place<'_>) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::new();
    // What was seen at the operation or on the cut surface is no image, though the block tells of one.
    let imaging = has(tokens, |f| *f == Figure::Imaging) || (place.imaging && !operated(tokens));
    let mut open = None;
    let mut at = 0;
    while at < tokens.len() {
        let Some(token) = tokens.get(at) else { break };
        if token.kind == Token::Number
            && let Ok((_, size)) = quantity::size(tokens.slice(at..tokens.len()), place.style)
        {
            let behind = at + size.tokens;
            if !imaging && stands_alone(tokens, at, &size, open, &out) {
                out.push(Found {
                    anchor: Anchor::Sized,
                    start: at,
                    end: at,
                    behind_lesion: false,
                });
            }
            open = None;
            at = behind.max(at + 1);
            continue;
        }
        let (anchor, end) = anchor_at(tokens, at, imaging);
        if let Some(anchor) = anchor {
            let body = matches!(anchor, Anchor::Body);
            // A mass inside a target's own words is its site.
            let inside = body
                && out.last().is_some_and(|last| {
                    !matches!(last.anchor, Anchor::Body)
                        && !(last.end..at).any(|i| is_mark(tokens, i, &[';', '.', '。', '；']))
                });
            // `mass, size 7 x 5 x 4 cm` is one body.
            let again = body
                && out.last().is_some_and(|last| {
                    matches!(last.anchor, Anchor::Body)
                        && quantity_between(tokens, last.end, at).is_none()
                });
            if again {
                open = Some(end);
                if let Some(last) = out.last_mut() {
                    last.end = end;
                }
            } else if of_sum(tokens, out.last(), &anchor, at) {
                if let Some(last) = out.last_mut() {
                    last.end = end;
                }
            } else if !inside {
                open = body.then_some(end);
                let lesion = lesion_before(tokens, &anchor, at, end);
                out.push(Found {
                    anchor,
                    start: lesion.unwrap_or(at),
                    end,
                    behind_lesion: lesion.is_some(),
                });
            }
        }
        at = end.max(at + 1);
    }
    if out.is_empty() && place.diagnosis && !imaging {
        out.push(Found {
            anchor: Anchor::Body,
            start: 0,
            end: 0,
            behind_lesion: false,
        });
    }
    out
}

/// What the word at a place is an anchor of, and the place behind it.
fn anchor_at(tokens: &Tokens<'_>, at: usize, imaging: bool) -> (Option<Anchor>, usize) {
    let mut end = at + 1;
    let mut anchor = None;
    let Some(token) = tokens.get(at) else {
        return (anchor, end);
    };
    for f in tokens.figures(token) {
        anchor = match f {
            Figure::Target | Figure::Targets | Figure::NonTarget => {
                let (n, next) = lesion_number(tokens, at + 1);
                end = next;
                Some(match (f, n) {
                    (Figure::NonTarget, n) => Anchor::NonTarget(n),
                    (_, None) => Anchor::Targets,
                    (_, n) => Anchor::Target(n),
                })
            }
            Figure::New => Some(Anchor::New(denied(tokens, at))),
            Figure::NewWord if imaging || lesion_follows(tokens, at + 1) => {
                lesion_follows(tokens, at + 1).then(|| Anchor::New(denied(tokens, at)))
            }
            Figure::Sum => Some(Anchor::Sum),
            Figure::Mass | Figure::Size if !imaging && leads_to_size(tokens, at) => {
                Some(Anchor::Body)
            }
            // `Ovary 3 x 2 x 1 cm`
            Figure::Site(_) if !imaging && anchor.is_none() && body_follows(tokens, at + 1) => {
                Some(Anchor::Body)
            }
            _ => anchor,
        };
    }
    if anchor.is_none() && !imaging && compound(token, tokens.text_of(token)) {
        anchor = Some(Anchor::Body);
    }
    if anchor.is_none()
        && imaging
        && let Some(n) = lettered(tokens, at)
    {
        anchor = Some(Anchor::Target(Some(n)));
        end = at + 2;
    }
    (anchor, end)
}

/// Where the lesion begins whose number stands in a bracket behind it: `pelvic mass (target 1)`.
// lesion = word { word } [size] "(" target number ")"
fn lesion_before(tokens: &Tokens<'_>, anchor: &Anchor, at: usize, end: usize) -> Option<usize> {
    let open = at.checked_sub(1)?;
    let labelled = matches!(anchor, Anchor::Target(Some(_)))
        && is_mark(tokens, open, &['('])
        && is_mark(tokens, end, &[')']);
    let begins = |i: usize| {
        is_mark(tokens, i, &[',', ';', ':', '.', ')'])
            || tokens.get(i).is_some_and(|t| t.gap >= Gap::Line)
    };
    let start = (0..open).rev().take_while(|i| !begins(*i)).last()?;
    labelled.then_some(start)
}

/// `de` is a word of size before a number only.
fn leads_to_size(tokens: &Tokens<'_>, at: usize) -> bool {
    !text(tokens, at).eq_ignore_ascii_case("de")
        || tokens.get(at + 1).is_some_and(|t| t.kind == Token::Number)
}

/// `T1 liver 42 mm` in a RECIST table; `T1` elsewhere is a stage.
fn lettered(tokens: &Tokens<'_>, at: usize) -> Option<u32> {
    let glued = tokens.get(at + 1).is_some_and(|t| t.gap == Gap::None);
    (text(tokens, at) == "T" && glued)
        .then(|| ordinal(tokens, at + 1))
        .flatten()
}

/// Whether a size is one of a body without an anchor before it: by its diameters, by the noun behind it, or as the
/// largest of several. `open` is the end of a body that still waits for its size.
fn stands_alone(
    tokens: &Tokens<'_>,
    at: usize,
    size: &quantity::Size,
    open: Option<usize>,
    out: &[Found],
) -> bool {
    let lesions = out
        .iter()
        .any(|f| !matches!(f.anchor, Anchor::Body | Anchor::Sized));
    let several = size.mm.len() > 1 && open.is_none_or(|o| at > o + super::REACH);
    let noun = open.is_none_or(|o| at > o + 2) && noun_follows(tokens, at, at + size.tokens);
    !lesions && (several || noun || largest(tokens, at))
}

/// A length between two places.
pub(super) fn quantity_between(tokens: &Tokens<'_>, start: usize, end: usize) -> Option<usize> {
    (start..end).find(|i| {
        tokens.get(*i).is_some_and(|t| t.kind == Token::Number)
            && quantity::size(tokens.slice(*i..tokens.len()), Style::default()).is_ok()
    })
}

/// A word made of others that ends in a word for a tumour: `Stromatumor`, `Rundzellsarkom`.
fn compound(token: &crate::narrative::lex::Token<'_>, word: &str) -> bool {
    const ENDS: [&str; 10] = [
        "tumor",
        "tumour",
        "tumoren",
        "sarkom",
        "sarcoma",
        "sarcome",
        "sarcoom",
        "karzinom",
        "carcinoma",
        "carcinome",
    ];
    matches!(token.kind, Token::Other) && {
        let word = word.to_lowercase();
        ENDS.iter().any(|end| word.ends_with(end))
    }
}

/// `sum of the diameters of the target lesions`: the lesions belong to the words of the sum.
fn of_sum(tokens: &Tokens<'_>, last: Option<&Found>, anchor: &Anchor, at: usize) -> bool {
    let Some(last) = last.filter(|l| matches!(l.anchor, Anchor::Sum)) else {
        return false;
    };
    matches!(anchor, Anchor::Targets | Anchor::Target(None))
        && at < last.end + 4
        && (last.end..at).all(|i| {
            tokens
                .get(i)
                .is_some_and(|t| !matches!(t.kind, Token::Mark(_) | Token::Number))
        })
}

/// `38 mm nodule`, `4.1 x 3 cm ulcerated mass`: the noun stands behind the size, with adjectives between.
pub(super) fn noun_follows(tokens: &Tokens<'_>, size: usize, at: usize) -> bool {
    let article = matches!(
        text(tokens, size.wrapping_sub(1)).to_lowercase().as_str(),
        "a" | "an" | "ein" | "eine" | "einem" | "einen" | "einer" | "un" | "una" | "une" | "een"
    );
    for i in at..tokens.len().min(at + 5) {
        let Some(token) = tokens.get(i) else { break };
        // `a 3 cm, firm nodule`
        let stops = matches!(token.kind, Token::Mark(c) if c != '-' && !(article && c == ','))
            || token.kind == Token::Number
            || is(tokens, i, |f| {
                matches!(
                    f,
                    Figure::NotSize | Figure::Node | Figure::Above | Figure::Below
                )
            })
            || linked(text(tokens, i));
        if stops {
            return false;
        }
        if is(tokens, i, |f| *f == Figure::Mass) {
            // `2 mm tumour-free margin`
            let part = is_mark(tokens, i + 1, &['-'])
                || text(tokens, i + 1).eq_ignore_ascii_case("free")
                || (is(tokens, i + 1, |f| *f == Figure::NotSize) && !linked(text(tokens, i + 1)));
            return !part;
        }
    }
    false
}

/// Words that make what follows another thing than what is measured.
fn linked(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "of" | "to"
            | "from"
            | "in"
            | "at"
            | "with"
            | "and"
            | "the"
            | "into"
            | "below"
            | "above"
            | "beyond"
            | "von"
            | "vom"
            | "zum"
            | "der"
            | "im"
            | "und"
            | "de"
            | "du"
            | "des"
            | "et"
            | "del"
            | "y"
            | "van"
            | "en"
    )
}

/// `Five cores, the longest 1.6 cm`
pub(super) fn largest(tokens: &Tokens<'_>, at: usize) -> bool {
    let word = (at.saturating_sub(3)..at).rev().find(|i| {
        matches!(
            text(tokens, *i).to_lowercase().as_str(),
            "largest"
                | "longest"
                | "biggest"
                | "größte"
                | "größter"
                | "größtes"
                | "längste"
                | "längster"
                | "grootste"
                | "langste"
                | "最大者"
                | "最长者"
        )
    });
    word.is_some_and(|word| {
        let from = word.saturating_sub(6);
        !(from..at).any(|i| {
            is(tokens, i, |f| {
                matches!(f, Figure::Node | Figure::Size | Figure::Diameter)
            }) || (i > word && is(tokens, i, |f| *f == Figure::NotSize))
        })
    })
}

/// The sentence tells of an operation or of the specimen.
fn operated(tokens: &Tokens<'_>) -> bool {
    tokens.iter().any(|t| {
        names_operation(tokens.text_of(t)) || tokens.figures(t).any(|f| *f == Figure::Gross)
    })
}

/// A word for a lesion within a few tokens: `new liver lesion`.
fn lesion_follows(tokens: &Tokens<'_>, at: usize) -> bool {
    (at..tokens.len().min(at + 4)).any(|i| {
        is(tokens, i, |f| *f == Figure::Mass) && !text(tokens, i).to_lowercase().starts_with("leio")
    })
}

/// Two or three diameters within a few tokens.
fn body_follows(tokens: &Tokens<'_>, at: usize) -> bool {
    (at..tokens.len().min(at + 4)).any(|i| {
        quantity::size(tokens.slice(i..tokens.len()), Style::default())
            .is_ok_and(|(_, size)| size.mm.len() > 1)
    })
}

/// `no new lesions`
fn denied(tokens: &Tokens<'_>, at: usize) -> bool {
    (at.saturating_sub(4)..at).any(|i| {
        matches!(
            text(tokens, i).to_lowercase().as_str(),
            "no" | "not"
                | "without"
                | "无"
                | "未"
                | "没"
                | "没有"
                | "keine"
                | "kein"
                | "ohne"
                | "aucune"
                | "pas"
                | "sin"
                | "ninguna"
                | "geen"
                | "zonder"
        ) || is(
            tokens,
            i,
            |f| matches!(f, Figure::State(s) if s == "absent"),
        )
    })
}
