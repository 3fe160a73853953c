//! Inputs from paths, folders and standard input, as sources of one case.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::diag::{Code, Diagnostic};
use crate::error::Error;
use crate::source::{Limits, Sources, too_large};

use super::{Common, Shown};

/// The file of a sample that says what is expected of it. It is no part of the case.
pub(super) const EXPECTED: &str = "expected.yaml";

/// Whether a file holds what is expected of a sample: `expected.yaml` or `NAME.expected.yaml`.
pub(super) fn is_expectation(path: &Path) -> bool {
    path.file_name().is_some_and(|name| {
        let name = name.to_string_lossy();
        name == EXPECTED || name.ends_with(".expected.yaml")
    })
}

/// The inputs of one case.
#[derive(Debug)]
pub(super) struct Inputs {
    /// A name for the case: the first path without its ending, `stdin` for standard input.
    pub(super) id: String,
    pub(super) sources: Sources,
    /// What was left out of folders, and why.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Reads all paths. `-` is standard input; a folder stands for the files in it.
pub(super) fn gather(paths: &[PathBuf], common: &Common) -> Result<Inputs, Error> {
    let mut gatherer = Gatherer {
        limits: Limits {
            case_bytes: common.max_bytes,
            ..Limits::default()
        },
        sources: Sources::default(),
        notes: Vec::new(),
        errors: Vec::new(),
    };
    gatherer.sources = Sources::new(gatherer.limits);
    for path in paths {
        gatherer.path(path);
    }
    gatherer.finish(paths, &common.shown)
}

struct Gatherer {
    limits: Limits,
    sources: Sources,
    notes: Vec<Diagnostic>,
    errors: Vec<Diagnostic>,
}

impl Gatherer {
    fn path(&mut self, path: &Path) {
        if path == Path::new("-") {
            self.add("<stdin>", io::stdin().lock(), Missing::Error);
            return;
        }
        match fs::metadata(path) {
            Ok(meta) if meta.is_dir() => self.folder(path),
            Ok(_) => self.file(path, Missing::Error),
            Err(error) => self.unreadable(path, &error, Missing::Error),
        }
    }

    /// Every readable file of a folder, by name; what is left out is said.
    fn folder(&mut self, path: &Path) {
        let mut entries: Vec<PathBuf> = match fs::read_dir(path) {
            Ok(entries) => entries.filter_map(Result::ok).map(|e| e.path()).collect(),
            Err(error) => return self.unreadable(path, &error, Missing::Error),
        };
        entries.sort();
        let before = self.sources.iter().count();
        for entry in entries {
            let hidden = entry
                .file_name()
                .is_some_and(|n| n.to_string_lossy().starts_with('.'));
            if hidden || is_expectation(&entry) {
                continue;
            }
            if entry.is_dir() {
                let message = format!(
                    "`{}` is a folder inside the case and was not entered",
                    entry.display()
                );
                self.notes.push(Diagnostic::warning(Code::LeftOut, message));
            } else {
                self.file(&entry, Missing::LeaveOut);
            }
        }
        if self.sources.iter().count() == before {
            self.errors.push(
                Diagnostic::error(
                    Code::EmptyFolder,
                    format!("`{}` holds no file that can be read", path.display()),
                )
                .help("a folder is one case: put its reports and tables in it as text files"),
            );
        }
    }

    fn file(&mut self, path: &Path, missing: Missing) {
        match File::open(path) {
            Ok(file) => self.add(&path.display().to_string(), file, missing),
            Err(error) => self.unreadable(path, &error, missing),
        }
    }

    fn add(&mut self, shown: &str, reader: impl Read, missing: Missing) {
        let limit = self.limits.case_bytes;
        let mut bytes = Vec::new();
        // One byte more than allowed tells that there is more, whatever the file claims to be.
        let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        if let Err(error) = reader.take(most).read_to_end(&mut bytes) {
            return self.unreadable(Path::new(shown), &error, missing);
        }
        if bytes.len() > limit {
            self.errors.push(too_large(shown, bytes.len(), limit));
            return;
        }
        if let Err(diagnostic) = self.sources.add(shown, &bytes) {
            match missing {
                Missing::LeaveOut if diagnostic.code == Code::NotText => {
                    self.notes
                        .push(Diagnostic::warning(Code::LeftOut, diagnostic.message));
                }
                _ => self.errors.push(*diagnostic),
            }
        }
    }

    fn unreadable(&mut self, path: &Path, error: &io::Error, missing: Missing) {
        let message = format!("`{}` cannot be read: {error}", path.display());
        match missing {
            Missing::Error => self
                .errors
                .push(Diagnostic::error(Code::Unreadable, message).help(
                    "check the path and the permission to read it; `-` reads standard input",
                )),
            Missing::LeaveOut => self.notes.push(Diagnostic::warning(Code::LeftOut, message)),
        }
    }

    fn finish(self, paths: &[PathBuf], shown: &Shown) -> Result<Inputs, Error> {
        if !self.errors.is_empty() {
            shown.show(&self.errors, &self.sources);
            return Err(Error::Input(self.errors));
        }
        let stem = paths.first().and_then(|path| path.file_stem());
        let id = match stem {
            Some(stem) if stem != "-" => stem.to_string_lossy().into_owned(),
            Some(_) => "stdin".to_owned(),
            None => "case".to_owned(),
        };
        Ok(Inputs {
            id,
            sources: self.sources,
            diagnostics: self.notes,
        })
    }
}

/// What to do with a file that cannot be read.
#[derive(Clone, Copy)]
enum Missing {
    /// It was asked for by name.
    Error,
    /// It only lay in a folder.
    LeaveOut,
}
