//! What a later result does to the markers answered before it: a repeat, the tumour after other cells, a
//! contradiction.

use crate::case::ihc::Status;
use crate::narrative::ihc::Reader;
use crate::narrative::lex::{Kind, Token, Tokens};
use crate::narrative::value::{Value, Verdict, names_the_old};
use crate::vocab::{Cue, Form, Polarity, Word};

impl Reader<'_, '_> {
    /// Whether a result without a marker replaces that of the markers answered last: a later test of them
    /// (`negative, on repeat positive`), or the tumour where the first result was of other cells.
    pub(super) fn corrects(&self, value: &Value) -> bool {
        let Some(fact) = self
            .last
            .end
            .checked_sub(1)
            .and_then(|i| self.out.facts.get(i))
        else {
            return false;
        };
        let spoken = self.out.covered.get(self.last.end - 1).map_or(0, |r| r.end);
        let behind = |i: usize| self.get(i).is_some_and(|t| t.start >= spoken);
        let between = || (0..self.phrase_at).rev().take_while(|i| behind(*i));
        if between().any(|i| names_the_old(&self.rest(i))) {
            return false;
        }
        let later = between().any(|i| {
            self.is(i, |w| *w == Word::Cue(Cue::Supersedes))
                || self.text_is(i, "it")
                || self.text_is(i, "this")
        });
        // `positive in plasma cells, tumour negative`, but not `focally positive, most of tumour negative`.
        let of_tumour = |i: usize| {
            self.is(i, |w| matches!(w, Word::Cells(cells) if cells == "tumour"))
                && !(i.saturating_sub(2)..i).any(|k| {
                    self.text_is(k, "of") || self.text_is(k, "in") || self.text_is(k, "within")
                })
        };
        let ahead = (self.at..self.at + 4)
            .any(|i| self.is(i, |w| matches!(w, Word::Cells(cells) if cells == "tumour")));
        let elsewhere = fact.cells.is_some() || between().any(|i| self.text_is(i, "in"));
        let own = value.cells.as_deref() == Some("tumour");
        let tumour = elsewhere && (own || between().any(of_tumour) || ahead);
        // `ALK-positive cells are absent`, `nuclear expression is lost`
        let gone = matches!(
            value.verdict,
            Some(Verdict::Word(Polarity::Negative | Polarity::Lost))
        );
        let none = gone
            && fact.status == Status::Positive
            && between().all(|i| {
                self.is(i, |w| {
                    matches!(w, Word::Copula | Word::Cells(_) | Word::Filler)
                })
            });
        // `the stain, negative on the biopsy, is positive on the resection`
        let start = self
            .out
            .covered
            .get(self.last.end - 1)
            .map_or(0, |r| r.start);
        let commas: Vec<usize> = (0..self.phrase_at)
            .filter(|i| self.is_mark(*i, &[',']) && self.get(*i).is_some_and(|t| t.start > start))
            .collect();
        let apposed = match commas.as_slice() {
            [_, .., last] => {
                (*last + 1..self.phrase_at).all(|i| {
                    self.is(i, |w| {
                        matches!(
                            w,
                            Word::Copula
                                | Word::Extent(_)
                                | Word::Intensity(_)
                                | Word::Compartment(_)
                        )
                    }) || ["unequivocal", "definite", "clear", "convincing"]
                        .iter()
                        .any(|text| self.text_is(i, text))
                }) && *last + 1 < self.phrase_at
                    && self.last.len() == 1
            }
            _ => false,
        };
        // `the stain that was outstanding has been examined and shows positivity`
        let open = matches!(fact.status, Status::Pending | Status::NotDone);
        let examined = open
            && between()
                .any(|i| self.is(i, |w| *w == Word::And) && self.is(i + 1, |w| *w == Word::Copula))
            && !between().any(|i| self.is_mark(i, &[',']));
        let later = later || apposed || examined;
        // `SDHB is retained, whereas X1 could not be interpreted`: another stain, of a name that is not known.
        let other = between().any(|i| {
            self.is(i, |w| *w == Word::Contrast)
                && self.get(i + 1).is_some_and(|t| {
                    let text = self.tokens.text_of(t);
                    t.kind == Kind::Other && text.starts_with(|c: char| c.is_uppercase())
                })
        });
        let control = between().any(|i| self.is(i, |w| *w == Word::Cue(Cue::Control)));
        let failed = value.verdict == Some(Verdict::Word(Polarity::Failed)) && !other && !control;
        value.verdict.is_some() && (later || tumour || none || failed)
    }

