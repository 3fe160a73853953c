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
use super::links::Links;
use crate::case::fusion::{
    Frame, Fusion, KinaseDomain, Method, Orientation, OrientationFrom, Status,
};
use crate::render::json::Assessed;
use crate::render::text::fusion_words;
use crate::rules::guide::Feature;
use crate::vocab::{KinaseExon, Vocab};

/// Most fusions that are drawn; the table has all.
const MOST: usize = 4;
/// Most rows of the table of calls; `fusedx read` has all.
const ROWS: usize = 100;

const LEFT: f64 = 44.0;
const RIGHT: f64 = 900.0;
/// Width of the block that stands for the exons in front of the first one of the model.
const BEFORE: f64 = 66.0;
const GAP: f64 = 5.0;

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
        let mut out = vec![format!(
            "5' {five} ({}) joined to 3' {three} ({second})",
            exon(fusion.exons.five_prime.as_ref())
        )];
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
        @if fusions.len() > ROWS { p { (fusions.len() - ROWS) " more are not listed here; " code { "fusedx read" } " lists all." } }
    })
}

fn figure(number: usize, drawing: &Drawn<'_>, links: &Links<'_>) -> Markup {
    let words = drawing.words();
    html! {
        figure {
            (svg(number, drawing))
            figcaption {
                strong { (drawing.fusion.name()) ". " }
                (Shown(&words.join("; "))) ". " (links.place(&drawing.fusion.source))
            }
        }
    }
}

/// Where the exons lie on the drawing.
struct Layout {
    /// Number, left edge, width.
    boxes: Vec<(u32, f64, f64)>,
    /// Exons with their first base of the coding sequence.
    starts: Vec<(u32, u64, u64)>,
}

fn layout(drawing: &Drawn<'_>) -> Layout {
    let total: u64 = drawing.exons.iter().map(|(_, length)| *length).sum();
    let count = drawing.exons.len();
    let room = RIGHT - LEFT - BEFORE - GAP * pixels(count as u64);
    let mut x = LEFT + BEFORE + GAP;
    let mut boxes = Vec::new();
    // The last exon ends with the stop codon, so the first base of each follows from the length of the protein.
    let coding = drawing.feature("protein").map_or(total, |p| {
        u64::from(p.last).saturating_add(1).saturating_mul(3)
    });
    let mut base = coding.saturating_sub(total).saturating_add(1);
    let mut starts = Vec::new();
    for (number, length) in &drawing.exons {
        let width = room * pixels(*length) / pixels(total.max(1));
        boxes.push((*number, x, width));
        starts.push((*number, base, *length));
        x += width + GAP;
        base = base.saturating_add(*length);
    }
    Layout { boxes, starts }
}

/// Sizes of a drawing are small; the loss of digits above 2^52 does not matter.
#[allow(clippy::cast_precision_loss, reason = "coordinates of a drawing")]
fn pixels(value: u64) -> f64 {
    value as f64
}

impl Layout {
    /// Where a codon lies.
    fn codon(&self, codon: u32, end: bool) -> f64 {
        let base = if end {
            u64::from(codon).saturating_mul(3)
        } else {
            u64::from(codon).saturating_mul(3).saturating_sub(2)
        };
        for ((_, start, length), (_, x, width)) in self.starts.iter().zip(&self.boxes) {
            if (*start..start + length).contains(&base) {
                return x + width * pixels(base - start) / pixels(*length);
            }
        }
        LEFT
    }

    fn exon(&self, number: u32) -> Option<f64> {
        self.boxes
            .iter()
            .find(|(n, ..)| *n == number)
            .map(|(_, x, _)| *x)
    }
}

fn px(value: f64) -> String {
    format!("{value:.1}")
}

