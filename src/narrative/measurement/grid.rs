//! Lesions in a grid: dates over columns with a lesion a row; and dated lines below a title.
//!
//! ```text
//! grid   = [title] [label] date { date } newline { row }
//! row    = ( lesion-id [site] | site | "sum" ) cell { cell } | "response" code { code } | "change" percent { percent }
//! cell   = size | number | state | sign-for-none
//! dated  = title newline { date [":"] ( size | state ) }     ; title = "sum of diameters" | "new lesions"
//! ```
//!
//! A row without the number of a lesion is one only where the title above it says what its rows are. Where a cell is
//! missing, the places of the others on the line tell their dates, or the row is not read.

use std::ops::Range;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{Kind, Lesions, Measurement, NO_SIZE, Read, State, lesion_number, ordinal};
use crate::case::measurement::StatedResponse;
use crate::narrative::date::Dates;
use crate::narrative::labs::grid::{LONGEST, Titles, cells, lines, none, rule};
use crate::narrative::labs::row::{Spot, spot};
use crate::narrative::lex::{Kind as Token, Tokens};
use crate::narrative::quantity::{self, Style, has, is, is_mark};
use crate::narrative::response;
use crate::source::Source;
use crate::vocab::{Figure, Gap};

/// Most words of a title above dated lines.
const TITLE: usize = 14;

/// What a row of lesions is about.
struct Row {
    kind: Kind,
    lesion: Option<String>,
    site: Option<String>,
    node: bool,
    number: Option<u32>,
}

/// One past the tokens that name a row, and its cells with their days.
type Cells = (usize, Vec<(Range<usize>, Date)>);

/// What the rows below a title are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Targets,
    NonTargets,
}

/// What grids are read with.
struct Grids<'a> {
    source: &'a Source,
    dates: &'a Dates,
    style: Style,
    lesions: &'a mut Lesions,
    section: Option<Section>,
    out: Read,
}

/// Reads the grids of a text. Returns what was measured and the byte ranges of the lines used.
pub(crate) fn grids(
    tokens: &Tokens<'_>,
    source: &Source,
    dates: &Dates,
    style: Style,
    lesions: &mut Lesions,
) -> (Read, Vec<Range<usize>>) {
    let mut grids = Grids {
        source,
        dates,
        style,
        lesions,
        section: None,
        out: Read::default(),
    };
    let mut used = Vec::new();
    let mut titles: Option<Titles> = None;
    let mut dated: Option<Kind> = None;
    let mut header = 0..0;
    for (range, blank) in lines(tokens) {
        let line = tokens.slice(range);
        if blank {
            titles = None;
        }
        if line.len() > LONGEST {
            titles = None;
            dated = None;
            continue;
        }
        if rule(&line) {
            used.extend(titles.is_some().then(|| line.range()));
            continue;
        }
        if let Some(found) = Titles::of_days(&line, dates, source) {
            titles = Some(found);
            dated = None;
            header = line.range();
            grids.section = section(&line).or(grids.section);
            continue;
        }
        if let Some(kind) = dated_title(&line, dates) {
            dated = Some(kind);
            titles = None;
            continue;
        }
        if let Some(kind) = dated {
            if grids.dated(&line, kind) {
                used.push(line.range());
                continue;
            }
            dated = None;
        }
        let plain = line.len() <= TITLE && !line.iter().any(|t| t.kind == Token::Number);
        if plain && let Some(found) = section(&line) {
            grids.section = Some(found);
        } else if blank && titles.is_none() {
            grids.section = None;
        }
        let Some(titles) = &titles else { continue };
        if grids.row(&line, titles) {
            if !header.is_empty() {
                used.push(std::mem::take(&mut header));
            }
            used.push(line.range());
        }
    }
    (grids.out, used)
}

/// What a line that names the lesions of a table says of its rows.
fn section(line: &Tokens<'_>) -> Option<Section> {
    let at = |wanted: fn(&Figure) -> bool| (0..line.len().min(8)).any(|i| is(line, i, wanted));
    if has(line, |f| *f == Figure::ResponseLabel) {
        None
    } else if at(|f| *f == Figure::NonTarget) {
        Some(Section::NonTargets)
    } else if at(|f| matches!(f, Figure::Target | Figure::Targets)) {
        Some(Section::Targets)
    } else {
        None
    }
}

