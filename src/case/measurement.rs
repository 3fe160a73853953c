//! Sizes of specimens and lesions, sums of diameters, and responses a report states.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::case::percent::Percent;
use crate::case::{Context, Repair};
use crate::source::Place;

/// What was measured (RECIST 1.1, doi 10.1016/j.ejca.2008.10.026).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A resected specimen or a tumour in it.
    Specimen,
    /// Longest diameter of a target lesion that is no lymph node.
    Target,
    /// Short axis of a target lymph node.
    TargetNode,
    /// A lesion that is followed without being measured.
    NonTarget,
    /// A lesion that was not there at baseline.
    New,
    /// Sum of diameters of the target lesions.
    Sum,
}

impl Kind {
    /// Every value with its name in JSON.
    pub const ALL: [(Self, &str); 6] = [
        (Self::Specimen, "specimen"),
        (Self::Target, "target"),
        (Self::TargetNode, "target_node"),
        (Self::NonTarget, "non_target"),
        (Self::New, "new"),
        (Self::Sum, "sum"),
    ];
}

/// What is said of a lesion without a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is there.
    Present,
    /// It is gone.
    Absent,
    /// It is there, too small to measure; RECIST enters 5 mm.
    TooSmall,
    /// It was not assessed at this time.
    NotEvaluated,
    /// Unequivocal progression of a non-target lesion.
    Progressed,
}

impl State {
    /// Every value with its name in JSON.
    pub const ALL: [(Self, &str); 5] = [
        (Self::Present, "present"),
        (Self::Absent, "absent"),
        (Self::TooSmall, "too_small"),
        (Self::NotEvaluated, "not_evaluated"),
        (Self::Progressed, "progressed"),
    ];
}

/// One size, sum or state of a lesion.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measurement {
    /// What was measured.
    pub kind: Kind,
    /// The words as written.
    pub as_written: String,
    /// Millimetres: one number, or two or three of a specimen. Empty when only a state is given.
    #[serde(serialize_with = "numbers")]
    pub mm: Vec<Decimal>,
    /// The lesion's own name (`TL1`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lesion: Option<String>,
    /// Where in the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// What is said without a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// The report calls it the baseline.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub baseline: bool,
    /// Day of the examination.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Where it stands.
    pub source: Place,
    /// What was repaired to read it.
    pub repairs: Vec<Repair>,
}

impl Measurement {
    /// A measurement without site or date.
    #[must_use]
    pub fn new(kind: Kind, mm: Vec<Decimal>, source: Place) -> Self {
        Self {
            kind,
            as_written: source.text.clone(),
            mm,
            lesion: None,
            site: None,
            state: None,
            baseline: false,
            date: None,
            source,
            repairs: Vec::new(),
        }
    }
}

/// Response categories of RECIST 1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Category {
    /// Complete response.
    #[serde(rename = "CR")]
    Complete,
    /// Partial response.
    #[serde(rename = "PR")]
    Partial,
    /// Stable disease.
    #[serde(rename = "SD")]
    Stable,
    /// Progressive disease.
    #[serde(rename = "PD")]
    Progressive,
    /// Neither complete response nor progression of non-target disease alone.
    #[serde(rename = "non-CR/non-PD")]
    NonCompleteNonProgressive,
    /// Not evaluable.
    #[serde(rename = "NE")]
    NotEvaluable,
}

impl Category {
    /// Every value with its name in JSON.
    pub const ALL: [(Self, &str); 6] = [
        (Self::Complete, "CR"),
        (Self::Partial, "PR"),
        (Self::Stable, "SD"),
        (Self::Progressive, "PD"),
        (Self::NonCompleteNonProgressive, "non-CR/non-PD"),
        (Self::NotEvaluable, "NE"),
    ];
}

/// A response or a change in percent that a report states, as opposed to one that is worked out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StatedResponse {
    /// The category, where one is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// The words as written.
    pub as_written: String,
    /// Decrease of the sum in percent, lowest and highest that the words allow (`greater than 60 %` is 60 to
    /// 100).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decrease_percent: Option<[Percent; 2]>,
    /// Day of the assessment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Another laboratory or another time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<Context>,
    /// Where it stands.
    pub source: Place,
}

fn numbers<S: serde::Serializer>(values: &[Decimal], s: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Number(#[serde(with = "rust_decimal::serde::float")] Decimal);
    s.collect_seq(values.iter().copied().map(Number))
}
