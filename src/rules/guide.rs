//! Tables of a pack that no rule asks: what a course is judged by, and parts of proteins for drawings.

use rust_decimal::Decimal;

use crate::course::guide::{Criteria, Guide, Organ, Remark, RemarkKind};
use crate::course::ratios::Name;
use crate::diag::{Code, Diagnostic, near_name};
use crate::rules::check::Checked;
use crate::rules::raw::RawManifest;
use crate::rules::tables::{Row, Tables};
use crate::rules::vocabulary;

/// The roles and the columns each table must have.
const ROLES: [(&str, &[&str]); 4] = [
    ("criteria", &["item", "value", "unit", "cite"]),
    ("organs", &["organ", "kind", "words", "cite"]),
    ("ratios", &["ratio", "kind", "text", "cite"]),
    (
        "features",
        &["gene", "transcript", "feature", "first", "last", "cite"],
    ),
];

/// Part of a protein, by codon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    /// The gene.
    pub gene: String,
    /// The transcript that the exons are numbered by.
    pub transcript: String,
    /// `protein`, `transmembrane` or `kinase`.
    pub name: String,
    /// First codon.
    pub first: u32,
    /// Last codon.
    pub last: u32,
    /// Citations.
    pub cites: Vec<String>,
}

/// Roles, tables, columns and criteria that do not exist are reported.
pub(super) fn check(manifest: &RawManifest, tables: &Tables, out: &mut Vec<Diagnostic>) {
    for (role, name) in &manifest.guide {
        let Some((_, columns)) = ROLES.iter().find(|(known, _)| *known == role.value) else {
            let names = ROLES.map(|(name, _)| name);
            let mut diagnostic = Diagnostic::error(
                Code::UnknownKey,
                format!("unknown role `{}` of a table", role.value),
            )
            .at(
                role.place.clone(),
                format!("expected one of: {}", names.join(", ")),
            );
            if let Some(near) = near_name(&role.value, names) {
                diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
            }
            out.push(diagnostic);
            continue;
        };
        let Some(table) = vocabulary::find(tables, name, out) else {
            continue;
        };
        if vocabulary::has_columns(table, columns, name, out)
            && role.value == "criteria"
            && let Err(missing) = criteria(&table.rows)
        {
            out.push(
                Diagnostic::error(
                    Code::MissingKey,
                    format!("the table `{}` has no row for `{missing}`", name.value),
                )
                .at(name.place.clone(), "used here"),
            );
        }
    }
}

fn rows<'c>(checked: &'c Checked, role: &str) -> &'c [Row] {
    let named = checked.manifest.guide.iter().find(|(r, _)| r.value == role);
    named
        .and_then(|(_, name)| checked.tables.get(&name.value))
        .map_or(&[], |table| &table.rows)
}

/// The criteria, or the first that has no row.
fn criteria(rows: &[Row]) -> Result<Criteria, &'static str> {
    let value = |item: &'static str| {
        let row = rows.iter().find(|row| row.text("item") == item);
        row.and_then(|row| row.int("value")).ok_or(item)
    };
    let number = |item: &'static str| value(item).map(Decimal::from);
    Ok(Criteria {
        partial_decrease_percent: number("partial_decrease")?,
        progression_increase_percent: number("progression_increase")?,
        progression_increase_mm: number("progression_growth")?,
        node_normal_below_mm: number("node_normal_below")?,
        target_mm: number("target_at_least")?,
        target_node_mm: number("target_node_at_least")?,
        too_small_mm: number("too_small_counts")?,
        targets: value("targets")?,
        targets_per_organ: value("targets_per_organ")?,
        baseline_days: value("baseline_within")?,
        confirmation_days: value("confirmation_after")?,
        stable_days: value("stable_from")?,
        not_evaluable_between: value("not_evaluable_between")?,
    })
}

fn owned(row: &Row, column: &str) -> Vec<String> {
    row.values(column).into_iter().map(str::to_owned).collect()
}

/// What a course is judged by.
pub(super) fn guide(checked: &Checked) -> Guide {
    let mut cites: Vec<String> = Vec::new();
    let thresholds = rows(checked, "criteria");
    for cite in thresholds.iter().flat_map(|row| owned(row, "cite")) {
        if !cites.contains(&cite) {
            cites.push(cite);
        }
    }
    Guide {
        // Rows that are missing were reported when the pack was checked.
        criteria: criteria(thresholds).ok(),
        criteria_cites: cites,
        organs: rows(checked, "organs")
            .iter()
            .map(|row| Organ {
                name: row.text("organ").to_owned(),
                words: owned(row, "words")
                    .iter()
                    .map(|word| word.to_lowercase())
                    .collect(),
                nodes: row.text("kind") == "nodes",
            })
            .collect(),
        remarks: rows(checked, "ratios").iter().map(remark).collect(),
    }
}

fn remark(row: &Row) -> Remark {
    let ratio = row.text("ratio");
    Remark {
        ratio: Name::ALL
            .iter()
            .find(|(_, name)| *name == ratio)
            .map(|(name, _)| *name),
        kind: match row.text("kind") {
            "definition" => RemarkKind::Definition,
            "figure" => RemarkKind::Figure,
            _ => RemarkKind::Caution,
        },
        text: row.text("text").to_owned(),
        cites: owned(row, "cite"),
    }
}

/// Parts of proteins.
pub(super) fn features(checked: &Checked) -> Vec<Feature> {
    rows(checked, "features")
        .iter()
        .filter_map(|row| {
            Some(Feature {
                gene: row.text("gene").to_owned(),
                transcript: row.text("transcript").to_owned(),
                name: row.text("feature").to_owned(),
                first: row.int("first")?,
                last: row.int("last")?,
                cites: owned(row, "cite"),
            })
        })
        .collect()
}
