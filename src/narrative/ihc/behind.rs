//! Values behind a marker: signs, colons, dashes, columns, lists of signs.

use crate::narrative::ihc::{Mention, Reader};
use crate::narrative::lex::{Kind, Tokens};
use crate::narrative::value::{Glue, Minus, Value, Verdict, element, run};
use crate::vocab::{Form, Gap, Marker, Polarity, Word};

impl<'a> Reader<'a, '_> {
    /// A sign right behind the marker: `ALK+`, `SMA+/-`, `desmin-,`, `caldesmon -`.
    pub(super) fn inline_sign(&self, mention: &mut Mention<'a>) -> Option<Value> {
        let token = self.get(mention.end)?;
        if token.gap > Gap::Space {
            return None;
        }
        if matches!(token.kind, Kind::Mark('-')) && !self.minus_stands_alone(mention.end) {
            return None;
        }
        if !matches!(token.kind, Kind::Mark('+' | '-' | '±') | Kind::Number) {
            return None;
        }
        // `desmin 2+, ALK 0, CD10 1+`
        if self.tokens.text_of(token) == "0"
            && self.get(mention.end + 1).is_none_or(|t| {
                t.gap >= Gap::Line || matches!(t.kind, Kind::Mark(',' | ';' | '.' | ')'))
            })
        {
            mention.end += 1;
            return Some(Value {
                verdict: Some(Verdict::Minus),
                score: Some("0".to_owned()),
                score_is_zero: Some(true),
                ..Value::default()
            });
        }
        let rest = self.rest(mention.end);
        let (after, value) = element(rest, Minus::Sign).ok()?;
        // A number must be a grade (`1+`); percentages come with words.
        value.verdict?;
        mention.end += rest.len() - after.len();
        Some(value)
    }

    /// A minus is a result only when nothing is joined by it.
    fn minus_stands_alone(&self, at: usize) -> bool {
        let Some(token) = self.get(at) else {
            return false;
        };
        let sign = self.tokens.text_of(token) == "−" || self.tokens.text_of(token) == "－";
        match self.get(at + 1) {
            None => true,
            Some(next) => {
                matches!(
                    next.kind,
                    Kind::Mark(',' | ';' | '/' | '.' | ')' | '、' | '+')
                ) || next.gap >= Gap::Wide
                    // `ALK -ve`
                    || (next.gap == Gap::None && self.tokens.text_of(next) == "ve")
                    || (sign && next.gap > Gap::None)
                    // `desmin- S100-`
                    || (token.gap == Gap::None
                        && next.gap > Gap::None
                        && self.marker(at + 1).is_some()
                        && self.is_mark(at + 2, &['+', '-']))
            }
        }
    }

    /// A value behind a colon, a dash, dot leaders or a column gap.
    pub(super) fn separated(&mut self, mention: &mut Mention<'a>) -> Option<Value> {
        let at = mention.end;
        let token = self.get(at)?;
        let mut start = at;
        let dots = (at..self.tokens.len())
            .take_while(|i| self.is_mark(*i, &['.', '…', '_', '·']))
            .count();
        if dots >= 2 {
            start = at + dots;
        } else if self.is_mark(at, &[':', '=', '|'])
            || (self.is_mark(at, &[';'])
                && (token.gap == Gap::None || self.fills_line(mention.token, at + 1))
                && self.damaged_colon(at + 1))
            || (self.is_mark(at, &['-'])
                && (self.value_starts(at + 1)
                    || self.says_there_is(at + 1)
                    || self.minus_word(at + 1)))
        {
            start = at + 1;
        } else if fillers_then_of(self, at) && self.percent_starts(at + 1) {
            // `a Ki-67 index of 25 %`
            let (count, value) = run(self.rest(at + 1), Minus::Hyphen, Glue::Tight);
            mention.end = at + 1 + count;
            return Some(value);
        } else if token.gap != Gap::Wide {
            return None;
        }
        // A heading dash (`Positive -CK20`) never gets here: the marker stands behind it.
        let limit = self.item_end(start, mention.marker);
        let inside = self.tokens.slice(start..limit);
        let (count, mut value) = run(inside, Minus::Sign, Glue::Loose);
        if value.impossible {
            self.impossible(&inside);
        }
        if value.verdict.is_none() && self.is(start, |w| *w == Word::Detected) {
            // `ALK protein (IHC): detected`; of a gene the word is no stain, which is told with the fact.
            value.verdict = Some(Verdict::Word(Polarity::Positive));
            value.detected = true;
        }
        value.clone = Self::clone_in(&inside, Some(mention.marker));
        let parts = inside.iter().any(|t| {
            matches!(
                inside.text_of(t).to_ascii_lowercase().as_str(),
                "in" | "by" | "area" | "areas" | "block" | "cells"
            )
        });
        value.mixed &= parts;
        if other_cells_in_bracket(&inside) {
            // `negative (vessels positive)`
            value.cells = None;
            value.mixed = false;
        }
        if (value.cells.as_ref().is_some_and(|c| c != "tumour") || verdicts(&inside) > 1)
            && let Some(verdict) = of_tumour(&inside)
        {
            // `ganglion cells positive, tumour negative`
            value.verdict = Some(verdict);
            value.cells = None;
            value.mixed = false;
        }
        if positive_cells_absent(&inside) {
            value = Value {
                verdict: Some(Verdict::Word(Polarity::Negative)),
                ..Value::default()
            };
        }
        // `ALK-Expression xyz`: the noun joined to the name says nothing yet.
        let joined =
            self.is_mark(at, &['-']) && self.get(start).is_some_and(|t| t.gap == Gap::None);
        let bare = value.evidence && value.verdict.is_none() && !value.qualifies();
        if !value.says_something() || (joined && bare && value.pattern.is_none()) {
            return None;
        }
        if of_unknown_fate(&inside, &value, mention.marker) {
            mention.end = limit;
            return Some(Value::default());
        }
        // An extent or intensity alone, in the place of a result, is a positive one.
        // A number with an extent is a count (`Ki-67: focally 10 %`), with an intensity a stain.
        let graded = value.intensity.is_some() || (value.extent.is_some() && !value.answers());
        if value.verdict.is_none() && value.pattern.is_none() && graded {
            value.evidence = true;
        }
        mention.end = start + count;
        // The whole item is spent, comment and all.
        mention.end = mention.end.max(self.trim_separators(limit));
        Some(value)
    }

    /// A result behind a semicolon that a scan made of a colon: nothing else gives the marker a result, and
    /// the result gives none to a marker behind it (`positive for A; negative for B`).
    fn damaged_colon(&self, at: usize) -> bool {
        let (count, value) = run(self.rest(at), Minus::Hyphen, Glue::Tight);
        let end = at + count;
        let closes = self
            .get(end)
            .is_none_or(|t| t.gap >= Gap::Line || matches!(t.kind, Kind::Mark(',' | ';' | '.')))
            || (["in", "In"].iter().any(|text| self.text_is(end, text))
                && !self.marker_follows(end + 1));
        value.verdict.is_some() && closes && self.scope.is_none() && !self.denying
    }

    /// A line that is a marker, a semicolon and a result: a row of a table.
    fn fills_line(&self, marker: usize, at: usize) -> bool {
        let begins = self.get(marker).is_some_and(|t| t.gap >= Gap::Line);
        let (count, _) = run(self.rest(at), Minus::Hyphen, Glue::Tight);
        begins && self.get(at + count).is_none_or(|t| t.gap >= Gap::Line)
    }

    fn value_starts(&self, at: usize) -> bool {
        element(self.rest(at), Minus::Hyphen).is_ok()
    }

    fn percent_starts(&self, at: usize) -> bool {
        element(self.rest(at), Minus::Hyphen).is_ok_and(|(_, value)| value.percent.is_some())
    }

    /// `- -ve`, `: - ` behind a dash that separates.
    fn minus_word(&self, at: usize) -> bool {
        self.is_mark(at, &['-'])
            && self
                .get(at + 1)
                .is_none_or(|t| t.gap >= Gap::Line || self.tokens.text_of(t) == "ve")
    }

    fn says_there_is(&self, at: usize) -> bool {
        self.is(at, |w| *w == Word::Copula)
    }

    /// One past the item: before the next marker, a semicolon, or the end. `good vimentin staining`
    /// behind its own marker goes on.
    fn item_end(&self, start: usize, own: &Marker) -> usize {
        let starts_item = |at: usize| {
            self.marker(at)
                .is_some_and(|m| m.name != own.name || self.is_mark(at - 1, &[',', '.']))
        };
        let mut depth = 0_usize;
        for at in start..self.tokens.len() {
            if self.is_mark(at, &['(', '[', '{']) {
                depth += 1;
            } else if self.is_mark(at, &[')', ']', '}']) {
                depth = depth.saturating_sub(1);
            }
            let semicolon = depth == 0 && at > start && self.is_mark(at, &[';']);
            let blank = self.get(at).is_some_and(|t| t.gap == Gap::Blank);
            let second = depth == 0 && self.is_mark(at, &[',']) && self.second_result(start, at);
            if semicolon || blank || second || starts_item(at) {
                return at;
            }
        }
        self.tokens.len()
    }

    /// `negative (biopsy), positive (resection)`, `negative (B), positive with C`: a second result behind the comma, of
    /// another piece or another antibody.
    fn second_result(&self, start: usize, comma: usize) -> bool {
        let polar = |i: usize| {
            self.is(i, |w| {
                matches!(
                    w,
                    Word::Result(Polarity::Positive | Polarity::Negative, Form::Adjective)
                )
            })
        };
        let how = |i: &usize| self.is(*i, |w| matches!(w, Word::Extent(_) | Word::Intensity(_)));
        let manner = (comma + 1..comma + 4).take_while(how).count();
        let result = comma + 1 + manner;
        let goes_on = self.is_mark(result + 1, &['('])
            || self.is(result + 1, |w| *w == Word::Preposition)
            || (self.leads_to_piece(result + 1) && !self.text_is(result + 1, "in"));
        polar(result) && goes_on && (start..comma).any(polar)
    }

    /// Steps back over commas and conjunctions before the next item.
    fn trim_separators(&self, end: usize) -> usize {
        let mut end = end;
        while end > 0
            && (self.is_mark(end - 1, &[',', '、']) || self.is(end - 1, |w| *w == Word::And))
        {
            end -= 1;
        }
        end
    }

    /// `SMA, desmin, ALK: +, +, -`: as many signs as markers belong to them one by one; another number of signs
    /// belongs to none. True when such a list was met.
    pub(super) fn signs_in_order(&mut self, mention: &Mention<'a>) -> bool {
        let start = mention.end;
        if !self.is_mark(start, &[':', '=']) || self.waiting.is_empty() {
            return false;
        }
        let mut values = Vec::new();
        let mut at = start + 1;
        loop {
            let sign = self.is_mark(at, &['+', '-']);
            let word = self.is(at, |w| {
                matches!(w, Word::Result(Polarity::Positive | Polarity::Negative, _))
            });
            if !(sign || word) {
                break;
            }
            let Ok((after, value)) = element(self.rest(at).slice(0..1), Minus::Sign) else {
                break;
            };
            debug_assert!(after.is_empty(), "one token was given");
            values.push(value);
            at += 1;
            at += usize::from(self.is_mark(at, &[',', '/']));
        }
        if values.len() < 2 {
            return false;
        }
        let mut group = self.joined_to(mention.token);
        group.push(mention.clone());
        self.at = at;
        if group.len() == values.len() {
            for (one, value) in group.into_iter().zip(values) {
                self.emit_all(vec![one], &value);
            }
        } else {
            self.list(&group);
        }
        true
    }
}

