//! The fusion on the exon model of its kinase: what is known drawn solid, what is not with a question mark.
//!
//! ```text
//! gene      [1-15][16][17][18][19][20]...[28][   29   ]     transmembrane and kinase over their codons
//! product   5' [ partner, exon n       ][20]...[28][   29   ] 3'
//! ```
//!
//! Exons come from the pack's table of kinase exons, codons from its table of protein features. A partner has no
//! model there: it is a block with its name.

use maud::{Markup, html};

use super::Shown;
use super::links::{Links, cites};
use crate::case::events::{Disagreement, Event, Products};
use crate::case::fusion::{
    Frame, Fusion, KinaseDomain, Method, Orientation, OrientationFrom, Status, name_of,
};
use crate::render::json::Assessed;
use crate::render::text::fusion_words;
use crate::rules::guide::Feature;
use crate::vocab::{KinaseExon, Vocab};

mod picture;

/// Most fusions that are drawn; the table has all.
const MOST: usize = 4;
/// Most rows of the table of calls; `fusedx read` has all.
const ROWS: usize = 100;

/// A fusion as it is drawn, and in words.
#[derive(Debug)]
pub(crate) struct Drawn<'a> {
    pub(crate) fusion: &'a Fusion,
    /// Exon of the kinase that the product begins with.
    entry: Option<u32>,
    /// The entry is the next exon behind a break in an intron, not a junction that was seen.
    expected: bool,
    /// Exons of the kinase with their lengths, in order.
    exons: Vec<(u32, u64)>,
    features: Vec<&'a Feature>,
}

/// The fusions worth drawing: those that were found, each pair once, the best described call of each.
pub(crate) fn drawn<'a>(a: &Assessed<'a>) -> Vec<Drawn<'a>> {
    let mut best: Vec<&Fusion> = Vec::new();
    let known = |f: &Fusion| {
        let exons =
            u8::from(f.exons.three_prime.is_some()) + u8::from(f.exons.five_prime.is_some());
        (
            f.is_current(),
            exons,
            f.breakpoints.is_some(),
            f.frame.is_some(),
        )
    };
    for fusion in a
        .read
        .case
        .fusions
        .iter()
        .filter(|f| f.status == Status::Detected)
    {
        match best.iter_mut().find(|f| f.name() == fusion.name()) {
            Some(other) if known(fusion) > known(other) => *other = fusion,
            Some(_) => {}
            None => best.push(fusion),
        }
    }
    // A kinase the pack has a model of comes first: this is what the decisions are about.
    let vocab = a.pack.vocab();
    best.sort_by_key(|f| {
        std::cmp::Reverse(
            f.three_prime
                .as_deref()
                .is_some_and(|g| has_model(vocab, g)),
        )
    });
    best.truncate(MOST);
    best.into_iter()
        .map(|fusion| Drawn::of(fusion, vocab, a.pack.features()))
        .collect()
}

fn has_model(vocab: &Vocab, gene: &str) -> bool {
    vocab.kinase_exons().iter().any(|e| e.gene == gene)
}

impl<'a> Drawn<'a> {
    fn of(fusion: &'a Fusion, vocab: &'a Vocab, features: &'a [Feature]) -> Self {
        let gene = fusion.three_prime.as_deref().unwrap_or_default();
        let all: Vec<&KinaseExon> = vocab
            .kinase_exons()
            .iter()
            .filter(|e| e.gene == gene)
            .collect();
        let build = all.first().map(|e| e.build.as_str());
        let mut exons: Vec<(u32, u64)> = all
            .iter()
            .filter(|e| Some(e.build.as_str()) == build)
            .map(|e| (e.exon, e.last.saturating_sub(e.first).saturating_add(1)))
            .collect();
        exons.sort_unstable();
        exons.dedup_by_key(|(number, _)| *number);
        let stated = fusion
            .exons
            .three_prime
            .as_ref()
            .and_then(|e| e.parse().ok());
        let by_position = || entry(fusion, &all);
        let (entry, expected) = match stated {
            Some(exon) => (Some(exon), false),
            None => by_position().map_or((None, false), |(exon, intron)| (Some(exon), intron)),
        };
        Self {
            fusion,
            entry: entry.filter(|e| exons.iter().any(|(number, _)| number == e)),
            expected,
            exons,
            features: features.iter().filter(|f| f.gene == gene).collect(),
        }
    }

