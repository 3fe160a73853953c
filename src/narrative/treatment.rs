//! First and last day of a treatment, why it was stopped, and which line it was. Whether a drug was given at all is
//! said in `history.rs`; this only adds to what stands there.
//!
//! ```text
//! course = drug [dose] ( "from" | "since" | ... ) date [ ( "to" | "until" | "stopped" ) date [reason] ]
//!        | drug [dose] [ "(" ] date "-" date [ ")" ]
//! reason = ( "because of" | "due to" | ... ) words                  ; to the next mark
//! ```

use std::ops::Range;

use crate::case::history::Treatment;
use crate::narrative::date::Dates;
use crate::narrative::lex::{Kind as Token, Tokens};
use crate::narrative::outline::Outline;
use crate::narrative::quantity::{is, is_mark};
use crate::source::Span;
use crate::vocab::Figure;

/// Most characters of a reason.
const REASON: usize = 80;

/// For each treatment the bytes that speak of it: from its drug, or the start of its sentence where it is the only
/// one, to the next drug or the end of the sentence; and a sentence behind it that names no drug and stands in the
/// same block.
pub(crate) fn spans(
    treatments: &[Treatment],
    outline: &Outline,
    words: &Tokens<'_>,
    text: &str,
) -> Vec<(usize, Range<usize>)> {
    let mut out = Vec::new();
    let places: Vec<Range<usize>> = treatments
        .iter()
        .map(|t| t.source.span.map_or(0..0, Span::range))
        .collect();
    for (index, span) in places.iter().enumerate() {
        let at = outline
            .sentences
            .partition_point(|s| words.slice(s.tokens.clone()).range().end <= span.start);
        let Some(sentence) = outline.sentences.get(at).filter(|_| !span.is_empty()) else {
            continue;
        };
        let range = words.slice(sentence.tokens.clone()).range();
        let inside = |i: Option<usize>| {
            i.and_then(|i| places.get(i))
                .filter(|r| range.contains(&r.start))
        };
        let before = inside(index.checked_sub(1));
        let after = inside(Some(index + 1));
        let start = before.map_or(range.start, |b| boundary(text, b.end, span.start));
        let end = after.map_or(range.end, |a| boundary(text, span.end, a.start));
        out.push((index, start..end));
        if after.is_none()
            && let Some(next) = outline.sentences.get(at + 1)
            && next.setting.block == sentence.setting.block
        {
            let more = words.slice(next.tokens.clone());
            if !more.iter().any(|t| more.drug(t).is_some()) {
                out.push((index, more.range()));
            }
        }
    }
    out
}

/// Where one treatment ends and the next begins: the last semicolon between them, else the last comma.
fn boundary(text: &str, end: usize, start: usize) -> usize {
    let between = text.get(end..start).unwrap_or_default();
    let mark = |marks: &[char]| between.rfind(marks).map(|i| end + i);
    mark(&[';', '；', '.', '。'])
        .or_else(|| mark(&[',', '，']))
        .unwrap_or(start)
}

/// Fills what a treatment does not say yet. Returns the bytes that were used.
pub(crate) fn complete(
    treatment: &mut Treatment,
    part: &Tokens<'_>,
    text: &str,
    dates: &Dates,
) -> Vec<Range<usize>> {
    let mut used = Vec::new();
    for token in part.iter() {
        for f in part.figures(token) {
            if let Figure::Line(line) = f {
                treatment.line = treatment.line.or(Some(*line));
            }
        }
    }
    let own = treatment.source.span.is_some_and(|s| {
        let range = part.range();
        range.start <= s.range().start && s.range().end <= range.end
    });
    let found = dates.inside(&part.range());
    for (number, (range, date)) in found.iter().enumerate() {
        let at = part.partition_point(|t| t.end <= range.start);
        // The word that leads up to the date, with at most four others between.
        let lead = (at.saturating_sub(5)..at).rev().find_map(|i| {
            if is_mark(part, i, &[';']) {
                return None;
            }
            let token = part.get(i)?;
            // `reduced to 75 mg daily 2023-09-05`: a dose and no end.
            let dose = part.get(i + 1).is_some_and(|t| t.kind == Token::Number)
                && is(part, i + 2, |f| *f == Figure::Amount);
            part.figures(token).find_map(|f| match f {
                Figure::DrugStart if !dose => Some((true, i)),
                Figure::DrugStop if !dose => Some((false, i)),
                _ => None,
            })
        });
        // `2021-04-25 开始`
        let behind = part.partition_point(|t| t.start < range.end);
        let lead = lead.or_else(|| {
            let token = part
                .get(behind)
                .filter(|t| t.gap < crate::vocab::Gap::Line)?;
            part.figures(token).find_map(|f| match f {
                Figure::DrugStart => Some((true, behind)),
                Figure::DrugStop => Some((false, behind)),
                _ => None,
            })
        });
        let previous = number.checked_sub(1).and_then(|n| found.get(n));
        // `2021-04-25 - 2022-11-14`
        let ranged = previous.is_some_and(|(before, _)| {
            let between = text.get(before.end..range.start).unwrap_or_default();
            matches!(
                between.trim(),
                "-" | "–" | "—" | "~" | "to" | "至" | "bis" | "until" | "→"
            )
        });
        let begins = number == 0
            && own
            && found.get(1).is_some_and(|(after, _)| {
                let between = text.get(range.end..after.start).unwrap_or_default();
                matches!(
                    between.trim(),
                    "-" | "–" | "—" | "~" | "to" | "至" | "bis" | "until" | "→"
                )
            });
        match lead {
            _ if ranged => treatment.stop = treatment.stop.or(Some(*date)),
            _ if begins => treatment.start = treatment.start.or(Some(*date)),
            Some((true, _)) if own => treatment.start = treatment.start.or(Some(*date)),
            Some((false, _)) => {
                treatment.stop = treatment.stop.or(Some(*date));
                used.push(range.clone());
            }
            _ => {}
        }
    }
    let stop = (0..part.len()).find(|i| {
        is(part, *i, |f| *f == Figure::DrugStop)
            && !matches!(
                part.get(*i).map(|t| part.text_of(t)),
                Some("to" | "until" | "bis" | "至" | "through" | "till" | "tot" | "hasta")
            )
    });
    if let Some(stop) = stop
        && treatment.stop_reason.is_none()
        && let Some(at) =
            (stop + 1..part.len().min(stop + 10)).find(|i| is(part, *i, |f| *f == Figure::Reason))
    {
        let end = (at + 1..part.len())
            .find(|i| {
                part.get(*i).is_some_and(|t| {
                    matches!(t.kind, Token::Mark(',' | ';' | '.' | ')' | '。'))
                        || dates.holds(t.start)
                })
            })
            .unwrap_or(part.len());
        let words = part.slice(at + 1..end).text();
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        if !words.is_empty() && words.chars().count() <= REASON {
            treatment.stop_reason = Some(words);
            used.push(part.slice(stop..end).range());
        }
    }
    used
}
