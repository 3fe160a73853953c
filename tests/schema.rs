//! The JSON Schema that editors are given: it accepts what is shipped, and refuses what it can.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::sync::LazyLock;

use jsonschema::Validator;
use support::repository;

static SCHEMA: LazyLock<Validator> =
    LazyLock::new(|| jsonschema::validator_for(&fusedx::rules::schema::schema()).unwrap());

/// What the schema says against a file; none when it is no single YAML document.
fn against(text: &str) -> Option<Vec<String>> {
    let value: serde_yaml::Value = serde_yaml::from_str(text).ok()?;
    let value = serde_json::to_value(value).ok()?;
    let errors = SCHEMA.iter_errors(&value);
    Some(
        errors
            .map(|e| format!("{}: {e}", e.instance_path()))
            .collect(),
    )
}

#[test]
fn every_shipped_file_is_accepted() {
    for file in support::pack_files() {
        let text = fs::read_to_string(repository("rules/alk-imt").join(&file)).unwrap();
        assert_eq!(against(&text), Some(Vec::new()), "{file}");
    }
}

#[test]
fn broken_files_are_refused_where_a_schema_can() {
    // Shape, keys and closed lists of words; names, references and meaning are beyond a schema.
    let can = ["E007", "E010", "E011", "E012", "E013"];
    // Criteria that cannot be reached, and a leaf that asks two questions, have the right shape.
    let beyond = ["E010-criteria"];
    let mut caught = BTreeSet::new();
    for file in fs::read_dir(repository("tests/fixtures/rules")).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let said = against(&fs::read_to_string(&path).unwrap());
        if said.is_none_or(|errors| !errors.is_empty()) {
            caught.insert(name[..4].to_owned());
        } else {
            let open = !can.contains(&&name[..4]) || beyond.contains(&name.as_str());
            assert!(open, "{name} is accepted");
        }
    }
    assert!(can.iter().all(|code| caught.contains(*code)), "{caught:?}");
}
