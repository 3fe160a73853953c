//! The outline of a report: sentences, each with the section, specimen, laboratory and part of the
//! report it belongs to.
//!
//! A sentence ends at a full stop, an empty line, or a line end before something new: a label, a
//! bullet, a table row. A line that only wraps goes on, in the middle of an item if need be
//! (`caldesmon` / `(=)`).

use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use crate::narrative::lex::{Kind, Token, Tokens};
use crate::vocab::{Assay, Cue, Form, Gap, Label, Origin, Polarity, Section, Word};

mod label;
mod title;
mod whose;

pub(crate) use label::is_result_label;
use label::{about, enter};
pub(crate) use whose::names_operation;
use whose::{opens_earlier, operated, other_tumour, prior};

/// A sentence or table row.
#[derive(Debug, Clone)]
pub(crate) struct Sentence {
    /// Its tokens, as indices into the whole text.
    pub(crate) tokens: Range<usize>,
    /// Where it belongs.
    pub(crate) setting: Setting,
}

/// Where a sentence belongs.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each says one thing of the line above"
)]
pub(crate) struct Setting {
    /// The section a label or heading opened.
    pub(crate) section: Option<Section>,
    /// What the title of the report says it is, where it is a report of one method.
    title: Option<Section>,
    /// The label that opened the section stands before its result on one line (`ALK FISH: negative`).
    one_line: bool,
    /// The method the section was made with, where its heading says so.
    pub(crate) assay: Option<Assay>,
    /// What was sequenced, as the labels of the molecular part say (`Assay: RNA panel`).
    pub(crate) method: Option<Assay>,
    /// The molecular part reports fusions, and not small variants only.
    pub(crate) fusions: bool,
    /// Outside or earlier findings.
    pub(crate) origin: Option<Origin>,
    /// 0 the report, 1 its first addendum.
    pub(crate) version: u32,
    /// Block or specimen.
    pub(crate) specimen: Option<String>,
    /// Case of a list of several.
    pub(crate) sample: Option<String>,
    /// Date of the part.
    pub(crate) date: Option<Date>,
    /// Number of the block of lines between empty lines.
    pub(crate) block: u32,
    /// The result that a heading gives to the items below it: `Negative:` and then a list.
    pub(crate) heading: Option<Polarity>,
    /// The label of the line says that nothing on it is a result.
    pub(crate) about: Option<Label>,
    /// That label stands alone and holds for the lines below it.
    about_below: bool,
    /// The origin was set by a heading and holds for the block after it.
    origin_of_next_block: bool,
    /// The origin was set by the label of a diagnosis and holds for it alone.
    origin_of_line: bool,
}

impl Setting {
    /// What follows stands under no section, until a label opens one.
    fn leave_section(&mut self) {
        self.section = None;
        self.assay = None;
        self.method = None;
        self.fusions = false;
        self.one_line = false;
    }
}

/// A label that tells one patient from another, with its value.
#[derive(Debug, Clone)]
pub(crate) struct Identifier {
    pub(crate) kind: String,
    /// Folded, so that spelling differences do not make two patients.
    pub(crate) value: String,
    pub(crate) range: Range<usize>,
}

/// The outline.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    pub(crate) sentences: Vec<Sentence>,
    pub(crate) identifiers: Vec<Identifier>,
    /// Date of the report, where a label gives it.
    pub(crate) report_date: Option<(Date, Range<usize>)>,
}

static REPORT_DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?im)\b(?:report date|date of report|reported(?: on)?)\s*:?\s*((?:19|20)\d\d-[01]\d-[0-3]\d)")
        .expect("a constant pattern")
});

/// Most tokens of a label before its colon.
const LABEL: usize = 12;
/// A sentence of more tokens than this is cut at the next comma or semicolon, so that the time to read a report
/// grows with its length and no faster, whatever is written on one line.
const LONGEST: usize = 400;
/// Lines shorter than this end where they end; longer ones may have been wrapped.
const WRAPPED: usize = 50;

