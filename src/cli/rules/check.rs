//! `fusedx rules check`

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::{Format, Outcome};
use crate::diag::{self, Diagnostic, Severity};
use crate::error::Error;
use crate::proofs::{self, Written};
use crate::render;
use crate::rules::study::Study;
use crate::trials;

use super::{Of, fix, rewrite};

#[derive(Debug, Args)]
pub(in crate::cli) struct Options {
    #[command(flatten)]
    of: Of,
    /// How to write the result.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Mend what is safe to mend, and show what was done.
    #[arg(long)]
    fix: bool,
    /// Print notes too: rules that can never be true together, tables that no rule asks.
    #[arg(long)]
    notes: bool,
    /// Write the case that breaks an invariant into this folder, one folder for each.
    #[arg(long, value_name = "DIR")]
    examples: Option<PathBuf>,
    /// Leave out the proofs and static checks.
    #[arg(long)]
    fast: bool,
}

pub(super) fn run(options: &Options) -> Result<Outcome, Error> {
    let mut loaded = options.of.load();
    if options.fix {
        let mended = fix::mend(&loaded)?;
        options.of.write(&mended)?;
        if mended.is_empty() {
            options.of.write("nothing to mend\n")?;
        } else {
            loaded = options.of.load();
        }
    }
    let mut summary = String::new();
    if let Some(pack) = &loaded.pack {
        let given = trials::check(pack, &loaded.sources);
        loaded.diagnostics.extend(given);
        if !options.fast {
            let study = pack.study();
            let _ = writeln!(summary, "{}", proved(&study));
            for proof in &study.claims {
                loaded.diagnostics.extend(proofs::refuted(proof, pack));
                if let Some(folder) = &options.examples
                    && let Some((written, _)) = proofs::counter_example(proof, pack)
                {
                    save(&folder.join(&proof.id), &written)?;
                }
            }
            loaded.diagnostics.extend(study.diagnostics);
        }
        diag::sort(&mut loaded.diagnostics);
    }
    let shown: Vec<Diagnostic> = loaded
        .diagnostics
        .iter()
        .filter(|d| options.notes || d.severity != Severity::Note)
        .cloned()
        .collect();
    let broken = shown.iter().any(|d| d.severity == Severity::Error);
    match options.format {
        Format::Json => {
            let target = options.of.shown.target();
            target.write(|out| render::json::diagnostics(out, &shown))?;
        }
        Format::Text => {
            options.of.shown.show(&shown, &loaded.sources);
            if let (Some(pack), false) = (&loaded.pack, broken) {
                let text = format!(
                    "{} {}: {} rules, {} tests, no errors\n{summary}",
                    pack.name,
                    pack.version,
                    pack.rule_ids().count(),
                    pack.trials().len()
                );
                options.of.write(&text)?;
            }
        }
    }
    if broken {
        return Err(Error::Rules(loaded.diagnostics));
    }
    Ok(Outcome::Done)
}

fn proved(study: &Study) -> String {
    let proved = study.claims.iter().filter(|c| c.refuted.is_none()).count();
    format!("{proved} invariants proved over {}", study.space)
}

fn save(folder: &Path, written: &Written) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(|source| Error::Output {
        path: Some(folder.to_owned()),
        source,
    })?;
    for (name, text) in written.files() {
        rewrite(&folder.join(name), text)?;
    }
    Ok(())
}
