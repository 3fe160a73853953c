//! Boxes to tick behind a marker.
//!
//! ```text
//! boxes  = (box result)+ | (result box)+          ; which of the two, the first tells
//! box    = "[" [tick] "]" | "(" tick ")" | "☐" | "☒" | ...
//! ```
//!
//! One ticked box is the result; none or several say nothing.

use crate::narrative::ihc::Reader;
use crate::narrative::lex::Kind;
use crate::narrative::value::{Minus, Value, element};

/// Most tokens of a row of boxes.
const MOST: usize = 24;

#[allow(clippy::large_enum_variant, reason = "a few live at a time")]
enum Part {
    Box { ticked: bool },
    Result(Value),
}

impl Reader<'_, '_> {
    /// Reads boxes that begin at `at`. Returns what they say and where they end; none when there are none.
    pub(super) fn boxes(&self, at: usize) -> Option<(Value, usize)> {
        let mut parts = Vec::new();
        let mut end = at;
        let mut i = at;
        while i < (at + MOST).min(self.tokens.len()) {
            if let Some((ticked, next)) = self.tick_box(i) {
                parts.push(Part::Box { ticked });
                i = next;
                end = i;
                continue;
            }
            let rest = self.rest(i);
            if let Ok((after, value)) = element(rest, Minus::Hyphen)
                && value.verdict.is_some()
            {
                i += rest.len() - after.len();
                parts.push(Part::Result(value));
                end = i;
                continue;
            }
            if !self.is_mark(i, &[':', ',', '/']) {
                break;
            }
            i += 1;
        }
        let ticks = parts
            .iter()
            .filter(|p| matches!(p, Part::Box { .. }))
            .count();
        let results = parts.len() - ticks;
        if ticks == 0 || results == 0 {
            return None;
        }
        let box_first = matches!(parts.first(), Some(Part::Box { .. }));
        let mut chosen = Vec::new();
        for pair in parts.windows(2).step_by(2) {
            match (pair, box_first) {
                ([Part::Box { ticked: true }, Part::Result(value)], true)
                | ([Part::Result(value), Part::Box { ticked: true }], false) => {
                    chosen.push(value.clone());
                }
                _ => {}
            }
        }
        let value = match chosen.as_slice() {
            [one] => one.clone(),
            _ => Value::default(),
        };
        Some((value, end))
    }

    /// Whether a box is ticked, and where it ends.
    fn tick_box(&self, at: usize) -> Option<(bool, usize)> {
        let text = |i: usize| self.get(i).map(|t| self.tokens.text_of(t));
        match text(at)? {
            "☐" | "□" | "◻" => return Some((false, at + 1)),
            "☒" | "☑" | "■" | "✓" | "✔" | "✗" | "✘" | "◼" => {
                return Some((true, at + 1));
            }
            _ => {}
        }
        // `o Negative o Positive`: a scan makes a letter of a box.
        let letter = |i: usize| text(i).is_some_and(|t| matches!(t, "o" | "O"));
        if letter(at) && (letter(at + 2) || (at > 1 && letter(at - 2))) {
            return Some((false, at + 1));
        }
        let tick =
            |i: usize| text(i).is_some_and(|t| matches!(t, "x" | "X" | "✓" | "✔" | "✗" | "×"));
        let open = self.get(at)?.kind;
        match open {
            Kind::Mark('[') if self.is_mark(at + 1, &[']']) => Some((false, at + 2)),
            Kind::Mark('[') if tick(at + 1) && self.is_mark(at + 2, &[']']) => Some((true, at + 3)),
            Kind::Mark('(') if tick(at + 1) && self.is_mark(at + 2, &[')']) => Some((true, at + 3)),
            Kind::Mark('(') if self.is_mark(at + 1, &[')']) => Some((false, at + 2)),
            _ => None,
        }
    }
}
