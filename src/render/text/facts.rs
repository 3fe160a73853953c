//! Facts in words, one a line.

use std::fmt::Write as _;

use crate::case::fusion::{Fusion, KinaseDomain, Orientation, OrientationFrom};
use crate::case::ihc::{Ihc, PercentOp};
use crate::case::{Case, measurement, morphology, variant};
use crate::source::Place;

/// Every fact: its kind, the fact in words, where it stands.
pub(crate) fn rows(case: &Case) -> Vec<(&'static str, String, &Place)> {
    let mut rows: Vec<(&str, String, &Place)> = Vec::new();
    for f in &case.fusions {
        rows.push(("fusion", fusion_words(f), &f.source));
    }
    for f in &case.fish {
        let mut words = format!("{} {}", f.gene, f.status.as_str());
        if let Some(percent) = f.percent {
            let _ = write!(words, " {percent} %");
        }
        if let Some(cells) = f.cells {
            let _ = write!(words, " of {cells} nuclei");
        }
        if let Some(cutoff) = f.cutoff_percent {
            let _ = write!(words, ", cut-off {cutoff} %");
        }
        words.extend(f.pattern.iter().map(|p| format!(", {p}")));
        rows.push(("fish", words + superseded(f.superseded), &f.source));
    }
    for f in &case.ihc {
        rows.push(("ihc", ihc_words(f), &f.source));
    }
    let history = &case.history;
    let label = |s: &crate::case::history::Stated<String>| s.value.clone();
    rows.extend(
        history
            .age
            .iter()
            .map(|s| ("age", s.value.to_string(), &s.source)),
    );
    rows.extend(history.sex.iter().map(|s| ("sex", label(s), &s.source)));
    rows.extend(history.site.iter().map(|s| ("site", label(s), &s.source)));
    for d in &history.diagnoses {
        let role = crate::case::history::Role::ALL
            .iter()
            .find(|(role, _)| *role == d.role)
            .map_or("", |(_, name)| name);
        rows.push(("diagnosis", format!("{} ({role})", d.label), &d.source));
    }
    rows.extend(
        history
            .states
            .iter()
            .map(|s| ("state", label(s), &s.source)),
    );
    for t in &history.treatments {
        let mut words = t.drug.clone();
        words.extend(t.dose.iter().map(|d| format!(" {d}")));
        words.extend(t.line.iter().map(|l| format!(", line {l}")));
        words.extend(t.start.iter().map(|d| format!(" from {d}")));
        words.extend(t.stop.iter().map(|d| format!(" to {d}")));
        words.extend(t.stop_reason.iter().map(|r| format!(" ({r})")));
        words.extend(t.response.iter().map(|r| format!(", response {r}")));
        rows.push(("treatment", words, &t.source));
    }
    values(&mut rows, case);
    rows
}

