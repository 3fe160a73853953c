//! Drugs with their evidence, label status by region and date, and open safety questions.
//!
//! Rules name rows of a therapy table; labels and safety questions are tables of their own. Nothing
//! here knows a drug: a row is a drug, its disease and what is known of it. Where no label row speaks of
//! a drug for a disease in a region, nothing is said; off label is a row of its own.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::rules::check::Checked;
use crate::rules::compile::rows;
use crate::rules::tables::Row;

/// Therapy rows, labels and safety questions of a pack.
#[derive(Debug, Default)]
pub(crate) struct TherapyBook {
    pub(crate) options: Vec<TherapyRow>,
    labels: Vec<LabelRow>,
    safety: Vec<SafetyRow>,
}

/// A drug for a disease.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TherapyRow {
    drug: String,
    disease: String,
    rank: u32,
    dose: Option<String>,
    evidence: String,
    note: Option<String>,
    cite: Vec<String>,
}

#[derive(Debug)]
struct LabelRow {
    drug: String,
    region: String,
    disease: String,
    /// The label covers the disease; otherwise the row says that it does not.
    covers: bool,
    from: Option<Date>,
    age_from: Option<u32>,
    age_below: Option<u32>,
    indication: String,
    note: Option<String>,
    cite: Vec<String>,
}

#[derive(Debug)]
struct SafetyRow {
    drug: String,
    /// Where it stands among the questions of its drug.
    rank: u32,
    item: String,
    text: String,
    cite: Vec<String>,
}

/// What the answer is asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Asked {
    /// The date for which label status is judged; without one every date is printed and none judged.
    pub as_of: Option<Date>,
    /// The region; all regions without one.
    pub region: Option<String>,
}

/// A drug a rule lists, with what speaks for it and where it is on label.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Therapy {
    /// The drug.
    pub drug: String,
    /// The rule that lists it.
    pub rule: String,
    /// Dose as in the label or the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dose: Option<String>,
    /// What is known in this disease.
    pub evidence: String,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Citations.
    pub cites: Vec<String>,
    /// Label status by region.
    pub labels: Vec<Label>,
    /// Open safety questions; they never change the molecular statement.
    pub safety: Vec<Safety>,
}

/// Whether the drug is on label in a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelStatus {
    /// The label covers this disease and this patient at the date asked for (or, without a date,
    /// since `from`).
    OnLabel,
    /// It does not.
    OffLabel,
    /// The label covers a group of patients, and the report does not say whether this one is in it.
    Undetermined,
}

/// Label status in one region.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Label {
    /// Region.
    pub region: String,
    /// Status.
    pub status: LabelStatus,
    /// Why, in words.
    pub reason: String,
    /// First date of the label wording.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The indication, paraphrased.
    pub indication: String,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Citations.
    pub cites: Vec<String>,
}

/// A safety question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Safety {
    /// What it is about.
    pub item: String,
    /// The question.
    pub text: String,
    /// Citations.
    pub cites: Vec<String>,
}

/// Reads the tables; also tells which rows each rule lists, by rule id.
pub(crate) fn book(checked: &Checked) -> (TherapyBook, BTreeMap<String, Vec<usize>>) {
    let mut book = TherapyBook::default();
    let mut by_rule: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for rule in checked.modules.iter().flat_map(|m| &m.rules) {
        let Some(query) = &rule.therapy else { continue };
        for row in rows(&checked.tables, query) {
            let option = therapy_row(row);
            let index = book
                .options
                .iter()
                .position(|o| *o == option)
                .unwrap_or_else(|| {
                    book.options.push(option);
                    book.options.len() - 1
                });
            by_rule
                .entry(rule.id.value.clone())
                .or_default()
                .push(index);
        }
    }
    for indices in by_rule.values_mut() {
        indices.sort_by_key(|i| (book.options[*i].rank, book.options[*i].drug.clone()));
    }
    let table = |name: &Option<crate::yaml::Spanned<String>>| {
        name.as_ref()
            .and_then(|name| checked.tables.get(&name.value))
            .into_iter()
            .flat_map(|table| &table.rows)
    };
    book.labels = table(&checked.manifest.labels).map(label_row).collect();
    book.labels
        .sort_by(|a, b| (&a.region, a.from).cmp(&(&b.region, b.from)));
    book.safety = table(&checked.manifest.safety).map(safety_row).collect();
    book.safety
        .sort_by(|a, b| (a.rank, &a.drug, &a.item).cmp(&(b.rank, &b.drug, &b.item)));
    (book, by_rule)
}

fn owned(row: &Row, column: &str) -> Vec<String> {
    row.values(column).into_iter().map(str::to_owned).collect()
}

fn therapy_row(row: &Row) -> TherapyRow {
    TherapyRow {
        drug: row.text("drug").to_owned(),
        disease: row.text("disease").to_owned(),
        rank: row.int("rank").unwrap_or(u32::MAX),
        dose: row.optional("dose").map(str::to_owned),
        evidence: row.text("evidence").to_owned(),
        note: row.optional("note").map(str::to_owned),
        cite: owned(row, "cite"),
    }
}

