//! Failures that stop the work, and the exit codes they end with.

use std::path::PathBuf;

use crate::diag::Diagnostic;

/// Work cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The rule pack is invalid.
    #[error("the rule pack cannot be used")]
    Rules(Vec<Diagnostic>),
    /// An input cannot be read, or rows were lost although all were asked for.
    #[error("the input cannot be used")]
    Input(Vec<Diagnostic>),
    /// The output cannot be written.
    #[error("cannot write {}: {source}", path.as_ref().map_or("the output".to_owned(), |p| format!("`{}`", p.display())))]
    Output {
        /// The file; none for standard output.
        path: Option<PathBuf>,
        /// What went wrong.
        source: std::io::Error,
    },
    /// The command line asks for something that does not exist.
    #[error("{0}")]
    Usage(String),
}

impl Error {
    /// The documented exit code.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Rules(_) => 3,
            Self::Input(_) => 4,
            Self::Output { .. } => 5,
        }
    }
}
