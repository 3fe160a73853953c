//! Which time point the others are compared with, in which order they follow, and whether the targets chosen at
//! baseline are what RECIST allows.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{Start, note, when};
use crate::course::best_response::days;
use crate::course::guide::{Criteria, Guide};
use crate::course::visits::{Visit, Visits};
use crate::course::{Note, NoteCode};

/// Time points in order, and where the baseline is among them.
#[derive(Debug)]
pub(super) struct Sequence<'c> {
    pub(super) visits: Vec<Visit<'c>>,
    pub(super) baseline: Option<usize>,
    /// Time points whose place in the order is not known.
    pub(super) undated: Vec<Visit<'c>>,
    pub(super) start: Option<Start>,
}

impl<'c> Sequence<'c> {
    pub(super) fn of(visits: Visits<'c>, starts: &[(String, Date)], notes: &mut Vec<Note>) -> Self {
        let Visits {
            mut dated,
            undated_baseline,
            mut undated,
            written,
        } = visits;
        order_of_dates(&written, &dated, notes);
        let undated_baseline =
            undated_baseline.and_then(|own| same_baseline(own, &mut dated, notes));
        let one_dated = dated.len() == 1
            && undated_baseline.is_none()
            && (dated[0].baseline || dated[0].may_be_baseline());
        let mut order: Vec<Visit<'c>> = undated_baseline.into_iter().collect();
        let in_text_order = dated.is_empty() || one_dated;
        order.append(&mut dated);
        if in_text_order {
            if undated.len() > 1 {
                let mut all = note(
                    NoteCode::Undated,
                    "several time points have no date; they are taken in the order of the text",
                    &undated[0],
                );
                all.sources = undated.iter().flat_map(Visit::places).collect();
                notes.push(all);
            }
            order.append(&mut undated);
        }
        for visit in &undated {
            notes.push(note(
                NoteCode::Undated,
                "a time point without a date stands among dated ones: it is not compared with them",
                visit,
            ));
        }
        let baseline = baseline(&order, starts);
        let start = start(&order, baseline, starts);
        Self {
            visits: order,
            baseline,
            undated,
            start,
        }
    }
}

impl Sequence<'_> {
    /// Whether it was before the drug whose course is followed.
    pub(super) fn is_before_start(&self, visit: &Visit<'_>) -> bool {
        let start = self.start.as_ref().map(|s| s.date);
        visit
            .date
            .zip(start)
            .is_some_and(|(day, start)| day < start)
    }
}

/// A baseline that is mentioned again without its date is the dated one when the sums agree.
fn same_baseline<'c>(
    own: Visit<'c>,
    dated: &mut [Visit<'c>],
    notes: &mut Vec<Note>,
) -> Option<Visit<'c>> {
    let flagged = dated.iter().position(|v| v.baseline);
    let Some(total) = total(&own) else {
        return flagged.is_none().then_some(own);
    };
    if let Some(same) = dated
        .iter_mut()
        .find(|v| self::total(v) == Some(total) && v.may_be_baseline())
    {
        same.baseline = true;
        return None;
    }
    let Some(flagged) = flagged else {
        return Some(own);
    };
    let other = self::total(&dated[flagged]);
    if other.is_some_and(|other| other != total) {
        let mut both = note(
            NoteCode::TwoValues,
            format!(
                "the baseline is given as {total} mm and, {}, as {} mm; the dated one is used",
                when(&dated[flagged]),
                other.unwrap_or_default()
            ),
            &own,
        );
        both.sources.extend(dated[flagged].places());
        notes.push(both);
    }
    None
}

/// The sum as stated, else of the lesions listed.
fn total(visit: &Visit<'_>) -> Option<Decimal> {
    if let Some((sum, _)) = visit.sums.first() {
        return Some(*sum);
    }
    let mut sizes = visit.targets.iter().map(|t| t.mm).peekable();
    sizes.peek()?;
    sizes.try_fold(Decimal::ZERO, |sum, mm| sum.checked_add(mm?))
}