fn svg(number: usize, drawing: &Drawn<'_>) -> Markup {
    let fusion = drawing.fusion;
    let title = format!("{} drawn 5' to 3'", fusion.name());
    let ids = format!("fusion-{0}-title fusion-{0}-words", number + 1);
    let with_model = !drawing.exons.is_empty();
    html! {
        svg class="fusion" viewBox={ "0 0 920 " (if with_model { 236 } else { 110 }) } role="img" aria-labelledby=(ids) {
            title id={ "fusion-" (number + 1) "-title" } { (Shown(&title)) }
            desc id={ "fusion-" (number + 1) "-words" } { (Shown(&drawing.words().join("; "))) }
            @if with_model { (model(drawing)) } @else { (blocks(fusion)) }
        }
    }
}

/// Two blocks with their names, for a kinase without an exon model.
fn blocks(fusion: &Fusion) -> Markup {
    let name = |gene: &Option<String>| gene.clone().unwrap_or_else(|| "?".to_owned());
    let exon = |exon: &Option<String>| {
        exon.as_ref()
            .map_or("exon ?".to_owned(), |e| format!("exon {e}"))
    };
    html! {
        text x="14" y="58" { "5'" }
        rect class="partner" x="44" y="34" width="410" height="40" rx="4" {}
        text class="mid" x="249" y="52" { (Shown(&name(&fusion.five_prime))) }
        text class="mid small" x="249" y="68" { (Shown(&exon(&fusion.exons.five_prime))) }
        line class="junction" x1="460" y1="24" x2="460" y2="84" {}
        rect class="exon" x="466" y="34" width="410" height="40" rx="4" {}
        text class="mid" x="671" y="52" { (Shown(&name(&fusion.three_prime))) }
        text class="mid small" x="671" y="68" { (Shown(&exon(&fusion.exons.three_prime))) }
        text x="890" y="58" { "3'" }
        text class="small" x="44" y="102" { "No exon model of this kinase in the rule pack; blocks are not to scale." }
    }
}

fn model(drawing: &Drawn<'_>) -> Markup {
    let fusion = drawing.fusion;
    let layout = layout(drawing);
    let gene = fusion.three_prime.clone().unwrap_or_default();
    let transcript = drawing.features.first().map(|f| f.transcript.as_str());
    let first = drawing.exons.first().map_or(1, |(n, _)| *n);
    html! {
        // The gene.
        text class="small" x=(px(LEFT)) y="14" {
            (gene) @if let Some(transcript) = transcript { " " (transcript) } ", exons to scale from " (first)
        }
        text x="14" y="66" { "5'" }
        rect class="outline" x=(px(LEFT)) y="46" width=(px(BEFORE)) height="30" rx="4" {}
        text class="mid small" x=(px(LEFT + BEFORE / 2.0)) y="65" { "1-" (first.saturating_sub(1)) }
        @for (number, x, width) in &layout.boxes {
            rect class="exon" x=(px(*x)) y="46" width=(px(*width)) height="30" rx="2" {}
            text class="mid tiny" x=(px(x + width / 2.0)) y="65" { (number) }
        }
        text x="906" y="66" { "3'" }
        (span(&layout, drawing.feature("transmembrane"), "transmembrane", 34.0))
        (span(&layout, drawing.feature("kinase"), "kinase domain", 34.0))
        // The break.
        @if let Some(x) = drawing.entry.and_then(|e| layout.exon(e)) {
            line class="junction" x1=(px(x - GAP / 2.0)) y1="42" x2=(px(x - GAP / 2.0)) y2="196" {}
        }
        (product(drawing, &layout))
    }
}

/// A feature as a bracket above the exons.
fn span(layout: &Layout, feature: Option<&Feature>, label: &str, y: f64) -> Markup {
    html! {
        @if let Some(feature) = feature {
            @let (from, to) = (layout.codon(feature.first, false), layout.codon(feature.last, true));
            path class="bracket" d={ "M" (px(from)) " " (px(y + 8.0)) "V" (px(y)) "H" (px(to)) "V" (px(y + 8.0)) } {}
            text class="mid tiny" x=(px(f64::midpoint(from, to))) y=(px(y - 4.0)) { (label) }
        }
    }
}

