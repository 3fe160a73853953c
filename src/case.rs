//! The case: every fact that was read, typed, with its place and repairs. Pure data.
//!
//! Values that are not stated are absent, and absent never means negative. "Not done", "pending",
//! "failed", "equivocal" and "negative" are different values of [`ihc::Status`] and its cousins.

use serde::Serialize;

pub mod events;
pub mod fish;
pub mod function;
pub mod fusion;
pub mod history;
pub mod ihc;
pub mod kinase;
pub mod lab;
pub mod measurement;
pub mod merge;
pub mod morphology;
pub mod order_by_strand;
pub mod orientation;
pub mod percent;
pub mod variant;

use events::Event;
use fish::Fish;
use fusion::Fusion;
use history::History;
use ihc::Ihc;
use lab::Lab;
use measurement::{Measurement, StatedResponse};
use morphology::Morphology;
use variant::Variant;

use crate::source::Place;

/// All facts of one case, in the order of the inputs.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Case {
    /// Gene fusions: calls, gene-level negatives, failed and pending assays.
    pub fusions: Vec<Fusion>,
    /// Which calls speak of one event; filled in when all inputs are read.
    pub events: Vec<Event>,
    /// Immunohistochemistry readings.
    pub ihc: Vec<Ihc>,
    /// FISH results.
    pub fish: Vec<Fish>,
    /// Small variants: resistance mutations, other drivers.
    pub variants: Vec<Variant>,
    /// What the microscope shows.
    pub morphology: Vec<Morphology>,
    /// What is said about patient, disease and treatment.
    pub history: History,
    /// Sizes of specimens and lesions, sums of diameters.
    pub measurements: Vec<Measurement>,
    /// What is said of lesions without a number: gone, new, not assessed. `no new lesions` is kind `new`, state
    /// `absent`.
    pub lesion_states: Vec<Measurement>,
    /// Responses that a report states.
    pub stated_responses: Vec<StatedResponse>,
    /// Laboratory values.
    pub labs: Vec<Lab>,
}

impl Case {
    /// Adds the facts of another input.
    pub fn extend(&mut self, other: Self) {
        if self.fusions.is_empty() {
            self.fusions = other.fusions;
        } else {
            self.fusions.extend(other.fusions);
        }
        self.ihc.extend(other.ihc);
        self.fish.extend(other.fish);
        self.variants.extend(other.variants);
        self.morphology.extend(other.morphology);
        self.history.extend(other.history);
        self.measurements.extend(other.measurements);
        self.lesion_states.extend(other.lesion_states);
        self.stated_responses.extend(other.stated_responses);
        self.labs.extend(other.labs);
    }

    /// The places of all facts.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        let fusions = self.fusions.iter().map(|f| &f.source);
        let ihc = self.ihc.iter().map(|f| &f.source);
        let fish = self.fish.iter().map(|f| &f.source);
        let variants = self.variants.iter().map(|v| &v.source);
        let morphology = self.morphology.iter().map(|m| &m.source);
        let measurements = self.measurements.iter().map(|m| &m.source);
        let states = self.lesion_states.iter().map(|m| &m.source);
        let responses = self.stated_responses.iter().map(|r| &r.source);
        let labs = self.labs.iter().map(|l| &l.source);
        fusions
            .chain(ihc)
            .chain(fish)
            .chain(variants)
            .chain(morphology)
            .chain(self.history.places())
            .chain(measurements)
            .chain(states)
            .chain(responses)
            .chain(labs)
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

impl Context {
    /// Every value with its name in JSON.
    pub const ALL: [(Self, &str); 2] = [(Self::Outside, "outside"), (Self::Prior, "prior")];
}

/// One change made to the text as written before it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Repair {
    /// The text as written.
    pub from: String,
    /// What it was read as.
    pub to: String,
}
