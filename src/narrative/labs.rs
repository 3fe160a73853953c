//! Blood counts and other laboratory values.
//!
//! ```text
//! item       = analyte { qualifier } number [flag] [unit] [flag] { second }
//! qualifier  = "#" | "%" | "absolute" | "(" ( synonym | unit | range ) ")" | ":" | "=" | "was" | "of" | flag
//! second     = [ "(" ] number unit [ ")" ]          ; the other form of the same analyte
//! range      = number "-" number [unit]             ; a reference range, never a value
//! shared     = item "," item unit                   ; a unit behind the last of several counts
//! ```
//!
//! A name of one letter (`N 5.9`, `L 1.1`) is an analyte only with the unit of a count behind its number or in a line
//! that is known as a blood count. A leukocyte without unit could be a count or a percentage and is not read.

use std::ops::Range;

use rust_decimal::Decimal;

use crate::case::lab::{Kind, Lab};
use crate::narrative::lex::{Kind as Token, Tokens};
use crate::narrative::quantity::{self, Style, Unit, has, is, is_mark};
use crate::source::Source;
use crate::vocab::{Counted, Figure, Naming, Vocab};

pub(crate) mod grid;
mod item;
pub(crate) mod row;

use item::{Draft, Item, item, value};

/// What was found in a run of tokens.
#[derive(Debug, Default)]
pub(crate) struct Read {
    /// Values, dates not set, with the byte range each was read from.
    pub(crate) facts: Vec<(Lab, Range<usize>)>,
    /// Analytes that have a number beside them and no value, with the reason.
    pub(crate) unread: Vec<(Range<usize>, &'static str)>,
}

/// What is known before a line is read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// A heading says that this is a blood count.
    pub(crate) count: bool,
    /// The unit a heading gives for all that follows.
    pub(crate) unit: Option<Unit>,
    /// How numbers are written.
    pub(crate) style: Style,
    /// Percentages here are of something else than the blood.
    pub(crate) tissue: bool,
}

/// Why an analyte gave no value.
pub(crate) const NO_UNIT: &str = "a number without unit, which may be a count or a percentage";
const NO_VALUE: &str = "a laboratory value that cannot be read";
const IMPOSSIBLE: &str = "a percentage above 100";

/// Above this no count of leukocytes in 10⁹/L is taken from a unit that stands elsewhere.
const MOST: i64 = 500;

/// An analyte as named.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named {
    pub(crate) index: usize,
    pub(crate) naming: Naming,
}

/// The analyte a token names; a short name only where nothing longer fits.
pub(crate) fn named(tokens: &Tokens<'_>, at: usize) -> Option<Named> {
    let token = tokens.get(at)?;
    tokens.figures(token).find_map(|f| match f {
        Figure::Analyte(index, naming) => Some(Named {
            index: *index,
            naming: *naming,
        }),
        _ => None,
    })
}

/// Reads the values of one sentence or line.
pub(crate) fn read(tokens: &Tokens<'_>, vocab: &Vocab, source: &Source, known: &Known) -> Read {
    let mut out = Read::default();
    let mut known = known.clone();
    let full = (0..tokens.len()).filter(|i| {
        named(tokens, *i).is_some_and(|n| {
            n.naming != Naming::Short && vocab.analytes()[n.index].counts.is_some()
        })
    });
    known.count |= has(tokens, |f| *f == Figure::CountHeading) || full.take(2).count() > 1;
    known.unit = known.unit.take().or_else(|| unit_of_all(tokens));
    let mut drafts: Vec<Draft> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if is(tokens, at, |f| *f == Figure::CountHeading) {
            known.unit = heading_unit(tokens, at + 1).or(known.unit);
        }
        let Some(name) = named(tokens, at) else {
            at += 1;
            continue;
        };
        match item(tokens, at, name, vocab, &known) {
            Item::Values(found, next) => {
                drafts.extend(found);
                at = next;
            }
            Item::Unread(why) => {
                if name.naming != Naming::Short {
                    let range = tokens.slice(at..at + 1).range();
                    out.unread.push((range, why));
                }
                at += 1;
            }
            Item::Nothing => at += 1,
        }
    }
    share_units(&mut drafts, vocab, &known);
    for draft in drafts {
        settle(draft, tokens, vocab, source, &known, &mut out);
    }
    out
}