/// Builds the outline of a text.
pub(crate) fn outline(text: &str, tokens: Tokens<'_>) -> Outline {
    let mut out = Outline {
        report_date: REPORT_DATE.captures(text).and_then(|c| {
            let date = c.get(1)?;
            Some((date.as_str().parse().ok()?, date.range()))
        }),
        ..Outline::default()
    };
    let mut setting = Setting::default();
    let mut start = 0;
    while start < tokens.len() {
        let end = sentence_end(text, &tokens, start, setting.heading.is_some());
        let sentence = tokens.slice(start..end);
        let before = setting.origin;
        enter(text, &sentence, &mut setting, &mut out.identifiers);
        about(text, &sentence, &mut setting);
        let mut own = setting.clone();
        // An operation done elsewhere says nothing of the reports told of behind it.
        if setting.origin == Some(Origin::Outside) && operated(&sentence) {
            setting.origin = before;
        }
        // `History of ...` speaks of its own sentence only.
        if prior(&sentence) || other_tumour(&sentence) {
            own.origin = Some(Origin::Prior);
        }
        out.sentences.push(Sentence {
            tokens: start..end,
            setting: own,
        });
        start = end;
    }
    out
}

/// One past the last token of the sentence that starts at `start`.
fn sentence_end(text: &str, tokens: &Tokens<'_>, start: usize, headed: bool) -> usize {
    let mut depth = 0_u32;
    for at in start..tokens.len() {
        let Some(token) = tokens.get(at) else { break };
        match token.kind {
            Kind::Mark('(' | '[' | '{') => depth = (depth + 1).min(8),
            Kind::Mark(')' | ']' | '}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        let Some(next) = tokens.get(at + 1) else {
            return at + 1;
        };
        let long = at - start >= LONGEST
            && (matches!(token.kind, Kind::Mark(',' | ';')) || at - start >= 2 * LONGEST);
        if long || next.gap == Gap::Blank {
            return at + 1;
        }
        let outside = depth == 0 || next.gap >= Gap::Line;
        if outside && matches!(token.kind, Kind::Mark(',')) && takes_back(tokens, at + 1) {
            return at + 1;
        }
        // `上次A（-），本次A（+）`
        let behind = tokens.slice(at + 1..tokens.len().min(at + 3)).text();
        let this_time = ["本次", "此次", "这次"]
            .iter()
            .any(|word| behind.starts_with(word));
        if outside && this_time && opens_earlier(&tokens.slice(start..at)) {
            return at + 1;
        }
        if outside && matches!(token.kind, Kind::Mark(';')) && other_laboratory(tokens, at + 1) {
            return at + 1;
        }
        if outside && matches!(token.kind, Kind::Mark(';')) && label::names_block(text, next.start)
        {
            return at + 1;
        }
        if outside && matches!(token.kind, Kind::Mark('.')) && stops(tokens, at) {
            return at + 1;
        }
        // The next heading of a list: `Negative` / `- A` / `Positive` / `- B`.
        if headed && next.gap == Gap::Line && lone_result(tokens, at + 1) {
            return at + 1;
        }
        if next.gap == Gap::Line && new_item(text, tokens, start, at) {
            return at + 1;
        }
    }
    tokens.len()
}

/// Whether a line that starts here is a result and nothing else but marks and fillers.
fn lone_result(tokens: &Tokens<'_>, at: usize) -> bool {
    let mut said = false;
    for (offset, token) in (at..tokens.len().min(at + LABEL))
        .filter_map(|i| tokens.get(i))
        .enumerate()
    {
        if offset > 0 && token.gap >= Gap::Line {
            break;
        }
        let result = tokens
            .words(token)
            .any(|w| matches!(w, Word::Result(_, Form::Adjective)));
        let passes = matches!(token.kind, Kind::Mark(':' | '-' | '*' | '#'))
            || tokens.words(token).any(|w| *w == Word::Filler);
        if !(result || passes) {
            return false;
        }
        said |= result;
    }
    said
}

/// Whether a part begins with a word for the earlier result.
pub(crate) fn names_the_earlier(part: &Tokens<'_>) -> bool {
    const EARLIER: [&str; 3] = ["原", "先前", "此前"];
    let opening = part.slice(0..part.len().min(2)).text();
    let inside = (0..part.len().min(LABEL)).any(|i| {
        (part.get(i)).is_some_and(|t| part.text_of(t) == "原")
            && (part.get(i + 1)).is_some_and(|t| part.marker(t).is_some())
    });
    inside || EARLIER.iter().any(|word| opening.starts_with(word))
}

/// Whether the part that starts here takes back an earlier result: `A（+），原A（-）结果作废`.
fn takes_back(tokens: &Tokens<'_>, start: usize) -> bool {
    let part = (start..tokens.len()).take(LABEL).map_while(|i| {
        let token = tokens.get(i)?;
        (!matches!(token.kind, Kind::Mark(',' | ';' | '.'))).then_some(token)
    });
    names_the_earlier(&tokens.slice(start..tokens.len()))
        && part
            .into_iter()
            .any(|t| tokens.is(t, &Word::Cue(Cue::Retraction)))
}

/// Whether the part that starts here names a laboratory or time of its own and something it found:
/// `outside: A negative; our laboratory: A positive`.
fn other_laboratory(tokens: &Tokens<'_>, start: usize) -> bool {
    let part = (start..tokens.len())
        .take_while(|i| {
            *i == start
                || tokens
                    .get(*i)
                    .is_some_and(|t| t.gap < Gap::Line && !matches!(t.kind, Kind::Mark(';' | '.')))
        })
        .take(LABEL);
    let (mut origin, mut named) = (false, false);
    for (offset, token) in part.filter_map(|i| tokens.get(i)).enumerate() {
        origin |= offset < 4 && tokens.words(token).any(|w| matches!(w, Word::Origin(_)));
        named |= tokens.marker(token).is_some() || tokens.gene(token).is_some();
    }
    origin && named
}

/// Whether the point at `at` ends a sentence: not an abbreviation, not one of several dots.
fn stops(tokens: &Tokens<'_>, at: usize) -> bool {
    let (Some(next), Some(point)) = (tokens.get(at + 1), tokens.get(at)) else {
        return true;
    };
    if tokens.text_of(point) == "。" {
        return true;
    }
    let before = at.checked_sub(1).and_then(|i| tokens.get(i));
    // `3. RNA sequencing`: the number of an item.
    let numbered = before.is_some_and(|t| {
        t.kind == Kind::Number
            && (at == 1 || t.gap >= Gap::Line)
            && tokens.text_of(t).len() <= 2
            && next.gap < Gap::Line
    });
    if numbered {
        return false;
    }
    let dot = |t: &Token<'_>| matches!(t.kind, Kind::Mark('.'));
    if next.gap == Gap::None || dot(next) || before.is_some_and(dot) {
        return false;
    }
    // `Pos. for A; neg. for B`
    let short_result = before.is_some_and(|t| {
        matches!(
            tokens.text_of(t).to_ascii_lowercase().as_str(),
            "pos" | "neg" | "posit" | "negat"
        )
    }) && next.gap < Gap::Line
        && tokens.text_of(next).starts_with(char::is_lowercase);
    if short_result {
        return false;
    }
    let abbreviation = before.is_some_and(|t| {
        let word = tokens.text_of(t);
        let single = word.len() == 1 && word.chars().all(char::is_alphabetic) && t.gap != Gap::None;
        point.gap == Gap::None
            && (single
                || matches!(
                    word,
                    "vs" | "No"
                        | "no"
                        | "Cat"
                        | "Fig"
                        | "Dr"
                        | "approx"
                        | "ca"
                        | "cf"
                        | "al"
                        | "e.g"
                        | "i.e"
                ))
    });
    !abbreviation
}

/// Whether the line after token `at` starts something new.
fn new_item(text: &str, tokens: &Tokens<'_>, start: usize, at: usize) -> bool {
    let (Some(last), Some(next)) = (tokens.get(at), tokens.get(at + 1)) else {
        return true;
    };
    let line = line_of(text, last.start);
    let next_line = line_of(text, next.start);
    let (line_text, next_text) = (&text[line.clone()], &text[next_line.clone()]);
    // A label such as `FISH:` or `Positive -`.
    if is_label(tokens, at + 1) {
        return true;
    }
    // `+: A, B` / `-: C`
    if matches!(next.kind, Kind::Mark('+' | '-'))
        && tokens
            .get(at + 2)
            .is_some_and(|t| t.kind == Kind::Mark(':'))
    {
        return true;
    }
    // Inside an item: after a comma, a conjunction, an opening bracket; before a value.
    if goes_on(tokens, last) || begins_with_value(tokens, next) {
        return false;
    }
    // `Aucun transcrit de fusion ...` on a line of its own says something new.
    let denies = next_text.trim_start().starts_with(char::is_uppercase)
        && tokens
            .words(next)
            .any(|w| matches!(w, Word::Negation | Word::Neither));
    if denies {
        return true;
    }
    // Running text goes on in lower case.
    let lower = next_text.trim_start().starts_with(char::is_lowercase);
    if lower && tokens.marker(next).is_none() && !wide(line_text) && !wide(next_text) {
        return false;
    }
    // Two lines that each begin with a marker are two rows, whatever their length.
    let begins_row = |t: &Token<'_>| t.gap >= Gap::Line && tokens.marker(t).is_some();
    let first_of_line = (start..=at)
        .rev()
        .find(|i| tokens.get(*i).is_some_and(|t| t.gap >= Gap::Line));
    if begins_row(next)
        && first_of_line
            .and_then(|i| tokens.get(i))
            .is_some_and(begins_row)
    {
        return true;
    }
    // A deeper indent continues a heading (`ALK FISH` / `    NEGATIVE`).
    let indent = |s: &str| s.len() - s.trim_start().len();
    if indent(next_text) >= indent(line_text) + 3 && !wide(line_text) {
        return tokens.marker(next).is_some();
    }
    // Rows of a table, bullets, short lines.
    let bullet = matches!(next.kind, Kind::Mark('-' | '*' | '•' | '·'));
    bullet
        || wide(line_text)
        || wide(next_text)
        || line_text.trim_end().chars().count() < WRAPPED
        || {
            let first_of_sentence = tokens.get(start).map(|t| line_of(text, t.start));
            first_of_sentence == Some(line)
                && tokens.marker(next).is_some()
                && ends_with_value(tokens, last)
        }
}

fn line_of(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind(['\n', '\r']).map_or(0, |i| i + 1);
    let end = text[at..].find(['\n', '\r']).map_or(text.len(), |i| at + i);
    start..end
}

/// A column gap inside the line.
fn wide(line: &str) -> bool {
    let line = line.trim();
    line.contains("  ") || line.contains('\t') || line.contains("....")
}

fn goes_on<'a>(tokens: &Tokens<'a>, last: &Token<'a>) -> bool {
    if matches!(
        last.kind,
        Kind::Mark(',' | '(' | '[' | '/' | '-' | '&' | '<' | '>' | '~')
    ) {
        return true;
    }
    // `the same alterations occur in`
    let phrase = tokens.text_of(last);
    if [" in", " of", " with", " for", " by"]
        .iter()
        .any(|end| phrase.ends_with(end))
    {
        return true;
    }
    tokens.words(last).any(|word| {
        matches!(
            word,
            Word::And
                | Word::Or
                | Word::Preposition
                | Word::Copula
                | Word::Negation
                | Word::Neither
                | Word::Contrast
                | Word::Exception
                | Word::About
                | Word::Below
                | Word::Above
                | Word::AtMost
                | Word::AtLeast
                | Word::Result(_, Form::Verb)
        )
    }) || matches!(
        tokens.text_of(last).to_ascii_lowercase().as_str(),
        "the" | "a" | "an" | "to" | "in" | "by"
    )
}

