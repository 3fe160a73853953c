//! The arithmetic of RECIST 1.1: what the targets, the non-targets and new lesions come to at one time.
//!
//! A sum is a range, because a report may state no more than `a decrease of more than 60 %`; a measured sum is a
//! range of one number. All numbers are exact decimals. A function gives every category that what is known leaves
//! possible, so nothing is decided that the report does not decide.
//!
//! Source of the criteria: Eisenhauer 2009, doi 10.1016/j.ejca.2008.10.026, with the EORTC clarifications
//! (recist.eortc.org).

use rust_decimal::{Decimal, RoundingStrategy};

use crate::case::measurement::Category;
use crate::course::guide::Criteria;

/// A sum of diameters: lowest and highest that is possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sum {
    /// Lowest.
    pub low: Decimal,
    /// Highest.
    pub high: Decimal,
}

impl Sum {
    /// A sum that is known.
    #[must_use]
    pub fn exact(value: Decimal) -> Self {
        Self {
            low: value,
            high: value,
        }
    }

    /// The number, where it is only one.
    #[must_use]
    pub fn known(self) -> Option<Decimal> {
        (self.low == self.high).then_some(self.low)
    }

    /// The smaller of two sums.
    #[must_use]
    pub fn min(self, other: Self) -> Self {
        Self {
            low: self.low.min(other.low),
            high: self.high.min(other.high),
        }
    }

    /// What is left of a baseline after a decrease between two percentages.
    #[must_use]
    pub fn after_decrease(baseline: Decimal, low: Decimal, high: Decimal) -> Option<Self> {
        let left = |percent: Decimal| {
            let rest = Decimal::ONE_HUNDRED.checked_sub(percent)?;
            baseline
                .checked_mul(rest)?
                .checked_div(Decimal::ONE_HUNDRED)
        };
        Some(Self {
            low: left(high)?,
            high: left(low)?,
        })
    }
}

/// The unit that sums are compared in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Millimetres.
    Millimetres,
    /// Percent of a baseline whose millimetres are not known: the 5 mm of progression cannot be checked.
    PercentOfBaseline,
}

/// What is known of the target lesions at one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Burden {
    /// The sum of all of them.
    All {
        /// The sum.
        sum: Sum,
        /// Whether all lesions are gone and all nodes are normal; none when a sum alone cannot tell.
        gone: Option<bool>,
    },
    /// The sum of those that were assessed; others were not.
    Rest(Decimal),
    /// Nothing.
    Unknown,
}

/// What a time point is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// Sum at baseline.
    pub baseline: Decimal,
    /// Smallest sum on study, baseline included.
    pub nadir: Sum,
    /// The unit.
    pub scale: Scale,
}

impl Reference {
    /// The reference of the first time point after baseline.
    #[must_use]
    pub fn at_baseline(baseline: Decimal, scale: Scale) -> Self {
        Self {
            baseline,
            nadir: Sum::exact(baseline),
            scale,
        }
    }
}

/// The categories that the target lesions may have reached; empty when the numbers are too large to compare.
#[must_use]
pub fn target(burden: &Burden, against: &Reference, criteria: &Criteria) -> Vec<Category> {
    match burden {
        Burden::Unknown => vec![Category::NotEvaluable],
        // Not all assessed: not evaluable, unless the rest alone proves progression.
        Burden::Rest(rest) => {
            match progressed(*rest, against.nadir.high, against.scale, criteria) {
                Some(Reached::Yes) => vec![Category::Progressive],
                Some(_) => vec![Category::NotEvaluable],
                None => Vec::new(),
            }
        }
        // Before anything else: the sum of normal nodes need not be 0, and may grow within what is normal.
        Burden::All {
            gone: Some(true), ..
        } => vec![Category::Complete],
        Burden::All { sum, gone } => by_sum(*sum, *gone, against, criteria).unwrap_or_default(),
    }
}