/// Most tokens of a list of values that stands behind a list of markers.
const VALUES: usize = 24;

impl<'a> Reader<'a, '_> {
    // in-order = marker { "/" marker } ( ":" | column gap | dots ) value { " / " value }
    /// `ER / PR    negative / 5 % weakly positive`: as many values as markers, with spaced slashes between. True when
    /// such a list was read.
    pub(super) fn values_in_order(&mut self, mention: &Mention<'a>) -> bool {
        let dots = (mention.end..self.tokens.len())
            .take_while(|i| self.is_mark(*i, &['.', '…', '_', '·']))
            .count();
        let column = self.get(mention.end).is_some_and(|t| t.gap == Gap::Wide);
        let colon = self.is_mark(mention.end, &[':', '=']);
        if self.waiting.is_empty() || !(column || colon || dots > 1) {
            return false;
        }
        let start = mention.end + if dots > 1 { dots } else { usize::from(colon) };
        let end = (start..self.tokens.len().min(start + VALUES))
            .find(|i| {
                let line = *i > start && self.get(*i).is_some_and(|t| t.gap >= Gap::Line);
                line || self.is_mark(*i, &[';', '.', '(']) || self.marker(*i).is_some()
            })
            .unwrap_or(self.tokens.len().min(start + VALUES));
        let spaced = |i: usize| {
            self.is_mark(i, &['/'])
                && self.get(i).is_some_and(|t| t.gap > Gap::None)
                && self.get(i + 1).is_some_and(|t| t.gap > Gap::None)
        };
        let mut values = Vec::new();
        let mut from = start;
        for cut in (start..end).filter(|i| spaced(*i)).chain([end]) {
            let (_, value) = run(
                self.tokens.slice(from..cut.max(from)),
                Minus::Sign,
                Glue::Loose,
            );
            if value.verdict.is_none() {
                return false;
            }
            values.push(value);
            from = cut + 1;
        }
        if values.len() < 2 || values.len() != self.waiting.len() + 1 {
            return false;
        }
        let mut group = self.joined_to(mention.token);
        group.push(mention.clone());
        self.at = end;
        if group.len() == values.len() {
            for (one, value) in group.into_iter().zip(values) {
                self.emit_all(vec![one], &value);
            }
        } else {
            self.list(&group);
        }
        true
    }
}

