//! Rule packs: load, check, compile, evaluate, explain.
//!
//! A pack is a folder of YAML files: a manifest (`pack.yaml`), tables, and rules. It goes through
//! four stages, each with its own types, so that an unchecked rule cannot be evaluated:
//!
//! | stage | module | from | to |
//! |---|---|---|---|
//! | load | `load`, `raw`, `condition`, `fact`, `overlay` | YAML | files as written, with places |
//! | check | `check`, `tables`, `vocabulary`, `order` | files | files that agree with each other |
//! | compile | `compile`, `program`, `index`, `therapy` | checked files | a program over indices |
//! | evaluate | `evaluate`, `solve`, `leaf`, `truth`, `trace`, `fill` | program and case | an assessment with traces |
//!
//! [`settle`] asks the evaluator what a further result would change, and `why` explains one rule.
//!
//! ```
//! use fusedx::rules::{Asked, Pack};
//! use fusedx::case::Case;
//!
//! let pack = Pack::built_in();
//! let assessment = pack.assess(&Case::default(), &Asked::default());
//! assert_eq!(assessment.decisions[0].value, "indeterminate");
//! ```

use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::case::Case;
use crate::course::Guide;
use crate::diag::{self, Diagnostic, Severity};
use crate::source::{Limits, Sources, hex};
use crate::vocab::Vocab;

mod check;
mod compile;
mod condition;
pub mod cover;
mod diagram;
pub mod evaluate;
mod fact;
mod fill;
pub mod guide;
mod index;
mod invariant;
pub mod layout;
mod leaf;
pub mod list;
mod load;
pub mod mutate;
mod order;
mod overlay;
mod program;
mod prove;
mod raw;
pub mod schema;
pub mod settle;
mod shipped;
mod solve;
mod space;
mod statics;
pub mod study;
mod tables;
pub mod therapy;
pub mod trace;
pub mod trial;
pub mod truth;
mod vocabulary;

pub use evaluate::{Assessment, Decided, Flag, FollowUp, RuleOutcome};
pub use load::{OverlayFile, PackFiles};
pub use raw::Hit;
pub use therapy::{Asked, Therapy};
pub use trace::{Trace, TraceKind};
pub use truth::{Reason, Reasons, Truth};

use guide::Feature;
use program::Program;
use trial::Trial;

/// A rule pack that was loaded, checked and compiled.
#[derive(Debug)]
pub struct Pack {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 over the paths and bytes of its files.
    pub sha256: String,
    checked: check::Checked,
    guide: Guide,
    features: Vec<Feature>,
    program: Arc<Program>,
    trials: Vec<Trial>,
}

/// What came of loading a pack.
#[derive(Debug)]
pub struct Loaded {
    /// The pack; none when anything is an error.
    pub pack: Option<Pack>,
    /// The rule files, for showing diagnostics.
    pub sources: Sources,
    /// Everything that is wrong or worth knowing.
    pub diagnostics: Vec<Diagnostic>,
}

impl Pack {
    /// Loads a pack; all problems of all files are reported.
    #[must_use]
    pub fn load(files: &dyn PackFiles) -> Loaded {
        Self::load_with(files, &[])
    }

    /// Loads a pack with overlays laid over it.
    #[must_use]
    pub fn load_with(files: &dyn PackFiles, overlays: &[OverlayFile]) -> Loaded {
        let mut sources = Sources::new(Limits::default());
        let mut out = Vec::new();
        let mut raw = load::load(files, &mut sources, &mut out);
        load::overlay(overlays, &mut sources, &mut raw, &mut out);
        Self::finish(raw, sources, out)
    }

    /// Checks one rule file on its own, as an addition to the built-in pack: its rules and tables are
    /// added, an overlay is laid over it.
    #[must_use]
    pub fn load_file(shown: &str, bytes: &[u8]) -> Loaded {
        let mut sources = Sources::new(Limits::default());
        let mut out = Vec::new();
        let mut single = load::RawPack::default();
        load::decode_file(shown, bytes, &mut sources, &mut single, &mut out);
        let mut base = load::load(&shipped::Shipped, &mut sources, &mut Vec::new());
        base.tables.extend(single.tables);
        base.modules.extend(single.modules);
        base.cases.extend(single.cases);
        base.invariants.extend(single.invariants);
        base.waiting.extend(single.waiting);
        load::overlay(&[], &mut sources, &mut base, &mut out);
        Self::finish(base, sources, out)
    }

