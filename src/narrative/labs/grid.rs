//! Values in a grid: dates over columns with an analyte a row, or analytes over columns with a date a row.
//!
//! ```text
//! by-column = [label] date { date } [words] newline { row }         ; row = analyte cells [unit]
//! by-row    = [label] analyte { analyte } newline { date cells }
//! ```
//!
//! A row belongs to the grid where it has as many cells as the header has dates (or analytes). A row that has not is
//! left to the line grammar, which will not give it a date.

use std::ops::Range;

use jiff::civil::Date;

use super::{Known, Named, named};
use crate::narrative::date::{Dates, within};
use crate::narrative::lex::{Kind as Token, Tokens};
use crate::narrative::quantity::{self, Unit, is, is_mark};
use crate::source::Source;
use crate::vocab::{Figure, Gap, Naming, Vocab};

/// Cells of a line: cut at column gaps and bars.
pub(crate) fn cells(line: &Tokens<'_>) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for at in 0..line.len() {
        let Some(token) = line.get(at) else { break };
        let bar = token.kind == Token::Mark('|');
        if bar || (token.gap >= Gap::Wide && at > 0) {
            if start < at {
                out.push(start..at);
            }
            start = at + usize::from(bar);
        }
    }
    if start < line.len() {
        out.push(start..line.len());
    }
    out
}

/// The lines of a text as ranges of tokens, and whether an empty line stands before each.
pub(crate) fn lines(tokens: &Tokens<'_>) -> Vec<(Range<usize>, bool)> {
    let mut out: Vec<(Range<usize>, bool)> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match out.last_mut() {
            Some((last, _)) if token.gap < Gap::Line => last.end = at + 1,
            _ => out.push((at..at + 1, token.gap == Gap::Blank)),
        }
    }
    out
}

/// The dates over the columns of a header line: two or more, and no other number.
pub(crate) fn date_columns(line: &Tokens<'_>, dates: &Dates) -> Option<Vec<Date>> {
    let found = dates.inside(&line.range());
    if found.len() < 2 {
        return None;
    }
    let in_date = |start: usize| found.iter().any(|(r, _)| r.contains(&start));
    let other = line.iter().any(|t| match t.kind {
        Token::Number => {
            !in_date(t.start) && quantity::unit(within(line, &(t.start..line.range().end))).is_err()
        }
        Token::Mark(':' | ';') => true,
        _ => false,
    });
    (!other).then(|| found.iter().map(|(_, date)| *date).collect())
}

/// An analyte over a column or beside a row.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) named: Named,
    pub(crate) percent: bool,
    pub(crate) unit: Option<Unit>,
}

/// The analyte a header cell names with its unit, and the place behind them.
pub(crate) fn column(line: &Tokens<'_>, at: usize) -> Option<(Column, usize)> {
    let found = named(line, at)?;
    let mut column = Column {
        named: found,
        percent: found.naming == Naming::Percent,
        unit: None,
    };
    let mut at = at + 1;
    loop {
        let open = usize::from(is_mark(line, at, &['(', '[']));
        let close = usize::from(open > 0 && is_mark(line, at + 2, &[')', ']']));
        if is_mark(line, at + open, &['%']) || is(line, at + open, |f| *f == Figure::Share) {
            column.percent = true;
            at += 1 + open + close;
        } else if is_mark(line, at + open, &['#'])
            || is(line, at + open, |f| *f == Figure::Absolute)
        {
            column.named.naming = Naming::Absolute;
            at += 1 + open + close;
        } else if let Ok((rest, unit)) = quantity::unit(line.slice(at..line.len())) {
            column.unit = Some(unit);
            at = line.len() - rest.len();
        } else if named(line, at).is_some_and(|n| n.index == found.index) {
            at += 1;
        } else {
            return Some((column, at));
        }
    }
}

/// The analytes over the columns of a header line: two or more, and no number that is no unit.
fn analyte_columns(line: &Tokens<'_>) -> Option<Vec<Column>> {
    let mut columns = Vec::new();
    let mut at = 0;
    while at < line.len() {
        if let Some((found, next)) = column(line, at) {
            columns.push(found);
            at = next;
        } else if line.get(at).is_some_and(|t| t.kind == Token::Number) {
            return None;
        } else {
            at += 1;
        }
    }
    let full = columns.iter().any(|c| c.named.naming != Naming::Short);
    (columns.len() >= 2 && full).then_some(columns)
}

/// What a grid is read with.
#[derive(Clone, Copy)]
pub(crate) struct Grid<'a> {
    pub(crate) vocab: &'a Vocab,
    pub(crate) source: &'a Source,
    pub(crate) dates: &'a Dates,
    pub(crate) known: &'a Known,
}

