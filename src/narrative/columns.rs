//! Tables of stains whose columns mean more than a line can say.
//!
//! ```text
//! specimens    = header { row }                    ; Marker  A (uterus)  B (pelvis)
//! header       = cell label label { label }        ; a label is a specimen, laboratory or time
//! row          = marker value value { value }
//! by-column    = { marker-line } { other-line } { value-line }   ; as many values as markers, 3 or more
//! ```
//!
//! A scanned table can come out column by column: all names, then all results. The two runs are joined
//! only when they are of one length; otherwise nothing is read from them and a person is told.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::case::Repair;
use crate::case::ihc::Ihc;
use crate::diag::{Code, Diagnostic};
use crate::narrative::clause::{has, has_cue};
use crate::narrative::ihc;
use crate::narrative::lex::{Kind, Tokens};
use crate::narrative::outline::{Outline, Setting};
use crate::narrative::value::{Glue, Minus, Value, run};
use crate::source::Source;
use crate::vocab::{Cue, Gap, Origin, Section, Word};

/// What tables hold.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) facts: Vec<Ihc>,
    /// Lines that gave facts, as token ranges.
    pub(crate) used: Vec<Range<usize>>,
    /// Lines that belong to a table and gave none.
    pub(crate) unmatched: Vec<Range<usize>>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Fewest lines of a column that stands apart from its names.
const COLUMN: usize = 3;

/// Finds the tables of a report.
pub(crate) fn read(tokens: &Tokens<'_>, outline: &Outline, source: &Source) -> Read {
    let mut out = Read::default();
    let mut lines = lines(tokens);
    // A table of sequencing results holds no stains.
    lines.retain(|line| setting_of(outline, line.start).section != Some(Section::Molecular));
    let mut at = 0;
    while at < lines.len() {
        at += match specimens(tokens, &lines[at..]) {
            Some((labels, rows)) => {
                let taken = 1 + rows.len();
                for row in rows {
                    let setting = setting_of(outline, row.line.start);
                    for (label, value) in labels.iter().zip(&row.values) {
                        if !label.control {
                            let own = label.apply(setting.clone());
                            out.facts.extend(ihc::cell(
                                tokens,
                                row.name.clone(),
                                value.clone(),
                                &own,
                                source,
                            ));
                        }
                    }
                    out.used.push(row.line);
                }
                taken
            }
            None => 1,
        };
    }
    by_column(tokens, &lines, outline, source, &mut out);
    out
}

/// What is left of a token range without the spent lines, which are in order.
pub(crate) fn without(range: &Range<usize>, used: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = range.start;
    let first = used.partition_point(|line| line.end <= range.start);
    for line in used[first..].iter().take_while(|l| l.start < range.end) {
        if start < line.start {
            out.push(start..line.start);
        }
        start = start.max(line.end);
    }
    if start < range.end {
        out.push(start..range.end);
    }
    out
}

/// Token ranges of the lines with text.
fn lines(tokens: &Tokens<'_>) -> Vec<Range<usize>> {
    let starts: Vec<usize> = (0..tokens.len())
        .filter(|i| *i == 0 || tokens.get(*i).is_some_and(|t| t.gap >= Gap::Line))
        .collect();
    let ends = starts.iter().skip(1).copied().chain([tokens.len()]);
    starts
        .iter()
        .copied()
        .zip(ends)
        .map(|(a, b)| a..b)
        .collect()
}

fn cells(tokens: &Tokens<'_>, line: &Range<usize>) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = line.start;
    for at in line.clone() {
        let Some(token) = tokens.get(at) else { break };
        let bar = token.kind == Kind::Mark('|');
        if at > start && (token.gap == Gap::Wide || bar) {
            out.push(start..at);
            start = at;
        }
        if bar {
            start = at + 1;
        }
    }
    if start < line.end {
        out.push(start..line.end);
    }
    out
}

fn setting_of(outline: &Outline, token: usize) -> Setting {
    let next = outline
        .sentences
        .partition_point(|s| s.tokens.start <= token);
    next.checked_sub(1)
        .and_then(|i| outline.sentences.get(i))
        .map(|s| s.setting.clone())
        .unwrap_or_default()
}

