//! `fusedx rules fmt`

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::{Outcome, Shown};
use crate::error::Error;
use crate::rules::layout;

use super::rewrite;

#[derive(Debug, Args)]
pub(in crate::cli) struct Options {
    /// Rule files, or folders of them.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Change nothing; fail when a file is not in order.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    shown: Shown,
}

pub(super) fn run(options: &Options) -> Result<Outcome, Error> {
    let mut files = Vec::new();
    for path in &options.paths {
        collect(path, &mut files)?;
    }
    files.sort();
    let mut out = String::new();
    let (mut changed, mut refused) = (0, 0);
    for path in files {
        let Ok(text) = fs::read_to_string(&path) else {
            let _ = writeln!(out, "{} is not text and was left alone", path.display());
            refused += 1;
            continue;
        };
        let Some(ordered) = layout::ordered(&text) else {
            let _ = writeln!(
                out,
                "{} is no sound YAML and was left alone",
                path.display()
            );
            refused += 1;
            continue;
        };
        if ordered == text {
            continue;
        }
        changed += 1;
        let does = if options.check {
            "would change"
        } else {
            "changed"
        };
        let _ = writeln!(out, "{does} {}", path.display());
        if !options.check {
            rewrite(&path, &ordered)?;
        }
    }
    let _ = writeln!(
        out,
        "{changed} files {}",
        if options.check {
            "not in order"
        } else {
            "changed"
        }
    );
    let target = options.shown.target();
    target.write(|o| o.write_all(out.as_bytes()))?;
    Ok(if refused > 0 || (options.check && changed > 0) {
        Outcome::GateFailed
    } else {
        Outcome::Done
    })
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    let failed =
        |e: std::io::Error| Error::Usage(format!("`{}` cannot be read: {e}", path.display()));
    if !fs::metadata(path).map_err(failed)?.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path).map_err(failed)? {
        let entry = entry.map_err(failed)?.path();
        let yaml = entry.extension().is_some_and(|e| e == "yaml" || e == "yml");
        if entry.is_dir() || yaml {
            collect(&entry, files)?;
        }
    }
    Ok(())
}
