//! The canonical fusion table: every fusion fact of a case, a row each, which fusedx reads back without loss.
//!
//! An empty cell is a value that is not stated. A backslash takes the meaning of the character behind it away:
//! `\t`, `\n`, `\r`, `\s` for a space at an end, `\|` in a list, `\=` and the like for a cell that a spreadsheet would
//! take for a formula, `\e` for a side of a pair that has no name. Other control characters become a space.
//! `function`, `event` and the place are printed for the reader of the table; they are worked out again when it is
//! read.

use std::io::{self, Write};

use crate::case::fusion::{
    self, Breakpoint, Frame, Fusion, KinaseDomain, Method, Orientation, OrientationFrom, Side,
    name_of,
};
use crate::case::{Case, Context};

/// The columns, in order.
pub const COLUMNS: [&str; 45] = [
    "sample",
    "five_prime",
    "three_prime",
    "status",
    "gene",
    "orientation",
    "orientation_from",
    "orientation_because",
    "as_written",
    "as_reported_1",
    "as_reported_2",
    "symbol_1",
    "symbol_2",
    "chromosome_1",
    "position_1",
    "strand_1",
    "gene_strand_1",
    "keeps_1",
    "chromosome_2",
    "position_2",
    "strand_2",
    "gene_strand_2",
    "keeps_2",
    "exon_five_prime",
    "exon_three_prime",
    "exon_1",
    "exon_2",
    "transcript_five_prime",
    "transcript_three_prime",
    "transcript_1",
    "transcript_2",
    "frame",
    "frame_as_written",
    "kinase_domain",
    "split",
    "spanning",
    "total",
    "confidence",
    "filters",
    "caller",
    "method",
    "context",
    "superseded",
    "function",
    "event",
];

/// Writes the fusions of a case.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn Write, case: &Case) -> io::Result<()> {
    header(out)?;
    rows(out, case)
}

/// Writes the line of column names.
///
/// # Errors
/// When the writer fails.
pub fn header(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}\tsource_path\tsource_line", COLUMNS.join("\t"))
}

/// Writes the rows alone.
///
/// # Errors
/// When the writer fails.
pub fn rows(out: &mut dyn Write, case: &Case) -> io::Result<()> {
    for fusion in &case.fusions {
        let mut cells: Vec<String> = row(fusion).to_vec();
        cells.push(escaped(&fusion.source.path));
        cells.push(fusion.source.line.to_string());
        writeln!(out, "{}", cells.join("\t"))?;
    }
    Ok(())
}

fn row(f: &Fusion) -> [String; COLUMNS.len()] {
    let text = |value: &Option<String>| value.as_deref().map(escaped).unwrap_or_default();
    let count = |value: Option<u64>| value.map(|n| n.to_string()).unwrap_or_default();
    let reported = |side: usize| {
        let pair = f.as_reported.as_ref();
        match pair.map(|pair| pair[side].as_str()) {
            // A side without a name is not the same as no pair.
            Some("") => "\\e".to_owned(),
            Some(name) => escaped(name),
            None => String::new(),
        }
    };
    let from = f.orientation_from.and_then(|from| {
        let known = OrientationFrom::ALL.iter().find(|(one, ..)| *one == from);
        known.map(|(_, name, _)| (*name).to_owned())
    });
    let named = |name: Option<&'static str>| name.unwrap_or_default().to_owned();
    let [one, two] =
        [0, 1].map(|side| point(f.breakpoints.as_ref().and_then(|b| b[side].as_ref())));
    let [chromosome_1, position_1, strand_1, gene_strand_1, keeps_1] = one;
    let [chromosome_2, position_2, strand_2, gene_strand_2, keeps_2] = two;
    // What has been handed to its partner needs no second column.
    let open = |sides: &fusion::Sides, side: &Option<String>| {
        if sides.is_empty() {
            text(side)
        } else {
            String::new()
        }
    };
    [
        text(&f.sample),
        text(&f.five_prime),
        text(&f.three_prime),
        f.status.as_str().to_owned(),
        text(&f.gene),
        named(f.orientation.map(|o| name_of(&Orientation::ALL, o))),
        from.unwrap_or_default(),
        list(&f.orientation_because),
        escaped(&f.as_written),
        reported(0),
        reported(1),
        text(&f.symbols[0]),
        text(&f.symbols[1]),
        chromosome_1,
        position_1,
        strand_1,
        gene_strand_1,
        keeps_1,
        chromosome_2,
        position_2,
        strand_2,
        gene_strand_2,
        keeps_2,
        text(&f.exons.five_prime),
        text(&f.exons.three_prime),
        open(&f.exons, &f.reported_exons[0]),
        open(&f.exons, &f.reported_exons[1]),
        text(&f.transcripts.five_prime),
        text(&f.transcripts.three_prime),
        open(&f.transcripts, &f.reported_transcripts[0]),
        open(&f.transcripts, &f.reported_transcripts[1]),
        named(f.frame.map(|v| name_of(&Frame::ALL, v))),
        text(&f.frame_as_written),
        named(f.kinase_domain.map(|v| name_of(&KinaseDomain::ALL, v))),
        count(f.support.split),
        count(f.support.spanning),
        count(f.support.total),
        text(&f.confidence),
        list(&f.filters),
        text(&f.caller),
        name_of(&Method::ALL, f.method).to_owned(),
        named(f.context.map(|v| name_of(&Context::ALL, v))),
        if f.superseded { "true" } else { "false" }.to_owned(),
        named(f.function.as_ref().map(|v| v.value.as_str())),
        text(&f.event),
    ]
}

fn point(breakpoint: Option<&Breakpoint>) -> [String; 5] {
    let Some(b) = breakpoint else {
        return Default::default();
    };
    let strand = |strand: Option<char>| {
        match strand {
            Some('+') => "plus",
            Some(_) => "minus",
            None => "",
        }
        .to_owned()
    };
    [
        escaped(&b.chromosome),
        b.position.to_string(),
        strand(b.strand),
        strand(b.gene_strand),
        b.keeps
            .map_or("", |side| name_of(&Side::ALL, side))
            .to_owned(),
    ]
}

fn list(values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| escaped(value)).collect();
    values.join("|")
}

/// A cell that stays one cell, is no formula, and can be read back.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let last = text.chars().count().saturating_sub(1);
    for (index, c) in text.chars().enumerate() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '|' => out.push_str("\\|"),
            '"' => out.push_str("\\\""),
            ' ' if index == 0 || index == last => out.push_str("\\s"),
            '=' | '+' | '-' | '@' | '#' if index == 0 => {
                out.push('\\');
                out.push(c);
            }
            c if crate::diag::render::is_unprintable(c) => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
