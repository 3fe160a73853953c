//! Values in a grid: dates over columns with an analyte a row, or analytes over columns with a date a row.
//!
//! ```text
//! by-column = [title] date { date } [title] newline { row }         ; row = analyte cells [unit]
//! by-row    = [label] analyte { analyte } newline [units] { date cells }
//! result    = title { title } newline { row }                       ; a reference or earlier result before the result
//! title     = "units" | "reference range" | "previous result" | label
//! ```
//!
//! A row belongs to the grid where it has as many values as the header has dates (or analytes), or where their places
//! on the line tell which are meant. What stands under a title of references is never a value. A row of an aligned
//! table that fits its titles in neither way is not read at all: a value of the wrong day is worse than none.

use std::ops::Range;

use jiff::civil::Date;

use super::item::range_end;
use super::row::{Part, Placed, Spot, parts, spot, under};
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

/// A line drawn with marks.
pub(crate) fn rule(line: &Tokens<'_>) -> bool {
    line.len() >= 3
        && line
            .iter()
            .all(|t| matches!(t.kind, Token::Mark('-' | '=' | '_' | '*' | '+' | '|')))
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
            at += usize::from(is_mark(line, at, &['.']));
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

/// The titles over the columns of a table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Titles {
    /// Dates with their places.
    pub(crate) days: Vec<(Date, Spot)>,
    /// Reference ranges and results of another time.
    references: Vec<Spot>,
    /// `Result`, `Units`.
    labels: Vec<Spot>,
    /// The columns are parted by tabs, bars or wide gaps.
    pub(crate) aligned: bool,
    /// A date is that of the heading (`Blood count of 12.01.2024`) and over no column.
    headed: bool,
}

impl Titles {
    /// The titles of a header line with two dates or more.
    pub(crate) fn of_days(line: &Tokens<'_>, dates: &Dates, source: &Source) -> Option<Self> {
        date_columns(line, dates)?;
        let titles = Self::new(line, dates, source);
        (titles.days.len() >= 2).then_some(titles)
    }

    /// The titles of a header line without dates, where a reference or an earlier result stands before a result.
    fn of_results(line: &Tokens<'_>, dates: &Dates, source: &Source) -> Option<Self> {
        let plain = !line
            .iter()
            .any(|t| matches!(t.kind, Token::Number | Token::Mark(':' | ';')));
        if !plain || line.len() > 20 {
            return None;
        }
        let titles = Self::new(line, dates, source);
        let first = titles.references.first()?;
        let behind = titles.labels.iter().any(|label| first.before(label));
        (behind && titles.aligned).then_some(titles)
    }

    fn new(line: &Tokens<'_>, dates: &Dates, source: &Source) -> Self {
        let mut out = Self::default();
        let whole = dates.line_of(line.range().start);
        let text = source.text().get(whole.clone()).unwrap_or_default();
        let place = |tokens: Range<usize>| spot(line, &tokens, text, whole.start);
        let found = dates.inside(&line.range());
        let mut next_date = found.iter().peekable();
        let mut at = 0;
        while let Some(token) = line.get(at) {
            let start = at;
            at += 1;
            while next_date.next_if(|(r, _)| r.end <= token.start).is_some() {}
            if let Some((range, day)) = next_date.next_if(|(r, _)| r.contains(&token.start)) {
                while line.get(at).is_some_and(|t| t.start < range.end) {
                    at += 1;
                }
                out.days.push((*day, place(start..at)));
            } else if is(line, start, |f| *f == Figure::Reference) {
                // `Bio. Ref. Interval` is one title.
                while line.get(at).is_some_and(|t| t.gap <= Gap::Space)
                    && !is_mark(line, at, &['|'])
                    && !dates.holds(line.get(at).map_or(0, |t| t.start))
                {
                    at += 1;
                }
                out.references.push(place(start..at));
            } else if is(line, start, |f| *f == Figure::Label) {
                out.labels.push(place(start..at));
            }
        }
        let spots = || {
            out.days
                .iter()
                .map(|(_, s)| s)
                .chain(&out.references)
                .chain(&out.labels)
        };
        out.headed = found.iter().any(|(range, _)| {
            let at = line.partition_point(|t| t.start < range.start);
            (at.saturating_sub(4)..at).rev().find_map(|i| {
                let wide = line.get(i + 1).is_none_or(|t| t.gap >= Gap::Wide);
                let heading = is(line, i, |f| *f == Figure::CountHeading);
                (wide || heading).then_some(heading && !wide)
            }) == Some(true)
        });
        out.aligned = spots().count() > 1 && spots().all(Spot::is_apart);
        out
    }

