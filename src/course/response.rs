//! The response of a case: its time points one after the other, and what they come to.
//!
//! What is stated and what is worked out are kept apart. Where a report states less than the criteria need, every
//! category that remains possible is kept, and a stated one is taken when it is among them. Where a stated category
//! contradicts the measurements, the measurements stand and a note shows both.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::case::Case;
use crate::case::measurement::Category;
use crate::course::best_response::{self, Assessed, Lasting};
use crate::course::guide::{Criteria, Guide};
use crate::course::visits::{Visit, visits};
use crate::course::{AfterPartial, Note, NoteCode, Options};
use crate::source::Place;

mod baseline;
mod burden;
mod judge;

use baseline::{Sequence, checks};
use judge::Judge;

/// What a time point is in the course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Earlier than the baseline.
    Before,
    /// What later ones are compared with.
    Baseline,
    /// Compared with baseline and nadir.
    FollowUp,
    /// Without a date among others that have one: its order is not known.
    Undated,
}

/// Where a sum comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SumFrom {
    /// Added up from all lesions.
    Lesions,
    /// Stated by the report.
    Stated,
    /// Added up from some of the lesions; the others were not assessed.
    Incomplete,
    /// A stated percentage of the baseline.
    Percentage,
}

/// Where a response comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseFrom {
    /// From measurements.
    Computed,
    /// Stated by the report, and possible by the measurements.
    StatedAndPossible,
    /// Stated by the report; nothing to check it by.
    Stated,
}

/// Lowest and highest possible value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Between(
    #[serde(with = "rust_decimal::serde::float")] pub Decimal,
    #[serde(with = "rust_decimal::serde::float")] pub Decimal,
);

/// A target lesion at one time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Lesion {
    /// Its name or site.
    pub lesion: String,
    /// A node: short axis.
    pub node: bool,
    /// What counts in the sum; none when it was not assessed.
    #[serde(with = "rust_decimal::serde::float_option")]
    pub mm: Option<Decimal>,
}

/// One time point.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TimePoint {
    /// Day of the examination.
    pub date: Option<Date>,
    /// What it is in the course.
    pub role: Role,
    /// Sum of diameters.
    #[serde(with = "rust_decimal::serde::float_option")]
    pub sum_mm: Option<Decimal>,
    /// Lowest and highest sum, where the report gives only a percentage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sum_between_mm: Option<Between>,
    /// Where the sum comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sum_from: Option<SumFrom>,
    /// Sum as stated, where it is not the sum of the lesions.
    #[serde(
        with = "rust_decimal::serde::float_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub stated_sum_mm: Option<Decimal>,
    /// Change of the sum from baseline.
    #[serde(with = "rust_decimal::serde::float_option")]
    pub change_from_baseline_percent: Option<Decimal>,
    /// Lowest and highest change, where the report gives only a range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change_between_percent: Option<Between>,
    /// Change from the smallest sum before, baseline included.
    #[serde(with = "rust_decimal::serde::float_option")]
    pub change_from_nadir_percent: Option<Decimal>,
    /// The same in mm.
    #[serde(
        with = "rust_decimal::serde::float_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub change_from_nadir_mm: Option<Decimal>,
    /// Response of the target lesions.
    pub target: Option<Category>,
    /// Response of the non-target lesions: `none`, `not_stated`, or a category.
    pub non_target: Option<&'static str>,
    /// Whether there is a new lesion; none when nothing is said.
    pub new_lesion: Option<bool>,
    /// Overall response.
    pub response: Option<Category>,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_from: Option<ResponseFrom>,
    /// Stable by this sum alone, and called a continuing partial response.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub continuing: bool,
    /// All categories that what is known leaves possible, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub possible: Vec<Category>,
    /// The category as stated.
    pub stated: Option<Category>,
    /// The target lesions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lesions: Vec<Lesion>,
    /// The facts.
    pub sources: Vec<Place>,
}

/// The drug whose course is followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Start {
    /// The drug.
    pub drug: String,
    /// Its first day.
    pub date: Date,
}

/// The response of a case.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Response {
    /// The reading of a sum that grows after a partial response.
    pub after_partial: AfterPartial,
    /// The drug whose course is followed.
    pub start: Option<Start>,
    /// Time points in order.
    pub time_points: Vec<TimePoint>,
    /// Best overall response, no confirmation asked for.
    pub best: Option<Category>,
    /// Best overall response when it must be confirmed.
    pub best_confirmed: Option<Category>,
    /// Days from the start of the drug to the first response.
    pub time_to_response_days: Option<i64>,
    /// Days from the first response to progression or the last assessment.
    pub response_days: Option<i64>,
    /// Whether the response had not ended at the last assessment.
    pub response_ongoing: Option<bool>,
    /// Days from the start of the drug to progression or the last assessment.
    pub pfs_days: Option<i64>,
    /// Whether there was no progression up to the last assessment.
    pub pfs_censored: Option<bool>,
    /// Doubts, assumptions, contradictions, conventions.
    pub notes: Vec<Note>,
    /// Citations of the criteria.
    pub cites: Vec<String>,
}

impl Response {
    fn nothing(options: Options) -> Self {
        Self {
            after_partial: options.after_partial,
            start: None,
            time_points: Vec::new(),
            best: None,
            best_confirmed: None,
            time_to_response_days: None,
            response_days: None,
            response_ongoing: None,
            pfs_days: None,
            pfs_censored: None,
            notes: Vec::new(),
            cites: Vec::new(),
        }
    }

    /// The baseline.
    #[must_use]
    pub fn baseline(&self) -> Option<&TimePoint> {
        self.time_points.iter().find(|t| t.role == Role::Baseline)
    }

