//! What is said about the patient, the disease and its treatment.

use jiff::civil::Date;
use serde::Serialize;

use crate::case::Context;
use crate::source::Place;

/// A value with its place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stated<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub source: Place,
}

/// The standing of a stated diagnosis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The first diagnosis.
    Initial,
    /// Made by another laboratory.
    Outside,
    /// Preferred but not certain.
    Favoured,
    /// Considered and not ruled out.
    NotExcluded,
    /// The diagnosis of the report.
    Final,
    /// Replaced by a later one.
    Superseded,
}

impl Role {
    /// Every value with its name in JSON.
    pub const ALL: [(Self, &str); 6] = [
        (Self::Initial, "initial"),
        (Self::Outside, "outside"),
        (Self::Favoured, "favoured"),
        (Self::NotExcluded, "not_excluded"),
        (Self::Final, "final"),
        (Self::Superseded, "superseded"),
    ];
}

/// A diagnosis somebody stated.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Diagnosis {
    /// Canonical label.
    pub label: String,
    /// Key of the disease table.
    #[serde(skip)]
    pub key: String,
    /// Group of the disease table.
    #[serde(skip)]
    pub group: String,
    /// Its standing.
    pub role: Role,
    /// Specimen or block.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specimen: Option<String>,
    /// Date of the report part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Where it stands.
    pub source: Place,
    /// Another laboratory or another time.
    #[serde(skip)]
    pub context: Option<Context>,
    /// The report says that this diagnosis replaces earlier ones.
    #[serde(skip)]
    pub revises: bool,
    /// It stands under a heading of diagnosis.
    #[serde(skip)]
    pub headed: bool,
}

/// Where a part of the report has a heading of diagnosis, another tumour that is merely named elsewhere is
/// one that was thought of.
pub(crate) fn only_named(diagnoses: &mut [Diagnosis]) {
    let headed = |d: &&Diagnosis| d.headed && d.role == Role::Final && d.context.is_none();
    let groups: Vec<String> = diagnoses
        .iter()
        .filter(headed)
        .map(|d| d.group.clone())
        .collect();
    if groups.is_empty() {
        return;
    }
    for diagnosis in diagnoses {
        let stated = diagnosis.headed || diagnosis.revises || diagnosis.role != Role::Final;
        if !stated && diagnosis.context.is_none() && !groups.contains(&diagnosis.group) {
            diagnosis.role = Role::NotExcluded;
        }
    }
}

/// One line of treatment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Treatment {
    /// The drug.
    pub drug: String,
    /// Dose as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dose: Option<String>,
    /// First day, where stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<Date>,
    /// Last day, where stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<Date>,
    /// Why it was stopped, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_reason: Option<String>,
    /// Line of treatment, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Response, where stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<String>,
    /// Where it stands.
    pub source: Place,
}

/// Patient, disease, treatment.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct History {
    /// Age in whole years.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age: Option<Stated<u32>>,
    /// Sex, `F` or `M`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<Stated<String>>,
    /// Site of the tumour as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<Stated<String>>,
    /// Whether the patient is pregnant, where stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pregnant: Option<Stated<bool>>,
    /// Date of the report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report_date: Option<Stated<Date>>,
    /// States of the disease.
    pub states: Vec<Stated<String>>,
    /// Diagnoses with their standing.
    pub diagnoses: Vec<Diagnosis>,
    /// Treatment.
    pub treatments: Vec<Treatment>,
}

impl Treatment {
    /// A drug that was given, and nothing more.
    #[must_use]
    pub fn new(drug: &str, source: Place) -> Self {
        Self {
            drug: drug.to_owned(),
            dose: None,
            start: None,
            stop: None,
            stop_reason: None,
            line: None,
            response: None,
            source,
        }
    }
}

impl History {
    /// Adds what another input says; the first statement of age, sex and site stays.
    pub fn extend(&mut self, other: Self) {
        self.age = self.age.take().or(other.age);
        self.sex = self.sex.take().or(other.sex);
        self.site = self.site.take().or(other.site);
        self.pregnant = self.pregnant.take().or(other.pregnant);
        self.report_date = self.report_date.take().or(other.report_date);
        self.states.extend(other.states);
        self.diagnoses.extend(other.diagnoses);
        self.treatments.extend(other.treatments);
    }

    /// The places of all statements.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        let age = self.age.iter().map(|s| &s.source);
        let sex = self.sex.iter().map(|s| &s.source);
        let site = self.site.iter().map(|s| &s.source);
        let pregnant = self.pregnant.iter().map(|s| &s.source);
        let date = self.report_date.iter().map(|s| &s.source);
        let states = self.states.iter().map(|s| &s.source);
        let diagnoses = self.diagnoses.iter().map(|d| &d.source);
        let treatments = self.treatments.iter().map(|t| &t.source);
        age.chain(sex)
            .chain(site)
            .chain(pregnant)
            .chain(date)
            .chain(states)
            .chain(diagnoses)
            .chain(treatments)
    }
}
