//! Reads the files of a pack, all of them, whatever is wrong with one.

use std::collections::BTreeSet;

use crate::diag::{Code, Diagnostic};
use crate::rules::overlay;
use crate::rules::raw::{
    RawCases, RawFile, RawInvariants, RawManifest, RawModule, RawOverlay, RawTable,
};
use crate::source::{SourceId, Sources};
use crate::yaml::{self, Decoder, Spanned};

/// Where the files of a pack come from.
pub trait PackFiles {
    /// The bytes of the file at this path inside the pack, with forward slashes.
    ///
    /// # Errors
    /// Says why the file cannot be read.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;

    /// The path to print for it.
    fn shown(&self, path: &str) -> String;
}

/// The decoded files of a pack.
#[derive(Debug, Default)]
pub(crate) struct RawPack {
    pub(crate) manifest: Option<RawManifest>,
    pub(crate) tables: Vec<RawTable>,
    pub(crate) modules: Vec<RawModule>,
    pub(crate) cases: Vec<RawCases>,
    pub(crate) invariants: Vec<RawInvariants>,
    /// Names of the overlays that were applied.
    pub(crate) overlays: Vec<String>,
    /// Overlays that were read and not applied yet.
    pub(crate) waiting: Vec<RawOverlay>,
}

/// A file laid over a pack.
#[derive(Debug, Clone)]
pub struct OverlayFile {
    /// The path to print for it.
    pub shown: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Reads overlays and applies them in the order given.
pub(crate) fn overlay(
    files: &[OverlayFile],
    sources: &mut Sources,
    pack: &mut RawPack,
    out: &mut Vec<Diagnostic>,
) {
    for file in files {
        let (tables, modules) = (pack.tables.len(), pack.modules.len());
        decode_file(&file.shown, &file.bytes, sources, pack, out);
        if pack.tables.len() + pack.modules.len() > tables + modules {
            out.push(
                Diagnostic::error(
                    Code::OverlayMismatch,
                    format!("`{}` is no overlay", file.shown),
                )
                .help("an overlay starts with `kind: overlay` and says what it `extends`"),
            );
        }
    }
    for waiting in std::mem::take(&mut pack.waiting) {
        overlay::apply(waiting, pack, out);
    }
}

/// The file every pack starts from.
pub(crate) const MANIFEST: &str = "pack.yaml";

/// Reads the manifest and everything it includes.
pub(crate) fn load(
    files: &dyn PackFiles,
    sources: &mut Sources,
    out: &mut Vec<Diagnostic>,
) -> RawPack {
    let mut pack = RawPack::default();
    match files.read(MANIFEST) {
        Ok(bytes) => decode_file(&files.shown(MANIFEST), &bytes, sources, &mut pack, out),
        Err(why) => {
            out.push(
                Diagnostic::error(
                    Code::BadInclude,
                    format!(
                        "no rule pack: `{}` cannot be read: {why}",
                        files.shown(MANIFEST)
                    ),
                )
                .help("a pack is a folder with a `pack.yaml` (kind: pack) that lists its files"),
            );
            return pack;
        }
    }
    let included = pack
        .manifest
        .as_ref()
        .map(|m| m.include.clone())
        .unwrap_or_default();
    let mut seen = BTreeSet::from([MANIFEST.to_owned()]);
    for path in included {
        if !stays_inside(&path.value) {
            out.push(bad_include(
                &path,
                "leads out of the pack",
                "list files below the folder of pack.yaml",
            ));
        } else if !seen.insert(path.value.clone()) {
            out.push(bad_include(
                &path,
                "is included twice",
                "keep one of the two",
            ));
        } else {
            match files.read(&path.value) {
                Ok(bytes) => {
                    decode_file(&files.shown(&path.value), &bytes, sources, &mut pack, out);
                }
                Err(why) => out.push(bad_include(
                    &path,
                    &format!("cannot be read: {why}"),
                    "check the path",
                )),
            }
        }
    }
    pack
}

fn stays_inside(path: &str) -> bool {
    !path.is_empty()
        && !path.starts_with('/')
        && !path.contains('\\')
        && !path.contains(':')
        && path
            .split('/')
            .all(|part| !part.is_empty() && part != "." && part != "..")
}

fn bad_include(path: &Spanned<String>, why: &str, help: &str) -> Diagnostic {
    Diagnostic::error(Code::BadInclude, format!("`{}` {why}", path.value))
        .at(path.place.clone(), "included here")
        .help(help)
}

/// Decodes one file into the pack.
pub(crate) fn decode_file(
    shown: &str,
    bytes: &[u8],
    sources: &mut Sources,
    pack: &mut RawPack,
    out: &mut Vec<Diagnostic>,
) {
    let Some(id) = add(shown, bytes, sources, out) else {
        return;
    };
    let source = sources.get(id);
    let Some(node) = yaml::parse(source, out) else {
        return;
    };
    let mut decoder = Decoder { source, out };
    match RawFile::decode(&mut decoder, &node) {
        Some(RawFile::Pack(manifest)) if pack.manifest.is_none() => pack.manifest = Some(*manifest),
        Some(RawFile::Pack(second)) => out.push(
            Diagnostic::error(Code::Duplicate, "a second file of kind `pack`")
                .at(second.name.place, "one pack has one manifest"),
        ),
        Some(RawFile::Table(table)) => pack.tables.push(table),
        Some(RawFile::Rules(module)) => pack.modules.push(module),
        Some(RawFile::Cases(cases)) => pack.cases.push(cases),
        Some(RawFile::Invariants(invariants)) => pack.invariants.push(invariants),
        Some(RawFile::Overlay(overlay)) => pack.waiting.push(*overlay),
        None => {}
    }
}

fn add(
    shown: &str,
    bytes: &[u8],
    sources: &mut Sources,
    out: &mut Vec<Diagnostic>,
) -> Option<SourceId> {
    match sources.add(shown, bytes) {
        Ok(id) => Some(id),
        Err(diagnostic) => {
            out.push(*diagnostic);
            None
        }
    }
}
