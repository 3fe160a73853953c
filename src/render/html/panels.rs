//! Stains of all panels side by side, differences marked.

use std::collections::BTreeMap;

use jiff::civil::Date;
use maud::{Markup, html};

use super::Shown;
use super::links::Links;
use crate::case::Context;
use crate::case::ihc::{Ihc, Status};
use crate::render::json::Assessed;
use crate::render::text::ihc_words;

/// What tells one panel from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Panel<'a> {
    context: Option<Context>,
    path: &'a str,
    specimen: Option<&'a str>,
    date: Option<Date>,
}

impl Panel<'_> {
    fn title(&self, several_files: bool) -> String {
        let mut words = match self.context {
            Some(Context::Outside) => "outside laboratory".to_owned(),
            Some(Context::Prior) => "earlier".to_owned(),
            None => "this report".to_owned(),
        };
        if let Some(specimen) = self.specimen {
            words = format!("{words}, {specimen}");
        }
        if let Some(date) = self.date {
            words = format!("{words}, {date}");
        }
        if several_files {
            words = format!("{words}, {}", self.path);
        }
        words
    }
}

/// Readings by marker and panel.
#[derive(Debug)]
pub(crate) struct Panels<'a> {
    columns: Vec<Panel<'a>>,
    several_files: bool,
    /// Markers in the order of the text.
    pub(crate) rows: Vec<Row<'a>>,
}

/// One marker.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    pub(crate) marker: &'a str,
    /// Readings of each panel.
    pub(crate) cells: Vec<Vec<&'a Ihc>>,
    /// Two current readings of the tumour that differ.
    pub(crate) differs: bool,
}

impl<'a> Panels<'a> {
    pub(crate) fn of(stains: &'a [Ihc]) -> Self {
        let panel = |s: &'a Ihc| Panel {
            context: s.context,
            path: &s.source.path,
            specimen: s.specimen.as_deref(),
            date: s.date,
        };
        let mut panels: Vec<Panel<'a>> = Vec::new();
        let mut order: BTreeMap<&str, usize> = BTreeMap::new();
        let mut rows: Vec<Row<'a>> = Vec::new();
        for stain in stains {
            if !panels.contains(&panel(stain)) {
                panels.push(panel(stain));
            }
        }
        for stain in stains {
            let at = *order.entry(&stain.marker).or_insert_with(|| {
                rows.push(Row {
                    marker: &stain.marker,
                    cells: vec![Vec::new(); panels.len()],
                    differs: false,
                });
                rows.len() - 1
            });
            if let Some(column) = panels.iter().position(|p| *p == panel(stain)) {
                rows[at].cells[column].push(stain);
            }
        }
        for row in &mut rows {
            let result = |s: &&&Ihc| {
                let told = matches!(
                    s.status,
                    Status::Positive | Status::Negative | Status::Equivocal
                );
                told && !s.superseded && s.cells.is_none()
            };
            let mut results: Vec<Status> = row
                .cells
                .iter()
                .flatten()
                .filter(result)
                .map(|s| s.status)
                .collect();
            results.dedup();
            row.differs = results.len() > 1;
        }
        let mut paths: Vec<&str> = panels.iter().map(|p| p.path).collect();
        paths.sort_unstable();
        paths.dedup();
        Self {
            several_files: paths.len() > 1,
            columns: panels,
            rows,
        }
    }

    pub(crate) fn titles(&self) -> Vec<String> {
        self.columns
            .iter()
            .map(|p| p.title(self.several_files))
            .collect()
    }
}

/// A reading without the name of its marker, which stands at the head of the row.
pub(crate) fn reading(stain: &Ihc) -> String {
    let words = ihc_words(stain);
    let rest = words.strip_prefix(&stain.marker).unwrap_or(&words);
    rest.trim_start().to_owned()
}

pub(super) fn section(a: &Assessed<'_>, links: &Links<'_>) -> Option<Markup> {
    let case = &a.read.case;
    if case.ihc.is_empty() && case.fish.is_empty() {
        return None;
    }
    let panels = Panels::of(&case.ihc);
    let differing = panels.rows.iter().filter(|r| r.differs).count();
    Some(html! {
        @if !panels.rows.is_empty() {
            p {
                (panels.rows.len()) " markers in " (panels.columns.len()) " panels; "
                @if differing == 0 { "no marker differs." }
                @else { (differing) " differ and are marked ≠." }
                " An empty cell was not reported, which is not negative."
            }
            div class="wide" tabindex="0" role="region" aria-label="Stains by panel" {
                table class="panels" {
                    caption { "Stains by marker and panel" }
                    thead { tr {
                        th scope="col" { "Marker" }
                        @for title in panels.titles() { th scope="col" { (Shown(&title)) } }
                    } }
                    tbody {
                        @for row in &panels.rows {
                            tr class=[row.differs.then_some("differs")] {
                                th scope="row" {
                                    (row.marker)
                                    @if row.differs { " " span class="badge" { "≠ differs" } }
                                }
                                @for cell in &row.cells {
                                    td {
                                        @if cell.is_empty() { span class="none" { "not reported" } }
                                        @for stain in cell { (one(stain, links)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        @if !case.fish.is_empty() {
            div class="wide" tabindex="0" role="region" aria-label="FISH results" {
                table {
                    caption { "FISH" }
                    thead { tr {
                        th scope="col" { "Gene" } th scope="col" { "Result" } th scope="col" { "Nuclei" }
                        th scope="col" { "Cut-off" } th scope="col" { "Where" }
                    } }
                    tbody {
                        @for fish in &case.fish {
                            tr {
                                th scope="row" { (fish.gene) }
                                td {
                                    (fish.status.as_str()) @if fish.superseded { " (superseded)" }
                                    @if let Some(pattern) = &fish.pattern { ", " (Shown(pattern)) }
                                }
                                td {
                                    @if let Some(percent) = fish.percent { (percent) " %" } @else { "not stated" }
                                    @if let Some(cells) = fish.cells { " of " (cells) }
                                }
                                td { @if let Some(cutoff) = fish.cutoff_percent { (cutoff) " %" } @else { "not stated" } }
                                td { (links.place(&fish.source)) }
                            }
                        }
                    }
                }
            }
        }
    })
}

fn one(stain: &Ihc, links: &Links<'_>) -> Markup {
    let sign = match stain.status {
        Status::Positive => "+ ",
        Status::Negative => "− ",
        Status::Equivocal => "± ",
        _ => "",
    };
    let words = reading(stain);
    html! {
        div class=[stain.superseded.then_some("superseded")] {
            @if let Some(index) = links.fact(&stain.source) {
                a href={ "#f" (index + 1) } { (sign) (Shown(&words)) }
            } @else {
                (sign) (Shown(&words))
            }
        }
    }
}
