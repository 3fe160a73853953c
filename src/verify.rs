//! Compares a sample with what its author expects of it: the decisions first, then flags and drugs, then the
//! facts that must and must not be read.
//!
//! ```yaml
//! format: 1
//! kind: expected
//! about: the published case this sample is written from
//! as_of: 2022-08-01
//! region: us
//! decisions:
//!   dx: {value: imt_alk, settled: true}
//!   alk_tki: candidate
//! flags: [label_vs_alk]
//! therapy:
//!   crizotinib: {us: on_label}
//! facts:
//!   only: true                               # nothing else may be read
//!   read:
//!     - {fusion: "IGFBP5::ALK", status: detected}
//!   not_read:
//!     - {ihc: ALK, status: negative}
//! ```
//!
//! A fact is told by its kind and name; further keys are those of the JSON form of facts, so that a new kind of fact
//! needs nothing here. Differences are diagnostics, and whatever shows diagnostics shows them.

mod accept;
mod compare;
mod expected;
mod facts;

pub use accept::accepted;
pub use compare::differences;
pub use expected::Expected;

use crate::diag::Diagnostic;

/// How one sample ended.
#[derive(Debug)]
pub struct Verified {
    /// The sample: a folder, or a file with an expectation beside it.
    pub name: String,
    /// What it came to.
    pub outcome: Outcome,
}

/// What became of a sample.
#[derive(Debug)]
pub enum Outcome {
    /// As expected.
    AsExpected,
    /// Something differs; by decision first, then flags and drugs, then facts by place.
    Differs(Vec<Diagnostic>),
    /// The sample or its expectation cannot be read.
    Unreadable(Vec<Diagnostic>),
    /// The expectation was written anew.
    Accepted,
}

impl Outcome {
    /// The outcome in one word, as in JSON.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::AsExpected => "as_expected",
            Self::Differs(_) => "differs",
            Self::Unreadable(_) => "unreadable",
            Self::Accepted => "accepted",
        }
    }

    /// What is to be said about it.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            Self::Differs(list) | Self::Unreadable(list) => list,
            Self::AsExpected | Self::Accepted => &[],
        }
    }
}
