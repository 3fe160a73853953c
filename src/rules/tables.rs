//! Tables with typed cells.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::diag::{Code, Diagnostic};
use crate::rules::raw::{ColumnKind, RawColumn, RawTable};
use crate::source::{Place, Sources};
use crate::yaml::{Decoder, Node, Spanned};

/// A typed cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    Text(String),
    Int(u32),
    Date(Date),
    Set(Vec<String>),
}

/// A row with the places of its cells.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    cells: BTreeMap<String, (Cell, Place)>,
    pub(crate) place: Place,
}

impl Row {
    /// The text of a cell; empty when the cell is absent or holds something else.
    pub(crate) fn text(&self, column: &str) -> &str {
        match self.cells.get(column) {
            Some((Cell::Text(text), _)) => text,
            _ => "",
        }
    }

    /// The text of a cell that may be absent.
    pub(crate) fn optional(&self, column: &str) -> Option<&str> {
        Some(self.text(column)).filter(|text| !text.is_empty())
    }

    pub(crate) fn int(&self, column: &str) -> Option<u32> {
        match self.cells.get(column) {
            Some((Cell::Int(value), _)) => Some(*value),
            _ => None,
        }
    }

    pub(crate) fn date(&self, column: &str) -> Option<Date> {
        match self.cells.get(column) {
            Some((Cell::Date(value), _)) => Some(*value),
            _ => None,
        }
    }

    /// The values of a set, or the one text of a text cell.
    pub(crate) fn values(&self, column: &str) -> Vec<&str> {
        match self.cells.get(column) {
            Some((Cell::Set(values), _)) => values.iter().map(String::as_str).collect(),
            Some((Cell::Text(text), _)) => vec![text],
            _ => Vec::new(),
        }
    }

    pub(crate) fn place_of(&self, column: &str) -> &Place {
        self.cells
            .get(column)
            .map_or(&self.place, |(_, place)| place)
    }

    /// Replaces the text of a cell, for example an alias by the approved symbol.
    pub(crate) fn set_text(&mut self, column: &str, text: String) {
        if let Some((cell, _)) = self.cells.get_mut(column) {
            *cell = Cell::Text(text);
        }
    }
}

/// A table.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) name: Spanned<String>,
    pub(crate) key: Option<String>,
    pub(crate) columns: BTreeMap<String, ColumnKind>,
    pub(crate) rows: Vec<Row>,
}

impl Table {
    /// A row by its key; in a table without one, by its first two texts.
    pub(crate) fn label(&self, row: &Row) -> String {
        if let Some(key) = &self.key {
            row.text(key).to_owned()
        } else {
            let cells = self.columns.keys().map(|c| row.text(c));
            let texts: Vec<&str> = cells.filter(|t| !t.is_empty()).take(3).collect();
            texts.join(" ")
        }
    }
}

/// All tables of a pack by name.
pub(crate) type Tables = BTreeMap<String, Table>;

/// Types the cells of all tables; duplicate tables, columns and keys are reported.
pub(crate) fn type_tables(
    raw: Vec<RawTable>,
    sources: &Sources,
    out: &mut Vec<Diagnostic>,
) -> Tables {
    let mut tables = Tables::new();
    for table in raw {
        if let Some(first) = tables.get(&table.name.value) {
            out.push(twice("table", &table.name, &first.name.place));
            continue;
        }
        tables.insert(table.name.value.clone(), type_table(table, sources, out));
    }
    tables
}

/// A name that is given twice, both places shown.
pub(crate) fn twice(what: &str, second: &Spanned<String>, first: &Place) -> Diagnostic {
    Diagnostic::error(
        Code::Duplicate,
        format!("{what} `{}` is given twice", second.value),
    )
    .at(second.place.clone(), "second")
    .at(first.clone(), "first")
    .help("keep one of the two")
}

