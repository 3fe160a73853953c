//! Results that open a list of markers behind them.
//!
//! ```text
//! heading    = result { filler } ( "(" | ":" | "-" | column gap | verb ) marker { "," marker }
//! behind     = result { copula | noun | cells } preposition marker { "," marker }
//! stains-for = ("stain" | "stains") adverb { "and" adverb } preposition marker
//!            | adjective { adjective } ("Färbung" | "stain") preposition marker
//! shown      = verb-of-showing { article } evidence-noun [preposition] marker
//! ```

use crate::narrative::ihc::phrase::says_how;
use crate::narrative::ihc::{Reach, Reader};
use crate::narrative::lex::{Kind, Tokens};
use crate::narrative::value::{Value, Verdict, form};
use crate::vocab::{Form, Gap, Polarity, Word};

impl Reader<'_, '_> {
    // stains-for = ("stain" | "stains") adverb { "and" adverb } preposition marker
    //            | adjective { adjective } ("Färbung" | "stain") preposition marker
    /// `the cells stain strongly and diffusely for A`, `kräftige Färbung für A`: how it stains, and then of which
    /// markers. True when it opened a scope; `end` is where the words of how end.
    pub(super) fn stains_for(&mut self, end: usize, value: &Value) -> bool {
        const NOUNS: [&str; 5] = ["Färbung", "stain", "kleuring", "coloration", "coloración"];
        let verb = (self.at..end)
            .rev()
            .find(|i| self.text_is(*i, "stain") || self.text_is(*i, "stains"));
        let how = |i: usize| {
            self.get(i).is_some_and(|t| says_how(&self.tokens, t))
                || self.is(i, |w| *w == Word::And)
        };
        let graded = value.extent.is_some() || value.intensity.is_some();
        let noun = graded && NOUNS.iter().any(|noun| self.text_is(end, noun));
        let end = end + usize::from(noun);
        if !self.is(end, |w| *w == Word::Preposition) {
            return false;
        }
        let verb = verb.is_some_and(|verb| verb + 1 < end && (verb + 1..end).all(how));
        let opens = (verb || noun)
            && !self.denying
            && self.waiting.is_empty()
            && self.marker_follows(end + 1);
        if opens {
            let positive = Value {
                verdict: Some(Verdict::Word(Polarity::Positive)),
                cells: value.cells.clone().filter(|cells| cells != "tumour"),
                ..value.clone()
            };
            self.note_main(&positive);
            self.scope = Some((positive, Reach::List));
            self.at = end + 1;
        }
        opens
    }

    /// `is er expressie`, `retrouve une expression`, `there is staining`: a verb of showing right before the noun.
    pub(super) fn shown_before(&self) -> bool {
        const SMALL: [&str; 8] = ["une", "un", "eine", "einer", "una", "een", "uma", "er"];
        let small = |i: usize| self.article(i) || SMALL.iter().any(|text| self.text_is(i, text));
        let mut at = self.at;
        while at > 0 && small(at - 1) {
            at -= 1;
        }
        let shown = at > 0 && self.is(at - 1, |w| matches!(w, Word::Copula | Word::Detected));
        shown && !self.denying && self.waiting.is_empty()
    }

    /// A result that heads what stands behind it: in a bracket, behind a verb, a colon, a dash or a column gap. True
    /// when it opened a scope.
    pub(super) fn heads_list(
        &mut self,
        phrase: &Tokens<'_>,
        end: usize,
        fillers: usize,
        value: &Value,
    ) -> bool {
        if self.is_mark(end, &['(', '[']) && self.marker_follows(end + 1) {
            // `Positive (A, B), negative (C)`
            if self.waiting.is_empty() {
                self.answers_exception(value);
                self.scope = Some((value.clone(), Reach::Bracket));
                self.at = end + 1;
                return true;
            }
        }
        if self.waiting.is_empty() && self.lists(end) {
            // `Negative immunostains include A and B`
            self.scope = Some((value.clone(), Reach::Heading));
            self.at = end + fillers + 1;
            return true;
        }
        if self.verb_first(phrase, end) {
            // `Negativ sind A, B und C`
            self.note_main(value);
            self.scope = Some((value.clone(), Reach::List));
            self.at = end + 1;
            return true;
        }
        let heads = if self.is_mark(end, &[':']) {
            self.waiting.is_empty()
        } else {
            self.is_mark(end, &['-']) && self.at_start()
        };
        let column = self.get(end).is_some_and(|t| t.gap == Gap::Wide)
            && self.at_start()
            && self.marker_follows(end);
        if column {
            self.scope = Some((value.clone(), Reach::Heading));
            self.at = end;
            return true;
        }
        if heads && self.marker_follows(end + 1) {
            self.answers_exception(value);
            self.scope = Some((value.clone(), Reach::Heading));
            self.at = end + 1;
            return true;
        }
        false
    }

