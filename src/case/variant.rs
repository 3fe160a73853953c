//! Small variants of a gene by protein change: resistance mutations and other drivers.

use jiff::civil::Date;
use serde::Serialize;

use crate::case::percent::Percent;
use crate::case::{Context, Repair};
use crate::source::Place;

/// What is said of a variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Found.
    Detected,
    /// Looked for and not found.
    NotDetected,
}

impl Status {
    /// Every value with its name in JSON.
    pub const ALL: [(Self, &str); 2] = [
        (Self::Detected, "detected"),
        (Self::NotDetected, "not_detected"),
    ];
}

/// One variant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Variant {
    /// Approved symbol.
    pub gene: String,
    /// Protein change in one-letter form without `p.` (`G1202R`); none for a statement about the gene.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protein_change: Option<String>,
    /// The words as written.
    pub as_written: String,
    /// What is said.
    pub status: Status,
    /// Variant allele fraction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vaf: Option<Percent>,
    /// Another laboratory or another time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<Context>,
    /// Specimen or block.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specimen: Option<String>,
    /// Date of the report part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// A later part of the case replaces this statement.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub superseded: bool,
    /// Where it stands.
    pub source: Place,
    /// What was repaired to read it.
    pub repairs: Vec<Repair>,
    /// Which part of its report it is from.
    #[serde(skip)]
    pub version: u32,
}

impl Variant {
    /// A statement with nothing but gene and status.
    #[must_use]
    pub fn new(gene: &str, status: Status, source: Place) -> Self {
        Self {
            gene: gene.to_owned(),
            protein_change: None,
            as_written: source.text.clone(),
            status,
            vaf: None,
            context: None,
            specimen: None,
            date: None,
            superseded: false,
            source,
            repairs: Vec::new(),
            version: 0,
        }
    }

    /// Whether it says something about the tumour as it is now.
    #[must_use]
    pub fn is_current(&self) -> bool {
        !self.superseded && self.context != Some(Context::Prior)
    }
}
