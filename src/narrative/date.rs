//! Dates of examinations: beside a value, on its line, or on a heading above it.
//!
//! ```text
//! date = year "-" month "-" day | day "." month "." year [of two digits] | month-name day "," year | day month-name year
//!      | year 年 month 月 day 日 | (day "/" month | month "/" day) "/" year
//! ```
//!
//! With slashes the order differs between countries. It is known where one of the numbers is above 12, where another
//! date of the text tells, or where numbers have a decimal comma; otherwise the date is not read, for a wrong one would put a value into the
//! wrong part of the course.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use crate::narrative::lex::{Kind, Tokens};
use crate::narrative::quantity::{self, has};
use crate::source::Source;
use crate::vocab::{Figure, Gap, Vocab};

static DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        \b(?<y1>(?:19|20)\d\d)[-/.](?<m1>\d{1,2})[-/.](?<d1>\d{1,2})(?:\D|$)
        | \b(?<a>\d{1,2})(?<sep>[./-])(?<b>\d{1,2})[./-](?<y2>(?:19|20)\d\d)\b
        | (?<y3>(?:19|20)\d\d)\s*年\s*(?<m3>\d{1,2})\s*月\s*(?<d3>\d{1,2})\s*日
        | \b(?<d4>\d{1,2})(?:st|nd|rd|th)?[.\s-]+(?:de\s+)?(?<m4>\p{L}{3,12})[.,]?[\s-]+(?:de\s+)?(?<y4>(?:19|20)\d\d)\b
        | \b(?:(?<a6>\d\d)\.(?<b6>\d\d)\.(?<y6>\d\d)|(?<a7>\d\d)/(?<b7>\d\d)/(?<y7>\d\d))(?:[^\d./]|\.\D|\.?$)
        | \b(?<m5>\p{L}{3,12})\.?\s+(?<d5>\d{1,2})(?:st|nd|rd|th)?,?\s+(?<y5>(?:19|20)\d\d)\b",
    )
    .expect("a constant pattern")
});

/// Most lines looked up for a heading with a date.
const UP: usize = 60;
/// Most words of a heading.
const HEADING: usize = 12;
/// Most tokens looked back on a line.
const LINE: usize = 40;
/// Most bytes between a value and a date behind it on its line.
const BEHIND: usize = 120;

/// The dates of a text.
#[derive(Debug, Default)]
pub(crate) struct Dates {
    /// In order, birth dates left out.
    found: Vec<(Range<usize>, Date)>,
    /// Where the dates of `found` begin that are the first or last day of a treatment or another span of time, or of an
    /// examination that is only compared with.
    of_treatment: BTreeSet<usize>,
    /// The lines, line ends left out.
    lines: Vec<Range<usize>>,
}

/// What the text around a date may hold so that the date belongs to what stands before it.
fn joins(between: &str) -> bool {
    let word = between
        .trim()
        .trim_matches(['(', '（', ',', '，', '['])
        .trim();
    between.len() <= 16
        && matches!(
            word.to_lowercase().as_str(),
            "" | "on"
                | "at"
                | "of"
                | "dated"
                | "am"
                | "vom"
                | "le"
                | "du"
                | "el"
                | "op"
                | "in"
                | "ct"
                | "date"
        )
}

impl Dates {
    /// Finds the dates.
    pub(crate) fn new(source: &Source, tokens: &Tokens<'_>, values: &Vocab) -> Self {
        let text = source.text();
        // Where numbers have a decimal comma, the day comes first.
        let continental = || quantity::style(tokens).continental.then_some(false);
        let month_first = month_first(text).or_else(continental);
        let mut found: Vec<(Range<usize>, Date)> = Vec::new();
        let mut of_treatment = BTreeSet::new();
        let mut at = 0;
        while let Some(c) = DATE.captures_at(text, at) {
            let Some(whole) = c.get(0) else { break };
            let mut end = whole.end();
            // The character behind an ISO date is looked at and not taken.
            for last in ["d1", "y6", "y7"] {
                end = c.name(last).map_or(end, |m| m.end());
            }
            at = end.max(at + 1);
            while !text.is_char_boundary(at) {
                at += 1;
            }
            let range = whole.start()..end;
            if let Some(date) = date(&c, month_first, values)
                && !of_birth(tokens, &range)
            {
                if of_course(tokens, &range) || of_earlier(tokens, &range) {
                    of_treatment.insert(range.start);
                }
                if let Some((before, _)) = found.last()
                    && spans(text.get(before.end..range.start).unwrap_or_default())
                {
                    of_treatment.extend([before.start, range.start]);
                }
                found.push((range, date));
            }
        }
        Self {
            found,
            of_treatment,
            lines: source.lines().map(|(_, line)| line).collect(),
        }
    }