    fn finish(mut raw: load::RawPack, sources: Sources, mut out: Vec<Diagnostic>) -> Loaded {
        let sha256 = fingerprint(&sources);
        let tables = tables::type_tables(std::mem::take(&mut raw.tables), &sources, &mut out);
        let compiled = check::check(raw, tables, &mut out).map(|checked| {
            let program = compile::compile(&checked);
            fill::check(&checked, &program, &mut out);
            (checked, program)
        });
        diag::sort(&mut out);
        let broken = out.iter().any(|d| d.severity == Severity::Error);
        let pack = compiled.filter(|_| !broken).map(|(checked, program)| Self {
            name: checked.manifest.name.value.clone(),
            version: version(&checked),
            sha256,
            program: Arc::new(program),
            guide: guide::guide(&checked),
            features: guide::features(&checked),
            trials: trial::collect(&checked),
            checked,
        });
        Loaded {
            pack,
            sources,
            diagnostics: out,
        }
    }

    /// Loads the built-in pack with overlays laid over it.
    #[must_use]
    pub fn load_built_in_with(overlays: &[OverlayFile]) -> Loaded {
        Self::load_with(&shipped::Shipped, overlays)
    }

    /// Loads the pack built into the program, with its sources and whatever is worth knowing of it.
    #[must_use]
    pub fn load_built_in() -> Loaded {
        Self::load(&shipped::Shipped)
    }

    /// The pack built into the program.
    ///
    /// # Panics
    /// When the shipped files are broken, which the tests of this crate rule out.
    #[must_use]
    pub fn built_in() -> Self {
        let loaded = Self::load(&shipped::Shipped);
        loaded
            .pack
            .expect("the shipped pack is checked by the tests of this crate")
    }

    /// The names the pack knows.
    #[must_use]
    pub fn vocab(&self) -> &Vocab {
        &self.checked.vocab
    }

    /// The names the pack knows, to add the symbols of a gene table to them.
    pub fn vocab_mut(&mut self) -> &mut Vocab {
        &mut self.checked.vocab
    }

    /// What a course is judged by.
    #[must_use]
    pub fn guide(&self) -> &Guide {
        &self.guide
    }

    /// Parts of proteins, for drawings.
    #[must_use]
    pub fn features(&self) -> &[Feature] {
        &self.features
    }

    /// Evaluates all rules over a case.
    #[must_use]
    pub fn assess(&self, case: &Case, asked: &Asked) -> Assessment {
        evaluate::evaluate(&self.program, case, asked)
    }

    /// The inline tests of the pack.
    #[must_use]
    pub fn trials(&self) -> &[Trial] {
        &self.trials
    }

    /// What differs from what a test expects when its case is assessed.
    #[must_use]
    pub fn differences(&self, trial: &Trial, case: &Case) -> Vec<String> {
        let solved = evaluate::solve(&self.program, case);
        trial.differences(&self.program, &solved, None)
    }

    /// What a test would have to expect to pass.
    #[must_use]
    pub fn corrections(&self, trial: &Trial, case: &Case) -> Vec<trial::Correction> {
        let solved = evaluate::solve(&self.program, case);
        trial.corrections(&self.program, &solved)
    }

    /// The ids of all rules, sorted.
    pub fn rule_ids(&self) -> impl Iterator<Item = &str> {
        self.program.rules.iter().map(|r| r.id.as_str())
    }

    /// A citation in words.
    #[must_use]
    pub fn citation(&self, id: &str) -> Option<&str> {
        self.program.cites.get(id).map(String::as_str)
    }

    /// What a flag code means, in words.
    #[must_use]
    pub fn flag_title(&self, code: &str) -> Option<&str> {
        self.program.flags.get(code).map(String::as_str)
    }

    /// The regions the pack knows drug labels of.
    #[must_use]
    pub fn regions(&self) -> Vec<&str> {
        self.program.therapy.regions()
    }
}

/// The version, with the overlays as build metadata (`1.2.0+site-example`).
fn version(checked: &check::Checked) -> String {
    let overlays: Vec<String> = checked
        .overlays
        .iter()
        .map(|name| name.replace('_', "-"))
        .collect();
    let version = &checked.manifest.version.value;
    if overlays.is_empty() {
        version.clone()
    } else {
        format!("{version}+{}", overlays.join("."))
    }
}

fn fingerprint(sources: &Sources) -> String {
    let mut files: Vec<(&str, &str)> = sources.iter().map(|s| (s.path(), s.sha256())).collect();
    files.sort_unstable();
    let mut digest = Sha256::new();
    for (path, sum) in files {
        // Only the name inside the pack counts, not where the pack lies on this machine.
        let name = path.rsplit('/').next().unwrap_or(path);
        digest.update(name.as_bytes());
        digest.update([0]);
        digest.update(sum.as_bytes());
        digest.update([0]);
    }
    hex(&digest.finalize())
}
