//! The command line: the only part that touches files, streams and the environment.
//!
//! Exit codes, the same for every command: 0 done, 1 a gate failed (tests), 2 wrong usage, 3 rule pack
//! invalid, 4 input could not be read or rows were lost under `--strict`, 5 output could not be
//! written. A broken pipe ends quietly.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

use crate::diag::render::{Color, report};
use crate::diag::{Diagnostic, Severity};
use crate::error::Error;
use crate::rules::{Asked, Pack};
use crate::source::{Limits, Sources};

mod assess;
mod explain;
mod formats;
mod inputs;
mod names;
mod output;
mod packs;
mod read;
mod rules;
mod verify;
mod why;

use output::Target;

/// Reads what a molecular-pathology service exports as text and evaluates tested YAML rules over it.
///
/// It tells an ALK-rearranged inflammatory myofibroblastic tumour from leiomyosarcoma and its mimics,
/// says which test would settle an open question, and lists ALK inhibitors with their label status. It
/// advises a specialist; it never diagnoses.
#[derive(Debug, Parser)]
#[command(name = "fusedx", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// One case from all inputs: decisions, flags, drugs, and what would settle open questions.
    Assess(assess::Options),
    /// Only the facts: what was read, from which line, what was repaired, what was left unread.
    Read(read::Options),
    /// Samples against what is expected of them: decisions first, then flags, then facts.
    Verify(verify::Options),
    /// Long text of a diagnostic code, rule, marker, gene, drug or disease.
    Explain(explain::Options),
    /// One rule over one case: true, false or unknown, leaf by leaf with the report line.
    Why(why::Options),
    /// The input formats, and what each is told by.
    Formats(formats::Options),
    /// The rule author's bench.
    #[command(subcommand)]
    Rules(rules::Command),
}

/// Options of every command that reads inputs.
#[derive(Debug, Args)]
struct Common {
    /// Rule pack: a folder with a pack.yaml (default: the pack built into the program).
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// A laboratory's own additions, laid over the pack (may be given several times).
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
    /// Read every input as this format instead of detecting it.
    #[arg(long, value_name = "NAME")]
    input_format: Option<String>,
    /// Read tables of an unknown tool by this mapping of their columns (see `fusedx formats`).
    #[arg(long, value_name = "FILE")]
    columns: Option<PathBuf>,
    /// Know the symbols of this gene table too: `hgnc_complete_set.txt` of HGNC.
    #[arg(long, value_name = "FILE")]
    genes: Option<PathBuf>,
    /// Keep only this sample of a table with several.
    #[arg(long, value_name = "ID")]
    sample: Option<String>,
    /// Fail when a row was not read or a line is unread.
    #[arg(long)]
    strict: bool,
    /// Largest size of all inputs of a case together, in bytes.
    #[arg(long, value_name = "N", default_value_t = Limits::default().case_bytes)]
    max_bytes: usize,
    #[command(flatten)]
    shown: Shown,
}

/// Options of what is shown and where.
#[derive(Debug, Clone, Args)]
struct Shown {
    /// Write to this file; it appears whole or not at all.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// When to use colour.
    #[arg(long, value_enum, default_value_t = When::Auto)]
    color: When,
    /// Print no warnings or notes.
    #[arg(short, long)]
    quiet: bool,
}

/// The date and region label status is judged for.
#[derive(Debug, Args)]
struct AskedFor {
    /// Judge label status for this date (default: the report's own date, else all dates are printed).
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
    /// Judge label status for this region only.
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum When {
    Auto,
    Always,
    Never,
}

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// How a command ended when nothing stopped it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Done,
    GateFailed,
}

impl Shown {
    fn color(&self) -> Color {
        let auto = || std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        match self.color {
            When::Always => Color::Always,
            When::Auto if auto() => Color::Always,
            When::Never | When::Auto => Color::Never,
        }
    }

    fn target(&self) -> Target {
        Target::new(self.output.clone())
    }

    /// Shows diagnostics on standard error; errors always, the rest unless quiet.
    fn show(&self, diagnostics: &[Diagnostic], sources: &Sources) {
        let shown: Vec<Diagnostic> = diagnostics
            .iter()
            .filter(|d| !self.quiet || d.severity == Severity::Error)
            .cloned()
            .collect();
        if !shown.is_empty() {
            let text = report(&shown, sources, self.color());
            let _ = std::io::stderr().lock().write_all(text.as_bytes());
        }
    }
}

impl AskedFor {
    /// Date and region, checked against what the pack knows.
    fn asked(&self, pack: &Pack, report_date: Option<Date>) -> Result<Asked, Error> {
        if let Some(region) = &self.region {
            let known = pack.regions();
            if !known.contains(&region.as_str()) {
                return Err(Error::Usage(format!(
                    "no label of region `{region}` is known; known regions: {}",
                    known.join(", ")
                )));
            }
        }
        Ok(Asked {
            as_of: self.as_of.or(report_date),
            region: self.region.clone(),
        })
    }
}

/// Runs the command line and returns the exit code.
#[must_use]
pub fn run(cli: Cli) -> ExitCode {
    let result = match cli.command {
        Command::Assess(options) => assess::run(&options),
        Command::Read(options) => read::run(&options),
        Command::Verify(options) => verify::run(&options),
        Command::Explain(options) => explain::run(&options),
        Command::Why(options) => why::run(&options),
        Command::Formats(options) => formats::run(&options),
        Command::Rules(command) => rules::run(&command),
    };
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::GateFailed) => ExitCode::from(1),
        Err(Error::Output { source, .. }) if source.kind() == std::io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(error) => {
            // What is wrong with inputs and rules has been shown with its places already.
            if matches!(error, Error::Usage(_) | Error::Output { .. }) {
                let text = crate::diag::render::printable(&error.to_string());
                let _ = writeln!(std::io::stderr().lock(), "error: {text}");
            }
            ExitCode::from(error.exit_code())
        }
    }
}

impl Common {
    /// The rule pack with its overlays, or everything that is wrong with them.
    fn rules_with_overlays(&self) -> Result<Pack, Error> {
        let loaded = packs::load(self.rules.as_deref(), &self.overlay);
        if let Some(pack) = loaded.pack {
            Ok(pack)
        } else {
            self.shown.show(&loaded.diagnostics, &loaded.sources);
            Err(Error::Rules(loaded.diagnostics))
        }
    }
}