/// The latest assessment up to the start of a drug after which the case was followed, else the first.
fn baseline(order: &[Visit<'_>], starts: &[(String, Date)]) -> Option<usize> {
    if let Some(flagged) = order.iter().position(|v| v.baseline) {
        return Some(flagged);
    }
    let up_to = |start: Date| {
        let own = |v: &Visit<'_>| v.may_be_baseline() && v.date.is_some_and(|d| d <= start);
        let at = order.iter().rposition(own)?;
        let followed = order.iter().any(|v| v.date.is_some_and(|d| d > start));
        followed.then_some(at)
    };
    let by_drug = starts.iter().rev().find_map(|(_, start)| up_to(*start));
    by_drug.or_else(|| order.iter().position(Visit::may_be_baseline))
}

/// The drug whose course this is: the first that starts on or after the baseline, else the last before it.
fn start(order: &[Visit<'_>], baseline: Option<usize>, starts: &[(String, Date)]) -> Option<Start> {
    let day = baseline.and_then(|index| order[index].date);
    let after = baseline.map_or(0, |index| index + 1);
    let last = order[after.min(order.len())..]
        .iter()
        .filter_map(|v| v.date)
        .max();
    // A drug that starts after the last assessment has no course yet.
    let followed = |start: &&(String, Date)| last.is_none_or(|last| start.1 <= last);
    let mut possible = starts.iter().filter(followed);
    let chosen = match day {
        Some(day) => possible
            .clone()
            .find(|(_, start)| *start >= day)
            .or_else(|| possible.rfind(|(_, start)| *start < day)),
        None => possible.next_back(),
    };
    chosen.map(|(drug, date)| Start {
        drug: drug.clone(),
        date: *date,
    })
}

/// A report goes forward in time or backward; one that does both may have a mistyped date.
fn order_of_dates(written: &[Date], dated: &[Visit<'_>], notes: &mut Vec<Note>) {
    let forward = written.is_sorted();
    let backward = written.iter().rev().is_sorted();
    let flagged = dated.iter().position(|v| v.baseline).unwrap_or_default();
    let text = if flagged > 0 {
        "an assessment is dated before the one that is called the baseline"
    } else if !forward && !backward {
        "the dates go neither forward nor backward through the text; one may be wrong"
    } else {
        return;
    };
    notes.push(Note {
        code: NoteCode::DatesOutOfOrder,
        text: text.to_owned(),
        sources: dated.iter().flat_map(Visit::places).collect(),
    });
}

/// What RECIST asks of targets and of the date of the baseline.
pub(super) fn checks(
    visit: &Visit<'_>,
    start: Option<&Start>,
    guide: &Guide,
    criteria: &Criteria,
    notes: &mut Vec<Note>,
) {
    let count = u32::try_from(visit.targets.len()).unwrap_or(u32::MAX);
    if count > criteria.targets {
        notes.push(note(
            NoteCode::TooManyTargets,
            format!(
                "{count} target lesions at baseline; RECIST 1.1 follows at most {}",
                criteria.targets
            ),
            visit,
        ));
    }
    let mut by_organ: BTreeMap<String, u32> = BTreeMap::new();
    for target in &visit.targets {
        let named = target.site.map(|site| match guide.organ(site) {
            Some(organ) => organ.name.clone(),
            None => site.to_lowercase(),
        });
        let all_nodes = || {
            guide
                .organs
                .iter()
                .find(|o| o.nodes)
                .map(|o| o.name.clone())
        };
        let organ = if target.node {
            all_nodes().or(named)
        } else {
            named
        };
        if let Some(organ) = organ {
            *by_organ.entry(organ).or_default() += 1;
        }
    }
    for (organ, count) in by_organ {
        if count > criteria.targets_per_organ {
            notes.push(note(
                NoteCode::TooManyInOrgan,
                format!(
                    "{count} target lesions in {organ}; RECIST 1.1 follows at most {} in one organ (paired organs \
                     are one, all lymph nodes together are one)",
                    criteria.targets_per_organ
                ),
                visit,
            ));
        }
    }
    for target in &visit.targets {
        let Some(mm) = target.mm else { continue };
        let (code, least, what) = if target.node {
            (
                NoteCode::NodeTooSmall,
                criteria.target_node_mm,
                "a target node has a short axis of",
            )
        } else {
            (
                NoteCode::NotMeasurable,
                criteria.target_mm,
                "a target lesion has a diameter of",
            )
        };
        if mm < least {
            let text = format!("{what} {mm} mm at baseline; RECIST 1.1 asks for {least} mm");
            notes.push(Note {
                code,
                text,
                sources: vec![target.source.clone()],
            });
        }
    }
    if let (Some(start), Some(date)) = (start, visit.date) {
        let before = days(date, start.date);
        let text = if before < 0 {
            format!(
                "the baseline of {date} is later than the start of {} on {}",
                start.drug, start.date
            )
        } else if before > i64::from(criteria.baseline_days) {
            format!(
                "the baseline of {date} is {before} days older than the start of {}; RECIST 1.1 asks for at most {}",
                start.drug, criteria.baseline_days
            )
        } else {
            return;
        };
        notes.push(note(NoteCode::BaselineDate, text, visit));
    }
}
