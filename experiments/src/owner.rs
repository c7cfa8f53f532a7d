//! The suite that a results folder belongs to. Results are named after the suite's file, so two suites with the same file
//! name would share a folder, and the second would replace the first's manifest.
//!
//! The folder stores the path of the suite's file relative to itself, so that both can be moved together. After an edit the
//! suite is still found at that path; after a move it is not, and the folder follows it; a copy is as good as the original.
//! A suite counts as another one if its text differs while the first still exists.

use crate::error::RunnerError;
use crate::paths::{SuiteFolder, json, write_whole};
use crate::suite::{Suite, digest};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Component, Path, PathBuf};

#[derive(Serialize, Deserialize)]
struct Owner {
    /// The suite's file, relative to the results folder.
    file: String,
}

/// Refuse a suite that the folder does not belong to.
pub(crate) fn check(folder: &SuiteFolder, suite: &Suite) -> Result<(), RunnerError> {
    let Some(other) = named(folder).filter(|other| !same(other, suite)) else {
        return Ok(());
    };
    Err(RunnerError::Another {
        folder: folder.0.clone(),
        other,
    })
}

/// Assign an existing folder to the suite.
pub(crate) fn claim(folder: &SuiteFolder, suite: &Suite) -> Result<(), RunnerError> {
    check(folder, suite)?;
    // A copy goes on with the results and leaves them to the first, as long as that is there.
    if named(folder).is_some() {
        return Ok(());
    }
    let home = fs::canonicalize(&folder.0).map_err(RunnerError::io("find", &folder.0))?;
    let file = fs::canonicalize(&suite.file).map_err(RunnerError::io("find", &suite.file))?;
    let owner = Owner {
        file: from(&home, &file).to_string_lossy().into_owned(),
    };
    let text = json(&folder.owner(), &owner)?;
    match fs::read(folder.owner()) {
        Ok(there) if there == text => Ok(()),
        _ => write_whole(&folder.owner(), &text),
    }
}

/// Refuse two suites of the same name.
pub(crate) fn apart(suites: &[Suite], results: &Path) -> Result<(), RunnerError> {
    for (i, suite) in suites.iter().enumerate() {
        let other = suites[..i].iter().find(|other| other.name == suite.name);
        if let Some(other) = other.filter(|other| !same(&other.file, suite)) {
            return Err(RunnerError::Another {
                folder: results.join(&suite.name),
                other: other.file.clone(),
            });
        }
    }
    Ok(())
}

/// The file of the suite that the folder belongs to, if it is known and still exists.
fn named(folder: &SuiteFolder) -> Option<PathBuf> {
    let owner: Owner = serde_json::from_slice(&fs::read(folder.owner()).ok()?).ok()?;
    let file = fs::canonicalize(fs::canonicalize(&folder.0).ok()?.join(owner.file)).ok()?;
    file.is_file().then_some(file)
}

/// Returns whether `file` is the suite's file or has the same text.
fn same(file: &Path, suite: &Suite) -> bool {
    let place = fs::canonicalize(file).ok();
    if place.is_some() && place == fs::canonicalize(&suite.file).ok() {
        return true;
    }
    fs::read(file).is_ok_and(|bytes| digest(&bytes) == suite.digest)
}

/// The relative path from one absolute path to another.
fn from(here: &Path, there: &Path) -> PathBuf {
    let (mut mine, mut its) = (here.components().peekable(), there.components().peekable());
    let mut shared = 0;
    while mine.peek().is_some() && mine.peek() == its.peek() {
        mine.next();
        its.next();
        shared += 1;
    }
    if shared == 0 {
        return there.into(); // on another drive
    }
    let back = mine.map(|_| Component::ParentDir);
    back.chain(its).collect()
}

#[cfg(test)]
mod tests;
