//! What the words of a FISH statement say of its result.
//!
//! ```text
//! status   = failed | pending | not-done | equivocal | denied | positive | normal | pattern
//! denied   = negation genes finding | finding "not" | negative | "0" "%" | percent below the cut-off
//! pattern  = isolated-3' (positive) | isolated-5' (equivocal) | atypical (equivocal)
//! ```
//!
//! The words come first and the cut-off second; a percentage with neither is not positive. An isolated 3' signal
//! keeps the kinase and counts as a break; an isolated 5' signal, or a lost 3' one, does not prove a fusion
//! (Bennett 2017, doi 10.1038/modpathol.2017.69) and stays open unless the report calls it.

use super::numbers::Numbers;
use crate::case::fish::Status;
use crate::case::percent::Percent;
use crate::narrative::clause::has;
use crate::narrative::lex::{Kind, Tokens};
use crate::vocab::{Assay, Polarity, Role, Section, Word};

/// The result that the words of a statement give, and failing them its numbers.
pub(super) fn status(clause: &Tokens<'_>, found: &Numbers) -> Option<Status> {
    let signal = |wanted: &str| has(clause, |w| matches!(w, Word::Signal(s) if s == wanted));
    // `loss of the 3' signal`, `absent 3' signals`: no result of the test.
    let outside = |i: usize| found.signals.as_ref().is_none_or(|at| !at.contains(&i));
    let has_result = |clause: &Tokens<'_>, wanted: Polarity| {
        clause.iter().enumerate().any(|(i, t)| {
            outside(i)
                && clause
                    .words(t)
                    .any(|w| matches!(w, Word::Result(polarity, _) if *polarity == wanted))
        })
    };
    let pattern = found.pattern.as_deref();
    let positive = calls_positive(clause, outside);
    if has_result(clause, Polarity::Failed) {
        return Some(Status::Failed);
    }
    if has_result(clause, Polarity::Pending) {
        return Some(if positive {
            Status::Equivocal
        } else {
            Status::Pending
        });
    }
    if has_result(clause, Polarity::NotDone) {
        return Some(Status::NotDone);
    }
    if has_result(clause, Polarity::Equivocal) {
        return Some(Status::Equivocal);
    }
    let rearranged = has(clause, |w| *w == Word::Rearrangement);
    let detected = has(clause, |w| *w == Word::Detected);
    // `rearrangement positive: no`
    let no = clause.len() > 1
        && clause
            .get(clause.len() - 1)
            .is_some_and(|t| clause.is(t, &Word::Negation))
        && clause
            .get(clause.len() - 2)
            .is_some_and(|t| t.kind == Kind::Mark(':'));
    // `nor is MDM2 amplified`
    let nor = clause.iter().any(|t| {
        clause.is(t, &Word::Likewise) && clause.text_of(t).to_lowercase().starts_with('n')
    });
    let denied = has(clause, |w| {
        matches!(w, Word::Role(Role::Denied) | Word::Neither)
    }) || nor
        || no
        || negated(clause, outside)
        || found.percent == Some(Percent::ZERO);
    let below = found
        .percent
        .zip(found.cutoff_percent)
        .is_some_and(|(percent, cutoff)| percent < cutoff);
    if below {
        // The number contradicts `positive`; without it, it is the result.
        return Some(if positive {
            Status::Equivocal
        } else {
            Status::Negative
        });
    }
    if has_result(clause, Polarity::Negative) || denied {
        return Some(Status::Negative);
    }
    if positive || calls_abnormal(clause) || bracket_sign(clause) == Some('+') {
        return Some(Status::Positive);
    }
    if calls_normal(clause) || found.normal || bracket_sign(clause) == Some('-') {
        return Some(Status::Negative);
    }
    // A negation that does not reach the rearrangement, or a question, leaves it open.
    let open =
        has(clause, |w| *w == Word::Negation) || clause.iter().any(|t| t.kind == Kind::Mark('?'));
    if rearranged && open {
        return None;
    }
    if rearranged && !asks(clause) && pattern != Some("isolated_5_prime") {
        return Some(Status::Positive);
    }
    // `split 5, isolated red 2, fused 53`: a count of all patterns calls none of them.
    let tally = found.percent.is_none()
        && clause.iter().any(|t| {
            let text = clause.text_of(t).to_lowercase();
            ["fused", "intact", "normal"].contains(&text.as_str())
        });
    if pattern == Some("isolated_3_prime") && !tally {
        return Some(Status::Positive);
    }
    let odd = pattern.is_some();
    // Extra copies are no rearrangement, and a percentage alone is no verdict; the cut-off may make it one.
    let unclear = odd || signal("amplified") || signal("gain") || found.percent.is_some();
    (unclear || (signal("split") && detected)).then_some(Status::Equivocal)
}