    /// `is negative in 80 % and positive in 20 %`: a second result of the opposite kind for the marker answered
    /// last, which stands for a kinase.
    pub(super) fn contradicts(&self, value: &Value) -> bool {
        let Some(fact) = self.last.clone().next().and_then(|i| self.out.facts.get(i)) else {
            return false;
        };
        let vocab = self.tokens.vocab();
        let kinase = vocab
            .gene(&fact.marker)
            .is_some_and(|gene| gene.three_prime_kinase);
        let opposite = matches!(
            (fact.status, verdict_status(value)),
            (Status::Positive, Some(Status::Negative)) | (Status::Negative, Some(Status::Positive))
        );
        // `margins negative` behind it is about something else.
        let end = self.out.covered.get(self.last.start).map_or(0, |r| r.end);
        let part = (0..self.phrase_at)
            .rev()
            .take_while(|i| self.get(*i).is_some_and(|t| t.start >= end))
            .last()
            .is_some_and(|i| self.leads_to_piece(i));
        // `was said to be negative but is strongly positive`
        let turned = (0..self.phrase_at).rev().take(4).any(|i| {
            self.is(i, |w| *w == Word::Contrast) && self.is(i + 1, |w| *w == Word::Copula)
        }) && !(self.at..self.at + 4)
            .any(|i| self.is(i, |w| matches!(w, Word::Cells(_))));
        let part = part || turned || self.of_another_piece(end);
        part && kinase
            && opposite
            && fact.cells.is_none()
            && value.cells.is_none()
            && self.last.len() == 1
    }

    /// `negative (biopsy), positive (resection)`: brackets behind two results, and nothing but a comma between.
    fn of_another_piece(&self, spoken: usize) -> bool {
        let between =
            (0..=self.phrase_at).filter(|i| self.get(*i).is_some_and(|t| t.start >= spoken));
        // The comma is the last token before the phrase, or the first of it.
        let mut between = between.filter(|i| *i < self.phrase_at || self.is_mark(*i, &[',']));
        let comma = between.next().is_some_and(|i| self.is_mark(i, &[',']));
        let piece = self.is_mark(self.at, &['(']) || self.leads_to_piece(self.at);
        let cells = (self.at + 1..self.at + 4).any(|i| self.is(i, |w| matches!(w, Word::Cells(_))));
        comma && between.next().is_none() && piece && !cells
    }

    /// `in`, `by`, `on resection`: what stands behind a result and tells of which piece or by which test.
    pub(super) fn leads_to_piece(&self, at: usize) -> bool {
        self.get(at).is_some_and(|t| {
            let first = self.tokens.text_of(t).split(' ').next();
            first.is_some_and(|word| matches!(word, "in" | "by" | "on" | "at"))
        })
    }

    /// `labels a few cells with weak blush`, `is present but weak and judged equivocal`: a word of doubt in the same breath as a positive result.
    pub(super) fn doubts(&self, value: &Value) -> bool {
        let Some(last) = self.last.end.checked_sub(1) else {
            return false;
        };
        let fact = self.out.facts.get(last);
        if fact.is_none_or(|fact| fact.status != Status::Positive)
            || verdict_status(value) != Some(Status::Equivocal)
        {
            return false;
        }
        let spoken = self.out.covered.get(last).map_or(0, |r| r.end);
        !(0..self.phrase_at)
            .rev()
            .take_while(|i| self.get(*i).is_some_and(|t| t.start >= spoken))
            .any(|i| self.is_mark(i, &[',', ';', '.', ':']))
    }

