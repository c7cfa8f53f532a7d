//! Mistakes in a suite: file, line and column, key, and the nearest valid choice.

use super::at::At;
use dentate_core::Unsuited;
use dentate_core::registry::nearest;
use std::path::PathBuf;
use thiserror::Error;

/// A mistake in a suite.
#[derive(Debug, Error)]
pub(crate) enum SuiteError {
    #[error(
        "there is no suite `{given}`{suggestion}{} {known}",
        listed(suggestion, "suites here")
    )]
    Unknown {
        given: String,
        suggestion: String,
        known: String,
    },
    #[error(
        "there is no suite `{given}`: no folder experiments/suites was found from here upwards; give a path"
    )]
    NoSuites { given: String },
    #[error("cannot read the suite {}: {source}", file.display())]
    Unreadable { file: PathBuf, source: std::io::Error },
    #[error("{} has {bytes} bytes, and a suite has at most {limit}: is it one?", file.display())]
    TooLong { file: PathBuf, bytes: u64, limit: u64 },
    #[error("{} is not UTF-8 text from byte {byte} on: save it as such", file.display())]
    NotText { file: PathBuf, byte: usize },
    #[error(
        "{}: a suite's results go to a folder that is called as its file is, so that name has to be of letters, digits, spaces, \
         dashes, underscores and dots, begin with a letter or digit and have at most 100 of them: call the file otherwise",
        file.display()
    )]
    Name { file: PathBuf },
    #[error("{at}: {message}")]
    Syntax { at: At, message: String },
    #[error(
        "{at}: {place}: unknown key `{key}`{suggestion}{} {known}",
        listed(suggestion, "known keys")
    )]
    Key {
        at: At,
        place: String,
        key: String,
        suggestion: String,
        known: String,
    },
    #[error(
        "{at}: {place}: `{key}` is `{value}`, which is not known{suggestion}{} {known}",
        listed(suggestion, "known values")
    )]
    Value {
        at: At,
        place: String,
        key: String,
        value: String,
        suggestion: String,
        known: String,
    },
    #[error("{at}: {place}: `{key}` is {value}, but has to be {range}")]
    Range {
        at: At,
        place: String,
        key: String,
        value: String,
        range: String,
    },
    #[error("{at}: {place}: {error}{elsewhere}")]
    Unsuited {
        at: At,
        place: String,
        error: Unsuited,
        elsewhere: String,
    },
    #[error("{at}: {place}: `{key}` is missing")]
    Missing { at: At, place: String, key: String },
    #[error("{at}: {place}: {message}")]
    Refused { at: At, place: String, message: String },
    /// Settings that no suite can express.
    #[error("no suite could say that: {0}")]
    Unsayable(String),
}

impl SuiteError {
    /// The message without the position.
    pub(crate) fn words(&self) -> String {
        let text = self.to_string();
        match self {
            Self::Syntax { at, .. }
            | Self::Key { at, .. }
            | Self::Value { at, .. }
            | Self::Range { at, .. }
            | Self::Missing { at, .. }
            | Self::Refused { at, .. } => match text.strip_prefix(&format!("{at}: ")) {
                Some(words) => words.into(),
                None => text,
            },
            _ => text,
        }
    }

    pub(super) fn unknown<'a>(given: &str, known: impl Iterator<Item = &'a str> + Clone) -> Self {
        let names: Vec<&str> = known.clone().collect();
        if names.is_empty() {
            return Self::NoSuites { given: given.into() };
        }
        Self::Unknown {
            given: given.into(),
            suggestion: meant(given, known),
            known: names.join(", "),
        }
    }
}

/// The introduction to a list of known names, after a suggestion or without one.
fn listed(suggestion: &str, what: &str) -> String {
    if suggestion.is_empty() {
        format!("; {what}:")
    } else {
        let (first, rest) = what.split_at(1);
        format!(" {}{rest}:", first.to_uppercase())
    }
}

/// Keys that were renamed, with their new names.
const RENAMED: [(&str, &str); 7] = [
    ("judged", "rank_by"),
    ("scope", "protocol"),
    ("maps", "conv"),
    ("lives", "track_survival"),
    ("looks", "checks"),
    ("rehearsal", "mechanisms"),
    ("regulariser", "mechanisms"),
];

/// ", did you mean …?", if the key was renamed or a known one is near.
pub(super) fn meant<'a>(given: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let renamed = RENAMED.iter().find(|(old, _)| *old == given).map(|(_, new)| *new);
    renamed
        .filter(|new| known.clone().any(|known| known == *new))
        .or_else(|| nearest(given, known))
        .map(|n| format!(", did you mean `{n}`?"))
        .unwrap_or_default()
}