/// The product: the partner up to the junction, then what is left of the kinase.
fn product(drawing: &Drawn<'_>, layout: &Layout) -> Markup {
    let fusion = drawing.fusion;
    let partner = fusion
        .five_prime
        .clone()
        .unwrap_or_else(|| "partner ?".to_owned());
    let partner_exon = match &fusion.exons.five_prime {
        Some(exon) => format!("… exon {exon}"),
        None => "exon ?".to_owned(),
    };
    let kinase = drawing
        .feature("kinase")
        .map(|k| (layout.codon(k.first, false), layout.codon(k.last, true)));
    // Without a junction the exon before the kinase domain is where most fusions enter, and is drawn in doubt.
    let doubt = drawing.entry.is_none();
    let usual = drawing.feature("kinase").and_then(|k| {
        let base = u64::from(k.first).saturating_mul(3).saturating_sub(2);
        layout
            .starts
            .iter()
            .find(|(_, start, length)| (*start..start + length).contains(&base))
    });
    let entry = drawing.entry.or(usual.map(|(number, ..)| *number));
    let x = entry
        .and_then(|e| layout.exon(e))
        .unwrap_or(f64::midpoint(LEFT, RIGHT));
    let question = 70.0;
    let partner_end = if doubt { x - question - GAP } else { x - GAP };
    let kept = match fusion.kinase_domain {
        Some(KinaseDomain::Retained) => "kinase domain kept",
        Some(KinaseDomain::Lost) => "kinase domain lost or broken",
        Some(KinaseDomain::Unknown) | None => "kinase domain kept?",
    };
    let frame = match fusion.frame {
        Some(Frame::InFrame) => "in frame",
        Some(Frame::OutOfFrame) => "out of frame",
        Some(Frame::StopBeforeJunction) => "stop before junction",
        Some(Frame::FivePrimeUtrFullCds) => "whole coding sequence",
        Some(Frame::NotCoding) => "5' part not coding",
        Some(Frame::AmbiguousMultiTranscript) => "frame depends on transcript",
        None => "frame ?",
    };
    let unsure = if doubt && fusion.kinase_domain.is_none() {
        "exon unsure"
    } else {
        "exon"
    };
    html! {
        text class="small" x=(px(LEFT)) y="122" { "fusion product, 5' to 3'" }
        text x="14" y="164" { "5'" }
        rect class="partner" x=(px(LEFT)) y="144" width=(px((partner_end - LEFT).max(20.0))) height="30" rx="4" {}
        text class="mid" x=(px(f64::midpoint(LEFT, partner_end))) y="158" { (Shown(&partner)) }
        text class="mid tiny" x=(px(f64::midpoint(LEFT, partner_end))) y="170" { (Shown(&partner_exon)) }
        @if doubt {
            rect class="unsure" x=(px(x - question)) y="144" width=(px(question - GAP)) height="30" {}
            text class="mid" x=(px(x - question / 2.0 - GAP / 2.0)) y="164" { "?" }
            text class="mid small" x=(px(x - question / 2.0)) y="194" { "junction not reported" }
        } @else {
            text class="small end" x=(px(x - 8.0)) y="194" {
                @if drawing.expected { "break in the intron: junction expected here, " } @else { "junction, " }
                (frame)
            }
        }
        @for (number, left, width) in layout.boxes.iter().filter(|(n, ..)| entry.is_some_and(|e| *n >= e)) {
            rect class=(unsure) x=(px(*left)) y="144" width=(px(*width)) height="30" rx="2" {}
            text class="mid tiny" x=(px(left + width / 2.0)) y="163" { (number) @if unsure == "exon unsure" { "?" } }
        }
        text x="906" y="164" { "3'" }
        @if let Some((from, to)) = kinase {
            @let from = from.max(x);
            @if from < to {
                path class="bracket" d={ "M" (px(from)) " 178V186H" (px(to)) "V178" } {}
                text class="mid small" x=(px(f64::midpoint(from, to))) y="200" { (kept) }
            }
        }
        @if doubt { text class="mid small" x=(px(x - question / 2.0)) y="210" { (frame) } }
        text class="tiny" x=(px(LEFT)) y="230" {
            "Solid: known. Dashed with a question mark: not reported. The partner is not to scale."
        }
    }
}
