//! Numbers and signs of a value: percentages, grades, scores.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{map, map_opt, opt};
use nom::multi::{many_m_n, separated_list1};
use nom::sequence::{pair, preceded, terminated};

use crate::case::ihc::PercentOp;
use crate::case::percent::Percent;
use crate::narrative::lex::{Kind, Tokens};
use crate::narrative::value::{Minus, Parsed, Value, Verdict, mark, number, token, word};
use crate::vocab::{Gap, Word};

#[derive(Clone, Copy)]
enum Bound {
    Below,
    Above,
    About,
}

// bound = "<" | ">" | "~" | "about" | "less than" | "more than" | "up to" | "at least"
fn bound(input: Tokens<'_>) -> Parsed<'_, Bound> {
    alt((
        map(mark('<'), |_| Bound::Below),
        map(mark('>'), |_| Bound::Above),
        map(mark('~'), |_| Bound::About),
        // `ca. 8 %`: the point of the abbreviation is no sign of its own.
        |i| {
            let about = |i| word(i, |w| (*w == Word::About).then_some(Bound::About));
            let point = token(|t| t.kind == Kind::Mark('.') && t.gap == Gap::None);
            terminated(about, point).parse(i)
        },
        |i| {
            word(i, |w| match w {
                Word::Below => Some(Bound::Below),
                Word::Above | Word::AtLeast => Some(Bound::Above),
                Word::About | Word::AtMost => Some(Bound::About),
                _ => None,
            })
        },
    ))
    .parse(input)
}

// range-mark = "-" | "~" | "to" | "à" | "a"      ; the last two between numbers alone
fn range_mark(input: Tokens<'_>) -> Parsed<'_, ()> {
    let small = map(token(|t| matches!(input.text_of(t), "à" | "a")), |_| ());
    alt((
        map(mark('-'), |_| ()),
        map(mark('~'), |_| ()),
        |i| word(i, |w| (*w == Word::Range).then_some(())),
        small,
    ))
    .parse(input)
}

// between = "between" number ["%"] "and" number "%"
fn between(input: Tokens<'_>) -> Parsed<'_, (&str, Option<&str>)> {
    let mut opens = token(|t| {
        let word = input.text_of(t).to_lowercase();
        matches!(
            word.as_str(),
            "between" | "zwischen" | "entre" | "tussen" | "tra" | "介于"
        )
    });
    let and = |i| word(i, |w| (*w == Word::And).then_some(()));
    let (rest, _) = opens.parse(input)?;
    let (rest, low) = terminated(number, opt(percent_sign)).parse(rest)?;
    let (rest, ()) = and(rest)?;
    let (rest, high) = terminated(number, percent_sign).parse(rest)?;
    Ok((rest, (low, Some(high))))
}

// percent-sign = "%" | "percent"
fn percent_sign(input: Tokens<'_>) -> Parsed<'_, ()> {
    map(
        token(|t| t.kind == Kind::Mark('%') || input.text_of(t).eq_ignore_ascii_case("percent")),
        |_| (),
    )
    .parse(input)
}

// percent = bound{0,2} ( number "%" | number ["%"] range-mark number "%" | between )
pub(super) fn percent(input: Tokens<'_>) -> Parsed<'_, Value> {
    let (rest, bounds) = many_m_n(0, 2, bound).parse(input)?;
    let range = terminated(
        pair(
            terminated(number, opt(percent_sign)),
            preceded(range_mark, map(number, Some)),
        ),
        percent_sign,
    );
    let single = map(terminated(number, percent_sign), |n| (n, None));
    let mut value = Value::default();
    let parse = |n: &str| Percent::parse(&n.replace(',', ""));
    let (rest, (low, high)) = match alt((between, range, single)).parse(rest) {
        Ok(read) => read,
        Err(wrong) => {
            let (after, (written, mended)) = damaged_percent(rest).map_err(|_| wrong)?;
            value.percent = parse(&mended).map(|p| [p, p]);
            value.digits = Some((format!("{written}%"), format!("{mended}%")));
            return Ok((after, value));
        }
    };
    match (parse(low), high.map(parse)) {
        (Some(low), None) => {
            value.percent = Some([low, low]);
            for bound in bounds {
                let (range, op) = match bound {
                    Bound::Below => ([Percent::ZERO, low], PercentOp::Below),
                    Bound::Above => ([low, Percent::HUNDRED], PercentOp::Above),
                    Bound::About => ([low, low], PercentOp::About),
                };
                value.percent = Some(range);
                value.percent_op = Some(op);
            }
        }
        (Some(low), Some(Some(high))) if low <= high => value.percent = Some([low, high]),
        _ => value.impossible = true,
    }
    Ok((rest, value))
}

// damaged = number { "O" | "l" | "I" } "%"       ; glued: letters a scan made of the digits 0 and 1
fn damaged_percent(input: Tokens<'_>) -> Parsed<'_, (&str, String)> {
    let (rest, first) = token(|t| t.kind == Kind::Number).parse(input)?;
    let (rest, letters) = token(|t| {
        t.gap == Gap::None
            && input
                .text_of(t)
                .chars()
                .all(|c| matches!(c, 'O' | 'o' | 'l' | 'I'))
    })
    .parse(rest)?;
    let (rest, _) = token(|t| t.kind == Kind::Mark('%') && t.gap == Gap::None).parse(rest)?;
    let written = input.slice(0..2).text();
    let digits = input.text_of(letters).chars().map(|c| match c {
        'O' | 'o' => '0',
        _ => '1',
    });
    let mended = input.text_of(first).chars().chain(digits).collect();
    Ok((rest, (written, mended)))
}

// grade = digit "+" | "+"{1,4}      ; digit 1 to 4
fn grade(input: Tokens<'_>) -> Parsed<'_, u8> {
    alt((
        terminated(
            map_opt(number, |n| n.parse().ok().filter(|d| (1..=4).contains(d))),
            mark('+'),
        ),
        pluses,
    ))
    .parse(input)
}

fn pluses(input: Tokens<'_>) -> Parsed<'_, u8> {
    let (rest, first) = mark('+').parse(input)?;
    let (rest, more) = many_m_n(
        0,
        3,
        token(|t| t.kind == Kind::Mark('+') && t.gap == Gap::None),
    )
    .parse(rest)?;
    let _ = first;
    Ok((rest, 1 + u8::try_from(more.len()).unwrap_or(3)))
}

// none = "0" ("+" | ("/" | "out" "of") number ["+"])
fn none(input: Tokens<'_>) -> Parsed<'_, Value> {
    let zero = map_opt(number, |n| (n == "0").then_some(()));
    let text = |wanted: &'static str| token(move |t| input.text_of(t).eq_ignore_ascii_case(wanted));
    let of = alt((
        map(mark('/'), |_| ()),
        map((text("out"), text("of")), |_| ()),
    ));
    let scale = map((of, number, opt(mark('+'))), |_| ());
    let (rest, _) = (zero, alt((map(mark('+'), |_| ()), scale))).parse(input)?;
    let value = Value {
        verdict: Some(Verdict::Minus),
        score: Some("0".to_owned()),
        score_is_zero: Some(true),
        ..Value::default()
    };
    Ok((rest, value))
}

// sign = none | "+/-" | "±" | range | grade | "-" | "="
pub(super) fn sign(input: Tokens<'_>, minus: Minus) -> Parsed<'_, Value> {
    let plus_minus = alt((
        map((mark('+'), mark('/'), mark('-')), |_| ()),
        map((mark('-'), mark('/'), mark('+')), |_| ()),
        map(mark('±'), |_| ()),
    ));
    let mut plus_minus = map(plus_minus, |()| Value {
        verdict: Some(Verdict::PlusMinus),
        ..Value::default()
    });
    if let Ok(done) = plus_minus.parse(input).or_else(|_| none(input)) {
        return Ok(done);
    }
    // 1-2+ : the first grade has lost its plus.
    let bare = map_opt(number, |n| {
        n.parse::<u8>().ok().filter(|d| (1..=4).contains(d))
    });
    let low = alt((grade, bare));
    let mut range = map(pair(terminated(low, range_mark), grade), |(low, high)| {
        Value {
            verdict: Some(Verdict::Plus),
            score: Some(format!("{low}+~{high}+")),
            score_is_zero: Some(false),
            ..Value::default()
        }
    });
    if let Ok(done) = range.parse(input) {
        return Ok(done);
    }
    if let Ok((rest, plus)) = grade(input) {
        // A single plus is the plain sign; with a digit or more pluses it is a score.
        let plain = input.first().is_some_and(|t| t.kind == Kind::Mark('+')) && plus == 1;
        let value = Value {
            verdict: Some(Verdict::Plus),
            score: (!plain).then(|| format!("{plus}+")),
            score_is_zero: (!plain).then_some(false),
            ..Value::default()
        };
        return Ok((rest, value));
    }
    let negative = |equals_sign| Value {
        verdict: Some(Verdict::Minus),
        equals_sign,
        ..Value::default()
    };
    match minus {
        Minus::Sign => alt((
            map(many_m_n(1, 3, mark('-')), |_| negative(false)),
            map(mark('='), |_| negative(true)),
        ))
        .parse(input),
        Minus::Hyphen => Err(nom::Err::Error(nom::error::Error::new(
            input,
            nom::error::ErrorKind::Alt,
        ))),
    }
}

// breakdown = grade percent "," grade percent { "," grade percent }      ; 3+ 80%, 2+ 15%, 1+ 0%
pub(super) fn breakdown(input: Tokens<'_>) -> Parsed<'_, Value> {
    let graded = |i| preceded(grade, terminated(number, percent_sign)).parse(i);
    let (rest, parts) = separated_list1(mark(','), graded).parse(input)?;
    let sum = parts.iter().try_fold(0_u32, |sum, n| {
        n.parse::<u32>().ok().and_then(|n| sum.checked_add(n))
    });
    let percent = sum
        .filter(|_| parts.len() > 1)
        .and_then(|sum| Percent::parse(&sum.to_string()));
    let Some(percent) = percent else {
        return Err(nom::Err::Error(nom::error::Error::new(
            input,
            nom::error::ErrorKind::Verify,
        )));
    };
    let value = Value {
        percent: Some([percent, percent]),
        ..Value::default()
    };
    Ok((rest, value))
}

// score = score-name [":" | "="] number ["/" number] ["%"]
pub(super) fn score(input: Tokens<'_>) -> Parsed<'_, Value> {
    let (rest, name) = word(input, |w| match w {
        Word::Score(name) => Some(name.as_str()),
        _ => None,
    })?;
    let (rest, _) = opt(alt((map(mark(':'), |_| ()), map(mark('='), |_| ()), |i| {
        word(i, |w| (*w == Word::Preposition).then_some(()))
    })))
    .parse(rest)?;
    let (rest, first) = number(rest)?;
    let (rest, of) = opt(preceded(mark('/'), number)).parse(rest)?;
    let (rest, sign) = opt(mark('%')).parse(rest)?;
    let mut text = format!("{name} {first}");
    if let Some(of) = of {
        text.push('/');
        text.push_str(of);
    }
    let mut value = Value {
        score_is_zero: first.parse::<u32>().ok().map(|n| n == 0),
        ..Value::default()
    };
    if sign.is_some() {
        text.push('%');
        value.percent = Percent::parse(first).map(|p| [p, p]);
    }
    value.score = Some(text);
    Ok((rest, value))
}
