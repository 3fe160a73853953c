//! Best overall response, with and without confirmation, and the times that go with it.
//!
//! Only assessments up to the first progression count. Stable disease, and disease that is neither gone nor
//! progressing, count when they are seen a minimum time after the start.

use jiff::civil::Date;

use crate::case::measurement::Category;
use crate::course::guide::Criteria;

/// The response at one assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assessed {
    /// Day; none where it is not stated.
    pub date: Option<Date>,
    /// Overall response.
    pub response: Category,
}

/// Whole days from one date to another; negative when the second is earlier.
#[must_use]
pub fn days(from: Date, to: Date) -> i64 {
    // Dates are between the years -9999 and 9999; a span in days always exists.
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// Everything up to and including the first progression.
fn until_progression(all: &[Assessed]) -> &[Assessed] {
    let first = all.iter().position(|a| a.response == Category::Progressive);
    first.map_or(all, |index| &all[..=index])
}

/// Best overall response when no confirmation is asked for; none when nothing was assessed.
#[must_use]
pub fn best(all: &[Assessed], start: Option<Date>, criteria: &Criteria) -> Option<Category> {
    best_of(all, start, criteria, &|_, _| true)
}

/// Best overall response when a response counts only if it is seen again. Returns the day of the assessment that
/// was confirmed, too.
///
/// A complete response is confirmed by another complete response, a partial one by a partial or complete one, at
/// least [`Criteria::confirmation_days`] later, with nothing between but the same or better and at most
/// [`Criteria::not_evaluable_between`] assessments that were not evaluable. A partial response after a complete one
/// confirms neither.
#[must_use]
pub fn best_confirmed(
    all: &[Assessed],
    start: Option<Date>,
    criteria: &Criteria,
) -> Option<Category> {
    best_of(all, start, criteria, &|before, index| {
        confirmed(before, index, criteria)
    })
}

type Counts<'a> = dyn Fn(&[Assessed], usize) -> bool + 'a;

fn best_of(
    all: &[Assessed],
    start: Option<Date>,
    criteria: &Criteria,
    counts: &Counts<'_>,
) -> Option<Category> {
    use Category::{
        Complete, NonCompleteNonProgressive, NotEvaluable, Partial, Progressive, Stable,
    };
    let all = until_progression(all);
    let any = |category: Category| {
        let mut found = (0..all.len()).filter(|&i| all[i].response == category);
        found.any(|index| counts(all, index))
    };
    if all.is_empty() {
        return None;
    }
    if any(Complete) {
        return Some(Complete);
    }
    if any(Partial) {
        return Some(Partial);
    }
    let late_enough = |a: &&Assessed| match (start, a.date) {
        (Some(start), Some(date)) => days(start, date) >= i64::from(criteria.stable_days),
        // Nothing to count from: taken as it stands, and said so beside the result.
        _ => true,
    };
    let mut late = all.iter().filter(late_enough);
    if late
        .clone()
        .any(|a| matches!(a.response, Complete | Partial | Stable))
    {
        return Some(Stable);
    }
    if late.any(|a| a.response == NonCompleteNonProgressive) {
        return Some(NonCompleteNonProgressive);
    }
    if all.iter().any(|a| a.response == Progressive) {
        return Some(Progressive);
    }
    // A complete response that did not last, too early to count as stable disease, is progression.
    let mut after = all.iter().skip_while(|a| a.response != Complete);
    if after.any(|a| matches!(a.response, Partial | Stable)) {
        return Some(Progressive);
    }
    Some(NotEvaluable)
}

/// Whether the response at `index` is seen again.
fn confirmed(all: &[Assessed], index: usize, criteria: &Criteria) -> bool {
    use Category::{Complete, NotEvaluable, Partial};
    let first = all[index];
    let Some(day) = first.date else {
        return false;
    };
    let (mut not_evaluable, mut complete) = (0, first.response == Complete);
    for later in &all[index + 1..] {
        match (first.response, later.response) {
            (_, NotEvaluable) => {
                not_evaluable += 1;
                if not_evaluable > criteria.not_evaluable_between {
                    return false;
                }
                continue;
            }
            (_, Complete) => complete = true,
            (Partial, Partial) if !complete => {}
            _ => return false,
        }
        let far = later
            .date
            .is_some_and(|date| days(day, date) >= i64::from(criteria.confirmation_days));
        if far {
            return true;
        }
    }
    false
}

/// How long something lasted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lasting {
    /// Days.
    pub days: i64,
    /// Whether it ended in progression; else it had not ended at the last assessment.
    pub progressed: bool,
}

/// From a day to the first progression after it, or to the last assessment that could be evaluated.
#[must_use]
pub fn until(all: &[Assessed], from: Date) -> Option<Lasting> {
    let dated = || {
        all.iter()
            .filter_map(|a| Some((a.date?, a.response)))
            .filter(|(date, _)| *date >= from)
    };
    let progression = dated().find(|(_, response)| *response == Category::Progressive);
    let last = || dated().rfind(|(_, response)| *response != Category::NotEvaluable);
    let (date, response) = progression.or_else(last)?;
    Some(Lasting {
        days: days(from, date),
        progressed: response == Category::Progressive,
    })
}

/// The day of the first complete or partial response.
#[must_use]
pub fn first_response(all: &[Assessed]) -> Option<Date> {
    until_progression(all)
        .iter()
        .find(|a| matches!(a.response, Category::Complete | Category::Partial))
        .and_then(|a| a.date)
}
