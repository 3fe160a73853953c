//! The rule pack built into the program: the folder `rules/alk-imt` as it was at build time.

use include_dir::{Dir, include_dir};

use crate::rules::load::PackFiles;

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules/alk-imt");

/// Reads from the built-in folder.
pub(crate) struct Shipped;

impl PackFiles for Shipped {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        FILES
            .get_file(path)
            .map(|file| file.contents().to_vec())
            .ok_or_else(|| "not built in".to_owned())
    }

    fn shown(&self, path: &str) -> String {
        format!("rules/alk-imt/{path}")
    }
}
