//! Results in running text and the markers they answer.

use std::collections::BTreeSet;

use crate::case::ihc::Status;
use crate::case::percent::Percent;
use crate::narrative::ihc::fact::reading;
use crate::narrative::ihc::{Mention, Reach, Reader};
use crate::narrative::lex::Kind;
use crate::narrative::passed::Passed;
use crate::narrative::value::{Glue, Minus, Value, Verdict, form, run};
use crate::vocab::{Form, Gap, Polarity, Role, Word};

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
        let column = self.get(end).is_some_and(|t| t.gap == Gap::Wide)
            && self.at_start()
            && self.marker_follows(end);
        if column && polar {
            self.scope = Some((value, Reach::Heading));
            self.at = end;
            return;
        }
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
        if self.opens_behind(end, &value, bare_evidence) {
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
        if verb && phrase.text().to_ascii_lowercase().starts_with("highlight") {
            self.object(&mut value);
        }
        self.denied_behind(&mut value);
        self.answer(value, bare_evidence, counted);
    }

    /// A result whose markers stand behind a verb (`No reactivity is seen for A or B`), or right behind a noun
    /// (`表达A、B`). True when it opened a scope.
    fn opens_behind(&mut self, end: usize, value: &Value, bare_evidence: bool) -> bool {
        let said = (end..self.tokens.len())
            .find(|i| !self.is(*i, |w| matches!(w, Word::Copula | Word::Detected)))
            .filter(|i| *i > end && self.is(*i, |w| *w == Word::Preposition));
        if let Some(preposition) = said
            && value.verdict.is_some()
            && self.waiting.is_empty()
            && self.marker_follows(preposition + 1)
        {
            self.note_main(value);
            self.scope = Some((value.clone(), Reach::List));
            self.at = preposition + 1;
            return true;
        }
        let phrase = self.tokens.slice(self.at..end);
        let glued = bare_evidence
            && self.waiting.is_empty()
            && self.marker_follows(end)
            && phrase.text().chars().all(|c| !c.is_ascii())
            && self.get(end).is_some_and(|t| t.gap == Gap::None);
        if glued {
            let positive = Value {
                verdict: Some(Verdict::Word(Polarity::Positive)),
                ..value.clone()
            };
            self.scope = Some((positive, Reach::List));
            self.at = end;
        }
        glued
    }

    /// `S100 highlights entrapped nerves`: what is highlighted is not the tumour unless it is called so.
    fn object(&self, value: &mut Value) {
        let end = (self.at..self.at + 6)
            .find(|i| self.get(*i).is_none_or(|t| matches!(t.kind, Kind::Mark(_))))
            .unwrap_or(self.at + 6);
        let object = self.tokens.slice(self.at..end.min(self.tokens.len()));
        let tumour = object.iter().any(|t| {
            object
                .words(t)
                .any(|w| matches!(w, Word::Cells(cells) if cells == "tumour"))
        });
        // `highlights scattered nuclei in about 5 %` says how many, not which.
        let counted = object
            .iter()
            .any(|t| t.kind == Kind::Number || object.words(t).any(|w| *w == Word::Nuclei));
        if value.cells.is_none() && !object.is_empty() && !tumour && !counted {
            value.cells = Some(object.text().trim().to_owned());
        }
    }

    /// `ALK positivity was ruled out`: the denial behind a noun.
    fn denied_behind(&mut self, value: &mut Value) {
        let positive = value.verdict == Some(Verdict::Word(Polarity::Positive)) || value.evidence;
        let mut at = self.at;
        while self.is(at, |w| *w == Word::Copula)
            || self
                .get(at)
                .is_some_and(|t| matches!(self.tokens.text_of(t), "could" | "can" | "be" | "been"))
        {
            at += 1;
        }
        let denies = self.is(at, |w| {
            matches!(
                w,
                Word::Role(Role::Denied) | Word::Result(Polarity::Negative, Form::Adjective)
            )
        });
        if positive && denies && at > self.at && !self.waiting.is_empty() {
            deny(value);
            self.at = at + 1;
        }
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
            } else if self.contradicts(&value) {
                self.doubt();
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
        if self.graded(end, &value) {
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

    /// `desmin focal, S100 negative`: an extent or intensity right behind a marker, and then the next item, is a
    /// positive result. True when it was taken as one.
    fn graded(&mut self, end: usize, value: &Value) -> bool {
        let grade = (value.extent.is_some() || value.intensity.is_some()) && !value.answers();
        let behind = self
            .waiting
            .last()
            .is_some_and(|m| m.end == self.at && !m.denied);
        let closes = self
            .get(end)
            .is_none_or(|t| matches!(t.kind, Kind::Mark(',' | ';' | '.')));
        let next_result = (end + 1..end + 12)
            .take_while(|i| self.get(*i).is_some_and(|t| t.kind != Kind::Mark(';')))
            .any(|i| self.is(i, |w| matches!(w, Word::Result(Polarity::Negative, _))));
        let ends =
            self.get(end).is_none() || (self.is_mark(end, &['.']) && self.get(end + 1).is_none());
        if !(grade && behind && closes && (next_result || ends)) {
            return false;
        }
        self.at = end;
        if let Some(mention) = self.waiting.pop() {
            let evidence = Value {
                evidence: true,
                ..value.clone()
            };
            self.emit_all(vec![mention], &evidence);
        }
        true
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
                let none = value.percent.is_some_and(|[_, high]| high == Percent::ZERO);
                if none && fact.status == Status::Positive {
                    // `positive in 0 % of cells`
                    fact.status = Status::Negative;
                }
            }
            if self.last.len() == 1 {
                fact.score = fact.score.take().or_else(|| value.score.clone());
            }
            for place in &value.compartment {
                if !fact.compartment.contains(place) {
                    fact.compartment.push(place.clone());
                }
            }
            let denied = (self.at.saturating_sub(6)..self.at).any(|i| {
                self.tokens
                    .get(i)
                    .is_some_and(|t| self.tokens.is(t, &Word::Negation))
            });
            if fact.cells.is_none() && !denied {
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
            self.list(&waiting);
        }
        self.leading = Value::default();
        self.neither = false;
        self.denying = false;
        self.subject = None;
        if !self.goes_back(self.at + 1) {
            self.last = 0..0;
        }
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
            let graded = mention.extra.extent.is_some() || mention.extra.intensity.is_some();
            let negative = value.verdict == Some(Verdict::Word(Polarity::Negative));
            if graded && negative && !alone {
                // `ALK (focal), S100 negative`: a negative stain has no extent.
                own = Value {
                    evidence: true,
                    ..Value::default()
                };
            }
            if mention.extra.qualifies() {
                own.extent = None;
                own.intensity = None;
                own.add(mention.extra.clone());
            }
            if mention.denied {
                deny(&mut own);
            }
            // `lack of ALK testing`: the test was not made.
            let test = ((mention.token + 1)..=mention.end).any(|i| {
                self.get(i).is_some_and(|t| {
                    matches!(
                        self.tokens.text_of(t),
                        "testing"
                            | "test"
                            | "stain"
                            | "results"
                            | "result"
                            | "analysis"
                            | "immunostain"
                    )
                })
            });
            if test && own.lacking {
                own.verdict = Some(Verdict::Word(Polarity::NotDone));
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
                &self.tokens,
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
    let turned = if positive || (value.verdict.is_none() && value.evidence) {
        Polarity::Negative
    } else if value.verdict == Some(Verdict::Word(Polarity::Negative)) {
        // `not negative` says too little.
        Polarity::Equivocal
    } else {
        return;
    };
    *value = Value {
        verdict: Some(Verdict::Word(turned)),
        ..Value::default()
    };
}
