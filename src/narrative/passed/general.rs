//! Statements about tests, about kinds of tumour and about what may be: they name markers and results, and say
//! nothing of this tumour.
//!
//! ```text
//! criterion = indefinite-subject copula judged | copula result condition | percent "or more" ... copula result
//! ability   = assay-noun verb-of-ability
//! worklist  = marker "x" number
//! kind      = [indefinite] marker result kinds | kinds marker result | kinds "with" marker (rearrangement | result)
//!           | kinds result preposition marker
//!           | quantity "of" [word{0,3}] kinds | percent ("of" | "in") [word{0,3}] kinds
//! supposed  = [("a" | "an")] marker result word{0,6} modal                 ; where the sentence begins
//! ```

use super::{Passed, is_plural, word};
use crate::narrative::clause::{has, has_cue};
use crate::narrative::lex::{Kind, Tokens};
use crate::vocab::{Cue, Form, Polarity, Role, Word};

/// Most tokens between the parts of one turn of phrase.
const NEAR: usize = 6;

/// More tumours than one patient has.
const MANY: u32 = 6;

const CONDITIONS: &[&str] = &[
    "if", "should", "falls", "wenn", "sollte", "如", "若", "如果", "如该", "indien", "mocht",
];
/// Words behind `si` that make it a condition: in Italian it is a reflexive pronoun before a verb.
const SI: &[&str] = &[
    "la", "le", "les", "l", "el", "los", "las", "une", "un", "una", "il", "elle", "on", "ce",
    "cette", "se", "hay", "es", "resulta", "positif", "positive", "positivo",
];
const WHEN: &[&str] = &[
    "when", "whenever", "if", "once", "where", "wenn", "sobald", "si", "se", "quando", "cuando",
    "lorsque", "indien", "wanneer",
];
const PRESENT: &[&str] = &[
    "is", "are", "gilt", "gelten", "est", "sont", "è", "sono", "es", "son", "wordt", "worden",
];
const INDEFINITE: &[&str] = &[
    "a case",
    "cases",
    "specimens",
    "samples",
    "any",
    "every",
    "each",
    "a tumour",
    "a tumor",
    "a specimen",
    "a sample",
];
const ASSAYS: &[&str] = &[
    "assay",
    "panel",
    "test",
    "probe",
    "kit",
    "method",
    "technique",
    "antibody",
    "clone",
    "sonde",
    "sonda",
    "platform",
];
const ABILITIES: &[&str] = &[
    "covers",
    "interrogates",
    "flanks",
    "recognises",
    "recognizes",
    "hybridises",
    "hybridizes",
    "targets",
    "consists",
    "comprises",
    "contains",
    "includes",
    "analyses",
    "analyzes",
    "examines",
    "detects",
    "identifies",
    "binds",
    "screens",
    "reports",
    "calls",
];
const QUANTITIES: &[&str] = &[
    "minority",
    "majority",
    "subset",
    "proportion",
    "half",
    "third",
    "quarter",
    "quarters",
    "fraction",
    "percentage",
    "most",
    "many",
    "few",
    "some",
];
const DEFINITE: &[&str] = &[
    "the", "both", "these", "this", "his", "her", "our", "die", "beide",
];

/// Why a sentence about tests, kinds or possibilities is no fact, if it is one.
pub(super) fn general(sentence: &Tokens<'_>) -> Option<Passed> {
    if has_cue(sentence, Cue::Method) || criterion(sentence) || ability(sentence) {
        Some(Passed::Method)
    } else if worklist(sentence) {
        Some(Passed::Ordered)
    } else if kinds(sentence) {
        Some(Passed::Literature)
    } else if conditional(sentence) || supposed(sentence) {
        Some(Passed::Hypothetical)
    } else {
        None
    }
}

fn named(sentence: &Tokens<'_>, at: usize) -> bool {
    sentence
        .get(at)
        .is_some_and(|t| sentence.marker(t).is_some() || sentence.gene(t).is_some())
}

