//! Which fact serves which conclusion: the anchors between the report text and the answer.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::Shown;
use crate::render::grounds::{known_so_far, supporting};
use crate::render::json::Assessed;
use crate::render::text::rows;
use crate::source::Place;

/// Most rows of the table of facts.
const MOST_ROWS: usize = 600;
/// Most places shown beside one statement.
const MOST_PLACES: usize = 12;

/// A fact of the page.
#[derive(Debug)]
pub(super) struct Fact<'a> {
    pub(super) place: &'a Place,
    /// Kind and words of everything that was read there.
    pub(super) readings: Vec<(&'static str, String)>,
    /// Conclusions that use it.
    pub(super) uses: BTreeSet<usize>,
}

/// A conclusion that facts can serve.
#[derive(Debug)]
pub(super) struct Conclusion {
    pub(super) anchor: String,
    pub(super) label: String,
}

/// All facts, all conclusions, and who uses whom.
#[derive(Debug, Default)]
pub(super) struct Links<'a> {
    pub(super) facts: Vec<Fact<'a>>,
    pub(super) conclusions: Vec<Conclusion>,
    by_place: BTreeMap<Key<'a>, usize>,
    /// How each input is named: `line` when there is only one.
    files: BTreeMap<&'a str, &'a str>,
    rows: Vec<usize>,
}

type Key<'a> = (&'a str, u32, u32, &'a str);

fn key(place: &Place) -> Key<'_> {
    (&place.path, place.line, place.column, &place.text)
}

impl<'a> Links<'a> {
    pub(super) fn of(a: &Assessed<'a>) -> Self {
        let mut links = Self {
            files: short_names(a),
            ..Self::default()
        };
        for (kind, words, place) in rows(&a.read.case) {
            let facts = &mut links.facts;
            let index = *links.by_place.entry(key(place)).or_insert_with(|| {
                facts.push(Fact {
                    place,
                    readings: Vec::new(),
                    uses: BTreeSet::new(),
                });
                facts.len() - 1
            });
            links.facts[index].readings.push((kind, words));
        }
        links.conclude(a);
        let every = links.facts.len() <= MOST_ROWS;
        links.rows = (0..links.facts.len())
            .filter(|f| every || !links.facts[*f].uses.is_empty())
            .take(MOST_ROWS)
            .collect();
        links
    }

    fn conclude(&mut self, a: &Assessed<'a>) {
        let mut by_rule: BTreeMap<&str, Vec<Place>> = BTreeMap::new();
        for rule in &a.assessment.rules {
            let grounds = supporting(rule.trace());
            let places = grounds.into_iter().map(|(_, place)| place);
            by_rule.insert(rule.id(), places.collect());
        }
        for decision in &a.assessment.decisions {
            let mut places: Vec<Place> = Vec::new();
            for rule in &decision.rules {
                places.extend(by_rule.get(rule.as_str()).into_iter().flatten().cloned());
            }
            let known = known_so_far(&a.assessment.rules, decision);
            places.extend(known.into_iter().map(|(_, place)| place));
            self.add(&decision_anchor(&decision.name), &decision.name, &places);
        }
        for (index, flag) in a.assessment.flags.iter().enumerate() {
            self.add(&flag_anchor(index), &flag.code, &flag.sources);
        }
        for (index, therapy) in a.assessment.therapy.iter().enumerate() {
            let places = by_rule
                .get(therapy.rule.as_str())
                .cloned()
                .unwrap_or_default();
            self.add(&drug_anchor(index), &therapy.drug, &places);
        }
        for (index, point) in a.course.response.time_points.iter().enumerate() {
            let name = point
                .date
                .map_or("time point".to_owned(), |d| d.to_string());
            self.add(&visit_anchor(index), &name, &point.sources);
        }
        for (index, ratio) in a.course.ratios.formed.iter().enumerate() {
            let places: Vec<Place> = ratio.inputs.iter().map(|i| i.source.clone()).collect();
            self.add(&ratio_anchor(index), ratio.name.as_str(), &places);
        }
    }

    fn add(&mut self, anchor: &str, label: &str, places: &[Place]) {
        let number = self.conclusions.len();
        for place in places {
            if let Some(index) = self.fact(place) {
                self.facts[index].uses.insert(number);
            }
        }
        self.conclusions.push(Conclusion {
            anchor: anchor.to_owned(),
            label: label.to_owned(),
        });
    }

