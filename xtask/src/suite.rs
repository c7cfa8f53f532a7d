//! The requested suites. Names are checked before anything is built, so that a typo costs no waiting.

use crate::nearest::nearest;
use std::path::{Path, PathBuf};
use thiserror::Error;

#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum SuiteArgumentError {
    #[error("there is no suite `{given}`{}; the suites are: {}", meant(.nearest), .known.join(", "))]
    Unknown {
        given: String,
        nearest: Option<String>,
        known: Vec<String>,
    },
    #[error("there is no suite `{given}`, and none in {folder}; give the path of a .toml file")]
    NoSuites { given: String, folder: PathBuf },
    #[error(
        "there is no suite file {0}; give the path of a .toml file, or the name of a suite in experiments/suites"
    )]
    NoFile(PathBuf),
    #[error("{0} is a path but not of a .toml file; give a suite's .toml file or the name of a suite")]
    NotToml(PathBuf),
    #[error(
        "`{first}` and `{second}` would share the results folder `{name}`; run them one after the other with --results"
    )]
    SameName {
        name: String,
        first: String,
        second: String,
    },
    #[error(
        "there are no results of `{name}` in {folder} yet; make them with `cargo xtask bench {argument}`"
    )]
    NoResults {
        name: String,
        argument: String,
        folder: PathBuf,
    },
    #[error("there are no results in {0} yet; make some with `cargo xtask bench`")]
    NothingYet(PathBuf),
}

impl SuiteArgumentError {
    /// Returns whether the command line is the cause, and not the state of the results.
    pub(crate) fn is_usage(&self) -> bool {
        !matches!(self, Self::NoResults { .. } | Self::NothingYet(_))
    }
}

fn meant(nearest: &Option<String>) -> String {
    nearest
        .as_ref()
        .map(|name| format!(" (did you mean `{name}`?)"))
        .unwrap_or_default()
}

/// A requested suite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Suite {
    /// The user's argument, which is passed to `dentate` as it is.
    pub(crate) argument: String,
    /// Its name, which is that of its results folder.
    pub(crate) name: String,
}

/// The suites named by `arguments`, each once. Names are looked up in `folder`.
pub(crate) fn resolve(arguments: &[String], folder: &Path) -> Result<Vec<Suite>, SuiteArgumentError> {
    let mut suites: Vec<Suite> = Vec::new();
    for argument in arguments {
        let suite = Suite {
            argument: argument.clone(),
            name: name_of(argument, folder)?,
        };
        match suites.iter().find(|s| s.name == suite.name) {
            None => suites.push(suite),
            Some(same) if same.argument == suite.argument => {}
            Some(other) => {
                return Err(SuiteArgumentError::SameName {
                    name: suite.name,
                    first: other.argument.clone(),
                    second: suite.argument,
                });
            }
        }
    }
    Ok(suites)
}

fn name_of(argument: &str, folder: &Path) -> Result<String, SuiteArgumentError> {
    let path = Path::new(argument);
    let is_toml = path.extension().is_some_and(|extension| extension == "toml");
    if is_toml {
        return match path.file_stem() {
            Some(stem) if path.is_file() => Ok(stem.to_string_lossy().into_owned()),
            _ => Err(SuiteArgumentError::NoFile(path.to_path_buf())),
        };
    }
    if argument.contains(['/', '\\']) {
        return Err(SuiteArgumentError::NotToml(path.to_path_buf()));
    }
    let known = names(folder);
    if known.iter().any(|name| name == argument) {
        return Ok(argument.to_owned());
    }
    if known.is_empty() {
        return Err(SuiteArgumentError::NoSuites {
            given: argument.to_owned(),
            folder: folder.to_path_buf(),
        });
    }
    let nearest = nearest(argument, known.iter().map(String::as_str)).map(str::to_owned);
    Err(SuiteArgumentError::Unknown {
        given: argument.to_owned(),
        nearest,
        known,
    })
}

/// The names of the suites in `folder`, sorted; none if there is no such folder.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    names
}

/// The suites to report on: those named, or every one that has results.
///
/// A name with results needs no suite file: results outlive a suite that was renamed or removed.
pub(crate) fn with_results(
    arguments: &[String],
    folder: &Path,
    results: &Path,
) -> Result<Vec<Suite>, SuiteArgumentError> {
    if arguments.is_empty() {
        let all = names_with_results(results);
        return if all.is_empty() {
            Err(SuiteArgumentError::NothingYet(results.to_path_buf()))
        } else {
            Ok(all)
        };
    }
    let mut suites: Vec<Suite> = Vec::new();
    for argument in arguments {
        let name = if has_results(&results.join(argument)) {
            argument.clone()
        } else {
            name_of(argument, folder)?
        };
        if !has_results(&results.join(&name)) {
            return Err(SuiteArgumentError::NoResults {
                name,
                argument: argument.clone(),
                folder: results.to_path_buf(),
            });
        }
        if suites.iter().all(|suite| suite.name != name) {
            suites.push(Suite {
                argument: argument.clone(),
                name,
            });
        }
    }
    Ok(suites)
}

/// Returns whether a suite's results folder contains anything to report on.
pub(crate) fn has_results(folder: &Path) -> bool {
    folder.join("manifest.json").is_file()
}

fn names_with_results(results: &Path) -> Vec<Suite> {
    let mut names: Vec<String> = std::fs::read_dir(results)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| has_results(&entry.path()))
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    names
        .into_iter()
        .map(|name| Suite {
            argument: name.clone(),
            name,
        })
        .collect()
}

#[cfg(test)]
mod tests;