    /// The cells of a row with their days; none where it is not clear which are meant.
    pub(crate) fn assign(
        &self,
        cells: Vec<(Range<usize>, Spot)>,
        bound: impl Fn(&Range<usize>) -> bool,
    ) -> Option<Vec<(Range<usize>, Date)>> {
        if self.headed {
            return None;
        }
        let days = self.days.iter().map(|(day, _)| *day);
        let bounds = cells.iter().any(|(cell, _)| bound(cell));
        if cells.len() == self.days.len() && (self.references.is_empty() || !bounds) {
            return Some(cells.into_iter().map(|(cell, _)| cell).zip(days).collect());
        }
        let mut titles: Vec<(Option<Date>, Spot)> = self
            .days
            .iter()
            .map(|(day, spot)| (Some(*day), spot.clone()))
            .chain(self.references.iter().map(|spot| (None, spot.clone())))
            .collect();
        titles.sort_by_key(|(_, spot)| spot.left());
        let spots: Vec<Spot> = titles.iter().map(|(_, spot)| spot.clone()).collect();
        let places: Vec<Spot> = cells.iter().map(|(_, spot)| spot.clone()).collect();
        let indices = match under(&spots, &places) {
            Some(indices) => indices,
            None if cells.len() == titles.len() => (0..titles.len()).collect(),
            None => return None,
        };
        let dated = cells
            .into_iter()
            .zip(indices)
            .filter_map(|((cell, _), index)| Some((cell, titles.get(index)?.0?)));
        Some(dated.collect())
    }
}

/// Most tokens of a line of a table.
pub(crate) const LONGEST: usize = 400;

/// Why a row gave no value.
const UNCLEAR: &str = "a row of a table whose values cannot be told apart by their titles";

/// What a grid is read with.
#[derive(Clone, Copy)]
pub(crate) struct Grid<'a> {
    pub(crate) vocab: &'a Vocab,
    pub(crate) source: &'a Source,
    pub(crate) dates: &'a Dates,
    pub(crate) known: &'a Known,
}

/// What the header of the lines being read is.
enum Over {
    Nothing,
    Days(Titles),
    Results(Titles),
    Analytes(Vec<(Column, Spot)>),
}

