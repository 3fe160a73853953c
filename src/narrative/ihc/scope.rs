//! What opens, keeps and ends a scope: lists, exceptions, contrasts, and parts that speak of the marker before.

use crate::narrative::ihc::mention::Mention;
use crate::narrative::ihc::{Reach, Reader};
use crate::narrative::value::{Value, Verdict};
use crate::vocab::{Assay, Form, Polarity, Word};

/// Most tokens looked ahead for what became of a stain.
const LOOK: usize = 24;

impl Reader<'_, '_> {
    /// `a stain to exclude leiomyosarcoma was negative`: why it was made, not whether.
    pub(super) fn purpose(&self, at: usize) -> bool {
        let text = self.get(at).map_or(String::new(), |t| {
            self.tokens.text_of(t).to_ascii_lowercase()
        });
        let to = text.starts_with("to ") && !self.waiting.is_empty();
        // `the possibility of leiomyosarcoma was considered, and A is negative`
        let of = text.ends_with(" of");
        (to || of)
            && (at + 1..at + 3).any(|i| {
                self.get(i)
                    .is_some_and(|t| self.tokens.disease(t).is_some())
            })
    }

    /// `convincing, if rather weak, staining`: how much, not whether.
    pub(super) fn concedes(&self, at: usize) -> bool {
        let inserted = at > 0 && self.is_mark(at - 1, &[',']);
        let end = (at + 1..at + 5).find(|i| self.is_mark(*i, &[',']));
        inserted
            && end.is_some_and(|end| {
                (at + 1..end)
                    .any(|i| self.is(i, |w| matches!(w, Word::Extent(_) | Word::Intensity(_))))
                    && !(at + 1..end)
                        .any(|i| self.is(i, |w| matches!(w, Word::Result(..) | Word::Copula)))
            })
    }

    /// Behind a semicolon: `it is positive`, `both runs were negative`, `the result is awaited`.
    pub(super) fn speaks_of_it(&self, at: usize) -> bool {
        let part = || (at..self.tokens.len()).take_while(|i| !self.is_mark(*i, &[';']));
        let back = self.get(at).is_some_and(|t| {
            matches!(
                self.tokens.text_of(t).to_ascii_lowercase().as_str(),
                "it" | "both" | "all" | "this" | "these" | "which" | "result" | "results" | "the"
            )
        });
        let other = part().any(|i| {
            self.marker(i).is_some()
                || self.get(i).is_some_and(|t| self.tokens.gene(t).is_some())
                || self.is(i, |w| {
                    matches!(
                        w,
                        Word::Rearrangement | Word::Cells(_) | Word::Assay(Assay::Fish)
                    )
                })
        });
        let the = self.text_is(at, "the")
            && !(at + 1..at + 3).any(|i| {
                self.is(i, |w| {
                    *w == Word::Filler || matches!(w, Word::Result(Polarity::Evidence, _))
                })
            });
        back && !other && !the
    }

    // other-clone = ";" "with" ["clone"] clone
    /// `a stain with ALK1 was equivocal; with clone 5A4, there was weak labelling`: the marker answered last, with
    /// another antibody. False when something else follows.
    pub(super) fn other_clone(&mut self, from: usize) -> bool {
        let Some(before) = self
            .last
            .end
            .checked_sub(1)
            .and_then(|i| self.out.facts.get(i))
            .map(|fact| (fact.marker.clone(), fact.clone.clone()))
        else {
            return false;
        };
        if !self.is(from, |w| *w == Word::Preposition) {
            return false;
        }
        let at = from + 1 + usize::from(self.text_is(from + 1, "clone"));
        let markers = self.tokens.vocab().markers();
        let Some((token, marker)) = self
            .get(at)
            .zip(markers.iter().find(|m| m.name == before.0))
        else {
            return false;
        };
        let clone = self
            .tokens
            .clone_name(token)
            .filter(|c| c.markers.contains(&marker.name) && Some(&c.name) != before.1.as_ref());
        let Some(clone) = clone else {
            return false;
        };
        self.close();
        self.end_scope();
        self.hypothetical_from = None;
        let mut mention = Mention::of(&self.tokens, token, marker, at);
        mention.clone = Some(clone.name.clone());
        self.at = at + 1 + usize::from(self.is_mark(at + 1, &[',']));
        mention.end = self.at;
        self.waiting.push(mention);
        true
    }