fn label_row(row: &Row) -> LabelRow {
    LabelRow {
        drug: row.text("drug").to_owned(),
        region: row.text("region").to_owned(),
        disease: row.text("disease").to_owned(),
        covers: row.text("status") == "on_label",
        from: row.date("from"),
        age_from: row.int("age_from"),
        age_below: row.int("age_below"),
        indication: row.text("indication").to_owned(),
        note: row.optional("note").map(str::to_owned),
        cite: owned(row, "cite"),
    }
}

fn safety_row(row: &Row) -> SafetyRow {
    SafetyRow {
        drug: row.text("drug").to_owned(),
        rank: row.int("rank").unwrap_or(u32::MAX),
        item: row.text("item").to_owned(),
        text: row.text("text").to_owned(),
        cite: owned(row, "cite"),
    }
}

impl TherapyBook {
    /// The regions any label row speaks of, sorted.
    pub(crate) fn regions(&self) -> Vec<&str> {
        let mut regions: Vec<&str> = self.labels.iter().map(|l| l.region.as_str()).collect();
        regions.sort_unstable();
        regions.dedup();
        regions
    }

    /// One listed drug for this patient, date and region.
    pub(crate) fn therapy(
        &self,
        index: usize,
        rule: &str,
        age: Option<u32>,
        asked: &Asked,
    ) -> Therapy {
        let option = &self.options[index];
        let labels = self
            .regions()
            .into_iter()
            .filter(|region| {
                asked
                    .region
                    .as_deref()
                    .is_none_or(|wanted| wanted == *region)
            })
            .filter_map(|region| self.label(option, region, age, asked.as_of))
            .collect();
        Therapy {
            drug: option.drug.clone(),
            rule: rule.to_owned(),
            dose: option.dose.clone(),
            evidence: option.evidence.clone(),
            note: option.note.clone(),
            cites: option.cite.clone(),
            labels,
            safety: self
                .safety
                .iter()
                .filter(|s| s.drug == option.drug)
                .map(|s| Safety {
                    item: s.item.clone(),
                    text: s.text.clone(),
                    cites: s.cite.clone(),
                })
                .collect(),
        }
    }

    /// Status in one region: the best any label row gives. None when no row speaks of it.
    fn label(
        &self,
        option: &TherapyRow,
        region: &str,
        age: Option<u32>,
        as_of: Option<Date>,
    ) -> Option<Label> {
        self.labels
            .iter()
            .filter(|l| l.drug == option.drug && l.region == region && l.disease == option.disease)
            .map(|row| row.status(age, as_of))
            .min_by_key(|label| {
                let order = match label.status {
                    LabelStatus::OnLabel => 0,
                    LabelStatus::Undetermined => 1,
                    LabelStatus::OffLabel => 2,
                };
                // Of several off-label rows the latest says most.
                (order, std::cmp::Reverse(label.from))
            })
    }
}

impl LabelRow {
    fn status(&self, age: Option<u32>, as_of: Option<Date>) -> Label {
        let too_young = self.age_from.zip(age).is_some_and(|(from, age)| age < from);
        let too_old = self
            .age_below
            .zip(age)
            .is_some_and(|(below, age)| age >= below);
        let limited = self.age_from.is_some() || self.age_below.is_some();
        let from = self.from;
        let (status, reason) = match (from, as_of) {
            _ if !self.covers => (
                LabelStatus::OffLabel,
                "the label does not name this disease".to_owned(),
            ),
            (Some(from), Some(as_of)) if from > as_of => (
                LabelStatus::OffLabel,
                format!("on {as_of} not yet on label (from {from})"),
            ),
            _ if too_young || too_old => (
                LabelStatus::OffLabel,
                format!(
                    "the label is limited to {}, the patient is {}",
                    self.ages(),
                    age.unwrap_or_default()
                ),
            ),
            _ if limited && age.is_none() => (
                LabelStatus::Undetermined,
                format!(
                    "the label is limited to {}, the age is not stated",
                    self.ages()
                ),
            ),
            (Some(from), _) => (LabelStatus::OnLabel, format!("on label from {from}")),
            (None, _) => (LabelStatus::OnLabel, "on label".to_owned()),
        };
        Label {
            region: self.region.clone(),
            status,
            reason,
            from,
            indication: self.indication.clone(),
            note: self.note.clone(),
            cites: self.cite.clone(),
        }
    }

    fn ages(&self) -> String {
        match (self.age_from, self.age_below) {
            (Some(from), Some(below)) => format!("ages {from} to under {below}"),
            (Some(from), None) => format!("ages {from} and older"),
            (None, Some(below)) => format!("ages under {below}"),
            (None, None) => "all ages".to_owned(),
        }
    }
}