fn begins_with_value<'a>(tokens: &Tokens<'a>, next: &Token<'a>) -> bool {
    if matches!(
        next.kind,
        Kind::Mark('(' | '[' | '{' | '+' | ',' | '=' | ';')
    ) {
        return true;
    }
    // `NEGATIVE (2 of 100 nuclei)` below its heading; a heading of its own was seen before.
    next.gap == Gap::Line
        && tokens.words(next).any(|word| {
            matches!(
                word,
                Word::Result(..) | Word::Copula | Word::And | Word::Or | Word::Preposition
            )
        })
}

fn ends_with_value<'a>(tokens: &Tokens<'a>, last: &Token<'a>) -> bool {
    matches!(last.kind, Kind::Mark(')' | ']' | '+' | '%' | '-'))
        || tokens.words(last).any(|w| matches!(w, Word::Result(..)))
}

/// Whether a line starts here with a few words and a colon, or a result and a dash.
fn is_label(tokens: &Tokens<'_>, at: usize) -> bool {
    let Some(first) = tokens.get(at) else {
        return false;
    };
    if matches!(first.kind, Kind::Mark(_)) {
        return false;
    }
    let result = |t: &Token<'_>| tokens.words(t).any(|w| matches!(w, Word::Result(..)));
    for offset in 0..LABEL {
        let Some(token) = tokens.get(at + offset) else {
            return false;
        };
        if offset > 0 && token.gap >= Gap::Line {
            return false;
        }
        let heading = tokens
            .words(first)
            .any(|w| matches!(w, Word::Result(..) | Word::Section(_) | Word::Addendum));
        match token.kind {
            Kind::Mark(':') => return offset > 0,
            Kind::Mark('-') if heading => return offset > 0,
            // `Positive<TAB>A, B`
            _ if offset == 1 && heading && token.gap == Gap::Wide && result(first) => return true,
            Kind::Mark(',' | '.' | ';') => return false,
            _ => {}
        }
    }
    false
}

