//! Sentences that put one result in the place of another: `ALK should read "negative", not "positive"`.
//!
//! ```text
//! correction = subject [result] correction-word result [("not" | "instead of") result]
//! ```
//!
//! What stands before the correction word says what is corrected; its own result is the wrong one. What stands
//! behind it, up to a second denied result, is the right one. Earlier results of the subject are taken back.

use super::clause::{has, speaks_of_fish};
use super::lex::{Kind, Tokens};
use super::outline::Setting;
use super::passed::passed;
use super::retraction::Retraction;
use super::{Reader, fish, fusion, ihc};
use crate::vocab::{Cue, Word};

/// The two sides of a correction.
pub(super) struct Parts<'a> {
    /// What is corrected, with its wrong result.
    subject: Tokens<'a>,
    /// The right result.
    result: Tokens<'a>,
}

/// The sides of the correction that a sentence makes, if it makes one.
pub(super) fn parts<'a>(sentence: &Tokens<'a>) -> Option<Parts<'a>> {
    let at = sentence
        .iter()
        .position(|t| sentence.is(t, &Word::Cue(Cue::Correction)))
        .or_else(|| quoted_read(sentence))?;
    passed(sentence).is_none().then_some(())?;
    let says = |i: usize| {
        sentence.get(i).is_some_and(|t| {
            sentence
                .words(t)
                .any(|w| matches!(w, Word::Result(..) | Word::Rearrangement | Word::Detected))
        })
    };
    let denied = |i: usize| {
        sentence
            .get(i)
            .is_some_and(|t| sentence.is(t, &Word::Negation))
    };
    let end = (at + 2..sentence.len())
        .find(|i| denied(*i) && (at + 1..*i).any(says))
        .unwrap_or(sentence.len());
    Some(Parts {
        subject: sentence.slice(0..at),
        result: sentence.slice(at + 1..end),
    })
}

/// `for "A positive" read "A negative"`
fn quoted_read(sentence: &Tokens<'_>) -> Option<usize> {
    let quote = |i: usize| {
        sentence.get(i).is_some_and(|t| {
            matches!(
                t.kind,
                Kind::Mark('"' | '“' | '”' | '\'' | '‘' | '’' | '«' | '»')
            )
        })
    };
    (1..sentence.len()).find(|i| {
        sentence
            .get(*i)
            .is_some_and(|t| matches!(sentence.text_of(t), "read" | "lies" | "lire"))
            && quote(i - 1)
            && quote(i + 1)
    })
}

impl Reader<'_> {
    /// Takes back what is corrected and reads what is right.
    pub(super) fn correct(&mut self, parts: &Parts<'_>, sentence: &Tokens<'_>, setting: &Setting) {
        let names = |tokens: &Tokens<'_>| {
            tokens
                .iter()
                .any(|t| tokens.marker(t).is_some() || tokens.gene(t).is_some())
        };
        let meant = if names(&parts.subject) {
            parts.subject
        } else {
            parts.result
        };
        if names(&meant) && self.retractions.len() < Retraction::MOST {
            self.retractions.push(Retraction::of(&meant));
        }
        if !names(&parts.subject) || names(&parts.result) {
            // `The line should read: ALK negative`
            self.sentence(&parts.result, setting);
            return;
        }
        let genetic = |tokens: &Tokens<'_>| has(tokens, |w| *w == Word::Rearrangement);
        if speaks_of_fish(sentence, setting.section) {
            let facts = fish::corrected(&parts.subject, &parts.result, setting, self.source);
            self.take_fish(facts, setting.block);
        } else if genetic(&parts.subject) || genetic(&parts.result) {
            let read = fusion::corrected(&parts.subject, &parts.result, setting, self.source);
            self.take_fusions(read);
        } else {
            let read = ihc::corrected(&parts.subject, &parts.result, setting, self.source);
            self.take_stains(read, sentence);
        }
    }
}
