//! The account of a report's lines: which gave a fact, and which should have.

use std::collections::BTreeSet;
use std::ops::Range;

use super::lex::{Kind, Token};
use super::{Reader, Unread};
use crate::diag::{Code, Diagnostic};
use crate::source::{Place, shorten};
use crate::vocab::{Meaning, Word};

impl Reader<'_> {
    /// Tells for every line whether it gave a fact, and lists those that should have.
    pub(super) fn account(&mut self) {
        let lines: Vec<(u32, Range<usize>)> = self.source.lines().collect();
        let text = self.source.text();
        let mut read = vec![false; lines.len()];
        for range in &self.covered {
            for line in self.lines_of(range) {
                read[line] = true;
            }
        }
        let mut reason: Vec<Option<&'static str>> = vec![None; lines.len()];
        for (range, why) in &self.reasons {
            for line in self.lines_of(range) {
                reason[line] = reason[line].or(Some(why));
            }
        }
        let answered: BTreeSet<&str> = self
            .out
            .case
            .ihc
            .iter()
            .map(|f| f.marker.as_str())
            .collect();
        let mut silent = vec![false; lines.len()];
        for (name, range) in &self.silent {
            if !answered.contains(name.as_str()) {
                silent[self.source.line(range.start) as usize - 1] = true;
            }
        }
        let mut names = vec![false; lines.len()];
        for token in self.tokens.iter() {
            if self.names_ours(token) {
                names[self.source.line(token.start) as usize - 1] = true;
            }
        }
        for range in &self.values_unread {
            names[self.source.line(range.start) as usize - 1] = true;
        }
        for (index, (number, range)) in lines.iter().enumerate() {
            let written = &text[range.clone()];
            if written.trim().is_empty() {
                continue;
            }
            self.out.lines += 1;
            if read[index] {
                self.out.read += 1;
            }
            if read[index] && silent[index] && reason[index].is_none() {
                reason[index] = Some("a marker on this line has no result");
                self.unread(*number, written, reason[index]);
            } else if read[index] {
                // Accounted for.
            } else if names[index] || reason[index] == Some("letters of another script") {
                self.unread(*number, written, reason[index]);
                if reason[index].is_none() {
                    self.out.diagnostics.push(
                        Diagnostic::warning(
                            Code::Unread,
                            "this line names a marker, gene, drug or assay and gave no fact",
                        )
                        .at(self.source.place(range.clone()), "unread")
                        .help("read it yourself; if it holds a result, the wording is not known here yet"),
                    );
                }
            }
        }
    }

    fn unread(&mut self, line: u32, written: &str, reason: Option<&'static str>) {
        self.out.unread.push(Unread {
            line,
            text: shorten(written.trim(), Place::MAX_TEXT),
            reason,
        });
    }

    fn lines_of(&self, range: &Range<usize>) -> Range<usize> {
        let first = self.source.line(range.start) as usize - 1;
        let last = self
            .source
            .line(range.end.saturating_sub(1).max(range.start)) as usize
            - 1;
        first..last + 1
    }

    fn names_ours(&self, token: &Token<'_>) -> bool {
        let text = self.tokens.text_of(token);
        let Kind::Name { senses, repaired } = token.kind else {
            return false;
        };
        senses
            .iter()
            .filter(|s| repaired || s.accepts(text))
            .any(|sense| {
                !matches!(
                    &sense.meaning,
                    Meaning::Word(word) if !matches!(word, Word::Measured(_))
                ) && !matches!(sense.meaning, Meaning::Disease(_) | Meaning::Clone(_))
            })
    }
}
