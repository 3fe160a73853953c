//! `fusedx rules check` and `fusedx rules test`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::diag::{self, Severity};
use crate::error::Error;
use crate::render;
use crate::trials;

use super::{Format, Outcome, Shown, packs};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Checks a pack, or one rule or table file, and reports everything that is wrong at once.
    Check(Options),
    /// Runs the inline tests of a pack through the real parser.
    Test(Options),
}

#[derive(Debug, Args)]
pub(super) struct Options {
    /// A folder with a pack.yaml, or one file (default: the pack built into the program).
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,
    /// A laboratory's own additions, laid over the pack (may be given several times).
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
    /// How to write the result.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    shown: Shown,
}

pub(super) fn run(command: &Command) -> Result<Outcome, Error> {
    match command {
        Command::Check(options) => check(options),
        Command::Test(options) => test(options),
    }
}

fn check(options: &Options) -> Result<Outcome, Error> {
    let mut loaded = packs::load(options.path.as_deref(), &options.overlay);
    if let Some(pack) = &loaded.pack {
        loaded
            .diagnostics
            .extend(trials::check(pack, &loaded.sources));
        diag::sort(&mut loaded.diagnostics);
    }
    let diagnostics = &loaded.diagnostics;
    let broken = diagnostics.iter().any(|d| d.severity == Severity::Error);
    let target = options.shown.target();
    match options.format {
        Format::Json => target.write(|out| render::json::diagnostics(out, diagnostics))?,
        Format::Text => {
            options.shown.show(diagnostics, &loaded.sources);
            if let (Some(pack), false) = (&loaded.pack, broken) {
                let text = format!(
                    "{} {}: {} rules, {} tests, no errors\n",
                    pack.name,
                    pack.version,
                    pack.rule_ids().count(),
                    pack.trials().len()
                );
                target.write(|out| out.write_all(text.as_bytes()))?;
            }
        }
    }
    if broken {
        return Err(Error::Rules(loaded.diagnostics));
    }
    Ok(Outcome::Done)
}

fn test(options: &Options) -> Result<Outcome, Error> {
    let loaded = packs::load(options.path.as_deref(), &options.overlay);
    let Some(pack) = &loaded.pack else {
        options.shown.show(&loaded.diagnostics, &loaded.sources);
        return Err(Error::Rules(loaded.diagnostics));
    };
    let mut by_module: BTreeMap<&str, BTreeMap<&str, String>> = BTreeMap::new();
    let mut failures = String::new();
    let (mut passed, mut failed) = (0, 0);
    for trial in pack.trials() {
        let outcome = trials::run(trial, pack, &loaded.sources);
        let dots = by_module
            .entry(&trial.module)
            .or_default()
            .entry(trial.rule.as_deref().unwrap_or("cases"))
            .or_default();
        if outcome.passed() {
            passed += 1;
            dots.push('.');
        } else {
            failed += 1;
            dots.push('F');
            let place = &trial.place;
            let _ = writeln!(
                failures,
                "FAIL {} {} ({}:{}:{})",
                trial.rule.as_deref().unwrap_or(&trial.module),
                diag::render::printable(&trial.name),
                diag::render::printable(&place.path),
                place.line,
                place.column
            );
            for difference in outcome.differences {
                let _ = writeln!(failures, "     {}", diag::render::printable(&difference));
            }
        }
    }
    let mut text = String::new();
    for (module, rules) in by_module {
        let shown: Vec<String> = rules
            .iter()
            .map(|(rule, dots)| format!("{rule} {dots}"))
            .collect();
        let _ = writeln!(text, "{module}  {}", shown.join("  "));
    }
    text.push_str(&failures);
    let _ = writeln!(text, "{passed} passed, {failed} failed");
    options
        .shown
        .target()
        .write(|out| out.write_all(text.as_bytes()))?;
    Ok(if failed == 0 {
        Outcome::Done
    } else {
        Outcome::GateFailed
    })
}
