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
use crate::vocab::{Assay, Gap, Origin, Section, Word};

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
pub(crate) struct Setting {
    /// The section a label or heading opened.
    pub(crate) section: Option<Section>,
    /// The label that opened the section stands before its result on one line (`ALK FISH: negative`).
    one_line: bool,
    /// The method the section was made with, where its heading says so.
    pub(crate) assay: Option<Assay>,
    /// What was sequenced, as the labels of the molecular part say (`Assay: RNA panel`).
    pub(crate) method: Option<Assay>,
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
    /// The origin was set by a heading and holds for the block after it.
    origin_of_next_block: bool,
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

static ISO_DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b((?:19|20)\d\d-[01]\d-[0-3]\d)\b").expect("a constant pattern")
});
static REPORT_DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?im)\b(?:report date|date of report|reported(?: on)?)\s*:?\s*((?:19|20)\d\d-[01]\d-[0-3]\d)")
        .expect("a constant pattern")
});
static BLOCK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:[Bb]lock|BLOCK|[Ss]pecimen|SPECIMEN|[Pp]art|PART)s?\s*[:#]?\s*([A-Z]{0,2}\s?\d{1,3}[A-Z]?|[A-Z])\b(\s*(?:,|and|&|/)\s*[A-Z]{0,2}\d)?")
        .expect("a constant pattern")
});
static CHINESE_BLOCK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(\d{1,3})\s*号\s*(?:蜡块|切片)").expect("a constant pattern"));
static LINE_SPECIMEN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^([A-Z]\d{0,2})\s*[:.]\s").expect("a constant pattern"));

/// Most tokens of a heading.
const HEADING: usize = 6;
/// Most tokens of a label before its colon.
const LABEL: usize = 12;
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
        let end = sentence_end(text, &tokens, start);
        let sentence = tokens.slice(start..end);
        enter(text, &sentence, &mut setting, &mut out.identifiers);
        let mut own = setting.clone();
        // `History of ...` speaks of its own sentence only.
        let mut words = sentence.iter().flat_map(|t| sentence.words(t));
        if words.any(|w| *w == Word::Origin(Origin::Prior)) {
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
fn sentence_end(text: &str, tokens: &Tokens<'_>, start: usize) -> usize {
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
        if next.gap == Gap::Blank {
            return at + 1;
        }
        let outside = depth == 0 || next.gap >= Gap::Line;
        if outside && matches!(token.kind, Kind::Mark(';')) && other_laboratory(tokens, at + 1) {
            return at + 1;
        }
        if outside && matches!(token.kind, Kind::Mark('.')) && stops(tokens, at) {
            return at + 1;
        }
        if next.gap == Gap::Line && new_item(text, tokens, start, at) {
            return at + 1;
        }
    }
    tokens.len()
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
    let dot = |t: &Token<'_>| matches!(t.kind, Kind::Mark('.'));
    if next.gap == Gap::None || dot(next) || before.is_some_and(dot) {
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
    // Inside an item: after a comma, a conjunction, an opening bracket; before a value.
    if goes_on(tokens, last) || begins_with_value(tokens, next) {
        return false;
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
            Kind::Mark(',' | '.' | ';') => return false,
            _ => {}
        }
    }
    false
}

/// Applies what the beginning of a sentence says about where it belongs.
fn enter(
    text: &str,
    sentence: &Tokens<'_>,
    setting: &mut Setting,
    identifiers: &mut Vec<Identifier>,
) {
    let Some(first) = sentence.first() else {
        return;
    };
    let range = sentence.range();
    let written = &text[range.clone()];
    if first.gap == Gap::Blank {
        setting.block += 1;
        setting.date = None;
        // A heading of its own (`OUTSIDE REPORT`) holds for the block that follows it.
        if !std::mem::take(&mut setting.origin_of_next_block) {
            setting.origin = None;
        }
        if setting.section == Some(Section::History) {
            setting.section = None;
        }
    }
    let line_start = first.gap >= Gap::Line;
    if line_start {
        leave_line(sentence, setting);
        label(sentence, setting, identifiers, text);
    }
    for token in sentence.iter() {
        for word in sentence.words(token) {
            match word {
                Word::Origin(Origin::Own) => setting.origin = None,
                // A history stays a history wherever it was found.
                Word::Origin(Origin::Outside)
                    if setting.section == Some(Section::History)
                        && setting.origin == Some(Origin::Prior) => {}
                Word::Origin(Origin::Outside) => {
                    setting.origin = Some(Origin::Outside);
                    setting.origin_of_next_block = sentence.len() <= HEADING;
                }
                _ => {}
            }
        }
    }
    if let Some(date) = ISO_DATE.captures_iter(written).last() {
        setting.date = date[1].parse().ok().or(setting.date);
    }
    specimen(written, line_start, setting);
}

