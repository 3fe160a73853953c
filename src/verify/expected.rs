//! Decodes `expected.yaml`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::civil::Date;

use crate::diag::{Code, Diagnostic, Severity};
use crate::rules::Asked;
use crate::source::{Place, Source};
use crate::yaml::{self, Decoder, Node, Spanned, Value};

/// What is expected of a sample.
#[derive(Debug, Default)]
pub struct Expected {
    /// Where the sample comes from.
    pub about: Option<String>,
    /// Date and region of the assessment.
    pub asked: Asked,
    pub(super) decisions: Vec<(Spanned<String>, ExpectedDecision)>,
    pub(super) flags: Option<Vec<Spanned<String>>>,
    pub(super) therapy: Option<Vec<ExpectedDrug>>,
    pub(super) only: bool,
    pub(super) read: Vec<ExpectedFact>,
    pub(super) not_read: Vec<ExpectedFact>,
    /// The start of the file, for what stands nowhere in it.
    pub(super) place: Option<Place>,
}

/// A drug with its label status by region.
pub(super) type ExpectedDrug = (Spanned<String>, BTreeMap<String, String>);

/// One decision.
#[derive(Debug)]
pub(super) struct ExpectedDecision {
    pub(super) value: String,
    pub(super) settled: Option<bool>,
    pub(super) open: Option<Vec<String>>,
    pub(super) next: Option<String>,
}

/// One fact: its kind, its name, and what else must be so.
#[derive(Debug)]
pub(super) struct ExpectedFact {
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) fields: Vec<(String, String)>,
    pub(super) place: Place,
}

impl ExpectedFact {
    /// The fact as a line of text.
    pub(super) fn words(&self) -> String {
        let mut words = format!("{} {}", self.kind, self.name);
        for (key, value) in &self.fields {
            let _ = write!(words, ", {key} {value}");
        }
        words
    }
}

impl Expected {
    /// Decodes the text of an expectation.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn decode(source: &Source) -> Result<Self, Vec<Diagnostic>> {
        let mut out = Vec::new();
        let node = yaml::parse(source, &mut out);
        let mut decoder = Decoder {
            source,
            out: &mut out,
        };
        let expected = node.and_then(|node| expected(&mut decoder, &node));
        let broken = out.iter().any(|d| d.severity == Severity::Error);
        match expected {
            Some(expected) if !broken => Ok(expected),
            _ => Err(out),
        }
    }
}

fn expected(d: &mut Decoder<'_>, node: &Node) -> Option<Expected> {
    let mut f = d.fields(node, "an expectation")?;
    if let Some(node) = f.need(d, "format") {
        d.choice(node, &[((), "1")]);
    }
    if let Some(node) = f.need(d, "kind") {
        d.choice(node, &[((), "expected")]);
    }
    let mut out = Expected {
        about: f.text(d, "about").map(|s| s.value),
        place: Some(d.source.place(0..0)),
        ..Expected::default()
    };
    out.asked.as_of = f.take("as_of").and_then(|node| date(d, node));
    out.asked.region = f.text(d, "region").map(|s| s.value);
    if let Some(node) = f.need(d, "decisions") {
        for (name, node) in d.named(node) {
            if let Some(decision) = decision(d, node) {
                out.decisions.push((name, decision));
            }
        }
    }
    out.flags = f.take("flags").map(|node| d.texts(node));
    if let Some(node) = f.take("therapy") {
        let mut drugs = Vec::new();
        for (drug, node) in d.named(node) {
            let mut regions = BTreeMap::new();
            for (region, status) in d.named(node) {
                if let Some(status) = d.text(status) {
                    regions.insert(region.value, status.value);
                }
            }
            drugs.push((drug, regions));
        }
        out.therapy = Some(drugs);
    }
    if let Some(node) = f.take("facts")
        && let Some(mut f) = d.fields(node, "`facts`")
    {
        out.only = f
            .take("only")
            .and_then(|n| d.boolean(n))
            .is_some_and(|s| s.value);
        out.read = facts(d, f.take("read"));
        out.not_read = facts(d, f.take("not_read"));
        f.finish(d);
    }
    f.finish(d);
    Some(out)
}

fn date(d: &mut Decoder<'_>, node: &Node) -> Option<Date> {
    let text = d.text(node)?.value;
    let date = text.parse().ok();
    if date.is_none() {
        d.wrong_value(node, "a day such as 2022-08-01", &[]);
    }
    date
}

/// `imt_alk` or `{value: imt_alk, settled: true, open: [], next: ihc ALK}`.
fn decision(d: &mut Decoder<'_>, node: &Node) -> Option<ExpectedDecision> {
    if let Value::Scalar { .. } = node.value {
        return Some(ExpectedDecision {
            value: d.text(node)?.value,
            settled: None,
            open: None,
            next: None,
        });
    }
    let mut f = d.fields(node, "a decision")?;
    let value = f.need_text(d, "value");
    let settled = f.take("settled").and_then(|n| d.boolean(n));
    let open = f.take("open").map(|n| d.texts(n));
    let next = f.text(d, "next");
    f.finish(d);
    Some(ExpectedDecision {
        value: value?.value,
        settled: settled.map(|s| s.value),
        open: open.map(|list| list.into_iter().map(|s| s.value).collect()),
        next: next.map(|s| s.value),
    })
}

fn facts(d: &mut Decoder<'_>, node: Option<&Node>) -> Vec<ExpectedFact> {
    let Some(node) = node else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for item in d.list(node) {
        let place = d.place(item);
        let mut entries = Vec::new();
        for (key, node) in d.named(item) {
            let value = match &node.value {
                Value::Sequence(_) => {
                    let items = d.texts(node).into_iter().map(|s| s.value);
                    Some(items.collect::<Vec<_>>().join(", "))
                }
                _ => d.text(node).map(|s| s.value),
            };
            entries.extend(value.map(|value| (key.value, value)));
        }
        let mut entries = entries.into_iter();
        if let Some((kind, name)) = entries.next() {
            out.push(ExpectedFact {
                kind,
                name,
                fields: entries.collect(),
                place,
            });
        } else {
            d.report(
                Diagnostic::error(Code::WrongShape, "a fact without a kind and a name")
                    .at(place, "expected for example {ihc: ALK, status: positive}"),
            );
        }
    }
    out
}