    /// `negative for A, with B expression`: what stands behind `with` is something else.
    pub(super) fn with(&mut self, at: usize) {
        let negative = self.scope.as_ref().is_some_and(|(value, reach)| {
            *reach == Reach::List && value.verdict == Some(Verdict::Word(Polarity::Negative))
        });
        let with = self
            .get(at)
            .is_some_and(|t| self.tokens.text_of(t) == "with");
        if negative && with && !self.last.is_empty() {
            self.end_scope();
        }
    }

    /// Ends a scope that does not hold for the whole sentence.
    pub(super) fn end_scope(&mut self) {
        if !matches!(self.scope, Some((_, Reach::Heading | Reach::Bracket))) {
            self.scope = None;
        }
    }

    /// At a comma or `and`: exceptions and a negation end where no marker follows.
    pub(super) fn list_goes_on(&mut self, at: usize) {
        let marker = self.marker_follows(at + 1)
            || (self.is(at + 1, |w| matches!(w, Word::And | Word::Or))
                && self.marker_follows(at + 2));
        let unlike = self
            .get(0)
            .is_some_and(|t| self.tokens.text_of(t).eq_ignore_ascii_case("unlike"));
        if unlike && self.is_mark(at, &[',']) {
            self.excepting = false;
        }
        if self.is_mark(at, &[',']) && self.exception_ends(at) {
            self.excepting = false;
            return;
        }
        if marker {
            return;
        }
        // `negative for A and shows B`: a verb begins something new.
        if self.is(at + 1, |w| {
            matches!(w, Word::Copula | Word::Result(_, Form::Verb))
        }) {
            self.end_scope();
            self.denying = false;
        }
        if !self.excepted.is_empty() {
            self.excepting = false;
        }
        if self.waiting.is_empty() {
            self.denying = false;
        }
    }

    /// `weak but unequivocal labelling`: two words for one result.
    pub(super) fn grades_twice(&self, at: usize) -> bool {
        let graded = |w: &Word| matches!(w, Word::Extent(_) | Word::Intensity(_));
        let result =
            |w: &Word| matches!(w, Word::Result(Polarity::Evidence | Polarity::Positive, _));
        let near = || (at + 1..at + 4).take_while(|i| !self.is_mark(*i, &[',', ';', '.', '(']));
        !self.waiting.is_empty()
            && at > 0
            && self.is(at - 1, graded)
            && near().any(|i| self.is(i, result))
            && !near().any(|i| self.marker(i).is_some() || self.is(i, |w| *w == Word::Negation))
    }

    /// `an ALK stain was attempted, but the section washed off`: what follows says only that there is no result.
    pub(super) fn failed_behind(&self, from: usize) -> bool {
        let rest = || from..self.tokens.len().min(from + LOOK);
        let none = |w: &Word| {
            matches!(
                w,
                Word::Result(Polarity::Failed | Polarity::NotDone | Polarity::Pending, _)
            )
        };
        rest().any(|i| self.is(i, none)) && !rest().any(|i| self.marker(i).is_some())
    }

    /// `With the exception of A and B, the C and D are negative`: an exception that opens the sentence ends at the
    /// comma behind its `and`, before an article, or at the last comma before the result.
    pub(super) fn exception_ends(&self, at: usize) -> bool {
        let opens = self.excepting && !self.excepted.is_empty() && self.main.is_none();
        let Some(opened) = (0..at)
            .rev()
            .find(|i| self.is(*i, |w| *w == Word::Exception))
            .filter(|_| opens && self.out.facts.is_empty())
        else {
            return false;
        };
        let joined = (opened..at).any(|i| {
            self.is(i, |w| matches!(w, Word::And | Word::Or)) && self.marker_follows(i + 1)
        });
        let said = |w: &Word| {
            matches!(w, Word::Copula | Word::Result(..))
                && !matches!(w, Word::Result(Polarity::Evidence, _))
        };
        let last = (at + 1..self.tokens.len())
            .take_while(|i| !self.is(*i, said))
            .all(|i| !self.is_mark(i, &[',']));
        joined || self.article(at + 1) || last
    }

    /// `desmin is negative, as is ALK`, `nor is ALK`: the marker has the result of the one before. False when it
    /// has a result of its own.
    pub(super) fn likewise(&mut self, at: usize) -> bool {
        let nor = self
            .get(at)
            .is_some_and(|t| self.tokens.text_of(t).to_ascii_lowercase().starts_with('n'));
        let verdict = if nor {
            Some(Verdict::Word(Polarity::Negative))
        } else {
            self.last_verdict
        };
        if self.last.is_empty() || verdict.is_none() || !self.marker_follows(at + 1) {
            return false;
        }
        let value = Value {
            verdict,
            ..Value::default()
        };
        self.scope = Some((value, Reach::List));
        self.denying = false;
        self.at += 1;
        true
    }
}
