//! From facts to time points: which measurements belong together, and which lesion is which.
//!
//! What has a date belongs to that day. What has none and is called the baseline belongs to the baseline. Other
//! undated facts follow each other in the order of the text; a lesion or a sum that comes again, and a response stated
//! elsewhere in the text, begins another time point.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::case::measurement::{Kind, Measurement, State, StatedResponse};
use crate::case::{Case, Context};
use crate::source::Place;

/// Everything said of one time.
#[derive(Debug, Default)]
pub(super) struct Visit<'c> {
    pub(super) date: Option<Date>,
    pub(super) baseline: bool,
    pub(super) targets: Vec<Target<'c>>,
    pub(super) sums: Vec<(Decimal, &'c Place)>,
    pub(super) non_targets: Vec<&'c Measurement>,
    pub(super) new: Vec<&'c Measurement>,
    pub(super) stated: Vec<&'c StatedResponse>,
}

/// What is said of one target lesion at one time.
#[derive(Debug, Clone)]
pub(super) struct Target<'c> {
    /// What tells it from the others: its name, else its site, else its number among those without either.
    pub(super) key: String,
    pub(super) site: Option<&'c str>,
    pub(super) node: bool,
    pub(super) mm: Option<Decimal>,
    pub(super) state: Option<State>,
    /// How many sizes the fact gives: `0 mm, 0 mm` speaks of two lesions without naming them.
    pub(super) sizes: usize,
    pub(super) source: &'c Place,
}

impl Target<'_> {
    /// Whether it has neither a name nor a site.
    pub(super) fn nameless(&self) -> bool {
        self.key.starts_with('#')
    }

    /// Whether both are one lesion: by name, or by site where one of them has no name.
    pub(super) fn is(&self, other: &Self) -> bool {
        let site = |t: &Self| t.site.map(fold);
        let by_site = || {
            let (own, theirs) = (site(self), site(other));
            own.is_some()
                && own == theirs
                && (own.as_ref() == Some(&self.key) || theirs.as_ref() == Some(&other.key))
        };
        self.key == other.key || by_site()
    }
}

impl Visit<'_> {
    /// Whether anything here could have been measured before a response.
    pub(super) fn may_be_baseline(&self) -> bool {
        let measured = !self.targets.is_empty() || !self.sums.is_empty();
        (measured || !self.non_targets.is_empty()) && self.stated.is_empty()
    }

    pub(super) fn places(&self) -> Vec<Place> {
        let targets = self.targets.iter().map(|t| t.source);
        let sums = self.sums.iter().map(|(_, place)| *place);
        let others = self.non_targets.iter().chain(&self.new).map(|m| &m.source);
        let stated = self.stated.iter().map(|s| &s.source);
        let mut out: Vec<Place> = Vec::new();
        for place in targets.chain(sums).chain(others).chain(stated) {
            if !out.contains(place) {
                out.push(place.clone());
            }
        }
        out
    }
}

#[derive(Clone, Copy)]
enum Item<'c> {
    Size(&'c Measurement),
    Said(&'c StatedResponse),
}

impl<'c> Item<'c> {
    fn place(&self) -> &'c Place {
        match self {
            Self::Size(m) => &m.source,
            Self::Said(s) => &s.source,
        }
    }

    fn date(&self) -> Option<Date> {
        match self {
            Self::Size(m) => m.date,
            Self::Said(s) => s.date,
        }
    }
}

/// The time points of a case.
#[derive(Debug, Default)]
pub(super) struct Visits<'c> {
    /// By date.
    pub(super) dated: Vec<Visit<'c>>,
    /// What is called the baseline without a date.
    pub(super) undated_baseline: Option<Visit<'c>>,
    /// In the order of the text.
    pub(super) undated: Vec<Visit<'c>>,
    /// The dates in the order in which they are first written.
    pub(super) written: Vec<Date>,
}

