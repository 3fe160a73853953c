//! `fusedx rules check --fix`: mends what has one safe answer.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::diag::Fix;
use crate::error::Error;
use crate::rules::Loaded;

use super::rewrite;

/// Applies every fix of the files on disk and says what was done.
pub(super) fn mend(loaded: &Loaded) -> Result<String, Error> {
    let mut by_file: BTreeMap<String, Vec<&Fix>> = BTreeMap::new();
    for diagnostic in &loaded.diagnostics {
        if let Some(fix) = &diagnostic.fix {
            by_file
                .entry(fix.place.path.to_string())
                .or_default()
                .push(fix);
        }
    }
    let mut out = String::new();
    for (path, mut fixes) in by_file {
        // The built-in pack has no file to write to.
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        let mut mended = text.clone();
        fixes.sort_by_key(|fix| std::cmp::Reverse((fix.place.line, fix.place.column)));
        for fix in fixes {
            let Some(range) = fix.place.span.map(crate::source::Span::range) else {
                continue;
            };
            // Only what is still there, byte for byte, is replaced.
            let Some(old) = mended
                .get(range.clone())
                .filter(|old| *old == fix.place.text)
            else {
                continue;
            };
            let _ = writeln!(
                out,
                "{path}:{}:{}: {old} -> {}",
                fix.place.line, fix.place.column, fix.text
            );
            mended.replace_range(range, &fix.text);
        }
        if mended != text {
            rewrite(Path::new(&path), &mended)?;
        }
    }
    Ok(out)
}
