//! Laboratory values: blood counts and other analytes, with the unit as printed.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::case::Repair;
use crate::source::Place;

/// What a number of a blood count is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A concentration.
    Absolute,
    /// A share of the leukocytes, in percent.
    Percent,
}

impl Kind {
    /// Every value with its name in JSON.
    pub const ALL: [(Self, &str); 2] = [(Self::Absolute, "absolute"), (Self::Percent, "percent")];
}

/// One laboratory value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Lab {
    /// Canonical name: `WBC`, `neutrophils`, `lymphocytes`, `monocytes`, `platelets`, `hemoglobin`, ...
    pub analyte: String,
    /// The words as written.
    pub as_written: String,
    /// Concentration or percentage.
    pub kind: Kind,
    /// The number as printed.
    #[serde(with = "rust_decimal::serde::float")]
    pub value: Decimal,
    /// The unit as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// In 10⁹/L, for counts whose unit is known.
    #[serde(
        with = "rust_decimal::serde::float_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub value_si: Option<Decimal>,
    /// The laboratory's mark: `H` or `L`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flag: Option<String>,
    /// Day of the draw.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Where it stands.
    pub source: Place,
    /// What was repaired to read it.
    pub repairs: Vec<Repair>,
}

impl Lab {
    /// A value without unit, flag or date.
    #[must_use]
    pub fn new(analyte: &str, kind: Kind, value: Decimal, source: Place) -> Self {
        Self {
            analyte: analyte.to_owned(),
            as_written: source.text.clone(),
            kind,
            value,
            unit: None,
            value_si: None,
            flag: None,
            date: None,
            source,
            repairs: Vec::new(),
        }
    }
}
