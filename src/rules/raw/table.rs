//! Decodes `kind: table`. Cells stay nodes until the columns of all tables are known.

use super::{ColumnKind, RawColumn, RawRow, RawTable};
use crate::yaml::{Decoder, Fields, Node, Spanned};

pub(super) fn table(d: &mut Decoder<'_>, mut f: Fields<'_>) -> Option<RawTable> {
    let name = f.need_text(d, "table");
    f.take("about");
    let key = f.text(d, "key");
    let mut columns = Vec::new();
    if let Some(node) = f.need(d, "columns") {
        for (name, node) in d.named(node) {
            columns.extend(column(d, name, node));
        }
    }
    let source = d.source.id();
    let rows = f
        .need(d, "rows")
        .map(|n| d.list(n))
        .unwrap_or_default()
        .iter()
        .map(|node| RawRow {
            source,
            node: node.clone(),
        })
        .collect();
    f.finish(d);
    Some(RawTable {
        name: name?,
        key,
        columns,
        rows,
    })
}

fn column(d: &mut Decoder<'_>, name: Spanned<String>, node: &Node) -> Option<RawColumn> {
    const TYPES: [(&str, &str); 11] = [
        ("text", "text"),
        ("bool", "bool"),
        ("int", "int"),
        ("date", "date"),
        ("enum", "enum"),
        ("gene", "gene"),
        ("marker", "marker"),
        ("drug", "drug"),
        ("disease", "disease"),
        ("cite", "cite"),
        ("set", "set"),
    ];
    let mut f = d.fields(node, "a column")?;
    let stated = f.need(d, "type").and_then(|n| d.choice(n, &TYPES));
    let set = stated.as_ref().is_some_and(|s| s.value == "set");
    let item = if set {
        f.need(d, "of").and_then(|n| d.choice(n, &TYPES[..10]))
    } else {
        stated
    };
    let values = f.texts(d, "values");
    let optional = f
        .take("optional")
        .and_then(|n| d.boolean(n))
        .is_some_and(|s| s.value);
    f.finish(d);
    let kind = match item?.value {
        "bool" => ColumnKind::Bool,
        "int" => ColumnKind::Int,
        "date" => ColumnKind::Date,
        "enum" => ColumnKind::Enum(values.into_iter().map(|s| s.value).collect()),
        "gene" => ColumnKind::Gene,
        "marker" => ColumnKind::Marker,
        "drug" => ColumnKind::Drug,
        "disease" => ColumnKind::Disease,
        "cite" => ColumnKind::Cite,
        _ => ColumnKind::Text,
    };
    Some(RawColumn {
        name,
        kind,
        set,
        optional,
    })
}
