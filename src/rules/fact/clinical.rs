//! `morphology: {...}`, `measurement: {...}`, `lab: {...}`, `response: {...}`

use rust_decimal::Decimal;

use super::{Bounds, NameKind, Names, chosen, decimals, named};
use crate::case::measurement::{self, Category};
use crate::case::{lab, morphology};
use crate::diag::{Code, Diagnostic};
use crate::yaml::{Decoder, Node};

/// `morphology: {feature: plasma_cells, is: present}`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MorphologyTest {
    pub(crate) feature: String,
    pub(crate) is: Vec<morphology::Status>,
}

/// `measurement: {kind: specimen, mm_at_least: 50}`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MeasurementTest {
    pub(crate) kind: Vec<measurement::Kind>,
    pub(crate) mm: Bounds<Decimal>,
    pub(crate) state: Vec<measurement::State>,
}

/// `lab: {analyte: neutrophils, at_least: 7.5}`; counts in 10⁹/L, the rest as printed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LabTest {
    pub(crate) analyte: String,
    pub(crate) kind: lab::Kind,
    pub(crate) value: Bounds<Decimal>,
}

/// `response: {best: [CR, PR]}` or `{latest: [PD]}`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ResponseTest {
    pub(crate) which: WhichResponse,
    pub(crate) is: Vec<Category>,
}

/// Which of several responses is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WhichResponse {
    /// The best there was.
    Best,
    /// The latest.
    Latest,
}

pub(super) fn morphology(
    d: &mut Decoder<'_>,
    node: &Node,
    names: &mut Names,
) -> Option<MorphologyTest> {
    let mut f = d.fields(node, "`morphology`")?;
    let feature = f.need_text(d, "feature");
    let is = f
        .need(d, "is")
        .map(|n| d.choices(n, &morphology::Status::ALL))
        .unwrap_or_default();
    f.finish(d);
    let feature = feature?;
    names.push((NameKind::Feature, feature.clone()));
    Some(MorphologyTest {
        feature: feature.value,
        is,
    })
}

pub(super) fn measurement(
    d: &mut Decoder<'_>,
    node: &Node,
    _: &mut Names,
) -> Option<MeasurementTest> {
    let mut f = d.fields(node, "`measurement`")?;
    let kind = f
        .need(d, "kind")
        .map(|n| d.choices(n, &measurement::Kind::ALL))
        .unwrap_or_default();
    let mm = decimals(d, &mut f, "mm_at_least", "mm_below");
    let state = chosen(d, &mut f, "state", &measurement::State::ALL);
    f.finish(d);
    let sized = node.get("mm_at_least").is_some() || node.get("mm_below").is_some();
    if sized == node.get("state").is_some() {
        asks_one(d, node, "measurement", "mm_at_least, mm_below, or state");
        return None;
    }
    Some(MeasurementTest { kind, mm, state })
}

pub(super) fn lab(d: &mut Decoder<'_>, node: &Node, names: &mut Names) -> Option<LabTest> {
    let mut f = d.fields(node, "`lab`")?;
    let analyte = f.need_text(d, "analyte");
    let kind = f
        .take("kind")
        .and_then(|n| d.choice(n, &lab::Kind::ALL))
        .map_or(lab::Kind::Absolute, |s| s.value);
    let value = decimals(d, &mut f, "at_least", "below");
    f.finish(d);
    if node.get("at_least").is_none() && node.get("below").is_none() {
        asks_one(d, node, "lab", "at_least, below");
        return None;
    }
    let analyte = named(vec![analyte?], NameKind::Analyte, names).pop()?;
    Some(LabTest {
        analyte,
        kind,
        value,
    })
}

pub(super) fn response(d: &mut Decoder<'_>, node: &Node) -> Option<ResponseTest> {
    let mut f = d.fields(node, "`response`")?;
    // The target lesions are those whose sum makes a response; their best one is the best response.
    let best = f.take("best").or_else(|| f.take("target"));
    f.take("target");
    let latest = f.take("latest");
    f.finish(d);
    let (which, node) = match (best, latest) {
        (Some(node), None) => (WhichResponse::Best, node),
        (None, Some(node)) => (WhichResponse::Latest, node),
        _ => {
            asks_one(d, node, "response", "best, target, latest");
            return None;
        }
    };
    Some(ResponseTest {
        which,
        is: d.choices(node, &Category::ALL),
    })
}

fn asks_one(d: &mut Decoder<'_>, node: &Node, what: &str, of: &str) {
    let place = d.place(node);
    d.report(
        Diagnostic::error(
            Code::WrongShape,
            format!("`{what}` asks nothing, or two things"),
        )
        .at(place, format!("expected one of: {of}"))
        .help("join several questions with `all:` or `any:`"),
    );
}
