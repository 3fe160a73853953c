//! Diagnoses that a sentence denies: negated, ruled out, replaced.
//!
//! ```text
//! negated  = ( negation | negative | "nor" ) word{0,3} disease
//! denied   = role-of-denial word{0,4} disease { ("," | "and") disease }
//!          | disease { ("," | "and") disease } word{0,7} ( role-of-denial | excluded )
//!          | "favour" disease "over" disease                   ; the second
//! replaced = verb-of-replacing word{0,9} disease               ; not behind `by`
//! ```

use crate::narrative::clause::has;
use crate::narrative::lex::{Kind, Tokens};
use crate::vocab::{self, Cue, Polarity, Word};

/// `no evidence of leiomyosarcoma`, `negative for leiomyosarcoma`.
pub(super) fn negated(sentence: &Tokens<'_>, index: usize) -> bool {
    let before = sentence.slice(index.saturating_sub(4)..index);
    let role = has(&before, |w| *w == Word::Role(vocab::Role::NotExcluded));
    // `pas d'argument pour A ni pour une B`
    let nor = before
        .iter()
        .any(|t| matches!(before.text_of(t), "ni" | "nor" | "noch"));
    !role
        && (nor
            || has(&before, |w| {
                matches!(w, Word::Negation | Word::Result(Polarity::Negative, _))
            }))
        && !before
            .iter()
            .any(|t| before.marker(t).is_some() || before.gene(t).is_some())
}

/// `IMT is unlikely`, `insufficient for leiomyosarcoma`.
pub(super) fn denied(sentence: &Tokens<'_>, index: usize) -> bool {
    let stops = |i: &usize| {
        sentence.get(*i).is_some_and(|t| {
            matches!(t.kind, Kind::Mark(',' | ';'))
                || sentence.words(t).any(|w| *w == Word::Contrast)
                || sentence.disease(t).is_some()
        })
    };
    let denies = |i: usize| {
        sentence.get(i).is_some_and(|t| {
            sentence.is(t, &Word::Role(vocab::Role::Denied))
                || sentence.is(t, &Word::Role(vocab::Role::Excluded))
        })
    };
    let not = |i: usize| {
        sentence
            .get(i)
            .is_some_and(|t| sentence.is(t, &Word::Negation))
    };
    // Behind it up to a comma; but `considered but not favoured` is about the same diagnosis. `A and B are
    // excluded`: a list shares what stands behind it.
    let preferred = (index.saturating_sub(2)..index).any(|i| {
        sentence.get(i).is_some_and(|t| {
            sentence.is(t, &Word::Role(vocab::Role::Final))
                || sentence.is(t, &Word::Role(vocab::Role::Favoured))
                || sentence.is(t, &Word::Cue(Cue::Supersedes))
        })
    });
    let last = if preferred {
        index
    } else {
        listed_to(sentence, index)
    };
    let behind = (last + 1..last + 8).take_while(|i| {
        sentence.get(*i).is_some_and(|t| {
            !matches!(t.kind, Kind::Mark(',' | ';')) && sentence.disease(t).is_none()
        })
    });
    // `argue against a carcinoma, melanoma or lymphoma`: a list shares what stands before it.
    let first = listed_from(sentence, index);
    let before = (first.saturating_sub(5)..first)
        .rev()
        .take_while(|i| !stops(i));
    let unlike = index
        .checked_sub(1)
        .and_then(|i| sentence.get(i))
        .is_some_and(|t| sentence.is(t, &Word::Exception));
    // `favour A over B`, `A is favoured over B`
    let over = index >= 2
        && (sentence.get(index - 1)).is_some_and(|t| sentence.text_of(t) == "over")
        && (sentence.get(index - 2)).is_some_and(|t| {
            sentence.disease(t).is_some() || sentence.is(t, &Word::Role(vocab::Role::Favoured))
        });
    // `argues against A and against B`
    let against = (index.saturating_sub(2)..index).any(|i| {
        sentence.get(i).is_some_and(|t| {
            let text = sentence.text_of(t).to_lowercase();
            ["against", "gegen", "contre", "contra", "tegen"].contains(&text.as_str())
        })
    });
    let mut behind = behind.peekable();
    unlike
        || against
        || over
        || replaced(sentence, first)
        || behind.any(|i| denies(i) && !not(i - 1))
        || before.into_iter().any(denies)
}

/// `this diagnosis replaces that of B`, `此诊断取代首次报告"B"之诊断`: B no longer counts. `B is replaced by A` names A
/// behind the verb.
fn replaced(sentence: &Tokens<'_>, index: usize) -> bool {
    const BY: [&str; 5] = ["by", "durch", "par", "por", "door"];
    const STEMS: [&str; 9] = [
        "replac", "supersed", "ersetz", "remplac", "sustitu", "reemplaz", "vervang", "取代", "替代",
    ];
    let before = (index.saturating_sub(REPLACED)..index).rev();
    let near = before.take_while(|i| {
        sentence.get(*i).is_some_and(|t| {
            !matches!(t.kind, Kind::Mark(':' | ';' | ',' | '.')) && sentence.disease(t).is_none()
        })
    });
    let by = |i: usize| {
        (i..index).any(|k| {
            sentence
                .get(k)
                .and_then(|t| sentence.text_of(t).rsplit(' ').next())
                .is_some_and(|word| BY.contains(&word))
        })
    };
    let old = |i: usize| {
        let verb = sentence
            .slice(i..(i + 2).min(sentence.len()))
            .text()
            .to_lowercase();
        STEMS.iter().any(|stem| verb.starts_with(stem))
    };
    near.into_iter().any(|i| old(i) && !by(i))
}

/// Most tokens between a verb of replacing and the diagnosis it replaces.
const REPLACED: usize = 10;

/// Most diagnoses of a list that are looked back over.
const LISTED: usize = 12;

/// The first diagnosis of the list (`a carcinoma, melanoma or lymphoma`) that `index` stands in.
fn listed_from(sentence: &Tokens<'_>, index: usize) -> usize {
    let mut first = index;
    for _ in 0..LISTED {
        let joined = |i: usize| {
            sentence.get(i).is_some_and(|t| {
                t.kind == Kind::Mark(',')
                    || sentence.words(t).any(|w| matches!(w, Word::And | Word::Or))
                    || sentence.text_of(t).len() <= 2
            })
        };
        let before = (first.saturating_sub(4)..first).rev().find(|i| !joined(*i));
        match before {
            Some(i)
                if i + 1 < first
                    && sentence
                        .get(i)
                        .is_some_and(|t| sentence.disease(t).is_some()) =>
            {
                first = i;
            }
            _ => break,
        }
    }
    first
}

/// The last diagnosis of the list (`A, B and C`) that `index` stands in.
fn listed_to(sentence: &Tokens<'_>, index: usize) -> usize {
    let mut last = index;
    for _ in 0..LISTED {
        let joined = |i: usize| {
            sentence.get(i).is_some_and(|t| {
                t.kind == Kind::Mark(',')
                    || sentence.words(t).any(|w| matches!(w, Word::And | Word::Or))
            })
        };
        let next = (last + 1..last + 4).find(|i| !joined(*i));
        match next {
            Some(i)
                if i > last + 1
                    && (sentence.get(i)).is_some_and(|t| sentence.disease(t).is_some()) =>
            {
                last = i;
            }
            _ => break,
        }
    }
    last
}