    /// `Score 1+, weak; screening interpretation equivocal`: a part that names nothing else and doubts the stain before it.
    pub(super) fn doubted_behind(&self, from: usize) -> bool {
        let part = || (from..self.tokens.len()).take_while(|i| !self.is_mark(*i, &[';', '.']));
        let one = self.last.len() == 1;
        let status = self.out.facts.get(self.last.start).map(|fact| fact.status);
        // `A negative; in my opinion there is definite staining`
        let against = |w: &Word| match status {
            Some(Status::Positive) => matches!(w, Word::Result(Polarity::Equivocal, _)),
            Some(Status::Negative) => {
                matches!(w, Word::Result(Polarity::Positive | Polarity::Evidence, _))
            }
            _ => false,
        };
        let Some(doubt) = part().find(|i| self.is(*i, against)) else {
            return false;
        };
        let denied = (from..doubt).any(|i| {
            self.is(i, |w| {
                matches!(w, Word::Negation | Word::Neither | Word::Cue(_))
            })
        });
        // A new positive result must be of nothing else in the whole part; a doubt may be followed by what is advised.
        let whole = status == Some(Status::Negative);
        let end = if whole {
            part().last().map_or(doubt, |i| i + 1)
        } else {
            doubt
        };
        let other = (from..end).any(|i| {
            self.marker(i).is_some()
                || self.get(i).is_some_and(|t| {
                    self.tokens.gene(t).is_some() || self.tokens.clone_name(t).is_some()
                })
                || self.is(i, |w| {
                    matches!(
                        w,
                        Word::Cells(_) | Word::Section(_) | Word::Assay(_) | Word::Rearrangement
                    )
                })
        });
        one && !other && !denied
    }

    /// `is equivocal: weak, focal blush`: the same doubt once more, with its marks.
    pub(super) fn repeats(&self, value: &Value) -> bool {
        let explained = self
            .phrase_at
            .checked_sub(1)
            .is_some_and(|before| self.is_mark(before, &[':']));
        let same = self.last.clone().all(|i| {
            let fact = self.out.facts.get(i);
            fact.is_some_and(|fact| fact.status == Status::Equivocal)
        });
        explained
            && same
            && !self.last.is_empty()
            && verdict_status(value) == Some(Status::Equivocal)
    }

    /// `loss of A is not seen`
    pub(super) fn loss_denied(&self, value: &Value) -> bool {
        let lost = self.last.clone().all(|i| {
            self.out
                .facts
                .get(i)
                .is_some_and(|f| f.pattern.as_deref() == Some("lost"))
        });
        let seen = value.detected || self.says_seen(self.phrase_at..self.at);
        !self.last.is_empty() && lost && seen && verdict_status(value) == Some(Status::Negative)
    }

    /// `seen`, `identified`
    pub(super) fn says_seen(&self, mut part: std::ops::Range<usize>) -> bool {
        part.any(|i| {
            self.is(i, |w| *w == Word::Detected)
                || self.get(i).is_some_and(|t| {
                    let text = self.tokens.text_of(t).to_ascii_lowercase();
                    ["seen", "observed", "noted", "identified"]
                        .iter()
                        .any(|word| text.ends_with(word))
                })
        })
    }

    /// What was read as lost is retained.
    pub(super) fn keep(&mut self) {
        for index in self.last.clone() {
            if let Some(fact) = self.out.facts.get_mut(index) {
                fact.status = Status::Positive;
                fact.pattern = Some("retained".to_owned());
            }
        }
    }

    /// Lowers the marker answered last to equivocal.
    pub(super) fn doubt(&mut self) {
        for index in self.last.clone() {
            if let Some(fact) = self.out.facts.get_mut(index) {
                fact.status = Status::Equivocal;
            }
        }
    }

    pub(super) fn text_is(&self, at: usize, text: &str) -> bool {
        self.get(at).is_some_and(|t| self.tokens.text_of(t) == text)
    }

