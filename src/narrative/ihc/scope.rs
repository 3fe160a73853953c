//! What opens, keeps and ends a scope: lists, contrasts, suppositions, and parts that speak of the marker before.

use crate::narrative::ihc::{Reach, Reader};
use crate::narrative::lex::Kind;
use crate::narrative::value::{Value, Verdict};
use crate::vocab::{Assay, Cue, Form, Polarity, Role, Word};

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
        // `In the absence of A expression, B testing is advised.`
        let absent = self.get(0).is_some_and(|t| {
            let text = self.tokens.text_of(t).to_lowercase();
            text.starts_with("in the absence") || text.starts_with("in absence")
        });
        if absent && self.is_mark(at, &[',']) {
            self.end_scope();
        }
        if self.neither && self.neither_ends(at) {
            self.scope = None;
            self.neither = false;
            self.denying = false;
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

    /// `Ni A ni B`, `Noch A, noch B`: the first of two words for `nor`, where a part begins.
    pub(super) fn nor_twice(&self, at: usize) -> bool {
        let nor = |i: usize| {
            let text = self.get(i).map(|t| self.tokens.text_of(t).to_lowercase());
            text.filter(|text| ["ni", "noch", "né", "nem"].contains(&text.as_str()))
        };
        let begins = at.checked_sub(1).is_none_or(|i| {
            self.is_mark(i, &[';', '.', ',', ':']) || self.is(i, |w| *w == Word::Contrast)
        });
        begins
            && self.marker_follows(at + 1)
            && nor(at).is_some()
            && (at + 2..at + LOOK).any(|i| nor(i) == nor(at))
            && !(0..at).any(|i| nor(i).is_some())
    }

    /// `neither A nor B is expressed, C is positive`: the result of `neither` was said, and what follows has its own.
    fn neither_ends(&self, at: usize) -> bool {
        let neither = |i: &usize| self.is(*i, |w| *w == Word::Neither) || self.nor_twice(*i);
        let said = |i: usize| {
            self.is(i, |w| {
                matches!(w, Word::Copula | Word::Result(..)) && *w != Word::Neither
            })
        };
        let before = (0..at).rev().take_while(|i| !neither(i));
        let behind = (at + 1..self.tokens.len()).take_while(|i| !self.is_mark(*i, &[',', ';']));
        before.into_iter().any(said) && self.marker_follows(at + 1) && behind.into_iter().any(said)
    }

    /// `für B und C dagegen negativ`: a word of contrast between the markers and their result.
    pub(super) fn contrasts_behind(&self, at: usize) -> bool {
        let result = |i: usize| {
            self.is(i, |w| {
                matches!(
                    w,
                    Word::Result(Polarity::Positive | Polarity::Negative, Form::Adjective)
                )
            })
        };
        let behind = (self.waiting.last()).is_some_and(|m| m.end == at);
        let next = at + 1 + usize::from(self.is(at + 1, |w| *w == Word::Copula));
        // `hingegen komplett negativ`
        let adverb = !result(next) && self.get(next).is_some_and(|t| t.kind == Kind::Other);
        let next = next + usize::from(adverb);
        behind && result(next) && !self.is(next + 1, |w| *w == Word::Preposition)
    }

    /// A word of contrast: what was opened ends, and what waits has no result but that of another test.
    pub(super) fn contrast(&mut self, at: usize) {
        self.end_scope();
        if self.evidence.is_some() {
            // `ALK staining was seen, but not in ...`
            self.answer_evidence();
        }
        // `SMA and desmin but not ALK are positive` goes on; `stain with SMA, while ALK ...` does not.
        let also = self.is(at + 1, |w| *w == Word::Negation)
            || self
                .get(at + 1)
                .is_some_and(|t| self.tokens.text_of(t) == "also")
            || self.failed_behind(at + 1);
        if !also && self.excepted.is_empty() {
            let waiting = std::mem::take(&mut self.waiting);
            self.list(&waiting);
        }
        if self.neither {
            self.scope = None;
        }
        self.leading = Value::default();
        self.neither = false;
        self.denying = false;
        self.hypothetical_from = None;
        self.at += 1;
    }

    /// A word of supposition: what follows is no result, up to the end of the part.
    pub(super) fn supposes(&mut self, at: usize) {
        let supposed = self.is(at, |w| matches!(w, Word::Cue(Cue::Hypothetical)))
            && !self.purpose(at)
            && !self.concedes(at);
        // `不除外ALK阳性IMT`
        let excluded =
            self.is(at, |w| *w == Word::Role(Role::NotExcluded)) && self.marker_follows(at + 1);
        if supposed || excluded {
            self.hypothetical_from = self.hypothetical_from.or(Some(at));
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

    /// `SMA is positive and A too`: the markers that wait have the result of the one before. False when nothing waits
    /// or more follows.
    pub(super) fn too(&mut self, at: usize) -> bool {
        let said = [
            "too",
            "likewise",
            "also",
            "ebenfalls",
            "ebenso",
            "également",
            "también",
            "ook",
        ]
        .iter()
        .any(|text| self.text_is(at, text));
        let ends = (self.get(at + 1)).is_none_or(|t| matches!(t.kind, Kind::Mark('.' | ',' | ';')));
        let value = Value {
            verdict: self.last_verdict,
            ..Value::default()
        };
        let takes = said && ends && !self.waiting.is_empty() && !self.denying;
        let takes =
            takes && self.evidence.is_none() && !self.last.is_empty() && value.verdict.is_some();
        if takes {
            let waiting = std::mem::take(&mut self.waiting);
            self.at += 1;
            self.emit_all(waiting, &value);
        }
        takes
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
        // `as are those for A`
        let those = self.text_is(at + 1, "those") || self.text_is(at + 1, "that");
        let those = those && self.is(at + 2, |w| *w == Word::Preposition);
        let from = at + 1 + if those { 2 } else { 0 };
        if self.last.is_empty() || verdict.is_none() || !self.marker_follows(from) {
            return false;
        }
        let value = Value {
            verdict,
            ..Value::default()
        };
        self.scope = Some((value, Reach::List));
        self.denying = false;
        self.at = from;
        true
    }
}