pub(super) fn visits(case: &Case) -> Visits<'_> {
    let sizes = case.measurements.iter().chain(&case.lesion_states);
    let mut items: Vec<Item<'_>> = sizes
        .filter(|m| m.kind != Kind::Specimen)
        .map(Item::Size)
        .collect();
    let said = case.stated_responses.iter();
    items.extend(
        said.filter(|s| s.context != Some(Context::Prior))
            .map(Item::Said),
    );
    // Text order: measurements and responses are read apart.
    items.sort_by_key(|item| item.place().span.map(|s| (s.source, s.start)));
    let mut by_date: BTreeMap<Date, Visit<'_>> = BTreeMap::new();
    let mut out = Visits::default();
    let mut open = Visit::default();
    let mut last: Option<&Place> = None;
    for item in items {
        let flagged = matches!(item, Item::Size(m) if m.baseline);
        if let Some(date) = item.date() {
            if !out.written.contains(&date) {
                out.written.push(date);
            }
            let visit = by_date.entry(date).or_default();
            visit.date = Some(date);
            visit.baseline |= flagged;
            add(visit, item);
        } else if flagged {
            let visit = out.undated_baseline.get_or_insert_default();
            visit.baseline = true;
            add(visit, item);
        } else {
            let elsewhere = last.is_some_and(|last| apart(last, item.place()))
                && (matches!(item, Item::Said(_)) || !open.stated.is_empty());
            last = Some(item.place());
            if elsewhere || repeats(&open, item) {
                out.undated.push(std::mem::take(&mut open));
            }
            add(&mut open, item);
        }
    }
    out.undated.push(open);
    out.undated.retain(|visit| !visit.places().is_empty());
    out.dated = by_date.into_values().collect();
    same_kinds(&mut out);
    out
}

fn add<'c>(visit: &mut Visit<'c>, item: Item<'c>) {
    match item {
        Item::Said(said) => visit.stated.push(said),
        Item::Size(m) => match m.kind {
            Kind::Target | Kind::TargetNode => targets(visit, m),
            Kind::Sum => visit.sums.extend(m.mm.first().map(|mm| (*mm, &m.source))),
            Kind::NonTarget => visit.non_targets.push(m),
            Kind::New => visit.new.push(m),
            Kind::Specimen => {}
        },
    }
}

/// `TL1,TL2` with two sizes are two lesions; a lesion in two dimensions counts with its longest.
fn targets<'c>(visit: &mut Visit<'c>, m: &'c Measurement) {
    let names: Vec<&str> = match &m.lesion {
        Some(names) => names.split([',', ';', '/']).map(str::trim).collect(),
        None => Vec::new(),
    };
    let node = m.kind == Kind::TargetNode;
    let one = |key: String, mm: Option<Decimal>| Target {
        key,
        site: m.site.as_deref(),
        node,
        mm,
        state: m.state,
        sizes: m.mm.len().max(1),
        source: &m.source,
    };
    if names.len() > 1 {
        for (index, name) in names.iter().enumerate() {
            let mm = if m.mm.len() == names.len() {
                m.mm.get(index).copied()
            } else {
                m.mm.first().copied()
            };
            visit.targets.push(one(fold(name), mm));
        }
        return;
    }
    // A node counts with its short axis, any other lesion with its longest diameter.
    let mm = if node {
        m.mm.iter().min().copied()
    } else {
        m.mm.iter().max().copied()
    };
    let key = match (names.first(), &m.site) {
        (Some(name), _) => fold(name),
        (None, Some(site)) => fold(site),
        (None, None) => String::new(),
    };
    visit.targets.push(one(key, mm));
}

fn fold(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    words.join(" ").to_uppercase()
}

/// Whether two places are not on the same or the next line of one input.
fn apart(first: &Place, second: &Place) -> bool {
    first.path != second.path || second.line.saturating_sub(first.line) > 1
}

/// Whether an undated fact cannot be of the same time as those before it.
fn repeats(open: &Visit<'_>, item: Item<'_>) -> bool {
    match item {
        Item::Size(m) => match m.kind {
            Kind::Sum => !open.sums.is_empty(),
            Kind::Target | Kind::TargetNode => {
                let mut probe = Visit::default();
                targets(&mut probe, m);
                let known: BTreeSet<&str> = open.targets.iter().map(|t| t.key.as_str()).collect();
                let mut keys = probe.targets.iter().map(|t| t.key.as_str());
                keys.any(|key| !key.is_empty() && known.contains(key))
            }
            _ => false,
        },
        Item::Said(said) => {
            let open = &open.stated;
            said.category.is_some() && open.iter().any(|s| s.category.is_some())
        }
    }
}

/// A lesion that is called a node once is a node at every time; lesions without a name or site are told apart by
/// their number.
fn same_kinds(visits: &mut Visits<'_>) {
    let mut nodes = BTreeSet::new();
    let all = visits
        .dated
        .iter_mut()
        .chain(&mut visits.undated_baseline)
        .chain(&mut visits.undated);
    let mut all: Vec<&mut Visit<'_>> = all.collect();
    for visit in &mut all {
        let mut number = 0;
        for target in visit.targets.iter_mut().filter(|t| t.key.is_empty()) {
            number += 1;
            target.key = format!("#{number}");
        }
        nodes.extend(
            visit
                .targets
                .iter()
                .filter(|t| t.node)
                .map(|t| t.key.clone()),
        );
    }
    for visit in all {
        for target in &mut visit.targets {
            target.node |= nodes.contains(&target.key);
        }
    }
}
