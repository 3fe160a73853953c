//! Tables: header, rows, cells, whatever separates them.
//!
//! Cells are cut line by line, never across lines: one damaged quote must not swallow the rows below
//! it. A delimiter inside a quoted cell does not cut; quotes around a whole cell are removed.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use memchr::memchr_iter;

use crate::case::fusion::Fusion;
use crate::diag::{Code, Diagnostic};
use crate::read::{Reading, Records};
use crate::source::{Place, Source};

/// A table with its header.
pub(super) struct Table<'s> {
    source: &'s Source,
    columns: BTreeMap<&'s str, usize>,
    /// Names without letter case, the first column of each.
    folded: BTreeMap<String, usize>,
    /// Names as letters and digits alone: R writes `strand1.gene.fusion.` for `strand1(gene/fusion)`.
    bare: BTreeMap<String, usize>,
    /// Columns asked for before.
    known: RefCell<Known>,
    /// The header line; none where the columns are known without one.
    header: Option<Range<usize>>,
    /// Where the rows begin.
    rows: usize,
    delimiter: char,
}

/// Columns asked for before. Every row asks for the same ones and nearly always in the same order, so each name
/// remembers which one was asked for next: that costs one comparison where a map costs a hash.
#[derive(Default)]
struct Known {
    asked: Vec<Asked>,
    numbers: HashMap<String, usize>,
    /// The name asked for last.
    last: usize,
}

struct Asked {
    name: Box<str>,
    column: Option<usize>,
    /// The name that was asked for after it.
    next: usize,
}

impl Known {
    /// Where a column stands; it is looked up the first time it is asked for.
    fn column(&mut self, name: &str, look_up: impl FnOnce() -> Option<usize>) -> Option<usize> {
        let guess = self.asked.get(self.last).map(|last| last.next);
        if let Some(guess) = guess
            && let Some(asked) = self.asked.get(guess)
            && *asked.name == *name
        {
            self.last = guess;
            return asked.column;
        }
        let number = match self.numbers.get(name) {
            Some(number) => *number,
            None => self.add(name, look_up()),
        };
        self.follow(number)
    }

    fn add(&mut self, name: &str, column: Option<usize>) -> usize {
        let number = self.asked.len();
        self.asked.push(Asked {
            name: name.into(),
            column,
            next: 0,
        });
        self.numbers.insert(name.to_owned(), number);
        number
    }

    /// Remembers that this name came after the last one.
    fn follow(&mut self, number: usize) -> Option<usize> {
        if let Some(last) = self.asked.get_mut(self.last) {
            last.next = number;
        }
        self.last = number;
        self.asked.get(number)?.column
    }
}

/// What cuts the lines of a table.
const DELIMITERS: [char; 3] = ['\t', ',', ';'];

/// Most lines before a header, all of them comments.
const COMMENTS: usize = 200;

/// A row with its cells.
pub(super) struct Row<'t, 's> {
    table: &'t Table<'s>,
    cells: &'t [Range<usize>],
    /// The whole row.
    line: Range<usize>,
    /// The number of its line.
    number: u32,
}

impl<'s> Table<'s> {
    /// The table whose header is the first line that holds all these columns, with nothing but comments before
    /// it. A column `*.name` is one whose name ends so. A table may have been saved again with another delimiter:
    /// the columns tell.
    pub(super) fn find(source: &'s Source, delimiter: char, required: &[&str]) -> Option<Self> {
        let text = source.text();
        let lines = source
            .lines()
            .map(|(_, line)| line)
            .filter(|line| !text[line.clone()].trim().is_empty());
        for line in lines.take(COMMENTS) {
            let body = &text[line.clone()];
            let comment = body.trim_start_matches('"').starts_with('#');
            let others = DELIMITERS.into_iter().filter(|other| *other != delimiter);
            for mark in std::iter::once(delimiter).chain(others) {
                if !body.contains(mark) {
                    continue;
                }
                let table = Self::with_header(source, line.clone(), mark);
                if table.has(required) {
                    return Some(table);
                }
            }
            if !comment {
                return None;
            }
        }
        None
    }

