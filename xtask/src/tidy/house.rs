//! The input of the rules: the packages, and the files as text.

use super::scrub::scrub;
use crate::workspace::{Package, Workspace, WorkspaceError};
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use thiserror::Error;

#[derive(Debug, Error)]
pub(crate) enum HouseError {
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    #[error("failed to read {path}: {source}")]
    Read { path: PathBuf, source: std::io::Error },
}

#[derive(Debug, Default)]
pub(crate) struct House {
    pub(super) packages: Vec<Package>,
    pub(super) files: Vec<File>,
    /// Paths of folders and of files that are not text.
    pub(super) others: BTreeSet<String>,
}

/// A text file of the repository.
#[derive(Debug)]
pub(super) struct File {
    /// Relative to the root, with `/`.
    pub(super) path: String,
    pub(super) text: String,
    /// For Rust, the text with comments and literals blanked out; else empty.
    pub(super) code: String,
}

/// Folders that are not checked: build outputs, results, and git's own.
const SKIPPED: [&str; 4] = ["target", "results", ".git", "book"];

/// Extensions of files that are read as text. Other files (images, archives) cannot break a rule about text.
const EXTENSIONS: [&str; 9] = ["rs", "toml", "md", "sh", "yml", "yaml", "json", "html", "css"];

impl House {
    pub(super) fn read(workspace: &Workspace) -> Result<Self, HouseError> {
        let mut house = Self::default();
        walk(&workspace.root, &workspace.root, &mut house)?;
        house.files.sort_by(|a, b| a.path.cmp(&b.path));
        let mut packages = workspace.metadata()?.packages;
        for package in &mut packages {
            // Rules use the folders of the repository.
            if let Ok(relative) = package.manifest_path.strip_prefix(&workspace.root) {
                package.manifest_path = relative.to_path_buf();
            }
        }
        house.packages = packages;
        Ok(house)
    }

    /// Returns whether there is a file or folder with this path, relative to the root.
    pub(super) fn exists(&self, path: &str) -> bool {
        self.others.contains(path) || self.files.iter().any(|file| file.path == path)
    }

    /// Rust files of any package's `src`, without tests: those that are part of a program.
    pub(super) fn sources(&self) -> impl Iterator<Item = &File> {
        self.files
            .iter()
            .filter(|file| file.is_source() && !file.is_test())
    }

    pub(super) fn rust(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.is_rust())
    }
}

impl File {
    pub(super) fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let (path, text) = (path.into(), text.into());
        let code = if path.ends_with(".rs") {
            scrub(&text)
        } else {
            String::new()
        };
        Self { path, text, code }
    }

    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    fn is_source(&self) -> bool {
        self.is_rust() && self.path.contains("/src/")
    }

    /// Returns whether it is a white-box test; these are beside the code, in `tests.rs` or in a folder `tests`.
    pub(super) fn is_test(&self) -> bool {
        self.path
            .split('/')
            .any(|part| part == "tests" || part == "tests.rs")
    }

    pub(super) fn is_in(&self, folder: &str) -> bool {
        self.path
            .strip_prefix(folder)
            .is_some_and(|rest| rest.starts_with('/'))
    }

    /// The lines of code, from 1, on which `phrase` occurs as whole words.
    pub(super) fn lines_with(&self, phrase: &str) -> Vec<usize> {
        self.code
            .lines()
            .zip(1..)
            .filter(|(line, _)| contains_words(line, phrase))
            .map(|(_, number)| number)
            .collect()
    }
}

/// Returns whether `phrase` occurs in `text` and is not part of a longer word at either end.
fn contains_words(text: &str, phrase: &str) -> bool {
    let inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let (starts, ends) = (inside(phrase.chars().next()), inside(phrase.chars().next_back()));
    text.match_indices(phrase).any(|(at, _)| {
        let goes_on_before = starts && inside(text[..at].chars().next_back());
        let goes_on_after = ends && inside(text[at + phrase.len()..].chars().next());
        !goes_on_before && !goes_on_after
    })
}

fn walk(root: &Path, folder: &Path, house: &mut House) -> Result<(), HouseError> {
    let failed = |source| HouseError::Read {
        path: folder.to_path_buf(),
        source,
    };
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let relative = path.strip_prefix(root).unwrap_or(&path);
        let relative: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
        let relative = relative.join("/");
        if path.is_dir() {
            if !SKIPPED.contains(&&*name) {
                house.others.insert(relative);
                walk(root, &path, house)?;
            }
        } else if !is_text(&path) {
            house.others.insert(relative);
        } else {
            match std::fs::read_to_string(&path) {
                Ok(text) => house.files.push(File::new(relative, text)),
                // Renamed by an editor meanwhile; or not text, and so not checked.
                Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidData) => {}
                Err(source) => return Err(HouseError::Read { path, source }),
            }
        }
    }
    Ok(())
}

fn is_text(path: &Path) -> bool {
    match path.extension() {
        Some(extension) => EXTENSIONS.iter().any(|known| extension == *known),
        // `.ci/run`, licences.
        None => true,
    }
}

#[cfg(test)]
impl House {
    /// A house with files only.
    pub(super) fn of_files(files: &[(&str, &str)]) -> Self {
        Self {
            files: files.iter().map(|(path, text)| File::new(*path, *text)).collect(),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests;