/// Whether a word says that the result is positive; `阳性率2%` is the share of positive cells.
fn calls_positive(clause: &Tokens<'_>, outside: impl Fn(usize) -> bool) -> bool {
    clause.iter().enumerate().any(|(i, t)| {
        let share = (clause.get(i + 1))
            .is_some_and(|next| matches!(clause.text_of(next), "率" | "比" | "比例" | "细胞"));
        let positive = |w: &Word| matches!(w, Word::Result(Polarity::Positive, _));
        outside(i) && !share && clause.words(t).any(positive)
    })
}

/// Whether a word calls the pattern abnormal; `abnormal nuclei 7/60 = 11.7 %` counts, and calls nothing.
fn calls_abnormal(clause: &Tokens<'_>) -> bool {
    clause.iter().enumerate().any(|(i, t)| {
        let cells = (i + 1..i + 3).any(|k| {
            (clause.get(k)).is_some_and(|next| {
                (clause.words(next)).any(|w| matches!(w, Word::Nuclei | Word::Cells(_)))
            })
        });
        let number =
            (i + 2..i + 4).any(|k| (clause.get(k)).is_some_and(|next| next.kind == Kind::Number));
        let abnormal = |w: &Word| matches!(w, Word::Signal(s) if s == "abnormal");
        !(cells && number) && clause.words(t).any(abnormal)
    })
}

/// Whether a word calls the pattern normal; `(normal < 12%)` tells what counts.
fn calls_normal(clause: &Tokens<'_>) -> bool {
    clause.iter().enumerate().any(|(i, t)| {
        let reference = (clause.get(i + 1))
            .is_some_and(|next| matches!(next.kind, Kind::Mark('<' | '>' | '=')));
        let normal = |w: &Word| matches!(w, Word::Signal(s) if s == "normal");
        !reference && clause.words(t).any(normal)
    })
}

/// `FISH for ALK rearrangement` names the test.
fn asks(clause: &Tokens<'_>) -> bool {
    let rearrangement = clause
        .iter()
        .position(|t| clause.is(t, &Word::Rearrangement));
    rearrangement.is_some_and(|at| {
        // `ALK rearrangement FISH` is the name of the test.
        let named = at + 2 == clause.len()
            && clause.get(at + 1).is_some_and(|t| {
                clause
                    .words(t)
                    .any(|w| matches!(w, Word::Section(Section::Fish) | Word::Assay(Assay::Fish)))
            });
        named
            || (0..at).any(|i| {
                clause
                    .get(i)
                    .is_some_and(|t| clause.text_of(t) == "for" && clause.is(t, &Word::Preposition))
            }) && !has(clause, |w| *w == Word::Detected)
    })
}

/// `no rearrangement of A`, `not rearranged`, `kein Nachweis einer A-Translokation`: a negation before a
/// finding, with nothing between the two but genes and a few other words.
fn negated(clause: &Tokens<'_>, counts: impl Fn(usize) -> bool) -> bool {
    (0..clause.len()).any(|i| {
        let negation = clause.get(i).is_some_and(|t| clause.is(t, &Word::Negation));
        negation && counts(i) && reaches_finding(clause, i + 1)
    })
}

fn reaches_finding(clause: &Tokens<'_>, start: usize) -> bool {
    let (mut others, mut gene) = (0, false);
    for at in start..clause.len() {
        let Some(token) = clause.get(at) else { break };
        let found = clause.words(token).any(|w| {
            matches!(
                w,
                Word::Rearrangement
                    | Word::Detected
                    | Word::Signal(_)
                    | Word::Result(Polarity::Evidence | Polarity::Positive, _)
            )
        });
        if found {
            return true;
        }
        if clause.gene(token).is_some() {
            gene = true;
            continue;
        }
        match token.kind {
            // `no deletion, ALK rearranged`
            Kind::Mark(',') if others > 0 && !gene => return false,
            Kind::Mark(',' | '-' | '/' | '(' | ')') => {}
            Kind::Mark(_) => return false,
            _ => {
                let glue = clause.words(token).any(|w| {
                    matches!(
                        w,
                        Word::And | Word::Or | Word::Filler | Word::Preposition | Word::Copula
                    )
                });
                others += usize::from(!glue);
                if others > 4 {
                    return false;
                }
            }
        }
    }
    false
}

fn bracket_sign(clause: &Tokens<'_>) -> Option<char> {
    (0..clause.len().saturating_sub(2)).find_map(|i| {
        match (
            clause.get(i)?.kind,
            clause.get(i + 1)?.kind,
            clause.get(i + 2)?.kind,
        ) {
            (Kind::Mark('('), Kind::Mark(sign @ ('+' | '-')), Kind::Mark(')')) => Some(sign),
            _ => None,
        }
    })
}