/// Variants, morphology, measurements, responses and laboratory values.
fn values<'c>(rows: &mut Vec<(&'static str, String, &'c Place)>, case: &'c Case) {
    fn of<T: PartialEq>(all: &[(T, &'static str)], value: &T) -> &'static str {
        all.iter()
            .find(|(v, _)| v == value)
            .map_or("", |(_, name)| name)
    }
    let dated =
        |date: Option<jiff::civil::Date>| date.map(|d| format!(", {d}")).unwrap_or_default();
    for v in &case.variants {
        let mut words = v.gene.clone();
        words.extend(v.protein_change.iter().map(|p| format!(" {p}")));
        let _ = write!(words, " {}", of(&variant::Status::ALL, &v.status));
        words.extend(v.vaf.map(|p| format!(", {p} %")));
        words.extend(v.context.map(|c| format!(" [{}]", context(c))));
        rows.push(("variant", words + superseded(v.superseded), &v.source));
    }
    for m in &case.morphology {
        let mut words = format!("{} {}", m.feature, of(&morphology::Status::ALL, &m.status));
        words.extend(m.per_10_hpf.map(|n| format!(", {n} per 10 HPF")));
        rows.push(("feature", words, &m.source));
    }
    for m in case.measurements.iter().chain(&case.lesion_states) {
        let mut words = of(&measurement::Kind::ALL, &m.kind).to_owned();
        words.extend(m.lesion.iter().map(|l| format!(" {l}")));
        words.extend(m.site.iter().map(|s| format!(" {s}")));
        let mm: Vec<String> = m.mm.iter().map(ToString::to_string).collect();
        if !mm.is_empty() {
            let _ = write!(words, " {} mm", mm.join(" x "));
        }
        words.extend(
            m.state
                .map(|s| format!(" {}", of(&measurement::State::ALL, &s))),
        );
        words.push_str(if m.baseline { ", baseline" } else { "" });
        rows.push(("lesion", words + &dated(m.date), &m.source));
    }
    for r in &case.stated_responses {
        let mut words: Vec<String> = Vec::new();
        words.extend(
            r.category
                .map(|c| of(&measurement::Category::ALL, &c).to_owned()),
        );
        words.extend(r.decrease_percent.map(|[low, high]| {
            if low == high {
                format!("decrease {low} %")
            } else {
                format!("decrease {low} to {high} %")
            }
        }));
        rows.push(("response", words.join(", ") + &dated(r.date), &r.source));
    }
    for l in &case.labs {
        let mut words = format!("{} {}", l.analyte, l.value);
        words.extend(l.unit.iter().map(|u| format!(" {u}")));
        words.extend(l.flag.iter().map(|f| format!(" {f}")));
        if let Some(si) = l.value_si.filter(|si| *si != l.value) {
            let _ = write!(words, " ({si} 10^9/L)");
        }
        rows.push(("lab", words + &dated(l.date), &l.source));
    }
    rows.extend(case.history.pregnant.iter().map(|s| {
        let words = if s.value { "yes" } else { "no" };
        ("pregnant", words.to_owned(), &s.source)
    }));
}

fn superseded(yes: bool) -> &'static str {
    if yes { " (superseded)" } else { "" }
}

pub(crate) fn fusion_words(f: &Fusion) -> String {
    let mut words = format!("{} {}", f.name(), f.status.as_str());
    words.extend(order_words(f).map(|order| format!(", {order}")));
    words.extend(f.variant.iter().map(|v| format!(", variant {v}")));
    words.extend(
        f.misprint_of
            .iter()
            .map(|symbol| format!(", misprint of {symbol}?")),
    );
    match f.kinase_domain {
        Some(KinaseDomain::Retained) => words.push_str(", kinase domain retained"),
        Some(KinaseDomain::Lost) => words.push_str(", kinase domain lost"),
        Some(KinaseDomain::Unknown) | None => {}
    }
    if let Some(function) = &f.function {
        let value = function.value.as_str().replace('_', " ");
        let _ = write!(words, ", {value} ({} points)", function.points);
    }
    words.extend(f.context.map(|c| format!(" [{}]", context(c))));
    words + superseded(f.superseded)
}

/// How sure the order is and what it rests on, where that is worth a word.
fn order_words(f: &Fusion) -> Option<String> {
    let from = || {
        let from = f.orientation_from?;
        let known = OrientationFrom::ALL.iter().find(|(one, ..)| *one == from)?;
        Some(format!(" from {}", known.2))
    };
    match f.orientation {
        Some(Orientation::Inferred) => {
            Some(format!("order inferred{}", from().unwrap_or_default()))
        }
        Some(Orientation::Unknown) => Some("order unknown".to_owned()),
        Some(Orientation::Conflicting) => Some("order in doubt".to_owned()),
        Some(Orientation::Stated) | None => None,
    }
}

pub(crate) fn context(context: crate::case::Context) -> &'static str {
    match context {
        crate::case::Context::Outside => "outside",
        crate::case::Context::Prior => "prior",
    }
}

pub(crate) fn ihc_words(f: &Ihc) -> String {
    let mut words = f.marker.clone();
    words.extend(f.clone.iter().map(|c| format!(" ({c})")));
    let _ = write!(words, " {}", f.status.as_str());
    words.extend(f.extent.iter().map(|e| format!(", {e}")));
    words.extend(f.intensity.iter().map(|i| format!(", {i}")));
    if let Some([low, high]) = f.percent {
        let op = match f.percent_op {
            Some(PercentOp::About) => "about ",
            Some(PercentOp::Below) => "below ",
            Some(PercentOp::Above) => "above ",
            None => "",
        };
        let range = match f.percent_op {
            Some(PercentOp::Below) => high.to_string(),
            Some(PercentOp::Above) => low.to_string(),
            _ if low == high => low.to_string(),
            _ => format!("{low}-{high}"),
        };
        let _ = write!(words, ", {op}{range} %");
    }
    words.extend(f.score.iter().map(|s| format!(", {s}")));
    words.extend(f.pattern.iter().map(|p| format!(", {p}")));
    words.extend(f.cells.iter().map(|c| format!(", in {c}")));
    words.extend(f.context.map(|c| format!(" [{}]", context(c))));
    words.extend(f.specimen.iter().map(|s| format!(" {{{s}}}")));
    words + superseded(f.superseded)
}