/// `Method: ...`: a sentence whose label says how the test was made.
pub(crate) fn names_method(tokens: &Tokens<'_>) -> bool {
    let label = (1..5).find(|i| tokens.get(*i).is_some_and(|t| t.kind == Kind::Mark(':')));
    label.is_some_and(|end| {
        tokens
            .slice(0..end)
            .iter()
            .any(|t| tokens.is(t, &Word::Label(Label::Method)))
    })
}

/// The first method that says what was sequenced: RNA, DNA or chromosomes.
pub(crate) fn molecular_assay(tokens: &Tokens<'_>) -> Option<Assay> {
    tokens.iter().find_map(|token| {
        tokens.words(token).find_map(|word| match word {
            Word::Assay(assay @ (Assay::Rna | Assay::Dna | Assay::Karyotype)) => Some(*assay),
            _ => None,
        })
    })
}

/// The method named in some tokens, the most exact first.
pub(crate) fn assay(tokens: &Tokens<'_>) -> Option<Assay> {
    let mut found = None;
    for (at, token) in tokens.iter().enumerate() {
        // `equivocal -> FISH`: what is to follow.
        let arrow = |i: usize, wanted: &[char]| {
            (tokens.get(i)).is_some_and(|t| matches!(t.kind, Kind::Mark(c) if wanted.contains(&c)))
        };
        if at > 1
            && (arrow(at - 1, &['→', '⇒']) || (arrow(at - 1, &['>']) && arrow(at - 2, &['-', '='])))
        {
            continue;
        }
        for word in tokens.words(token) {
            let this = match word {
                Word::Assay(assay) => *assay,
                Word::Section(Section::Ihc) => Assay::Ihc,
                Word::Section(Section::Fish) => Assay::Fish,
                Word::Section(Section::Molecular) => Assay::Sequencing,
                _ => continue,
            };
            let exact = matches!(this, Assay::Rna | Assay::Dna | Assay::Karyotype);
            if found.is_none() || (exact && found == Some(Assay::Sequencing)) {
                found = Some(this);
            }
        }
    }
    found
}
