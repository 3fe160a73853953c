//! Which markers a result answers, and what becomes a fact.
//!
//! ```text
//! answer  = waiting-markers phrase            ; all markers that wait share it, a number only the last
//! refined = answer qualifiers                 ; `positive in 30 % of cells, mainly cytoplasmic`
//! ```

use std::collections::BTreeSet;

use crate::case::ihc::Status;
use crate::case::percent::Percent;
use crate::narrative::ihc::fact::{by_grade, reading};
use crate::narrative::ihc::{Mention, Reader};
use crate::narrative::lex::Kind;
use crate::narrative::passed::Passed;
use crate::narrative::value::{Glue, Minus, Value, Verdict, run};
use crate::vocab::{Form, Gap, Polarity, Word};

/// Most bytes between a marker and its result for both to be quoted together.
const ITEM: usize = 80;

/// Verbs that say that a stain was found.
const SEEN_VERBS: &[&str] = &[
    "nachweis",
    "noted",
    "evident",
    "apparent",
    "visible",
    "appreciated",
    "encountered",
    "obtained",
    "recorded",
    "limited",
    "confined",
    "restricted",
    "documented",
    "demonstrable",
    "detectable",
    "discernible",
    "striking",
    "marked",
];
/// Words between a verb and what it says of a stain.
const SEEN: &[&str] = &[
    "only",
    "also",
    "in",
    "of",
    "as",
    "a",
    "an",
    "the",
    "throughout",
    "mainly",
    "predominantly",
    "largely",
    "clearly",
    "again",
];

