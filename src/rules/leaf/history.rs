//! Questions about patient, diagnoses, state and treatment.

use crate::case::Context;
use crate::case::history::{Diagnosis, History, Treatment};
use crate::rules::fact::{HistoryTest, Take};
use crate::rules::leaf::{Answer, Match, Tally};
use crate::rules::truth::Reason;

impl HistoryTest {
    pub(super) fn answer(&self, history: &History) -> Answer {
        let mut tally = Tally::default();
        match self {
            Self::State(wanted) => {
                let states = &history.states;
                let hits = states.iter().filter(|s| wanted.contains(&s.value)).count();
                for state in states {
                    let hit = wanted.contains(&state.value);
                    // One state of several is enough; the others do not contradict it.
                    if hit || hits == 0 {
                        tally.add(Match::from_bool(hit), &state.source);
                    }
                }
            }
            Self::Diagnosis {
                keys,
                groups,
                roles,
            } => {
                let standing = history
                    .diagnoses
                    .iter()
                    .filter(|d| roles.contains(&d.role) && d.context != Some(Context::Prior));
                let is = |d: &Diagnosis| keys.contains(&d.key) || groups.contains(&d.group);
                let hits = standing.clone().filter(|d| is(d)).count();
                for diagnosis in standing {
                    let hit = is(diagnosis);
                    if hit || hits == 0 {
                        tally.add(Match::from_bool(hit), &diagnosis.source);
                    }
                }
            }
            Self::OnDrug { drugs, response } => {
                let answers = history.treatments.iter().map(|treatment| {
                    let given = Match::from_bool(drugs.contains(&treatment.drug));
                    let answered = match &treatment.response {
                        _ if response.is_empty() || given == Match::No => Match::Yes,
                        Some(stated) => Match::from_bool(response.contains(stated)),
                        None => Match::Unclear(Reason::NotStated),
                    };
                    (given.and(answered), treatment)
                });
                one_is_enough(&mut tally, answers);
            }
            Self::PriorDrug(drugs) => {
                let answers = history
                    .treatments
                    .iter()
                    .enumerate()
                    .map(|(at, treatment)| {
                        let followed = history.treatments[at + 1..].iter().any(|later| {
                            later.drug != treatment.drug
                                && later.start.zip(treatment.start).is_none_or(|(l, t)| l >= t)
                        });
                        let given = Match::from_bool(drugs.contains(&treatment.drug));
                        (given.and(Match::from_bool(followed)), treatment)
                    });
                one_is_enough(&mut tally, answers);
            }
            Self::AgeAtLeast(years) => {
                if let Some(age) = &history.age {
                    tally.add(Match::from_bool(age.value >= *years), &age.source);
                }
            }
            Self::AgeBelow(years) => {
                if let Some(age) = &history.age {
                    tally.add(Match::from_bool(age.value < *years), &age.source);
                }
            }
            Self::Site { spellings, .. } => {
                if let Some(site) = &history.site {
                    let text = site.value.to_lowercase();
                    let named = spellings.iter().any(|s| holds_word(&text, s));
                    tally.add(Match::from_bool(named), &site.source);
                }
            }
            Self::Sex(wanted) => {
                if let Some(sex) = &history.sex {
                    tally.add(Match::from_bool(sex.value == *wanted), &sex.source);
                }
            }
        }
        tally.answer(Take::All, Reason::NotStated)
    }

    pub(crate) fn words(&self) -> String {
        match self {
            Self::State(values) => format!("state {}", values.join(" or ")),
            Self::Diagnosis { keys, groups, .. } => {
                let names: Vec<&str> = keys.iter().chain(groups).map(String::as_str).collect();
                format!("diagnosis {}", names.join(" or "))
            }
            Self::OnDrug { drugs, response } if response.is_empty() => {
                format!("treated with {}", drugs.join(" or "))
            }
            Self::OnDrug { drugs, response } => {
                format!("{} to {}", response.join(" or "), drugs.join(" or "))
            }
            Self::PriorDrug(drugs) => format!("treated with {} before", drugs.join(" or ")),
            Self::AgeAtLeast(age) => format!("age at least {age}"),
            Self::AgeBelow(age) => format!("age below {age}"),
            Self::Sex(sex) => format!("sex {sex}"),
            Self::Site { names, .. } => format!("site {}", names.join(" or ")),
        }
    }

    pub(crate) fn key(&self) -> &'static str {
        match self {
            Self::State(_) => "history state",
            Self::Diagnosis { .. } => "history diagnosis",
            Self::OnDrug { response, .. } if !response.is_empty() => "history response",
            Self::OnDrug { .. } | Self::PriorDrug(_) => "history treatment",
            Self::AgeAtLeast(_) | Self::AgeBelow(_) => "history age",
            Self::Sex(_) => "history sex",
            Self::Site { .. } => "history site",
        }
    }
}

/// One treatment of several is enough; the others do not contradict it.
fn one_is_enough<'t>(
    tally: &mut Tally,
    answers: impl Iterator<Item = (Match, &'t Treatment)> + Clone,
) {
    let hit = answers.clone().any(|(answer, _)| answer == Match::Yes);
    for (answer, treatment) in answers {
        if !hit || answer == Match::Yes {
            tally.add(answer, &treatment.source);
        }
    }
}

/// Whether `word` stands in `text` on its own, both in lower case.
fn holds_word(text: &str, word: &str) -> bool {
    let apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    text.match_indices(word).any(|(at, found)| {
        // Scripts without spaces have no word ends to look for.
        !word.is_ascii()
            || apart(text[..at].chars().next_back())
                && apart(text[at + found.len()..].chars().next())
    })
}
