//! From sources to one case: detection, reading, merging, and the questions whether it is one patient
//! and one sample.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::case::{Case, events, function, kinase, merge, order_by_strand};
use crate::detect::{Detected, detect};
use crate::diag::{self, Code, Diagnostic, Severity};
use crate::narrative::{PatientLabel, Unread};
use crate::read::{Columns, Evidence, MAPPED, Records, format};
use crate::source::{Encoding, Source, Sources};
use crate::vocab::Vocab;

pub mod blocks;

/// How inputs are read.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Read every input as this format.
    pub input_format: Option<String>,
    /// Keep only this sample of multi-sample tables.
    pub sample: Option<String>,
    /// How to read tables of a tool that is not known.
    pub columns: Option<Columns>,
}

/// What became of one source.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourceReport {
    /// Path as given.
    pub path: String,
    /// SHA-256 of the bytes.
    pub sha256: String,
    /// Number of bytes.
    pub bytes: usize,
    /// Encoding.
    pub encoding: Encoding,
    /// Format.
    pub format: &'static str,
    /// Dialect of the format.
    pub dialect: &'static str,
    /// What tells the format.
    pub evidence: String,
    /// Account of its records.
    pub records: Records,
    /// Lines that name something of ours and gave no fact.
    pub unread: Vec<Unread>,
}

/// The facts of all sources.
#[derive(Debug, Default)]
pub struct ReadCase {
    /// What became of each source.
    pub sources: Vec<SourceReport>,
    /// The facts.
    pub case: Case,
    /// Labels that tell patients apart.
    pub patients: Vec<PatientLabel>,
    /// Problems, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads all sources into one case.
///
/// # Errors
/// Diagnostics of severity error: an unknown format, or structured facts that are wrong. Nothing is
/// half read.
pub fn read(
    sources: &Sources,
    vocab: &Vocab,
    options: &ReadOptions,
) -> Result<ReadCase, Vec<Diagnostic>> {
    read_and(sources, vocab, options, complete)
}

/// Reads all sources into one case and works out what follows from its facts.
fn read_and(
    sources: &Sources,
    vocab: &Vocab,
    options: &ReadOptions,
    complete: fn(&mut Case, &Vocab),
) -> Result<ReadCase, Vec<Diagnostic>> {
    let mut out = ReadCase::default();
    for source in sources.iter() {
        if source.text().trim().is_empty() {
            out.diagnostics.push(
                Diagnostic::warning(Code::Empty, format!("`{}` is empty", source.path()))
                    .at(source.place(0..0), "nothing to read")
                    .help("an empty file is not a negative result"),
            );
        }
        if let Some(how) = source.encoding().guessed() {
            let text = source.text();
            let at = text.find(|c: char| !c.is_ascii()).unwrap_or_default();
            let end = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
            out.diagnostics.push(
                Diagnostic::warning(Code::GuessedEncoding, how)
                    .at(source.place(at..end), "the first character that tells")
                    .help("check signs and letters against the original; UTF-8 leaves no doubt"),
            );
        }
        if let Some(columns) = &options.columns
            && columns.fits(source)
        {
            let detected = Detected {
                format: &MAPPED,
                evidence: columns.evidence(),
            };
            take(source, vocab, options, &detected, &mut out);
            continue;
        }
        let detected = match &options.input_format {
            Some(name) => chosen(name, source),
            None => detect(source),
        };
        match detected {
            Err(_) if options.columns.is_some() => {
                let columns = options.columns.iter();
                out.diagnostics
                    .extend(columns.flat_map(|columns| columns.lacking(source)));
            }
            Ok(detected) => take(source, vocab, options, &detected, &mut out),
            Err(diagnostic) => out.diagnostics.push(*diagnostic),
        }
    }
    complete(&mut out.case, vocab);
    diag::sort(&mut out.diagnostics);
    if out
        .diagnostics
        .iter()
        .any(|d| d.severity == Severity::Error)
    {
        return Err(out.diagnostics);
    }
    Ok(out)
}

/// Works out what follows from all facts of a case together: orders, versions, domains, events.
pub(crate) fn complete(case: &mut Case, vocab: &Vocab) {
    order_by_strand::settle(case, vocab);
    merge::settle_versions(case);
    kinase::complete(case, vocab);
    events::group(case);
    function::judge(case, vocab);
}

/// As `complete`, of rows that are a part of a table: what rests on all calls of an event is left out.
fn complete_rows(case: &mut Case, vocab: &Vocab) {
    order_by_strand::settle(case, vocab);
    merge::settle_versions(case);
    kinase::complete(case, vocab);
    events::name(case);
}

fn chosen(name: &str, source: &Source) -> Result<Detected, Box<Diagnostic>> {
    let Some(format) = format(name) else {
        return Err(Box::new(
            Diagnostic::error(Code::UnknownFormat, format!("there is no format `{name}`"))
                .at(source.place(0..0), ""),
        ));
    };
    let evidence = format.detect(source).unwrap_or(Evidence {
        dialect: "chosen",
        found: String::new(),
    });
    Ok(Detected {
        format,
        evidence: Evidence {
            found: "chosen with --input-format".to_owned(),
            ..evidence
        },
    })
}

fn take(
    source: &Source,
    vocab: &Vocab,
    options: &ReadOptions,
    detected: &Detected,
    out: &mut ReadCase,
) {
    let mut reading = match &options.columns {
        Some(columns) if detected.format.name == MAPPED.name => columns.read(source, vocab),
        _ => detected.format.read(source, vocab),
    };
    if let Some(wanted) = &options.sample {
        let all = reading.case.fusions.len();
        reading
            .case
            .fusions
            .retain(|f| f.sample.as_ref().is_none_or(|sample| sample == wanted));
        let dropped = all - reading.case.fusions.len();
        reading.records.read = reading.records.read.saturating_sub(dropped);
        reading.records.skipped += dropped;
    }
    out.sources.push(SourceReport {
        path: source.path().to_owned(),
        sha256: source.sha256().to_owned(),
        bytes: source.bytes(),
        encoding: source.encoding(),
        format: detected.format.name,
        dialect: detected.evidence.dialect,
        evidence: detected.evidence.found.clone(),
        records: reading.records,
        unread: reading.unread,
    });
    out.case.extend(reading.case);
    out.patients.extend(reading.patients);
    out.diagnostics.extend(reading.diagnostics);
}

impl ReadCase {
    /// Whether the case names more than one patient, accession or sample: it must not be assessed as
    /// one. The message shows both places and never an identifier.
    #[must_use]
    pub fn not_one_case(&self) -> Option<Diagnostic> {
        self.several_patients().or_else(|| self.several_samples())
    }

