//! What can be wrong with a suite: the file, the place in it, the key, and the nearest that would do.

use dentate_core::registry::nearest;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// A suite that cannot be used.
#[derive(Debug, Error)]
pub(crate) enum SuiteError {
    #[error("there is no suite `{given}`{suggestion}; there {are}: {known}")]
    Unknown {
        given: String,
        suggestion: String,
        are: &'static str,
        known: String,
    },
    #[error(
        "there is no suite `{given}`: no folder experiments/suites was found from here upwards; give a path"
    )]
    NoSuites { given: String },
    #[error("cannot read the suite {file}: {source}")]
    Unreadable { file: PathBuf, source: std::io::Error },
    #[error("{file}:{line}:{column}: {message}")]
    Syntax {
        file: PathBuf,
        line: usize,
        column: usize,
        message: String,
    },
    #[error("{file}: {place}: unknown key `{key}`{suggestion}; known are {known}")]
    Key {
        file: PathBuf,
        place: String,
        key: String,
        suggestion: String,
        known: String,
    },
    #[error("{file}: {place}: `{key}` is `{value}`, which is not known{suggestion}; known are {known}")]
    Value {
        file: PathBuf,
        place: String,
        key: String,
        value: String,
        suggestion: String,
        known: String,
    },
    #[error("{file}: {place}: `{key}` is {value}, but has to be {range}")]
    Range {
        file: PathBuf,
        place: String,
        key: String,
        value: String,
        range: String,
    },
    #[error("{file}: {place}: `{key}` is missing")]
    Missing {
        file: PathBuf,
        place: String,
        key: String,
    },
    #[error("{file}: {place}: {message}")]
    Refused {
        file: PathBuf,
        place: String,
        message: String,
    },
}

impl SuiteError {
    pub(super) fn unknown<'a>(given: &str, known: impl Iterator<Item = &'a str> + Clone) -> Self {
        let names: Vec<&str> = known.clone().collect();
        if names.is_empty() {
            return Self::NoSuites { given: given.into() };
        }
        let are = if names.len() == 1 { "is" } else { "are" };
        Self::Unknown {
            given: given.into(),
            suggestion: meant(given, known),
            are,
            known: names.join(", "),
        }
    }

    pub(super) fn syntax(file: &Path, text: &str, error: &toml::de::Error) -> Self {
        let start = error.span().map_or(0, |s| s.start.min(text.len()));
        let before = text.get(..start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        Self::Syntax {
            file: file.into(),
            line,
            column,
            message,
        }
    }
}

/// ": did you mean …?", if something near is known.
pub(super) fn meant<'a>(given: &str, known: impl Iterator<Item = &'a str>) -> String {
    nearest(given, known)
        .map(|n| format!(", did you mean `{n}`?"))
        .unwrap_or_default()
}
