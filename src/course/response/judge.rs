//! One time point after the other, with what has to be remembered between them: baseline, nadir, whether a response
//! was reached, whether a complete response was seen twice.

use rust_decimal::{Decimal, RoundingStrategy};

use super::baseline::Sequence;
use super::burden::{Left, Listed, listed, new_lesion, non_target, stated_sum};
use super::{Between, ResponseFrom, Role, SumFrom, TimePoint, note, when};
use crate::case::measurement::Category;
use crate::course::guide::{Criteria, Guide};
use crate::course::recist::{
    Burden, NonTarget, Reference, Scale, Sum, change_percent, overall, shown_percent, target,
};
use crate::course::visits::{Target, Visit};
use crate::course::{AfterPartial, Note, NoteCode, Options};

/// Decimals of a stated percentage are rounded; a difference up to this many percentage points is no contradiction.
const ROUNDING: Decimal = Decimal::from_parts(5, 0, 0, false, 1);

pub(super) struct Judge<'a, 'c> {
    guide: &'a Guide,
    criteria: &'a Criteria,
    options: Options,
    notes: &'a mut Vec<Note>,
    baseline: Option<&'a Visit<'c>>,
    lesions: Vec<Target<'c>>,
    /// Sums are taken as stated, because the lesions that are listed are not all.
    stated_first: bool,
    against: Option<Reference>,
    responded: bool,
    complete_in_a_row: u32,
}

/// What is known of a sum, and from what.
struct Measured {
    burden: Burden,
    from: Option<SumFrom>,
    stated: Option<Decimal>,
    listed: Listed,
}

impl<'a, 'c> Judge<'a, 'c> {
    pub(super) fn new(
        baseline: Option<&'a Visit<'c>>,
        sequence: &'a Sequence<'c>,
        guide: &'a Guide,
        criteria: &'a Criteria,
        options: Options,
        notes: &'a mut Vec<Note>,
    ) -> Self {
        let lesions = baseline.map(|b| b.targets.clone()).unwrap_or_default();
        let follow_up = sequence
            .baseline
            .map_or(0, |index| index + 1)
            .min(sequence.visits.len());
        let mut judge = Self {
            guide,
            criteria,
            options,
            notes,
            baseline,
            lesions,
            stated_first: false,
            against: None,
            responded: false,
            complete_in_a_row: 0,
        };
        let later = &sequence.visits[follow_up..];
        judge.stated_first = judge.lists_some_only(later);
        judge.against = judge.reference(later);
        judge
    }

    /// Whether the baseline states a sum that its lesions do not give, and later lists are not whole either: then
    /// the lesions are examples, and the stated sums are the measure.
    fn lists_some_only(&mut self, later: &[Visit<'_>]) -> bool {
        let Some(visit) = self.baseline else {
            return false;
        };
        let mut silent = Vec::new();
        let own = listed(visit, &[], self.criteria, &mut silent);
        let differs = stated_sum(visit, &mut silent)
            .is_some_and(|stated| own.sum.is_some() && own.sum != Some(stated));
        let whole = |v: &Visit<'_>| {
            let mut silent = Vec::new();
            v.sums.is_empty() || listed(v, &self.lesions, self.criteria, &mut silent).complete
        };
        differs && !later.iter().all(whole)
    }

