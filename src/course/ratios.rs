//! Ratios of blood counts: NLR, LMR, PLR and dNLR, from one draw and in one unit, or not at all.
//!
//! ```text
//! NLR  = neutrophils / lymphocytes                  counts, else percentages of one differential
//! LMR  = lymphocytes / monocytes                    counts, else percentages of one differential
//! PLR  = platelets / lymphocytes                    counts only
//! dNLR = neutrophils / (leukocytes - neutrophils)   counts only
//! ```
//!
//! A ratio that cannot be formed is named with its reason. No ratio changes a response or a decision.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;

use crate::case::Case;
use crate::case::lab::{Kind, Lab};
use crate::source::Place;

/// The ratios.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Name {
    /// Neutrophils to lymphocytes.
    #[serde(rename = "NLR")]
    NeutrophilsToLymphocytes,
    /// Lymphocytes to monocytes.
    #[serde(rename = "LMR")]
    LymphocytesToMonocytes,
    /// Platelets to lymphocytes.
    #[serde(rename = "PLR")]
    PlateletsToLymphocytes,
    /// Neutrophils to the other leukocytes.
    #[serde(rename = "dNLR")]
    Derived,
}

impl Name {
    /// Every ratio with its name in JSON.
    pub const ALL: [(Self, &str); 4] = [
        (Self::NeutrophilsToLymphocytes, "NLR"),
        (Self::LymphocytesToMonocytes, "LMR"),
        (Self::PlateletsToLymphocytes, "PLR"),
        (Self::Derived, "dNLR"),
    ];

    /// The name in reports and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(name, _)| *name == self)
            .map_or("", |(_, name)| name)
    }

    /// The ratio in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NeutrophilsToLymphocytes => "neutrophils / lymphocytes",
            Self::LymphocytesToMonocytes => "lymphocytes / monocytes",
            Self::PlateletsToLymphocytes => "platelets / lymphocytes",
            Self::Derived => "neutrophils / (leukocytes - neutrophils)",
        }
    }

    fn parts(self) -> (&'static str, &'static str) {
        match self {
            Self::NeutrophilsToLymphocytes => (NEUTROPHILS, LYMPHOCYTES),
            Self::LymphocytesToMonocytes => (LYMPHOCYTES, MONOCYTES),
            Self::PlateletsToLymphocytes => (PLATELETS, LYMPHOCYTES),
            Self::Derived => (NEUTROPHILS, LEUKOCYTES),
        }
    }

    /// Whether percentages of one differential will do. Platelets are no part of it, and the derived ratio is
    /// defined by counts.
    fn takes_percentages(self) -> bool {
        matches!(
            self,
            Self::NeutrophilsToLymphocytes | Self::LymphocytesToMonocytes
        )
    }
}

// The canonical names of `case::lab::Lab::analyte`.
const NEUTROPHILS: &str = "neutrophils";
const LYMPHOCYTES: &str = "lymphocytes";
const MONOCYTES: &str = "monocytes";
const PLATELETS: &str = "platelets";
const LEUKOCYTES: &str = "WBC";

/// A value that went into a ratio, as it was reported.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Input {
    /// The analyte.
    pub analyte: String,
    /// The number as printed.
    #[serde(with = "rust_decimal::serde::float")]
    pub printed: Decimal,
    /// The unit as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Where it stands.
    pub source: Place,
}

/// A ratio.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ratio {
    /// Which one.
    pub name: Name,
    /// Its value, two decimals.
    #[serde(with = "rust_decimal::serde::float")]
    pub value: Decimal,
    /// Day of the draw.
    pub date: Option<Date>,
    /// Formed from counts or from percentages.
    pub from: Kind,
    /// The values it was formed from, numerator first.
    pub inputs: [Input; 2],
    /// What to know about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Why a ratio was not formed although its parts are on record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The denominator is 0.
    ZeroDenominator,
    /// The denominator is below 0: more neutrophils than leukocytes.
    NegativeDenominator,
    /// The units differ or are not stated.
    Units,
    /// One part is a count, the other a percentage.
    CountAndPercentage,
    /// Only percentages, and this ratio needs counts.
    NeedsCounts,
    /// Two different values of one analyte in what would be one draw.
    TwoValues,
    /// The numbers are too large for exact arithmetic.
    OutOfRange,
}

/// A ratio that was not formed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Refused {
    /// Which one.
    pub name: Name,
    /// Day of the draw.
    pub date: Option<Date>,
    /// Why.
    pub reason: Refusal,
    /// Why, in words.
    pub text: String,
    /// The values.
    pub sources: Vec<Place>,
}

