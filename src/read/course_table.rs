//! Tables of the course of a disease: laboratory values and lesions by date, as spreadsheets export them.
//!
//! | dialect | header | a row is |
//! |---|---|---|
//! | `labs-long` | date, analyte, value [, unit, flag] | one value |
//! | `labs-by-row` | date, an analyte a column (`WBC (10^9/L)`) | one day |
//! | `labs-by-column` | analyte [, unit], a date a column | one analyte |
//! | `lesions-long` | date, lesion [, kind, site], mm (or size) [, state] | one lesion on one day |
//! | `lesions-by-column` | lesion [, kind, site], a date a column | one lesion |
//!
//! Cells are cut at tabs, semicolons or commas; numbers may have a decimal comma where commas do not cut. What a cell
//! holds is read by the same grammar as in a report.

use std::ops::Range;

use crate::case::lab::Lab;
use crate::case::measurement::{Kind, Measurement, State};
use crate::diag::{Code, Diagnostic};
use crate::narrative::date::{Dates, within};
use crate::narrative::labs::grid::{Column, Grid, column, none};
use crate::narrative::labs::{Known, Read};
use crate::narrative::lex::{Lexed, Tokens};
use crate::narrative::measurement;
use crate::narrative::quantity::{self, Style, has, is_mark};
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::{Figure, Vocab};

mod header;

use header::{Header, Role, header};

/// The format.
pub(super) const FORMAT: Format = Format::own(
    "course-table",
    "laboratory values or lesions by date (CSV, TSV, semicolons)",
    detect,
    read,
);

fn detect(source: &Source) -> Option<Evidence> {
    let found = header(source)?;
    Some(Evidence {
        dialect: found.dialect,
        found: "a header with dates and laboratory values or lesions".to_owned(),
    })
}

/// The text with every delimiter as a tab and every quote as a space, so that bytes keep their places.
fn cut(text: &str, delimiter: char) -> String {
    let mut quoted = false;
    text.chars()
        .map(|c| match c {
            '"' => {
                quoted = !quoted;
                ' '
            }
            '\n' | '\r' => {
                // One damaged quote must not swallow the rows below it.
                quoted = false;
                c
            }
            c if c == delimiter && !quoted => '\t',
            c => c,
        })
        .collect()
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    let (Some(header), Some(dictionary)) = (header(source), vocab.values()) else {
        return Reading::default();
    };
    let plain = cut(source.text(), header.delimiter);
    let lexed = Lexed::new(&plain, dictionary);
    let all = lexed.view();
    let dates = Dates::new(source, &all, dictionary);
    let style = if header.delimiter == ',' {
        Style::default()
    } else {
        quantity::style(&all)
    };
    let known = Known {
        count: true,
        style,
        ..Known::default()
    };
    let mut reader = Reader {
        source,
        plain: &plain,
        all,
        dates: &dates,
        header: &header,
        grid: Grid {
            vocab,
            source,
            dates: &dates,
            known: &known,
        },
        style,
        out: Reading::default(),
    };
    reader.rows();
    reader.out
}

struct Reader<'a> {
    source: &'a Source,
    plain: &'a str,
    all: Tokens<'a>,
    dates: &'a Dates,
    header: &'a Header,
    grid: Grid<'a>,
    style: Style,
    out: Reading,
}

