//! What stands in a row of a table, one thing after the other, and under which title of the table it stands.
//!
//! ```text
//! row    = { unit | range | bound | value | none | other }
//! range  = number "-" number [unit] | "(" ... ")"          ; never a value
//! bound  = ( "<" | ">" ) number [unit]                     ; a reference or a result below what can be measured
//! ```
//!
//! A row may lack a cell. Then the place of a cell on its line says which title is meant: the number of tabs or bars
//! before it, or its column where the table is aligned with spaces. Where the places do not tell, nothing is read.

use std::ops::Range;

use super::item::{flag, range_end, value};
use super::{Named, Token};
use crate::narrative::lex::Tokens;
use crate::narrative::quantity::{self, Style, Unit, is, is_mark};
use crate::vocab::{Figure, Gap, Naming};

/// One thing in a row.
#[derive(Debug, Clone)]
pub(crate) enum Part {
    Unit(Unit),
    Percent,
    /// A reference range.
    Range,
    /// A bound, which may be a reference or a result.
    Bound,
    /// A number with its flag, and its unit where it has one of its own.
    Value(Option<Unit>),
    /// A sign or word for a value that was not taken.
    None,
}

/// A part with its tokens.
pub(crate) type Placed = (Part, Range<usize>);

/// The parts of a row from a token on; words that are none of them are passed over.
pub(crate) fn parts(line: &Tokens<'_>, start: usize, style: Style) -> Vec<Placed> {
    let mut out = Vec::new();
    let mut at = start;
    while at < line.len() {
        let (part, next) = part(line, at, style);
        let next = next.max(at + 1);
        out.extend(part.map(|p| (p, at..next)));
        at = next;
    }
    out
}

fn part(line: &Tokens<'_>, at: usize, style: Style) -> (Option<Part>, usize) {
    let Some(token) = line.get(at) else {
        return (None, at + 1);
    };
    if let Ok((rest, unit)) = quantity::unit(line.slice(at..line.len())) {
        return (Some(Part::Unit(unit)), line.len() - rest.len());
    }
    if token.kind == Token::Mark('%') {
        return (Some(Part::Percent), at + 1);
    }
    let open = usize::from(is_mark(line, at, &['(', '[']));
    if let Some(end) = range_end(line, at + open).filter(|end| !apart(line, at + open, *end)) {
        let close = usize::from(open > 0 && is_mark(line, end, &[')', ']']));
        return (Some(Part::Range), end + close);
    }
    let below = is_mark(line, at + open, &['<', '>', '≤', '≥'])
        || is(line, at + open, |f| {
            matches!(f, Figure::Below | Figure::Above)
        });
    if below {
        let number = at + open + 1 + usize::from(is_mark(line, at + open + 1, &['=']));
        if let Ok((rest, _)) = quantity::number(line.slice(number..line.len()), style) {
            let mut end = line.len() - rest.len();
            end += usize::from(open > 0 && is_mark(line, end, &[')', ']']));
            return (Some(Part::Bound), end);
        }
    }
    if token.kind == Token::Number {
        let named = Named {
            index: 0,
            naming: Naming::Plain,
        };
        return match value(line, at, at, named, style) {
            Some((draft, next)) => (Some(Part::Value(draft.unit)), next),
            None => (None, at + 1),
        };
    }
    let mut dashes = at;
    while is_mark(line, dashes, &['-'])
        && (dashes == at || line.get(dashes).is_some_and(|t| t.gap == Gap::None))
    {
        dashes += 1;
    }
    let alone = dashes > at
        && token.gap >= Gap::Space
        && line.get(dashes).is_none_or(|t| t.gap >= Gap::Space);
    if alone {
        return (Some(Part::None), dashes);
    }
    if is(line, at, |f| *f == Figure::NoValue)
        || super::grid::none(&line.slice(at..at + 1))
        || super::grid::none(&line.slice(at..at + 3))
    {
        let long = super::grid::none(&line.slice(at..at + 3));
        return (Some(Part::None), at + if long { 3 } else { 1 });
    }
    let mut marked = None;
    (None, flag(line, at, &mut marked).unwrap_or(at + 1))
}

