//! Patient, diagnoses, state of the disease and treatment in report text.
//!
//! ```text
//! age        = "Age" ":" number | number "-year-old"
//! sex        = "Sex" ":" sex-word | "-year-old" sex-word
//! diagnosis  = [role] disease ["?"]
//! state      = state-word                       ; not negated
//! treatment  = drug ... [dose] [start] [response]
//! ```

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use crate::case::history::{Diagnosis, History, Role, Stated, Treatment};
use crate::narrative::clause::{clauses, has, has_cue};
use crate::narrative::fusion::context;
use crate::narrative::lex::{Kind, Token, Tokens};
use crate::narrative::outline::Setting;
use crate::narrative::passed::passed;
use crate::source::Source;
use crate::vocab::{self, Cue, Origin, Polarity, Section, Word};

mod denied;

use denied::{denied, negated};

static YEAR_OLD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(\d{1,3})[\s-]*(?:year|yr)s?[\s-]*old\b").expect("a constant pattern")
});
static LABELLED_AGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)[:：]\s*(\d{1,3})\s*(months?|mo\b|years?|yrs?|y\b|岁|个月)?")
        .expect("a constant pattern")
});
static DOSE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b\d+(?:\.\d+)?\s*(?:mg|g|µg|mcg)(?:\s*/\s*(?:m2|m²|kg))?(?:\s+(?:po|orally|oral))?(?:,?\s*(?:bid|b\.i\.d\.?|tid|t\.i\.d\.?|qd|q\.d\.|once daily|twice daily|three times daily|twice a day|once a day|daily))?")
        .expect("a constant pattern")
});
static START: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:from|since|started(?: on)?|initiated(?: on)?|starting|begun(?: on)?)\s+(?:((?:19|20)\d\d-[01]\d-[0-3]\d)|(\d{1,2})\s+(january|february|march|april|may|june|july|august|september|october|november|december)\s+((?:19|20)\d\d))")
        .expect("a constant pattern")
});
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Reads one sentence.
pub(crate) fn read(sentence: &Tokens<'_>, setting: &Setting, source: &Source) -> History {
    let mut history = History::default();
    patient(sentence, setting, source, &mut history);
    if passed(sentence).is_some() {
        return history;
    }
    diagnoses(sentence, setting, source, &mut history);
    if context(setting) != Some(crate::case::Context::Prior)
        || setting.section == Some(Section::Status)
    {
        states(sentence, setting, source, &mut history);
    }
    treatments(sentence, setting, source, &mut history);
    history
}

/// Age, sex and site, from labels or from `57-year-old woman`.
fn patient(sentence: &Tokens<'_>, setting: &Setting, source: &Source, history: &mut History) {
    let text = sentence.text();
    let start = sentence.range().start;
    let at = |range: std::ops::Range<usize>| source.place(start + range.start..start + range.end);
    if let Some(found) = YEAR_OLD.captures(text)
        && let (Some(whole), Ok(value)) = (found.get(0), found[1].parse())
    {
        history.age = Some(Stated {
            value,
            source: at(whole.range()),
        });
        history.sex = sex_word(sentence, source);
    }
    match setting.section {
        Some(Section::Age) => {
            if let Some(found) = LABELLED_AGE.captures(text)
                && let (Some(number), Ok(value)) = (found.get(1), found[1].parse::<u32>())
            {
                let months = found
                    .get(2)
                    .is_some_and(|u| u.as_str().starts_with(['m', 'M', '个']));
                history.age = Some(Stated {
                    value: if months { value / 12 } else { value },
                    source: at(number.range()),
                });
            }
        }
        Some(Section::Sex) => history.sex = sex_word(sentence, source),
        Some(Section::Site) => {
            if let Some((_, value)) = text.split_once([':', '：']) {
                let value = value.trim();
                if !value.is_empty() {
                    let from = start + text.len() - text.trim_end().len();
                    let offset = text.find(value).unwrap_or_default();
                    history.site = Some(Stated {
                        value: value.to_owned(),
                        source: source.place(from + offset..from + offset + value.len()),
                    });
                }
            }
        }
        _ => {}
    }
}

