//! Readers: one file per format, one line of registry each.
//!
//! A reader takes a decoded source and returns facts, an account of every record, and diagnostics. It
//! never prints and never knows a rule. To add a format: a file beside `arriba.rs` with a [`Format`],
//! one line in [`FORMATS`], and a fixture folder under `tests/fixtures/readers`.

use serde::Serialize;

use crate::case::Case;
use crate::diag::Diagnostic;
use crate::narrative::{PatientLabel, Unread};
use crate::source::Source;
use crate::vocab::Vocab;

mod arriba;
pub(crate) mod case_file;
mod report;
mod star_fusion;
mod structured;
mod symbol;
mod table;

pub(crate) use structured::structured;

/// A format that can be read.
#[derive(Debug)]
pub struct Format {
    /// Name in JSON and for `--input-format`.
    pub name: &'static str,
    /// What writes it.
    pub about: &'static str,
    /// Whether a source is of this format, with what tells.
    pub detect: fn(&Source) -> Option<Evidence>,
    /// Reads a source.
    pub read: fn(&Source, &Vocab) -> Reading,
}

/// What tells that a source is of a format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The dialect.
    pub dialect: &'static str,
    /// What was found.
    pub found: String,
}

/// How many records a source holds and what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Records {
    /// Rows of a table, or lines with text of a report.
    pub total: usize,
    /// Those that gave a fact (rows: that were read).
    pub read: usize,
    /// Those left out for a reason.
    pub skipped: usize,
    /// Those that could not be read.
    pub failed: usize,
}

/// What a reader found.
#[derive(Debug, Default)]
pub struct Reading {
    /// Facts.
    pub case: Case,
    /// Account of the records.
    pub records: Records,
    /// Lines that name something of ours and gave no fact.
    pub unread: Vec<Unread>,
    /// Labels that tell patients apart.
    pub patients: Vec<PatientLabel>,
    /// Problems.
    pub diagnostics: Vec<Diagnostic>,
}

/// Every format, tables before the free text that takes what is left.
pub static FORMATS: &[Format] = &[
    arriba::FORMAT,
    star_fusion::FORMAT,
    case_file::FORMAT,
    report::FORMAT,
];

/// The format with this name.
#[must_use]
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|f| f.name == name)
}