/// A title whose lines below begin with a date: it names a sum or new lesions, and no size or date.
fn dated_title(line: &Tokens<'_>, dates: &Dates) -> Option<Kind> {
    let counts = line.iter().any(|t| t.kind == Token::Number);
    let ends = line
        .get(line.len().saturating_sub(1))
        .is_some_and(|t| matches!(t.kind, Token::Mark('.' | ',' | ';')));
    let said = has(line, |f| matches!(f, Figure::State(_)));
    if line.len() > TITLE || counts || ends || said || !dates.inside(&line.range()).is_empty() {
        return None;
    }
    if has(line, |f| *f == Figure::Sum) {
        Some(Kind::Sum)
    } else if (0..3).any(|i| is(line, i, |f| *f == Figure::New))
        && !has(line, |f| *f == Figure::ResponseLabel)
    {
        Some(Kind::New)
    } else {
        None
    }
}

impl Grids<'_> {
    /// A line below a title: `29.04.2025  71 mm  -36,6 %  PR`, `2023-06-29: yes, left lung base nodule, 11 mm`.
    fn dated(&mut self, line: &Tokens<'_>, kind: Kind) -> bool {
        let [(range, day), more @ ..] = self.dates.inside(&line.range()) else {
            return false;
        };
        let lead = line.partition_point(|t| t.start < range.start);
        let bullets = (0..lead).all(|i| is_mark(line, i, &['-', '*', '•', '·', '(', '–']));
        if !bullets || lead > 2 || !more.is_empty() {
            return false;
        }
        let start = line.partition_point(|t| t.start < range.end);
        let rest = line.slice(start..line.len());
        let anchored = has(&rest, |f| {
            matches!(
                f,
                Figure::Target | Figure::Targets | Figure::NonTarget | Figure::Sum | Figure::New
            )
        });
        let sized = (0..rest.len()).find_map(|i| {
            rest.get(i).filter(|t| t.kind == Token::Number)?;
            let (_, size) = quantity::size(rest.slice(i..rest.len()), self.style).ok()?;
            Some((i, size))
        });
        if anchored {
            return false;
        }
        let mut fact = match (kind, sized) {
            (Kind::Sum, Some((_, size))) if size.mm.len() == 1 => {
                let place = self.source.place(size.start..size.end);
                let mut fact = Measurement::new(kind, size.mm.clone(), place);
                fact.baseline =
                    has(&rest, |f| *f == Figure::Baseline) && !has(&rest, |f| *f == Figure::Change);
                fact.repairs.extend(size.repair);
                fact
            }
            (Kind::New, Some((at, size))) => {
                let words = rest.slice(0..at);
                let said = (0..at).take_while(|i| {
                    is_mark(&rest, *i, &[':', '-', ',', '–', ';'])
                        || is(&rest, *i, |f| matches!(f, Figure::State(_)))
                });
                let from = said.count();
                if from < at && super::state(&words, 0, from) == Some(State::Absent) {
                    return false;
                }
                let place = self
                    .source
                    .place(rest.slice(from..at + size.tokens).range());
                let mut fact = Measurement::new(
                    kind,
                    size.mm.iter().max().copied().into_iter().collect(),
                    place,
                );
                fact.site = site(&rest, from, at);
                fact.repairs.extend(size.repair);
                fact
            }
            (Kind::New, None) => {
                let Some(state) = super::state(&rest, 0, rest.len()) else {
                    return false;
                };
                let mut fact = Measurement::new(kind, Vec::new(), self.source.place(rest.range()));
                fact.state = Some(state);
                fact
            }
            _ => return false,
        };
        fact.date = Some(*day);
        let range = fact.source.span.map_or(0..0, crate::source::Span::range);
        self.out.facts.push((fact, range));
        if kind == Kind::Sum {
            for (mut said, range) in response::read(&rest, self.source, true) {
                said.date = Some(*day);
                self.out.responses.push((said, range));
            }
        }
        true
    }

    fn spot(&self, line: &Tokens<'_>, tokens: &Range<usize>) -> Spot {
        let whole = self.dates.line_of(line.range().start);
        let text = self.source.text().get(whole.clone()).unwrap_or_default();
        spot(line, tokens, text, whole.start)
    }

    /// The cells of a row by their dates, and one past the tokens that name the row.
    fn cells(
        &self,
        line: &Tokens<'_>,
        titles: &Titles,
        readable: &dyn Fn(&Range<usize>) -> bool,
    ) -> Option<Cells> {
        let days = || titles.days.iter().map(|(day, _)| *day);
        let count = titles.days.len();
        let mut all = cells(line);
        // `T1 right pleura  38 44 25`: numbers with one space between.
        let from = line.len().saturating_sub(count);
        let number = |i: usize| line.get(i).is_some_and(|t| t.kind == Token::Number);
        let glued = |i: usize| line.get(i).is_some_and(|t| t.gap == Gap::None);
        let run = all.len() <= count
            && from > 0
            && !number(from - 1)
            && (from..line.len()).all(|i| number(i) && !glued(i));
        if run {
            let parts = (from..line.len()).map(|i| i..i + 1);
            return Some((from, parts.zip(days()).collect()));
        }
        if all.len() > count {
            let head = all.len() - count;
            if all[head..].iter().all(readable) {
                let end = all[head - 1].end;
                return Some((end, all.drain(head..).zip(days()).collect()));
            }
        }
        // Some cells are missing, or something stands behind the last.
        let (name, rest) = all.split_first()?;
        let first = titles.days.first()?.1.left();
        let mut end = name.end;
        let mut values = Vec::new();
        for cell in rest {
            let place = self.spot(line, cell);
            if values.is_empty() && place.left() < first && !readable(cell) {
                end = cell.end;
            } else if readable(cell) {
                values.push((cell.clone(), place));
            } else {
                return None;
            }
        }
        if values.is_empty() || values.len() > count {
            return None;
        }
        let places: Vec<(Range<usize>, Spot)> = values;
        let dated = titles.assign(places, |_| false)?;
        Some((end, dated))
    }

    fn row(&mut self, line: &Tokens<'_>, titles: &Titles) -> bool {
        if let Some(taken) = self.said(line, titles) {
            return taken;
        }
        let style = self.style;
        let readable = |cell: &Range<usize>| {
            let part = line.slice(cell.clone());
            none(&part) || cell_value(&part, style).is_some()
        };
        let found = self.cells(line, titles, &readable);
        let Some((end, dated)) = found else {
            let all = cells(line);
            let named = all
                .split_first()
                .filter(|(_, rest)| !rest.is_empty())
                .is_some_and(|(name, _)| head_row(line, &(0..name.end), self.lesions).is_some());
            if named {
                self.out.unread.push((line.range(), NO_SIZE));
            }
            return false;
        };
        let numbered = head_row(line, &(0..end), self.lesions);
        let sizes = dated.iter().all(|(cell, _)| {
            line.get(cell.start)
                .is_some_and(|t| t.kind == Token::Number)
                || none(&line.slice(cell.clone()))
        });
        let Some(name) = numbered.or_else(|| self.unnamed(line, end, sizes)) else {
            return false;
        };
        for (cell, day) in dated {
            let part = line.slice(cell);
            let Some((mm, state)) = cell_value(&part, style) else {
                continue;
            };
            let place = self.source.place(part.range());
            let mut fact = Measurement::new(name.kind, mm, place);
            fact.state = state;
            fact.lesion.clone_from(&name.lesion);
            fact.site.clone_from(&name.site);
            fact.date = Some(day);
            self.out.facts.push((fact, part.range()));
        }
        if let Some(n) = name.number {
            self.lesions.targets.insert(n, name.node);
        }
        true
    }

    /// A row below a title of target or non-target lesions that names its lesion by a site, or by a bare number.
    fn unnamed(&self, line: &Tokens<'_>, end: usize, sizes: bool) -> Option<Row> {
        let section = self.section?;
        let mut from = usize::from(is_mark(line, 0, &['|', '#']));
        let number = ordinal(line, from);
        from += usize::from(number.is_some());
        while from < end && is_mark(line, from, &['.', ')', ':', '-', '|']) {
            from += 1;
        }
        let words = line.slice(from..end);
        let node = has(&words, |f| matches!(f, Figure::Node | Figure::ShortAxis));
        let body = node || has(&words, |f| matches!(f, Figure::Site(_) | Figure::Mass));
        let (kind, prefix) = match section {
            Section::Targets if node => (Kind::TargetNode, "TL"),
            Section::Targets => (Kind::Target, "TL"),
            Section::NonTargets => (Kind::NonTarget, "NTL"),
        };
        let site = site(line, from, end);
        let other = has(&words, |f| {
            matches!(
                f,
                Figure::Change | Figure::ResponseLabel | Figure::Analyte(..) | Figure::Nadir
            )
        });
        if site.is_none() || other || (kind != Kind::NonTarget && !sizes) {
            return None;
        }
        (number.is_some() || body).then(|| Row {
            kind,
            lesion: number.map(|n| format!("{prefix}{n}")),
            site,
            node,
            number: number.filter(|_| prefix == "TL"),
        })
    }

    /// A row of responses or changes. Only the overall response is one of the report; a row of responses of the
    /// targets alone, or of changes from the nadir, is known and gives nothing.
    fn said(&mut self, line: &Tokens<'_>, titles: &Titles) -> Option<bool> {
        let lead = cells(line).first().cloned()?;
        let words = line.slice(lead.clone());
        let label = has(&words, |f| *f == Figure::ResponseLabel);
        let change = has(&words, |f| *f == Figure::Change) || is_mark(line, 0, &['%']);
        if (!label && !change)
            || has(&words, |f| {
                matches!(f, Figure::Response(_) | Figure::State(_))
            })
        {
            return None;
        }
        let part = has(&words, |f| {
            matches!(
                f,
                Figure::Target | Figure::Targets | Figure::NonTarget | Figure::Nadir
            )
        });
        let coded = |cell: &Range<usize>| {
            response::code(&line.slice(cell.clone())).is_some()
                || line.slice(cell.clone()).text() == "BL"
                || is(line, cell.start, |f| {
                    matches!(f, Figure::Baseline | Figure::State(_))
                })
        };
        let percent = |cell: &Range<usize>| {
            has_percent(line, cell) || is(line, cell.start, |f| *f == Figure::Baseline)
        };
        let readable = |cell: &Range<usize>| {
            none(&line.slice(cell.clone())) || if label { coded(cell) } else { percent(cell) }
        };
        let Some((_, dated)) = self.cells(line, titles, &readable) else {
            return Some(false);
        };
        if part {
            return Some(true);
        }
        for (cell, day) in dated {
            let part = line.slice(cell.clone());
            let range = part.range();
            let place = self.source.place(range.clone());
            let category = response::code(&part).filter(|_| label);
            let decrease = response::decrease(&part).filter(|_| !label);
            if category.is_none() && decrease.is_none() {
                continue;
            }
            let said = StatedResponse {
                category,
                as_written: place.text.clone(),
                decrease_percent: decrease,
                date: Some(day),
                context: None,
                source: place,
            };
            self.out.responses.push((said, range));
        }
        Some(true)
    }
}