fn is(sentence: &Tokens<'_>, at: usize, wanted: impl Fn(&Word) -> bool) -> bool {
    sentence
        .get(at)
        .is_some_and(|t| sentence.words(t).any(wanted))
}

/// `positive`, `rearranged`: what a tumour can be called.
fn called(sentence: &Tokens<'_>, at: usize) -> bool {
    is(sentence, at, |w| {
        matches!(
            w,
            Word::Result(Polarity::Positive | Polarity::Negative, _) | Word::Rearrangement
        )
    })
}

/// Where the sentence begins, behind quotation marks, brackets and a short label (`Comment:`).
fn beginning(sentence: &Tokens<'_>) -> usize {
    let label = (1..4)
        .find(|i| sentence.get(*i).is_some_and(|t| t.kind == Kind::Mark(':')))
        .filter(|colon| !(0..*colon).any(|i| named(sentence, i)));
    (label.map_or(0, |colon| colon + 1)..sentence.len())
        .find(|i| {
            !sentence
                .get(*i)
                .is_some_and(|t| matches!(t.kind, Kind::Mark(_)))
        })
        .unwrap_or(0)
}

/// `If A is positive, FISH will follow.`, `Had A been positive, ...`
fn conditional(sentence: &Tokens<'_>) -> bool {
    let at = beginning(sentence);
    let parts = sentence.iter().any(|t| t.kind == Kind::Mark(';'));
    let had = word(sentence, at, &["had"])
        && (at..at + NEAR).any(|i| word(sentence, i, &["been", "shown"]));
    // `En cas de ...`: a phrase of several words.
    let phrase = sentence.get(at).is_some_and(|t| {
        sentence.is(t, &Word::Cue(Cue::Hypothetical)) && {
            let text = sentence.text_of(t).to_lowercase();
            ["en ca", "in ca", "im fa", "bei p", "bij p", "in the event"]
                .iter()
                .any(|start| text.starts_with(start))
        }
    });
    let si = word(sentence, at, &["si"]) && (word(sentence, at + 1, SI) || named(sentence, at + 1));
    !parts && (word(sentence, at, CONDITIONS) || had || phrase || si)
}

/// `a case is called positive when ...`: how a result is reached.
fn criterion(sentence: &Tokens<'_>) -> bool {
    let at = beginning(sentence);
    // `Cut-off for positivity: 15%`
    let cutoff = is(sentence, at, |w| *w == Word::Cutoff)
        && is(sentence, at + 1, |w| *w == Word::Preposition);
    // `In-house cut-offs: ALK 15%, ROS1 15%`
    let listed = (0..at + 4).any(|i| {
        is(sentence, i, |w| *w == Word::Cutoff)
            && sentence
                .get(i + 1)
                .is_some_and(|t| t.kind == Kind::Mark(':'))
            && named(sentence, i + 2)
    });
    // `TPS >=50% is high, <1% is negative`
    let graded = (0..sentence.len())
        .filter(|i| {
            (sentence.get(*i)).is_some_and(|t| t.kind == Kind::Mark('%'))
                && word(sentence, i + 1, PRESENT)
                && (called(sentence, i + 2) || word(sentence, i + 2, &["high", "low", "equivocal"]))
        })
        .count();
    if cutoff || listed || graded > 1 {
        return true;
    }
    let opening = sentence.slice(at..at + 2).text().to_ascii_lowercase();
    let indefinite = INDEFINITE
        .iter()
        .any(|subject| opening == *subject || opening.split(' ').next() == Some(subject));
    (0..sentence.len()).any(|i| {
        if !word(sentence, i, PRESENT) {
            return false;
        }
        let Some(result) = (i + 1..i + NEAR).find(|k| called(sentence, *k)) else {
            return false;
        };
        let condition = (result + 1..result + NEAR).any(|k| word(sentence, k, WHEN));
        let threshold = (1..i).any(|k| {
            sentence.get(k).is_some_and(|t| t.kind == Kind::Mark('%'))
                && word(sentence, k + 1, &["or"])
                && word(sentence, k + 2, &["more", "above", "higher"])
        });
        indefinite || condition || threshold
    })
}

