//! What the lesions at one time come to: sizes as they count, their sum, and whether all are gone.

use rust_decimal::Decimal;

use super::{Lesion, note, when};
use crate::case::measurement::{Measurement, State};
use crate::course::guide::{Criteria, Guide};
use crate::course::recist::NonTarget;
use crate::course::visits::{Target, Visit};
use crate::course::{Note, NoteCode};

/// The target lesions at one time.
#[derive(Debug, Default)]
pub(super) struct Listed {
    pub(super) lesions: Vec<Lesion>,
    /// Sum of those that were assessed; none when there are none.
    pub(super) sum: Option<Decimal>,
    /// All of the baseline were assessed.
    pub(super) complete: bool,
    /// One of them is said to be not evaluated, as opposed to not mentioned.
    pub(super) missed: bool,
    /// What is left of them.
    pub(super) left: Left,
}

/// What is left of the target lesions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Left {
    /// Not all were assessed.
    #[default]
    Unknown,
    /// All are gone, and all nodes are normal.
    Nothing,
    /// Nodes that are not normal, and nothing else.
    Nodes,
    /// A lesion that is no node.
    Lesions,
}

/// What a lesion counts with; none when it was not assessed.
fn counts(target: &Target<'_>, criteria: &Criteria) -> Option<Decimal> {
    match (target.mm, target.state) {
        (_, Some(State::NotEvaluated)) => None,
        (Some(mm), _) => Some(mm),
        (None, Some(State::Absent)) => Some(Decimal::ZERO),
        (None, Some(State::TooSmall)) => Some(criteria.too_small_mm),
        (None, _) => None,
    }
}

/// The lesions of a time point, matched with those of the baseline. Without any at baseline, those that are listed
/// are taken to be all.
pub(super) fn listed(
    visit: &Visit<'_>,
    baseline: &[Target<'_>],
    criteria: &Criteria,
    notes: &mut Vec<Note>,
) -> Listed {
    if visit.targets.is_empty() {
        return Listed::default();
    }
    let own: Vec<Target<'_>> = unique(visit, notes);
    let expected: &[Target<'_>] = if baseline.is_empty() { &own } else { baseline };
    let missing: Vec<&Target<'_>> = expected
        .iter()
        .filter(|b| !own.iter().any(|t| t.is(b)) && !b.node)
        .collect();
    let gone_together = together(&own, expected, missing.len());
    let mut out = Listed {
        complete: true,
        ..Listed::default()
    };
    for lesion in expected {
        let found = own.iter().find(|t| t.is(lesion));
        let mm = match found {
            Some(target) => counts(target, criteria),
            None if gone_together && !lesion.node => Some(Decimal::ZERO),
            None => None,
        };
        out.complete &= mm.is_some();
        out.missed |= found.is_some_and(|t| t.state == Some(State::NotEvaluated));
        out.lesions.push(Lesion {
            lesion: shown(lesion),
            node: lesion.node,
            mm,
        });
    }
    for stray in own
        .iter()
        .filter(|t| !(expected.iter().any(|b| t.is(b)) || (gone_together && t.nameless())))
    {
        notes.push(Note {
            code: NoteCode::UnknownLesion,
            text: format!(
                "{}: {} is no target of the baseline and is left out of the sum",
                when(visit),
                shown(stray)
            ),
            sources: vec![stray.source.clone()],
        });
    }
    let sizes = || out.lesions.iter().filter_map(|l| l.mm);
    out.sum = sizes()
        .next()
        .and_then(|_| sizes().try_fold(Decimal::ZERO, Decimal::checked_add));
    let left = |l: &Lesion| match l.mm {
        Some(mm) if l.node => mm >= criteria.node_normal_below_mm,
        Some(mm) => !mm.is_zero(),
        None => true,
    };
    out.left = match (
        out.complete,
        out.lesions.iter().filter(|l| left(l)).collect::<Vec<_>>(),
    ) {
        (false, _) => Left::Unknown,
        (true, some) if some.is_empty() => Left::Nothing,
        (true, some) if some.iter().all(|l| l.node) => Left::Nodes,
        (true, _) => Left::Lesions,
    };
    out
}

/// `target lesions no longer visible (0 mm, 0 mm)` speaks of lesions without naming them: of all that are left, when
/// it says so or when there are as many.
fn together(own: &[Target<'_>], expected: &[Target<'_>], missing: usize) -> bool {
    let unnamed = || {
        own.iter()
            .filter(|t| t.nameless() && !expected.iter().any(|b| t.is(b)))
    };
    let gone = |t: &Target<'_>| t.mm.is_none_or(|mm| mm.is_zero()) && !t.node;
    let all = unnamed().any(|t| t.mm.is_none() && t.state == Some(State::Absent));
    let sizes: usize = unnamed().map(|t| t.sizes).sum();
    missing > 0
        && sizes > 0
        && unnamed().all(|t| gone(t) && t.state != Some(State::NotEvaluated))
        && (all || sizes == missing)
}

/// Each lesion once. Of two sizes the later one is kept and both are shown.
fn unique<'c>(visit: &Visit<'c>, notes: &mut Vec<Note>) -> Vec<Target<'c>> {
    let mut out: Vec<Target<'c>> = Vec::new();
    for target in &visit.targets {
        let Some(known) = out.iter_mut().find(|t| t.is(target)) else {
            out.push(target.clone());
            continue;
        };
        if known.mm != target.mm {
            notes.push(Note {
                code: NoteCode::TwoValues,
                text: format!(
                    "{}: {} is given as {} and as {}; the later one is used",
                    when(visit),
                    shown(target),
                    size(known),
                    size(target)
                ),
                sources: vec![known.source.clone(), target.source.clone()],
            });
        }
        *known = target.clone();
    }
    out
}

