//! The JSON Schema of rule files, for editors: keys, types and closed words. What needs the whole pack
//! (names, citations, cycles) only `fusedx rules check` can tell.

use serde_json::{Map, Value, json};

use crate::case::fusion::{Frame, KinaseDomain, Method, Status};
use crate::case::measurement::{Category, Kind, State};
use crate::case::{function, history, ihc, lab, morphology, variant};
use crate::rules::fact::FISH_STATUSES;
use crate::rules::truth::Reason;

/// The schema as text.
#[must_use]
pub fn text() -> String {
    let mut text = serde_json::to_string_pretty(&schema()).unwrap_or_default();
    text.push('\n');
    text
}

/// The schema.
#[must_use]
pub fn schema() -> Value {
    let kinds = [
        ("pack", pack()),
        ("table", table()),
        ("rules", module()),
        ("cases", cases()),
        ("invariants", invariants()),
        ("overlay", overlay()),
    ];
    let mut definitions = definitions();
    let mut branches = Vec::new();
    for (kind, schema) in kinds {
        definitions.insert(format!("kind_{kind}"), schema);
        branches.push(json!({
            "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
            "then": {"$ref": format!("#/$defs/kind_{kind}")},
        }));
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "fusedx rule file",
        "type": "object",
        "required": ["format", "kind"],
        "properties": {
            "format": {"const": 1},
            "kind": {"enum": ["pack", "table", "rules", "cases", "invariants", "overlay"]},
        },
        "allOf": branches,
        "$defs": definitions,
    })
}

/// A closed mapping with these keys, of which some are required.
fn object(keys: &[(&str, Value)], required: &[&str]) -> Value {
    let properties: Map<String, Value> = keys
        .iter()
        .map(|(key, schema)| ((*key).to_owned(), schema.clone()))
        .collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
        "required": required,
    })
}

/// The same for a whole file.
fn file(keys: &[(&str, Value)], required: &[&str]) -> Value {
    let mut all = vec![("format", json!({"const": 1})), ("kind", text_value())];
    all.extend(keys.iter().cloned());
    object(&all, required)
}

fn at(name: &str) -> Value {
    json!({"$ref": format!("#/$defs/{name}")})
}

fn list(of: &Value) -> Value {
    json!({"type": "array", "items": of})
}

fn map(of: &Value) -> Value {
    json!({"type": "object", "additionalProperties": of})
}

/// YAML readers make numbers and booleans of bare words; the program takes all as text.
fn text_value() -> Value {
    json!({"type": ["string", "number", "boolean", "null"]})
}

fn number() -> Value {
    json!({"type": "integer", "minimum": 0})
}

fn texts() -> Value {
    json!({"anyOf": [text_value(), list(&text_value())]})
}

