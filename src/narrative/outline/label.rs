//! What the beginning of a line says about where it belongs: labels, headings, laboratories, specimens, dates,
//! and labels that tell one patient from another.

use std::sync::LazyLock;

use regex::Regex;

use crate::narrative::ihc::begins_item;
use crate::narrative::lex::{Kind, Token, Tokens};
use crate::narrative::outline::title::{
    describes_probe, of_stains, second_cell, section_named, title,
};
use crate::narrative::outline::{Identifier, LABEL, Setting, assay, line_of, molecular_assay};
use crate::vocab::{Assay, Form, Gap, Label, Origin, Section, Word};

static ISO_DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b((?:19|20)\d\d-[01]\d-[0-3]\d)\b").expect("a constant pattern")
});
static BLOCK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:[Bb]lock|BLOCK|[Ss]pecimen|SPECIMEN|[Pp]art|PART|[Ee]sp[eé]cimen|[Bb]loque|[Bb]loc|[Bb]lok|[Mm]uestra|[Pp]rélèvement)s?\s*[:#]?\s*([A-Z]{0,2}\s?\d{1,3}[A-Z]?|[A-Z])\b(\s*(?:,|and|&|/)\s*[A-Z]{0,2}\d)?")
        .expect("a constant pattern")
});
/// A band of a chromosome: `2p23`.
static BAND: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b(?:\d{1,2}|X|Y)[pq]\d").expect("a constant pattern"));
static PART: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\W{0,4}(?:[Ss]pecimen|SPECIMEN|[Pp]art|PART)\s+([A-Z]|\d{1,2})\s*[,(]\s*(?:[Bb]lock|BLOCK)")
        .expect("a constant pattern")
});
static CHINESE_BLOCK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(\d{1,3}|[一二三四五六七八九十])\s*号\s*(?:蜡块|切片|组织块|块)")
        .expect("a constant pattern")
});
/// `免疫组化（1-④）：` names the block behind the method.
static CHINESE_PART: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^\s*\p{Han}{2,10}\s*[（(]\s*(\d{1,2}\s*[-－]\s*[①-⑳\d]{1,2}|[①-⑳])\s*[）)]\s*[:：]",
    )
    .expect("a constant pattern")
});
static LINE_SPECIMEN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^([A-Z]\d{0,2})\s*[:.]\s").expect("a constant pattern"));

/// Most tokens of a heading.
const HEADING: usize = 6;

