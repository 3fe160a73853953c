//! What the manifest says: versions, the tables it names, the rules it locks.

use semver::{Version, VersionReq};

use super::{Checker, LABELS, SAFETY, TESTS};
use crate::diag::{Code, Diagnostic};
use crate::rules::raw::RawManifest;
use crate::rules::{guide, vocabulary};

impl Checker<'_> {
    pub(super) fn manifest(&mut self, manifest: &RawManifest) {
        for (name, columns) in [
            (&manifest.labels, LABELS),
            (&manifest.safety, SAFETY),
            (&manifest.tests, TESTS),
        ] {
            if let Some(name) = name
                && let Some(table) = vocabulary::find(self.tables, name, self.out)
            {
                vocabulary::has_columns(table, columns, name, self.out);
            }
        }
        guide::check(manifest, self.tables, self.out);
        if Version::parse(&manifest.version.value).is_err() {
            self.out.push(
                Diagnostic::error(
                    Code::UnknownValue,
                    format!("`{}` is no version", manifest.version.value),
                )
                .at(
                    manifest.version.place.clone(),
                    "expected a semantic version such as 1.2.0",
                ),
            );
        }
        self.engine(manifest);
        for rule in &manifest.locked {
            self.known_name(
                Code::UnknownReference,
                "rule",
                rule,
                &self.names.rules,
                "in this pack",
            );
        }
    }

    fn engine(&mut self, manifest: &RawManifest) {
        let Some(engine) = &manifest.engine else {
            return;
        };
        let own = env!("CARGO_PKG_VERSION");
        match VersionReq::parse(&engine.value) {
            Err(_) => self.out.push(
                Diagnostic::error(
                    Code::UnknownValue,
                    format!("`{}` is no range of versions", engine.value),
                )
                .at(engine.place.clone(), "expected a range such as \">=0.1, <0.3\""),
            ),
            Ok(range) if Version::parse(own).is_ok_and(|v| !range.matches(&v)) => self.out.push(
                Diagnostic::error(
                    Code::EngineMismatch,
                    format!("the pack is written for fusedx {}, this is {own}", engine.value),
                )
                .at(engine.place.clone(), "this program is outside the range")
                .help("use a fusedx of this range, or test the pack with this one and widen the range"),
            ),
            Ok(_) => {}
        }
    }
}
