//! Several antibodies against one marker in one statement.
//!
//! ```text
//! clone-first  = ["clone"] clone result | "(" clone ")" result             ; where a part begins
//! clone-behind = result ("(" clone ")" | preposition ["clone"] clone)      ; `negative with B, positive with C`
//! other-clone  = ";" preposition ["clone"] clone
//! in-bracket   = marker "(" clone result { ("," | ";") clone result } ")"
//! ```
//!
//! Each result of an antibody is a reading of its own: the one that is negative does not hide the one that is positive.

use crate::narrative::ihc::Reader;
use crate::narrative::ihc::mention::Mention;
use crate::narrative::lex::{Kind, Token, Tokens};
use crate::narrative::value::{Glue, Minus, Value, run};
use crate::vocab::{Cue, Form, Gap, Marker, Polarity, Word};

impl<'a> Reader<'a, '_> {
    /// `5A4 negative, D5F3 at our laboratory positive`: a clone of one marker that begins a part with a result.
    pub(super) fn clone_alone(&self, at: usize, token: &Token<'a>) -> Option<&'a Marker> {
        let clone = self.tokens.clone_name(token)?;
        let [only] = clone.markers.as_slice() else {
            return None;
        };
        // `ALK, D5F3: weakly positive`
        let of_marker = at > 1
            && self.is_mark(at - 1, &[','])
            && (self.get(at - 2))
                .is_some_and(|t| self.tokens.marker(t).is_some_and(|(m, _)| m.name == *only));
        // `clone D5F3 positive`, `(D5F3) positive`
        let first = (at.saturating_sub(3)..at)
            .rev()
            .find(|i| !(self.is_mark(*i, &['(']) || self.leads_to_clone(*i)));
        // `; de herhaalde kleuring met D5F3 is positief`: no marker in the part before it.
        let part = (0..at)
            .rev()
            .take_while(|i| !self.is_mark(*i, &[',', ';', '.', ':']));
        let with = first.is_some_and(|i| self.is(i, |w| *w == Word::Preposition))
            && !part.into_iter().any(|i| {
                self.get(i).is_some_and(|t| self.tokens.marker(t).is_some())
                    || self.is(i, |w| {
                        matches!(
                            w,
                            Word::Result(..) | Word::Cue(Cue::Supersedes) | Word::Origin(_)
                        )
                    })
            });
        let begins = !of_marker
            && (with
                || first.is_none_or(|i| {
                    self.is_mark(i, &[',', ';'])
                        || self.is(i, |w| matches!(w, Word::And | Word::Contrast))
                }));
        let bracketed = at > 0 && self.is_mark(at - 1, &['(']) && self.is_mark(at + 1, &[')']);
        let start = at + 1 + usize::from(bracketed);
        // `D5F3 and 5A4 are negative`: the result of one is that of both.
        let mut start = start;
        while (self.is_mark(start, &[',', '/']) || self.is(start, |w| *w == Word::And))
            && self.get(start + 1).is_some_and(|t| {
                self.tokens
                    .clone_name(t)
                    .is_some_and(|next| next.markers == clone.markers)
            })
        {
            start += 2;
        }
        let part = (start..start + 5).take_while(|i| {
            !self.is_mark(*i, &[',', ';', '.', ')'])
                && !self.is(*i, |w| matches!(w, Word::And | Word::Contrast))
        });
        let mut answered = false;
        for i in part {
            let other = self.get(i).is_some_and(|t| {
                self.tokens.marker(t).is_some() || self.tokens.clone_name(t).is_some()
            });
            if other {
                return None;
            }
            answered |= self.is(i, |w| {
                matches!(
                    w,
                    Word::Result(
                        Polarity::Positive | Polarity::Negative | Polarity::Equivocal,
                        Form::Adjective
                    )
                )
            });
        }
        // `D5F3(+)`, `D5F3 +`
        let sign = |i: usize| self.is_mark(i, &['+', '-']);
        answered |=
            self.is_mark(at + 1, &['(']) && sign(at + 2) && self.is_mark(at + 3, &[')', '+']);
        answered |= sign(start)
            && self
                .get(start + 1)
                .is_none_or(|t| matches!(t.kind, Kind::Mark(_)) || t.gap > Gap::None);
        let markers = self.tokens.vocab().markers();
        (begins && answered)
            .then(|| markers.iter().find(|m| m.name == *only))
            .flatten()
    }

    /// `clone`, `the antibody`: words before the name of a clone.
    fn leads_to_clone(&self, at: usize) -> bool {
        [
            "clone", "Klon", "克隆", "the", "antibody", "clon", "kloon", "both", "Both", "beide",
            "Beide", "le", "la", "el", "het", "dem", "den",
        ]
        .iter()
        .any(|text| self.text_is(at, text))
    }

    /// The mention of a marker by the clone at this place, unless it is the one named already.
    fn by_clone(&self, at: usize, marker: &str, named: Option<&str>) -> Option<Mention<'a>> {
        let markers = self.tokens.vocab().markers();
        let marker = markers.iter().find(|m| m.name == marker)?;
        let token = self.get(at)?;
        let clone = self.tokens.clone_name(token)?;
        let other = clone.markers.contains(&marker.name) && Some(clone.name.as_str()) != named;
        other.then(|| {
            let mut mention = Mention::of(&self.tokens, token, marker, at);
            mention.clone = Some(clone.name.clone());
            mention
        })
    }

    /// Where a clone stands behind a result that ends here, and where what follows it begins.
    fn clone_behind(&self, end: usize) -> Option<(usize, usize)> {
        let bracket = self.is_mark(end, &['(', '[']);
        if !bracket && !self.is(end, |w| *w == Word::Preposition) {
            return None;
        }
        let at = (end + 1..end + 4).find(|i| !self.leads_to_clone(*i))?;
        self.tokens.clone_name(self.get(at)?)?;
        let behind = at + 1 + usize::from(self.leads_to_clone(at + 1));
        if bracket {
            return self
                .is_mark(behind, &[')', ']'])
                .then_some((at, behind + 1));
        }
        Some((at, behind))
    }

    /// `A is positive with D5F3`, `negative (ALK1), positive (D5F3)`: a result and the clone it was got with. True
    /// when it was answered.
    pub(super) fn answered_by_clone(&mut self, end: usize, value: &Value) -> bool {
        let Some((at, next)) = self.clone_behind(end) else {
            return false;
        };
        // `A, negative at first, is positive with clone D5F3`
        let start = std::mem::replace(&mut self.at, end);
        let unnamed = (self.last.end.checked_sub(1))
            .and_then(|i| self.out.facts.get(i))
            .is_some_and(|fact| fact.clone.is_none());
        if unnamed && self.waiting.is_empty() && self.corrects(value) {
            self.correct(value);
            let clone = self.get(at).and_then(|t| self.tokens.clone_name(t));
            for index in self.last.clone() {
                if let (Some(fact), Some(clone)) = (self.out.facts.get_mut(index), clone) {
                    fact.clone.get_or_insert_with(|| clone.name.clone());
                }
            }
            self.at = next;
            return true;
        }
        self.at = start;
        let last = self
            .last
            .end
            .checked_sub(1)
            .and_then(|i| self.out.facts.get(i));
        let mention = match (self.waiting.as_slice(), last) {
            ([waits], _) if waits.clone.is_none() => {
                let marker = waits.marker.name.clone();
                let by = self.by_clone(at, &marker, None);
                by.map(|by| Mention {
                    clone: by.clone,
                    ..waits.clone()
                })
            }
            ([], Some(fact)) => {
                let (marker, clone) = (fact.marker.clone(), fact.clone.clone());
                self.by_clone(at, &marker, clone.as_deref())
            }
            _ => None,
        };
        let Some(mention) = mention else {
            return false;
        };
        self.waiting.clear();
        self.evidence = None;
        self.end_scope();
        let mut value = value.clone();
        value.add(std::mem::take(&mut self.leading));
        self.note_main(&value);
        self.at = next;
        self.emit_all(vec![mention], &value);
        true
    }

    /// Whether a result by another clone of the marker answered last begins here: `; positive (D5F3)`.
    pub(super) fn result_by_clone(&self, at: usize) -> bool {
        let last = self
            .last
            .end
            .checked_sub(1)
            .and_then(|i| self.out.facts.get(i));
        let (count, value) = run(self.rest(at), Minus::Hyphen, Glue::Tight);
        let clone = self.clone_behind(at + count).map(|(clone, _)| clone);
        value.verdict.is_some()
            && clone.zip(last).is_some_and(|(clone, fact)| {
                self.by_clone(clone, &fact.marker, fact.clone.as_deref())
                    .is_some()
            })
    }

    /// `ALK (ALK1 -, D5F3 +)`: reads every clone of a bracket but the last, whose part of the bracket it returns.
    pub(super) fn clones_in_bracket(
        &mut self,
        marker: &'a Marker,
        open: usize,
        end: usize,
    ) -> Option<std::ops::Range<usize>> {
        let named = |reader: &Self, i: usize| reader.by_clone(i, &marker.name, None).is_some();
        let cuts: Vec<usize> = (open + 1..end)
            .filter(|i| self.is_mark(*i, &[',', ';', '/']))
            .collect();
        let mut parts = Vec::new();
        let mut from = open + 1;
        for cut in cuts.into_iter().chain([end]) {
            parts.push(from..cut);
            from = cut + 1;
        }
        let mut read = Vec::new();
        for part in &parts {
            let at = part.clone().find(|i| named(self, *i))?;
            let (_, value) = run(
                self.tokens.slice(at + 1..part.end),
                Minus::Sign,
                Glue::Loose,
            );
            value.verdict.is_some().then_some(())?;
            read.push((self.by_clone(at, &marker.name, None)?, value, part.end));
        }
        if read.len() < 2 {
            return None;
        }
        let last = parts.pop();
        read.pop();
        for (mention, value, to) in read {
            self.at = to;
            self.emit_all(vec![mention], &value);
        }
        last
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
        let Some(mut mention) = self.by_clone(at, &before.0, before.1.as_deref()) else {
            return false;
        };
        self.close();
        self.end_scope();
        self.hypothetical_from = None;
        self.at = at + 1 + usize::from(self.is_mark(at + 1, &[',']));
        mention.end = self.at;
        self.waiting.push(mention);
        true
    }

    pub(super) fn set_clone(&self, mention: &mut Mention<'a>, at: usize) -> bool {
        let at = if self.is_mark(at, &['-']) { at + 1 } else { at };
        let Some(token) = self.get(at) else {
            return false;
        };
        let fits = self
            .tokens
            .clone_name(token)
            .filter(|c| c.markers.contains(&mention.marker.name) && token.gap < Gap::Line);
        if let Some(clone) = fits {
            mention.clone = Some(clone.name.clone());
            mention.end = at + 1;
            return true;
        }
        false
    }

    pub(super) fn clone_in(inside: &Tokens<'a>, marker: Option<&Marker>) -> Option<String> {
        inside.iter().find_map(|t| {
            inside
                .clone_name(t)
                .filter(|c| marker.is_none_or(|m| c.markers.contains(&m.name)))
                .map(|c| c.name.clone())
        })
    }
}
