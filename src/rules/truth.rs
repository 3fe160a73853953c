//! Three-valued truth with reasons.
//!
//! True, false, or unknown for stated reasons; Kleene logic: `all` is the minimum, `any` the
//! maximum, `not` swaps. Absence of a test is unknown, never false.

use std::collections::BTreeSet;

use serde::Serialize;

/// Why something is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// No such test is on record.
    NotTested,
    /// The report does not say.
    NotStated,
    /// The result is awaited.
    Pending,
    /// The test gave no result.
    Failed,
    /// The result is neither.
    Equivocal,
    /// Two current results differ.
    Conflicting,
    /// A finding whose meaning is open: order of partners, frame or kinase domain in doubt.
    Unresolved,
}

impl Reason {
    /// Every reason with its name in rules and JSON.
    pub const ALL: [(Self, &str); 7] = [
        (Self::NotTested, "not_tested"),
        (Self::NotStated, "not_stated"),
        (Self::Pending, "pending"),
        (Self::Failed, "failed"),
        (Self::Equivocal, "equivocal"),
        (Self::Conflicting, "conflicting"),
        (Self::Unresolved, "unresolved"),
    ];

    /// The name in rules and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(reason, _)| *reason == self)
            .map_or("", |(_, name)| name)
    }
}

/// A truth value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// It is not known, and why.
    Unknown(BTreeSet<Reason>),
}

impl Truth {
    /// Unknown for one reason.
    #[must_use]
    pub fn unknown(reason: Reason) -> Self {
        Self::Unknown(BTreeSet::from([reason]))
    }

    /// True or false.
    #[must_use]
    pub fn from_bool(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }

    /// Whether it is true.
    #[must_use]
    pub fn is_true(&self) -> bool {
        *self == Self::True
    }

    /// Whether it is false.
    #[must_use]
    pub fn is_false(&self) -> bool {
        *self == Self::False
    }

    /// Whether it is unknown.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    /// `true`, `false` or `unknown`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::True => "true",
            Self::False => "false",
            Self::Unknown(_) => "unknown",
        }
    }

    /// The opposite; unknown stays unknown.
    #[must_use]
    pub fn negate(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            unknown @ Self::Unknown(_) => unknown,
        }
    }

    /// True when all are true, false when one is false.
    pub fn all<'a>(values: impl IntoIterator<Item = &'a Self>) -> Self {
        let values: Vec<&Self> = values.into_iter().collect();
        let n = values.len();
        Self::at_least(n, values)
    }

    /// True when one is true, false when all are false.
    pub fn any<'a>(values: impl IntoIterator<Item = &'a Self>) -> Self {
        Self::at_least(1, values)
    }

    /// True when at least `n` are true, false when too few can still become true.
    pub fn at_least<'a>(n: usize, values: impl IntoIterator<Item = &'a Self>) -> Self {
        let (mut yes, mut open, mut reasons) = (0, 0, BTreeSet::new());
        for value in values {
            match value {
                Self::True => yes += 1,
                Self::False => {}
                Self::Unknown(why) => {
                    open += 1;
                    reasons.extend(why);
                }
            }
        }
        if yes >= n {
            Self::True
        } else if yes + open < n {
            Self::False
        } else {
            Self::Unknown(reasons)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REASON: Reason = Reason::NotTested;

    #[test]
    fn kleene_tables() {
        let (t, f, u) = (Truth::True, Truth::False, Truth::unknown(REASON));
        assert_eq!(Truth::all([&t, &u]), u);
        assert_eq!(Truth::all([&f, &u]), f);
        assert_eq!(Truth::any([&t, &u]), t);
        assert_eq!(Truth::any([&f, &u]), u);
        assert_eq!(u.clone().negate(), u);
        assert_eq!(Truth::all([]), t);
        assert_eq!(Truth::any([]), f);
    }

    #[test]
    fn counting_is_exact() {
        let (t, f, u) = (Truth::True, Truth::False, Truth::unknown(REASON));
        assert_eq!(Truth::at_least(2, [&t, &t, &u]), t);
        assert_eq!(Truth::at_least(2, [&t, &f, &f]), f);
        assert_eq!(Truth::at_least(2, [&t, &u, &f]), u);
        assert_eq!(Truth::at_least(0, []), t);
    }
}
