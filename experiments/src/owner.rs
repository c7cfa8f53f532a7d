//! Which suite a folder of results belongs to. Suites are called as their files, so two of one name would share results, and the
//! second would replace the first's manifest.
//!
//! The folder keeps the place of the suite's file, from the folder on, so that both can be moved together. A suite that was
//! edited is found there still; one that was moved is not, and the folder follows it; a copy of it is as good. Another suite is
//! what says something else while the first is still there.

use crate::error::RunnerError;
use crate::paths::{SuiteFolder, json, write_whole};
use crate::suite::{Suite, digest};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Component, Path, PathBuf};

#[derive(Serialize, Deserialize)]
struct Owner {
    /// The suite's file: from the folder of results on.
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

/// Give the folder, which is there, to the suite.
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

/// Refuse two suites of one name.
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

/// The file of the suite that the folder belongs to, if that is known and there still.
fn named(folder: &SuiteFolder) -> Option<PathBuf> {
    let owner: Owner = serde_json::from_slice(&fs::read(folder.owner()).ok()?).ok()?;
    let file = fs::canonicalize(fs::canonicalize(&folder.0).ok()?.join(owner.file)).ok()?;
    file.is_file().then_some(file)
}

/// Whether `file` is the suite's, or says the same.
fn same(file: &Path, suite: &Suite) -> bool {
    let place = fs::canonicalize(file).ok();
    if place.is_some() && place == fs::canonicalize(&suite.file).ok() {
        return true;
    }
    fs::read(file).is_ok_and(|bytes| digest(&bytes) == suite.digest)
}

/// The way from one place to another, both whole.
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