    fn feature(&self, name: &str) -> Option<&'a Feature> {
        self.features.iter().find(|f| f.name == name).copied()
    }

    /// The drawing in words: the text alternative, and the caption.
    pub(crate) fn words(&self) -> Vec<String> {
        let fusion = self.fusion;
        let [five, three] = [&fusion.five_prime, &fusion.three_prime].map(|gene| {
            gene.clone()
                .unwrap_or_else(|| "an unknown partner".to_owned())
        });
        let exon = |exon: Option<&String>| {
            exon.map_or("exon not reported".to_owned(), |e| format!("exon {e}"))
        };
        let second = match (self.entry, self.expected, &fusion.exons.three_prime) {
            (_, _, Some(stated)) => format!("exon {stated}"),
            (Some(entry), true, None) => {
                format!("exon {entry} expected, the break lies in the intron before it")
            }
            (Some(entry), false, None) => format!("exon {entry}, told by the breakpoint"),
            (None, _, None) => "exon not reported".to_owned(),
        };
        let first = exon(fusion.exons.five_prime.as_ref());
        let mut out = Vec::new();
        match &fusion.as_reported {
            Some([a, b]) if fusion.five_prime.is_none() || fusion.three_prime.is_none() => {
                out.push(format!(
                    "{a} and {b} joined, which of them is 5' is not known"
                ));
            }
            _ => out.push(format!(
                "5' {five} ({first}) joined to 3' {three} ({second})"
            )),
        }
        if let Some(function) = &fusion.function {
            let value = function.value.as_str().replace('_', " ");
            out.push(format!("{value} by {} points", function.points));
        }
        out.push(match fusion.kinase_domain {
            Some(KinaseDomain::Retained) => format!("the kinase domain of {three} is kept"),
            Some(KinaseDomain::Lost) => format!("the kinase domain of {three} is lost or broken"),
            Some(KinaseDomain::Unknown) | None => {
                format!("whether the kinase domain of {three} is kept is not known")
            }
        });
        out.push(
            match fusion.frame {
                Some(Frame::InFrame) => "in frame",
                Some(Frame::OutOfFrame) => "out of frame",
                Some(Frame::StopBeforeJunction) => "a stop codon before the junction",
                Some(Frame::FivePrimeUtrFullCds) => {
                    "the whole coding sequence of the 3' partner behind an untranslated region"
                }
                Some(Frame::NotCoding) => "the 5' partner gives no coding sequence",
                Some(Frame::AmbiguousMultiTranscript) => "in frame for some transcripts only",
                None => "reading frame not reported, which is not out of frame",
            }
            .to_owned(),
        );
        if fusion.exons.three_prime.is_none() && fusion.breakpoints.is_none() {
            out.push("junction not reported".to_owned());
        }
        out.extend(order(fusion));
        let breaks = fusion.breakpoints.iter().flatten().flatten();
        let breaks: Vec<String> = breaks
            .map(|b| format!("{}:{}", b.chromosome, b.position))
            .collect();
        if !breaks.is_empty() {
            out.push(format!("breakpoints {}", breaks.join(" and ")));
        }
        out.push(support(fusion));
        out
    }
}

/// Why the partners stand in this order.
fn order(fusion: &Fusion) -> Option<String> {
    let written = fusion
        .as_written
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let why = match (fusion.orientation?, fusion.orientation_from) {
        (Orientation::Inferred, Some(OrientationFrom::KinaseWrittenFirst)) => {
            format!(
                "order inferred: written as {written}, and the kinase is the 3' partner of every known driver"
            )
        }
        (Orientation::Inferred, _) => format!("order inferred from {written}"),
        (Orientation::Unknown, _) => "order of the partners not known".to_owned(),
        (Orientation::Conflicting, _) => {
            "two signs contradict each other on the order of the partners".to_owned()
        }
        (Orientation::Stated, _) => return None,
    };
    Some(why)
}

fn support(fusion: &Fusion) -> String {
    let method = match fusion.method {
        Method::Rna => "RNA",
        Method::Dna => "DNA",
        Method::Karyotype => "karyotype",
        Method::Unspecified => "method not stated",
    };
    let reads = [
        ("split", fusion.support.split),
        ("spanning", fusion.support.spanning),
        ("supporting", fusion.support.total),
    ];
    let reads = reads
        .iter()
        .filter_map(|(name, n)| Some(format!("{} {name} reads", (*n)?)));
    let mut parts = vec![method.to_owned()];
    parts.extend(reads);
    parts.extend(fusion.caller.iter().cloned());
    parts.join(", ")
}