impl Grid<'_> {
    /// Reads the grids of a text. Returns the values and the byte ranges of the lines that were used.
    pub(crate) fn read(&self, tokens: &Tokens<'_>) -> (super::Read, Vec<Range<usize>>) {
        let mut out = super::Read::default();
        let mut used = Vec::new();
        let mut over = Over::Nothing;
        let mut header = 0..0;
        for (range, blank) in lines(tokens) {
            let line = tokens.slice(range);
            if blank {
                over = Over::Nothing;
            }
            if line.len() > LONGEST {
                over = Over::Nothing;
                continue;
            }
            if rule(&line) {
                // It would carry the row below it along as one sentence.
                used.extend((!matches!(over, Over::Nothing)).then(|| line.range()));
                continue;
            }
            if let Some(found) = Titles::of_days(&line, self.dates, self.source) {
                over = Over::Days(found);
                header = line.range();
                continue;
            }
            if let Some(found) = Titles::of_results(&line, self.dates, self.source) {
                over = Over::Results(found);
                header = line.range();
                continue;
            }
            if let Some(found) = self.analyte_columns(&line) {
                over = Over::Analytes(found);
                header = line.range();
                continue;
            }
            let taken = match &mut over {
                Over::Days(titles) => self.row_by_column(&line, titles, &mut out),
                Over::Results(titles) => self.row_of_results(&line, titles, tokens, &mut out),
                Over::Analytes(names) => self.row_by_date(&line, names, &mut out),
                Over::Nothing => false,
            };
            if taken {
                if !header.is_empty() {
                    used.push(std::mem::take(&mut header));
                }
                used.push(line.range());
            } else if matches!(over, Over::Nothing) {
                self.cut_short(&line, tokens, &mut out);
            }
        }
        (out, used)
    }

    /// The white space of a line belongs to it: where its cells stand.
    fn spot(&self, line: &Tokens<'_>, tokens: &Range<usize>) -> Spot {
        let whole = self.dates.line_of(line.range().start);
        let text = self.source.text().get(whole.clone()).unwrap_or_default();
        spot(line, tokens, text, whole.start)
    }

    /// The analytes over the columns of a header line: two or more, and no number that is no unit.
    fn analyte_columns(&self, line: &Tokens<'_>) -> Option<Vec<(Column, Spot)>> {
        let mut columns = Vec::new();
        let mut at = 0;
        while at < line.len() {
            if let Some((found, next)) = column(line, at) {
                let place = self.spot(line, &(at..next));
                columns.push((found, place));
                at = next;
            } else if line.get(at).is_some_and(|t| t.kind == Token::Number) {
                return None;
            } else {
                at += 1;
            }
        }
        let full = columns.iter().any(|(c, _)| c.named.naming != Naming::Short);
        (columns.len() >= 2 && full).then_some(columns)
    }

    /// The analyte that a row begins with, and the parts behind it.
    fn row(&self, line: &Tokens<'_>) -> Option<(Column, Vec<Placed>)> {
        let (mut row, head) = column(line, name_at(line)?)?;
        let parts = parts(line, head, self.known.style);
        for (part, _) in &parts {
            match part {
                Part::Unit(unit) => row.unit = Some(unit.clone()),
                Part::Percent => row.percent = true,
                // A unit behind the last number is that of the row.
                Part::Value(Some(unit)) if row.unit.is_none() => row.unit = Some(unit.clone()),
                _ => {}
            }
        }
        Some((row, parts))
    }

    /// The parts that can be results, with their places.
    fn cells(&self, line: &Tokens<'_>, parts: &[Placed]) -> Vec<(Range<usize>, Spot)> {
        parts
            .iter()
            .filter(|(part, _)| matches!(part, Part::Value(_) | Part::Bound | Part::None))
            .map(|(_, tokens)| (tokens.clone(), self.spot(line, tokens)))
            .collect()
    }

    fn row_by_column(&self, line: &Tokens<'_>, titles: &Titles, out: &mut super::Read) -> bool {
        let Some((row, parts)) = self.row(line) else {
            return false;
        };
        let cells = self.cells(line, &parts);
        let bound = |cell: &Range<usize>| {
            parts
                .iter()
                .any(|(part, tokens)| tokens == cell && matches!(part, Part::Bound))
        };
        let values = parts.iter().any(|(part, _)| matches!(part, Part::Value(_)));
        // A share and a concentration beside each other are of one day.
        let share = |cell: &Range<usize>| cell.clone().any(|i| is_mark(line, i, &['%']));
        let counts = parts
            .iter()
            .any(|(part, _)| matches!(part, Part::Value(Some(_))));
        let mixed = counts && cells.iter().any(|(cell, _)| share(cell));
        let assigned = if mixed {
            None
        } else {
            titles.assign(cells, bound)
        };
        let Some(cells) = assigned else {
            // Another analyte behind the first makes it a line of its own.
            let list = (1..line.len()).any(|i| {
                named(line, i)
                    .is_some_and(|n| n.index != row.named.index && n.naming != Naming::Short)
            });
            if values && titles.aligned && !list {
                out.unread.push((line.range(), UNCLEAR));
                return true;
            }
            return false;
        };
        let mut any = false;
        for (cell, day) in cells {
            any |= self.one(&line.slice(cell), &row, day, out);
        }
        any
    }

    /// A row under titles without dates, of which some are of references or earlier results.
    fn row_of_results(
        &self,
        line: &Tokens<'_>,
        titles: &Titles,
        all: &Tokens<'_>,
        out: &mut super::Read,
    ) -> bool {
        let Some((row, parts)) = self.row(line) else {
            return false;
        };
        let cells = self.cells(line, &parts);
        let mut spots: Vec<(bool, Spot)> = titles
            .labels
            .iter()
            .map(|s| (true, s.clone()))
            .chain(titles.references.iter().map(|s| (false, s.clone())))
            .collect();
        spots.sort_by_key(|(_, spot)| spot.left());
        let places: Vec<Spot> = cells.iter().map(|(_, spot)| spot.clone()).collect();
        let all_titles: Vec<Spot> = spots.iter().map(|(_, spot)| spot.clone()).collect();
        let Some(indices) = under(&all_titles, &places) else {
            return false;
        };
        let before = out.facts.len();
        for ((cell, _), index) in cells.iter().zip(indices) {
            if spots.get(index).is_some_and(|(result, _)| *result) {
                self.cell(&line.slice(cell.clone()), &row, out);
            }
        }
        for (lab, range) in &mut out.facts[before..] {
            lab.date = self.dates.of(self.source.text(), all, range);
        }
        // A row whose only number is of another time has no result.
        true
    }

    /// `Neutrophile abs. 3,44 /nl`: the point of an abbreviation between a name and its number ends the sentence for
    /// those who cut sentences, so the line is read here.
    fn cut_short(&self, line: &Tokens<'_>, all: &Tokens<'_>, out: &mut super::Read) {
        let short = |i: usize, tokens: &Tokens<'_>| {
            is(tokens, i, |f| *f == Figure::Absolute)
                && is_mark(tokens, i + 1, &['.'])
                && tokens.get(i + 2).is_some_and(|t| {
                    t.kind == Token::Number && t.gap != Gap::None && t.gap < Gap::Line
                })
        };
        if !(1..line.len()).any(|i| short(i, line)) {
            return;
        }
        let known = Known {
            count: true,
            ..self.known.clone()
        };
        let read = super::read(line, self.vocab, self.source, &known);
        for (mut lab, range) in read.facts {
            let own = within(line, &range);
            if (1..own.len()).any(|i| short(i, &own)) {
                lab.date = self.dates.of(self.source.text(), all, &range);
                out.facts.push((lab, range));
            }
        }
    }

    fn row_by_date(
        &self,
        line: &Tokens<'_>,
        names: &mut [(Column, Spot)],
        out: &mut super::Read,
    ) -> bool {
        let Some((range, day)) = self.dates.inside(&line.range()).first() else {
            return units_below(line, names, self.known.style);
        };
        let start = line.partition_point(|t| t.end <= range.end);
        let parts = parts(line, start, self.known.style);
        let cells = self.cells(line, &parts);
        let indices: Vec<usize> = if cells.len() == names.len() {
            (0..names.len()).collect()
        } else {
            let titles: Vec<Spot> = names.iter().map(|(_, spot)| spot.clone()).collect();
            let places: Vec<Spot> = cells.iter().map(|(_, spot)| spot.clone()).collect();
            match under(&titles, &places) {
                Some(indices) => indices,
                None => return false,
            }
        };
        let mut any = false;
        for ((cell, _), index) in cells.into_iter().zip(indices) {
            if let Some((column, _)) = names.get(index) {
                any |= self.one(&line.slice(cell), column, *day, out);
            }
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

/// A line of units below the analytes of a header, one for each.
fn units_below(line: &Tokens<'_>, names: &mut [(Column, Spot)], style: quantity::Style) -> bool {
    let parts = parts(line, 0, style);
    let units = parts
        .iter()
        .all(|(part, _)| matches!(part, Part::Unit(_) | Part::Percent));
    if !units || parts.len() != names.len() {
        return false;
    }
    for ((part, _), (column, _)) in parts.into_iter().zip(names) {
        match part {
            Part::Unit(unit) => column.unit = Some(unit),
            _ => column.percent = true,
        }
    }
    true
}

/// Where the analyte of a row stands: first on its line, or behind a number of the row and the word `total`.
fn name_at(line: &Tokens<'_>) -> Option<usize> {
    let mut at = 0;
    while at < 4 {
        let token = line.get(at)?;
        if named(line, at).is_some() {
            return Some(at);
        }
        let leads = matches!(
            token.kind,
            Token::Number | Token::Mark('|' | '.' | ')' | '-' | '*' | '•')
        ) || line.text_of(token).eq_ignore_ascii_case("total");
        if !leads || range_end(line, at).is_some() {
            return None;
        }
        at += 1;
    }
    None
}

/// A sign that a value was not taken.
pub(crate) fn none(cell: &Tokens<'_>) -> bool {
    matches!(
        cell.text().trim().to_lowercase().as_str(),
        "" | "-" | "–" | "—" | "--" | "na" | "n/a" | "nd" | "/" | "." | "未测" | "无"
    )
}
