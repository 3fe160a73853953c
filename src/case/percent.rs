//! Percentages as fixed decimals.

use serde::{Serialize, Serializer};

/// A percentage from 0 to 100 with two decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(u16);

impl Percent {
    /// 0 %.
    pub const ZERO: Self = Self(0);
    /// 100 %.
    pub const HUNDRED: Self = Self(10_000);

    /// Reads `30`, `3.5` or `0.25`; none for anything above 100 or that is no number.
    ///
    /// ```
    /// use fusedx::case::percent::Percent;
    /// assert_eq!(Percent::parse("3.5").unwrap().to_string(), "3.5");
    /// assert_eq!(Percent::parse("130"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |s: &str| s.chars().all(|c| c.is_ascii_digit());
        if whole.is_empty() || whole.len() > 3 || !digits(whole) || !digits(fraction) {
            return None;
        }
        let hundredths: String = fraction.chars().chain("00".chars()).take(2).collect();
        let hundredths = hundredths.parse::<u16>().ok()?;
        Self::whole(whole.parse().ok()?)?.plus(Self(hundredths))
    }

    /// A whole number of percent; none above 100.
    #[must_use]
    pub fn whole(value: u16) -> Option<Self> {
        (value <= 100).then(|| Self(value * 100))
    }

    /// `count` of `total`, rounded to two decimals; none when `total` is 0 or `count` is larger.
    #[must_use]
    pub fn of(count: u32, total: u32) -> Option<Self> {
        if total == 0 || count > total {
            return None;
        }
        let scaled = (u64::from(count) * 10_000 + u64::from(total) / 2) / u64::from(total);
        u16::try_from(scaled).ok().map(Self)
    }

    /// The percentage as a decimal number.
    #[must_use]
    pub fn decimal(self) -> rust_decimal::Decimal {
        rust_decimal::Decimal::new(i64::from(self.0), 2)
    }

    /// The next smaller percentage; none below 0.
    #[must_use]
    pub fn less(self) -> Option<Self> {
        self.0.checked_sub(1).map(Self)
    }

    /// The sum; none above 100.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        let sum = self.0.checked_add(other.0)?;
        (sum <= Self::HUNDRED.0).then_some(Self(sum))
    }
}

impl std::fmt::Display for Percent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, rest) = (self.0 / 100, self.0 % 100);
        match rest {
            0 => write!(f, "{whole}"),
            r if r % 10 == 0 => write!(f, "{whole}.{}", r / 10),
            r => write!(f, "{whole}.{r:02}"),
        }
    }
}

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_multiple_of(100) {
            serializer.serialize_u16(self.0 / 100)
        } else {
            serializer.serialize_f64(f64::from(self.0) / 100.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Percent;

    #[test]
    fn bounds_and_fractions() {
        assert_eq!(Percent::parse("100"), Some(Percent::HUNDRED));
        assert_eq!(Percent::parse("100.01"), None);
        assert_eq!(Percent::parse("0.254").unwrap().to_string(), "0.25");
        assert_eq!(Percent::of(3, 86).unwrap().to_string(), "3.49");
        assert_eq!(Percent::of(3, 2), None);
        // 675 hundredfold does not fit the number behind a percentage.
        assert_eq!(Percent::parse("675"), None);
        assert_eq!(Percent::parse("l0"), None);
    }
}