    /// The tokens of `(3)` in `Positive markers (3): A, B, C`.
    pub(super) fn count_in_bracket(&self, at: usize) -> usize {
        let counted = self.is_mark(at, &['('])
            && self.get(at + 1).is_some_and(|t| t.kind == Kind::Number)
            && self.is_mark(at + 2, &[')']);
        if counted { 3 } else { 0 }
    }

    /// `Negativ sind A, B und C`: a result, its verb and then the markers.
    fn verb_first(&self, phrase: &Tokens<'_>, end: usize) -> bool {
        let begins = self.at_start()
            || self.at.checked_sub(1).is_some_and(|i| {
                self.is_mark(i, &['.', ',', ':']) || self.is(i, |w| *w == Word::And)
            });
        begins
            && self.waiting.is_empty()
            && form(phrase) == Some(Form::Adjective)
            && self.is(end, |w| *w == Word::Copula)
            && self.marker_follows(end + 1)
    }

    /// `Pos. for A`: the point of an abbreviation.
    pub(super) fn abbreviated(&self, end: usize) -> bool {
        self.is_mark(end, &['.'])
            && self.is(end + 1, |w| *w == Word::Preposition)
            && self.get(end + 1).is_some_and(|t| t.gap < Gap::Line)
    }

    /// `markers include A`, `stains are A` behind a result.
    fn lists(&self, end: usize) -> bool {
        let nouns = (end..end + 3)
            .take_while(|i| self.is(*i, |w| *w == Word::Filler))
            .count();
        let verb = end + nouns;
        let includes = self.get(verb).is_some_and(|t| {
            let text = self.tokens.text_of(t).to_ascii_lowercase();
            text.starts_with("includ")
                || text.starts_with("compris")
                || (nouns > 0 && matches!(text.as_str(), "are" | "were" | "is" | "was"))
        });
        includes && self.marker_follows(verb + 1)
    }

    /// A result whose markers stand behind a verb (`No reactivity is seen for A or B`), or right behind a noun
    /// (`表达A、B`). True when it opened a scope.
    pub(super) fn opens_behind(&mut self, end: usize, value: &Value, bare_evidence: bool) -> bool {
        // `was obtained with`: one verb that is not known may follow the copula.
        let verb = |i: usize| {
            i > end
                && self.is(i - 1, |w| *w == Word::Copula)
                && self.get(i).is_some_and(|t| t.kind == Kind::Other)
        };
        // `positive Reaktion der Tumorzellen für A`
        let noun = |i: usize| {
            let reaction = |w: &Word| matches!(w, Word::Result(Polarity::Evidence, Form::Noun));
            self.is(i, reaction)
                || self.is(i, |w| *w == Word::Cells("tumour".to_owned()))
                || (i > end && self.article(i))
        };
        let said = (end..self.tokens.len())
            .find(|i| {
                !(self.is(*i, |w| matches!(w, Word::Copula | Word::Detected))
                    || verb(*i)
                    || noun(*i))
            })
            .filter(|i| *i > end && self.is(*i, |w| *w == Word::Preposition));
        let graded = value.evidence && (value.extent.is_some() || value.intensity.is_some());
        if let Some(preposition) = said
            && (value.verdict.is_some() || graded)
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
}