    /// The dates inside a range.
    pub(crate) fn inside(&self, range: &Range<usize>) -> &[(Range<usize>, Date)] {
        let first = self.found.partition_point(|(r, _)| r.start < range.start);
        let last = self.found.partition_point(|(r, _)| r.end <= range.end);
        self.found.get(first..last.max(first)).unwrap_or_default()
    }

    /// Whether a byte lies in a date.
    pub(crate) fn holds(&self, at: usize) -> bool {
        let next = self.found.partition_point(|(r, _)| r.end <= at);
        self.found.get(next).is_some_and(|(r, _)| r.contains(&at))
    }

    /// The date right behind a value (`42 mm (2021-04-20)`).
    pub(crate) fn behind(&self, text: &str, end: usize) -> Option<Date> {
        let next = self.found.partition_point(|(r, _)| r.start < end);
        let (range, date) = self.found.get(next)?;
        let between = text.get(end..range.start)?;
        let after = text.get(range.end..)?.trim_start_matches([')', '）', ' ']);
        // `61 mm on` at the end of a line goes on below it, a bare number does not.
        let wraps = between.contains(['\n', '\r']);
        let leads = between.trim_end().ends_with(char::is_alphabetic)
            && !between.trim_end().contains(['\n', '\r']);
        (joins(between) && (!wraps || leads) && !after.starts_with([':', '：'])).then_some(*date)
    }

    /// The date a value at `start..end` belongs to.
    pub(crate) fn of(&self, text: &str, tokens: &Tokens<'_>, range: &Range<usize>) -> Option<Date> {
        if let Some(date) = self.behind(text, range.end) {
            return Some(date);
        }
        let number = self.line_number(range.start);
        let line = self.lines.get(number).cloned().unwrap_or_default();
        let before = self.inside(&(line.start..range.start));
        if let Some(date) = self.last(before) {
            return Some(date);
        }
        if let [(only, date)] = self.inside(&(range.end.min(line.end)..line.end))
            && !self.of_treatment.contains(&only.start)
        {
            let between = text.get(range.end..only.start).unwrap_or_default();
            let label = text[only.end..line.end]
                .trim_start()
                .starts_with([':', '：']);
            if !label
                && between.len() <= BEHIND
                && !between.contains([';', '；', '。'])
                && !between.contains(". ")
            {
                return Some(*date);
            }
        }
        self.above(text, tokens, number)
    }

    /// The last date of some that is of no treatment.
    fn last(&self, dates: &[(Range<usize>, Date)]) -> Option<Date> {
        let mut own = dates
            .iter()
            .rev()
            .filter(|(range, _)| !self.of_treatment.contains(&range.start));
        own.next().map(|(_, date)| *date)
    }

    fn line_number(&self, at: usize) -> usize {
        self.lines
            .partition_point(|line| line.start <= at)
            .saturating_sub(1)
    }

    /// The line that holds a byte.
    pub(crate) fn line_of(&self, at: usize) -> Range<usize> {
        self.lines
            .get(self.line_number(at))
            .cloned()
            .unwrap_or_default()
    }

    /// The date of the nearest heading above a line, in its block or alone before it.
    fn above(&self, text: &str, tokens: &Tokens<'_>, number: usize) -> Option<Date> {
        let blank = |line: &Range<usize>| text[line.clone()].trim().is_empty();
        let mut blanks = 0;
        for at in (number.saturating_sub(UP)..number).rev() {
            let line = self.lines.get(at)?;
            if blank(line) {
                blanks += 1;
                continue;
            }
            let dates = self.inside(line);
            let heading = is_heading(text, tokens, line, dates);
            // Across an empty line only a heading that stands alone above it counts.
            if blanks > 0 {
                let above = at.checked_sub(1).and_then(|i| self.lines.get(i));
                let alone = above.is_none_or(blank);
                return self.last(dates).filter(|_| heading && alone && blanks == 1);
            }
            if heading && let Some(date) = self.last(dates) {
                return Some(date);
            }
        }
        None
    }
}

/// A line whose date speaks for the lines below it: it begins with the date, is short, or names an examination.
fn is_heading(
    text: &str,
    tokens: &Tokens<'_>,
    line: &Range<usize>,
    dates: &[(Range<usize>, Date)],
) -> bool {
    let [.., (date, _)] = dates else { return false };
    let words = within(tokens, line);
    let first = text[line.start..date.start].trim().is_empty();
    let count = words.iter().filter(|t| t.kind != Kind::Number).count();
    first
        || count <= HEADING
        || has(&words, |f| {
            matches!(f, Figure::CountHeading | Figure::Imaging | Figure::Baseline)
        })
}

/// The tokens inside a byte range.
pub(crate) fn within<'a>(tokens: &Tokens<'a>, range: &Range<usize>) -> Tokens<'a> {
    let first = tokens.partition_point(|t| t.start < range.start);
    let last = tokens.partition_point(|t| t.end <= range.end);
    tokens.slice(first..last.max(first))
}