impl<'a> Reader<'a, '_> {
    pub(super) fn note_main(&mut self, value: &Value) {
        // `Apart from A, none of the antibodies labelled the tumour`: the verb does not undo the `none`.
        if self.neither {
            self.main = Some(Polarity::Negative);
        } else if let Some(Verdict::Word(polarity)) = value.verdict {
            self.main = Some(polarity);
        }
    }

    /// A phrase behind markers that wait, or one that refines what was answered before.
    pub(super) fn answer(&mut self, mut value: Value, bare_evidence: bool, counted: bool) {
        let relative = (self.at.saturating_sub(5)..self.at).any(|i| {
            self.get(i)
                .is_some_and(|t| matches!(self.tokens.text_of(t), "which" | "who" | "that"))
        });
        let relative = relative || (self.excepting_to.is_some() && value.verdict.is_some());
        if !self.excepted.is_empty() && (self.main.is_some() || relative) && self.waiting.is_empty()
        {
            // `..., with the exception of SMA, which highlights scattered cells`, `除ALK阳性外`
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
            } else if self.repeats(&value) {
                self.refine(&value);
            } else if self.loss_denied(&value) {
                self.keep();
            } else if self.contradicts(&value) || self.doubts(&value) {
                self.doubt();
            } else if counted && self.marker_follows(self.at) {
                self.leading.add(value);
            } else {
                self.note_main(&value);
                self.answer_excepted();
                if value.verdict.is_some() {
                    // `..., but negative in the stroma`: what follows is not of the marker before.
                    self.last = 0..0;
                }
            }
            return;
        }
        let leading = std::mem::take(&mut self.leading);
        value.add(leading);
        if bare_evidence {
            if self.says_something_else() {
                if !self.comes_out() {
                    let waiting = std::mem::take(&mut self.waiting);
                    self.list(&waiting);
                }
            } else {
                self.evidence = Some(value);
            }
            return;
        }
        let evidence = self.evidence.take();
        self.note_main(&value);
        self.drop_answered_in_unknown_words();
        if counted {
            // `staining in 60% of cells`, `positive in 15% and B in 5%`
            // `a labelling index of 2%` says how many, not whether.
            let index = (self.phrase_at.saturating_sub(6)..self.phrase_at).any(|i| {
                self.get(i).is_some_and(|t| {
                    let text = self.tokens.text_of(t).to_ascii_lowercase();
                    text.contains("index") || text.contains("indices") || text.contains("rate")
                })
            });
            if let Some(evidence) = evidence.filter(|_| !index) {
                value.add(evidence);
            } else if self.shares_verb() || self.is_there() {
                value.evidence = true;
            }
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

    /// `A was positive in 15% and B in 5%`: the marker that waits has the result of the one before.
    fn shares_verb(&self) -> bool {
        let [mention] = self.waiting.as_slice() else {
            return false;
        };
        let joined = mention.token > 0 && self.is(mention.token - 1, |w| *w == Word::And);
        let before = self
            .last
            .end
            .checked_sub(1)
            .and_then(|i| self.out.facts.get(i));
        joined
            && self.text_is(mention.end, "in")
            && before.is_some_and(|fact| fact.status == Status::Positive && fact.percent.is_some())
    }

    /// `A is present in 60% of tumour cells`: only that it is there stands between the marker and the number.
    fn is_there(&self) -> bool {
        let Some(mention) = self.waiting.last() else {
            return false;
        };
        let between = mention.end..self.phrase_at;
        let there = |i: usize| {
            self.is(i, |w| matches!(w, Word::Copula | Word::Detected)) || self.text_is(i, "in")
        };
        between
            .clone()
            .any(|i| self.is(i, |w| *w == Word::Detected))
            && between.into_iter().all(there)
    }

    /// `shows A expression`, `A staining is noted`, `spindle cells with A staining`: a verb of showing or finding, or
    /// `with`, in the part of the sentence where the markers stand. The noun alone may name the test (`A expression by
    /// IHC was studied`).
    pub(super) fn says_there_was(&self, waiting: &[Mention<'a>]) -> bool {
        let first = waiting.first().map_or(0, |m| m.token);
        let ends = |i: &usize| self.is_mark(*i, &[';', ':', '.']);
        let start = (0..first).rev().find(ends).map_or(0, |i| i + 1);
        let verb = |i: usize| self.is(i, |w| matches!(w, Word::Copula | Word::Detected));
        (start..self.at).any(|i| {
            let said = verb(i) || self.says_seen_word(i);
            let shown = self.text_is(i, "with") && i < first;
            shown || (said && !(i > first && verb(i) && self.something_else(i + 1)))
        })
    }

    /// A verb of finding that is no word of the vocabulary.
    fn says_seen_word(&self, at: usize) -> bool {
        self.get(at).is_some_and(|t| {
            SEEN_VERBS.contains(&self.tokens.text_of(t).to_ascii_lowercase().as_str())
        })
    }

    /// `staining is being repeated`: behind the noun stands a verb that is not known to say that there was any.
    fn says_something_else(&self) -> bool {
        let mut at = self.at;
        while self.is(at, |w| *w == Word::Copula) {
            at += 1;
        }
        at > self.at && self.something_else(at)
    }

    /// `staining was repeated on block A7 and remains negative`: the result stands behind `and` and a verb, and no
    /// other marker before it.
    fn comes_out(&self) -> bool {
        let part = (self.at..self.tokens.len())
            .take_while(|i| self.marker(*i).is_none() && !self.is_mark(*i, &[';', ':', '.']));
        let polar = |w: &Word| {
            matches!(
                w,
                Word::Result(Polarity::Positive | Polarity::Negative, Form::Adjective)
            )
        };
        part.into_iter().any(|i| {
            self.is(i, |w| *w == Word::And)
                && self.is(i + 1, |w| *w == Word::Copula)
                && (i + 2..i + 5).any(|k| self.is(k, polar))
        })
    }

    /// Whether a word that is not known, and none of finding, stands at this place.
    fn something_else(&self, at: usize) -> bool {
        self.get(at).is_some_and(|t| {
            let text = self.tokens.text_of(t).to_lowercase();
            t.kind == Kind::Other
                && text.chars().any(char::is_alphabetic)
                && !SEEN_VERBS.contains(&text.as_str())
                && !SEEN.contains(&text.as_str())
        })
    }

    /// `ALK xyz, S100 negative`: a word that is not known in the place of a result is a result of its own; what comes
    /// later is not that of the marker.
    fn drop_answered_in_unknown_words(&mut self) {
        let last = self.waiting.last().map_or(0, |m| m.token);
        let waiting = std::mem::take(&mut self.waiting);
        let (unknown, waiting): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|m| {
            m.token != last
                && self
                    .get(m.end)
                    .is_some_and(|t| t.kind == Kind::Other && t.gap > Gap::None)
                && self.is_mark(m.end + 1, &[','])
                && !["too", "also", "all", "both", "either"]
                    .iter()
                    .any(|text| self.text_is(m.end, text))
        });
        self.waiting = waiting;
        self.list(&unknown);
    }

    /// Exceptions say the opposite of the rest.
    pub(super) fn answer_excepted(&mut self) {
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

    /// Adds to the facts answered last what they lack.
    pub(super) fn refine(&mut self, value: &Value) {
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
                let graded = || by_grade(fact.score.as_deref(), &fact.source.text);
                fact.intensity = fact.intensity.take().or_else(graded);
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
            // `absent in the tumour but present in histiocytes`
            let contrast = (self.at.saturating_sub(6)..self.at).any(|i| {
                self.tokens
                    .get(i)
                    .is_some_and(|t| self.tokens.is(t, &Word::Contrast))
            });
            if fact.cells.is_none() && !denied && !contrast {
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
        // `A(-),XYZ(+++)`: the bracket of a name that is not known says nothing of the marker before it.
        let unknown = self.at > 1
            && self.get(self.at).is_some_and(|t| t.gap == Gap::None)
            && self
                .get(self.at - 1)
                .is_some_and(|t| t.kind == Kind::Other && self.tokens.text_of(t).is_ascii())
            && (0..self.at)
                .rev()
                .take(4)
                .any(|i| self.is_mark(i, &[',', ';']));
        if unknown {
            self.at = close + 1;
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
                && !self.excepted.iter().any(|m| m.marker.name == name)
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
                    sought: false,
                    graded: None,
                });
            }
        }
    }

    /// Markers that wait and get no result: those with an extent or intensity right before them are positive, the
    /// others are listed.
    pub(super) fn drop_waiting(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        let (graded, other): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|m| m.graded.is_some() && !m.denied);
        for mention in graded {
            let value = Value {
                evidence: true,
                ..mention.graded.clone().unwrap_or_default()
            };
            self.emit_all(vec![mention], &value);
        }
        self.list(&other);
    }

    /// Ends a clause: a bare `staining` was positive; markers still waiting had no result.
    pub(super) fn close(&mut self) {
        self.answer_excepted();
        if self.evidence.is_some() {
            self.answer_evidence();
        } else {
            // `未见ALK表达`, `检测到ALK蛋白表达`: the noun belongs to the name.
            let waiting = std::mem::take(&mut self.waiting);
            let found = |m: &Mention<'_>| {
                m.extra.evidence && m.token > 0 && self.is(m.token - 1, |w| *w == Word::Detected)
            };
            let (denied, waiting): (Vec<_>, Vec<_>) = waiting
                .into_iter()
                .partition(|m| (m.denied && (m.extra.evidence || m.sought)) || found(m));
            let expressed = Value {
                evidence: true,
                ..Value::default()
            };
            self.emit_all(denied, &expressed);
            self.waiting = waiting;
            self.drop_waiting();
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
                // `strongly positive for SMA (focal)`; a bracket of the place alone changes no extent.
                if graded {
                    own.extent = None;
                    own.intensity = None;
                }
                own.add(mention.extra.clone());
            }
            // `strong A and moderate B expression`
            if let Some(graded) = mention.graded.as_ref().filter(|_| !alone && !negative) {
                own.extent.clone_from(&graded.extent);
                own.intensity.clone_from(&graded.intensity);
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
            self.last_verdict = value.verdict.or(value.evidence.then_some(Verdict::Plus));
        }
    }
}

/// Turns a result round.
pub(super) fn deny(value: &mut Value) {
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