/// The exon a breakpoint enters, and whether it lies in the intron before.
fn entry(fusion: &Fusion, exons: &[&KinaseExon]) -> Option<(u32, bool)> {
    let gene = fusion.three_prime.as_deref()?;
    // Breakpoints stand in the order of the pair as reported.
    let side = match &fusion.as_reported {
        Some([first, second]) if first == gene && second != gene => 0,
        _ => 1,
    };
    let at = fusion.breakpoints.as_ref()?[side].as_ref()?;
    let own = || exons.iter().filter(|e| e.chromosome == at.chromosome);
    let start = |e: &KinaseExon| if e.minus { e.last } else { e.first };
    if let Some(exon) = own().find(|e| start(e).abs_diff(at.position) <= 1) {
        return Some((exon.exon, false));
    }
    own().find_map(|exon| {
        let before = own().find(|b| b.build == exon.build && b.exon + 1 == exon.exon)?;
        let inside = if exon.minus {
            exon.last < at.position && at.position < before.first
        } else {
            before.last < at.position && at.position < exon.first
        };
        inside.then_some((exon.exon, true))
    })
}

pub(super) fn section(a: &Assessed<'_>, links: &Links<'_>) -> Option<Markup> {
    let fusions = &a.read.case.fusions;
    if fusions.is_empty() {
        return None;
    }
    let drawings = drawn(a);
    Some(html! {
        @for (number, drawing) in drawings.iter().enumerate() { (figure(number, drawing, links)) }
        div class="wide" tabindex="0" role="region" aria-label="Calls and statements" {
            table {
                caption { "Calls and statements about fusions" }
                thead { tr {
                    th scope="col" { "Fusion" } th scope="col" { "Read as" } th scope="col" { "Support" }
                    th scope="col" { "Where" }
                } }
                tbody {
                    @for fusion in fusions.iter().take(ROWS) {
                        tr {
                            th scope="row" { (fusion.name()) }
                            td { (Shown(&fusion_words(fusion))) }
                            td { (Shown(&support(fusion))) }
                            td { (links.place(&fusion.source)) }
                        }
                    }
                }
            }
        }
        (events(&a.read.case.events))
        @if fusions.len() > ROWS { p { (fusions.len() - ROWS) " more are not listed here; " code { "fusedx read" } " lists all." } }
    })
}

fn figure(number: usize, drawing: &Drawn<'_>, links: &Links<'_>) -> Markup {
    let words = drawing.words();
    html! {
        figure {
            (picture::svg(number, drawing))
            figcaption {
                strong { (drawing.fusion.name()) ". " }
                (Shown(&words.join("; "))) ". " (links.place(&drawing.fusion.source))
                (function(drawing.fusion, links))
            }
        }
    }
}

/// How the judgement of function came about.
fn function(fusion: &Fusion, links: &Links<'_>) -> Markup {
    html! {
        @if let Some(function) = &fusion.function {
            details.printed {
                summary { "Function: " (function.value.as_str().replace('_', " ")) ", " (function.points) " points" }
                ul {
                    @for reason in &function.reasons {
                        li {
                            (format!("{:+}", reason.points)) " " (Shown(&reason.because))
                            @if !reason.cites.is_empty() { " (" (cites(&reason.cites)) ")" }
                            @if let Some(place) = &reason.source { " " (links.place(place)) }
                        }
                    }
                    @for note in &function.notes { li { "but: " (Shown(note)) } }
                }
            }
        }
    }
}

/// Calls of several callers, products or junctions that are one event.
fn events(events: &[Event]) -> Markup {
    let several: Vec<&Event> = events
        .iter()
        .filter(|e| e.members.len() > 1)
        .take(ROWS)
        .collect();
    html! {
        @if !several.is_empty() {
            h3 { "Calls that are one event" }
            ul {
                @for event in several {
                    li {
                        strong { (Shown(&event.id)) } ": " (event.members.len()) " calls"
                        @if !event.callers.is_empty() { " of " (Shown(&event.callers.join(", "))) }
                        @if event.junctions > 1 { ", " (event.junctions) " junctions" }
                        @if event.products == Products::Balanced { ", both products of a balanced event" }
                        @for disagreement in &event.disagreements {
                            "; they disagree on the " (name_of(&Disagreement::ALL, *disagreement))
                        }
                    }
                }
            }
        }
    }
}
