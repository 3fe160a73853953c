//! Questions about patient, diagnoses, state and treatment.

use crate::case::Context;
use crate::case::history::{Diagnosis, History, Role};
use crate::rules::leaf::{Answer, Match, Tally};
use crate::rules::truth::Reason;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum HistoryLeaf {
    State(Vec<String>),
    Diagnosis {
        keys: Vec<String>,
        groups: Vec<String>,
        roles: Vec<Role>,
    },
    OnDrug(Vec<String>),
    AgeAtLeast(u32),
    AgeBelow(u32),
    Sex(String),
}

impl HistoryLeaf {
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
            Self::OnDrug(wanted) => {
                let hits = history
                    .treatments
                    .iter()
                    .filter(|t| wanted.contains(&t.drug))
                    .count();
                for treatment in &history.treatments {
                    let hit = wanted.contains(&treatment.drug);
                    if hit || hits == 0 {
                        tally.add(Match::from_bool(hit), &treatment.source);
                    }
                }
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
            Self::Sex(wanted) => {
                if let Some(sex) = &history.sex {
                    tally.add(Match::from_bool(sex.value == *wanted), &sex.source);
                }
            }
        }
        tally.answer(Reason::NotStated)
    }
}
