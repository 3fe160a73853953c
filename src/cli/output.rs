//! Where results go: standard output, or a file that appears whole or not at all.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

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

    fn failed(&self, source: io::Error) -> Error {
        Error::Output {
            path: self.0.clone(),
            source,
        }
    }
}

fn whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map(drop).map_err(|e| e.error)
}
