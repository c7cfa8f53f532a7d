//! Ranges of recorded values.

/// The range of a metric's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// A share: from 0 to 1.
    Share,
    /// A count, or an error: finite and at least 0.
    Amount,
}

impl Range {
    /// Returns whether a value is in the range.
    #[must_use]
    pub fn holds(self, value: f64) -> bool {
        match self {
            Self::Share => (0.0..=1.0).contains(&value),
            Self::Amount => value.is_finite() && value >= 0.0,
        }
    }

    /// The range in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Share => "between 0 and 1",
            Self::Amount => "finite and at least 0",
        }
    }
}
