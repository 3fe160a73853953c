//! `fusedx verify`: samples against what is expected of them.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::diag::{Code, Diagnostic};
use crate::error::Error;
use crate::pipeline::{self, ReadCase, ReadOptions};
use crate::render::ci::{self, Check, Verdict};
use crate::render::{json, verify as shown};
use crate::rules::{Assessment, Pack};
use crate::source::{Limits, Sources};
use crate::verify::{self, Expected, Outcome as SampleOutcome, Verified};

use super::inputs::{EXPECTED, is_expectation};
use super::output::Target;
use super::{Outcome, Shown, packs};

#[derive(Debug, Args)]
pub(super) struct Options {
    /// A folder of samples, or one sample. A sample is a folder with an `expected.yaml`, or a file with a
    /// `NAME.expected.yaml` beside it.
    #[arg(required = true, value_name = "DIR")]
    paths: Vec<PathBuf>,
    /// How to write the result.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write what each sample gives now as its expectation. Read the difference before it is committed.
    #[arg(long)]
    accept: bool,
    /// Rule pack: a folder with a pack.yaml (default: the pack built into the program).
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// A laboratory's own additions, laid over the pack (may be given several times).
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
    #[command(flatten)]
    shown: Shown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Junit,
    Sarif,
    Github,
}

/// A sample with the file that holds its expectation.
struct Sample {
    name: String,
    files: Vec<PathBuf>,
    expected: PathBuf,
}

pub(super) fn run(options: &Options) -> Result<Outcome, Error> {
    let loaded = packs::load(options.rules.as_deref(), &options.overlay);
    let Some(pack) = loaded.pack else {
        options.shown.show(&loaded.diagnostics, &loaded.sources);
        return Err(Error::Rules(loaded.diagnostics));
    };
    let mut samples = Vec::new();
    for path in &options.paths {
        find(path, &mut samples).map_err(|problem| {
            let problem = *problem;
            options
                .shown
                .show(std::slice::from_ref(&problem), &Sources::default());
            Error::Input(vec![problem])
        })?;
    }
    let mut verified = Vec::new();
    for sample in &samples {
        verified.push(Verified {
            name: sample.name.clone(),
            outcome: one(sample, &pack, options.accept)?,
        });
    }
    write(options, &pack, &verified)?;
    let unreadable: Vec<Diagnostic> = verified
        .iter()
        .filter(|v| matches!(v.outcome, SampleOutcome::Unreadable(_)))
        .flat_map(|v| v.outcome.diagnostics().to_vec())
        .collect();
    if !unreadable.is_empty() {
        return Err(Error::Input(unreadable));
    }
    let differs = verified
        .iter()
        .any(|v| matches!(v.outcome, SampleOutcome::Differs(_)));
    Ok(if differs {
        Outcome::GateFailed
    } else {
        Outcome::Done
    })
}

fn write(options: &Options, pack: &Pack, verified: &[Verified]) -> Result<(), Error> {
    let root = std::env::current_dir().unwrap_or_default();
    let all = || verified.iter().flat_map(|v| v.outcome.diagnostics());
    let text = match options.format {
        Format::Json => {
            return options
                .shown
                .target()
                .write(|out| json::verify(out, pack, verified));
        }
        Format::Text => shown::text(verified),
        Format::Junit => {
            let checks: Vec<Check<'_>> = verified.iter().map(check).collect();
            ci::junit("fusedx verify", &checks)
        }
        Format::Sarif => ci::sarif(all(), &root),
        Format::Github => ci::github(all(), &root),
    };
    options
        .shown
        .target()
        .write(|out| out.write_all(text.as_bytes()))
}

fn check(verified: &Verified) -> Check<'_> {
    Check {
        suite: "samples",
        name: &verified.name,
        verdict: match verified.outcome {
            SampleOutcome::AsExpected | SampleOutcome::Accepted => Verdict::Passed,
            SampleOutcome::Differs(_) => Verdict::Failed,
            SampleOutcome::Unreadable(_) => Verdict::Error,
        },
        diagnostics: verified.outcome.diagnostics(),
    }
}

/// The samples under a path, by name.
fn find(path: &Path, out: &mut Vec<Sample>) -> Result<(), Box<Diagnostic>> {
    if path.is_file() {
        out.push(file_sample(path));
        return Ok(());
    }
    let before = out.len();
    let entries = files(path)?;
    if entries.iter().any(|entry| entry.ends_with(EXPECTED)) {
        out.push(folder_sample(path, &entries));
        return Ok(());
    }
    for entry in &entries {
        if entry.is_dir() {
            out.push(folder_sample(entry, &files(entry)?));
        } else if !is_expectation(entry) {
            out.push(file_sample(entry));
        }
    }
    // An expectation whose sample is gone must not pass in silence.
    for entry in entries.iter().filter(|entry| is_expectation(entry)) {
        if !out[before..].iter().any(|sample| sample.expected == *entry) {
            out.push(Sample {
                name: entry.display().to_string(),
                files: Vec::new(),
                expected: entry.clone(),
            });
        }
    }
    if out.len() == before {
        return Err(Box::new(
            Diagnostic::error(
                Code::EmptyFolder,
                format!("`{}` holds no sample", path.display()),
            )
            .help("a sample is a folder with an expected.yaml, or a file with a NAME.expected.yaml beside it"),
        ));
    }
    Ok(())
}