/// What became of a row.
enum Outcome {
    Read,
    /// Left out for a reason.
    Skipped(&'static str),
    /// A cell cannot be read.
    Failed(Range<usize>),
}

impl<'a> Reader<'a> {
    fn rows(&mut self) {
        let header = self.cells(&self.header.line);
        let lines: Vec<Range<usize>> = self
            .source
            .lines()
            .map(|(_, line)| line)
            .filter(|line| {
                line.start >= self.header.line.end && !self.plain[line.clone()].trim().is_empty()
            })
            .collect();
        let mut skipped: Vec<(&'static str, usize, Range<usize>)> = Vec::new();
        for line in lines {
            let cells = self.cells(&line);
            self.out.records.total += 1;
            let outcome = match self.header.dialect {
                "labs-long" => self.lab(&cells),
                "labs-by-row" => self.labs_of_day(&header, &cells),
                "labs-by-column" => self.labs_of_analyte(&header, &cells),
                "lesions-long" => self.lesion(&cells),
                _ => self.lesion_by_column(&header, &cells),
            };
            match outcome {
                Outcome::Read => self.out.records.read += 1,
                Outcome::Skipped(why) => {
                    self.out.records.skipped += 1;
                    match skipped.iter_mut().find(|(w, ..)| *w == why) {
                        Some((_, count, _)) => *count += 1,
                        None => skipped.push((why, 1, line)),
                    }
                }
                Outcome::Failed(cell) => {
                    self.out.records.failed += 1;
                    self.out.diagnostics.push(
                        Diagnostic::warning(Code::BadNumber, "a cell that cannot be read")
                            .at(self.source.place(cell), "expected a value")
                            .help("nothing of this row is used"),
                    );
                }
            }
        }
        for (why, count, first) in skipped {
            self.out.diagnostics.push(
                Diagnostic::note(Code::Skipped, format!("{count} rows were skipped: {why}"))
                    .at(self.source.place(first), "the first of them"),
            );
        }
    }

    fn cells(&self, line: &Range<usize>) -> Vec<Range<usize>> {
        let mut start = line.start;
        let mut out = Vec::new();
        for (at, _) in self.plain[line.clone()].match_indices('\t') {
            out.push(start..line.start + at);
            start = line.start + at + 1;
        }
        out.push(start..line.end);
        out
    }

    fn tokens(&self, cell: &Range<usize>) -> Tokens<'a> {
        within(&self.all, cell)
    }