fn sex_word(sentence: &Tokens<'_>, source: &Source) -> Option<Stated<String>> {
    sentence.iter().find_map(|t| {
        sentence.words(t).find_map(|w| match w {
            Word::Sex(sex) => Some(Stated {
                value: sex.clone(),
                source: source.place(t.start..t.end),
            }),
            _ => None,
        })
    })
}

/// Diagnoses with their standing.
fn diagnoses(sentence: &Tokens<'_>, setting: &Setting, source: &Source, history: &mut History) {
    let hypothetical = sentence.iter().position(|t| {
        // `suggested leiomyosarcoma` favours it.
        sentence.is(t, &Word::Cue(Cue::Hypothetical))
            && !sentence.is(t, &Word::Role(vocab::Role::Favoured))
    });
    for (index, token) in sentence.iter().enumerate() {
        let Some(disease) = sentence.disease(token) else {
            continue;
        };
        if negated(sentence, index) || denied(sentence, index) {
            continue;
        }
        // A line that opens with it is as good as a heading.
        let headed = index <= 1 || headed(sentence, setting, index);
        let (role, revises) = if hypothetical.is_some_and(|h| h < index || h <= index + 4) {
            (Role::NotExcluded, false)
        } else {
            standing(sentence, setting, index)
        };
        // The same statement twice in one sentence is one.
        if history
            .diagnoses
            .iter()
            .any(|d| d.key == disease.key && d.role == role)
        {
            continue;
        }
        history.diagnoses.push(Diagnosis {
            label: disease.label.clone(),
            key: disease.key.clone(),
            group: disease.group.clone(),
            role,
            specimen: setting.specimen.clone(),
            date: setting.date,
            source: source.place(token.start..token.end),
            context: context(setting),
            revises,
            headed,
        });
    }
}

/// Whether the disease at `index` is no diagnosis of the patient: negated, denied, not excluded or one of several.
pub(crate) fn is_doubted(sentence: &Tokens<'_>, setting: &Setting, index: usize) -> bool {
    negated(sentence, index)
        || denied(sentence, index)
        || standing(sentence, setting, index).0 == Role::NotExcluded
}

/// Whether it stands under a heading of diagnosis, or close behind the word.
fn headed(sentence: &Tokens<'_>, setting: &Setting, index: usize) -> bool {
    setting.section == Some(Section::Diagnosis)
        || has(&sentence.slice(index.saturating_sub(4)..index), |w| {
            *w == Word::Section(Section::Diagnosis)
        })
}

/// The standing of the diagnosis at `index`, and whether it replaces earlier ones.
fn standing(sentence: &Tokens<'_>, setting: &Setting, index: usize) -> (Role, bool) {
    let role_at = |i: usize| {
        sentence.get(i).and_then(|t| {
            sentence.words(t).find_map(|w| match w {
                Word::Role(role) => Some(*role),
                _ => None,
            })
        })
    };
    let ends = |i: &usize| {
        sentence.get(*i).is_none_or(|t| {
            t.kind == Kind::Mark(';') || sentence.words(t).any(|w| *w == Word::Contrast)
        })
    };
    // A doubt counts on either side of the diagnosis; the nearest word before it comes first. A word
    // at the very start (`Differential diagnosis: A; B`) counts for all that follow.
    let before = (0..index)
        .rev()
        .take_while(|i| !ends(i))
        .take(24)
        .find_map(role_at)
        .or_else(|| (0..index.min(2)).find_map(role_at));
    // `A, B not excluded` but not `A, not excluded B`.
    let before_another = |i: usize| {
        let over = (sentence.get(i + 1)).is_some_and(|t| sentence.text_of(t) == "over");
        !over
            && (i + 1..i + 3).any(|k| {
                sentence
                    .get(k)
                    .is_some_and(|t| sentence.disease(t).is_some())
            })
    };
    let after = (index + 1..index + 8)
        .take_while(|i| !ends(i))
        .filter(|i| !before_another(*i))
        .find_map(role_at);
    let role = match (before, after) {
        (_, Some(vocab::Role::NotExcluded)) | (Some(vocab::Role::NotExcluded), _) => {
            Some(vocab::Role::NotExcluded)
        }
        (Some(role), _) => Some(role),
        (None, Some(vocab::Role::Favoured)) => Some(vocab::Role::Favoured),
        _ => None,
    };
    let doubted = sentence
        .get(index + 1)
        .is_some_and(|t| t.kind == Kind::Mark('?'));
    let queried = index
        .checked_sub(1)
        .and_then(|i| sentence.get(i))
        .is_some_and(|t| t.kind == Kind::Mark('?'));
    if queried {
        return (Role::NotExcluded, false);
    }
    let amended = setting.version > 0 && headed(sentence, setting, index);
    // `changed from A to B`
    let changed_to = before == Some(vocab::Role::Initial)
        && index
            .checked_sub(1)
            .and_then(|i| sentence.get(i))
            .is_some_and(|t| sentence.text_of(t) == "to");
    if changed_to {
        return (Role::Final, true);
    }
    match role {
        Some(vocab::Role::NotExcluded) => (Role::NotExcluded, false),
        Some(vocab::Role::Final) => (Role::Final, true),
        Some(vocab::Role::Favoured) => (Role::Favoured, false),
        Some(vocab::Role::Initial) => (Role::Initial, false),
        None | Some(vocab::Role::Denied | vocab::Role::Excluded)
            if setting.origin == Some(Origin::Outside) =>
        {
            (Role::Outside, false)
        }
        None | Some(vocab::Role::Denied | vocab::Role::Excluded) if doubted => {
            (Role::Favoured, false)
        }
        None | Some(vocab::Role::Denied | vocab::Role::Excluded) => (Role::Final, amended),
    }
}

