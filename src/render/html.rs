//! A self-contained page for a tumour board: the answer on top, then what it rests on.
//!
//! One file, no script, nothing loaded from elsewhere; a content security policy says so to the browser. Everything
//! that comes from an input goes through `shown::Shown`, which makes control and direction characters visible, and
//! through the escaping of the template engine. Colour never carries a meaning alone.
//!
//! | section | module |
//! |---|---|
//! | answer: decisions, next tests, flags, drugs | `answer` |
//! | the report text with its facts | `evidence` |
//! | stains of all panels side by side | `panels` |
//! | the fusion on the exon model | `fusion_drawing` |
//! | sums and ratios over the treatment | `course`, `course_plot` |
//! | every rule, leaf by leaf | `trace` |
//! | citations, checksums | `references` |
//!
//! Drawings are written here as SVG rather than with a chart library: those measure text, fix their colours and have
//! no place for a title, a description or a label beside a line, which is what a reader without colour, without
//! sight or with a printed page needs.

use std::io::{self, Write};

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::render::json::Assessed;
use crate::source::Sources;

mod answer;
mod course;
mod course_plot;
mod evidence;
mod fusion_drawing;
mod links;
mod panels;
mod references;
mod shown;
mod trace;

use links::Links;
use shown::Shown;

pub(crate) use answer::by_weight;
pub(crate) use fusion_drawing::drawn;
pub(crate) use panels::{Panels, reading};

/// What a browser may load: nothing, and styles of the page itself.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";
const STYLE: &str = include_str!("html/style.css");

/// Who has to look at a result before it counts.
pub(crate) const REVIEW: &str = "For review by a qualified professional. This is advice to a specialist, not a diagnosis; check every statement \
     against its line.";

/// Writes the page of an assessment.
///
/// # Errors
/// When the writer fails.
pub fn assess(out: &mut dyn Write, a: &Assessed<'_>, sources: &Sources) -> io::Result<()> {
    out.write_all(page(a, sources).into_string().as_bytes())?;
    out.write_all(b"\n")
}

type Section = (&'static str, &'static str, Markup);

fn page(a: &Assessed<'_>, sources: &Sources) -> Markup {
    let links = Links::of(a);
    let mut sections: Vec<Section> = vec![("answer", "Answer", answer::section(a, &links))];
    let fusions = fusion_drawing::section(a, &links);
    sections.extend(fusions.map(|markup| ("fusion", "Fusion", markup)));
    let panels = panels::section(a, &links);
    sections.extend(panels.map(|markup| ("panels", "Stains", markup)));
    let course = course::section(a, &links);
    sections.extend(course.map(|markup| ("course", "Course", markup)));
    sections.push((
        "evidence",
        "Evidence",
        evidence::section(a, sources, &links),
    ));
    sections.push(("trace", "Rules", trace::section(a, &links)));
    sections.push(("references", "References", references::section(a)));
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (Shown(a.id)) " - fusedx assessment" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a class="skip" href="#answer" { "Skip to the answer" }
                header {
                    p class="review" { strong { "For review by a qualified professional." } " Advice to a specialist, not a diagnosis; check every statement against its line." }
                    h1 { "Assessment of case " bdi { (Shown(a.id)) } }
                    p { (asked(a)) }
                    nav aria-label="Sections" {
                        ul {
                            @for (id, title, _) in &sections {
                                li { a href={ "#" (id) } { (title) } }
                            }
                        }
                    }
                }
                main {
                    @for (id, title, markup) in &sections {
                        section id=(id) aria-labelledby={ (id) "-title" } {
                            h2 id={ (id) "-title" } { (title) }
                            (markup)
                        }
                    }
                }
                footer { (references::provenance(a)) p { (REVIEW) } }
            }
        }
    }
}

/// Pack, date and region in one line.
pub(crate) fn asked(a: &Assessed<'_>) -> String {
    let date = a
        .asked
        .as_of
        .map_or("of all dates".to_owned(), |d| format!("as of {d}"));
    let region = a.asked.region.as_deref().unwrap_or("all regions");
    format!(
        "Rule pack {} {}; drug labels {date}, {region}.",
        a.pack.name, a.pack.version
    )
}

/// A name that can stand in an anchor.
fn slug(name: &str) -> String {
    name.chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect()
}