/// How a ratio moved under treatment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trend {
    /// Which one.
    pub name: Name,
    /// The drug.
    pub drug: String,
    /// Its first day.
    pub start: Date,
    /// Day of the last draw before or on that day, else of the first one after it.
    pub from_date: Date,
    /// The ratio then.
    #[serde(with = "rust_decimal::serde::float")]
    pub from_value: Decimal,
    /// Whether that draw was before or on the first day of the drug.
    pub before_treatment: bool,
    /// Day of the last draw.
    pub to_date: Date,
    /// The ratio then.
    #[serde(with = "rust_decimal::serde::float")]
    pub to_value: Decimal,
}

/// All ratios of a case.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ratios {
    /// By date, those without a date first.
    pub formed: Vec<Ratio>,
    /// Those that could not be formed.
    pub refused: Vec<Refused>,
    /// How they moved under each drug.
    pub trends: Vec<Trend>,
}

/// What is one draw: one day, or one part of one input when no day is given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Draw {
    date: Option<Date>,
    path: String,
    line: u32,
}

/// Forms all ratios of a case.
#[must_use]
pub fn ratios(case: &Case) -> Ratios {
    let mut out = Ratios::default();
    for (draw, labs) in draws(&case.labs) {
        for (name, _) in Name::ALL {
            match form(name, draw.date, &labs) {
                Some(Ok(ratio)) => out.formed.push(ratio),
                Some(Err(refused)) => out.refused.push(refused),
                None => {}
            }
        }
    }
    out.trends = trends(case, &out.formed);
    out
}

/// Values by draw. Undated values of one input are one draw, unless an analyte is given twice with different
/// values; then each line is one.
fn draws(labs: &[Lab]) -> BTreeMap<Draw, Vec<&Lab>> {
    let mut by_draw: BTreeMap<Draw, Vec<&Lab>> = BTreeMap::new();
    for lab in labs {
        let path = match lab.date {
            Some(_) => String::new(),
            None => lab.source.path.to_string(),
        };
        let draw = Draw {
            date: lab.date,
            path,
            line: 0,
        };
        by_draw.entry(draw).or_default().push(lab);
    }
    let mut out = BTreeMap::new();
    for (draw, labs) in by_draw {
        if draw.date.is_some() || !contradicts(&labs) {
            out.insert(draw, labs);
            continue;
        }
        for lab in labs {
            let line = Draw {
                line: lab.source.line,
                ..draw.clone()
            };
            out.entry(line).or_default().push(lab);
        }
    }
    out
}

fn contradicts(labs: &[&Lab]) -> bool {
    let mut seen: BTreeMap<(&str, Kind), Decimal> = BTreeMap::new();
    labs.iter().any(|lab| {
        let value = lab.value_si.unwrap_or(lab.value);
        *seen.entry((&lab.analyte, lab.kind)).or_insert(value) != value
    })
}

type Pair<'l> = (&'l Lab, &'l Lab);

/// None when a part is not on record at all.
fn form(name: Name, date: Option<Date>, labs: &[&Lab]) -> Option<Result<Ratio, Refused>> {
    let (above, below) = name.parts();
    let of = |analyte: &str, kind: Kind| -> Vec<&Lab> {
        let fits = |l: &&&Lab| l.kind == kind && l.analyte.eq_ignore_ascii_case(analyte);
        labs.iter().filter(fits).copied().collect()
    };
    let refuse = |reason: Refusal, text: String, about: &[&Lab]| {
        Some(Err(Refused {
            name,
            date,
            reason,
            text,
            sources: about.iter().map(|l| l.source.clone()).collect(),
        }))
    };
    for kind in [Kind::Absolute, Kind::Percent] {
        let (upper, lower) = (of(above, kind), of(below, kind));
        let (Some(first), Some(second)) = (upper.first(), lower.first()) else {
            continue;
        };
        if kind == Kind::Percent && !name.takes_percentages() {
            let text = format!("{} needs counts; only percentages are given", name.as_str());
            return refuse(Refusal::NeedsCounts, text, &[first, second]);
        }
        for (analyte, values) in [(above, &upper), (below, &lower)] {
            if contradicts(values) {
                let text = format!("two different values of {analyte} in one draw");
                return refuse(Refusal::TwoValues, text, values);
            }
        }
        return match divide(name, kind, (first, second)) {
            Ok((value, note)) => Some(Ok(Ratio {
                name,
                value,
                date,
                from: kind,
                inputs: [input(first), input(second)],
                note,
            })),
            Err((reason, text)) => refuse(reason, text, &[first, second]),
        };
    }
    // Both are there, but never both as counts or both as percentages.
    let any = |analyte: &str| {
        labs.iter()
            .find(|l| l.analyte.eq_ignore_ascii_case(analyte))
    };
    let (first, second) = (any(above)?, any(below)?);
    let text = format!("one of {above} and {below} is a count, the other a percentage");
    refuse(Refusal::CountAndPercentage, text, &[first, second])
}