fn has_percent(line: &Tokens<'_>, cell: &Range<usize>) -> bool {
    cell.clone().any(|i| is_mark(line, i, &['%']))
}

/// The words of a row that say where a lesion is, up to a bracket such as `(short axis)`.
fn site(line: &Tokens<'_>, from: usize, to: usize) -> Option<String> {
    let (mut from, mut to) = (from, to);
    while from < to && is_mark(line, from, &[':', '-', '(', ',', '|', '.']) {
        from += 1;
    }
    while to > from && is_mark(line, to - 1, &[')', ':', '|', ',', '-']) {
        to -= 1;
    }
    let stop = (from..to)
        .find(|i| is_mark(line, *i, &['(', '|']))
        .unwrap_or(to);
    let mut stop = stop.max(from);
    while stop > from && is_mark(line, stop - 1, &[',', '-', ':']) {
        stop -= 1;
    }
    let words = line.slice(from..stop).text();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    (words.chars().any(char::is_alphabetic) && words.chars().count() <= 80).then_some(words)
}

fn head_row(line: &Tokens<'_>, head: &Range<usize>, lesions: &Lesions) -> Option<Row> {
    let start = head.start + usize::from(is_mark(line, head.start, &['|']));
    let end = head.end;
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
    } else if names(|f| *f == Figure::New) || (line.text_of(first) == "NL" && number.is_some()) {
        (Kind::New, "NL")
    } else if names(|f| *f == Figure::Sum) {
        (Kind::Sum, "")
    } else {
        return None;
    };
    let site = site(line, next.max(start + 1), end).filter(|_| kind != Kind::Sum);
    Some(Row {
        kind,
        lesion: number
            .filter(|_| !prefix.is_empty())
            .map(|n| format!("{prefix}{n}")),
        site,
        node,
        number: number.filter(|_| prefix == "TL"),
    })
}

/// Millimetres or a state in a cell; none for a sign that nothing was taken.
pub(crate) fn cell_value(cell: &Tokens<'_>, style: Style) -> Option<(Vec<Decimal>, Option<State>)> {
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
