//! Positions in a suite file, which every error names.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The text that positions refer to.
#[derive(Debug)]
pub(super) struct Text {
    file: PathBuf,
    /// The byte at which each line begins.
    lines: Vec<usize>,
    text: String,
}

impl Text {
    pub(super) fn new(file: &Path, text: &str) -> Self {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
        Self {
            file: file.into(),
            lines: lines.collect(),
            text: text.into(),
        }
    }
}

/// A position in a suite: file, line and column, from 1; columns count characters.
#[derive(Clone, Debug)]
pub(crate) struct At {
    text: Arc<Text>,
    byte: usize,
}

impl At {
    pub(super) fn new(text: &Arc<Text>, byte: usize) -> Self {
        Self {
            byte: byte.min(text.text.len()),
            text: Arc::clone(text),
        }
    }

    fn position(&self) -> (usize, usize) {
        let line = self
            .text
            .lines
            .partition_point(|start| *start <= self.byte)
            .max(1);
        let start = self.text.lines[line - 1];
        let before = self.text.text.get(start..self.byte).unwrap_or_default();
        (line, before.chars().count() + 1)
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.position();
        write!(f, "{}:{line}:{column}", self.text.file.display())
    }
}
