//! The canonical fusion table of `fusedx read --format tsv`, read back without loss.
//!
//! The columns are those of the writer, in any order. `function`, `event` and the place it names are worked out anew.

use crate::case::Context;
use crate::case::fusion::{
    Breakpoint, Frame, Fusion, KinaseDomain, Method, Orientation, OrientationFrom, Side, Sides,
    Status,
};
use crate::diag::{Code, Diagnostic};
use crate::read::table::{Row, Table, calls_of};
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format = Format::own(
    "fusedx-tsv",
    "canonical fusion table of fusedx read --format tsv",
    detect,
    read,
);

const REQUIRED: &[&str] = &[
    "five_prime",
    "three_prime",
    "status",
    "orientation",
    "orientation_from",
    "as_written",
    "as_reported_1",
    "as_reported_2",
];

fn detect(source: &Source) -> Option<Evidence> {
    let table = Table::find(source, '\t', REQUIRED)?;
    table.has(&["kinase_domain", "symbol_1"]).then(|| Evidence {
        dialect: "table",
        found: format!("columns {}", REQUIRED.join(", ")),
    })
}

fn read(source: &Source, _: &Vocab) -> Reading {
    match Table::find(source, '\t', REQUIRED) {
        Some(table) => calls_of(source, &table, REQUIRED, fusion),
        None => Reading::default(),
    }
}

fn fusion(row: &Row<'_, '_>, out: &mut Vec<Diagnostic>) -> Fusion {
    let place = row.places("as_written", "as_reported_2");
    let status = choice(row, "status", &Status::ALL, out);
    let mut fusion = Fusion::new(status.unwrap_or(Status::Inconclusive), place);
    let pair = ["as_reported_1", "as_reported_2"].map(|column| row.get(column));
    fusion.as_written = text(row, "as_written").unwrap_or_default();
    fusion.as_reported = pair
        .iter()
        .any(|cell| !cell.is_empty())
        .then(|| pair.map(unescaped));
    fusion.symbols = ["symbol_1", "symbol_2"].map(|column| text(row, column));
    fusion.five_prime = text(row, "five_prime");
    fusion.three_prime = text(row, "three_prime");
    fusion.gene = text(row, "gene");
    fusion.orientation = choice(row, "orientation", &Orientation::ALL, out);
    let from = OrientationFrom::ALL.map(|(value, name, _)| (value, name));
    fusion.orientation_from = choice(row, "orientation_from", &from, out);
    // The signs of strands and sides are found again; those of the caller are not.
    fusion.orientation_because = list(row.get("orientation_because"));
    let points = ["1", "2"].map(|side| breakpoint(row, side, out));
    fusion.breakpoints = points.iter().any(Option::is_some).then_some(points);
    let sides = |five: &str, three: &str| Sides {
        five_prime: text(row, five),
        three_prime: text(row, three),
    };
    fusion.exons = sides("exon_five_prime", "exon_three_prime");
    fusion.transcripts = sides("transcript_five_prime", "transcript_three_prime");
    fusion.reported_exons = ["exon_1", "exon_2"].map(|column| text(row, column));
    fusion.reported_transcripts = ["transcript_1", "transcript_2"].map(|column| text(row, column));
    fusion.frame = choice(row, "frame", &Frame::ALL, out);
    fusion.frame_as_written = text(row, "frame_as_written");
    fusion.kinase_domain = choice(row, "kinase_domain", &KinaseDomain::ALL, out);
    fusion.support.split = row.count("split", out);
    fusion.support.spanning = row.count("spanning", out);
    fusion.support.total = row.count("total", out);
    fusion.confidence = text(row, "confidence");
    fusion.filters = list(row.get("filters"));
    fusion.caller = text(row, "caller");
    fusion.method = choice(row, "method", &Method::ALL, out).unwrap_or(Method::Unspecified);
    fusion.sample = text(row, "sample");
    fusion.context = choice(row, "context", &Context::ALL, out);
    fusion.superseded = row.get("superseded") == "true";
    fusion
}

fn breakpoint(row: &Row<'_, '_>, side: &str, out: &mut Vec<Diagnostic>) -> Option<Breakpoint> {
    let column = |name: &str| format!("{name}_{side}");
    let chromosome = text(row, &column("chromosome"))?;
    let position = row.count(&column("position"), out)?;
    let strand = |name: &str| match row.get(&column(name)) {
        "plus" => Some('+'),
        "minus" => Some('-'),
        _ => None,
    };
    Some(Breakpoint {
        chromosome,
        position,
        strand: strand("strand"),
        gene_strand: strand("gene_strand"),
        keeps: choice(row, &column("keeps"), &Side::ALL, out),
    })
}

/// The value that a cell names; another word is reported.
fn choice<T: Copy>(
    row: &Row<'_, '_>,
    column: &str,
    all: &[(T, &'static str)],
    out: &mut Vec<Diagnostic>,
) -> Option<T> {
    let cell = row.get(column);
    if cell.is_empty() {
        return None;
    }
    let found = all.iter().find(|(_, name)| *name == cell);
    if found.is_none() {
        let names: Vec<&str> = all.iter().map(|(_, name)| *name).collect();
        out.push(
            Diagnostic::warning(
                Code::UnknownValue,
                format!("`{column}` holds no value that is known"),
            )
            .at(
                row.place(column),
                format!("expected one of: {}", names.join(", ")),
            ),
        );
    }
    found.map(|(value, _)| *value)
}

fn text(row: &Row<'_, '_>, column: &str) -> Option<String> {
    Some(unescaped(row.get(column))).filter(|text| !text.is_empty())
}

fn list(cell: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut behind_backslash = false;
    for (at, c) in cell.char_indices() {
        match c {
            '|' if !behind_backslash => {
                out.push(unescaped(&cell[start..at]));
                start = at + 1;
            }
            _ => behind_backslash = c == '\\' && !behind_backslash,
        }
    }
    out.push(unescaped(&cell[start..]));
    out.retain(|value| !value.is_empty());
    out
}

fn unescaped(cell: &str) -> String {
    let mut out = String::with_capacity(cell.len());
    let mut chars = cell.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('t') => out.push('\t'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('s') => out.push(' '),
            Some('e') => {}
            Some(other) => out.push(other),
            None => out.push('\\'),
        }
    }
    out
}