/// Whether what looks like a range is three cells: a wide gap on both sides of its dash.
fn apart(line: &Tokens<'_>, start: usize, end: usize) -> bool {
    (start + 1..end).any(|i| {
        is_mark(line, i, &['-'])
            && line.get(i).is_some_and(|t| t.gap >= Gap::Wide)
            && line.get(i + 1).is_some_and(|t| t.gap >= Gap::Wide)
    })
}

/// Most columns between a cell and the title it stands under.
const FAR: usize = 8;

/// How the cells of a line are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// Fields between tabs or bars.
    Fields(char),
    /// Columns of characters.
    Columns,
}

/// A title or cell and where it stands on its line: a field, or columns of characters.
#[derive(Debug, Clone)]
pub(crate) struct Spot {
    layout: Layout,
    place: Range<usize>,
    /// A gap stands before it that parts cells.
    apart: bool,
}

impl Spot {
    /// Its first column or its field.
    pub(crate) const fn left(&self) -> usize {
        self.place.start
    }

    pub(crate) const fn is_apart(&self) -> bool {
        self.apart
    }

    /// Whether it stands before another.
    pub(crate) const fn before(&self, other: &Self) -> bool {
        self.place.start < other.place.start
    }
}

/// Where some tokens of a line stand. `whole` is the line with its white space from its first byte `start` on.
pub(crate) fn spot(line: &Tokens<'_>, tokens: &Range<usize>, whole: &str, start: usize) -> Spot {
    let range = line.slice(tokens.clone()).range();
    let before = whole
        .get(..range.start.saturating_sub(start))
        .unwrap_or_default();
    let inside = whole
        .get(range.start.saturating_sub(start)..range.end.saturating_sub(start))
        .unwrap_or_default();
    let mark = ['\t', '|'].into_iter().find(|c| whole.contains(*c));
    let apart = line
        .get(tokens.start)
        .is_some_and(|t| t.gap >= Gap::Wide || t.start == start);
    if let Some(mark) = mark {
        let field = before.matches(mark).count();
        return Spot {
            layout: Layout::Fields(mark),
            place: field..field + 1,
            apart: true,
        };
    }
    let left: usize = before.chars().map(columns).sum();
    let width: usize = inside.chars().map(columns).sum();
    Spot {
        layout: Layout::Columns,
        place: left..left + width,
        apart,
    }
}

/// For each cell the title it stands under, in order; none where that is not clear.
pub(crate) fn under(titles: &[Spot], cells: &[Spot]) -> Option<Vec<usize>> {
    let first = titles.first()?;
    let alike = titles
        .iter()
        .chain(cells)
        .all(|s| s.layout == first.layout && s.apart);
    if !alike {
        return None;
    }
    let mut out: Vec<usize> = Vec::new();
    for cell in cells {
        let mut near: Vec<(usize, usize, usize)> = titles
            .iter()
            .enumerate()
            .map(|(index, title)| {
                let (a, b) = (&title.place, &cell.place);
                let middle = (a.start + a.end).abs_diff(b.start + b.end);
                (distance(a, b), middle, index)
            })
            .collect();
        near.sort_unstable();
        let (least, middle, index) = *near.first()?;
        // Between two titles a cell is under none of them.
        let clear = near.get(1).is_none_or(|(next, other, _)| match least {
            0 => *next > 0 || *other > middle,
            _ => *next > 2 * least,
        });
        let exact = matches!(first.layout, Layout::Fields(_));
        let back = out.last().is_some_and(|last| *last >= index);
        if !clear || (exact && least > 0) || least > FAR || back {
            return None;
        }
        out.push(index);
    }
    Some(out)
}

/// How far two places are apart; 0 where they overlap.
fn distance(a: &Range<usize>, b: &Range<usize>) -> usize {
    a.start
        .saturating_sub(b.end.saturating_sub(1))
        .max(b.start.saturating_sub(a.end.saturating_sub(1)))
}

/// Columns a character takes in a text of equal letters.
fn columns(c: char) -> usize {
    let wide = matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}');
    1 + usize::from(wide)
}