    fn with_header(source: &'s Source, header: Range<usize>, delimiter: char) -> Self {
        let text = source.text();
        let mut columns = BTreeMap::new();
        let mut folded = BTreeMap::new();
        let mut bare = BTreeMap::new();
        let mut names = Vec::new();
        cut(text, header.clone(), delimiter, &mut names);
        for (index, cell) in names.into_iter().enumerate() {
            let name = unquoted(&text[cell]).trim();
            // R makes `X.gene1` of `#gene1`.
            let name = name.strip_prefix("X.").unwrap_or(name);
            let name = if index == 0 {
                name.trim_start_matches('#').trim_start()
            } else {
                name
            };
            columns.entry(name).or_insert(index);
            folded.entry(fold(name)).or_insert(index);
            bare.entry(bare_name(name)).or_insert(index);
        }
        Self {
            source,
            columns,
            folded,
            bare,
            known: RefCell::default(),
            rows: header.end,
            header: Some(header),
            delimiter,
        }
    }

    /// The table whose header is the first line that is no comment, whatever its columns.
    pub(super) fn with_first_line(source: &'s Source, delimiter: char) -> Option<Self> {
        let text = source.text();
        let (_, line) = source.lines().find(|(_, line)| {
            let body = text[line.clone()].trim();
            !body.is_empty() && !body.starts_with("##")
        })?;
        let body = &text[line.clone()];
        let others = DELIMITERS.into_iter().filter(|other| *other != delimiter);
        let mark = std::iter::once(delimiter)
            .chain(others)
            .find(|mark| body.contains(*mark))?;
        Some(Self::with_header(source, line, mark))
    }

    /// The table with its columns under the names they are written with alone.
    pub(super) fn under_written_names(mut self) -> Self {
        self.bare.clear();
        *self.known.get_mut() = Known::default();
        self
    }

    /// Where the header stands.
    pub(super) fn header_range(&self) -> Range<usize> {
        self.header.clone().unwrap_or(0..0)
    }

    /// A table without a header, with these columns.
    pub(super) fn headerless(source: &'s Source, columns: &[&'static str]) -> Self {
        Self {
            source,
            columns: columns.iter().enumerate().map(|(i, c)| (*c, i)).collect(),
            folded: columns
                .iter()
                .enumerate()
                .map(|(i, c)| (fold(c), i))
                .collect(),
            bare: BTreeMap::new(),
            known: RefCell::default(),
            rows: 0,
            header: None,
            delimiter: '\t',
        }
    }

    /// The part of a source from one line on, as a table with that line as its header.
    pub(super) fn from_line(source: &'s Source, header: Range<usize>) -> Self {
        Self::with_header(source, header, '\t')
    }

    /// Whether all these columns are there.
    pub(super) fn has(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.position(name).is_some())
    }

    /// Where a column stands, from 0. `A|B` is the column A, or B where there is no A; `*.name` one whose name ends
    /// so. Letter case matters only where two columns differ in nothing else.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        let mut known = self.known.borrow_mut();
        known.column(name, || self.look_up(name))
    }

    fn look_up(&self, name: &str) -> Option<usize> {
        if let Some(index) = self.columns.get(name) {
            return Some(*index);
        }
        let written = self.look_up_written(name);
        written.or_else(|| {
            let mut names = name.split('|').filter(|name| !name.starts_with('*'));
            names.find_map(|name| self.bare.get(&bare_name(name)).copied())
        })
    }

    /// As `look_up`, of the names as they are written.
    fn look_up_written(&self, name: &str) -> Option<usize> {
        name.split('|').find_map(|name| {
            if let Some(end) = name.strip_prefix('*') {
                let mut columns = self.columns.iter();
                let found = columns.find(|(column, _)| column.ends_with(end));
                return found.map(|(_, index)| *index);
            }
            let exact = self.columns.get(name);
            exact.or_else(|| self.folded.get(&fold(name))).copied()
        })
    }

    /// The names of the columns, as written.
    pub(super) fn names(&self) -> impl Iterator<Item = &'s str> + '_ {
        self.columns.keys().copied()
    }

    /// Most rows that can stand below the header.
    fn lines_below(&self) -> usize {
        let above = match &self.header {
            Some(header) => self.source.line(header.start),
            None => 0,
        };
        let above = usize::try_from(above).unwrap_or(usize::MAX);
        self.source.line_count().saturating_sub(above)
    }

    /// Number of columns.
    pub(super) fn width(&self) -> usize {
        self.columns.len()
    }

    /// Reads every row below the header. Rows that lack a `required` column fail, repeated headers
    /// are skipped, and all are counted.
    pub(super) fn rows(
        &self,
        required: &[&str],
        diagnostics: &mut Vec<Diagnostic>,
        read: impl FnMut(&Row<'_, 's>, &mut Vec<Diagnostic>),
    ) -> Records {
        self.rows_until(required, diagnostics, |_| false, read)
    }

    /// As `rows`, up to the first line for which `ends` holds.
    pub(super) fn rows_until(
        &self,
        required: &[&str],
        diagnostics: &mut Vec<Diagnostic>,
        ends: impl Fn(&str) -> bool,
        mut read: impl FnMut(&Row<'_, 's>, &mut Vec<Diagnostic>),
    ) -> Records {
        let text = self.source.text();
        let mut records = Records::default();
        let mut headers = None;
        let needed = required
            .iter()
            .filter_map(|c| self.position(c))
            .max()
            .unwrap_or_default();
        let header = self.header.clone().map(|header| text[header].trim_end());
        let mut cells = Vec::new();
        for (number, line) in self.source.lines() {
            let body = text[line.clone()].trim_end();
            if line.start < self.rows || body.is_empty() {
                continue;
            }
            if ends(&text[line.clone()]) {
                break;
            }
            let repeated = header == Some(body);
            cells.clear();
            cut(text, line.clone(), self.delimiter, &mut cells);
            // A comment between the rows, or the comments and the header of a second file behind the first.
            let comment = body.starts_with("##") || (body.starts_with('#') && cells.len() == 1);
            if comment && !repeated {
                continue;
            }
            records.total += 1;
            if repeated {
                records.skipped += 1;
                headers.get_or_insert(line);
                continue;
            }
            if cells.len() <= needed {
                records.failed += 1;
                diagnostics.push(
                    Diagnostic::warning(
                        Code::ShortRow,
                        format!(
                            "a row with {} cells below a header with {}",
                            cells.len(),
                            self.width()
                        ),
                    )
                    .at(self.source.place(line.clone()), "not read")
                    .help("the row may have been cut off; export the table again"),
                );
                continue;
            }
            records.read += 1;
            read(
                &Row {
                    table: self,
                    cells: &cells,
                    line,
                    number,
                },
                diagnostics,
            );
        }
        if let Some(first) = headers {
            diagnostics.push(
                Diagnostic::note(
                    Code::Skipped,
                    format!("{} repeated headers were skipped", records.skipped),
                )
                .at(self.source.place(first), "the first of them"),
            );
        }
        records
    }
}

