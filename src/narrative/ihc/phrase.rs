//! Results in running text and the markers they answer.

use crate::narrative::ihc::answer::deny;
use crate::narrative::ihc::{Reach, Reader};
use crate::narrative::lex::{Kind, Token, Tokens};
use crate::narrative::value::{ARTICLES, Glue, Minus, Value, Verdict, form, is_small, run};
use crate::vocab::{Form, Gap, Polarity, Role, Word};

impl Reader<'_, '_> {
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
        if !polar && self.grades_exception(&value, end) {
            return;
        }
        if polar && self.answered_by_clone(end, &value) {
            return;
        }
        let bare_evidence =
            value.evidence && !polar && !value.qualifies() && value.pattern.is_none();
        let counted = !polar && !value.evidence && value.pattern.is_none();
        // `Positive markers: A, B`
        let fillers = (end..end + 3)
            .take_while(|i| self.is(*i, |w| *w == Word::Filler))
            .count();
        let fillers = fillers + self.count_in_bracket(end + fillers);
        let end = if self.is_mark(end + fillers, &[':']) && self.waiting.is_empty() && polar {
            end + fillers
        } else {
            end
        };
        // `The following are negative: ...` anywhere, `Negative - ...` where a line begins.
        if polar && self.heads_list(&phrase, end, fillers, &value) {
            return;
        }
        let end = end + usize::from(polar && self.abbreviated(end));
        // `positivity, 25% of tumour cells` says where, not of which marker.
        let article = self.article(end + 1) || self.text_is(end + 1, "de");
        let behind = end + 1 + usize::from(article);
        let of_cells = self.is(behind, |w| matches!(w, Word::Cells(_)));
        // `ALK negative with a good control`: nothing behind the preposition takes the result.
        let takes = self.waiting.is_empty() || bare_evidence || {
            (end + 1..end + 8)
                .take_while(|i| !self.is_mark(*i, &[',', ';', '.']))
                .any(|i| self.marker(i).is_some())
        };
        if self.is(end, |w| *w == Word::Preposition) && !counted && !of_cells && takes {
            // `Staining for ALK is positive`: the noun alone says nothing yet, but `there is expression of ALK` does.
            let shown = bare_evidence && self.shown_before() && self.marker_follows(end + 1);
            if !bare_evidence || shown {
                let mut value = value;
                value.add(std::mem::take(&mut self.leading));
                self.note_main(&value);
                self.scope = Some((value, Reach::List));
                self.drop_waiting();
                self.evidence = None;
            }
            self.at = end + 1;
            return;
        }
        // `retrouve une expression d'ALK`
        if bare_evidence && self.shown_before() && self.marker_follows(end) {
            self.scope = Some((value, Reach::List));
            self.at = end;
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
            // `表达A、B` takes a list like a verb.
            let list = verb || phrase.text().chars().all(|c| !c.is_ascii());
            self.scope = Some((value, if list { Reach::List } else { Reach::One }));
            self.drop_waiting();
            self.at = end;
            return;
        }
        self.at = end;
        if verb && shows(&phrase) && self.result_in_object() {
            return;
        }
        if verb && shows(&phrase) {
            self.object(&mut value);
        }
        self.denied_behind(&mut value);
        // `A staining is negative, B is positive`: the noun has its result now.
        let bare_evidence = bare_evidence && value.verdict.is_none();
        self.answer(value, bare_evidence, counted);
    }

    /// `con excepción de una tinción débil de A, B y C son negativos`: how the exception stains. True when it is said
    /// of one.
    fn grades_exception(&mut self, value: &Value, end: usize) -> bool {
        let opens = self.excepting && self.main.is_none() && self.out.facts.is_empty();
        if opens && value.evidence {
            self.leading.add(Value {
                extent: value.extent.clone(),
                intensity: value.intensity.clone(),
                compartment: value.compartment.clone(),
                ..Value::default()
            });
            self.at = end;
        }
        opens && value.evidence
    }

    /// `ALK stellt sich negativ dar`: the verb only leads to the result behind it.
    fn result_in_object(&self) -> bool {
        let manner = (self.at..self.at + 4)
            .take_while(|i| self.get(*i).is_some_and(|t| says_how(&self.tokens, t)))
            .count();
        self.is(self.at + manner, |w| {
            matches!(w, Word::Result(_, Form::Adjective))
        })
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
        // `färbt sich kräftig an`, `marks well`: how it stains, and no cells.
        let manner = object.iter().all(|t| says_how(&object, t));
        if value.cells.is_none() && !manner && !tumour && !counted {
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
        // `ALK färbt sich nicht an`, `le CD34 ne marque pas les cellules`
        let not = (self.at..self.at + 3)
            .take_while(|i| {
                self.get(*i)
                    .is_some_and(|t| !matches!(t.kind, Kind::Mark(_)))
            })
            .find(|i| {
                self.get(*i).is_some_and(|t| {
                    matches!(self.tokens.text_of(t), "nicht" | "niet" | "pas" | "not")
                })
            });
        if let Some(not) = not
            && positive
            && form(&self.tokens.slice(self.phrase_at..self.at)) == Some(Form::Verb)
            && !self.waiting.is_empty()
        {
            deny(value);
            value.cells = None;
            self.at = not + 1;
            return;
        }
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
        // `ne sont pas marquées par A`
        let verb = form(&self.tokens.slice(self.at..end)) == Some(Form::Verb);
        let not = before.is_some_and(|i| {
            ["pas", "point", "nicht", "niet", "not"]
                .iter()
                .any(|text| self.text_is(i, text))
        });
        if verb && not && !self.denying {
            deny(value);
        }
        // `None of the following is expressed: A, B`
        if self.neither && self.out.facts.is_empty() && self.waiting.is_empty() {
            deny(value);
        }
        // The negation of a marker is applied with the marker.
        if self.denying && self.waiting.iter().all(|m| !m.denied) {
            self.denying = false;
            deny(value);
        }
    }

    /// Nothing but labels and punctuation before this place.
    pub(super) fn at_start(&self) -> bool {
        let part = (0..self.at)
            .rev()
            .find(|i| self.is_mark(*i, &[';']))
            .map_or(0, |i| i + 1);
        (part..self.at).all(|i| {
            self.is_mark(i, &[':', '-', '*', '•', '.', ',', ')', '('])
                || self.is(i, |w| matches!(w, Word::Section(_) | Word::Assay(_)))
        })
    }

    pub(super) fn marker_follows(&self, at: usize) -> bool {
        let mut at = at;
        #[allow(
            clippy::explicit_counter_loop,
            reason = "a bound on the steps, not a count"
        )]
        for _ in 0..7 {
            if self.marker(at).is_some() {
                return true;
            }
            // `par l'anticorps anti-ALK`
            let hyphen = at > 0 && self.is_mark(at, &['-']) && self.text_is(at - 1, "anti");
            if !(self.article(at) || hyphen) {
                return false;
            }
            at += 1;
        }
        false
    }

    /// An article before a name, or the apostrophe of an elided one (`l'actine`).
    pub(super) fn article(&self, at: usize) -> bool {
        self.is_mark(at, &['\'', '’'])
            || self.get(at).is_some_and(|t| {
                const OTHERS: [&str; 16] = [
                    "d",
                    "l",
                    "gli",
                    "i",
                    "dem",
                    "een",
                    "o",
                    "both",
                    "anti",
                    "antibody",
                    "antibodies",
                    "anticorps",
                    "anticuerpo",
                    "Antikörper",
                    "to",
                    "against",
                ];
                let word = self.tokens.text_of(t);
                ARTICLES.contains(&word) || OTHERS.contains(&word)
            })
    }

    /// Qualifiers without a result: of the next marker, of the list that goes on, or of the last answer.
    fn qualifiers(&mut self, count: usize, value: Value) {
        let end = self.at + count;
        let preposition = self.is(end, |w| *w == Word::Preposition);
        if self.stains_for(end, &value) {
            return;
        }
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
            // `strong A and moderate B expression`: each marker has its own.
            let graded = value.extent.is_some() || value.intensity.is_some();
            if graded && self.waiting.last().is_some_and(|m| m.graded.is_some()) {
                self.leading.extent = None;
                self.leading.intensity = None;
            }
            self.leading.add(value);
        }
    }

    /// `desmin focal, S100 negative`: an extent or intensity right behind a marker, and then the next item, is a
    /// positive result. True when it was taken as one.
    fn graded(&mut self, end: usize, value: &Value) -> bool {
        let grade = (value.extent.is_some() || value.intensity.is_some()) && !value.answers();
        let linked = |m: usize| {
            let verb = (m..self.at).all(|i| self.is(i, |w| *w == Word::Copula)) && self.at <= m + 2;
            // `A there was recorded as patchy, and B as negative`
            let called = self.at > m && self.text_is(self.at - 1, "as") && self.at <= m + 5;
            verb || (called && (m..self.at).all(|i| self.marker(i).is_none()))
        };
        let behind = (self.waiting.last()).is_some_and(|m| linked(m.end) && !m.denied);
        let said = self.at > 0 && self.is(self.at - 1, |w| *w == Word::Copula);
        let closes = self
            .get(end)
            .is_none_or(|t| matches!(t.kind, Kind::Mark(',' | ';' | '.')))
            // `A is weak and B does not stain`
            || (said && self.is(end, |w| *w == Word::And) && self.marker_follows(end + 1));
        let next_result = (end..end + 12)
            .take_while(|i| self.get(*i).is_some_and(|t| t.kind != Kind::Mark(';')))
            .any(|i| self.is(i, |w| matches!(w, Word::Result(Polarity::Negative, _))));
        // `ALK strong S100 negative`
        let next_item = self.marker_follows(end) && next_result && !self.is_mark(self.at, &[',']);
        let ends = self.get(end).is_none()
            || self.is_mark(end, &[';'])
            || (self.is_mark(end, &['.']) && self.get(end + 1).is_none());
        // `cyclin D1 strong nuclear, 70%`
        let number = self.is_mark(end, &[','])
            && value.intensity.is_some()
            && self.get(end + 1).is_some_and(|t| t.kind == Kind::Number)
            && self.is_mark(end + 2, &['%']);
        if !(grade && behind && ((closes && (next_result || ends || said)) || next_item || number))
        {
            return false;
        }
        self.at = end;
        let group = match self.waiting.pop() {
            // `desmin, SMA and caldesmon strong`
            Some(last) if ends || said => {
                let mut group = self.joined_to(last.token);
                group.push(last);
                group
            }
            last => last.into_iter().collect(),
        };
        let evidence = Value {
            evidence: true,
            ..value.clone()
        };
        self.emit_all(group, &evidence);
        true
    }

    /// Cells behind `in` or a result belong to the answer before; elsewhere they are the subject.
    fn attaches_cells(&self) -> bool {
        let before = self.at.checked_sub(1);
        let behind = before.is_some_and(|i| {
            self.get(i).is_some_and(|t| {
                let text = self.tokens.text_of(t);
                is_small(text) || ["in", "within", "of", "en", "dans"].contains(&text)
            }) || self.is(i, |w| {
                matches!(w, Word::Result(..) | Word::Extent(_) | Word::Preposition)
            })
        });
        behind && (!self.last.is_empty() || !self.waiting.is_empty())
    }
}

/// A particle of a verb in two parts (`färbt sich an`), or a word of how it stains.
pub(super) fn says_how(tokens: &Tokens<'_>, token: &Token<'_>) -> bool {
    const PARTICLES: [&str; 7] = ["sich", "se", "an", "aan", "dar", "well", "it"];
    let how = |w: &Word| {
        matches!(
            w,
            Word::Extent(_) | Word::Intensity(_) | Word::Compartment(_)
        )
    };
    PARTICLES.contains(&tokens.text_of(token)) || tokens.words(token).any(how)
}

/// Verbs whose object says which cells are stained: `highlights entrapped nerves`.
fn shows(phrase: &Tokens<'_>) -> bool {
    const VERBS: &[&str] = &[
        "highlight",
        "outline",
        "decorat",
        "bring",
        "brought",
        "identif",
        "mark",
        "marca",
        "marque",
        "stell",
        "färb",
        "tiñe",
        "kleur",
        "resalta",
    ];
    let text = phrase.text().to_ascii_lowercase();
    VERBS.iter().any(|start| text.starts_with(start))
}
