//! `history: {...}`, one question each.

use super::{NameKind, Names, count, named};
use crate::case::history::Role;
use crate::diag::{Code, Diagnostic};
use crate::yaml::{Decoder, Node};

/// `history: {...}`, one field each.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum HistoryTest {
    State(Vec<String>),
    Diagnosis {
        keys: Vec<String>,
        groups: Vec<String>,
        roles: Vec<Role>,
    },
    /// A drug that was given, with one of these responses where any is asked for.
    OnDrug {
        drugs: Vec<String>,
        response: Vec<String>,
    },
    /// A drug that was given before another one.
    PriorDrug(Vec<String>),
    AgeAtLeast(u32),
    AgeBelow(u32),
    Sex(String),
    /// Names of the site table; resolved to their spellings.
    Site {
        names: Vec<String>,
        spellings: Vec<String>,
    },
}

/// Roles of a diagnosis that stands unless a rule asks for others.
const STANDING: [Role; 4] = [Role::Initial, Role::Outside, Role::Favoured, Role::Final];

pub(super) fn decode(d: &mut Decoder<'_>, node: &Node, names: &mut Names) -> Option<HistoryTest> {
    let mut f = d.fields(node, "`history`")?;
    let state = f.take("state").map(|n| d.texts(n));
    let diagnosis = f.take("diagnosis").map(|n| d.texts(n));
    let group = f.take("diagnosis_group").map(|n| d.texts(n));
    let roles = f.take("roles").map(|n| d.choices(n, &Role::ALL));
    let on_drug = f.take("on_drug").map(|n| d.texts(n));
    let response = f.take("response").map(|n| d.texts(n));
    let prior_drug = f.take("prior_drug").map(|n| d.texts(n));
    let age_at_least = count(d, &mut f, "age_at_least");
    let age_below = count(d, &mut f, "age_below");
    let sex = f
        .take("sex")
        .and_then(|n| d.choice(n, &[("F", "F"), ("M", "M")]));
    let site = f.take("site").map(|n| d.texts(n));
    f.finish(d);
    let mut tests = Vec::new();
    if let Some(values) = state {
        tests.push(HistoryTest::State(named(values, NameKind::State, names)));
    }
    if diagnosis.is_some() || group.is_some() {
        tests.push(HistoryTest::Diagnosis {
            keys: named(diagnosis.unwrap_or_default(), NameKind::Disease, names),
            groups: named(group.unwrap_or_default(), NameKind::DiseaseGroup, names),
            roles: roles.unwrap_or_else(|| STANDING.to_vec()),
        });
    } else if roles.is_some() {
        return only_with(d, node, "roles", "diagnosis");
    }
    if let Some(values) = on_drug {
        tests.push(HistoryTest::OnDrug {
            drugs: named(values, NameKind::Drug, names),
            response: named(response.unwrap_or_default(), NameKind::DrugResponse, names),
        });
    } else if response.is_some() {
        return only_with(d, node, "response", "on_drug");
    }
    if let Some(values) = prior_drug {
        tests.push(HistoryTest::PriorDrug(named(values, NameKind::Drug, names)));
    }
    tests.extend(age_at_least.map(HistoryTest::AgeAtLeast));
    tests.extend(age_below.map(HistoryTest::AgeBelow));
    tests.extend(sex.map(|s| HistoryTest::Sex(s.value.to_owned())));
    if let Some(values) = site {
        tests.push(HistoryTest::Site {
            names: named(values, NameKind::Site, names),
            spellings: Vec::new(),
        });
    }
    if tests.len() == 1 {
        return tests.pop();
    }
    let place = d.place(node);
    d.report(
        Diagnostic::error(Code::WrongShape, "`history` asks one question at a time")
            .at(
                place,
                "expected exactly one of: state, diagnosis, diagnosis_group, on_drug, prior_drug, age_at_least, \
                 age_below, sex, site",
            )
            .help("join several with `all:` or `any:`"),
    );
    None
}

fn only_with<T>(d: &mut Decoder<'_>, node: &Node, key: &str, with: &str) -> Option<T> {
    let place = d.place(node);
    d.report(
        Diagnostic::error(
            Code::WrongShape,
            format!("`{key}` without `{with}` asks nothing"),
        )
        .at(place, format!("expected `{with}:` beside `{key}:`")),
    );
    None
}