    fn reference(&mut self, later: &[Visit<'_>]) -> Option<Reference> {
        let mut silent = Vec::new();
        if let Some(visit) = self.baseline {
            let measured = self.measured(visit, &mut silent);
            if let Burden::All { sum, .. } = measured.burden {
                let sum = sum.known()?;
                if sum.is_zero() {
                    self.notes.push(note(
                        NoteCode::ZeroBaseline,
                        "the sum at baseline is 0 mm: no percentage can be formed from it",
                        visit,
                    ));
                }
                return Some(Reference::at_baseline(sum, Scale::Millimetres));
            }
        }
        let percent = later
            .iter()
            .any(|v| v.stated.iter().any(|s| s.decrease_percent.is_some()));
        percent.then(|| Reference::at_baseline(Decimal::ONE_HUNDRED, Scale::PercentOfBaseline))
    }

    /// The sum of a time point, by the first of: all lesions, stated sum, some of the lesions, stated percentage.
    fn measured(&self, visit: &Visit<'_>, notes: &mut Vec<Note>) -> Measured {
        let listed = listed(visit, &self.lesions, self.criteria, notes);
        let stated = stated_sum(visit, notes);
        let whole = listed.complete && listed.sum.is_some();
        let by_statement = match stated {
            Some(sum) if (!whole && !listed.missed) || self.stated_first => Some(sum),
            _ => None,
        };
        let (burden, from) = if let Some(sum) = by_statement {
            // A sum of 0 is a sum of nothing; of any other the sizes of its nodes are not known.
            let gone = if sum.is_zero() {
                Some(true)
            } else {
                Some(listed.left == Left::Nothing).filter(|_| whole)
            };
            let sum = Sum::exact(sum);
            (Burden::All { sum, gone }, Some(SumFrom::Stated))
        } else {
            match listed.sum {
                Some(sum) if whole => {
                    let gone = Some(listed.left == Left::Nothing);
                    let sum = Sum::exact(sum);
                    (Burden::All { sum, gone }, Some(SumFrom::Lesions))
                }
                Some(rest) => (Burden::Rest(rest), Some(SumFrom::Incomplete)),
                None => self.by_percentage(visit),
            }
        };
        Measured {
            burden,
            from,
            stated,
            listed,
        }
    }

    fn by_percentage(&self, visit: &Visit<'_>) -> (Burden, Option<SumFrom>) {
        let stated = visit.stated.iter().rev().find_map(|s| s.decrease_percent);
        let range = self
            .against
            .as_ref()
            .zip(stated)
            .and_then(|(to, [low, high])| {
                Sum::after_decrease(to.baseline, low.decimal(), high.decimal())
            });
        match range {
            Some(sum) => {
                let gone = sum.high.is_zero().then_some(true);
                (Burden::All { sum, gone }, Some(SumFrom::Percentage))
            }
            None => (Burden::Unknown, None),
        }
    }

    pub(super) fn time_point(&mut self, visit: &Visit<'_>, role: Role) -> TimePoint {
        let mut notes = std::mem::take(self.notes);
        let measured = self.measured(visit, &mut notes);
        *self.notes = notes;
        let mut point = TimePoint {
            date: visit.date,
            role,
            sum_mm: None,
            sum_between_mm: None,
            sum_from: measured.from,
            stated_sum_mm: None,
            change_from_baseline_percent: None,
            change_between_percent: None,
            change_from_nadir_percent: None,
            change_from_nadir_mm: None,
            target: None,
            non_target: None,
            new_lesion: new_lesion(visit),
            response: None,
            response_from: None,
            continuing: false,
            possible: Vec::new(),
            stated: visit.stated.iter().rev().find_map(|s| s.category),
            lesions: measured.listed.lesions.clone(),
            sources: visit.places(),
        };
        self.sums(visit, &measured, &mut point);
        match role {
            Role::FollowUp => {
                self.changes(visit, &measured, &mut point);
                self.respond(visit, &measured, &mut point);
                self.remember(&measured, &point);
            }
            Role::Undated => {
                self.changes(visit, &measured, &mut point);
                // Without its place in the order neither nadir nor progression can be told.
                point.change_from_nadir_percent = None;
                point.change_from_nadir_mm = None;
                point.response = point.stated;
                point.response_from = point.stated.map(|_| ResponseFrom::Stated);
            }
            Role::Before => {
                point.response = point.stated;
                point.response_from = point.stated.map(|_| ResponseFrom::Stated);
            }
            Role::Baseline => {
                point.non_target =
                    non_target(visit, self.baseline, self.guide, self.criteria).map(word);
            }
        }
        point
    }

    fn sums(&mut self, visit: &Visit<'_>, measured: &Measured, point: &mut TimePoint) {
        let in_mm = self
            .against
            .as_ref()
            .is_none_or(|a| a.scale == Scale::Millimetres);
        match measured.burden {
            Burden::All { sum, .. } if measured.from != Some(SumFrom::Percentage) => {
                point.sum_mm = sum.known();
            }
            Burden::All { sum, .. } if in_mm => {
                let one = |x: Decimal| {
                    x.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero)
                };
                point.sum_between_mm = Some(Between(one(sum.low), one(sum.high)));
            }
            Burden::Rest(rest) => point.sum_mm = Some(rest),
            Burden::All { .. } | Burden::Unknown => {}
        }
        let whole = measured
            .listed
            .complete
            .then_some(measured.listed.sum)
            .flatten();
        if let (Some(stated), Some(sum)) = (measured.stated, whole)
            && stated != sum
        {
            point.stated_sum_mm = Some(stated);
            let used = if point.sum_mm == Some(sum) {
                "sum of the lesions"
            } else {
                "stated sum"
            };
            self.notes.push(note(
                NoteCode::SumDiffers,
                format!(
                    "{}: the stated sum is {stated} mm, the lesions add up to {sum} mm; the {used} is used",
                    when(visit)
                ),
                visit,
            ));
        }
    }