fn by_sum(
    sum: Sum,
    gone: Option<bool>,
    against: &Reference,
    criteria: &Criteria,
) -> Option<Vec<Category>> {
    let surely = progressed(sum.low, against.nadir.high, against.scale, criteria)?;
    if surely == Reached::Yes {
        return Some(vec![Category::Progressive]);
    }
    let perhaps = progressed(sum.high, against.nadir.low, against.scale, criteria)?;
    let partial_at_best = decreased(sum.low, against.baseline, criteria)?;
    let partial_at_worst = decreased(sum.high, against.baseline, criteria)?;
    let mut possible = Vec::new();
    if partial_at_best {
        possible.push(Category::Partial);
        // Normal nodes count in the sum, so a sum above 0 may still be a complete response: of as many nodes as one
        // organ may give, all lymph nodes being one.
        let nodes = Decimal::from(criteria.targets_per_organ);
        let normal = criteria.node_normal_below_mm.checked_mul(nodes)?;
        if gone.is_none() && (against.scale == Scale::PercentOfBaseline || sum.low < normal) {
            possible.push(Category::Complete);
        }
    }
    if !partial_at_worst {
        possible.push(Category::Stable);
    }
    if perhaps != Reached::No {
        possible.push(Category::Progressive);
    }
    Some(possible)
}

/// Whether a threshold is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reached {
    Yes,
    No,
    /// In percent, and the millimetres are not known.
    Perhaps,
}

/// At least 120 % of the nadir, and at least 5 mm more.
fn progressed(sum: Decimal, nadir: Decimal, scale: Scale, criteria: &Criteria) -> Option<Reached> {
    let share = Decimal::ONE_HUNDRED.checked_add(criteria.progression_increase_percent)?;
    let percent = sum.checked_mul(Decimal::ONE_HUNDRED)? >= nadir.checked_mul(share)?;
    let grown = sum.checked_sub(nadir)?;
    Some(match scale {
        _ if !percent || grown <= Decimal::ZERO => Reached::No,
        Scale::PercentOfBaseline => Reached::Perhaps,
        Scale::Millimetres if grown >= criteria.progression_increase_mm => Reached::Yes,
        Scale::Millimetres => Reached::No,
    })
}

/// At most 70 % of the baseline.
fn decreased(sum: Decimal, baseline: Decimal, criteria: &Criteria) -> Option<bool> {
    let share = Decimal::ONE_HUNDRED.checked_sub(criteria.partial_decrease_percent)?;
    let small = sum.checked_mul(Decimal::ONE_HUNDRED)? <= baseline.checked_mul(share)?;
    Some(small && baseline > Decimal::ZERO)
}

/// The change from one sum to another in percent; none from a sum of 0.
#[must_use]
pub fn change_percent(sum: Decimal, from: Decimal) -> Option<Decimal> {
    if from.is_zero() {
        return None;
    }
    sum.checked_sub(from)?
        .checked_mul(Decimal::ONE_HUNDRED)?
        .checked_div(from)
}

/// A percentage with one decimal. Rounding never carries it over a threshold: -29.96 is shown as -29.9, because
/// -30.0 would look like a partial response.
#[must_use]
pub fn shown_percent(exact: Decimal, criteria: &Criteria) -> Decimal {
    let rounded = exact.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero);
    let partial = |x: Decimal| x <= -criteria.partial_decrease_percent;
    let progressed = |x: Decimal| x >= criteria.progression_increase_percent;
    if partial(rounded) == partial(exact) && progressed(rounded) == progressed(exact) {
        rounded
    } else {
        exact.round_dp_with_strategy(1, RoundingStrategy::ToZero)
    }
}

/// The non-target lesions at one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NonTarget {
    /// There are none, or none were recorded at baseline.
    None,
    /// All are gone, nodes are normal, the tumour marker is normal.
    Complete,
    /// Some persist.
    NonCompleteNonProgressive,
    /// Not all were assessed.
    NotEvaluated,
    /// Unequivocal progression.
    Progressive,
}

/// Overall response at one time when there is target disease. `target` is none when there is none: then the
/// non-target lesions alone decide.
#[must_use]
pub fn overall(target: Option<Category>, non_target: NonTarget, new_lesion: bool) -> Category {
    use Category::{
        Complete, NonCompleteNonProgressive, NotEvaluable, Partial, Progressive, Stable,
    };
    if new_lesion || non_target == NonTarget::Progressive {
        return Progressive;
    }
    match target {
        Some(Complete) if matches!(non_target, NonTarget::Complete | NonTarget::None) => Complete,
        Some(Complete | Partial) => Partial,
        Some(Stable) => Stable,
        Some(Progressive) => Progressive,
        Some(NotEvaluable | NonCompleteNonProgressive) => NotEvaluable,
        None => match non_target {
            NonTarget::Complete => Complete,
            NonTarget::NonCompleteNonProgressive => NonCompleteNonProgressive,
            _ => NotEvaluable,
        },
    }
}