fn size(target: &Target<'_>) -> String {
    target
        .mm
        .map_or_else(|| "not measured".to_owned(), |mm| format!("{mm} mm"))
}

fn shown(target: &Target<'_>) -> String {
    match target.site {
        Some(site) if target.nameless() || site.to_uppercase() == target.key => site.to_owned(),
        Some(site) => format!("{} {site}", target.key),
        None => target.key.clone(),
    }
}

/// The stated sum; of two the later one.
pub(super) fn stated_sum(visit: &Visit<'_>, notes: &mut Vec<Note>) -> Option<Decimal> {
    let (last, _) = visit.sums.last()?;
    let (first, _) = visit.sums.first()?;
    if visit.sums.iter().any(|(sum, _)| sum != last) {
        notes.push(note(
            NoteCode::TwoValues,
            format!(
                "{}: the sum is given as {first} mm and as {last} mm; the later one is used",
                when(visit)
            ),
            visit,
        ));
    }
    Some(*last)
}

/// The non-target lesions at one time; none when nothing tells whether there are any.
pub(super) fn non_target(
    visit: &Visit<'_>,
    baseline: Option<&Visit<'_>>,
    guide: &Guide,
    criteria: &Criteria,
) -> Option<NonTarget> {
    let key = |m: &Measurement| {
        m.lesion
            .clone()
            .or_else(|| m.site.clone())
            .map(|k| k.to_uppercase())
    };
    let rows = || visit.non_targets.iter();
    let at_baseline = || {
        baseline
            .into_iter()
            .flat_map(|b| &b.non_targets)
            .filter(|m| m.state != Some(State::Absent))
    };
    if rows().next().is_none() {
        return if at_baseline().next().is_some() {
            Some(NonTarget::NotEvaluated)
        } else if baseline.is_some_and(|b| !b.targets.is_empty()) {
            // A baseline that lists its lesions and no non-target among them has none.
            Some(NonTarget::None)
        } else {
            None
        };
    }
    if rows().any(|m| m.state == Some(State::Progressed)) {
        return Some(NonTarget::Progressive);
    }
    let covered = rows().any(|m| key(m).is_none())
        || at_baseline().all(|b| key(b).is_none() || rows().any(|m| key(m) == key(b)));
    if !covered || rows().any(|m| m.state == Some(State::NotEvaluated)) {
        return Some(NonTarget::NotEvaluated);
    }
    let gone = |m: &Measurement| {
        let site = m.site.iter().chain(&m.lesion);
        let node = site.filter_map(|s| guide.organ(s)).any(|o| o.nodes);
        let short_axis = m.mm.iter().min();
        let normal = |mm: &Decimal| mm.is_zero() || (node && *mm < criteria.node_normal_below_mm);
        m.state == Some(State::Absent) || short_axis.is_some_and(normal)
    };
    Some(if rows().all(|m| gone(m)) {
        NonTarget::Complete
    } else {
        NonTarget::NonCompleteNonProgressive
    })
}

/// Whether a new lesion is reported; none when nothing is said.
pub(super) fn new_lesion(visit: &Visit<'_>) -> Option<bool> {
    let said = |m: &&&Measurement| m.state != Some(State::NotEvaluated);
    let mut rows = visit.new.iter().filter(said).peekable();
    rows.peek()?;
    Some(rows.any(|m| m.state != Some(State::Absent)))
}
