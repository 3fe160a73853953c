//! Whose finding a sentence tells of, and of what time: an earlier tumour, another one, an operation elsewhere.

use crate::narrative::lex::{Kind, Token, Tokens};
use crate::vocab::{Cue, Origin, Word};

/// `hysterectomy`, `Hysterektomie`, `hystérectomie`: an operation by the end of its name.
pub(crate) fn names_operation(word: &str) -> bool {
    let word = word.to_lowercase();
    ["ectomy", "ektomie", "ectomie", "ectomía", "ectomia"]
        .iter()
        .any(|end| word.ends_with(end))
}

/// Whether a sentence tells of an operation and of no stain: `myomectomy at an outside hospital in 2019`.
pub(super) fn operated(sentence: &Tokens<'_>) -> bool {
    let operation = |t: &Token<'_>| {
        let word = sentence.text_of(t);
        names_operation(word) || word.ends_with('术') || word.ends_with("术后")
    };
    sentence.iter().any(operation) && !sentence.iter().any(|t| sentence.marker(t).is_some())
}

/// Words that set a sentence in an earlier time where they open it.
const EARLIER: &[&str] = &[
    "previously",
    "formerly",
    "früher",
    "anteriormente",
    "previamente",
    "précédemment",
    "auparavant",
    "eerder",
    "此前",
    "先前",
    "上次",
    "前次",
];

/// `Previously, A was negative.`: the sentence opens in an earlier time and does not come to the present.
pub(super) fn opens_earlier(sentence: &Tokens<'_>) -> bool {
    let first = (sentence.iter())
        .position(|t| !matches!(t.kind, Kind::Mark(_)))
        .unwrap_or_default();
    let opening = sentence.slice(first..sentence.len()).text().to_lowercase();
    // Chinese words have no gap behind them, and their letters are tokens of their own.
    let opens = EARLIER.iter().any(|word| {
        let rest = opening.strip_prefix(word);
        rest.is_some_and(|rest| !(word.is_ascii() && rest.starts_with(char::is_alphanumeric)))
    });
    let now = |w: &Word| matches!(w, Word::Contrast | Word::Cue(Cue::Supersedes));
    opens && !sentence.iter().any(|t| sentence.words(t).any(now))
}

/// Whether a sentence speaks of an earlier tumour or time, and not only compares with one (`positive, similar to
/// the previous biopsy`).
pub(super) fn prior(sentence: &Tokens<'_>) -> bool {
    let said = |i: usize| {
        sentence.get(i).is_some_and(|t| {
            sentence
                .words(t)
                .any(|w| matches!(w, Word::Result(..) | Word::Detected))
        })
    };
    if opens_earlier(sentence) {
        return true;
    }
    (0..sentence.len()).any(|i| {
        let named = sentence
            .get(i + 1)
            .is_some_and(|t| sentence.marker(t).is_some() || sentence.gene(t).is_some());
        let prior = sentence.get(i).is_some_and(|t| {
            // `Previous ALK negative`
            let earlier = matches!(
                sentence.text_of(t).to_ascii_lowercase().as_str(),
                "previous" | "prior" | "earlier"
            );
            sentence.is(t, &Word::Origin(Origin::Prior)) || (earlier && named)
        });
        let compared = (i.saturating_sub(3)..i).any(|k| {
            sentence
                .get(k)
                .is_some_and(|t| matches!(sentence.text_of(t), "to" | "with" | "than"))
        });
        prior && !(compared && (0..i).any(said))
    })
}

/// Words that set another tumour of the patient apart from this one.
const APART: &[&str] = &[
    "separate",
    "synchronous",
    "metachronous",
    "unrelated",
    "coexisting",
    "co-existing",
    "incidental",
    "second",
    "known",
    "her",
    "his",
    "previous",
    "prior",
    "concurrent",
    "different",
    "other",
    "another",
    "contralateral",
    "gekende",
    "bekende",
    "bekannten",
    "bekanntes",
    "bekannte",
    "connu",
    "connue",
    "conocido",
    "conocida",
];
/// Ends of such names in other languages.
const KINDS_END: &[&str] = &[
    "karzinom",
    "karzinoms",
    "carcinoom",
    "carcinome",
    "lymphom",
    "lymphoms",
    "lymfoom",
    "lymphome",
    "linfoma",
    "melanom",
    "melanoom",
    "mélanome",
];
/// Kinds of tumour that the tumour in question, a sarcoma, is not.
const KINDS: &[&str] = &[
    "carcinoma",
    "adenocarcinoma",
    "lymphoma",
    "melanoma",
    "leukaemia",
    "leukemia",
    "nsclc",
    "mesothelioma",
    "neuroblastoma",
    "glioma",
    "meningioma",
    "seminoma",
    "myeloma",
    "carcinoid",
    "gist",
    "cancer",
];

/// `the patient's separate lung adenocarcinoma was ALK negative`: another tumour of the patient.
// other = apart-word word{0,4} kind
pub(super) fn other_tumour(sentence: &Tokens<'_>) -> bool {
    let kind = |t: &Token<'_>| {
        sentence
            .text_of(t)
            .to_lowercase()
            .split(|c: char| !c.is_alphabetic())
            .any(|word| KINDS.contains(&word) || KINDS_END.iter().any(|end| word.ends_with(end)))
    };
    (0..sentence.len()).any(|i| {
        let here = sentence.get(i).is_some_and(kind);
        here && (i.saturating_sub(5)..i)
            .rev()
            .take_while(|k| {
                sentence
                    .get(*k)
                    .is_some_and(|t| !matches!(t.kind, Kind::Mark(',' | ';' | ':' | '.')))
            })
            .any(|k| {
                sentence.get(k).is_some_and(|t| {
                    let text = sentence.text_of(t).to_lowercase();
                    APART.contains(&text.as_str())
                })
            })
    })
}