impl Grid<'_> {
    /// Reads the grids of a text. Returns the values and the byte ranges of the lines that were used.
    pub(crate) fn read(&self, tokens: &Tokens<'_>) -> (super::Read, Vec<Range<usize>>) {
        let mut out = super::Read::default();
        let mut used = Vec::new();
        let mut days: Option<Vec<Date>> = None;
        let mut analytes: Option<Vec<Column>> = None;
        let mut header = 0..0;
        for (range, blank) in lines(tokens) {
            let line = tokens.slice(range);
            if blank {
                days = None;
                analytes = None;
            }
            if let Some(found) = date_columns(&line, self.dates) {
                days = Some(found);
                analytes = None;
                header = line.range();
                continue;
            }
            if let Some(found) = analyte_columns(&line) {
                analytes = Some(found);
                days = None;
                header = line.range();
                continue;
            }
            let taken = match (&days, &analytes) {
                (Some(days), _) => self.row_by_column(&line, days, &mut out),
                (_, Some(names)) => self.row_by_date(&line, names, &mut out),
                _ => false,
            };
            if taken {
                if !header.is_empty() {
                    used.push(std::mem::take(&mut header));
                }
                used.push(line.range());
            }
        }
        (out, used)
    }

    fn row_by_column(&self, line: &Tokens<'_>, days: &[Date], out: &mut super::Read) -> bool {
        let start = usize::from(is_mark(line, 0, &['|']));
        let Some((mut row, head)) = column(line, start) else {
            return false;
        };
        let (mut values, unit) = row_cells(line, head);
        row.unit = unit.or(row.unit);
        // One space between the cells: every number is one.
        if values.len() < days.len() {
            values = numbers(line, head);
            if values.len() != days.len() {
                return false;
            }
        }
        // What is one more than there are dates is the reference range.
        if values.len() > days.len() + 1 {
            return false;
        }
        let mut any = false;
        for (cell, day) in values.into_iter().zip(days) {
            any |= self.one(&line.slice(cell), &row, *day, out);
        }
        any
    }

    fn row_by_date(&self, line: &Tokens<'_>, names: &[Column], out: &mut super::Read) -> bool {
        let Some((range, day)) = self.dates.inside(&line.range()).first() else {
            return false;
        };
        let start = line.partition_point(|t| t.end <= range.end);
        let rest = line.slice(start..line.len());
        let mut values = cells(&rest);
        if values.len() != names.len() {
            values = numbers(&rest, 0);
        }
        if values.len() != names.len() {
            return false;
        }
        let mut any = false;
        for (cell, column) in values.into_iter().zip(names) {
            any |= self.one(&rest.slice(cell), column, *day, out);
        }
        any
    }

    /// One cell as a value; true also for a sign that none was taken.
    pub(crate) fn one(
        &self,
        cell: &Tokens<'_>,
        column: &Column,
        day: Date,
        out: &mut super::Read,
    ) -> bool {
        if none(cell) {
            return true;
        }
        let before = out.facts.len();
        self.cell(cell, column, out);
        for (lab, _) in &mut out.facts[before..] {
            lab.date = Some(day);
        }
        out.facts.len() > before
    }

    /// One cell as a value without a date.
    pub(crate) fn cell(&self, cell: &Tokens<'_>, column: &Column, out: &mut super::Read) {
        let Some((mut draft, _)) = super::value(cell, 0, 0, column.named, self.known.style) else {
            return;
        };
        if column.percent {
            draft.kind = Some(super::Kind::Percent);
        } else if draft.unit.is_none() && draft.kind.is_none() {
            draft.unit = column.unit.clone().or_else(|| self.known.unit.clone());
            if draft.unit.is_some() || column.named.naming == Naming::Absolute {
                draft.kind = Some(super::Kind::Absolute);
            }
        }
        let known = Known {
            count: true,
            ..self.known.clone()
        };
        super::settle(draft, cell, self.vocab, self.source, &known, out);
    }
}

/// Every number of a line from a place on, each a cell.
fn numbers(line: &Tokens<'_>, start: usize) -> Vec<Range<usize>> {
    (start..line.len())
        .filter(|i| line.get(*i).is_some_and(|t| t.kind == Token::Number))
        .map(|i| i..i + 1)
        .collect()
}

/// The cells of a row behind its name that are values or signs for none, and the unit if one stands in a cell.
pub(crate) fn row_cells(line: &Tokens<'_>, start: usize) -> (Vec<Range<usize>>, Option<Unit>) {
    let rest = line.slice(start..line.len());
    let mut unit = None;
    let mut values = Vec::new();
    for cell in cells(&rest) {
        match quantity::unit(rest.slice(cell.clone())) {
            Ok((left, found)) if left.is_empty() => unit = Some(found),
            _ => values.push(cell.start + start..cell.end + start),
        }
    }
    (values, unit)
}

/// A sign that a value was not taken.
pub(crate) fn none(cell: &Tokens<'_>) -> bool {
    matches!(
        cell.text().trim().to_lowercase().as_str(),
        "" | "-" | "–" | "—" | "--" | "na" | "n/a" | "nd" | "/" | "." | "未测" | "无"
    )
}