/// `positive cells are absent`, `positive cells were not seen`
fn positive_cells_absent(value: &Tokens<'_>) -> bool {
    let is = |i: usize, wanted: fn(&Word) -> bool| {
        value.get(i).is_some_and(|t| value.words(t).any(wanted))
    };
    let positive = is(0, |w| matches!(w, Word::Result(Polarity::Positive, _)));
    let cells = (1..4)
        .take_while(|i| is(*i, |w| matches!(w, Word::Cells(_) | Word::Filler)))
        .count();
    let verb = 1 + cells;
    let absent = is(verb, |w| *w == Word::Copula)
        && (is(verb + 1, |w| {
            matches!(w, Word::Negation | Word::Result(Polarity::Negative, _))
        }));
    positive && cells > 0 && absent
}

/// `MLH1: Ausfall der nukleären Expression`: a protein of every nucleus, and a word that is not known before
/// `expression`, which may say that it is gone.
fn of_unknown_fate(value: &Tokens<'_>, read: &Value, marker: &Marker) -> bool {
    let bare = read.evidence && read.verdict.is_none() && read.pattern.is_none();
    let noun = |t: &crate::narrative::lex::Token<'_>| {
        value
            .words(t)
            .any(|w| matches!(w, Word::Result(Polarity::Evidence, _)))
    };
    let at = value.iter().position(noun).unwrap_or_default();
    marker.normally_retained && bare && value.slice(0..at).iter().any(|t| t.kind == Kind::Other)
}

