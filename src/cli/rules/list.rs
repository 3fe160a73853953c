//! `fusedx rules list` and `fusedx rules show`

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;

use crate::cli::{Outcome, Shown};
use crate::diag::near_name;
use crate::error::Error;

use super::Of;

#[derive(Debug, Args)]
pub(in crate::cli) struct Options {
    #[command(flatten)]
    of: Of,
    /// Only this kind: decision, finding, invariant, rule or table.
    #[arg(long, value_parser = ["decision", "finding", "invariant", "rule", "table"])]
    kind: Option<String>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ShowOptions {
    /// Name of a rule, finding, decision, table or invariant.
    name: String,
    /// A folder with a pack.yaml (default: the pack built into the program).
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,
    /// A laboratory's own additions, laid over the pack (may be given several times).
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
    #[command(flatten)]
    shown: Shown,
}

pub(super) fn run(options: &Options) -> Result<Outcome, Error> {
    let (pack, _) = options.of.sound()?;
    let mut out = String::new();
    let mut last = "";
    for entry in pack.entries() {
        if options
            .kind
            .as_deref()
            .is_some_and(|kind| kind != entry.kind)
        {
            continue;
        }
        if entry.kind != last {
            let _ = writeln!(
                out,
                "{}{}s",
                if last.is_empty() { "" } else { "\n" },
                entry.kind
            );
            last = entry.kind;
        }
        let _ = writeln!(out, "  {:24} {}", entry.name, entry.text);
    }
    options.of.write(&out)?;
    Ok(Outcome::Done)
}

pub(super) fn show(options: &ShowOptions) -> Result<Outcome, Error> {
    let of = Of {
        path: options.path.clone(),
        overlay: options.overlay.clone(),
        shown: options.shown.clone(),
    };
    let (pack, _) = of.sound()?;
    let Some(text) = pack.described(&options.name) else {
        let entries = pack.entries();
        let near = near_name(&options.name, entries.iter().map(|e| e.name.as_str()))
            .map(|n| format!(", did you mean `{n}`?"))
            .unwrap_or_default();
        return Err(Error::Usage(format!(
            "the pack has nothing named `{}`{near}",
            options.name
        )));
    };
    of.write(&text)?;
    Ok(Outcome::Done)
}