/// Reads a table of fusion calls, a call a row.
pub(super) fn calls(
    source: &Source,
    required: &[&str],
    call: impl FnMut(&Row<'_, '_>, &mut Vec<Diagnostic>) -> Fusion,
) -> Reading {
    match Table::find(source, '\t', required) {
        Some(table) => calls_of(source, &table, required, call),
        None => Reading::default(),
    }
}

/// Says that a table holds no call, which is no negative result.
pub(super) fn no_calls(source: &Source) -> Diagnostic {
    Diagnostic::note(Code::NoCalls, "a table without calls")
        .at(source.place(0..0), "header only")
        .help("no call is not a negative result: the file does not say what was assayed")
}

/// Most calls that room is made for at once: a file of empty lines holds none.
const ROOM: usize = 1 << 14;

/// Reads the calls of a table that was found.
pub(super) fn calls_of(
    source: &Source,
    table: &Table<'_>,
    required: &[&str],
    mut call: impl FnMut(&Row<'_, '_>, &mut Vec<Diagnostic>) -> Fusion,
) -> Reading {
    let mut reading = Reading::default();
    let fusions = &mut reading.case.fusions;
    fusions.reserve(table.lines_below().min(ROOM));
    reading.records = table.rows(required, &mut reading.diagnostics, |row, out| {
        fusions.push(call(row, out));
    });
    if reading.records.total == 0 {
        reading.diagnostics.push(no_calls(source));
    }
    reading
}

