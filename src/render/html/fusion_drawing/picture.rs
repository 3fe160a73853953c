//! The drawing itself: exons to scale, features over their codons, the product below the gene.

use maud::{Markup, html};

use super::super::Shown;
use super::Drawn;
use crate::case::fusion::{Frame, Fusion, KinaseDomain, Orientation};
use crate::rules::guide::Feature;

const LEFT: f64 = 44.0;
const RIGHT: f64 = 900.0;
/// Width of the block that stands for the exons in front of the first one of the model.
const BEFORE: f64 = 66.0;
const GAP: f64 = 5.0;

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

pub(super) fn svg(number: usize, drawing: &Drawn<'_>) -> Markup {
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
    let ordered = fusion.five_prime.is_some() && fusion.three_prime.is_some();
    let sure = ordered
        && !matches!(
            fusion.orientation,
            Some(Orientation::Unknown | Orientation::Conflicting)
        );
    let name = |gene: &Option<String>, side: usize| {
        let written = fusion.as_reported.as_ref().map(|pair| pair[side].clone());
        gene.clone()
            .or(written)
            .filter(|g| !g.is_empty())
            .unwrap_or_else(|| "?".to_owned())
    };
    let exon = |exon: &Option<String>| {
        exon.as_ref()
            .map_or("exon ?".to_owned(), |e| format!("exon {e}"))
    };
    html! {
        text x="14" y="58" { @if sure { "5'" } @else { "?" } }
        rect class="partner" x="44" y="34" width="410" height="40" rx="4" {}
        text class="mid plain" x="249" y="52" { (Shown(&name(&fusion.five_prime, 0))) }
        text class="mid small plain" x="249" y="68" { (Shown(&exon(&fusion.exons.five_prime))) }
        line class="junction" x1="460" y1="24" x2="460" y2="84" {}
        rect class="exon" x="466" y="34" width="410" height="40" rx="4" {}
        text class="mid" x="671" y="52" { (Shown(&name(&fusion.three_prime, 1))) }
        text class="mid small" x="671" y="68" { (Shown(&exon(&fusion.exons.three_prime))) }
        text x="890" y="58" { @if sure { "3'" } @else { "?" } }
        text class="small" x="44" y="102" {
            @if sure { "No exon model of the 3' partner in the rule pack; blocks are not to scale." }
            @else { "The order of the partners is not known; blocks are not to scale." }
        }
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
        text class="mid plain" x=(px(f64::midpoint(LEFT, partner_end))) y="158" { (Shown(&partner)) }
        text class="mid tiny plain" x=(px(f64::midpoint(LEFT, partner_end))) y="170" { (Shown(&partner_exon)) }
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
