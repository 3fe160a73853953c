//! The course of a case: response by RECIST 1.1 and blood ratios, worked out from the facts.
//!
//! Pure functions over facts: no input or output, no rules, no names of drugs or organs. What is judged by (thresholds,
//! organs, cautions) comes in as a [`Guide`] from the tables of a pack. Nothing here ever changes a decision.
//!
//! ```
//! use fusedx::Pack;
//! use fusedx::case::Case;
//! use fusedx::case::measurement::{Kind, Measurement};
//! use fusedx::course::{Options, follow};
//! use fusedx::source::{Limits, Sources};
//!
//! let mut sources = Sources::new(Limits::default());
//! let id = sources.add("ct.txt", b"baseline 50 mm, now 35 mm\n")?;
//! let at = |range| sources.get(id).place(range);
//! let mut baseline = Measurement::new(Kind::Sum, vec![50.into()], at(0..14));
//! baseline.baseline = true;
//! let now = Measurement::new(Kind::Sum, vec![35.into()], at(16..25));
//! let case = Case { measurements: vec![baseline, now], ..Case::default() };
//!
//! let course = follow(&case, Pack::built_in().guide(), Options::default());
//! let last = &course.response.time_points[1];
//! // 35 of 50 mm is a decrease by exactly 30 %: a partial response.
//! assert_eq!(last.response.unwrap().as_str(), "PR");
//! # Ok::<(), Box<fusedx::diag::Diagnostic>>(())
//! ```

use serde::Serialize;

use crate::case::Case;
use crate::case::measurement::Category;
use crate::source::Place;

pub mod best_response;
pub mod guide;
pub mod ratios;
pub mod recist;
mod response;
mod visits;

pub use guide::{Criteria, Guide};
pub use ratios::Ratios;
pub use response::{Between, Lesion, Response, ResponseFrom, Role, Start, SumFrom, TimePoint};

/// How a case is followed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// What a sum is called that has grown again after a partial response, short of progression.
    pub after_partial: AfterPartial,
}

/// The two readings of a sum above 70 % of the baseline, after a partial response and short of progression.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterPartial {
    /// The partial response continues until progression (EORTC clarification of RECIST 1.1).
    #[default]
    Continuing,
    /// Each time point is compared with baseline and nadir on its own: stable disease.
    PerTimePoint,
}

impl AfterPartial {
    /// The reading in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Continuing => {
                "after a partial response a sum short of progression is called continuing partial response"
            }
            Self::PerTimePoint => {
                "each time point is judged on its own, also after a partial response"
            }
        }
    }
}

/// What the course of a case comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// Response by RECIST 1.1.
    pub response: Response,
    /// Ratios of blood counts.
    pub ratios: Ratios,
}

/// Follows a case over time.
#[must_use]
pub fn follow(case: &Case, guide: &Guide, options: Options) -> Course {
    Course {
        response: response::respond(case, guide, options),
        ratios: ratios::ratios(case),
    }
}

/// Something a reader of a response or ratio has to know: a doubt, an assumption, a contradiction.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Note {
    /// Stable code.
    pub code: NoteCode,
    /// In words.
    pub text: String,
    /// The facts it is about.
    pub sources: Vec<Place>,
}

/// The kinds of notes on a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteCode {
    /// More target lesions than RECIST allows.
    TooManyTargets,
    /// More target lesions in one organ than RECIST allows.
    TooManyInOrgan,
    /// A target lesion that was too small to be measured at baseline.
    NotMeasurable,
    /// A target node whose short axis was too short at baseline.
    NodeTooSmall,
    /// A lesion that the baseline does not have.
    UnknownLesion,
    /// One lesion or sum with two values at one time.
    TwoValues,
    /// Time points that contradict the order of their dates.
    DatesOutOfOrder,
    /// Time points without a date.
    Undated,
    /// A stated sum that is not the sum of its lesions.
    SumDiffers,
    /// A stated percentage that does not follow from the sums.
    PercentDiffers,
    /// A stated response that does not follow from the measurements.
    ResponseDiffers,
    /// Nothing to compare with.
    NoBaseline,
    /// No percentage can be formed from a sum of 0.
    ZeroBaseline,
    /// The baseline is older than four weeks, or later than the start of the drug.
    BaselineDate,
    /// Two categories are possible by what is known.
    Undetermined,
    /// Whether non-target lesions were present is not said.
    NonTargetNotStated,
    /// Disease that had gone is seen again.
    Reappearance,
    /// A node that had become normal has grown again; it need not be disease.
    NodeRegrowth,
    /// What was used where there is a choice.
    Convention,
    /// The numbers are too large for exact arithmetic.
    OutOfRange,
}

impl NoteCode {
    /// Whether the note is about something wrong or doubtful, rather than about how the result was formed.
    #[must_use]
    pub fn is_warning(self) -> bool {
        !matches!(self, Self::Convention | Self::NonTargetNotStated)
    }
}

impl Category {
    /// The name in reports and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(category, _)| *category == self)
            .map_or("", |(_, name)| name)
    }
}
