//! What the microscope shows, as far as rules ask for it.

use rust_decimal::Decimal;
use serde::Serialize;

use crate::source::Place;

/// What is said of a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Seen.
    Present,
    /// Looked for and not seen.
    Absent,
}

impl Status {
    /// Every value with its name in JSON.
    pub const ALL: [(Self, &str); 2] = [(Self::Present, "present"), (Self::Absent, "absent")];
}

/// A feature that a report states or denies.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Morphology {
    /// Key of the feature (`plasma_cells`, `myxoid_stroma`).
    pub feature: String,
    /// The words as written.
    pub as_written: String,
    /// What is said.
    pub status: Status,
    /// For mitoses: how many in ten high-power fields, the higher of a range.
    #[serde(
        with = "rust_decimal::serde::float_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub per_10_hpf: Option<Decimal>,
    /// Where it stands.
    pub source: Place,
}