/// What a folder holds, by name; hidden files and a README are no samples.
fn files(path: &Path) -> Result<Vec<PathBuf>, Box<Diagnostic>> {
    let list = fs::read_dir(path).map_err(|error| {
        Box::new(Diagnostic::error(
            Code::Unreadable,
            format!("`{}` cannot be read: {error}", path.display()),
        ))
    })?;
    let mut entries: Vec<PathBuf> = list
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            !name.starts_with('.') && !name.starts_with("README")
        })
        .collect();
    entries.sort();
    Ok(entries)
}

fn folder_sample(path: &Path, entries: &[PathBuf]) -> Sample {
    Sample {
        name: path.display().to_string(),
        files: entries
            .iter()
            .filter(|entry| entry.is_file() && !is_expectation(entry))
            .cloned()
            .collect(),
        expected: path.join(EXPECTED),
    }
}

fn file_sample(path: &Path) -> Sample {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    Sample {
        name: path.display().to_string(),
        files: vec![path.to_owned()],
        expected: path.with_file_name(format!("{stem}.{EXPECTED}")),
    }
}

fn one(sample: &Sample, pack: &Pack, accept: bool) -> Result<SampleOutcome, Error> {
    if sample.files.is_empty() {
        let message = format!("`{}` is the expectation of no sample", sample.name);
        return Ok(SampleOutcome::Differs(vec![Diagnostic::error(
            Code::VerifyMissing,
            message,
        )]));
    }
    let expected = match expectation(&sample.expected) {
        Ok(expected) => expected,
        Err(problems) => return Ok(SampleOutcome::Unreadable(problems)),
    };
    let asked = expected
        .as_ref()
        .map(|e| e.asked.clone())
        .unwrap_or_default();
    let (read, assessment) = match assess(sample, pack, asked) {
        Ok(done) => done,
        Err(problems) => return Ok(SampleOutcome::Unreadable(problems)),
    };
    if accept {
        let text = verify::accepted(expected.as_ref(), &read, &assessment, pack);
        Target::new(Some(sample.expected.clone())).write(|out| out.write_all(text.as_bytes()))?;
        return Ok(SampleOutcome::Accepted);
    }
    let Some(expected) = expected else {
        let message = format!("`{}` has no expectation", sample.name);
        return Ok(SampleOutcome::Differs(vec![
            Diagnostic::error(Code::VerifyMissing, message)
                .help("`fusedx verify --accept` writes one; read it before it is committed"),
        ]));
    };
    let differences = verify::differences(&expected, &read, &assessment, pack);
    Ok(if differences.is_empty() {
        SampleOutcome::AsExpected
    } else {
        SampleOutcome::Differs(differences)
    })
}

/// The expectation in a file; none where there is no file.
fn expectation(path: &Path) -> Result<Option<Expected>, Vec<Diagnostic>> {
    if !path.exists() {
        return Ok(None);
    }
    let mut sources = Sources::default();
    let id = load(path, &mut sources)?;
    Expected::decode(sources.get(id)).map(Some)
}

fn load(path: &Path, sources: &mut Sources) -> Result<crate::source::SourceId, Vec<Diagnostic>> {
    let shown = path.display().to_string();
    let bytes = fs::read(path).map_err(|error| {
        vec![Diagnostic::error(
            Code::Unreadable,
            format!("`{shown}` cannot be read: {error}"),
        )]
    })?;
    sources
        .add(&shown, &bytes)
        .map_err(|problem| vec![*problem])
}

fn assess(
    sample: &Sample,
    pack: &Pack,
    mut asked: crate::rules::Asked,
) -> Result<(ReadCase, Assessment), Vec<Diagnostic>> {
    let mut sources = Sources::new(Limits::default());
    for file in &sample.files {
        load(file, &mut sources)?;
    }
    let read = pipeline::read(&sources, pack.vocab(), &ReadOptions::default())?;
    if let Some(refusal) = read.not_one_case() {
        return Err(vec![refusal]);
    }
    if asked.as_of.is_none() {
        asked.as_of = read.case.history.report_date.as_ref().map(|d| d.value);
    }
    let assessment = pack.assess(&read.case, &asked);
    Ok((read, assessment))
}
