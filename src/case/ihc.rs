//! Immunohistochemistry readings.

use jiff::civil::Date;
use serde::Serialize;

use crate::case::percent::Percent;
use crate::case::{Context, Repair};
use crate::source::Place;

/// The result of a stain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The tumour stains, in whatever part.
    Positive,
    /// The tumour does not stain.
    Negative,
    /// Neither clearly positive nor negative.
    Equivocal,
    /// The stain was not made.
    NotDone,
    /// The result is awaited.
    Pending,
    /// The stain was made and gave no result.
    Failed,
    /// A number or pattern without polarity (`Ki-67 8 %`).
    Reported,
}

impl Status {
    /// The value as written in JSON and rules.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Positive => "positive",
            Self::Negative => "negative",
            Self::Equivocal => "equivocal",
            Self::NotDone => "not_done",
            Self::Pending => "pending",
            Self::Failed => "failed",
            Self::Reported => "reported",
        }
    }

    /// Every value, for rules and messages.
    pub const ALL: [Self; 7] = [
        Self::Positive,
        Self::Negative,
        Self::Equivocal,
        Self::NotDone,
        Self::Pending,
        Self::Failed,
        Self::Reported,
    ];
}

/// How a percentage was bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum PercentOp {
    /// Below the upper value.
    #[serde(rename = "<")]
    Below,
    /// Above the lower value.
    #[serde(rename = ">")]
    Above,
    /// About, or up to.
    #[serde(rename = "~")]
    About,
}

impl PercentOp {
    /// The sign as written in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Below => "<",
            Self::Above => ">",
            Self::About => "~",
        }
    }
}

/// One reading of one marker.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ihc {
    /// Canonical marker name.
    pub marker: String,
    /// The name as written.
    pub as_written: String,
    /// The result.
    pub status: Status,
    /// How much of the tumour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extent: Option<String>,
    /// How strong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intensity: Option<String>,
    /// Percentage, lowest and highest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<[Percent; 2]>,
    /// How the percentage was bounded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent_op: Option<PercentOp>,
    /// Score as printed, plus signs counted (`3+`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<String>,
    /// Antibody clone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clone: Option<String>,
    /// Where in the cell.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub compartment: Vec<String>,
    /// Reaction pattern.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// Which cells, when not the tumour's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cells: Option<String>,
    /// Another laboratory or another time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<Context>,
    /// Specimen or block.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specimen: Option<String>,
    /// Date of the report part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// A later part of the case replaces this reading.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub superseded: bool,
    /// Where the reading stands.
    pub source: Place,
    /// What was repaired to read it.
    pub repairs: Vec<Repair>,
    /// Which part of its report it is from: 0 the report, 1 the first addendum, and so on.
    #[serde(skip)]
    pub version: u32,
    /// The report says that this reading replaces earlier ones of the marker.
    #[serde(skip)]
    pub replaces: bool,
}

impl Ihc {
    /// A reading with nothing but a marker and a result.
    #[must_use]
    pub fn new(marker: &str, status: Status, source: Place) -> Self {
        Self {
            marker: marker.to_owned(),
            as_written: marker.to_owned(),
            status,
            extent: None,
            intensity: None,
            percent: None,
            percent_op: None,
            score: None,
            clone: None,
            compartment: Vec::new(),
            pattern: None,
            cells: None,
            context: None,
            specimen: None,
            date: None,
            superseded: false,
            source,
            repairs: Vec::new(),
            version: 0,
            replaces: false,
        }
    }

    /// Whether the reading says something about the tumour as it is now.
    #[must_use]
    pub fn is_current(&self) -> bool {
        !self.superseded && self.cells.is_none() && self.context != Some(Context::Prior)
    }
}