/// States of the disease that are not negated.
fn states(sentence: &Tokens<'_>, setting: &Setting, source: &Source, history: &mut History) {
    for range in clauses(sentence) {
        let clause = sentence.slice(range);
        if has_cue(&clause, Cue::Hypothetical) || has_cue(&clause, Cue::Risk) {
            continue;
        }
        for (index, token) in clause.iter().enumerate() {
            let Some(state) = clause.words(token).find_map(|w| match w {
                Word::State(state) => Some(state),
                _ => None,
            }) else {
                continue;
            };
            let before = clause.slice(index.saturating_sub(5)..index);
            let denial = |w: &Word| {
                matches!(
                    w,
                    Word::Negation
                        | Word::Result(Polarity::Negative, _)
                        | Word::Role(
                            vocab::Role::NotExcluded | vocab::Role::Denied | vocab::Role::Excluded
                        )
                )
            };
            let behind = clause.slice(index + 1..(index + 6).min(clause.len()));
            let marks = |t: &&Token<'_>| !matches!(t.kind, Kind::Mark(',' | '.'));
            let denied = behind
                .iter()
                .take_while(marks)
                .any(|t| behind.words(t).any(denial));
            let no = has(&before, denial)
                || denied
                || (setting.section == Some(Section::Treatment)
                    && awaited(&clause, index)
                    && !has_cue(sentence, Cue::Given)
                    && !START.is_match(sentence.text()));
            if no || history.states.iter().any(|s| s.value == *state) {
                continue;
            }
            history.states.push(Stated {
                value: state.clone(),
                source: source.place(token.start..token.end),
            });
        }
    }
}

/// `crizotinib at recurrence`, `on progression`: the time a drug is meant for, where nothing says that it came.
fn awaited(tokens: &Tokens<'_>, at: usize) -> bool {
    (at.saturating_sub(2)..at).any(|i| {
        tokens.get(i).is_some_and(|t| {
            matches!(
                tokens.text_of(t).to_ascii_lowercase().as_str(),
                "at" | "upon"
                    | "on"
                    | "for"
                    | "case"
                    | "if"
                    | "when"
                    | "until"
                    | "bei"
                    | "en"
                    | "bij"
            )
        })
    })
}

/// Drugs that were given, with dose, start and response. A drug that is only named is none: the
/// sentence says that it was given, or stands under a heading of treatment, and nothing in it says that
/// it is planned, possible or declined.
fn treatments(sentence: &Tokens<'_>, setting: &Setting, source: &Source, history: &mut History) {
    if setting.section == Some(Section::History) {
        return;
    }
    for range in statements_of_course(sentence) {
        let part = sentence.slice(range);
        if !has_cue(&part, Cue::Hypothetical) {
            drugs(&part, setting, source, history);
        }
    }
}

