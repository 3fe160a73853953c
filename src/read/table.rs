//! Tables: header, rows, cells, whatever separates them.
//!
//! Cells are cut line by line, never across lines: one damaged quote must not swallow the rows below
//! it. A delimiter inside a quoted cell does not cut; quotes around a whole cell are removed.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::case::fusion::Fusion;
use crate::diag::{Code, Diagnostic};
use crate::read::{Reading, Records};
use crate::source::{Place, Source};

/// A table with its header.
pub(super) struct Table<'s> {
    source: &'s Source,
    columns: BTreeMap<&'s str, usize>,
    /// The header line; none where the columns are known without one.
    header: Option<Range<usize>>,
    /// Where the rows begin.
    rows: usize,
    delimiter: char,
}

/// Most lines before a header, all of them comments.
const COMMENTS: usize = 200;

/// A row with its cells.
pub(super) struct Row<'t, 's> {
    table: &'t Table<'s>,
    cells: Vec<Range<usize>>,
    /// The whole row.
    pub(super) line: Range<usize>,
}

impl<'s> Table<'s> {
    /// The tab-separated table whose header is the first line with text, a leading `#` left out.
    pub(super) fn new(source: &'s Source) -> Option<Self> {
        let text = source.text();
        let (_, header) = source
            .lines()
            .find(|(_, line)| !text[line.clone()].trim().is_empty())?;
        Some(Self::with_header(source, header, '\t'))
    }

    /// The table whose header is the first line that holds all these columns, with nothing but comments before
    /// it. A column `*.name` is one whose name ends so.
    pub(super) fn find(source: &'s Source, delimiter: char, required: &[&str]) -> Option<Self> {
        let text = source.text();
        let lines = source
            .lines()
            .map(|(_, line)| line)
            .filter(|line| !text[line.clone()].trim().is_empty());
        for line in lines.take(COMMENTS) {
            let comment = text[line.clone()].trim_start_matches('"').starts_with('#');
            let table = Self::with_header(source, line, delimiter);
            if table.has(required) {
                return Some(table);
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
        for (index, cell) in cells(text, header.clone(), delimiter)
            .into_iter()
            .enumerate()
        {
            let name = unquoted(&text[cell]).trim();
            let name = if index == 0 {
                name.trim_start_matches('#').trim_start()
            } else {
                name
            };
            columns.entry(name).or_insert(index);
        }
        Self {
            source,
            columns,
            rows: header.end,
            header: Some(header),
            delimiter,
        }
    }

    /// A table without a header, with these columns.
    pub(super) fn headerless(source: &'s Source, columns: &[&'static str]) -> Self {
        Self {
            source,
            columns: columns.iter().enumerate().map(|(i, c)| (*c, i)).collect(),
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

    /// Where a column stands, from 0.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        match name.strip_prefix('*') {
            Some(end) => self
                .columns
                .iter()
                .find(|(column, _)| column.ends_with(end))
                .map(|(_, index)| *index),
            None => self.columns.get(name).copied(),
        }
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
        let needed = required
            .iter()
            .filter_map(|c| self.position(c))
            .max()
            .unwrap_or_default();
        for (_, line) in self.source.lines() {
            if line.start < self.rows || text[line.clone()].trim().is_empty() {
                continue;
            }
            if ends(&text[line.clone()]) {
                break;
            }
            records.total += 1;
            let header = self.header.clone();
            if header.is_some_and(|header| text[line.clone()] == text[header]) {
                records.skipped += 1;
                continue;
            }
            let cells = cells(text, line.clone(), self.delimiter);
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
                    cells,
                    line,
                },
                diagnostics,
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
    match Table::new(source) {
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

/// Reads the calls of a table that was found.
pub(super) fn calls_of(
    source: &Source,
    table: &Table<'_>,
    required: &[&str],
    mut call: impl FnMut(&Row<'_, '_>, &mut Vec<Diagnostic>) -> Fusion,
) -> Reading {
    let mut reading = Reading::default();
    let fusions = &mut reading.case.fusions;
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
        Some(self.get(column)).filter(|cell| !matches!(*cell, "" | "." | "NA" | "N/A" | "nan"))
    }

    fn cell(&self, column: &str) -> Option<Range<usize>> {
        self.cells.get(self.table.position(column)?).cloned()
    }

    /// The place of a cell, or of the row when the column is not there.
    pub(super) fn place(&self, column: &str) -> Place {
        let range = self.cell(column).unwrap_or_else(|| self.line.clone());
        self.table.source.place(range)
    }

    /// The place from one cell to another.
    pub(super) fn places(&self, from: &str, to: &str) -> Place {
        match (self.cell(from), self.cell(to)) {
            (Some(a), Some(b)) if a.start <= b.end => self.table.source.place(a.start..b.end),
            _ => self.place(from),
        }
    }

    /// A count. A cell that holds something else is reported.
    pub(super) fn count(&self, column: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<u64> {
        let cell = self.stated(column)?;
        let value = cell.parse().ok();
        if value.is_none() {
            diagnostics.push(
                Diagnostic::warning(Code::BadNumber, format!("`{column}` is no whole number"))
                    .at(self.place(column), "expected a count such as 12"),
            );
        }
        value
    }
}

fn cells(text: &str, line: Range<usize>, delimiter: char) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = line.start;
    let body = &text[line.clone()];
    let mut resume = 0;
    for (offset, _) in body.match_indices(delimiter) {
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
    out
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
        let text = "#a\tb\tc\r\n1\t\"x\"\t3\t\r\n\r\n2\r\n#a\tb\tc\r\n4\ty\tz\r\n";
        let id = sources.add("t.tsv", text.as_bytes()).unwrap();
        let table = Table::new(sources.get(id)).unwrap();
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