    fn changes(&mut self, visit: &Visit<'_>, measured: &Measured, point: &mut TimePoint) {
        let Some(against) = self.against else { return };
        let Burden::All { sum, .. } = measured.burden else {
            return;
        };
        let shown = |sum: Decimal, from: Decimal| {
            change_percent(sum, from).map(|p| shown_percent(p, self.criteria))
        };
        if measured.from == Some(SumFrom::Percentage) {
            let range = [sum.low, sum.high].map(|s| change_percent(s, against.baseline));
            if let [Some(low), Some(high)] = range {
                let one = |x: Decimal| {
                    x.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
                        .normalize()
                };
                point.change_between_percent = Some(Between(one(low), one(high)));
            }
            return;
        }
        if against.scale != Scale::Millimetres {
            return;
        }
        let Some(sum) = sum.known() else { return };
        point.change_from_baseline_percent = shown(sum, against.baseline);
        if let Some(nadir) = against.nadir.known() {
            point.change_from_nadir_percent = shown(sum, nadir);
            point.change_from_nadir_mm = sum.checked_sub(nadir);
        }
        self.stated_percent(visit, sum, &against);
    }

    /// A percentage that is stated beside a sum must follow from it.
    fn stated_percent(&mut self, visit: &Visit<'_>, sum: Decimal, against: &Reference) {
        let Some(change) = change_percent(sum, against.baseline) else {
            return;
        };
        for said in &visit.stated {
            let Some([low, high]) = said.decrease_percent else {
                continue;
            };
            let decrease = -change;
            let (low, high) = (low.decimal(), high.decimal());
            if decrease < low - ROUNDING || decrease > high + ROUNDING {
                self.notes.push(Note {
                    code: NoteCode::PercentDiffers,
                    text: format!(
                        "{}: a decrease of {} is stated, the sums give a change of {} %",
                        when(visit),
                        if low == high {
                            format!("{low} %")
                        } else {
                            format!("{low} to {high} %")
                        },
                        shown_percent(change, self.criteria)
                    ),
                    sources: vec![said.source.clone()],
                });
            }
        }
    }