fn words<T>(all: &[(T, &'static str)]) -> Value {
    one_or_more(all.iter().map(|(_, name)| *name).collect())
}

#[allow(clippy::needless_pass_by_value, reason = "lists made for the call")]
fn one_or_more(names: Vec<&str>) -> Value {
    json!({"anyOf": [{"enum": names}, {"type": "array", "items": {"enum": names}}]})
}

fn pack() -> Value {
    file(
        &[
            ("name", text_value()),
            ("version", text_value()),
            ("about", text_value()),
            ("engine", text_value()),
            ("include", list(&text_value())),
            ("vocabulary", map(&texts())),
            ("labels", text_value()),
            ("safety", text_value()),
            ("tests", text_value()),
            ("guide", map(&text_value())),
            ("flags", map(&text_value())),
            ("tiers", map(&text_value())),
            ("locked", texts()),
            ("cites", at("cites")),
        ],
        &["format", "kind", "name", "version", "include"],
    )
}

fn table() -> Value {
    let types = [
        "text", "bool", "int", "date", "enum", "gene", "marker", "drug", "disease", "cite", "set",
    ];
    let column = object(
        &[
            ("type", json!({"enum": types})),
            ("of", json!({"enum": types[..10]})),
            ("values", texts()),
            ("optional", json!({"type": "boolean"})),
        ],
        &["type"],
    );
    file(
        &[
            ("table", text_value()),
            ("about", text_value()),
            ("key", text_value()),
            ("columns", map(&column)),
            ("rows", list(&json!({"type": "object"}))),
        ],
        &["format", "kind", "table", "columns", "rows"],
    )
}

fn module() -> Value {
    file(
        &[
            ("module", text_value()),
            ("about", text_value()),
            ("uses", texts()),
            ("decisions", map(&at("decision"))),
            ("findings", map(&at("finding"))),
            ("rules", list(&at("rule"))),
        ],
        &["format", "kind", "module"],
    )
}

fn cases() -> Value {
    let expect = json!({
        "type": "object",
        "minProperties": 1,
        "properties": {
            "fires": map(&json!({"enum": [true, false, "unknown", "true", "false"]})),
            "missing": map(&texts()),
            "flags": texts(),
            "absent_flags": texts(),
            "settled": map(&json!({"type": "boolean"})),
        },
        "additionalProperties": text_value(),
    });
    file(
        &[
            ("module", text_value()),
            ("about", text_value()),
            ("cases", list(&test(&expect))),
        ],
        &["format", "kind", "module", "cases"],
    )
}

fn invariants() -> Value {
    let independent = object(
        &[("decisions", texts()), ("of", texts())],
        &["decisions", "of"],
    );
    let invariant = object(
        &[
            ("id", text_value()),
            ("title", text_value()),
            ("never", at("condition")),
            ("independent", independent),
            ("unknown_without", texts()),
            ("ignores", texts()),
            ("cite", texts()),
            ("notes", json!({})),
        ],
        &["id", "title", "cite"],
    );
    file(
        &[
            ("module", text_value()),
            ("about", text_value()),
            ("invariants", list(&invariant)),
        ],
        &["format", "kind", "module", "invariants"],
    )
}

fn overlay() -> Value {
    let retire = object(
        &[("key", text_value()), ("why", text_value())],
        &["key", "why"],
    );
    let rows = object(
        &[
            ("add", list(&json!({"type": "object"}))),
            ("retire", list(&retire)),
        ],
        &[],
    );
    let retired_test = object(
        &[
            ("rule", text_value()),
            ("test", text_value()),
            ("why", text_value()),
        ],
        &["rule", "test", "why"],
    );
    let append = object(
        &[
            ("follow_up", list(&at("follow_up"))),
            ("cite", texts()),
            ("tests", list(&at("test"))),
        ],
        &[],
    );
    let patch = object(
        &[
            ("id", text_value()),
            ("expect_revision", number()),
            ("disable", json!({"type": "boolean"})),
            ("append", append),
            ("why", text_value()),
        ],
        &["id", "expect_revision", "why"],
    );
    let rules = object(&[("patch", list(&patch)), ("add", list(&at("rule")))], &[]);
    let extends = object(
        &[("pack", text_value()), ("version", text_value())],
        &["pack"],
    );
    file(
        &[
            ("module", text_value()),
            ("about", text_value()),
            ("extends", extends),
            ("rows", map(&rows)),
            ("retire_tests", list(&retired_test)),
            ("rules", rules),
            ("findings", map(&at("finding"))),
            ("flags", map(&text_value())),
            ("cites", at("cites")),
        ],
        &["format", "kind", "module", "extends"],
    )
}

fn test(expect: &Value) -> Value {
    let given = object(
        &[("text", text_value()), ("facts", json!({"type": "object"}))],
        &[],
    );
    object(
        &[
            ("name", text_value()),
            ("notes", json!({})),
            ("for_each", at("rows")),
            ("given", given),
            ("expect", expect.clone()),
        ],
        &["name", "given", "expect"],
    )
}

#[allow(clippy::too_many_lines, reason = "one long table")]
fn definitions() -> Map<String, Value> {
    let condition = at("condition");
    let several = json!({"type": "array", "minItems": 1, "items": condition});
    let decided = json!({
        "type": "object", "minProperties": 1, "maxProperties": 1,
        "additionalProperties": text_value(),
    });
    let way = object(&[("major", number()), ("minor", number())], &[]);
    let criteria = object(
        &[
            ("major", several.clone()),
            ("minor", several.clone()),
            (
                "any_of",
                json!({"type": "array", "minItems": 1, "items": way}),
            ),
        ],
        &["any_of"],
    );
    let mut shapes = vec![
        object(&[("all", several.clone())], &["all"]),
        object(&[("any", several.clone())], &["any"]),
        object(&[("none", several.clone())], &["none"]),
        object(&[("not", condition.clone())], &["not"]),
        object(&[("known", condition.clone())], &["known"]),
        object(
            &[("at_least", number()), ("of", several)],
            &["at_least", "of"],
        ),
        object(&[("criteria", criteria)], &["criteria"]),
        object(&[("ref", text_value())], &["ref"]),
        object(&[("decided", decided.clone())], &["decided"]),
        object(&[("possible", decided)], &["possible"]),
        object(
            &[
                ("assume", condition.clone()),
                ("when", words(&Reason::ALL)),
                ("is", json!({"type": "boolean"})),
                ("why", text_value()),
            ],
            &["assume", "when", "is", "why"],
        ),
        object(
            &[("doubt_unless", condition), ("why", text_value())],
            &["doubt_unless", "why"],
        ),
    ];
    let facts = facts();
    for (kind, schema) in &facts {
        shapes.push(object(&[(*kind, schema.clone())], &[*kind]));
    }
    let query = object(
        &[("table", text_value()), ("where", map(&texts()))],
        &["table"],
    );
    let cite = object(
        &[
            ("title", text_value()),
            ("doi", text_value()),
            ("pmid", text_value()),
            ("pmcid", text_value()),
            ("url", text_value()),
            ("checked", text_value()),
        ],
        &["title"],
    );
    let expect = json!({
        "type": "object",
        "minProperties": 1,
        "properties": {
            "fires": {"enum": [true, false, "unknown", "true", "false"]},
            "missing": texts(),
            "flags": texts(),
            "absent_flags": texts(),
            "settled": map(&json!({"type": "boolean"})),
        },
        "additionalProperties": text_value(),
    });
    let decision = object(
        &[
            ("hit", json!({"enum": ["unique", "priority", "collect"]})),
            ("values", list(&text_value())),
            ("titles", map(&text_value())),
            ("default", text_value()),
        ],
        &["hit", "values", "default"],
    );
    let finding = object(
        &[("title", text_value()), ("when", at("condition"))],
        &["title", "when"],
    );
    let follow_up = object(
        &[("act", text_value()), ("text", text_value())],
        &["act", "text"],
    );
    [
        ("condition", json!({"oneOf": shapes})),
        ("rows", json!({"anyOf": [text_value(), query]})),
        ("cites", map(&cite)),
        ("test", test(&expect)),
        ("decision", decision),
        ("finding", finding),
        ("follow_up", follow_up),
        ("rule", rule()),
    ]
    .into_iter()
    .map(|(name, schema)| (name.to_owned(), schema))
    .collect()
}

fn rule() -> Value {
    let equivalent = object(
        &[("mutant", text_value()), ("why", text_value())],
        &["mutant", "why"],
    );
    let conclude = json!({
        "type": "object", "minProperties": 1, "maxProperties": 1,
        "additionalProperties": text_value(),
    });
    let mut rule = object(
        &[
            ("id", text_value()),
            ("title", text_value()),
            ("revision", number()),
            ("changed", text_value()),
            ("when", at("condition")),
            ("conclude", conclude),
            ("flag", text_value()),
            ("message", text_value()),
            ("grade", json!({"enum": ["strong", "moderate", "weak"]})),
            ("tier", text_value()),
            (
                "cite",
                json!({"anyOf": [
                    {"type": "string"},
                    {"type": "array", "minItems": 1, "items": text_value()},
                ]}),
            ),
            ("therapy", at("rows")),
            ("follow_up", list(&at("follow_up"))),
            ("equivalent", list(&equivalent)),
            ("tests", list(&at("test"))),
            ("notes", json!({})),
        ],
        &["id", "title", "when", "cite"],
    );
    rule["anyOf"] = json!([{"required": ["conclude"]}, {"required": ["flag", "follow_up"]}]);
    rule
}

#[allow(clippy::too_many_lines, reason = "one long table")]
fn facts() -> Vec<(&'static str, Value)> {
    let take = json!({"enum": ["latest", "any_positive"]});
    let percent = json!({"anyOf": [
        {"type": "number", "minimum": 0, "maximum": 100},
        {"type": "string"},
    ]});
    let stain: Vec<&str> = ihc::Status::ALL.iter().map(|s| s.as_str()).collect();
    let orientation = ["stated", "inferred", "unknown", "conflicting"];
    let doubt = object(
        &[
            ("frame", words(&Frame::ALL)),
            ("kinase_domain", words(&KinaseDomain::ALL)),
            ("function", words(&function::Value::ALL)),
            ("confidence", texts()),
            ("filters", texts()),
            ("support_below", number()),
        ],
        &[],
    );
    let fusion = object(
        &[
            ("gene", texts()),
            ("gene_in", at("rows")),
            ("five_prime", texts()),
            ("five_prime_in", at("rows")),
            ("three_prime", texts()),
            ("three_prime_in", at("rows")),
            ("partner", texts()),
            ("partner_in", at("rows")),
            ("pair_in", at("rows")),
            ("is", words(&Status::ALL)),
            ("frame", words(&Frame::ALL)),
            ("kinase_domain", words(&KinaseDomain::ALL)),
            ("orientation", one_or_more(orientation.to_vec())),
            ("method", words(&Method::ALL)),
            ("function", words(&function::Value::ALL)),
            ("confidence", texts()),
            ("filters", texts()),
            ("without_filters", texts()),
            ("caller", texts()),
            ("exon", texts()),
            ("five_prime_exon", texts()),
            ("transcript", texts()),
            ("support_at_least", number()),
            ("callers_at_least", number()),
            ("distinct_at_least", number()),
            ("variants_at_least", number()),
            ("repaired", json!({"type": "boolean"})),
            ("misprint", json!({"type": "boolean"})),
            ("reported_as", texts()),
            ("kinase_written_first", json!({"type": "boolean"})),
            ("take", take.clone()),
            ("doubt_if", doubt),
        ],
        &[],
    );
    let ihc = object(
        &[
            ("marker", text_value()),
            ("is", one_or_more(stain)),
            ("clone", texts()),
            ("pattern", texts()),
            ("extent", texts()),
            ("intensity", texts()),
            ("compartment", texts()),
            ("cells", texts()),
            ("percent_at_least", percent.clone()),
            ("percent_below", percent.clone()),
            ("take", take.clone()),
        ],
        &["marker", "is"],
    );
    let fish = object(
        &[
            ("gene", texts()),
            ("gene_in", at("rows")),
            ("is", words(&FISH_STATUSES)),
            ("pattern", texts()),
            ("percent_at_least", percent.clone()),
            ("percent_below", percent.clone()),
            ("cells_at_least", number()),
            ("take", take.clone()),
        ],
        &["is"],
    );
    let variant = object(
        &[
            ("gene", texts()),
            ("gene_in", at("rows")),
            ("change", texts()),
            ("change_in", at("rows")),
            ("is", words(&variant::Status::ALL)),
            ("vaf_at_least", percent.clone()),
            ("vaf_below", percent),
            ("take", take),
        ],
        &[],
    );
    let mut all = vec![
        ("fusion", fusion),
        ("ihc", ihc),
        ("fish", fish),
        ("variant", variant),
    ];
    all.extend(clinical());
    all
}

fn clinical() -> Vec<(&'static str, Value)> {
    let morphology = object(
        &[
            ("feature", text_value()),
            ("is", words(&morphology::Status::ALL)),
        ],
        &["feature", "is"],
    );
    let measurement = object(
        &[
            ("kind", words(&Kind::ALL)),
            ("mm_at_least", text_value()),
            ("mm_below", text_value()),
            ("state", words(&State::ALL)),
        ],
        &["kind"],
    );
    let lab = object(
        &[
            ("analyte", text_value()),
            ("kind", words(&lab::Kind::ALL)),
            ("at_least", text_value()),
            ("below", text_value()),
        ],
        &["analyte"],
    );
    let history = object(
        &[
            ("state", texts()),
            ("diagnosis", texts()),
            ("diagnosis_group", texts()),
            ("roles", words(&history::Role::ALL)),
            ("on_drug", texts()),
            ("response", texts()),
            ("prior_drug", texts()),
            ("age_at_least", number()),
            ("age_below", number()),
            ("sex", json!({"enum": ["F", "M"]})),
            ("site", texts()),
        ],
        &[],
    );
    let response = object(
        &[
            ("best", words(&Category::ALL)),
            ("target", words(&Category::ALL)),
            ("latest", words(&Category::ALL)),
        ],
        &[],
    );
    let disagreement = object(
        &[
            (
                "between",
                json!({"enum": ["panels", "samples", "clones", "methods"]}),
            ),
            ("marker", texts()),
            ("gene", texts()),
        ],
        &["between"],
    );
    vec![
        ("morphology", morphology),
        ("measurement", measurement),
        ("lab", lab),
        ("history", history),
        ("response", response),
        ("disagreement", disagreement),
    ]
}
