//! The error of a configuration whose settings are out of range.

use thiserror::Error;

/// A setting that is out of range.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("`{key}` is {value}, but has to be {range}")]
pub struct ConfigError {
    /// Dotted path of the setting, such as `strategy.trigger.window`.
    pub key: String,
    /// Its value.
    pub value: String,
    /// The allowed range.
    pub range: String,
}

impl ConfigError {
    /// The error that `key` is `value`, but has to be `range`.
    pub fn new(key: impl Into<String>, value: impl ToString, range: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            value: value.to_string(),
            range: range.into(),
        }
    }

    /// The same error for a key inside the table `outer`.
    #[must_use]
    pub fn within(self, outer: &str) -> Self {
        Self {
            key: format!("{outer}.{}", self.key),
            ..self
        }
    }
}