/// `(all x10^9/L)` behind a list of counts.
fn unit_of_all(tokens: &Tokens<'_>) -> Option<Unit> {
    (0..tokens.len()).find_map(|at| {
        let all = matches!(
            quantity::text(tokens, at).to_lowercase().as_str(),
            "all" | "alle" | "jeweils" | "tous" | "todos" | "均"
        );
        let (_, unit) = quantity::unit(tokens.slice(at + 1..tokens.len()))
            .ok()
            .filter(|_| all)?;
        Some(unit).filter(|u| u.factor.is_some() && !u.small)
    })
}

/// `CBC (x10^9/L): ...`
fn heading_unit(tokens: &Tokens<'_>, at: usize) -> Option<Unit> {
    if !is_mark(tokens, at, &['(', '[']) {
        return None;
    }
    quantity::unit(tokens.slice(at..tokens.len()))
        .ok()
        .map(|(_, unit)| unit)
        .filter(|unit| unit.factor.is_some())
}

/// A unit behind the last of several counts is the unit of all of them.
fn share_units(drafts: &mut [Draft], vocab: &Vocab, known: &Known) {
    let mut later: Option<Unit> = None;
    for at in (0..drafts.len()).rev() {
        let counts = vocab.analytes()[drafts[at].named.index].counts.is_some();
        let draft = &mut drafts[at];
        if !counts || draft.kind == Some(Kind::Percent) {
            later = None;
            continue;
        }
        match &draft.unit {
            Some(unit) => later = Some(unit.clone()).filter(|u| u.factor.is_some() && !u.small),
            None if !draft.needs_unit => {
                let unit = later.clone().or_else(|| known.unit.clone());
                let plausible = vocab.analytes()[draft.named.index].name == "platelets"
                    || draft.number.value <= Decimal::from(MOST);
                if plausible && unit.is_some() {
                    draft.unit = unit;
                    draft.kind = Some(Kind::Absolute);
                }
            }
            None => later = None,
        }
    }
}

fn settle(
    draft: Draft,
    tokens: &Tokens<'_>,
    vocab: &Vocab,
    source: &Source,
    known: &Known,
    out: &mut Read,
) {
    let analyte = &vocab.analytes()[draft.named.index];
    let range = tokens
        .get(draft.start)
        .map_or(draft.number.start, |t| t.start)..draft.number.end;
    let counted = draft.unit.as_ref().is_some_and(|u| u.factor.is_some());
    let kind = match (draft.kind, analyte.counts) {
        (Some(kind), _) => kind,
        (None, Some(Counted::Share)) => {
            out.unread.push((range, NO_UNIT));
            return;
        }
        (None, _) => Kind::Absolute,
    };
    let short = draft.named.naming == Naming::Short;
    if short && !(counted || (known.count && kind == Kind::Percent)) {
        return;
    }
    if kind == Kind::Percent && known.tissue && !known.count {
        return;
    }
    if kind == Kind::Percent && draft.number.value > Decimal::ONE_HUNDRED {
        out.unread.push((range, IMPOSSIBLE));
        return;
    }
    let lacks = draft.unit.is_none() && kind == Kind::Absolute;
    if lacks && draft.needs_unit {
        if analyte.counts.is_some() {
            out.unread.push((range, NO_VALUE));
        }
        return;
    }
    // A count needs the unit of one, and nothing else has it (`WBC 3 mg/L`).
    if let Some(unit) = &draft.unit
        && kind == Kind::Absolute
        && unit.factor.is_some() != analyte.counts.is_some()
    {
        out.unread.push((range, NO_VALUE));
        return;
    }
    let mut value = draft.number.value;
    // 318.000 /µl: no laboratory gives thousandths of a cell.
    if let (Some(thousands), Some(unit)) = (draft.number.thousands, &draft.unit)
        && unit.small
    {
        value = thousands;
    }
    let place = source.place(range.clone());
    let mut lab = Lab::new(&analyte.name, kind, value, place);
    lab.flag = draft.flag;
    if kind == Kind::Percent {
        lab.unit = Some("%".to_owned());
    } else if let Some(unit) = draft.unit {
        lab.value_si = unit
            .factor
            .and_then(|f| value.checked_mul(f))
            .map(|v| v.normalize());
        lab.unit = Some(unit.printed);
        lab.repairs.extend(unit.repair);
    }
    out.facts.push((lab, range));
}