    fn several_patients(&self) -> Option<Diagnostic> {
        let mut first: BTreeMap<&str, &PatientLabel> = BTreeMap::new();
        for label in &self.patients {
            let known = first.entry(&label.kind).or_insert(label);
            if known.value != label.value {
                return Some(
                    Diagnostic::error(
                        Code::SeveralPatients,
                        format!(
                            "two different {}s in one case: `{}` line {} and `{}` line {}",
                            label.kind, known.place.path, known.place.line, label.place.path, label.place.line
                        ),
                    )
                    .help("assess each patient on its own; `fusedx read` reads both and keeps them apart"),
                );
            }
        }
        None
    }

    fn several_samples(&self) -> Option<Diagnostic> {
        let mut samples: BTreeMap<&str, &crate::source::Place> = BTreeMap::new();
        for fusion in &self.case.fusions {
            if let Some(sample) = &fusion.sample {
                samples.entry(sample).or_insert(&fusion.source);
            }
        }
        let mut ids = samples.keys();
        let (first, second) = (ids.next()?, ids.next()?);
        let list: Vec<&str> = samples.keys().take(20).copied().collect();
        let more = if samples.len() > list.len() {
            ", …"
        } else {
            ""
        };
        Some(
            Diagnostic::error(
                Code::SeveralSamples,
                format!("{} samples in one table", samples.len()),
            )
            .at(samples[second].clone(), "another sample")
            .at(samples[first].clone(), "one sample")
            .help(format!(
                "choose one with --sample: {}{more}",
                list.join(", ")
            )),
        )
    }

    /// Rows that could not be read, for `--strict`.
    #[must_use]
    pub fn lost(&self) -> Option<Diagnostic> {
        let failed: usize = self.sources.iter().map(|s| s.records.failed).sum();
        let unread: usize = self.sources.iter().map(|s| s.unread.len()).sum();
        (failed + unread > 0).then(|| {
            Diagnostic::error(
                Code::RowsLost,
                format!(
                    "{failed} rows failed and {unread} lines are unread, and --strict asks for all"
                ),
            )
            .help("the warnings above name each of them")
        })
    }
}
