//! Results of in-situ hybridisation.

use jiff::civil::Date;
use serde::Serialize;

use crate::case::percent::Percent;
use crate::case::{Context, Repair};
use crate::source::Place;

/// The result of a probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Rearranged (or amplified, for a probe that asks for it).
    Positive,
    /// Not rearranged.
    Negative,
    /// Unclear, an atypical pattern, or a percentage without a verdict.
    Equivocal,
    /// The result is awaited.
    Pending,
    /// No result.
    Failed,
    /// The test was not made.
    NotDone,
}

impl Status {
    /// Every value with its name in JSON.
    pub const ALL: [(Self, &str); 6] = [
        (Self::Positive, "positive"),
        (Self::Negative, "negative"),
        (Self::Equivocal, "equivocal"),
        (Self::Pending, "pending"),
        (Self::Failed, "failed"),
        (Self::NotDone, "not_done"),
    ];

    /// The value as written in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(status, _)| *status == self)
            .map_or("", |(_, name)| name)
    }
}

/// One FISH result.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fish {
    /// The gene the probe is for.
    pub gene: String,
    /// The words as written.
    pub as_written: String,
    /// The result.
    pub status: Status,
    /// Percentage of nuclei with the signal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<Percent>,
    /// Nuclei counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cells: Option<u32>,
    /// The laboratory's cut-off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cutoff_percent: Option<Percent>,
    /// Signal pattern when it is not the usual one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// Another laboratory or another time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<Context>,
    /// Specimen or block.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specimen: Option<String>,
    /// Date of the report part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// A later part of the case replaces this result.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub superseded: bool,
    /// Where the result stands.
    pub source: Place,
    /// What was repaired to read it.
    pub repairs: Vec<Repair>,
    /// Which part of its report it is from.
    #[serde(skip)]
    pub version: u32,
}

impl Fish {
    /// A result with nothing but a gene and a status.
    #[must_use]
    pub fn new(gene: &str, status: Status, source: Place) -> Self {
        Self {
            gene: gene.to_owned(),
            as_written: source.text.clone(),
            status,
            percent: None,
            cells: None,
            cutoff_percent: None,
            pattern: None,
            context: None,
            specimen: None,
            date: None,
            superseded: false,
            source,
            repairs: Vec::new(),
            version: 0,
        }
    }

    /// Takes what another statement about the same result knows and this one does not.
    pub(crate) fn complete(&mut self, more: Self) {
        self.percent = self.percent.or(more.percent);
        self.cells = self.cells.or(more.cells);
        self.cutoff_percent = self.cutoff_percent.or(more.cutoff_percent);
        self.pattern = self.pattern.take().or(more.pattern);
    }

    /// Whether the result says something about the tumour as it is now.
    #[must_use]
    pub fn is_current(&self) -> bool {
        !self.superseded && self.context != Some(Context::Prior)
    }
}
