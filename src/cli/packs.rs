//! Rule packs on disk.

use std::fs;
use std::path::{Path, PathBuf};

use crate::rules::PackFiles;

/// A folder with a `pack.yaml`.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }
}

impl PackFiles for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        fs::read(self.0.join(path)).map_err(|e| e.to_string())
    }

    fn shown(&self, path: &str) -> String {
        self.0.join(path).display().to_string()
    }
}
