//! Numbers, units and lengths of laboratory values and lesions.
//!
//! ```text
//! number   = digits | digits "." digits | digits "," digits | digits { "," digits3 }
//! unit     = [ "(" ] [ times ] [ power ] [ multiplier ] [ "cells" ] ( "/" | "per" ) volume [ ")" ]
//!          | amount "/" volume | amount
//! times    = "x" | "×" | "*" | "·"
//! power    = "10" ( "^" | "*" | "**" | "E" | "e" | "(" ) digits [ ")" ] | "10" superscripts | "10" digits
//! volume   = "L" | "mL" | "µL" | "mm" ( "3" | "³" | "^3" )
//! size     = number [ length ] { by number [ length ] } length
//! by       = "x" | "×" | "*" | "by"
//! ```
//!
//! The last form of `power` has lost its superscript (`109/L`); reading it is a repair.

use nom::branch::alt;
use nom::bytes::complete::take;
use nom::combinator::{map, map_opt, opt};
use nom::multi::many_m_n;
use nom::{IResult, Parser};
use rust_decimal::Decimal;

use crate::case::Repair;
use crate::narrative::lex::{Kind, Token, Tokens};
use crate::vocab::{Figure, Gap, Meaning};

pub(crate) type Parsed<'a, T> = IResult<Tokens<'a>, T>;

/// How the numbers of a document are written.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Style {
    /// The comma is the decimal mark, the point stands between thousands.
    pub(crate) continental: bool,
}

/// A number as read, with its byte range.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Number {
    pub(crate) value: Decimal,
    /// The value where a point before three digits is taken for a mark of thousands.
    pub(crate) thousands: Option<Decimal>,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

pub(crate) fn token<'a>(
    accept: impl Fn(&Token<'a>) -> bool,
) -> impl Parser<Tokens<'a>, Output = &'a Token<'a>, Error = nom::error::Error<Tokens<'a>>> {
    map_opt(take(1_usize), move |tokens: Tokens<'a>| {
        tokens.first().filter(|t| accept(t))
    })
}

pub(crate) fn mark<'a>(
    wanted: char,
) -> impl Parser<Tokens<'a>, Output = &'a Token<'a>, Error = nom::error::Error<Tokens<'a>>> {
    token(move |t| t.kind == Kind::Mark(wanted))
}

/// A token that is a given word of values.
pub(crate) fn figure<'a, T>(
    input: Tokens<'a>,
    read: impl Fn(&'a Figure) -> Option<T>,
) -> Parsed<'a, T> {
    map_opt(take(1_usize), |one: Tokens<'a>| {
        one.figures(one.first()?).find_map(&read)
    })
    .parse(input)
}

/// Whether the token at this place can be a word of values.
pub(crate) fn is(tokens: &Tokens<'_>, at: usize, wanted: impl Fn(&Figure) -> bool) -> bool {
    tokens
        .get(at)
        .is_some_and(|t| tokens.figures(t).any(&wanted))
}

/// Whether some tokens hold a word of values.
pub(crate) fn has(tokens: &Tokens<'_>, wanted: impl Fn(&Figure) -> bool) -> bool {
    tokens.iter().any(|t| tokens.figures(t).any(&wanted))
}

/// The text of the token at this place.
pub(crate) fn text<'a>(tokens: &Tokens<'a>, at: usize) -> &'a str {
    tokens.get(at).map_or("", |t| tokens.text_of(t))
}

/// Whether the token at this place is a mark.
pub(crate) fn is_mark(tokens: &Tokens<'_>, at: usize, wanted: &[char]) -> bool {
    tokens
        .get(at)
        .is_some_and(|t| matches!(t.kind, Kind::Mark(c) if wanted.contains(&c)))
}