/// Heads of columns that hold no results.
const ASIDE: &[&str] = &[
    "comment",
    "comments",
    "remark",
    "remarks",
    "note",
    "notes",
    "interpretation",
    "bemerkung",
    "kommentar",
    "commentaire",
    "remarque",
    "comentario",
    "opmerking",
    "备注",
    "说明",
];

/// The head of a column.
struct Label {
    text: String,
    origin: Option<Origin>,
    control: bool,
}

impl Label {
    /// The label of a column of results; none for `Clone`, `Score`, `Result` and the like.
    fn of(cell: &Tokens<'_>) -> Option<Self> {
        let describes = has(cell, |w| {
            matches!(
                w,
                Word::Filler | Word::Score(_) | Word::Intensity(_) | Word::Extent(_)
            )
        });
        let named = cell.iter().any(|t| cell.marker(t).is_some());
        let letters = cell.text().chars().any(char::is_alphabetic);
        if describes || named || !letters || cell.len() > 8 {
            return None;
        }
        let text = cell.text();
        if ASIDE.contains(&text.trim().to_lowercase().as_str()) {
            return None;
        }
        let code = text.split(['(', ':']).next().unwrap_or(text).trim();
        Some(Self {
            text: code.to_owned(),
            origin: cell.iter().find_map(|t| {
                cell.words(t).find_map(|w| match w {
                    Word::Origin(origin) => Some(*origin),
                    _ => None,
                })
            }),
            control: has_cue(cell, Cue::Control),
        })
    }

    fn apply(&self, mut setting: Setting) -> Setting {
        match self.origin {
            Some(origin) => setting.origin = Some(origin),
            None => setting.specimen = Some(self.text.clone()),
        }
        setting
    }
}

struct Row {
    line: Range<usize>,
    name: Range<usize>,
    values: Vec<Range<usize>>,
}

/// A header with two columns of results or more, and the rows below it.
fn specimens(tokens: &Tokens<'_>, lines: &[Range<usize>]) -> Option<(Vec<Label>, Vec<Row>)> {
    let (first, below) = lines.split_first()?;
    let header = cells(tokens, first);
    // The column of names may have no head of its own.
    let width = below.first().map_or(0, |line| cells(tokens, line).len());
    let headless = header.len() >= 2 && width == header.len() + 1;
    let heads = if headless {
        header.as_slice()
    } else {
        header.split_first().filter(|(_, h)| h.len() >= 2)?.1
    };
    // A row of results is no header.
    let row = header
        .first()
        .and_then(|cell| tokens.get(cell.start))
        .is_some_and(|t| tokens.marker(t).is_some());
    if row {
        return None;
    }
    let labels: Option<Vec<Label>> = heads
        .iter()
        .map(|cell| Label::of(&tokens.slice(cell.clone())))
        .collect();
    let labels = labels?;
    let mut rows = Vec::new();
    let mut missed = 0;
    for line in below {
        let blank = tokens.get(line.start).is_some_and(|t| t.gap == Gap::Blank);
        let parts = cells(tokens, line);
        let Some((name, values)) = parts.split_first() else {
            break;
        };
        let named = tokens
            .get(name.start)
            .is_some_and(|t| tokens.marker(t).is_some());
        let answered = |cell: &Range<usize>| value_of(tokens, cell).answers();
        if blank || !named {
            break;
        }
        if values.len() != heads.len() || !values.iter().all(answered) {
            if headless && rows.is_empty() {
                break;
            }
            // An empty cell: which one, a line of text does not say.
            missed += 1;
            continue;
        }
        rows.push(Row {
            line: line.clone(),
            name: name.clone(),
            values: values.to_vec(),
        });
    }
    let enough = rows.len() > missed && (!headless || rows.len() > 1);
    enough.then_some((labels, rows))
}

fn value_of(tokens: &Tokens<'_>, cell: &Range<usize>) -> Value {
    run(tokens.slice(cell.clone()), Minus::Sign, Glue::Loose).1
}