    /// The time point with the smallest known sum, baseline included.
    #[must_use]
    pub fn nadir(&self) -> Option<&TimePoint> {
        let on_study = |t: &&TimePoint| matches!(t.role, Role::Baseline | Role::FollowUp);
        let complete = |t: &&TimePoint| t.sum_from != Some(SumFrom::Incomplete);
        let mut smallest: Option<&TimePoint> = None;
        for point in self.time_points.iter().filter(on_study).filter(complete) {
            let smaller = match (smallest.and_then(|s| s.sum_mm), point.sum_mm) {
                (_, None) => false,
                (None, Some(_)) => true,
                (Some(known), Some(sum)) => sum < known,
            };
            if smaller {
                smallest = Some(point);
            }
        }
        smallest
    }
}

pub(super) fn respond(case: &Case, guide: &Guide, options: Options) -> Response {
    let mut out = Response::nothing(options);
    let Some(criteria) = &guide.criteria else {
        return out;
    };
    let mut notes = Vec::new();
    let starts = super::ratios::starts(case);
    let sequence = Sequence::of(visits(case), &starts, &mut notes);
    if sequence.visits.is_empty() && sequence.undated.is_empty() {
        return out;
    }
    out.cites.clone_from(&guide.criteria_cites);
    let baseline = sequence.baseline.map(|index| &sequence.visits[index]);
    if let Some(visit) = baseline {
        checks(visit, sequence.start.as_ref(), guide, criteria, &mut notes);
    }
    let mut judge = Judge::new(baseline, &sequence, guide, criteria, options, &mut notes);
    for (index, visit) in sequence.visits.iter().enumerate() {
        let role = match sequence.baseline {
            Some(at) if index < at => Role::Before,
            Some(at) if index == at => Role::Baseline,
            None if sequence.is_before_start(visit) => Role::Before,
            _ => Role::FollowUp,
        };
        out.time_points.push(judge.time_point(visit, role));
    }
    for visit in &sequence.undated {
        out.time_points.push(judge.time_point(visit, Role::Undated));
    }
    summary(&mut out, &sequence, criteria, &mut notes);
    out.start = sequence.start;
    out.notes = notes;
    out
}

/// Best response and times.
fn summary(
    out: &mut Response,
    sequence: &Sequence<'_>,
    criteria: &Criteria,
    notes: &mut Vec<Note>,
) {
    let assessed: Vec<Assessed> = out
        .time_points
        .iter()
        .filter(|t| matches!(t.role, Role::FollowUp | Role::Undated))
        .map(|t| Assessed {
            date: t.date,
            response: t.response.unwrap_or(Category::NotEvaluable),
        })
        .collect();
    let assessed = own_course(&assessed, notes);
    if assessed.is_empty() {
        return;
    }
    let begin = sequence.start.as_ref().map(|s| s.date);
    let from = begin.or_else(|| out.baseline().and_then(|b| b.date));
    out.best = best_response::best(assessed, from, criteria);
    // Whether a response was seen again in time cannot be told without its day.
    let response = |a: &&Assessed| matches!(a.response, Category::Complete | Category::Partial);
    if assessed.iter().filter(response).all(|a| a.date.is_some()) {
        out.best_confirmed = best_response::best_confirmed(assessed, from, criteria);
    }
    if let Some(first) = best_response::first_response(assessed) {
        out.time_to_response_days = begin.map(|start| best_response::days(start, first));
        let lasting = best_response::until(assessed, first);
        out.response_days = lasting.map(|l| l.days);
        out.response_ongoing = lasting.map(|l| !l.progressed);
    }
    if let Some(start) = begin {
        let lasting: Option<Lasting> = best_response::until(assessed, start);
        out.pfs_days = lasting.map(|l| l.days);
        out.pfs_censored = lasting.map(|l| !l.progressed);
    }
    conventions(out, from.is_some(), criteria, notes);
}

/// Without dates a progression that is told before any response is of an earlier time: a response cannot follow it in
/// one course.
fn own_course<'a>(assessed: &'a [Assessed], notes: &mut Vec<Note>) -> &'a [Assessed] {
    let progressed = |a: &&Assessed| a.date.is_none() && a.response == Category::Progressive;
    let early = assessed.iter().take_while(progressed).count();
    if early == 0 || early == assessed.len() {
        return assessed;
    }
    notes.push(Note {
        code: NoteCode::Undated,
        text: "a progression without a date is told before any response; it is taken to be of an earlier time"
            .to_owned(),
        sources: Vec::new(),
    });
    &assessed[early..]
}

fn conventions(out: &Response, dated: bool, criteria: &Criteria, notes: &mut Vec<Note>) {
    let mut say = |text: String| {
        notes.push(Note {
            code: NoteCode::Convention,
            text,
            sources: Vec::new(),
        });
    };
    say(out.after_partial.words().to_owned());
    say(format!(
        "a confirmed response is seen again at least {} days later, with at most {} assessment between that is not \
         evaluable; stable disease counts from day {}{}",
        criteria.confirmation_days,
        criteria.not_evaluable_between,
        criteria.stable_days,
        if dated {
            ""
        } else {
            ", which cannot be checked here because dates are missing"
        }
    ));
    if out.pfs_days.is_some() {
        say(
            "days are counted from the first day of the drug (day 0) to progression, or to the last evaluable \
             assessment; death is not known here"
                .to_owned(),
        );
    }
}

fn note(code: NoteCode, text: impl Into<String>, visit: &Visit<'_>) -> Note {
    Note {
        code,
        text: text.into(),
        sources: visit.places(),
    }
}

/// `on 2021-10-25`, or what else tells a time point.
fn when(visit: &Visit<'_>) -> String {
    match visit.date {
        Some(date) => format!("on {date}"),
        None if visit.baseline => "at baseline".to_owned(),
        None => "at a time without a date".to_owned(),
    }
}
