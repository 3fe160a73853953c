//! Problems found in inputs and rule files: collected as data, rendered elsewhere.
//!
//! A [`Diagnostic`] says what is wrong (`message`), where (`labels`, the first one is the primary
//! place), and what to do (`help`). It carries a stable [`Code`]. Nothing here prints; the text
//! layout lives in [`render`].
//!
//! Messages never quote names, numbers of patients or birth dates: they may be read by people who
//! may not read the report.

use serde::Serialize;

use crate::source::Place;

mod codes;
mod explain;
pub mod render;

pub use codes::Code;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing to do.
    Note,
    /// Something was left out, repaired or is doubtful: look at it.
    Warning,
    /// The input or rule file cannot be used as it is.
    Error,
}

/// A place with what is to be seen there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What is there; may be empty.
    pub text: String,
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code, for example `E012`.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// One line.
    pub message: String,
    /// The primary place first; further places where two statements conflict.
    pub labels: Vec<Label>,
    /// What to do about it.
    pub help: Option<String>,
    /// The one safe way to mend it, where there is one.
    pub fix: Option<Fix>,
}

/// A piece of a file and what should stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// The piece.
    pub place: Place,
    /// The text to put there.
    pub text: String,
}

impl Diagnostic {
    fn new(code: Code, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            labels: Vec::new(),
            help: None,
            fix: None,
        }
    }

    /// A problem that stops the use of the input.
    #[must_use]
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message)
    }

    /// Something left out, repaired or doubtful.
    #[must_use]
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message)
    }

    /// Something worth knowing.
    #[must_use]
    pub fn note(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Note, message)
    }

    /// Adds a place; the first one added is the primary place.
    #[must_use]
    pub fn at(mut self, place: Place, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            place,
            text: text.into(),
        });
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says how to mend it, when there is only one way.
    #[must_use]
    pub fn fix(mut self, place: Place, text: impl Into<String>) -> Self {
        self.fix = Some(Fix {
            place,
            text: text.into(),
        });
        self
    }

    /// The primary place.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        self.labels.first().map(|label| &label.place)
    }
}

/// Sorts by place, then code, and drops exact repeats, so that the order of discovery never shows.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| {
            d.place()
                .map(|p| (p.path.clone(), p.line, p.column))
                .unwrap_or_default()
        };
        key(a)
            .cmp(&key(b))
            .then_with(|| a.code.code().cmp(b.code.code()))
            .then_with(|| a.message.cmp(&b.message))
    });
    diagnostics.dedup();
}

/// The closest of `names` to `given`, if one is near enough to be meant.
#[must_use]
pub fn near_name<'a>(given: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let given = given.to_lowercase();
    names
        .into_iter()
        .map(|name| {
            (
                strsim::damerau_levenshtein(&given, &name.to_lowercase()),
                name,
            )
        })
        .filter(|(distance, name)| {
            *distance <= 1 + name.chars().count().min(given.chars().count()) / 4
        })
        .min_by_key(|(distance, name)| (*distance, *name))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::near_name;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let names = ["when", "conclude", "flag"];
        assert_eq!(near_name("wehn", names), Some("when"));
        assert_eq!(near_name("Flag", names), Some("flag"));
        assert_eq!(near_name("criteria", names), None);
    }
}
