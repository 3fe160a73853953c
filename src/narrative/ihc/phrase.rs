//! Results in running text and the markers they answer.

use std::collections::BTreeSet;

use crate::case::ihc::Status;
use crate::narrative::ihc::fact::reading;
use crate::narrative::ihc::{Mention, Reach, Reader};
use crate::narrative::passed::Passed;
use crate::narrative::value::{Glue, Minus, Value, Verdict, form, run};
use crate::vocab::{Cue, Form, Gap, Polarity, Word};

/// Most bytes between a marker and its result for both to be quoted together.
const ITEM: usize = 80;

impl<'a> Reader<'a, '_> {
    /// A phrase, qualifiers, or a word of no interest.
    pub(super) fn words(&mut self) {
        let rest = self.rest(self.at);
        let (count, value) = run(rest, Minus::Hyphen, Glue::Tight);
        if count == 0 {
            self.at += 1;
        } else if value.answers() || value.impossible {
            self.phrase(count, value);
        } else {
            self.qualifiers(count, value);
        }
    }

    /// A result in running text: before its markers or behind them.
    fn phrase(&mut self, count: usize, mut value: Value) {
        let end = self.at + count;
        let phrase = self.tokens.slice(self.at..end);
        self.phrase_at = self.at;
        self.turn(&mut value, end);
        let polar = value.verdict.is_some();
        let bare_evidence =
            value.evidence && !polar && !value.qualifies() && value.pattern.is_none();
        let counted = !polar && !value.evidence && value.pattern.is_none();
        // `Positive markers: A, B`
        let fillers = (end..end + 3)
            .take_while(|i| self.is(*i, |w| *w == Word::Filler))
            .count();
        let end = if self.is_mark(end + fillers, &[':']) && self.waiting.is_empty() && polar {
            end + fillers
        } else {
            end
        };
        // `The following are negative: ...` anywhere, `Negative - ...` where a line begins.
        if self.is_mark(end, &['(', '[']) && self.marker_follows(end + 1) && polar {
            // `Positive (A, B), negative (C)`
            if self.waiting.is_empty() {
                self.scope = Some((value, Reach::Bracket));
                self.at = end + 1;
                return;
            }
        }
        let heads = if self.is_mark(end, &[':']) {
            self.waiting.is_empty()
        } else {
            self.is_mark(end, &['-']) && self.at_start()
        };
        if heads && self.marker_follows(end + 1) && polar {
            self.scope = Some((value, Reach::Heading));
            self.at = end + 1;
            return;
        }
        // `positivity, 25% of tumour cells` says where, not of which marker.
        let of_cells = self.is(end + 1, |w| matches!(w, Word::Cells(_)));
        if self.is(end, |w| *w == Word::Preposition) && !counted && !of_cells {
            // `Staining for ALK is positive`: the noun alone says nothing yet.
            if !bare_evidence {
                let mut value = value;
                value.add(std::mem::take(&mut self.leading));
                self.note_main(&value);
                self.scope = Some((value, Reach::List));
                self.waiting.clear();
                self.evidence = None;
            }
            self.at = end + 1;
            return;
        }
        // `No reactivity is seen for A or B`
        let said = (end..self.tokens.len())
            .find(|i| !self.is(*i, |w| matches!(w, Word::Copula | Word::Detected)))
            .filter(|i| *i > end && self.is(*i, |w| *w == Word::Preposition));
        if let Some(preposition) = said
            && polar
            && self.waiting.is_empty()
            && self.marker_follows(preposition + 1)
        {
            self.note_main(&value);
            self.scope = Some((value, Reach::List));
            self.at = preposition + 1;
            return;
        }
        let verb = form(&phrase) == Some(Form::Verb);
        if self.marker_follows(end)
            && (self.waiting.is_empty() || verb)
            && (verb || self.get(end).is_some_and(|t| t.gap < Gap::Line))
            && (polar || value.evidence)
            && !bare_evidence
        {
            let mut value = value;
            value.add(std::mem::take(&mut self.leading));
            self.scope = Some((value, if verb { Reach::List } else { Reach::One }));
            self.waiting.clear();
            self.at = end;
            return;
        }
        self.at = end;
        self.answer(value, bare_evidence, counted);
    }

    /// Applies what stands around a phrase: a negation before it, a question mark, an article that makes it
    /// general (`a negative stain does not exclude ...`).
    fn turn(&mut self, value: &mut Value, end: usize) {
        let before = self.at.checked_sub(1);
        if value.verdict.is_some()
            && (self.is_mark(end, &['?']) || before.is_some_and(|i| self.is_mark(i, &['?'])))
        {
            value.verdict = Some(Verdict::Word(Polarity::Equivocal));
        }
        let article = before
            .and_then(|i| self.get(i))
            .is_some_and(|t| matches!(self.tokens.text_of(t), "a" | "A" | "any" | "Any"));
        if article && value.verdict.is_some() && self.marker_follows(end) {
            self.hypothetical_from = self.hypothetical_from.or(before);
        }
        // The negation of a marker is applied with the marker.
        if self.denying && self.waiting.iter().all(|m| !m.denied) {
            self.denying = false;
            deny(value);
        }
    }

    /// Nothing but labels and punctuation before this place.
    fn at_start(&self) -> bool {
        (0..self.at).all(|i| {
            self.is_mark(i, &[':', '-', '*', '•', '.', ',', ')', '('])
                || self.is(i, |w| matches!(w, Word::Section(_) | Word::Assay(_)))
        })
    }

    pub(super) fn marker_follows(&self, at: usize) -> bool {
        let article = self
            .get(at)
            .is_some_and(|t| matches!(self.tokens.text_of(t), "the" | "an" | "a"));
        self.marker(at + usize::from(article)).is_some()
    }

    fn note_main(&mut self, value: &Value) {
        if let Some(Verdict::Word(polarity)) = value.verdict {
            self.main = Some(polarity);
        }
    }

    /// A phrase behind markers that wait, or one that refines what was answered before.
    fn answer(&mut self, mut value: Value, bare_evidence: bool, counted: bool) {
        let relative = (self.at.saturating_sub(5)..self.at).any(|i| {
            self.get(i)
                .is_some_and(|t| matches!(self.tokens.text_of(t), "which" | "who" | "that"))
        });
        if !self.excepted.is_empty() && (self.main.is_some() || relative) && self.waiting.is_empty()
        {
            // `..., with the exception of SMA, which highlights scattered cells`
            let excepted = std::mem::take(&mut self.excepted);
            self.excepting = false;
            self.emit_all(excepted, &value);
            return;
        }
        if self.waiting.is_empty() {
            if !self.last.is_empty() && value.verdict.is_none() {
                self.refine(&value);
            } else if self.corrects(&value) {
                self.correct(&value);
            } else if counted && self.marker_follows(self.at) {
                self.leading.add(value);
            } else {
                self.note_main(&value);
                self.answer_excepted();
            }
            return;
        }
        let leading = std::mem::take(&mut self.leading);
        value.add(leading);
        if bare_evidence {
            self.evidence = Some(value);
            return;
        }
        self.evidence = None;
        self.note_main(&value);
        if counted {
            // A number belongs to the nearest marker.
            if let Some(mention) = self.waiting.pop() {
                self.emit_all(vec![mention], &value);
            }
            return;
        }
        let waiting = std::mem::take(&mut self.waiting);
        self.emit_all(waiting, &value);
        self.answer_excepted();
    }

    /// Whether a result without a marker replaces that of the markers answered last: a later test of them
    /// (`negative, on repeat positive`), or the tumour where the first result was of other cells.
    fn corrects(&self, value: &Value) -> bool {
        let Some(fact) = self
            .last
            .end
            .checked_sub(1)
            .and_then(|i| self.out.facts.get(i))
        else {
            return false;
        };
        let spoken = self.out.covered.get(self.last.end - 1).map_or(0, |r| r.end);
        let behind = |i: usize| self.get(i).is_some_and(|t| t.start >= spoken);
        let between = || (0..self.phrase_at).rev().take_while(|i| behind(*i));
        let later = between().any(|i| self.is(i, |w| *w == Word::Cue(Cue::Supersedes)));
        // `positive in plasma cells, tumour negative`, but not `focally positive, most of tumour negative`.
        let of_tumour = |i: usize| {
            self.is(i, |w| matches!(w, Word::Cells(cells) if cells == "tumour"))
                && !(i > 0 && self.text_is(i - 1, "of"))
        };
        let ahead = (self.at..self.at + 4).any(of_tumour);
        let elsewhere = fact.cells.is_some() || between().any(|i| self.text_is(i, "in"));
        let own = value.cells.as_deref() == Some("tumour");
        let tumour = elsewhere && (own || between().any(of_tumour) || ahead);
        // `ALK-positive cells are absent`
        let none = value.verdict == Some(Verdict::Word(Polarity::Negative))
            && fact.status == Status::Positive
            && between().all(|i| {
                self.is(i, |w| {
                    matches!(w, Word::Copula | Word::Cells(_) | Word::Filler)
                })
            });
        value.verdict.is_some() && (later || tumour || none)
    }

    fn text_is(&self, at: usize, text: &str) -> bool {
        self.get(at).is_some_and(|t| self.tokens.text_of(t) == text)
    }

    /// Gives the markers answered last another result.
    fn correct(&mut self, value: &Value) {
        let end = self.get(self.at.saturating_sub(1)).map_or(0, |t| t.end);
        for index in self.last.clone() {
            if let Some(fact) = self.out.facts.get_mut(index)
                && let Some(status) = verdict_status(value)
            {
                fact.status = status;
                if let Some(start) = fact.source.span.map(|s| s.range().start) {
                    fact.source = self.source.place(start..end.max(start));
                }
                fact.cells = None;
                fact.extent.clone_from(&value.extent);
                fact.intensity.clone_from(&value.intensity);
                fact.percent = value.percent;
                fact.percent_op = value.percent_op;
                fact.score.clone_from(&value.score);
            }
        }
    }

    /// Exceptions say the opposite of the rest.
    fn answer_excepted(&mut self) {
        let opposite = match self.main {
            Some(Polarity::Negative) => Polarity::Positive,
            Some(Polarity::Positive) => Polarity::Negative,
            _ => return,
        };
        let excepted = std::mem::take(&mut self.excepted);
        if !excepted.is_empty() {
            let value = Value {
                verdict: Some(Verdict::Word(opposite)),
                ..Value::default()
            };
            self.emit_all(excepted, &value);
            self.excepting = false;
        }
    }

    /// Qualifiers without a result: of the next marker, of the list that goes on, or of the last answer.
    fn qualifiers(&mut self, count: usize, value: Value) {
        let end = self.at + count;
        let preposition = self.is(end, |w| *w == Word::Preposition);
        if let Some(cells) = &value.cells
            && !self.attaches_cells()
        {
            self.subject = (cells != "tumour").then(|| cells.clone());
            self.at = end;
            return;
        }
        if preposition && let Some((scope, Reach::List)) = &mut self.scope {
            // `positive for ALK and focally for desmin`
            scope.extent = None;
            scope.intensity = None;
            scope.add(value);
            self.at = end + 1;
            return;
        }
        self.at = end;
        let behind = self.waiting.is_empty() && !self.last.is_empty() && self.scope.is_none();
        if behind && !self.marker_follows(end) {
            self.refine(&value);
        } else {
            self.leading.add(value);
        }
    }

    /// Cells behind `in` or a result belong to the answer before; elsewhere they are the subject.
    fn attaches_cells(&self) -> bool {
        let before = self.at.checked_sub(1);
        let behind = before.is_some_and(|i| {
            self.get(i).is_some_and(|t| {
                matches!(
                    self.tokens.text_of(t),
                    "in" | "within" | "of" | "only" | "the"
                )
            }) || self.is(i, |w| {
                matches!(w, Word::Result(..) | Word::Extent(_) | Word::Preposition)
            })
        });
        behind && (!self.last.is_empty() || !self.waiting.is_empty())
    }

    /// Adds to the facts answered last what they lack.
    fn refine(&mut self, value: &Value) {
        let end = self.get(self.at.saturating_sub(1)).map_or(0, |t| t.end);
        for index in self.last.clone() {
            let Some(fact) = self.out.facts.get_mut(index) else {
                continue;
            };
            fact.extent = fact.extent.take().or_else(|| value.extent.clone());
            fact.intensity = fact.intensity.take().or_else(|| value.intensity.clone());
            fact.pattern = fact.pattern.take().or_else(|| value.pattern.clone());
            if fact.percent.is_none() && self.last.len() == 1 {
                fact.percent = value.percent;
                fact.percent_op = value.percent_op;
            }
            if self.last.len() == 1 {
                fact.score = fact.score.take().or_else(|| value.score.clone());
            }
            for place in &value.compartment {
                if !fact.compartment.contains(place) {
                    fact.compartment.push(place.clone());
                }
            }
            if fact.cells.is_none() {
                fact.cells = value.cells.clone().filter(|c| c != "tumour");
            }
            if fact.clone.is_none() {
                fact.clone.clone_from(&value.clone);
            }
            if let Some(covered) = self.out.covered.get_mut(index) {
                covered.end = covered.end.max(end);
            }
        }
    }

    /// A bracket that stands behind no marker.
    pub(super) fn loose_bracket(&mut self) {
        let Some(close) = self.closing(self.at) else {
            self.at += 1;
            return;
        };
        let inside = self.tokens.slice(self.at + 1..close);
        if (self.at + 1..close).any(|i| self.marker(i).is_some()) {
            self.at += 1;
            return;
        }
        let mut value = run(inside, Minus::Sign, Glue::Loose).1;
        value.clone = Self::clone_in(&inside, None);
        value.verdict = None;
        self.at = close + 1;
        self.refine(&value);
    }

    /// `the remaining markers`: those of the list of stains that have no reading yet.
    pub(super) fn take_remaining(&mut self) {
        let range = self.get(self.at).map_or(0..0, |t| t.start..t.end);
        let markers = self.tokens.vocab().markers();
        let excepted: Vec<&str> = (self.at..self.tokens.len())
            .skip_while(|i| !self.is(*i, |w| *w == Word::Exception))
            .filter_map(|i| self.marker(i).map(|m| m.name.as_str()))
            .collect();
        let read: BTreeSet<&str> = self.out.facts.iter().map(|f| f.marker.as_str()).collect();
        for name in self.listed.iter().map(String::as_str) {
            if !read.contains(name)
                && !excepted.contains(&name)
                && let Some(marker) = markers.iter().find(|m| m.name == name)
            {
                self.waiting.push(Mention {
                    marker,
                    written: range.clone(),
                    item: range.clone(),
                    clone: None,
                    repair: None,
                    extra: Value::default(),
                    end: self.at + 1,
                    token: self.at,
                    denied: false,
                });
            }
        }
    }

    /// Ends a clause: a bare `staining` was positive; markers still waiting had no result.
    pub(super) fn close(&mut self) {
        self.answer_excepted();
        if self.evidence.is_some() {
            self.answer_evidence();
        } else {
            // `未见ALK表达`: the noun belongs to the name.
            let (denied, waiting): (Vec<_>, Vec<_>) = std::mem::take(&mut self.waiting)
                .into_iter()
                .partition(|m| m.denied && m.extra.evidence);
            let expressed = Value {
                evidence: true,
                ..Value::default()
            };
            self.emit_all(denied, &expressed);
            self.out.listed.extend(
                waiting
                    .iter()
                    .map(|m| (m.marker.name.clone(), m.written.clone())),
            );
        }
        self.leading = Value::default();
        self.neither = false;
        self.denying = false;
        self.subject = None;
        if !self.goes_back(self.at + 1) {
            self.last = 0..0;
        }
    }

    /// `; repeat stain is negative`, `; neoplastic cells do not stain`: of the markers before.
    fn goes_back(&self, at: usize) -> bool {
        let goes = (at..at + 4)
            .take_while(|i| !self.is_mark(*i, &[';', '.', ',']))
            .any(|i| {
                self.is(i, |w| match w {
                    Word::Cue(Cue::Supersedes) => true,
                    Word::Cells(cells) => cells == "tumour",
                    _ => false,
                })
            });
        goes && (at..at + 8).all(|i| self.marker(i).is_none())
    }

    pub(super) fn emit_all(&mut self, mentions: Vec<Mention<'a>>, value: &Value) {
        let start = self.out.facts.len();
        let value_end = self.get(self.at.saturating_sub(1)).map_or(0, |t| t.end);
        let alone = mentions.len() == 1;
        for mut mention in mentions {
            // `ALK is strongly positive` is one statement; a list shares its result.
            if alone && mention.written.end < value_end && value_end - mention.written.end <= ITEM {
                mention.item.end = mention.item.end.max(value_end);
            }
            let mut own = value.clone();
            if mention.extra.qualifies() {
                own.extent = None;
                own.intensity = None;
                own.add(mention.extra.clone());
            }
            if mention.denied {
                deny(&mut own);
            }
            let hypothetical = self
                .hypothetical_from
                .is_some_and(|from| mention.token > from || self.at > from + 1);
            if hypothetical {
                self.out
                    .passed
                    .push((mention.written.clone(), Passed::Hypothetical));
                continue;
            }
            if let Some(fact) = reading(
                &mention,
                own,
                self.subject.as_deref(),
                self.setting,
                self.source,
            ) {
                self.out
                    .covered
                    .push(mention.written.start..value_end.max(mention.written.end));
                self.out.facts.push(fact);
            }
        }
        if self.out.facts.len() > start {
            self.last = start..self.out.facts.len();
        }
    }
}

/// Turns a result round.
fn deny(value: &mut Value) {
    let positive = matches!(
        value.verdict,
        Some(Verdict::Word(Polarity::Positive | Polarity::Evidence) | Verdict::Plus)
    );
    if positive || (value.verdict.is_none() && value.evidence) {
        *value = Value {
            verdict: Some(Verdict::Word(Polarity::Negative)),
            ..Value::default()
        };
    }
}

/// The status of a plain result.
fn verdict_status(value: &Value) -> Option<Status> {
    match value.verdict? {
        Verdict::Word(Polarity::Positive) | Verdict::Plus => Some(Status::Positive),
        Verdict::Word(Polarity::Negative) | Verdict::Minus => Some(Status::Negative),
        Verdict::Word(Polarity::Equivocal) | Verdict::PlusMinus => Some(Status::Equivocal),
        Verdict::Word(_) => None,
    }
}