/// Applies what the beginning of a sentence says about where it belongs.
pub(super) fn enter(
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
            setting.section = setting.title;
            setting.one_line = false;
        }
    }
    let line_start = first.gap >= Gap::Line;
    if line_start && std::mem::take(&mut setting.origin_of_line) {
        setting.origin = None;
    }
    leave_line(sentence, setting, line_start);
    if line_start && describes_probe(sentence) {
        setting.section = Some(Section::Fish);
        setting.one_line = true;
    }
    heading(sentence, setting, line_start);
    if line_start {
        label(sentence, setting, identifiers, text);
        if of_stains(sentence) {
            setting.section = Some(Section::Ihc);
            setting.one_line = false;
        }
    }
    for token in sentence.iter() {
        for word in sentence.words(token) {
            match word {
                // `by the outside laboratory, not by us`
                Word::Origin(Origin::Own | Origin::Outside) if denied(sentence, token) => {}
                Word::Origin(Origin::Own) => setting.origin = None,
                // A history stays a history wherever it was found.
                // `Retroperitoneum, resection (outside MK24-20995)`: whose material the diagnosis is of.
                Word::Origin(Origin::Outside)
                    if setting.section == Some(Section::Diagnosis)
                        && names_material(sentence, token) => {}
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
    setting.origin_of_line |=
        line_start && setting.origin == Some(Origin::Outside) && outside_diagnosis(sentence);
    if let Some(date) = ISO_DATE.captures_iter(written).last() {
        setting.date = date[1].parse().ok().or(setting.date);
    }
    specimen(written, line_start, setting);
}

/// `(outside S24-20995)`, `per outside report`: the material or report that a diagnosis is of.
fn names_material(sentence: &Tokens<'_>, token: &Token<'_>) -> bool {
    let at = sentence.partition_point(|t| t.start < token.start);
    let before = at.checked_sub(1).and_then(|i| sentence.get(i));
    let bracket = before.is_some_and(|t| matches!(t.kind, Kind::Mark('(' | '[')));
    let number = (at + 1..at + 3).any(|i| {
        sentence
            .get(i)
            .is_some_and(|t| sentence.text_of(t).chars().any(|c| c.is_ascii_digit()))
            || (sentence.get(i)).is_some_and(|t| t.kind == Kind::Number)
    });
    let per = before.is_some_and(|t| matches!(sentence.text_of(t), "per" | "from"));
    (bracket && number) || per
}

/// `Outside diagnosis: leiomyosarcoma`: the label names laboratory and diagnosis, which stands behind it.
fn outside_diagnosis(sentence: &Tokens<'_>) -> bool {
    let colon = sentence
        .iter()
        .take(HEADING)
        .position(|t| t.kind == Kind::Mark(':'));
    let Some(colon) = colon.filter(|colon| colon + 1 < sentence.len()) else {
        return false;
    };
    let head = sentence.slice(0..colon);
    let outside = head
        .iter()
        .any(|t| head.is(t, &Word::Origin(Origin::Outside)));
    let named = ["diagno", "诊断"]
        .iter()
        .any(|stem| head.text().to_lowercase().contains(stem));
    outside && named
}

/// Whether a negation stands right before a token.
fn denied(sentence: &Tokens<'_>, token: &Token<'_>) -> bool {
    let at = sentence.partition_point(|t| t.start < token.start);
    (at.saturating_sub(2)..at).any(|i| {
        sentence
            .get(i)
            .is_some_and(|t| sentence.is(t, &Word::Negation))
    })
}

/// A line that is only a result (`Positive:`, `Negative stains`) gives it to the items below, until something
/// that is no item.
// heading = { bullet } result { filler | section } [":" | "-"]       ; alone on its line
fn heading(sentence: &Tokens<'_>, setting: &mut Setting, line_start: bool) {
    if !line_start {
        return;
    }
    let mut polarity = None;
    let only = sentence.len() <= HEADING + 3
        && sentence.iter().all(|t| {
            if let Some(found) = sentence.words(t).find_map(|w| match w {
                Word::Result(polarity, Form::Adjective) => Some(*polarity),
                _ => None,
            }) {
                let first = polarity.is_none();
                polarity = polarity.or(Some(found));
                return first;
            }
            matches!(
                t.kind,
                Kind::Mark(':' | '-' | '*' | '#' | '_' | '(' | ')' | '[' | ']' | '=' | '+')
            ) || sentence.words(t).any(|w| {
                matches!(
                    w,
                    Word::Filler
                        | Word::Section(Section::Ihc)
                        | Word::Assay(Assay::Ihc)
                        | Word::Preposition
                )
            })
        });
    let genetic = matches!(setting.section, Some(Section::Fish | Section::Molecular));
    let ends = sentence
        .get(sentence.len().saturating_sub(1))
        .is_some_and(|t| {
            matches!(t.kind, Kind::Mark(':' | '-' | '*')) || sentence.is(t, &Word::Filler)
        });
    if only && polarity.is_some() && !genetic && (ends || sentence.len() == 1) {
        setting.heading = polarity;
    } else if !begins_item(sentence) {
        setting.heading = None;
    }
}

/// Ends a section of one line: `ALK FISH: negative` says nothing of `ALK: positive` behind it or below, nor of a
/// sentence that speaks of fusions.
fn leave_line(sentence: &Tokens<'_>, setting: &mut Setting, line_start: bool) {
    if !setting.one_line {
        return;
    }
    if setting.section == Some(Section::Literature) && line_start {
        setting.section = None;
    }
    let fish = setting.section == Some(Section::Fish);
    let history = setting.section == Some(Section::History) && line_start;
    if !fish && !history && setting.section != Some(Section::Molecular) {
        return;
    }
    let has = |wanted: fn(&Word) -> bool| sentence.iter().any(|t| sentence.words(t).any(wanted));
    let exon = has(|w| *w == Word::Exon);
    let genetic = (exon && !fish)
        || BAND.is_match(sentence.text())
        || has(|w| {
            matches!(
                w,
                Word::Rearrangement | Word::Signal(_) | Word::Cutoff | Word::Nuclei
            )
        });
    let marker = sentence.first().filter(|t| sentence.marker(t).is_some());
    let separated = sentence
        .iter()
        .take(LABEL)
        .skip(1)
        .any(|t| matches!(t.kind, Kind::Mark(':' | '(' | '+' | '-')) || t.gap == Gap::Wide);
    // On the line itself a gene of a molecular test may still be meant.
    let gene = marker.is_some_and(|t| sentence.gene(t).is_some());
    let stain = marker.is_some()
        && (separated || has(|w| matches!(w, Word::Result(..))))
        && (line_start || fish || !gene);
    let fusions = fish
        && sentence.iter().any(|t| {
            sentence.is(t, &Word::Rearrangement)
                && sentence
                    .text_of(t)
                    .to_ascii_lowercase()
                    .starts_with("fusion")
        });
    // `Recurrence (pleura): ALK (D5F3) positive` below a molecular result
    let clone = line_start
        && sentence.iter().any(|t| sentence.clone_name(t).is_some())
        && has(|w| matches!(w, Word::Result(..)))
        && !has(|w| matches!(w, Word::Assay(_) | Word::Section(_)));
    // `MET exon 14: not detected` below a FISH result
    if ((stain || clone) && !genetic) || fusions || (fish && exon && line_start) {
        setting.leave_section();
        if history {
            setting.origin = None;
        }
    }
}

fn label(
    sentence: &Tokens<'_>,
    setting: &mut Setting,
    identifiers: &mut Vec<Identifier>,
    text: &str,
) {
    // `1. FISH (...)`
    let numbered = sentence.first().is_some_and(|t| t.kind == Kind::Number)
        && sentence
            .get(1)
            .is_some_and(|t| matches!(t.kind, Kind::Mark('.' | ')')) && t.gap == Gap::None);
    let sentence = &sentence.slice(if numbered { 2 } else { 0 }..sentence.len());
    let Some(first) = sentence.first() else {
        return;
    };
    if sentence.words(first).any(|w| *w == Word::Addendum) {
        setting.version += 1;
        setting.leave_section();
    }
    identifier(sentence, setting, identifiers, text);
    // A label is up to six words before a colon, or a line of its own.
    let colon = sentence
        .iter()
        .take(LABEL)
        .position(|t| matches!(t.kind, Kind::Mark(':')));
    let says = |t: &Token<'_>| sentence.words(t).any(|w| matches!(w, Word::Result(..)));
    // `FISH REPORT      No: F23-0098`: the title is the first cell.
    let cell = (1..sentence.len()).find(|i| sentence.get(*i).is_some_and(|t| t.gap == Gap::Wide));
    if colon.is_none()
        && let Some(cell) = cell
        && second_cell(sentence, cell, setting)
    {
        return;
    }
    let colon = colon.filter(|colon| {
        !cell.is_some_and(|cell| cell <= *colon && title(&sentence.slice(0..cell)))
    });
    let titled = cell.is_some_and(|cell| title(&sentence.slice(0..cell)));
    let alone = title(sentence)
        || (colon.is_none() && titled)
        || (sentence.len() <= 4 && !sentence.iter().any(says));
    let head = match colon {
        Some(end) => sentence.slice(0..end),
        // The first cell of a line of several.
        None if alone => sentence.slice(0..cell.unwrap_or(sentence.len())),
        // `2. RNA sequencing of block IV (60 genes)`
        None if numbered && !sentence.iter().any(says) && names_part(sentence) => *sentence,
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
    let headed = colon.is_some() || title(sentence) || titled;
    let found = section_named(sentence, &head, headed);
    let named = head
        .iter()
        .any(|t| head.marker(t).is_some() || head.words(t).any(|w| matches!(w, Word::Result(..))));
    match found {
        Some(section) => {
            setting.section = Some(section);
            let genetic = matches!(section, Section::Molecular | Section::Fish);
            if genetic && colon.is_none() && setting.title.is_none() {
                setting.title = Some(section);
            }
            setting.one_line = colon.is_some_and(|end| end + 1 < sentence.len());
            setting.assay = assay(&head).or(assay(sentence));
            if section == Section::Molecular {
                setting.method = molecular_assay(sentence);
                setting.fusions = setting.method == Some(Assay::Rna)
                    || head.text().to_ascii_lowercase().contains("fusion");
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

/// Whether a line opens with the name of a method or of a part of a report.
fn names_part(sentence: &Tokens<'_>) -> bool {
    sentence.first().is_some_and(|t| {
        sentence
            .words(t)
            .any(|w| matches!(w, Word::Section(_) | Word::Assay(_)))
    })
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

/// Lines of this many characters may have been wrapped.
const WRAPPED: std::ops::RangeInclusive<usize> = 60..=110;

/// A label under which nothing is a result: how the test works, what was ordered, relatives.
// line = label-word{1,12} (":" | "|" | column gap) text       ; the text may be wrapped
// head = label-word{1,6}                                      ; alone on its line, for the lines below it
pub(super) fn about(text: &str, sentence: &Tokens<'_>, setting: &mut Setting) {
    let Some(first) = sentence.first() else {
        return;
    };
    let divides = |t: &Token<'_>| matches!(t.kind, Kind::Mark(':' | '|' | '='));
    let end = (0..sentence.len().min(LABEL + 4)).find(|i| {
        sentence
            .get(*i)
            .is_some_and(|t| divides(t) || (*i > 0 && t.gap == Gap::Wide))
    });
    let alone = end.is_none() && sentence.len() <= HEADING;
    let head = sentence.slice(0..end.unwrap_or(if alone { sentence.len() } else { 0 }));
    let says = |t: &Token<'_>| {
        sentence
            .words(t)
            .any(|w| matches!(w, Word::Section(_) | Word::Addendum | Word::Origin(_)))
            || is_result_label(sentence.text_of(t))
    };
    if first.gap < Gap::Line {
        // `Method: FISH. Result: A rearranged.`
        if !head.is_empty() && !alone && head.iter().any(says) {
            setting.about = None;
        }
        return;
    }
    let label = |t: &Token<'_>| {
        head.words(t).find_map(|w| match w {
            Word::Label(label) => Some(*label),
            _ => None,
        })
    };
    // `FISH principle:`, `Method used in ...:`, not `as requested, A was performed:`
    let named = |i: usize| head.get(i).and_then(label);
    let begin = (0..head.len())
        .find(|i| {
            head.get(*i)
                .is_some_and(|t| !matches!(t.kind, Kind::Mark(_)))
        })
        .unwrap_or(0);
    let last = (begin..head.len())
        .rev()
        .find(|i| {
            head.get(*i)
                .is_some_and(|t| !matches!(t.kind, Kind::Mark(_)))
        })
        .filter(|_| !head.iter().any(|t| t.kind == Kind::Mark(',')));
    let found = named(begin).or_else(|| last.and_then(named));
    let result = (head.len()..sentence.len()).any(|i| {
        sentence
            .get(i)
            .is_some_and(|t| is_result_label(sentence.text_of(t)))
            && sentence.get(i + 1).is_some_and(divides)
    });
    let outcome = |t: &Token<'_>| {
        sentence.words(t).any(|w| {
            matches!(
                w,
                Word::Result(..) | Word::Negation | Word::Neither | Word::Detected
            )
        })
    };
    let answered = found == Some(Label::Content) && sentence.iter().any(outcome);
    if let Some(label) = found
        && !(result || answered)
        && !(alone && head.iter().any(outcome))
    {
        setting.about = Some(label);
        // `Method: FISH. Result: ...`
        let section = match assay(sentence) {
            Some(Assay::Fish) => Some(Section::Fish),
            Some(Assay::Rna | Assay::Dna | Assay::Sequencing) => Some(Section::Molecular),
            _ => None,
        };
        if matches!(label, Label::Method | Label::Order)
            && section.is_some()
            && setting.section != section
        {
            setting.section = section;
            setting.one_line = true;
            setting.method = molecular_assay(sentence);
            setting.fusions = setting.method == Some(Assay::Rna);
        }
        setting.about_below = alone || end.is_some_and(|end| end + 1 >= sentence.len());
        return;
    }
    // The line before may have been wrapped.
    let line = line_of(text, first.start);
    let before = text[..line.start].trim_end_matches(['\n', '\r']);
    let before = &before[before.rfind(['\n', '\r']).map_or(0, |i| i + 1)..];
    let wrapped = WRAPPED.contains(&before.chars().count());
    let goes_on = first.gap == Gap::Line && end.is_none() && (wrapped || setting.about_below);
    if !goes_on {
        setting.about = None;
        setting.about_below = false;
    }
}

/// `result`, and the same in other languages.
pub(crate) fn is_result_label(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "result"
            | "results"
            | "finding"
            | "findings"
            | "ergebnis"
            | "résultat"
            | "resultado"
            | "risultato"
            | "resultaat"
            | "结果"
            | "检测结果"
            | "判读"
            | "bewertung"
            | "call"
    )
}

/// Most bytes before the name of a block that begins a part.
const BEFORE_BLOCK: usize = 6;

/// Whether the text from `at` on begins with a block of its own: `(五号蜡块)...`, `block B2: ...`.
pub(super) fn names_block(text: &str, at: usize) -> bool {
    let mut end = (at + 40).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let part = &text[at..end];
    let begins =
        |found: Option<regex::Match<'_>>| found.is_some_and(|found| found.start() <= BEFORE_BLOCK);
    begins(CHINESE_BLOCK.find(part)) || begins(BLOCK.find(part))
}

fn specimen(written: &str, line_start: bool, setting: &mut Setting) {
    if let Some(found) = BLOCK.captures(written) {
        // `Part A, block A4`: the part is the specimen, the block one of its pieces.
        let part = PART.captures(&written[..found.get(0).map_or(0, |whole| whole.end())]);
        let name = part.map_or_else(|| found[1].to_owned(), |part| part[1].to_owned());
        // Several blocks at once name none of them.
        setting.specimen = found
            .get(2)
            .is_none()
            .then(|| name.replace(' ', "").to_uppercase());
    } else if let Some(found) = CHINESE_BLOCK.captures(written) {
        const NUMERALS: &str = "一二三四五六七八九十";
        let numeral = NUMERALS.chars().position(|c| found[1].starts_with(c));
        setting.specimen =
            Some(numeral.map_or_else(|| found[1].to_owned(), |at| (at + 1).to_string()));
    } else if line_start && let Some(found) = CHINESE_PART.captures(written) {
        setting.specimen = Some(found[1].replace('－', "-").replace(char::is_whitespace, ""));
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