    fn respond(&mut self, visit: &Visit<'_>, measured: &Measured, point: &mut TimePoint) {
        let non_target = non_target(visit, self.baseline, self.guide, self.criteria);
        point.non_target = Some(non_target.map_or("not_stated", word));
        let mut possible = self.target_categories(visit, measured, point);
        let new = point.new_lesion == Some(true);
        point.target = one(&possible).or_else(|| weaker(&possible));
        // What is not said of non-target lesions is not known to be nothing.
        let others = non_target.unwrap_or(NonTarget::NotEvaluated);
        if self.follows_targets() {
            let gone = possible.contains(&Category::Complete);
            possible = possible
                .into_iter()
                .map(|t| overall(Some(t), others, new))
                .collect();
            if non_target.is_none() && gone && !new {
                possible.push(Category::Complete);
            }
        } else if non_target.is_some() || new {
            possible = vec![overall(None, others, new)];
        }
        if possible.is_empty() && (new || others == NonTarget::Progressive) {
            possible = vec![Category::Progressive];
        }
        possible.sort_unstable();
        possible.dedup();
        self.choose(visit, measured, &possible, point);
        if point.response == Some(Category::Complete)
            && non_target == Some(NonTarget::None)
            && point.response_from == Some(ResponseFrom::Computed)
        {
            self.notes.push(note(
                NoteCode::NonTargetNotStated,
                format!(
                    "{}: complete because the baseline lists no non-target lesion; nothing is said of any",
                    when(visit)
                ),
                visit,
            ));
        }
    }

    /// Whether there is target disease at all.
    fn follows_targets(&self) -> bool {
        let measured = |b: &Visit<'_>| !b.targets.is_empty() || !b.sums.is_empty();
        self.baseline.is_none_or(measured)
    }

    /// The categories of the targets, continuing responses and reappearances included.
    fn target_categories(
        &mut self,
        visit: &Visit<'_>,
        measured: &Measured,
        point: &mut TimePoint,
    ) -> Vec<Category> {
        let Some(against) = self.against else {
            return Vec::new();
        };
        if measured.burden == Burden::Unknown {
            return Vec::new();
        }
        // Lesions that a report does not mention may have been assessed; those it calls not evaluated were not.
        let mentioned_in_part =
            matches!(measured.burden, Burden::Rest(_)) && !measured.listed.missed;
        let mut possible = target(&measured.burden, &against, self.criteria);
        if possible.is_empty() {
            self.notes.push(note(
                NoteCode::OutOfRange,
                format!("{}: the sizes are too large to be compared", when(visit)),
                visit,
            ));
        }
        if mentioned_in_part && possible == [Category::NotEvaluable] && point.stated.is_some() {
            return Vec::new();
        }
        let complete_before = self.complete_in_a_row;
        let left = measured.listed.left;
        if complete_before > 0 && matches!(left, Left::Nodes | Left::Lesions) {
            let (code, text) = if left == Left::Nodes {
                (
                    NoteCode::NodeRegrowth,
                    "a node that was normal has grown to 10 mm or more; it need not be disease",
                )
            } else {
                (
                    NoteCode::Reappearance,
                    "a lesion that was gone is seen again",
                )
            };
            let firmly = complete_before > 1 && code == NoteCode::Reappearance;
            let text = if firmly {
                format!(
                    "{}: {text} after a complete response seen twice: progression",
                    when(visit)
                )
            } else {
                format!(
                    "{}: {text}; progression is told by the sums, review",
                    when(visit)
                )
            };
            self.notes.push(note(code, text, visit));
            if firmly {
                return vec![Category::Progressive];
            }
        }
        let continues = self.options.after_partial == AfterPartial::Continuing && self.responded;
        if continues && possible == [Category::Stable] {
            point.continuing = true;
            possible = vec![Category::Partial];
        }
        possible
    }