/// `DOB 1965-03-02`: words before it on its line say that it is of no examination.
fn of_birth(tokens: &Tokens<'_>, range: &Range<usize>) -> bool {
    let end = tokens.partition_point(|t| t.start < range.start);
    (end.saturating_sub(5)..end).rev().any(|i| {
        let Some(t) = tokens.get(i) else { return false };
        let line_end = (i + 1..=end).any(|k| tokens.get(k).is_some_and(|t| t.gap >= Gap::Line));
        !line_end && tokens.figures(t).any(|f| *f == Figure::NotDate)
    })
}

/// `crizotinib from 2021-04-25`: words before it say that a treatment began or ended, and nothing on its line that
/// something was examined.
fn of_course(tokens: &Tokens<'_>, range: &Range<usize>) -> bool {
    let end = tokens.partition_point(|t| t.start < range.start);
    let mut led = false;
    for (count, i) in (end.saturating_sub(LINE)..end).rev().enumerate() {
        let Some(t) = tokens.get(i) else { break };
        // `fell to 61 mm on 9 March 2022`
        let measured = count < 4 && tokens.figures(t).any(|f| matches!(f, Figure::Length(_)));
        if measured {
            return false;
        }
        for f in tokens.figures(t) {
            led |= count < 4 && matches!(f, Figure::DrugStart | Figure::DrugStop);
            if matches!(f, Figure::Imaging | Figure::CountHeading | Figure::Baseline) {
                return false;
            }
        }
        if t.gap >= Gap::Line {
            break;
        }
    }
    led
}

/// `Previous result 05.12.2023`, `Comparison: 2023-03-27`
fn of_earlier(tokens: &Tokens<'_>, range: &Range<usize>) -> bool {
    let end = tokens.partition_point(|t| t.start < range.start);
    (end.saturating_sub(5)..end).rev().any(|i| {
        let same = (i + 1..=end).all(|k| tokens.get(k).is_none_or(|t| t.gap < Gap::Line));
        same && tokens
            .get(i)
            .is_some_and(|t| tokens.figures(t).any(|f| *f == Figure::Reference))
    })
}

/// What stands between the first and the last day of a span of time.
fn spans(between: &str) -> bool {
    matches!(
        between.trim(),
        "-" | "–"
            | "—"
            | "~"
            | "to"
            | "bis"
            | "bis zum"
            | "au"
            | "al"
            | "tot"
            | "until"
            | "through"
            | "至"
    )
}

/// Whether dates with slashes put the month first, where one of them tells.
fn month_first(text: &str) -> Option<bool> {
    let (mut month, mut day) = (false, false);
    for c in DATE.captures_iter(text) {
        if let (Some(a), Some(b), Some("/")) = (
            c.name("a").and_then(|m| m.as_str().parse::<u8>().ok()),
            c.name("b").and_then(|m| m.as_str().parse::<u8>().ok()),
            c.name("sep").map(|m| m.as_str()),
        ) {
            month |= b > 12;
            day |= a > 12;
        }
    }
    (month != day).then_some(month)
}

fn date(c: &regex::Captures<'_>, month_first: Option<bool>, values: &Vocab) -> Option<Date> {
    let number = |name: &str| c.name(name).and_then(|m| m.as_str().parse::<i8>().ok());
    let year = |name: &str| c.name(name).and_then(|m| m.as_str().parse::<i16>().ok());
    let month = |name: &str| {
        let name = c.name(name)?.as_str();
        values.figures(name).find_map(|f| match f {
            Figure::Month(month) => Some(*month),
            _ => None,
        })
    };
    if let Some(y) = year("y1") {
        return Date::new(y, number("m1")?, number("d1")?).ok();
    }
    if let Some(y) = year("y3") {
        return Date::new(y, number("m3")?, number("d3")?).ok();
    }
    if let Some(y) = year("y4") {
        return Date::new(y, month("m4")?, number("d4")?).ok();
    }
    if let Some(y) = year("y5") {
        return Date::new(y, month("m5")?, number("d5")?).ok();
    }
    // Two digits of a year are of this century.
    let short = |y: &str, a: &str, b: &str| Some((year(y)? + 2000, number(a)?, number(b)?));
    let full = || Some((year("y2")?, number("a")?, number("b")?));
    let (y, a, b) = full()
        .or_else(|| short("y6", "a6", "b6"))
        .or_else(|| short("y7", "a7", "b7"))?;
    let dots = c.name("sep").is_some_and(|s| s.as_str() == ".") || c.name("y6").is_some();
    let month_first = match (dots, a > 12, b > 12) {
        (true, ..) | (_, true, _) => false,
        (_, _, true) => true,
        _ if a == b => false,
        _ => month_first?,
    };
    let (day, month) = if month_first { (b, a) } else { (a, b) };
    Date::new(y, month, day).ok()
}
