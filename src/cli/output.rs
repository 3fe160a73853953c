//! Where results go: standard output, or a file that appears whole or not at all.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::Error;

/// A place to write a result to.
#[derive(Debug)]
pub(super) struct Target(Option<PathBuf>);

impl Target {
    pub(super) fn new(path: Option<PathBuf>) -> Self {
        Self(path)
    }

    /// Writes a whole result. Nothing is left behind when it fails.
    pub(super) fn write(
        &self,
        make: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Error> {
        let mut buffer = Vec::new();
        make(&mut buffer).map_err(|source| self.failed(source))?;
        match &self.0 {
            None => {
                let mut out = io::stdout().lock();
                out.write_all(&buffer).and_then(|()| out.flush())
            }
            Some(path) => whole(path, &buffer),
        }
        .map_err(|source| self.failed(source))
    }

    /// Writes a result as it comes, for what is too large to hold. A file still appears whole or not at all.
    pub(super) fn stream<T, E: From<Error>>(
        &self,
        make: impl FnOnce(&mut dyn Write) -> Result<T, E>,
    ) -> Result<T, E> {
        let Some(path) = &self.0 else {
            let mut out = io::BufWriter::new(io::stdout().lock());
            let made = make(&mut out)?;
            return match out.flush() {
                Ok(()) => Ok(made),
                Err(source) => Err(self.failed(source).into()),
            };
        };
        let mut file = beside(path).map_err(|source| self.failed(source))?;
        let mut out = io::BufWriter::new(&mut file);
        let made = make(&mut out)?;
        out.flush().map_err(|source| self.failed(source))?;
        drop(out);
        keep(file, path).map_err(|source| self.failed(source))?;
        Ok(made)
    }

    pub(super) fn failed(&self, source: io::Error) -> Error {
        Error::Output {
            path: self.0.clone(),
            source,
        }
    }
}

fn whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = beside(path)?;
    file.write_all(bytes)?;
    keep(file, path)
}

/// A file with a temporary name in the folder of `path`, to be read by whom the user's mask allows, as any new file.
fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// Gives a complete file its name.
fn keep(file: NamedTempFile, path: &Path) -> io::Result<()> {
    file.as_file().sync_all()?;
    file.persist(path).map(drop).map_err(|e| e.error)
}