    fn cell<'c>(&self, cells: &'c [Range<usize>], role: Role) -> Option<&'c Range<usize>> {
        let at = self.header.roles.iter().position(|r| *r == Some(role))?;
        cells
            .get(at)
            .filter(|cell| !self.plain[(*cell).clone()].trim().is_empty())
    }

    fn date(&self, cell: &Range<usize>) -> Option<jiff::civil::Date> {
        self.dates.inside(cell).first().map(|(_, date)| *date)
    }

    /// The analyte of a cell; a name must fill it.
    fn analyte(&self, cell: &Range<usize>) -> Option<Column> {
        let tokens = self.tokens(cell);
        let (found, end) = column(&tokens, 0)?;
        let rest = tokens.slice(end..tokens.len());
        (rest.is_empty()
            || rest
                .iter()
                .all(|t| matches!(t.kind, crate::narrative::lex::Kind::Mark(_))))
        .then_some(found)
    }

    fn take(&mut self, read: Read, cell: &Range<usize>) -> Outcome {
        let got = !read.facts.is_empty();
        for (lab, _) in read.facts {
            self.push(lab);
        }
        if got {
            Outcome::Read
        } else {
            Outcome::Failed(cell.clone())
        }
    }

    fn push(&mut self, lab: Lab) {
        for repair in &lab.repairs {
            self.out.diagnostics.push(
                Diagnostic::warning(
                    Code::Repaired,
                    format!("`{}` was read as `{}`", repair.from, repair.to),
                )
                .at(lab.source.clone(), "as written"),
            );
        }
        self.out.case.labs.push(lab);
    }

    // date, analyte, value [, unit, flag]
    fn lab(&mut self, cells: &[Range<usize>]) -> Outcome {
        let Some(value) = self.cell(cells, Role::Value) else {
            return Outcome::Skipped("no value");
        };
        let value = value.clone();
        let tokens = self.tokens(&value);
        if none(&tokens) {
            return Outcome::Skipped("no value");
        }
        let Some(mut name) = self
            .cell(cells, Role::Analyte)
            .and_then(|c| self.analyte(c))
        else {
            return Outcome::Skipped("an analyte that is not in the table of analytes");
        };
        if let Some(cell) = self.cell(cells, Role::Unit) {
            let unit = self.tokens(cell);
            if is_mark(&unit, 0, &['%']) {
                name.percent = true;
            } else if let Ok((_, unit)) = quantity::unit(unit) {
                name.unit = Some(unit);
            } else {
                return Outcome::Failed(cell.clone());
            }
        }
        let date = self.cell(cells, Role::Date).and_then(|c| self.date(c));
        let mut read = Read::default();
        self.grid.cell(&tokens, &name, &mut read);
        let flag = self.cell(cells, Role::Flag).and_then(|cell| {
            let tokens = self.tokens(cell);
            tokens.iter().find_map(|t| {
                tokens.figures(t).find_map(|f| match f {
                    Figure::Flag(flag) => Some(flag.clone()),
                    _ => None,
                })
            })
        });
        for (lab, _) in &mut read.facts {
            lab.date = date;
            lab.flag = lab.flag.take().or_else(|| flag.clone());
        }
        self.take(read, &value)
    }

    // date, an analyte a column
    fn labs_of_day(&mut self, header: &[Range<usize>], cells: &[Range<usize>]) -> Outcome {
        let Some(day) = self.cell(cells, Role::Date).and_then(|c| self.date(c)) else {
            return Outcome::Skipped("no date that can be read");
        };
        let mut any = false;
        let mut read = Read::default();
        for (at, name) in header.iter().enumerate() {
            let Some(cell) = cells.get(at) else { break };
            let Some(column) = self.analyte(name) else {
                continue;
            };
            let tokens = self.tokens(cell);
            if none(&tokens) {
                continue;
            }
            any = true;
            if !self.grid.one(&tokens, &column, day, &mut read) {
                return Outcome::Failed(cell.clone());
            }
        }
        if !any {
            return Outcome::Skipped("no value");
        }
        self.take(read, &cells[0].clone())
    }

    // analyte [, unit], a date a column
    fn labs_of_analyte(&mut self, header: &[Range<usize>], cells: &[Range<usize>]) -> Outcome {
        let Some(first) = cells.first() else {
            return Outcome::Skipped("an empty row");
        };
        let Some(mut name) = self.analyte(self.cell(cells, Role::Analyte).unwrap_or(first)) else {
            return Outcome::Skipped("an analyte that is not in the table of analytes");
        };
        if let Some(cell) = self.cell(cells, Role::Unit) {
            let unit = self.tokens(cell);
            if is_mark(&unit, 0, &['%']) {
                name.percent = true;
            } else if let Ok((_, unit)) = quantity::unit(unit) {
                name.unit = Some(unit);
            }
        }
        let mut read = Read::default();
        let mut any = false;
        for (head, cell) in header.iter().zip(cells) {
            let Some(day) = self.date(head) else { continue };
            let tokens = self.tokens(cell);
            if none(&tokens) {
                continue;
            }
            any = true;
            if !self.grid.one(&tokens, &name, day, &mut read) {
                return Outcome::Failed(cell.clone());
            }
        }
        if !any {
            return Outcome::Skipped("no value");
        }
        self.take(read, &cells[0].clone())
    }

    /// Kind and name of a lesion.
    fn named(&mut self, cells: &[Range<usize>]) -> Option<(Kind, String, Option<String>)> {
        let cell = self.cell(cells, Role::Lesion)?.clone();
        // `TL3 (node)`: the bracket says what it is.
        let name = self.plain[cell.clone()]
            .split('(')
            .next()
            .unwrap_or_default();
        let name = name.trim().to_owned();
        let site = self
            .cell(cells, Role::Site)
            .map(|c| self.plain[c.clone()].trim().to_owned());
        let tokens = self.tokens(&cell);
        let mut words = vec![tokens];
        words.extend(self.cell(cells, Role::Kind).map(|c| self.tokens(c)));
        let any = |wanted: fn(&Figure) -> bool| words.iter().any(|t| has(t, wanted));
        let node_site = self
            .cell(cells, Role::Site)
            .is_some_and(|c| has(&self.tokens(c), |f| *f == Figure::Node));
        let node = node_site || any(|f| matches!(f, Figure::Node | Figure::ShortAxis));
        let kind_text = self
            .cell(cells, Role::Kind)
            .map(|c| self.plain[c.clone()].trim().to_lowercase());
        let kind = if any(|f| *f == Figure::NonTarget) || kind_text.as_deref() == Some("non_target")
        {
            Kind::NonTarget
        } else if any(|f| *f == Figure::New) || kind_text.as_deref() == Some("new") {
            Kind::New
        } else if any(|f| *f == Figure::Sum) {
            Kind::Sum
        } else if node || kind_text.as_deref() == Some("target_node") {
            Kind::TargetNode
        } else {
            Kind::Target
        };
        Some((kind, name, site))
    }

    fn measured(
        &mut self,
        row: &(Kind, String, Option<String>),
        cell: &Range<usize>,
        date: Option<jiff::civil::Date>,
        centimetres: bool,
    ) -> Option<()> {
        let tokens = self.tokens(cell);
        let (mut mm, state) = measurement::grid::cell_value(&tokens, self.style)?;
        if centimetres && quantity::size(tokens, self.style).is_err() {
            for value in &mut mm {
                *value = value.checked_mul(rust_decimal::Decimal::TEN)?.normalize();
            }
        }
        self.lesion_fact(row, mm, state, cell, date);
        Some(())
    }

    fn lesion_fact(
        &mut self,
        row: &(Kind, String, Option<String>),
        mm: Vec<rust_decimal::Decimal>,
        state: Option<State>,
        cell: &Range<usize>,
        date: Option<jiff::civil::Date>,
    ) {
        let (kind, name, site) = row;
        let mut fact = Measurement::new(*kind, mm, self.source.place(cell.clone()));
        fact.state = state;
        fact.lesion = (*kind != Kind::Sum).then(|| name.clone());
        fact.site.clone_from(site);
        fact.date = date;
        if fact.mm.is_empty() {
            self.out.case.lesion_states.push(fact);
        } else {
            self.out.case.measurements.push(fact);
        }
    }

    // date, lesion [, kind, site], mm [, state]
    fn lesion(&mut self, cells: &[Range<usize>]) -> Outcome {
        let Some(row) = self.named(cells) else {
            return Outcome::Skipped("no lesion");
        };
        let date = self.cell(cells, Role::Date).and_then(|c| self.date(c));
        let centimetres = self.header_is_cm();
        let size = self.cell(cells, Role::Size).cloned();
        if let Some(cell) = size.filter(|c| !none(&self.tokens(c))) {
            return match self.measured(&row, &cell, date, centimetres) {
                Some(()) => Outcome::Read,
                None => Outcome::Failed(cell),
            };
        }
        let state = self.cell(cells, Role::State).cloned();
        if let Some(cell) = state {
            return match self.measured(&row, &cell, date, false) {
                Some(()) => Outcome::Read,
                None => Outcome::Failed(cell),
            };
        }
        // An empty size is a lesion that was not assessed.
        let cell = cells.first().cloned().unwrap_or_default();
        let whole = cell.start..cells.last().map_or(cell.end, |c| c.end);
        self.lesion_fact(&row, Vec::new(), Some(State::NotEvaluated), &whole, date);
        Outcome::Read
    }

    fn header_is_cm(&self) -> bool {
        let cells = self.cells(&self.header.line);
        self.header
            .roles
            .iter()
            .position(|r| *r == Some(Role::Size))
            .and_then(|at| cells.get(at))
            .is_some_and(|c| self.plain[c.clone()].to_lowercase().contains("cm"))
    }

    // lesion [, kind, site], a date a column
    fn lesion_by_column(&mut self, header: &[Range<usize>], cells: &[Range<usize>]) -> Outcome {
        let Some(row) = self.named(cells) else {
            return Outcome::Skipped("no lesion");
        };
        let mut any = false;
        for (head, cell) in header.iter().zip(cells) {
            let Some(day) = self.date(head) else { continue };
            let tokens = self.tokens(cell);
            if none(&tokens) {
                self.lesion_fact(&row, Vec::new(), Some(State::NotEvaluated), cell, Some(day));
            } else if self.measured(&row, cell, Some(day), false).is_none() {
                return Outcome::Failed(cell.clone());
            }
            any = true;
        }
        if any {
            Outcome::Read
        } else {
            Outcome::Skipped("no date column")
        }
    }
}