    fn choose(
        &mut self,
        visit: &Visit<'_>,
        measured: &Measured,
        possible: &[Category],
        point: &mut TimePoint,
    ) {
        let computed = Some(ResponseFrom::Computed);
        match (one(possible), point.stated) {
            (Some(only), stated) => {
                point.response = Some(only);
                point.response_from = computed;
                if let Some(stated) = stated.filter(|s| *s != only) {
                    self.differs(visit, stated, only, measured, point);
                }
            }
            (None, Some(stated)) if possible.contains(&stated) => {
                point.response = Some(stated);
                point.response_from = Some(ResponseFrom::StatedAndPossible);
                point.possible = possible.to_vec();
                if stated == Category::Complete {
                    point.target = Some(Category::Complete);
                }
            }
            (None, Some(stated)) if possible.is_empty() => {
                point.response = Some(stated);
                point.response_from = Some(ResponseFrom::Stated);
            }
            (None, stated) => {
                point.possible = possible.to_vec();
                point.response = weaker(possible);
                point.response_from = point.response.and(computed);
                if possible.is_empty() {
                    point.response = Some(Category::NotEvaluable);
                    point.response_from = computed;
                    return;
                }
                let names: Vec<&str> = possible.iter().map(|c| c.as_str()).collect();
                self.notes.push(note(
                    NoteCode::Undetermined,
                    format!(
                        "{}: {} remain possible by what is known{}",
                        when(visit),
                        names.join(" and "),
                        match point.response {
                            Some(taken) =>
                                format!("; {} is taken, which both include", taken.as_str()),
                            None => String::new(),
                        }
                    ),
                    visit,
                ));
                if let Some(stated) = stated {
                    self.differs(visit, stated, possible[0], measured, point);
                }
            }
        }
    }

    fn differs(
        &mut self,
        visit: &Visit<'_>,
        stated: Category,
        computed: Category,
        measured: &Measured,
        point: &TimePoint,
    ) {
        let grown = (point.change_from_nadir_percent, point.change_from_nadir_mm);
        let basis = match (computed, grown, point.change_from_baseline_percent) {
            (Category::Progressive, ..) if point.new_lesion == Some(true) => {
                "a new lesion".to_owned()
            }
            (Category::Progressive, ..) if point.target != Some(Category::Progressive) => {
                "the non-target disease".to_owned()
            }
            (Category::Progressive, (Some(percent), Some(mm)), _) => {
                format!("a change of {percent} % and {mm} mm from nadir")
            }
            (_, _, Some(change)) => format!("a change of {change} % from baseline"),
            _ if measured.from == Some(SumFrom::Incomplete) => {
                "not all targets assessed".to_owned()
            }
            _ => "what is reported".to_owned(),
        };
        self.notes.push(note(
            NoteCode::ResponseDiffers,
            format!(
                "{}: {} is stated, but {basis} makes {}{}",
                when(visit),
                stated.as_str(),
                computed.as_str(),
                if point.continuing {
                    " (continuing)"
                } else {
                    ""
                }
            ),
            visit,
        ));
    }

    fn remember(&mut self, measured: &Measured, point: &TimePoint) {
        if let (Some(against), Burden::All { sum, .. }) = (&mut self.against, measured.burden) {
            let comparable =
                measured.from == Some(SumFrom::Percentage) || against.scale == Scale::Millimetres;
            if comparable {
                against.nadir = against.nadir.min(sum);
            }
        }
        match point.response {
            Some(Category::Complete) => {
                self.responded = true;
                self.complete_in_a_row = self.complete_in_a_row.saturating_add(1);
            }
            Some(Category::Partial) => {
                self.responded = true;
                self.complete_in_a_row = 0;
            }
            Some(Category::Progressive) => {
                self.responded = false;
                self.complete_in_a_row = 0;
            }
            Some(Category::Stable) => self.complete_in_a_row = 0,
            _ => {}
        }
    }
}

fn one(possible: &[Category]) -> Option<Category> {
    match possible {
        [only] => Some(*only),
        _ => None,
    }
}

/// Partial, where only partial and complete are possible: a complete response is a partial one at least.
fn weaker(possible: &[Category]) -> Option<Category> {
    let both = possible.len() == 2
        && possible.contains(&Category::Partial)
        && possible.contains(&Category::Complete);
    both.then_some(Category::Partial)
}

fn word(non_target: NonTarget) -> &'static str {
    match non_target {
        NonTarget::None => "none",
        NonTarget::Complete => Category::Complete.as_str(),
        NonTarget::NonCompleteNonProgressive => Category::NonCompleteNonProgressive.as_str(),
        NonTarget::NotEvaluated => Category::NotEvaluable.as_str(),
        NonTarget::Progressive => Category::Progressive.as_str(),
    }
}