/// `this panel interrogates 86 genes`, `the probe flanks ...`
fn ability(sentence: &Tokens<'_>) -> bool {
    let many = has(sentence, |w| *w == Word::Rearrangement)
        && sentence.iter().any(|t| {
            let text = sentence.text_of(t).to_ascii_lowercase();
            matches!(
                text.as_str(),
                "fusions" | "rearrangements" | "translocations"
            )
        });
    (0..sentence.len()).any(|i| {
        let noun = sentence
            .get(i)
            .and_then(|t| sentence.text_of(t).rsplit(' ').next())
            .is_some_and(|noun| ASSAYS.contains(&noun.to_ascii_lowercase().as_str()));
        noun && (i + 1..i + 3).any(|k| {
                word(sentence, k, ABILITIES)
                    // `the panel detects an A fusion` is a finding.
                    && (many || !word(sentence, k, &["detects", "identifies", "contains", "includes"]))
            })
    })
}

/// `A x 1, B x 2`: slides that were cut. The copies of a chromosome formula are none.
fn worklist(sentence: &Tokens<'_>) -> bool {
    let formula = ["ish", "sep", "con", "copies", "signals"];
    (1..sentence.len()).any(|i| {
        word(sentence, i, &["x", "×"])
            && named(sentence, i - 1)
            && sentence.get(i + 1).is_some_and(|t| t.kind == Kind::Number)
    }) && !(0..sentence.len())
        .any(|i| word(sentence, i, &formula) || is(sentence, i, |w| matches!(w, Word::Signal(_))))
}

/// Tumours or patients in the plural.
fn is_kinds(sentence: &Tokens<'_>, at: usize) -> bool {
    let Some(token) = sentence.get(at) else {
        return false;
    };
    sentence.is(token, &Word::Cue(Cue::Kind))
        || (sentence.disease(token).is_some() && is_plural(sentence.text_of(token)))
}

/// A kind of tumour or group of patients, not this one.
fn kinds(sentence: &Tokens<'_>) -> bool {
    (0..sentence.len()).any(|at| {
        is_kinds(sentence, at)
            && (positive_cases(sentence, at)
                || attribute_before(sentence, at)
                || attribute_behind(sentence, at)
                || counted(sentence, at))
    })
}

fn definite(sentence: &Tokens<'_>, before: usize) -> bool {
    before > 0 && word(sentence, before - 1, DEFINITE)
}

/// `positive cases show ...`
fn positive_cases(sentence: &Tokens<'_>, kinds: usize) -> bool {
    kinds > 0
        && called(sentence, kinds - 1)
        && word(
            sentence,
            kinds,
            &[
                "cases", "patients", "casi", "casos", "cas", "fälle", "病例", "患者",
            ],
        )
        && !definite(sentence, kinds - 1)
}

/// `A-positive tumours`
fn attribute_before(sentence: &Tokens<'_>, kinds: usize) -> bool {
    let mut at = kinds;
    for _ in 0..NEAR {
        if at == 0 {
            return false;
        }
        at -= 1;
        let token_breaks = sentence
            .get(at)
            .is_some_and(|t| matches!(t.kind, Kind::Mark(',' | ';' | ':' | '.')))
            || is(sentence, at, |w| {
                matches!(w, Word::Copula | Word::Preposition | Word::And)
            });
        if token_breaks {
            return false;
        }
        if called(sentence, at) {
            let glue = |i: usize| {
                sentence.get(i).is_some_and(|t| t.kind == Kind::Mark('-')) || called(sentence, i)
            };
            let name = (0..at).rev().take(3).find(|i| !glue(*i));
            return name.is_some_and(|i| named(sentence, i) && !definite(sentence, i));
        }
    }
    false
}

