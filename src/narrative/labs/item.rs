//! One analyte with its number, unit and flag.

use super::{Kind, Known, Named, Token, named};
use crate::narrative::lex::Tokens;
use crate::narrative::quantity::{self, Number, Style, Unit, has, is, is_mark, text};
use crate::vocab::{Counted, Figure, Gap, Naming, Vocab};

/// Most tokens between an analyte and its number.
const REACH: usize = 16;
const A_BOUND: &str = "a bound, not a value";

/// One value on its way to a fact.
pub(super) struct Draft {
    pub(super) named: Named,
    /// First token and one past the last of the words that name and give it.
    pub(super) start: usize,
    pub(super) number: Number,
    pub(super) kind: Option<Kind>,
    pub(super) unit: Option<Unit>,
    pub(super) flag: Option<String>,
    /// Something behind the number forbids to take it without a unit.
    pub(super) needs_unit: bool,
}

/// What stands at an analyte.
pub(super) enum Item {
    Values(Vec<Draft>, usize),
    Unread(&'static str),
    Nothing,
}

/// What stands between an analyte and its number.
#[derive(Default)]
struct Qualifiers {
    kind: Option<Kind>,
    flag: Option<String>,
    unit: Option<Unit>,
}

// item = analyte { qualifier } number [flag] [unit] [flag] { second }
pub(super) fn item(
    tokens: &Tokens<'_>,
    start: usize,
    name: Named,
    vocab: &Vocab,
    known: &Known,
) -> Item {
    let mut q = Qualifiers {
        kind: match name.naming {
            Naming::Absolute => Some(Kind::Absolute),
            Naming::Percent => Some(Kind::Percent),
            Naming::Plain | Naming::Short => None,
        },
        ..Qualifiers::default()
    };
    let mut at = start + 1;
    let end = tokens.len().min(start + REACH);
    while at < end {
        let Some(token) = tokens.get(at) else { break };
        let wraps = token.gap >= Gap::Line;
        if wraps && (token.gap == Gap::Blank || !linking(text(tokens, at - 1))) {
            break;
        }
        if token.kind == Token::Number {
            // `WBC, 10^9/L: 7.85`
            if let Ok((rest, unit)) = quantity::unit(tokens.slice(at..tokens.len())) {
                q.unit = Some(unit);
                at = tokens.len() - rest.len();
                continue;
            }
            if let Some(next) = range_end(tokens, at) {
                at = next;
                continue;
            }
            let glued = token.gap == Gap::None && at == start + 1;
            if glued && name.naming == Naming::Short {
                return Item::Nothing;
            }
            return values(tokens, start, at, name, &q, vocab, known);
        }
        match qualifier(tokens, at, name, &mut q) {
            Some(next) => at = next,
            None if is(tokens, at, |f| matches!(f, Figure::Below | Figure::Above))
                || is_mark(tokens, at, &['<', '>']) =>
            {
                return Item::Unread(A_BOUND);
            }
            None => break,
        }
    }
    // `WBC normal`, `WBC pending`: it is named, and nothing can be read.
    let told = (start + 1..tokens.len().min(start + 4)).any(|i| {
        tokens
            .get(i)
            .is_some_and(|t| t.kind == Token::Number && t.gap < Gap::Line)
            || is(tokens, i, |f| *f == Figure::NoValue)
    });
    if told && vocab.analytes()[name.index].counts.is_some() {
        Item::Unread(super::NO_VALUE)
    } else {
        Item::Nothing
    }
}

/// Words without meaning between a name and a number.
fn linking(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "was"
            | "is"
            | "of"
            | "at"
            | "were"
            | "are"
            | "to"
            | "为"
            | "是"
            | "war"
            | "est"
            | "es"
            | "ist"
            | "fue"
            | ":"
            | "："
            | "="
    )
}

