//! Three-valued truth with reasons.
//!
//! True, false, or unknown for stated reasons; Kleene logic: `all` is the minimum, `any` the
//! maximum, `not` swaps. Absence of a test is unknown, never false.

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

/// A set of reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Reasons(u8);

impl Reasons {
    /// Adds a reason.
    pub fn insert(&mut self, reason: Reason) {
        self.0 |= 1 << reason as u8;
    }

    /// The reasons in the order of their declaration.
    pub fn iter(self) -> impl Iterator<Item = Reason> {
        Reason::ALL
            .into_iter()
            .map(|(reason, _)| reason)
            .filter(move |reason| self.0 & (1 << *reason as u8) != 0)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether all of these are among `others`.
    #[must_use]
    pub fn is_subset(self, others: Self) -> bool {
        self.0 & !others.0 == 0
    }

    /// These and those.
    #[must_use]
    pub fn union(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }
}

impl FromIterator<Reason> for Reasons {
    fn from_iter<I: IntoIterator<Item = Reason>>(reasons: I) -> Self {
        let mut out = Self::default();
        for reason in reasons {
            out.insert(reason);
        }
        out
    }
}

/// A truth value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// It is not known, and why.
    Unknown(Reasons),
}

impl Truth {
    /// Unknown for one reason.
    #[must_use]
    pub fn unknown(reason: Reason) -> Self {
        Self::Unknown(Reasons::from_iter([reason]))
    }

    /// True or false.
    #[must_use]
    pub fn from_bool(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }

    /// Whether it is true.
    #[must_use]
    pub fn is_true(self) -> bool {
        self == Self::True
    }

    /// Whether it is false.
    #[must_use]
    pub fn is_false(self) -> bool {
        self == Self::False
    }

    /// Whether it is unknown.
    #[must_use]
    pub fn is_unknown(self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    /// `true`, `false` or `unknown`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::True => "true",
            Self::False => "false",
            Self::Unknown(_) => "unknown",
        }
    }

    /// 0 for true, 1 for false, 2 for unknown.
    #[must_use]
    pub fn index(self) -> usize {
        match self {
            Self::True => 0,
            Self::False => 1,
            Self::Unknown(_) => 2,
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
    pub fn all(values: impl IntoIterator<Item = Self>) -> Self {
        let mut open: Option<Reasons> = None;
        for value in values {
            match value {
                Self::True => {}
                Self::False => return Self::False,
                Self::Unknown(why) => open = Some(open.unwrap_or_default().union(why)),
            }
        }
        open.map_or(Self::True, Self::Unknown)
    }

    /// True when one is true, false when all are false.
    pub fn any(values: impl IntoIterator<Item = Self>) -> Self {
        // `all` of the opposites, turned.
        Self::all(values.into_iter().map(Self::negate)).negate()
    }

    /// True when at least `n` are true, false when too few can still become true.
    pub fn at_least(n: usize, values: impl IntoIterator<Item = Self>) -> Self {
        let (mut yes, mut open, mut reasons) = (0, 0, Reasons::default());
        for value in values {
            match value {
                Self::True => {
                    yes += 1;
                    if yes == n {
                        return Self::True;
                    }
                }
                Self::False => {}
                Self::Unknown(why) => {
                    open += 1;
                    reasons = reasons.union(why);
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
        assert_eq!(Truth::all([t, u]), u);
        assert_eq!(Truth::all([f, u]), f);
        assert_eq!(Truth::any([t, u]), t);
        assert_eq!(Truth::any([f, u]), u);
        assert_eq!(u.negate(), u);
        assert_eq!(Truth::all([]), t);
        assert_eq!(Truth::any([]), f);
    }

    #[test]
    fn counting_is_exact() {
        let (t, f, u) = (Truth::True, Truth::False, Truth::unknown(REASON));
        assert_eq!(Truth::at_least(2, [t, t, u]), t);
        assert_eq!(Truth::at_least(2, [t, f, f]), f);
        assert_eq!(Truth::at_least(2, [t, u, f]), u);
        assert_eq!(Truth::at_least(0, []), t);
    }
}
