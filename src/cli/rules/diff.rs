//! `fusedx rules diff`: what two packs say of the same cases.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::case::Case;
use crate::cli::{Outcome, Shown, packs};
use crate::error::Error;
use crate::pipeline::{self, ReadOptions};
use crate::rules::{Asked, Assessment, Pack};
use crate::source::{Limits, Sources};
use crate::trials;

#[derive(Debug, Args)]
pub(in crate::cli) struct Options {
    /// The pack as it was: a folder, or `built-in`.
    old: PathBuf,
    /// The pack as it is: a folder, or `built-in`.
    new: PathBuf,
    /// Reports, or folders of reports, one case each (default: the tests of both packs).
    samples: Vec<PathBuf>,
    /// A laboratory's own additions, laid over the new pack.
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
    #[command(flatten)]
    shown: Shown,
}

pub(super) fn run(options: &Options) -> Result<Outcome, Error> {
    let load = |path: &Path, overlays: &[PathBuf]| {
        let path = Some(path).filter(|p| *p != Path::new("built-in"));
        let loaded = packs::load(path, overlays);
        if let Some(pack) = loaded.pack {
            Ok((pack, loaded.sources))
        } else {
            options.shown.show(&loaded.diagnostics, &loaded.sources);
            Err(Error::Rules(loaded.diagnostics))
        }
    };
    let (old, old_sources) = load(&options.old, &[])?;
    let (new, new_sources) = load(&options.new, &options.overlay)?;
    let (mut out, mut unread) = (String::new(), Vec::new());
    let (mut cases, mut changed) = (0, 0);
    let mut compare = |name: &str, before: &Case, after: &Case| {
        cases += 1;
        let before = old.assess(before, &Asked::default());
        let after = new.assess(after, &Asked::default());
        let differences = differences(&before, &after);
        if !differences.is_empty() {
            changed += 1;
            let _ = writeln!(out, "{name}  {}", differences.join("; "));
        }
    };
    if options.samples.is_empty() {
        // The texts of the tests, each once, read with the names of either pack.
        let mut named: BTreeMap<String, [Option<Case>; 2]> = BTreeMap::new();
        for (side, pack, sources) in [(0, &old, &old_sources), (1, &new, &new_sources)] {
            for (trial, case) in pack.trials().iter().zip(trials::cases(pack, sources)) {
                let rule = trial.rule.as_deref().unwrap_or(&trial.module);
                let name = format!("{rule} ({})", trial.name);
                named.entry(name).or_default()[side] = Some(case);
            }
        }
        for (name, sides) in &named {
            let [before, after] = sides;
            if let Some(any) = before.as_ref().or(after.as_ref()) {
                compare(
                    name,
                    before.as_ref().unwrap_or(any),
                    after.as_ref().unwrap_or(any),
                );
            }
        }
    } else {
        for path in samples(&options.samples)? {
            let name = path.display().to_string();
            let (Some(before), Some(after)) = (read(&path, &old), read(&path, &new)) else {
                unread.push(name);
                continue;
            };
            compare(&name, &before, &after);
        }
    }
    for name in unread {
        let _ = writeln!(out, "{name}  cannot be read as a case");
    }
    let text = format!("{changed} of {cases} cases change\n{out}");
    let target = options.shown.target();
    target.write(|o| o.write_all(text.as_bytes()))?;
    Ok(Outcome::Done)
}

/// Every file of the folders given, one case each.
fn samples(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let mut out = Vec::new();
    for path in paths {
        if path.is_dir() {
            let failed = |e: std::io::Error| {
                Error::Usage(format!("`{}` cannot be read: {e}", path.display()))
            };
            for entry in fs::read_dir(path).map_err(failed)? {
                out.push(entry.map_err(failed)?.path());
            }
        } else {
            out.push(path.clone());
        }
    }
    out.sort();
    Ok(out)
}

/// A file, or all files of a folder, as one case.
fn read(path: &Path, pack: &Pack) -> Option<Case> {
    let mut sources = Sources::new(Limits::default());
    let files = if path.is_dir() {
        let mut files: Vec<PathBuf> = fs::read_dir(path)
            .ok()?
            .filter_map(Result::ok)
            .map(|e| e.path())
            .filter(|p| p.is_file())
            .collect();
        files.sort();
        files
    } else {
        vec![path.to_owned()]
    };
    for file in files {
        let bytes = fs::read(&file).ok()?;
        sources.add(&file.display().to_string(), &bytes).ok()?;
    }
    let read = pipeline::read(&sources, pack.vocab(), &ReadOptions::default()).ok()?;
    Some(read.case)
}

/// Decisions first, then flags, then rules of the same outcome under another name.
fn differences(before: &Assessment, after: &Assessment) -> Vec<String> {
    let mut out = Vec::new();
    for now in &after.decisions {
        let Some(then) = before.decisions.iter().find(|d| d.name == now.name) else {
            out.push(format!("{} {} (new)", now.name, now.value));
            continue;
        };
        let settled = |d: &crate::rules::Decided| if d.settled { "" } else { " (not settled)" };
        if (&then.value, then.settled) != (&now.value, now.settled) {
            let by = if now.rules.is_empty() {
                String::new()
            } else {
                format!(" by {}", now.rules.join(", "))
            };
            out.push(format!(
                "{} {}{} -> {}{}{by}",
                now.name,
                then.value,
                settled(then),
                now.value,
                settled(now)
            ));
        }
    }
    for gone in &before.decisions {
        if !after.decisions.iter().any(|d| d.name == gone.name) {
            out.push(format!("{} {} (gone)", gone.name, gone.value));
        }
    }
    let codes = |a: &Assessment| -> Vec<String> {
        let mut codes: Vec<String> = a.flags.iter().map(|f| f.code.clone()).collect();
        codes.dedup();
        codes
    };
    let (then, now) = (codes(before), codes(after));
    let raised = now.iter().filter(|c| !then.contains(c));
    out.extend(raised.map(|code| format!("+flag {code}")));
    let dropped = then.iter().filter(|c| !now.contains(c));
    out.extend(dropped.map(|code| format!("-flag {code}")));
    out
}