// number = digits | digits "." digits | digits "," digits | digits { "," digits3 }
pub(crate) fn number(input: Tokens<'_>, style: Style) -> Parsed<'_, Number> {
    let (rest, first) = token(|t| t.kind == Kind::Number).parse(input)?;
    let written: String = input
        .text_of(first)
        .chars()
        .map(crate::vocab::narrow)
        .collect();
    // A decimal comma is glued on both sides, and three digits behind it are thousands.
    // A wide comma of Chinese text parts clauses.
    let comma = opt((
        token(|t| t.kind == Kind::Mark(',') && t.gap == Gap::None && input.text_of(t) == ","),
        token(|t| t.kind == Kind::Number && t.gap == Gap::None),
    ));
    let whole = !written.contains(['.', ',']);
    let (rest, fraction) = if whole {
        let mut comma = comma;
        comma.parse(rest)?
    } else {
        (rest, None)
    };
    let read = |text: &str| text.parse::<Decimal>().ok();
    let joined = written.replace([',', '.'], "");
    let groups = |mark: char| {
        let mut parts = written.split(mark);
        let head = parts.next().unwrap_or_default();
        let tails: Vec<&str> = parts.collect();
        let digits = |s: &str| s.chars().all(|c| c.is_ascii_digit());
        !head.is_empty()
            && head.len() <= 3
            && !tails.is_empty()
            && digits(head)
            && tails.iter().all(|t| t.len() == 3 && digits(t))
    };
    let mut thousands = None;
    let (value, end) = match fraction {
        Some((_, digits)) => (
            read(&format!("{written}.{}", input.text_of(digits))),
            digits.end,
        ),
        None if written.contains(',') && style.continental && !groups(',') => (None, first.end),
        None if written.contains(',') && style.continental && written.matches(',').count() == 1 => {
            (read(&written.replace(',', ".")), first.end)
        }
        None if written.contains(',') => (read(&written.replace(',', "")), first.end),
        None if written.matches('.').count() > 1 => {
            (groups('.').then(|| read(&joined)).flatten(), first.end)
        }
        None => {
            if groups('.') && !written.starts_with("0.") {
                thousands = read(&joined);
            }
            (read(&written), first.end)
        }
    };
    match value {
        Some(value) => Ok((
            rest,
            Number {
                value,
                thousands,
                start: first.start,
                end,
            },
        )),
        None => fail(input),
    }
}

pub(crate) fn fail<T>(input: Tokens<'_>) -> Parsed<'_, T> {
    Err(nom::Err::Error(nom::error::Error::new(
        input,
        nom::error::ErrorKind::Verify,
    )))
}

/// A unit as printed, and what it makes of a count.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Unit {
    /// As printed; 10^9/L for every spelling of it.
    pub(crate) printed: String,
    /// Times this is 10⁹/L; none for a unit of something else.
    pub(crate) factor: Option<Decimal>,
    /// A lost superscript that was put back.
    pub(crate) repair: Option<Repair>,
    /// A plain number of cells in a small volume, whose numbers have no decimals (`/µL`).
    pub(crate) small: bool,
    pub(crate) end: usize,
}

fn times(input: Tokens<'_>) -> Parsed<'_, &Token<'_>> {
    token(|t| {
        matches!(t.kind, Kind::Mark('*' | '×' | '·' | '✕'))
            || matches!(input.text_of(t), "x" | "X" | "х")
    })
    .parse(input)
}

/// Digits written above the line.
fn superscript(c: char) -> Option<char> {
    "⁰¹²³⁴⁵⁶⁷⁸⁹"
        .chars()
        .position(|s| s == c)
        .and_then(|digit| char::from_digit(u32::try_from(digit).ok()?, 10))
}

/// The exponent and whether it had to be repaired.
// power = "10" ( "^" | "*" | "**" | "E" | "(" ) digits | "10" superscripts | "10" digits
fn power(input: Tokens<'_>) -> Parsed<'_, (u32, bool)> {
    let (rest, ten) = token(|t| t.kind == Kind::Number).parse(input)?;
    let written = input.text_of(ten);
    if let Some(digits) = written.strip_prefix("10").filter(|d| !d.is_empty()) {
        // 109/L, 103/µL: only before a volume, and only the powers that counts are given in.
        return match digits {
            "9" | "3" | "6" | "12" if is_mark(&rest, 0, &['/']) => {
                Ok((rest, (digits.parse().unwrap_or_default(), true)))
            }
            _ => fail(input),
        };
    }
    if written != "10" {
        return fail(input);
    }
    let exponent = |i| {
        map_opt(token(|t| t.kind == Kind::Number), |t| {
            input.text_of(t).parse::<u32>().ok().filter(|n| *n <= 12)
        })
        .parse(i)
    };
    let raised = |i| {
        alt((
            map((mark('*'), mark('*'), exponent), |(_, _, n)| n),
            map((mark('('), exponent, mark(')')), |(_, n, _)| n),
            map(
                (
                    token(|t| {
                        matches!(t.kind, Kind::Mark('^' | '*' | 'ˆ'))
                            || matches!(input.text_of(t), "E" | "e" | "exp")
                    }),
                    opt(mark('+')),
                    exponent,
                ),
                |(_, _, n)| n,
            ),
        ))
        .parse(i)
    };
    if let Ok((rest, n)) = raised(rest) {
        return Ok((rest, (n, false)));
    }
    let above = |i| {
        map_opt(take(1_usize), |one: Tokens<'_>| {
            let mut chars = one.text().chars();
            chars
                .next()
                .and_then(superscript)
                .filter(|_| chars.next().is_none())
        })
        .parse(i)
    };
    let (rest, digits) = many_m_n(1, 2, above).parse(rest)?;
    let digits: String = digits.into_iter().collect();
    match digits.parse() {
        Ok(n) if n <= 12 => Ok((rest, (n, false))),
        _ => fail(input),
    }
}

// volume = "L" | "mL" | "µL" | "mm" ( "3" | "³" | "^3" )
fn volume(input: Tokens<'_>) -> Parsed<'_, Decimal> {
    if let Ok(found) = figure(input, |f| match f {
        Figure::Volume(per_litre) => Some(*per_litre),
        _ => None,
    }) {
        return Ok(found);
    }
    let (rest, _) = token(|t| input.text_of(t).eq_ignore_ascii_case("mm")).parse(input)?;
    let (rest, ()) = alt((
        map(mark('³'), |_| ()),
        map((mark('^'), token(|t| input.text_of(t) == "3")), |_| ()),
        map(
            token(|t| input.text_of(t) == "3" && t.gap == Gap::None),
            |_| (),
        ),
    ))
    .parse(rest)?;
    Ok((rest, Decimal::from(1_000_000)))
}

fn per(input: Tokens<'_>) -> Parsed<'_, ()> {
    map(
        token(|t| t.kind == Kind::Mark('/') || input.text_of(t).eq_ignore_ascii_case("per")),
        |_| (),
    )
    .parse(input)
}

fn counted(input: Tokens<'_>) -> Parsed<'_, ()> {
    figure(input, |f| (*f == Figure::Counted).then_some(()))
}

// unit = [times] [power] [multiplier] ["cells"] per volume | amount [per volume]
fn bare_unit(input: Tokens<'_>) -> Parsed<'_, Unit> {
    let start = input.first().map_or(0, |t| t.start);
    let count = |input| {
        let (rest, times) = opt(times).parse(input)?;
        let (rest, power) = opt(power).parse(rest)?;
        if times.is_some() && power.is_none() {
            return fail(input);
        }
        let multiplier = |i| {
            figure(i, |f| match f {
                Figure::Multiplier(n) => Some(*n),
                _ => None,
            })
        };
        let (rest, multiplier) = if power.is_some() {
            (rest, None)
        } else {
            opt(multiplier).parse(rest)?
        };
        // `Tsd./µl`
        let point = opt(token(|t| t.kind == Kind::Mark('.') && t.gap == Gap::None));
        let (rest, _) = if multiplier.is_some() {
            let mut point = point;
            point.parse(rest)?
        } else {
            (rest, None)
        };
        // `3.1 lakhs`: of one cubic millimetre.
        let lakh = multiplier.is_some_and(|n: Decimal| n == Decimal::from(100_000));
        if lakh && per(rest).is_err() {
            let per_litre = Decimal::from(1_000_000);
            return Ok((rest, (power, multiplier, per_litre, times.is_some())));
        }
        let (rest, _) = opt(counted).parse(rest)?;
        let (rest, ()) = per(rest)?;
        let (rest, _) = opt(counted).parse(rest)?;
        let (rest, per_litre) = volume(rest)?;
        Ok((rest, (power, multiplier, per_litre, times.is_some())))
    };
    let ended = |rest: &Tokens<'_>| -> usize {
        let taken = input.len() - rest.len();
        input.slice(0..taken).range().end
    };
    if let Ok((rest, (power, multiplier, per_litre, signed))) = count(input) {
        let cells = match (power, multiplier) {
            (Some((n, _)), _) => 10_i64.checked_pow(n).map(Decimal::from),
            (None, Some(n)) => Some(n),
            (None, None) => Some(Decimal::ONE),
        };
        let factor = cells
            .and_then(|c| c.checked_mul(per_litre))
            .and_then(|c| c.checked_div(Decimal::from(1_000_000_000)))
            .map(|f| f.normalize());
        let end = ended(&rest);
        let written = whole_text(&input, &rest);
        let si = matches!(power, Some((9, _))) && per_litre == Decimal::ONE;
        let repair = power.filter(|(_, lost)| *lost).map(|(n, _)| Repair {
            from: format!("10{n}"),
            to: format!("10^{n}"),
        });
        let printed = if si {
            "10^9/L".to_owned()
        } else if signed || repair.is_some() {
            written.split_whitespace().collect::<String>()
        } else {
            written.to_owned()
        };
        return Ok((
            rest,
            Unit {
                printed,
                factor,
                repair,
                small: power.is_none() && multiplier.is_none() && per_litre > Decimal::ONE,
                end,
            },
        ));
    }
    let (rest, ()) = figure(input, |f| (*f == Figure::Amount).then_some(()))?;
    let over = |i| {
        let (rest, ()) = per(i)?;
        volume(rest)
    };
    let (rest, _) = opt(over).parse(rest)?;
    let end = ended(&rest);
    debug_assert!(start <= end, "a unit has tokens");
    Ok((
        rest,
        Unit {
            printed: whole_text(&input, &rest).to_owned(),
            factor: None,
            repair: None,
            small: false,
            end,
        },
    ))
}

/// What was taken from `input` to leave `rest`.
fn whole_text<'a>(input: &Tokens<'a>, rest: &Tokens<'a>) -> &'a str {
    input.slice(0..input.len() - rest.len()).text()
}

// unit, bare or in brackets
pub(crate) fn unit(input: Tokens<'_>) -> Parsed<'_, Unit> {
    let bracketed = |i| {
        let (rest, _) = alt((mark('('), mark('['))).parse(i)?;
        let (rest, unit) = bare_unit(rest)?;
        let (rest, _) = alt((mark(')'), mark(']'))).parse(rest)?;
        Ok((rest, unit))
    };
    alt((bare_unit, bracketed)).parse(input)
}

/// A length or the two or three diameters of a body, in millimetres.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Size {
    pub(crate) mm: Vec<Decimal>,
    pub(crate) repair: Option<Repair>,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// `<` or `>` stands before it.
    pub(crate) tokens: usize,
}

/// Millimetres of a length unit, and whether the spelling is one met in damaged reports.
// length = "mm" | "cm" ; not "mm3", "mm2", "mm/h"
fn length(input: Tokens<'_>) -> Parsed<'_, (Decimal, Option<Repair>)> {
    let (rest, one) = take(1_usize).parse(input)?;
    let found = one.first().and_then(|t| {
        let written = one.text_of(t);
        one.senses(t).find_map(|sense| match &sense.meaning {
            Meaning::Figure(Figure::Length(mm)) => {
                let repair = sense.damaged.then(|| Repair {
                    from: written.to_owned(),
                    to: "cm".to_owned(),
                });
                Some((*mm, repair))
            }
            _ => None,
        })
    });
    let raised = is_mark(&rest, 0, &['²', '³', '^', '/'])
        || rest
            .first()
            .is_some_and(|t| t.kind == Kind::Number && t.gap == Gap::None);
    match found {
        Some(found) if !raised => Ok((rest, found)),
        _ => fail(input),
    }
}

fn by(input: Tokens<'_>) -> Parsed<'_, ()> {
    map(
        token(|t| {
            matches!(t.kind, Kind::Mark('*' | '×'))
                || matches!(
                    input.text_of(t),
                    "x" | "X" | "х" | "by" | "BY" | "乘" | "mal" | "sur" | "por" | "bij"
                )
        }),
        |_| (),
    )
    .parse(input)
}

// size = number [length] { by number [length] } length
pub(crate) fn size(input: Tokens<'_>, style: Style) -> Parsed<'_, Size> {
    let (mut rest, first) = number(input, style)?;
    let start = first.start;
    let mut numbers = vec![first];
    let mut unit = None;
    loop {
        if let Ok((next, found)) = length(rest) {
            rest = next;
            unit = Some(found);
        }
        if numbers.len() == 3 {
            break;
        }
        let more = |i| {
            let (rest, ()) = by(i)?;
            number(rest, style)
        };
        match more(rest) {
            Ok((next, n)) => {
                rest = next;
                numbers.push(n);
                // The unit must stand behind the last of them.
                unit = None;
            }
            Err(_) => break,
        }
    }
    let Some((mm, repair)) = unit else {
        return fail(input);
    };
    let mm: Option<Vec<Decimal>> = numbers
        .iter()
        .map(|n| n.value.checked_mul(mm).map(|v| v.normalize()))
        .collect();
    // No lesion is wider than two metres.
    match mm.filter(|mm| mm.iter().all(|v| *v <= Decimal::from(2000))) {
        Some(mm) => {
            let tokens = input.len() - rest.len();
            let end = input.slice(0..tokens).range().end;
            Ok((
                rest,
                Size {
                    mm,
                    repair,
                    start,
                    end,
                    tokens,
                },
            ))
        }
        None => fail(input),
    }
}

/// Whether the numbers of a text have a decimal comma.
pub(crate) fn style(tokens: &Tokens<'_>) -> Style {
    let (mut comma, mut point) = (0_usize, 0_usize);
    for at in 0..tokens.len() {
        let Some(t) = tokens.get(at).filter(|t| t.kind == Kind::Number) else {
            continue;
        };
        let written = tokens.text_of(t);
        if written
            .rsplit_once('.')
            .is_some_and(|(head, tail)| tail.len() != 3 && !head.contains('.'))
        {
            point += 1;
        }
        let glued = |at: usize| tokens.get(at).is_some_and(|t| t.gap == Gap::None);
        let digits = tokens.get(at + 2).is_some_and(|t| t.kind == Kind::Number);
        if text(tokens, at + 1) == "," && glued(at + 1) && glued(at + 2) && digits {
            comma += 1;
        }
    }
    Style {
        continental: comma > point,
    }
}
