//! Lesions in a grid: dates over columns with a lesion a row.
//!
//! ```text
//! grid = [label] date { date } newline { lesion-id [site] cell { cell } }
//! cell = size | number | state | sign-for-none
//! ```

use std::ops::Range;

use jiff::civil::Date;

use super::{Kind, Lesions, Measurement, NO_SIZE, Read, State, lesion_number};
use crate::narrative::date::Dates;
use crate::narrative::labs::grid::{cells, date_columns, lines, none};
use crate::narrative::lex::{Kind as Token, Tokens};
use crate::narrative::quantity::{self, Style, has, is_mark};
use crate::source::Source;
use crate::vocab::Figure;

/// What a row of lesions is about.
struct Row {
    kind: Kind,
    lesion: Option<String>,
    site: Option<String>,
    node: bool,
    number: Option<u32>,
}

/// Reads the grids of a text. Returns what was measured and the byte ranges of the lines used.
pub(crate) fn grids(
    tokens: &Tokens<'_>,
    source: &Source,
    dates: &Dates,
    style: Style,
    lesions: &mut Lesions,
) -> (Read, Vec<Range<usize>>) {
    let mut out = Read::default();
    let mut used = Vec::new();
    let mut days: Option<Vec<Date>> = None;
    let mut header = 0..0;
    for (range, blank) in lines(tokens) {
        let line = tokens.slice(range);
        if blank {
            days = None;
        }
        if let Some(found) = date_columns(&line, dates) {
            days = Some(found);
            header = line.range();
            continue;
        }
        let Some(days) = &days else { continue };
        if row(&line, days, source, style, lesions, &mut out) {
            if !header.is_empty() {
                used.push(std::mem::take(&mut header));
            }
            used.push(line.range());
        }
    }
    (out, used)
}

fn row(
    line: &Tokens<'_>,
    days: &[Date],
    source: &Source,
    style: Style,
    lesions: &mut Lesions,
    out: &mut Read,
) -> bool {
    let all = cells(line);
    if all.len() <= days.len() {
        return false;
    }
    // What stands before the cells of the dates names the lesion.
    let head = all.len() - days.len();
    let Some(name) = head_row(line, &all[..head], lesions) else {
        return false;
    };
    let readable = |cell: &Range<usize>| {
        let part = line.slice(cell.clone());
        none(&part) || cell_value(&part, style).is_some()
    };
    if !all[head..].iter().all(readable) {
        let range = line.range();
        out.unread.push((range, NO_SIZE));
        return false;
    }
    for (cell, day) in all[head..].iter().zip(days) {
        let part = line.slice(cell.clone());
        let Some((mm, state)) = cell_value(&part, style) else {
            continue;
        };
        let place = source.place(part.range());
        let mut fact = Measurement::new(name.kind, mm, place);
        fact.state = state;
        fact.lesion.clone_from(&name.lesion);
        fact.site.clone_from(&name.site);
        fact.date = Some(*day);
        out.facts.push((fact, part.range()));
    }
    if let Some(n) = name.number {
        lesions.targets.insert(n, name.node);
    }
    true
}

fn head_row(line: &Tokens<'_>, head: &[Range<usize>], lesions: &Lesions) -> Option<Row> {
    let start = head.first()?.start;
    let end = head.last()?.end;
    let first = line.get(start)?;
    let (number, next) = lesion_number(line, start + 1);
    let names = |wanted: fn(&Figure) -> bool| line.figures(first).any(wanted);
    let words = line.slice(start..end);
    let node = has(&words, |f| matches!(f, Figure::Node | Figure::ShortAxis))
        || number.is_some_and(|n| lesions.targets.get(&n) == Some(&true));
    let (kind, prefix) = if names(|f| matches!(f, Figure::Target | Figure::Targets))
        || (line.text_of(first) == "T" && number.is_some())
    {
        number?;
        (if node { Kind::TargetNode } else { Kind::Target }, "TL")
    } else if names(|f| *f == Figure::NonTarget) {
        (Kind::NonTarget, "NTL")
    } else if names(|f| *f == Figure::New) {
        (Kind::New, "NL")
    } else if names(|f| *f == Figure::Sum) {
        (Kind::Sum, "")
    } else {
        return None;
    };
    let mut from = next.max(start + 1);
    while from < end && is_mark(line, from, &[':', '-', '(', ',', '|']) {
        from += 1;
    }
    let mut to = end;
    while to > from && is_mark(line, to - 1, &[')', ':', '|']) {
        to -= 1;
    }
    // The words up to a bracket such as `(short axis)` are the site.
    let stop = (from..to)
        .find(|i| is_mark(line, *i, &['(', '|']))
        .unwrap_or(to);
    let site = line.slice(from..stop.max(from)).text().trim().to_owned();
    let known = matches!(kind, Kind::Sum) || site.is_empty();
    Some(Row {
        kind,
        lesion: number
            .filter(|_| !prefix.is_empty())
            .map(|n| format!("{prefix}{n}")),
        site: (!known).then_some(site),
        node,
        number: number.filter(|_| prefix == "TL"),
    })
}

/// Millimetres or a state in a cell; none for a sign that nothing was taken.
pub(crate) fn cell_value(
    cell: &Tokens<'_>,
    style: Style,
) -> Option<(Vec<rust_decimal::Decimal>, Option<State>)> {
    if let Ok((rest, size)) = quantity::size(*cell, style)
        && rest.is_empty()
    {
        return Some((size.mm.iter().max().copied().into_iter().collect(), None));
    }
    // A bare number in a grid of lesions is in millimetres.
    if cell.len() <= 3
        && cell.first().is_some_and(|t| t.kind == Token::Number)
        && let Ok((rest, number)) = quantity::number(*cell, style)
        && rest.is_empty()
    {
        return Some((vec![number.value.normalize()], None));
    }
    super::state(cell, 0, cell.len()).map(|state| (Vec::new(), Some(state)))
}
