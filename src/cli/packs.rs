//! Rule packs and overlays on disk.

use std::fs;
use std::path::{Path, PathBuf};

use crate::diag::{Code, Diagnostic};
use crate::rules::{Loaded, OverlayFile, Pack, PackFiles};
use crate::source::Sources;

/// A folder with a `pack.yaml`.
struct Folder(PathBuf);

impl PackFiles for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        fs::read(self.0.join(path)).map_err(|e| e.to_string())
    }

    fn shown(&self, path: &str) -> String {
        self.0.join(path).display().to_string()
    }
}

/// Loads the pack at `path` (the built-in one without) with overlays laid over it. The path is a
/// folder, its manifest, or one rule file that is checked as an addition to the built-in pack.
pub(super) fn load(path: Option<&Path>, overlays: &[PathBuf]) -> Loaded {
    let mut files = Vec::new();
    for path in overlays {
        match read(path) {
            Ok(file) => files.push(file),
            Err(loaded) => return loaded,
        }
    }
    let Some(path) = path else {
        return Pack::load_built_in_with(&files);
    };
    let manifest = path.file_name().is_some_and(|name| name == "pack.yaml");
    let folder = if manifest {
        path.parent()
    } else {
        Some(path).filter(|p| p.is_dir() || !p.exists())
    };
    match (folder, read(path)) {
        (Some(folder), _) => Pack::load_with(&Folder(folder.to_owned()), &files),
        (None, Ok(file)) => Pack::load_file(&file.shown, &file.bytes),
        (None, Err(loaded)) => loaded,
    }
}

fn read(path: &Path) -> Result<OverlayFile, Loaded> {
    let shown = path.display().to_string();
    match fs::read(path) {
        Ok(bytes) => Ok(OverlayFile { shown, bytes }),
        Err(error) => Err(Loaded {
            pack: None,
            sources: Sources::default(),
            diagnostics: vec![Diagnostic::error(
                Code::Unreadable,
                format!("`{shown}` cannot be read: {error}"),
            )],
        }),
    }
}