/// A sentence cut at semicolons and before `, and` or `, but`: `no treatment was given until recurrence, and the
/// patient received a drug` are two statements.
fn statements_of_course(sentence: &Tokens<'_>) -> Vec<std::ops::Range<usize>> {
    let cuts = |i: usize| {
        let mark = |wanted: char| {
            sentence
                .get(i)
                .is_some_and(|t| t.kind == Kind::Mark(wanted))
        };
        let joins = sentence.get(i + 1).is_some_and(|t| {
            sentence
                .words(t)
                .any(|w| matches!(w, Word::And | Word::Contrast))
        });
        // `, and C` ends a list of drugs.
        let drug =
            (i + 2..i + 4).any(|k| sentence.get(k).is_some_and(|t| sentence.drug(t).is_some()));
        mark(';') || (mark(',') && joins && !drug)
    };
    let mut out = Vec::new();
    let mut start = 0;
    for i in 0..sentence.len() {
        if cuts(i) {
            out.push(start..i);
            start = i + 1;
        }
    }
    out.push(start..sentence.len());
    out
}

/// The drugs of one statement.
fn drugs(sentence: &Tokens<'_>, setting: &Setting, source: &Source, history: &mut History) {
    let not_given = has_cue(sentence, Cue::NotGiven);
    let said = setting.section == Some(Section::Treatment) || has_cue(sentence, Cue::Given);
    for (index, token) in sentence.iter().enumerate() {
        let Some(drug) = sentence.drug(token) else {
            continue;
        };
        let before = sentence.slice(index.saturating_sub(4)..index);
        let behind = sentence.slice(index + 1..(index + 4).min(sentence.len()));
        // `Plan: continue crizotinib`: what goes on is given.
        let goes_on = index
            .checked_sub(1)
            .and_then(|i| sentence.get(i))
            .is_some_and(|t| sentence.is(t, &Word::Cue(Cue::Continued)));
        if not_given && !goes_on {
            continue;
        }
        if has(&before, |w| *w == Word::Negation)
            || has(&behind, |w| *w == Word::Negation)
            || history.treatments.iter().any(|t| t.drug == drug.name)
        {
            continue;
        }
        // `on progression` is a plan as well as a report; `at recurrence` is when it was given.
        let meant = (index + 1..sentence.len()).any(|i| {
            sentence.get(i).is_some_and(|t| {
                let at = i > 0
                    && sentence
                        .get(i - 1)
                        .is_some_and(|t| sentence.text_of(t).eq_ignore_ascii_case("at"));
                !at && sentence.words(t).any(|w| matches!(w, Word::State(_)))
                    && awaited(sentence, i)
            })
        });
        if meant && !has_cue(sentence, Cue::Given) && !START.is_match(sentence.text()) {
            continue;
        }
        let queried = behind.get(0).is_some_and(|t| t.kind == Kind::Mark('?'));
        let rest = &source.text()[token.start..sentence.range().end];
        let dose = DOSE.find(rest).map(|m| m.as_str().trim().to_owned());
        if queried || !(said || goes_on || dose.is_some()) {
            continue;
        }
        let response = (index + 1..sentence.len()).find_map(|i| {
            sentence.words(sentence.get(i)?).find_map(|w| match w {
                Word::Response(response) => Some(response.clone()),
                _ => None,
            })
        });
        let place = source.place(token.start..token.end);
        history.treatments.push(Treatment {
            dose,
            start: START.captures(rest).and_then(|c| start(&c)),
            response,
            ..Treatment::new(&drug.name, place)
        });
    }
}

fn start(found: &regex::Captures<'_>) -> Option<Date> {
    if let Some(iso) = found.get(1) {
        return iso.as_str().parse().ok();
    }
    let day = found.get(2)?.as_str().parse().ok()?;
    let name = found.get(3)?.as_str().to_ascii_lowercase();
    let month = MONTHS.iter().position(|m| *m == name)? + 1;
    let year = found.get(4)?.as_str().parse().ok()?;
    Date::new(year, i8::try_from(month).ok()?, day).ok()
}