impl<'s> Row<'_, 's> {
    /// Whether the table has a column.
    pub(super) fn has(&self, column: &str) -> bool {
        self.table.has(&[column])
    }

    /// The cell of a column; empty when it is not there.
    pub(super) fn get(&self, column: &str) -> &'s str {
        self.cell(column)
            .map(|range| unquoted(&self.table.source.text()[range]).trim())
            .unwrap_or_default()
    }

    /// The cell, unless it is empty or the caller's sign for nothing.
    pub(super) fn stated(&self, column: &str) -> Option<&'s str> {
        Some(self.get(column)).filter(|cell| {
            let nothing = ["NA", "N/A", "nan", "null", "None"];
            cell.len() > 4
                || (!matches!(*cell, "" | "." | "-" | "---")
                    && !nothing.iter().any(|word| cell.eq_ignore_ascii_case(word)))
        })
    }

    fn cell(&self, column: &str) -> Option<Range<usize>> {
        self.cells.get(self.table.position(column)?).cloned()
    }

    /// The place of a cell, or of the row when the column is not there.
    pub(super) fn place(&self, column: &str) -> Place {
        self.place_of(self.cell(column).unwrap_or_else(|| self.line.clone()))
    }

    fn place_of(&self, range: Range<usize>) -> Place {
        let source = self.table.source;
        source.place_in_line(self.number, self.line.start, range)
    }

    /// The place from one cell to another.
    pub(super) fn places(&self, from: &str, to: &str) -> Place {
        match (self.cell(from), self.cell(to)) {
            (Some(a), Some(b)) if a.start <= b.end => self.place_of(a.start..b.end),
            _ => self.place(from),
        }
    }

    /// A count. A cell that holds something else is reported.
    pub(super) fn count(&self, column: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<u64> {
        let cell = self.stated(column)?;
        // -1 is what some callers write for a count that was not taken.
        if cell == "-1" {
            return None;
        }
        let value = cell.parse().ok().or_else(|| whole(cell));
        if value.is_none() {
            diagnostics.push(
                Diagnostic::warning(Code::BadNumber, format!("`{column}` is no whole number"))
                    .at(self.place(column), "expected a count such as 12"),
            );
        }
        value
    }
}

/// A count written with decimals (`12.0`); a share of a read is rounded.
fn whole(cell: &str) -> Option<u64> {
    let (whole, part) = cell.split_once('.')?;
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(part) {
        return None;
    }
    let up = u64::from(part.as_bytes()[0] >= b'5');
    whole.parse::<u64>().ok()?.checked_add(up)
}

/// A column name without letter case, blanks as underscores.
fn fold(name: &str) -> String {
    name.to_ascii_lowercase().replace(' ', "_")
}

/// The letters and digits of a column name, without letter case.
fn bare_name(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.collect::<String>().to_ascii_lowercase()
}

/// Cuts a line into cells; the delimiters are all ASCII.
fn cut(text: &str, line: Range<usize>, delimiter: char, out: &mut Vec<Range<usize>>) {
    let mut start = line.start;
    let body = &text[line.clone()];
    let Ok(mark) = u8::try_from(delimiter) else {
        out.push(line);
        return;
    };
    let mut resume = 0;
    for offset in memchr_iter(mark, body.as_bytes()) {
        if offset < resume {
            continue;
        }
        let cell = &body[start - line.start..offset];
        if cell.starts_with('"') && !closed(cell) {
            // The cell goes on to its closing quote, if the line has one.
            let from = start - line.start;
            if let Some(end) = closing(&body[from..], delimiter) {
                resume = from + end;
                continue;
            }
        }
        out.push(start..line.start + offset);
        start = line.start + offset + delimiter.len_utf8();
    }
    out.push(start..line.end);
}

/// Whether a cell that begins with a quote ends with one of its own.
fn closed(cell: &str) -> bool {
    cell.len() > 1 && cell.ends_with('"') && cell.matches('"').count().is_multiple_of(2)
}

/// Where the quoted cell at the start of `rest` ends: a quote before a delimiter or the end.
fn closing(rest: &str, delimiter: char) -> Option<usize> {
    let mut quotes = 0_usize;
    for (at, c) in rest.char_indices() {
        if c == '"' {
            quotes += 1;
        } else if c == delimiter && quotes.is_multiple_of(2) {
            return Some(at);
        }
    }
    quotes.is_multiple_of(2).then_some(rest.len())
}

/// Quotes around the whole cell removed. Doubled quotes inside are left: names never hold one.
fn unquoted(cell: &str) -> &str {
    cell.strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Limits, Sources};

    #[test]
    fn every_row_is_accounted_for() {
        let mut sources = Sources::new(Limits::default());
        let text = "#a\tb\tc\r\n1\t\"x\"\t3\t\r\n\r\n2\r\n#a\tb\tc\r\n4\ty\tz\r\n##a\tnote\r\n";
        let id = sources.add("t.tsv", text.as_bytes()).unwrap();
        let table = Table::find(sources.get(id), '\t', &["a", "b"]).unwrap();
        let mut diagnostics = Vec::new();
        let mut seen = Vec::new();
        let records = table.rows(&["a", "b"], &mut diagnostics, |row, _| {
            seen.push((row.get("a").to_owned(), row.get("b").to_owned()));
        });
        assert_eq!(
            records,
            Records {
                total: 4,
                read: 2,
                skipped: 1,
                failed: 1
            }
        );
        assert_eq!(seen, [("1".into(), "x".into()), ("4".into(), "y".into())]);
        assert_eq!(diagnostics[0].place().unwrap().line, 4);
    }
}