/// One qualifier; the place behind it.
fn qualifier(tokens: &Tokens<'_>, at: usize, name: Named, q: &mut Qualifiers) -> Option<usize> {
    if is_mark(tokens, at, &['#']) || is(tokens, at, |f| *f == Figure::Absolute) {
        let count = is_mark(tokens, at, &['#'])
            || text(tokens, at).to_lowercase().starts_with("abs")
            || text(tokens, at) == "绝对值";
        if count {
            q.kind = q.kind.or(Some(Kind::Absolute));
        }
        return Some(at + 1);
    }
    if is_mark(tokens, at, &['%']) || is(tokens, at, |f| *f == Figure::Share) {
        q.kind = q.kind.or(Some(Kind::Percent));
        return Some(at + 1);
    }
    if let Some(next) = flag(tokens, at, &mut q.flag) {
        return Some(next);
    }
    if is_mark(tokens, at, &['(', '[']) {
        return bracket(tokens, at, name, q);
    }
    // A second spelling of the same analyte.
    if let Some(again) = named(tokens, at)
        && again.index == name.index
    {
        if again.naming == Naming::Absolute {
            q.kind = q.kind.or(Some(Kind::Absolute));
        }
        return Some(at + 1);
    }
    // A unit in a column before the value.
    if let Ok((rest, unit)) = quantity::unit(tokens.slice(at..tokens.len()))
        && tokens
            .get(at)
            .is_some_and(|t| t.gap != Gap::None || is_mark(tokens, at, &[',']))
    {
        let next = tokens.len() - rest.len();
        // `7.85 10^9/L` begins with a number too, but that is no qualifier.
        q.unit = Some(unit);
        return Some(next);
    }
    let separator = is_mark(
        tokens,
        at,
        &[':', '=', '-', '|', '.', '…', '*', ',', '_', '≈', '~'],
    ) || is(tokens, at, |f| {
        matches!(
            f,
            Figure::About | Figure::Now | Figure::Reference | Figure::Label
        )
    }) || linking(text(tokens, at));
    // A comma ends the item unless a qualifier follows (`Neutrophils, absolute`).
    if is_mark(tokens, at, &[',']) {
        let more = is(tokens, at + 1, |f| {
            matches!(f, Figure::Absolute | Figure::Share)
        }) || is_mark(tokens, at + 1, &['%', '#'])
            || quantity::unit(tokens.slice(at + 1..tokens.len())).is_ok();
        return more.then_some(at + 1);
    }
    separator.then_some(at + 1)
}

/// A bracket between the analyte and its number: a unit, a synonym, a kind or a reference range.
fn bracket(tokens: &Tokens<'_>, at: usize, name: Named, q: &mut Qualifiers) -> Option<usize> {
    if let Ok((rest, unit)) = quantity::unit(tokens.slice(at..tokens.len())) {
        q.unit = Some(unit);
        return Some(tokens.len() - rest.len());
    }
    let close = (at + 1..tokens.len().min(at + 10)).find(|i| is_mark(tokens, *i, &[')', ']']))?;
    let inside = tokens.slice(at + 1..close);
    if range_end(&inside, 0).is_some() || has(&inside, |f| *f == Figure::Reference) {
        return Some(close + 1);
    }
    let mut known = false;
    for i in 0..inside.len() {
        if is_mark(&inside, i, &['%']) || is(&inside, i, |f| *f == Figure::Share) {
            q.kind = q.kind.or(Some(Kind::Percent));
            known = true;
        } else if is_mark(&inside, i, &['#']) || is(&inside, i, |f| *f == Figure::Absolute) {
            q.kind = q.kind.or(Some(Kind::Absolute));
            known = true;
        } else {
            known |= named(&inside, i).is_some_and(|n| n.index == name.index)
                || flag(&inside, i, &mut q.flag).is_some();
        }
    }
    let number = inside.iter().any(|t| t.kind == Token::Number);
    (known && !number).then_some(close + 1)
}

/// `H`, `(L)`, `↑`, `*`; the place behind it. A letter that begins an item of its own is no flag.
pub(super) fn flag(tokens: &Tokens<'_>, at: usize, out: &mut Option<String>) -> Option<usize> {
    let (mut at, mut close) = (at, false);
    if is_mark(tokens, at, &['(', '[']) && is_mark(tokens, at + 2, &[')', ']']) {
        at += 1;
        close = true;
    }
    let token = tokens.get(at)?;
    if token.gap >= Gap::Line && !close {
        return None;
    }
    let found = match token.kind {
        Token::Mark('↑' | '▲' | '⬆') => Some("H"),
        Token::Mark('↓' | '▼' | '⬇') => Some("L"),
        Token::Mark('*' | '!') if !close => {
            // A star alone marks without saying which way; before a power of ten it is a sign.
            return quantity::unit(tokens.slice(at..tokens.len()))
                .is_err()
                .then_some(at + 1);
        }
        Token::Mark('-' | '+') if !close => signed(tokens, at),
        _ => tokens.figures(token).find_map(|f| match f {
            Figure::Flag(flag) => Some(flag.as_str()),
            _ => None,
        }),
    }?;
    if !close && item_begins(tokens, at) {
        return None;
    }
    // `++` marks once.
    if token.kind == Token::Mark('+') || token.kind == Token::Mark('-') {
        while tokens
            .get(at + 1)
            .is_some_and(|t| t.kind == token.kind && t.gap == Gap::None)
        {
            at += 1;
        }
    }
    *out = out.take().or_else(|| Some(found.to_owned()));
    Some(at + 1 + usize::from(close))
}

