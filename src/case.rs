//! The case: every fact that was read, typed, with its place and repairs. Pure data.
//!
//! Values that are not stated are absent, and absent never means negative. "Not done", "pending",
//! "failed", "equivocal" and "negative" are different values of [`ihc::Status`] and its cousins.

use serde::Serialize;

pub mod fish;
pub mod fusion;
pub mod history;
pub mod ihc;
pub mod kinase;
pub mod merge;
pub mod orientation;
pub mod percent;

use fish::Fish;
use fusion::Fusion;
use history::History;
use ihc::Ihc;

use crate::source::Place;

/// All facts of one case, in the order of the inputs.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Case {
    /// Gene fusions: calls, gene-level negatives, failed and pending assays.
    pub fusions: Vec<Fusion>,
    /// Immunohistochemistry readings.
    pub ihc: Vec<Ihc>,
    /// FISH results.
    pub fish: Vec<Fish>,
    /// What is said about patient, disease and treatment.
    pub history: History,
}

impl Case {
    /// Adds the facts of another input.
    pub fn extend(&mut self, other: Self) {
        self.fusions.extend(other.fusions);
        self.ihc.extend(other.ihc);
        self.fish.extend(other.fish);
        self.history.extend(other.history);
    }

    /// The places of all facts.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        let fusions = self.fusions.iter().map(|f| &f.source);
        let ihc = self.ihc.iter().map(|f| &f.source);
        let fish = self.fish.iter().map(|f| &f.source);
        fusions.chain(ihc).chain(fish).chain(self.history.places())
    }
}

/// Where a finding belongs when it is not of this tumour in this laboratory now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Context {
    /// Reported by another laboratory.
    Outside,
    /// Of an earlier tumour or time.
    Prior,
}

/// One change made to the text as written before it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Repair {
    /// The text as written.
    pub from: String,
    /// What it was read as.
    pub to: String,
}