fn divide(
    name: Name,
    kind: Kind,
    (first, second): Pair<'_>,
) -> Result<(Decimal, Option<String>), (Refusal, String)> {
    let (above, below, note) = same_unit(name, kind, first, second)?;
    let out_of_range = || (Refusal::OutOfRange, "the numbers are too large".to_owned());
    let (below, what) = if name == Name::Derived {
        let rest = below.checked_sub(above).ok_or_else(out_of_range)?;
        (rest, "leukocytes less neutrophils")
    } else {
        (below, name.parts().1)
    };
    if below.is_zero() {
        let text = format!("{what} is 0: {} is undefined, not infinite", name.as_str());
        return Err((Refusal::ZeroDenominator, text));
    }
    if below.is_sign_negative() || above.is_sign_negative() {
        let text = format!("{what} is below 0: a value is wrong");
        return Err((Refusal::NegativeDenominator, text));
    }
    let value = above.checked_div(below).ok_or_else(out_of_range)?;
    let value = value.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    Ok((value, note))
}

type SameUnit = (Decimal, Decimal, Option<String>);

/// Both values in one unit.
fn same_unit(
    name: Name,
    kind: Kind,
    first: &Lab,
    second: &Lab,
) -> Result<SameUnit, (Refusal, String)> {
    if kind == Kind::Percent {
        return Ok((first.value, second.value, None));
    }
    if let (Some(above), Some(below)) = (first.value_si, second.value_si) {
        return Ok((above, below, None));
    }
    let folded = |lab: &Lab| {
        let unit = lab.unit.as_deref()?;
        Some(unit.split_whitespace().collect::<String>().to_lowercase())
    };
    match (folded(first), folded(second)) {
        (Some(a), Some(b)) if a == b => Ok((first.value, second.value, None)),
        // Two white cells without a unit are printed in one; platelets may not be.
        (None, None) if name != Name::PlateletsToLymphocytes => {
            let note = "no unit is stated; both are taken to be in one".to_owned();
            Ok((first.value, second.value, Some(note)))
        }
        _ => {
            let unit = |lab: &Lab| lab.unit.clone().unwrap_or_else(|| "no unit".to_owned());
            let text = format!(
                "{} in {} and {} in {} cannot be brought to one unit",
                first.analyte,
                unit(first),
                second.analyte,
                unit(second)
            );
            Err((Refusal::Units, text))
        }
    }
}

fn input(lab: &Lab) -> Input {
    Input {
        analyte: lab.analyte.clone(),
        printed: lab.value,
        unit: lab.unit.clone(),
        source: lab.source.clone(),
    }
}

fn trends(case: &Case, formed: &[Ratio]) -> Vec<Trend> {
    let mut out = Vec::new();
    for (drug, start) in starts(case) {
        for (name, _) in Name::ALL {
            let own = || {
                let dated = formed.iter().filter(|r| r.name == name);
                dated.filter_map(|r| Some((r.date?, r.value)))
            };
            let before = own().rfind(|(date, _)| *date <= start);
            let after = || own().filter(|(date, _)| *date > start);
            let (Some((from_date, from_value)), Some((to_date, to_value))) =
                (before.or_else(|| after().next()), after().next_back())
            else {
                continue;
            };
            if from_date < to_date {
                out.push(Trend {
                    name,
                    drug: drug.clone(),
                    start,
                    from_date,
                    from_value,
                    before_treatment: before.is_some(),
                    to_date,
                    to_value,
                });
            }
        }
    }
    out
}

/// Each drug with the first day on which it was given, in the order of these days.
pub(crate) fn starts(case: &Case) -> Vec<(String, Date)> {
    let mut first: BTreeMap<&str, Date> = BTreeMap::new();
    for treatment in &case.history.treatments {
        if let Some(start) = treatment.start {
            let known = first.entry(&treatment.drug).or_insert(start);
            *known = start.min(*known);
        }
    }
    let mut all: Vec<(String, Date)> = first
        .into_iter()
        .map(|(drug, start)| (drug.to_owned(), start))
        .collect();
    all.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
    all
}