/// A result, and cells with a result of their own in a bracket behind it.
fn other_cells_in_bracket(value: &Tokens<'_>) -> bool {
    let is = |i: usize, wanted: fn(&Word) -> bool| {
        value.get(i).is_some_and(|t| value.words(t).any(wanted))
    };
    let result = |w: &Word| matches!(w, Word::Result(Polarity::Positive | Polarity::Negative, _));
    let Some(open) = (0..value.len()).find(|i| {
        value
            .get(*i)
            .is_some_and(|t| matches!(t.kind, Kind::Mark('(' | '[')))
    }) else {
        return false;
    };
    let other = |w: &Word| matches!(w, Word::Cells(cells) if cells != "tumour");
    (0..open).any(|i| is(i, result))
        && (open..value.len()).any(|i| is(i, other))
        && (open..value.len()).any(|i| is(i, result))
}

/// How many results a value holds.
fn verdicts(value: &Tokens<'_>) -> usize {
    value
        .iter()
        .enumerate()
        .filter(|(i, t)| {
            let word = value
                .words(t)
                .any(|w| matches!(w, Word::Result(Polarity::Positive | Polarity::Negative, _)));
            // `vessels +, spindle cells -`: a sign right behind cells.
            let sign = matches!(t.kind, Kind::Mark('+' | '-'))
                && i.checked_sub(1)
                    .and_then(|before| value.get(before))
                    .is_some_and(|t| value.words(t).any(|w| matches!(w, Word::Cells(_))));
            word || sign
        })
        .count()
}

/// What is said of the tumour where other cells are named as well: `tumour negative`, `negative in tumour cells`.
fn of_tumour(value: &Tokens<'_>) -> Option<Verdict> {
    let tumour = value.iter().position(|t| {
        value
            .words(t)
            .any(|w| matches!(w, Word::Cells(cells) if cells == "tumour"))
    })?;
    let verdict = |i: usize| {
        let last = i + 1 == value.len() || i == tumour + 1;
        let minus = if last { Minus::Sign } else { Minus::Hyphen };
        let (_, one) = element(value.slice(i..value.len()), minus).ok()?;
        one.verdict
    };
    let behind = tumour + 1..(tumour + 3).min(value.len());
    behind
        .into_iter()
        .find_map(verdict)
        .or_else(|| (tumour.saturating_sub(3)..tumour).rev().find_map(verdict))
}

/// `of` or `is` behind the marker.
fn fillers_then_of(reader: &Reader<'_, '_>, at: usize) -> bool {
    reader
        .get(at)
        .is_some_and(|t| matches!(reader.tokens.text_of(t), "of" | "at" | "is" | "was"))
}