    /// Gives the markers answered last another result.
    pub(super) fn correct(&mut self, value: &Value) {
        let end = self.get(self.at.saturating_sub(1)).map_or(0, |t| t.end);
        for index in self.last.clone() {
            let spoken = self.out.covered.get(index).map_or(0, |r| r.end);
            let tokens = self.tokens;
            if let Some(fact) = self.out.facts.get_mut(index)
                && let Some(status) = verdict_status(value)
            {
                // `5A4 equivocal; repeat D5F3 positive`
                let clone = tokens
                    .slice(0..self.at)
                    .iter()
                    .rev()
                    .take_while(|t| t.start >= spoken)
                    .find_map(|t| {
                        tokens
                            .clone_name(t)
                            .filter(|c| c.markers.contains(&fact.marker))
                    });
                if let Some(clone) = clone {
                    fact.clone = Some(clone.name.clone());
                }
                fact.status = status;
                if value.verdict == Some(Verdict::Word(Polarity::Lost)) {
                    fact.pattern = Some("lost".to_owned());
                }
                if let Some(start) = fact.source.span.map(|s| s.range().start) {
                    fact.source = self.source.place(start..end.max(start));
                }
                fact.cells = None;
                fact.extent.clone_from(&value.extent);
                fact.intensity.clone_from(&value.intensity);
                fact.percent = value.percent;
                fact.percent_op = value.percent_op;
                fact.score.clone_from(&value.score);
            }
        }
    }

    /// `; repeat stain is negative`, `; neoplastic cells do not stain`: of the markers before.
    pub(super) fn goes_back(&self, at: usize) -> bool {
        let goes = (at..at + 4)
            .take_while(|i| !self.is_mark(*i, &[';', '.', ',']))
            .any(|i| {
                // `...; it is positive`
                self.text_is(i, "it")
                    || (self.text_is(i, "this") && self.is(i + 1, |w| *w == Word::Copula))
                    || self.is(i, |w| match w {
                        Word::Cue(Cue::Supersedes) => true,
                        Word::Cells(cells) => cells == "tumour",
                        _ => false,
                    })
            });
        goes && (at..at + 8).all(|i| self.marker(i).is_none())
    }
}

/// Whether a sentence says that something was stained once more.
pub(crate) fn says_again(sentence: &Tokens<'_>) -> bool {
    const WORDS: [&str; 9] = [
        "again",
        "repeated",
        "rerun",
        "re-run",
        "erneut",
        "wiederholt",
        "nouveau",
        "nuevo",
        "opnieuw",
    ];
    sentence.iter().any(|t| {
        let word = sentence.text_of(t).to_lowercase();
        sentence.is(t, &Word::Cue(Cue::Supersedes)) || WORDS.contains(&word.as_str())
    })
}

/// Whether a sentence gives a result and names nothing it is of: `Now positive in 80% of cells.`
// now = ("now" | "it is now") qualifier{0,3} result
pub(crate) fn says_now(sentence: &Tokens<'_>) -> bool {
    const WORDS: [&str; 7] = ["now", "jetzt", "nun", "nunmehr", "ahora", "ora", "nu"];
    let now = sentence.iter().take(3).position(|t| {
        let word = sentence.text_of(t).to_lowercase();
        WORDS
            .iter()
            .any(|now| word == *now || word.ends_with(&format!(" {now}")))
    });
    let said = |t: &Token<'_>| {
        sentence.words(t).any(|w| {
            matches!(
                w,
                Word::Result(Polarity::Positive | Polarity::Negative, Form::Adjective)
            )
        })
    };
    let named = |t: &Token<'_>| sentence.marker(t).is_some() || sentence.gene(t).is_some();
    now.is_some_and(|now| sentence.iter().skip(now + 1).take(4).any(said))
        && !sentence.iter().any(named)
}

/// The status of a plain result.
fn verdict_status(value: &Value) -> Option<Status> {
    match value.verdict? {
        Verdict::Word(Polarity::Positive) | Verdict::Plus => Some(Status::Positive),
        Verdict::Word(Polarity::Negative | Polarity::Lost) | Verdict::Minus => {
            Some(Status::Negative)
        }
        Verdict::Word(Polarity::Equivocal) | Verdict::PlusMinus => Some(Status::Equivocal),
        Verdict::Word(Polarity::Failed) => Some(Status::Failed),
        Verdict::Word(_) => None,
    }
}