/// Runs of lines that hold a result and nothing else, with the names above them.
fn by_column(
    tokens: &Tokens<'_>,
    lines: &[Range<usize>],
    outline: &Outline,
    source: &Source,
    out: &mut Read,
) {
    let lone_value = |line: &Range<usize>| {
        let inside = tokens.slice(line.clone());
        let (count, value) = run(inside, Minus::Sign, Glue::Tight);
        count == inside.len() && value.verdict.is_some()
    };
    let mut free = 0;
    let mut at = 0;
    while at < lines.len() {
        let results = lines[at..].iter().take_while(|l| lone_value(l)).count();
        if results < COLUMN {
            at += results.max(1);
            continue;
        }
        // The one run of as many names; failing that, the last run, to say that it does not match.
        let runs = name_runs(tokens, &lines[free..at]);
        let fits: Vec<_> = runs.iter().filter(|run| run.len() == results).collect();
        let names = match fits.as_slice() {
            [one] => Some(*one),
            _ => runs.iter().rfind(|run| run.len() > 1),
        };
        if let Some(names) = names.map(|run| free + run.start..free + run.end) {
            let values = at..at + results;
            let spent = lines[names.clone()].iter().chain(&lines[values.clone()]);
            if join(tokens, lines, &names, &values, outline, source, out) {
                out.used.extend(spent.cloned());
            } else {
                out.unmatched.extend(spent.cloned());
            }
        }
        at += results;
        free = at;
    }
}

/// The marker of a line that begins with one and holds no result.
fn lone_name<'a>(tokens: &Tokens<'a>, line: &Range<usize>) -> Option<&'a str> {
    let (marker, _) = tokens.marker(tokens.get(line.start)?)?;
    let answered = value_of(tokens, line).verdict.is_some();
    (!answered).then_some(marker.name.as_str())
}

/// Stretches of lines that each name another marker. A table names no marker twice.
fn name_runs(tokens: &Tokens<'_>, lines: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(name) = lone_name(tokens, line) else {
            continue;
        };
        match out.last_mut() {
            Some(run) if run.end == index && !seen.contains(name) => run.end += 1,
            _ => {
                seen.clear();
                out.push(index..index + 1);
            }
        }
        seen.insert(name);
    }
    out
}

/// Joins names and results that came out as two columns. False when they do not match.
fn join(
    tokens: &Tokens<'_>,
    lines: &[Range<usize>],
    names: &Range<usize>,
    values: &Range<usize>,
    outline: &Outline,
    source: &Source,
    out: &mut Read,
) -> bool {
    let place = |lines: &[Range<usize>]| {
        let first = lines.first().map_or(0, |l| l.start);
        let last = lines.last().map_or(0, |l| l.end);
        source.place(tokens.slice(first..last).range())
    };
    let (name_lines, value_lines) = (&lines[names.clone()], &lines[values.clone()]);
    let counts = format!("{} names, {} results", names.len(), values.len());
    if names.len() != values.len() {
        out.diagnostics.push(
            Diagnostic::warning(
                Code::Columns,
                format!("a table that came out column by column does not match: {counts}"),
            )
            .at(place(name_lines), "names")
            .at(place(value_lines), "results")
            .help("nothing was read from it; read it in the original report"),
        );
        return false;
    }
    out.diagnostics.push(
        Diagnostic::warning(
            Code::Columns,
            format!("a table that came out column by column was joined: {counts}"),
        )
        .at(place(name_lines), "names")
        .at(place(value_lines), "results, in the same order")
        .help("check it against the original report"),
    );
    for (name, value) in name_lines.iter().zip(value_lines) {
        let setting = setting_of(outline, name.start);
        if let Some(mut fact) = ihc::cell(tokens, name.clone(), value.clone(), &setting, source) {
            fact.repairs.push(Repair {
                from: fact.as_written.clone(),
                to: format!("{} {}", fact.as_written, tokens.slice(value.clone()).text()),
            });
            out.facts.push(fact);
        }
    }
    true
}
