//! Markers that are excepted from the result of the others.
//!
//! ```text
//! exception = word-of-exception marker { ("," | "and") marker }
//!             ; before the result: up to a verb, a comma behind `and`, or the last comma
//! around    = ("除" | "除了") marker { "、" marker } ("外" | "以外" | "之外")
//!           | "op" marker { "en" marker } "na"
//! ```
//!
//! An excepted marker has the opposite of the result of the others, or the one it is told with.

use crate::narrative::ihc::Reader;
use crate::narrative::value::Value;
use crate::vocab::{Polarity, Word};

/// Most tokens between the two words that stand around an exception.
const AROUND: usize = 24;

impl Reader<'_, '_> {
    /// Opens an exception. False where none opens.
    pub(super) fn exception(&mut self, at: usize) -> bool {
        let around = self.around(at);
        // `to save tissue`, `scale bar`: an exception only right before its marker.
        let plain = !["save", "bar"].iter().any(|text| self.text_is(at, text));
        let excepts =
            self.is(at, |w| *w == Word::Exception) && (plain || self.marker_follows(at + 1));
        let opens = around.is_some() || excepts;
        if opens {
            self.excepting = true;
            self.excepting_to = around;
            self.scope = None;
            self.at += 1;
        }
        opens
    }

    /// Ends an exception at its closing word, or at the verb behind one that opens the sentence (`unlike A is B`,
    /// `mit Ausnahme von A sind alle negativ`). True when the token is used.
    pub(super) fn exception_closes(&mut self, at: usize) -> bool {
        if self.excepting_to.is_some_and(|end| at >= end) {
            self.excepting = false;
            self.excepting_to = None;
            self.at += 1;
            return true;
        }
        let first = self.main.is_none() && self.out.facts.is_empty();
        if first && !self.excepted.is_empty() && self.is(at, |w| *w == Word::Copula) {
            self.excepting = false;
        }
        false
    }

    // around = ("除" | "除了") marker { ("、" | "和") marker } ("外" | "以外" | "之外") | "op" markers "na"
    /// Where an exception ends whose words stand around its markers, if one opens at this place.
    fn around(&self, at: usize) -> Option<usize> {
        const WORDS: [(&str, [&str; 3]); 4] = [
            ("除", ["外", "以外", "之外"]),
            ("除了", ["外", "以外", "之外"]),
            ("Op", ["na", "na", "na"]),
            ("op", ["na", "na", "na"]),
        ];
        let text = self.get(at).map(|t| self.tokens.text_of(t))?;
        let (_, ends) = WORDS.iter().find(|(opens, _)| *opens == text)?;
        let end = (at + 1..at + AROUND)
            .take_while(|i| !self.is_mark(*i, &['.', ';', ':']))
            .find(|i| ends.iter().any(|end| self.text_is(*i, end)))?;
        self.marker_follows(at + 1).then_some(end)
    }

    /// `With the exception of A and B, the C and D are negative`: an exception that opens the sentence ends at the
    /// comma behind its `and`, before an article, or at the last comma before the result.
    pub(super) fn exception_ends(&self, at: usize) -> bool {
        let opens = self.excepting && !self.excepted.is_empty() && self.main.is_none();
        if !opens || !self.out.facts.is_empty() || self.excepting_to.is_some() {
            return false;
        }
        let before = (0..at).rev();
        let mut before = before.skip_while(|i| !self.is(*i, |w| *w == Word::Exception));
        let Some(opened) = before.next() else {
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

    /// `save for A, all markers were negative (B, C)`: the exception ends before the list, and the result is known.
    pub(super) fn answers_exception(&mut self, value: &Value) {
        if !self.excepted.is_empty() {
            self.note_main(value);
            self.answer_excepted();
            self.excepting = false;
        }
    }
}
