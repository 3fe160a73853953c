//! The facts of a case as flat records, made from their JSON form.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::case::Case;
use crate::source::Place;
use crate::verify::expected::ExpectedFact;

/// Kinds of facts under the key of their list in JSON. A list that is not named here is its own kind.
const KINDS: &[(&str, &str)] = &[
    ("fusions", "fusion"),
    ("variants", "variant"),
    ("measurements", "measurement"),
    ("labs", "lab"),
    ("states", "state"),
    ("diagnoses", "diagnosis"),
    ("treatments", "treatment"),
    ("stated_responses", "response"),
];

/// The field that names a fact of a kind, where it is not `value`.
const NAMES: &[&str] = &[
    "marker", "drug", "analyte", "feature", "label", "gene", "category", "kind", "value",
];

/// One fact.
#[derive(Debug)]
pub(super) struct Fact {
    pub(super) kind: String,
    pub(super) name: String,
    /// The field that gave the name.
    pub(super) named_by: &'static str,
    pub(super) fields: BTreeMap<String, String>,
    pub(super) place: Place,
}

impl Fact {
    pub(super) fn matches(&self, expected: &ExpectedFact) -> bool {
        self.kind == expected.kind
            && self.name == expected.name
            && expected
                .fields
                .iter()
                .all(|(key, value)| self.fields.get(key).is_some_and(|held| held == value))
    }

    /// The fact as a line of text.
    pub(super) fn words(&self) -> String {
        let mut words = format!("{} {}", self.kind, self.name);
        if let Some(status) = self.fields.get("status") {
            words.push(' ');
            words.push_str(status);
        }
        words
    }
}

/// All facts of a case, in the order of its JSON form.
pub(super) fn all(case: &Case) -> Vec<Fact> {
    let mut out = Vec::new();
    if let Ok(Value::Object(lists)) = serde_json::to_value(case) {
        collect(&lists, &mut out);
    }
    out
}

fn collect(lists: &Map<String, Value>, out: &mut Vec<Fact>) {
    for (key, value) in lists {
        let kind = KINDS
            .iter()
            .find(|(list, _)| list == key)
            .map_or(key.as_str(), |(_, kind)| kind);
        match value {
            Value::Array(items) => {
                let items = items.iter().filter_map(Value::as_object);
                out.extend(items.filter_map(|item| fact(kind, item)));
            }
            Value::Object(item) if item.contains_key("source") => out.extend(fact(kind, item)),
            Value::Object(inner) => collect(inner, out),
            _ => {}
        }
    }
}

fn fact(kind: &str, item: &Map<String, Value>) -> Option<Fact> {
    let source = item.get("source")?.as_object()?;
    let number = |key: &str| {
        source
            .get(key)
            .and_then(Value::as_u64)
            .and_then(|n| u32::try_from(n).ok())
            .unwrap_or_default()
    };
    let text = |key: &str| source.get(key).and_then(Value::as_str).unwrap_or_default();
    let mut place = Place::nowhere();
    place.path = text("path").into();
    place.line = number("line");
    place.column = number("column");
    text("text").clone_into(&mut place.text);
    let fields: BTreeMap<String, String> = item
        .iter()
        .filter(|(key, _)| *key != "source")
        .filter_map(|(key, value)| Some((key.clone(), shown(value)?)))
        .collect();
    let (name, named_by) = name(kind, &fields);
    Some(Fact {
        kind: kind.to_owned(),
        name,
        named_by,
        fields,
        place,
    })
}

fn name(kind: &str, fields: &BTreeMap<String, String>) -> (String, &'static str) {
    let field = |key: &str| fields.get(key).cloned();
    if kind == "fusion" {
        let pair = field("five_prime").zip(field("three_prime"));
        let name = pair
            .map(|(five, three)| format!("{five}::{three}"))
            .or_else(|| field("gene"))
            .or_else(|| field("as_reported"))
            .unwrap_or_else(|| "any".to_owned());
        return (name, "gene");
    }
    NAMES
        .iter()
        .find_map(|key| Some((field(key)?, *key)))
        .unwrap_or_else(|| ("any".to_owned(), ""))
}

/// A field as it is written in an expectation; none for what cannot be written there.
fn shown(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Array(items) => {
            let items: Option<Vec<String>> = items.iter().map(shown).collect();
            Some(items?.join(", "))
        }
        Value::Null | Value::Object(_) => None,
    }
}