    /// The fact that stands at a place.
    pub(super) fn fact(&self, place: &Place) -> Option<usize> {
        self.by_place.get(&key(place)).copied()
    }

    /// A place as a link into the text.
    pub(super) fn place(&self, place: &Place) -> Markup {
        self.quote(place, true)
    }

    fn quote(&self, place: &Place, located: bool) -> Markup {
        let text = place.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let inner = html! {
            @if located { span class="at" { (self.at(place)) } " " }
            q { (Shown(&text)) }
        };
        html! {
            @if let Some(index) = self.fact(place) {
                a class="from" href={ "#f" (index + 1) } { (inner) }
            } @else {
                span class="from" { (inner) }
            }
        }
    }

    /// `line 3`, or `ct.txt:3` when there are several inputs.
    fn at(&self, place: &Place) -> Markup {
        match self.files.get(&*place.path) {
            Some(&"") => html! { "line " (place.line) },
            Some(short) => html! { (Shown(short)) ":" (place.line) },
            None => html! { (Shown(&place.path)) ":" (place.line) },
        }
    }

    /// Places one beside the other, the first of many.
    pub(super) fn places<'p>(&self, places: impl IntoIterator<Item = &'p Place>) -> Markup {
        let all: Vec<&Place> = places.into_iter().collect();
        let more = all.len().saturating_sub(MOST_PLACES);
        html! {
            @for (n, place) in all.iter().take(MOST_PLACES).enumerate() {
                @let same = n > 0 && all[n - 1].path == place.path && all[n - 1].line == place.line;
                @if n > 0 { @if same { ", " } @else { "; " } }
                (self.quote(place, !same))
            }
            @if more > 0 { " and " (more) " more" }
        }
    }

    /// Links to the conclusions that use a fact, at most so many.
    pub(super) fn conclusions(&self, fact: usize, most: usize) -> Markup {
        let uses = &self.facts[fact].uses;
        html! {
            @for (n, index) in uses.iter().take(most).enumerate() {
                @if n > 0 { ", " }
                a href={ "#" (self.conclusions[*index].anchor) } { (Shown(&self.conclusions[*index].label)) }
            }
            @if uses.len() > most { ", …" }
        }
    }

    /// Whether a fact has a row in the table of facts: all of a usual case, of a huge one those that a conclusion
    /// uses, as many as a table can show.
    pub(super) fn has_row(&self, fact: usize) -> bool {
        self.rows.binary_search(&fact).is_ok()
    }

    /// The facts in the table.
    pub(super) fn rows(&self) -> &[usize] {
        &self.rows
    }
}

/// Names of inputs without their folder where that tells them apart; an empty name for a single one.
fn short_names<'a>(a: &Assessed<'a>) -> BTreeMap<&'a str, &'a str> {
    let paths: Vec<&str> = a.read.sources.iter().map(|s| s.path.as_str()).collect();
    let last = |path: &'a str| path.rsplit(['/', '\\']).next().unwrap_or(path);
    let distinct: BTreeSet<&str> = paths.iter().map(|p| last(p)).collect();
    let name = |path: &'a str| match paths.len() {
        1 => "",
        n if n == distinct.len() => last(path),
        _ => path,
    };
    paths.iter().map(|p| (*p, name(p))).collect()
}

/// Citations as links to the list of references.
pub(super) fn cites(ids: &[String]) -> Markup {
    html! {
        @for (n, id) in ids.iter().enumerate() {
            @if n > 0 { ", " }
            a class="cite" href={ "#ref-" (super::slug(id)) } { (id) }
        }
    }
}

pub(super) fn decision_anchor(name: &str) -> String {
    format!("decision-{}", super::slug(name))
}

pub(super) fn flag_anchor(index: usize) -> String {
    format!("flag-{}", index + 1)
}

pub(super) fn drug_anchor(index: usize) -> String {
    format!("drug-{}", index + 1)
}

pub(super) fn visit_anchor(index: usize) -> String {
    format!("visit-{}", index + 1)
}

pub(super) fn ratio_anchor(index: usize) -> String {
    format!("ratio-{}", index + 1)
}

pub(super) fn rule_anchor(id: &str) -> String {
    format!("rule-{}", super::slug(id))
}