/// Ends a section of one line: `ALK FISH: negative` says nothing of the line `ALK: positive` after it, nor
/// of one that speaks of fusions.
fn leave_line(sentence: &Tokens<'_>, setting: &mut Setting) {
    if !setting.one_line {
        return;
    }
    if setting.section == Some(Section::Literature) {
        setting.section = None;
    }
    if !matches!(setting.section, Some(Section::Fish | Section::Molecular)) {
        return;
    }
    let genetic = |w: &Word| {
        matches!(
            w,
            Word::Rearrangement | Word::Signal(_) | Word::Cutoff | Word::Nuclei | Word::Exon
        )
    };
    let own = sentence.iter().any(|t| sentence.words(t).any(genetic));
    let item = sentence
        .first()
        .is_some_and(|t| sentence.marker(t).is_some())
        && sentence
            .iter()
            .take(LABEL)
            .skip(1)
            .any(|t| matches!(t.kind, Kind::Mark(':' | '(' | '+' | '-')) || t.gap == Gap::Wide);
    let fusions = setting.section == Some(Section::Fish)
        && sentence.iter().any(|t| {
            sentence.is(t, &Word::Rearrangement)
                && sentence
                    .text_of(t)
                    .to_ascii_lowercase()
                    .starts_with("fusion")
        });
    if (item && !own) || fusions {
        setting.section = None;
        setting.assay = None;
        setting.method = None;
        setting.one_line = false;
    }
}

fn label(
    sentence: &Tokens<'_>,
    setting: &mut Setting,
    identifiers: &mut Vec<Identifier>,
    text: &str,
) {
    let Some(first) = sentence.first() else {
        return;
    };
    if sentence.words(first).any(|w| *w == Word::Addendum) {
        setting.version += 1;
        setting.section = None;
        setting.assay = None;
        setting.method = None;
    }
    identifier(sentence, setting, identifiers, text);
    // A label is up to six words before a colon, or a line of its own.
    let colon = sentence
        .iter()
        .take(LABEL)
        .position(|t| matches!(t.kind, Kind::Mark(':')));
    let alone = sentence.len() <= 4;
    let head = match colon {
        Some(end) => sentence.slice(0..end),
        None if alone => *sentence,
        None => {
            if let Some(Word::Section(section)) = sentence
                .words(first)
                .find(|w| matches!(w, Word::Section(_)))
                && matches!(section, Section::Ihc | Section::Fish | Section::Molecular)
                && sentence
                    .get(1)
                    .is_some_and(|t| matches!(t.kind, Kind::Mark('(' | '-')))
            {
                setting.section = Some(*section);
            }
            return;
        }
    };
    let mut found = None;
    for token in head.iter() {
        for word in head.words(token) {
            if let Word::Section(section) = word {
                found = found.or(Some(*section));
            }
        }
    }
    let named = head
        .iter()
        .any(|t| head.marker(t).is_some() || head.words(t).any(|w| matches!(w, Word::Result(..))));
    match found {
        Some(section) => {
            setting.section = Some(section);
            setting.one_line = colon.is_some_and(|end| end + 1 < sentence.len());
            setting.assay = assay(&head).or(assay(sentence));
            if section == Section::Molecular {
                setting.method = molecular_assay(sentence);
            }
            if section == Section::History {
                setting.origin = Some(Origin::Prior);
            } else if setting.origin == Some(Origin::Prior) {
                setting.origin = None;
            }
        }
        // Another label ends the section, but not a marker's or a result's own colon.
        None if colon.is_some() && !named => {
            // `Assay: RNA-based panel` names the method of the part that follows.
            if setting.section == Some(Section::Molecular) {
                setting.method = molecular_assay(sentence).or(setting.method);
            }
            let keeps = matches!(
                setting.section,
                Some(Section::Ihc | Section::Fish | Section::Molecular)
            );
            if !keeps {
                setting.section = None;
            }
        }
        None => {}
    }
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
    for token in tokens.iter() {
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

fn identifier(
    sentence: &Tokens<'_>,
    setting: &mut Setting,
    identifiers: &mut Vec<Identifier>,
    text: &str,
) {
    let Some(first) = sentence.first() else {
        return;
    };
    let Some(kind) = sentence.words(first).find_map(|w| match w {
        Word::Identifier(kind) => Some(kind.clone()),
        _ => None,
    }) else {
        return;
    };
    let line = line_of(text, first.start);
    let rest = &text[first.end..line.end];
    let marked = rest.trim_start().starts_with([':', '#', '：']);
    let value = rest.trim_start_matches([':', '#', '：', ' ', '\t']);
    let start = line.end - value.len();
    let (value, rest) = match value.find([' ', ':', '\t', ',', ';', '：']) {
        Some(end) if kind != "patient" => value.split_at(end),
        _ => (value, ""),
    };
    let numbered = value.chars().any(|c| c.is_ascii_digit());
    let alone = rest.is_empty() || rest.starts_with([':', '：']);
    // `Case 09a` alone or before a colon, `MRN: 123`, `Name: ...`; not `Case presentation: ...`.
    let counts = match kind.as_str() {
        "case" => numbered && (alone || marked),
        "patient" => marked && !value.is_empty(),
        _ => numbered,
    };
    if !counts {
        return;
    }
    let folded: String = value
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    if kind == "case" {
        setting.sample = Some(value.trim_end_matches(':').to_owned());
    }
    identifiers.push(Identifier {
        kind,
        value: folded,
        range: start..start + value.len(),
    });
}

fn specimen(written: &str, line_start: bool, setting: &mut Setting) {
    if let Some(found) = BLOCK.captures(written) {
        // Several blocks at once name none of them.
        setting.specimen = found
            .get(2)
            .is_none()
            .then(|| found[1].replace(' ', "").to_uppercase());
    } else if let Some(found) = CHINESE_BLOCK.captures(written) {
        setting.specimen = Some(found[1].to_owned());
    } else if line_start && let Some(found) = LINE_SPECIMEN.captures(written) {
        setting.specimen = Some(found[1].to_owned());
    } else if line_start
        && setting
            .section
            .is_some_and(|s| matches!(s, Section::Diagnosis | Section::History))
    {
        setting.specimen = None;
    }
}
