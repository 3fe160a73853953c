//! Readers: one file per format, one line of registry each.
//!
//! A reader takes a decoded source and returns facts, an account of every record, and diagnostics. It
//! never prints and never knows a rule. To add a format: a file beside `arriba.rs` with a [`Format`],
//! one line in [`FORMATS`], and a fixture folder under `tests/fixtures/readers`. A format that is a plain table
//! is nothing but a `Layout`: which columns tell it and which hold what.

use serde::Serialize;

use crate::case::Case;
use crate::diag::Diagnostic;
use crate::narrative::{PatientLabel, Unread};
use crate::source::Source;
use crate::vocab::Vocab;

use layout::Layout;

mod annofuse;
mod annotation;
mod archer;
mod arriba;
mod bedpe;
mod caris;
pub(crate) mod case_file;
mod cbioportal_fusions;
mod cbioportal_sv;
mod ccat;
mod cff;
mod chimerascan;
mod chimpipe;
mod cicero;
mod columns;
mod course_table;
mod ctat_lr_fusion;
mod defuse;
mod dragen;
mod easyfuse;
mod enfusion;
mod ericscript;
mod foundation;
mod frame;
mod fusedx_tsv;
mod fusion_inspector;
mod fusion_inspector_web;
mod fusion_report;
mod fusion_seeker;
mod fusioncatcher;
mod fusionmap;
mod fusor;
mod genion;
mod hgnc;
mod iannotatesv;
mod infusion;
mod integrate_bedpe;
mod integrate_breakpoints;
mod integrate_summary;
mod isofox;
mod jaffa;
mod json;
mod layout;
mod lines;
mod linx;
mod longgf;
mod mavis;
mod metafusion;
mod oncokb;
mod oncokb_sv;
mod pbfusion;
mod pcgr;
mod pizzly;
mod prada;
mod report;
mod simple_list;
mod soapfuse;
mod squid;
mod star_fusion;
mod star_seqr;
mod structured;
mod symbol;
mod table;
mod tempus;
mod tophat_fusion;
mod tso500_all;
mod tso500_combined;
mod tso500_ctdna;
mod tst170;
mod vcf;
mod xml;

pub use columns::Columns;
pub use hgnc::genes as hgnc_genes;
pub(crate) use structured::structured;

/// A format that can be read.
#[derive(Debug)]
pub struct Format {
    /// Name in JSON and for `--input-format`.
    pub name: &'static str,
    /// What writes it.
    pub about: &'static str,
    reader: Reader,
    /// Whether a row means the same without the rows above it.
    alone: bool,
}

#[derive(Debug)]
enum Reader {
    /// A table whose columns say it all.
    Table(&'static Layout<'static>),
    /// A reader of its own.
    Own(
        fn(&Source) -> Option<Evidence>,
        fn(&Source, &Vocab) -> Reading,
    ),
}

impl Format {
    const fn table(
        name: &'static str,
        about: &'static str,
        layout: &'static Layout<'static>,
    ) -> Self {
        Self {
            name,
            about,
            reader: Reader::Table(layout),
            alone: true,
        }
    }

    const fn own(
        name: &'static str,
        about: &'static str,
        detect: fn(&Source) -> Option<Evidence>,
        read: fn(&Source, &Vocab) -> Reading,
    ) -> Self {
        Self {
            name,
            about,
            reader: Reader::Own(detect, read),
            alone: false,
        }
    }

    /// The format, whose rows mean the same without the rows above them.
    const fn with_rows_alone(self) -> Self {
        Self {
            alone: true,
            ..self
        }
    }

    /// Whether a row means the same without the rows above it, so that a table can be read in blocks.
    #[must_use]
    pub fn rows_stand_alone(&self) -> bool {
        self.alone
    }

    /// The columns that tell a table of this format; none where something else tells it.
    #[must_use]
    pub fn columns(&self) -> Option<&'static [&'static str]> {
        match &self.reader {
            Reader::Table(layout) => Some(layout.required),
            Reader::Own(..) => None,
        }
    }

    /// Whether a source is of this format, with what tells.
    #[must_use]
    pub fn detect(&self, source: &Source) -> Option<Evidence> {
        match &self.reader {
            Reader::Table(layout) => layout.detect(source),
            Reader::Own(detect, _) => detect(source),
        }
    }

    /// Reads a source.
    #[must_use]
    pub fn read(&self, source: &Source, vocab: &Vocab) -> Reading {
        match &self.reader {
            Reader::Table(layout) => layout.read(source, vocab),
            Reader::Own(_, read) => read(source, vocab),
        }
    }
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
    fusedx_tsv::FORMAT,
    arriba::FORMAT,
    star_fusion::FORMAT,
    annofuse::FORMAT,
    archer::FORMAT,
    bedpe::FORMAT,
    caris::FORMAT,
    cbioportal_fusions::FORMAT,
    cbioportal_sv::FORMAT,
    ccat::FORMAT,
    cff::FORMAT,
    chimerascan::FORMAT,
    chimpipe::FORMAT,
    cicero::FORMAT,
    ctat_lr_fusion::FORMAT,
    defuse::FORMAT,
    dragen::FORMAT,
    easyfuse::FORMAT,
    enfusion::FORMAT,
    ericscript::FORMAT,
    foundation::FORMAT,
    fusion_inspector::FORMAT,
    fusion_inspector_web::FORMAT,
    fusion_report::FORMAT,
    fusion_seeker::FORMAT,
    fusioncatcher::FORMAT,
    fusionmap::FORMAT,
    fusor::FORMAT,
    genion::FORMAT,
    iannotatesv::FORMAT,
    infusion::FORMAT,
    integrate_bedpe::FORMAT,
    integrate_breakpoints::FORMAT,
    integrate_summary::FORMAT,
    isofox::FORMAT,
    jaffa::FORMAT,
    linx::FORMAT,
    longgf::FORMAT,
    mavis::FORMAT,
    metafusion::FORMAT,
    oncokb::FORMAT,
    oncokb_sv::FORMAT,
    pbfusion::FORMAT,
    pcgr::FORMAT,
    pizzly::FORMAT,
    prada::FORMAT,
    soapfuse::FORMAT,
    squid::FORMAT,
    star_seqr::FORMAT,
    tempus::FORMAT,
    tophat_fusion::FORMAT,
    tso500_all::FORMAT,
    tso500_combined::FORMAT,
    tso500_ctdna::FORMAT,
    tst170::FORMAT,
    vcf::FORMAT,
    course_table::FORMAT,
    simple_list::FORMAT,
    case_file::FORMAT,
    report::FORMAT,
];

/// A table of a tool that is not known, read by a mapping of its columns.
pub static MAPPED: Format = Format::own(
    "columns",
    "a table of an unknown tool, by a mapping of its columns (--columns)",
    |_| None,
    |_, _| Reading::default(),
);

/// How many formats at the end of [`FORMATS`] take what no other format does.
const FALLBACKS: usize = 3;

/// The formats that a structured file can be of; the rest take what they leave.
pub(crate) fn strict_formats() -> (&'static [Format], &'static [Format]) {
    FORMATS.split_at(FORMATS.len() - FALLBACKS)
}

/// The format with this name.
#[must_use]
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|f| f.name == name)
}