/// `11,4 -  g/dl`, `455 +  G/l`: a sign that stands alone behind a number says that it is low or high.
fn signed(tokens: &Tokens<'_>, at: usize) -> Option<&'static str> {
    let token = tokens.get(at)?;
    let behind = (at + 1..tokens.len()).find(|i| {
        !tokens
            .get(*i)
            .is_some_and(|t| t.kind == token.kind && t.gap == Gap::None)
    });
    let ends = behind.is_none_or(|i| {
        tokens.get(i).is_some_and(|t| {
            (t.kind != Token::Number || range_end(tokens, i).is_some())
                && (t.gap >= Gap::Wide || t.kind == Token::Mark('|'))
        }) || (tokens.get(i).is_some_and(|t| t.gap != Gap::None)
            && quantity::unit(tokens.slice(i..tokens.len())).is_ok())
    });
    let number = at
        .checked_sub(1)
        .and_then(|i| tokens.get(i))
        .is_some_and(|t| {
            let unit = |f: &Figure| matches!(f, Figure::Volume(_) | Figure::Amount);
            t.kind == Token::Number || tokens.figures(t).any(unit)
        });
    // Behind a wide gap it is the sign of an empty cell.
    (number && ends && token.gap == Gap::Space).then_some(match token.kind {
        Token::Mark('+') => "H",
        _ => "L",
    })
}

/// Whether a letter stands before a number that is no range: `L 1.1`.
fn item_begins(tokens: &Tokens<'_>, at: usize) -> bool {
    let short = named(tokens, at).is_some_and(|n| n.naming == Naming::Short);
    // `10.4 L      9.7 L`: the letter stands at the number before it.
    let gap = |i: usize| tokens.get(i).map_or(Gap::None, |t| t.gap);
    if gap(at) <= Gap::Space && gap(at + 1) >= Gap::Wide {
        return false;
    }
    let at = at + 1 + usize::from(is_mark(tokens, at + 1, &[':', '=']));
    let number = tokens
        .get(at)
        .is_some_and(|t| t.kind == Token::Number && t.gap < Gap::Line);
    // `11.2 H 10^9/L`: what follows is the unit.
    let unit = quantity::unit(tokens.slice(at..tokens.len())).is_ok();
    short && number && !unit && range_end(tokens, at).is_none()
}

/// Where a reference range that starts here ends.
pub(super) fn range_end(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let number = |i: usize| tokens.get(i).is_some_and(|t| t.kind == Token::Number);
    let mut end = at;
    if !number(end) {
        return None;
    }
    end += 1;
    // A decimal comma.
    if is_mark(tokens, end, &[','])
        && tokens.get(end + 1).is_some_and(|t| t.gap == Gap::None)
        && number(end + 1)
    {
        end += 2;
    }
    let dash = is_mark(tokens, end, &['-', '~', '–', '—'])
        || matches!(
            text(tokens, end),
            "to" | "bis" | "à" | "a" | "tot" | "至" | "--"
        );
    let same = |i: usize| tokens.get(i).is_some_and(|t| t.gap < Gap::Line);
    if !dash || !number(end + 1) || !same(end) || !same(end + 1) {
        return None;
    }
    end += 2;
    if is_mark(tokens, end, &[','])
        && tokens.get(end + 1).is_some_and(|t| t.gap == Gap::None)
        && number(end + 1)
    {
        end += 2;
    }
    // `3.5 - 9.5 10^9/L`
    match quantity::unit(tokens.slice(end..tokens.len())) {
        Ok((rest, _)) if same(end) => Some(tokens.len() - rest.len()),
        _ => Some(end),
    }
}

/// The number at `at` with what follows it, and a second number of the same analyte.
fn values(
    tokens: &Tokens<'_>,
    start: usize,
    at: usize,
    name: Named,
    q: &Qualifiers,
    vocab: &Vocab,
    known: &Known,
) -> Item {
    let mut drafts = Vec::new();
    let counts = vocab.analytes()[name.index].counts;
    let Some((first, mut next)) = value(tokens, start, at, name, known.style) else {
        return Item::Unread(super::NO_VALUE);
    };
    let mut first = first;
    first.kind = match (q.kind, first.kind) {
        // `NEUT# 75 %` contradicts itself.
        (Some(Kind::Absolute), Some(Kind::Percent)) => return Item::Unread(super::NO_VALUE),
        (named, given) => given.or(named),
    };
    first.flag = q.flag.clone().or(first.flag);
    if first.unit.is_none() && first.kind != Some(Kind::Percent) {
        first.unit.clone_from(&q.unit);
    }
    let bare = first.unit.is_none() && first.kind.is_none();
    drafts.push(first);
    // The other form of the same analyte, in brackets or beside it.
    if counts == Some(Counted::Share) && !bare {
        // `68,0 %  soit 5,73 G/L`
        let that_is = matches!(
            text(tokens, next).to_lowercase().as_str(),
            "soit" | "or" | "entsprechend" | "entspr" | "bzw" | "=" | "i.e"
        );
        let open = usize::from(that_is || is_mark(tokens, next, &['(', '[', '|', ',', '/']));
        let same_line = tokens.get(next).is_some_and(|t| t.gap < Gap::Line);
        if same_line
            && range_end(tokens, next + open).is_none()
            && let Some((second, after)) = value(tokens, start, next + open, name, known.style)
            && second.kind.is_some()
            && second.kind != drafts[0].kind.or(Some(Kind::Absolute))
            && !second.needs_unit
        {
            next = after + usize::from(open > 0 && is_mark(tokens, after, &[')', ']']));
            drafts.push(second);
        }
    }
    // Whatever range follows is passed over, and a mark behind it is the flag of the value.
    let open = usize::from(is_mark(tokens, next, &['(', '[', '|']));
    if let Some(end) = range_end(tokens, next + open)
        && tokens.get(next).is_some_and(|t| t.gap < Gap::Line)
    {
        // `12.4   4.5 - 11.0 K/uL`: the unit of the range is that of the value.
        if let Some(first) = drafts.first_mut()
            && first.unit.is_none()
            && first.kind != Some(Kind::Percent)
            && let Some(unit) = (next + open + 3..end).find_map(|i| {
                let (rest, unit) = quantity::unit(tokens.slice(i..end)).ok()?;
                rest.is_empty().then_some(unit)
            })
        {
            first.unit = Some(unit);
            first.kind = Some(Kind::Absolute);
        }
        next = end + usize::from(open > 0 && is_mark(tokens, end, &[')', ']', '|']));
        if let Some(after) = flag(tokens, next, &mut drafts[0].flag) {
            next = after;
        }
    }
    Item::Values(drafts, next)
}

/// A number with its unit and flag, and the place behind them.
pub(super) fn value(
    tokens: &Tokens<'_>,
    start: usize,
    at: usize,
    named: Named,
    style: Style,
) -> Option<(Draft, usize)> {
    let (rest, mut number) = quantity::number(tokens.slice(at..tokens.len()), style).ok()?;
    let mut next = tokens.len() - rest.len();
    // 318 000 /µl: a space between thousands, where the unit is of single cells.
    if let Some(tail) = tokens.get(next)
        && tail.kind == Token::Number
        && tail.gap == Gap::Space
        && tokens.text_of(tail).len() == 3
        && text(tokens, next - 1).len() <= 3
        && let Ok((_, unit)) = quantity::unit(tokens.slice(next + 1..tokens.len()))
        && unit.small
        && let Ok(joined) = format!("{}{}", text(tokens, next - 1), tokens.text_of(tail)).parse()
    {
        number.value = joined;
        number.end = tail.end;
        next += 1;
    }
    let mut draft = Draft {
        named,
        start,
        number,
        kind: None,
        unit: None,
        flag: None,
        needs_unit: false,
    };
    next = flag(tokens, next, &mut draft.flag).unwrap_or(next);
    next += usize::from(is_mark(tokens, next, &['|']));
    // `Result: 7.85  Unit: 10^9/L`
    if is(tokens, next, |f| *f == Figure::Label) && is_mark(tokens, next + 1, &[':']) {
        next += 2;
    }
    let same_line = tokens.get(next).is_some_and(|t| t.gap < Gap::Line);
    if same_line && is_mark(tokens, next, &['%']) {
        draft.kind = Some(Kind::Percent);
        next += 1;
        // `10%+` is a stain, `30% of the infiltrate` tissue.
        if is_mark(tokens, next, &['+'])
            || matches!(text(tokens, next), "of" | "der" | "des" | "de")
        {
            return None;
        }
    } else if same_line && let Ok((rest, unit)) = quantity::unit(tokens.slice(next..tokens.len())) {
        draft.kind = Some(Kind::Absolute);
        draft.unit = Some(unit);
        next = tokens.len() - rest.len();
    }
    next += usize::from(is_mark(tokens, next, &['|']));
    next = flag(tokens, next, &mut draft.flag).unwrap_or(next);
    if draft.kind.is_none() {
        draft.needs_unit = !ends(tokens, next);
    }
    Some((draft, next))
}

/// Whether a number may stand without a unit before this place.
fn ends(tokens: &Tokens<'_>, at: usize) -> bool {
    let Some(token) = tokens.get(at) else {
        return true;
    };
    token.gap >= Gap::Wide
        || matches!(
            token.kind,
            Token::Mark(',' | ';' | '.' | ')' | '|' | '(' | '[' | ']')
        )
        || named(tokens, at).is_some()
        || range_end(tokens, at).is_some()
        || matches!(
            text(tokens, at),
            "and" | "with" | "und" | "et" | "y" | "en" | "及" | "和"
        )
}