/// `tumori A positivi`, `tumours with A rearrangement`, `cases negative for A`
fn attribute_behind(sentence: &Tokens<'_>, kinds: usize) -> bool {
    if definite(sentence, kinds) {
        // `les tumeurs A positives`, not `the tumours with A rearrangement`
        return false;
    }
    // `cases negative for A`, `leiomyosarcomas express A`
    let preposition = is(sentence, kinds + 2, |w| *w == Word::Preposition);
    if called(sentence, kinds + 1) && named(sentence, kinds + 2 + usize::from(preposition)) {
        return true;
    }
    let mut name = kinds + 1;
    while is(sentence, name, |w| *w == Word::Preposition)
        || word(sentence, name, &["a", "an", "une", "un", "una", "eine"])
    {
        name += 1;
    }
    let result = name
        + 1
        + usize::from(
            sentence
                .get(name + 1)
                .is_some_and(|t| t.kind == Kind::Mark('-')),
        );
    named(sentence, name)
        && (called(sentence, result)
            || is(sentence, result, |w| {
                matches!(w, Word::Result(Polarity::Evidence, _))
            }))
}

/// `half of uterine tumours`, `in 5% of lung adenocarcinomas`, `12 of 13 tumours`
fn counted(sentence: &Tokens<'_>, kinds: usize) -> bool {
    let number = |i: usize| -> Option<u32> {
        let token = sentence.get(i).filter(|t| t.kind == Kind::Number)?;
        sentence.text_of(token).parse().ok()
    };
    let many = kinds.checked_sub(1).and_then(number).is_some_and(|n| {
        n > MANY
            || !sentence
                .get(kinds)
                .is_some_and(|t| sentence.text_of(t).starts_with("tum"))
    });
    let of = |i: usize| word(sentence, i, &["of", "in", "von", "der", "des", "de", "van"]);
    if many && kinds > 2 && of(kinds - 2) && number(kinds - 3).is_some() {
        return true;
    }
    let Some(of) = (kinds.saturating_sub(4)..kinds).rev().find(|i| of(*i)) else {
        return false;
    };
    of > 0
        && (word(sentence, of - 1, QUANTITIES)
            || sentence
                .get(of - 1)
                .is_some_and(|t| t.kind == Kind::Mark('%')))
}

/// `A-positive tumour of pregnancy may be hidden`, `an A-positive result would ...`
fn supposed(sentence: &Tokens<'_>) -> bool {
    let start = beginning(sentence);
    let name = start
        + usize::from(word(
            sentence,
            start,
            &["a", "an", "ein", "eine", "einen", "un", "une", "una", "een"],
        ));
    let result = name
        + 1
        + usize::from(
            sentence
                .get(name + 1)
                .is_some_and(|t| t.kind == Kind::Mark('-')),
        );
    if !(named(sentence, name) && called(sentence, result)) {
        return false;
    }
    for at in result + 1..result + 2 + 3 * NEAR {
        let comma = sentence.get(at).is_some_and(|t| t.kind == Kind::Mark(','));
        if name > start
            && comma
            && is(sentence, at + 1, |w| {
                matches!(w, Word::Cue(Cue::Hypothetical))
            })
        {
            return true;
        }
        let stops = sentence
            .get(at)
            .is_none_or(|t| matches!(t.kind, Kind::Mark(',' | ';' | ':' | '.' | '(' | '-')))
            || is(sentence, at, |w| matches!(w, Word::Copula | Word::Contrast))
            || word(sentence, at, &["that", "which", "who"]);
        let modal = is(sentence, at, |w| {
            matches!(
                w,
                Word::Cue(Cue::Modal | Cue::Hypothetical | Cue::Literature)
                    | Word::Role(Role::NotExcluded)
            )
        });
        // `eine A-Positivität würde ...`: the noun needs nothing between.
        let noun = is(sentence, result, |w| {
            matches!(w, Word::Result(_, Form::Noun))
        });
        if modal && (at > result + 1 || noun) {
            return true;
        }
        if stops {
            return false;
        }
    }
    false
}
