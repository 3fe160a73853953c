//! The canonical fusion table: every fusion fact of a case, a row each, which fusedx reads back without loss.
//!
//! An empty cell is a value that is not stated. A backslash takes the meaning of the character behind it away:
//! `\t`, `\n`, `\r`, `\s` for a space at an end, `\|` in a list, `\=` and the like for a cell that a spreadsheet would
//! take for a formula, `\e` for a side of a pair that has no name. Other control characters become a space.
//! `function`, `event` and the place are printed for the reader of the table; they are worked out again when it is
//! read.

use std::fmt::Write as _;
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
    let mut line = Line::default();
    for fusion in &case.fusions {
        row(&mut line, fusion);
        line.text(&fusion.source.path);
        line.number(fusion.source.line.into());
        line.end(out)?;
    }
    Ok(())
}

/// A row on its way out, in one buffer for all rows.
#[derive(Default)]
struct Line(String);

impl Line {
    /// The end of a cell that has been written.
    fn close(&mut self) {
        self.0.push('\t');
    }

    /// A word of ours, which needs no escape.
    fn word(&mut self, word: &str) {
        self.0.push_str(word);
        self.close();
    }

    fn text(&mut self, text: &str) {
        escape(&mut self.0, text);
        self.close();
    }

    fn stated(&mut self, text: Option<&String>) {
        self.text(text.map_or("", String::as_str));
    }

    fn number(&mut self, number: u64) {
        // Writing to a string cannot fail.
        let _ = write!(self.0, "{number}");
        self.close();
    }

    fn count(&mut self, count: Option<u64>) {
        match count {
            Some(count) => self.number(count),
            None => self.close(),
        }
    }

    fn list(&mut self, values: &[String]) {
        for (index, value) in values.iter().enumerate() {
            if index > 0 {
                self.0.push('|');
            }
            escape(&mut self.0, value);
        }
        self.close();
    }

    /// A side of the pair: one without a name is not the same as no pair.
    fn reported(&mut self, side: Option<&String>) {
        match side {
            Some(name) if name.is_empty() => self.word("\\e"),
            side => self.stated(side),
        }
    }

    fn strand(&mut self, strand: Option<char>) {
        self.word(match strand {
            Some('+') => "plus",
            Some(_) => "minus",
            None => "",
        });
    }

    fn point(&mut self, breakpoint: Option<&Breakpoint>) {
        let Some(b) = breakpoint else {
            return (0..5).for_each(|_| self.close());
        };
        self.text(&b.chromosome);
        self.number(b.position);
        self.strand(b.strand);
        self.strand(b.gene_strand);
        self.word(b.keeps.map_or("", |side| name_of(&Side::ALL, side)));
    }

    /// Writes the row; the next one begins.
    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        // The last cell has no delimiter behind it.
        self.0.pop();
        self.0.push('\n');
        let written = out.write_all(self.0.as_bytes());
        self.0.clear();
        written
    }
}

/// The cells of [`COLUMNS`], in order.
fn row(line: &mut Line, f: &Fusion) {
    let from = f.orientation_from.and_then(|from| {
        let known = OrientationFrom::ALL.iter().find(|(one, ..)| *one == from);
        known.map(|(_, name, _)| *name)
    });
    let [one, two] = [0, 1].map(|side| f.breakpoints.as_ref().and_then(|b| b[side].as_ref()));
    // What has been handed to its partner needs no second column.
    let open = |sides: &fusion::Sides, side| if sides.is_empty() { side } else { None };
    let reported = [0, 1].map(|side| f.as_reported.as_ref().map(|pair| &pair[side]));

    line.stated(f.sample.as_ref());
    line.stated(f.five_prime.as_ref());
    line.stated(f.three_prime.as_ref());
    line.word(f.status.as_str());
    line.stated(f.gene.as_ref());
    line.word(f.orientation.map_or("", |o| name_of(&Orientation::ALL, o)));
    line.word(from.unwrap_or_default());
    line.list(&f.orientation_because);
    line.text(&f.as_written);
    line.reported(reported[0]);
    line.reported(reported[1]);
    line.stated(f.symbols[0].as_ref());
    line.stated(f.symbols[1].as_ref());
    line.point(one);
    line.point(two);
    line.stated(f.exons.five_prime.as_ref());
    line.stated(f.exons.three_prime.as_ref());
    line.stated(open(&f.exons, f.reported_exons[0].as_ref()));
    line.stated(open(&f.exons, f.reported_exons[1].as_ref()));
    line.stated(f.transcripts.five_prime.as_ref());
    line.stated(f.transcripts.three_prime.as_ref());
    line.stated(open(&f.transcripts, f.reported_transcripts[0].as_ref()));
    line.stated(open(&f.transcripts, f.reported_transcripts[1].as_ref()));
    line.word(f.frame.map_or("", |v| name_of(&Frame::ALL, v)));
    line.stated(f.frame_as_written.as_ref());
    let domain = f.kinase_domain;
    line.word(domain.map_or("", |v| name_of(&KinaseDomain::ALL, v)));
    line.count(f.support.split);
    line.count(f.support.spanning);
    line.count(f.support.total);
    line.stated(f.confidence.as_ref());
    line.list(&f.filters);
    line.stated(f.caller.as_ref());
    line.word(name_of(&Method::ALL, f.method));
    line.word(f.context.map_or("", |v| name_of(&Context::ALL, v)));
    line.word(if f.superseded { "true" } else { "false" });
    line.word(f.function.as_ref().map_or("", |v| v.value.as_str()));
    line.stated(f.event.as_ref());
}

/// Adds a cell that stays one cell, is no formula, and can be read back.
fn escape(out: &mut String, text: &str) {
    if is_plain(text.as_bytes()) {
        out.push_str(text);
        return;
    }
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
}

/// Whether a text is printable ASCII without any character that has to be escaped.
fn is_plain(text: &[u8]) -> bool {
    let (Some(first), Some(last)) = (text.first(), text.last()) else {
        return true;
    };
    !matches!(first, b' ' | b'=' | b'+' | b'-' | b'@' | b'#')
        && *last != b' '
        && text.iter().all(|byte| PLAIN[usize::from(*byte)])
}

/// The bytes that stand for themselves in a cell.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = b' ';
    while byte <= b'~' {
        plain[byte as usize] = !matches!(byte, b'\\' | b'|' | b'"');
        byte += 1;
    }
    plain
};