fn type_table(raw: RawTable, sources: &Sources, out: &mut Vec<Diagnostic>) -> Table {
    let key = raw.key.as_ref().map(|k| k.value.clone());
    if let Some(key) = &raw.key
        && !raw.columns.iter().any(|c| c.name.value == key.value)
    {
        out.push(
            Diagnostic::error(
                Code::UnknownTable,
                format!("table `{}` has no column `{}`", raw.name.value, key.value),
            )
            .at(
                key.place.clone(),
                format!("expected one of: {}", names(&raw.columns).join(", ")),
            ),
        );
    }
    let mut rows = Vec::new();
    let mut seen: BTreeMap<String, Place> = BTreeMap::new();
    for raw_row in &raw.rows {
        let mut decoder = Decoder {
            source: sources.get(raw_row.source),
            out,
        };
        let Some(row) = type_row(&mut decoder, &raw_row.node, &raw) else {
            continue;
        };
        if let Some(key) = &key {
            let value = Spanned {
                value: row.text(key).to_owned(),
                place: row.place_of(key).clone(),
            };
            if let Some(first) = seen.get(&value.value) {
                out.push(twice(
                    &format!("in table `{}`, row", raw.name.value),
                    &value,
                    first,
                ));
                continue;
            }
            seen.insert(value.value, value.place);
        }
        rows.push(row);
    }
    Table {
        name: raw.name,
        key,
        columns: raw
            .columns
            .into_iter()
            .map(|column| (column.name.value, column.kind))
            .collect(),
        rows,
    }
}

fn names(columns: &[RawColumn]) -> Vec<&str> {
    columns.iter().map(|c| c.name.value.as_str()).collect()
}

fn type_row(d: &mut Decoder<'_>, node: &Node, table: &RawTable) -> Option<Row> {
    let what = format!("a row of `{}`", table.name.value);
    d.fields(node, &what)?;
    let mut cells = BTreeMap::new();
    for (name, node) in d.named(node) {
        let Some(column) = table.columns.iter().find(|c| c.name.value == name.value) else {
            let known = names(&table.columns);
            let mut diagnostic = Diagnostic::error(
                Code::UnknownKey,
                format!("unknown column `{}` in {what}", name.value),
            )
            .at(name.place, format!("expected one of: {}", known.join(", ")));
            if let Some(near) = crate::diag::near_name(&name.value, known) {
                diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
            }
            d.report(diagnostic);
            continue;
        };
        if let Some(cell) = cell(d, node, column) {
            cells.insert(name.value, (cell, d.place(node)));
        }
    }
    for column in table.columns.iter().filter(|c| !c.optional) {
        if node.get(&column.name.value).is_none() {
            let place = d.place(node);
            d.report(
                Diagnostic::error(
                    Code::MissingKey,
                    format!("{what} has no `{}`", column.name.value),
                )
                .at(place, "this row"),
            );
        }
    }
    Some(Row {
        cells,
        place: d.place(node),
    })
}

fn cell(d: &mut Decoder<'_>, node: &Node, column: &RawColumn) -> Option<Cell> {
    if column.set {
        let items = d.list(node);
        let mut values = Vec::new();
        for item in items {
            if let Some(Cell::Text(text)) = single(d, item, &column.kind) {
                values.push(text);
            }
        }
        return Some(Cell::Set(values));
    }
    single(d, node, &column.kind)
}

fn single(d: &mut Decoder<'_>, node: &Node, kind: &ColumnKind) -> Option<Cell> {
    match kind {
        ColumnKind::Int => d.number(node).map(|s| Cell::Int(s.value)),
        ColumnKind::Bool => d.boolean(node).map(|s| Cell::Text(s.value.to_string())),
        ColumnKind::Date => {
            let text = d.text(node)?;
            let date = text.value.parse().ok().map(Cell::Date);
            if date.is_none() {
                d.wrong_value(node, "a date such as 2022-07-14", &[]);
            }
            date
        }
        ColumnKind::Enum(values) => {
            let text = d.text(node)?;
            if !values.contains(&text.value) {
                let names: Vec<&str> = values.iter().map(String::as_str).collect();
                d.wrong_value(node, "", &names);
                return None;
            }
            Some(Cell::Text(text.value))
        }
        _ => d.text(node).map(|s| Cell::Text(s.value)),
    }
}
