//! Paths of the workspace, whatever folder xtask was started from.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use thiserror::Error;

#[derive(Debug, Error)]
pub(crate) enum WorkspaceError {
    #[error("{0} is not the xtask folder of a workspace; start xtask as `cargo xtask` inside the repository")]
    NoRoot(PathBuf),
    #[error("failed to start `cargo metadata`: {0}; is cargo installed?")]
    NoCargo(std::io::Error),
    #[error("`cargo metadata` failed: {0}")]
    Metadata(String),
    #[error(
        "`cargo metadata` answered something unexpected: {0}; is this cargo older than the workspace asks for?"
    )]
    Answer(#[from] serde_json::Error),
}

pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
}

impl Workspace {
    /// The workspace of this xtask. `cargo run` sets the variable; the constant is used if the built program is started by
    /// hand.
    pub(crate) fn find() -> Result<Self, WorkspaceError> {
        let xtask = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        match xtask.parent() {
            Some(root) if root.join("Cargo.toml").is_file() => Ok(Self {
                root: root.to_path_buf(),
            }),
            _ => Err(WorkspaceError::NoRoot(xtask)),
        }
    }

    /// A cargo command for this workspace.
    pub(crate) fn cargo(&self) -> Command {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(&self.root);
        cargo
    }

    pub(crate) fn suites(&self) -> PathBuf {
        self.root.join("experiments/suites")
    }

    /// The folder of results: `given`, or `results` in the workspace.
    pub(crate) fn results(&self, given: Option<&Path>) -> PathBuf {
        given.map_or_else(|| self.root.join("results"), Path::to_path_buf)
    }

    /// The packages of the workspace, from cargo.
    pub(crate) fn metadata(&self) -> Result<Metadata, WorkspaceError> {
        let output = self
            .cargo()
            .args(["metadata", "--format-version", "1", "--no-deps"])
            .output()
            .map_err(WorkspaceError::NoCargo)?;
        if !output.status.success() {
            return Err(WorkspaceError::Metadata(
                String::from_utf8_lossy(&output.stderr).trim().to_owned(),
            ));
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}

/// The parts of `cargo metadata --no-deps` that xtask reads.
#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
    pub(crate) target_directory: PathBuf,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) manifest_path: PathBuf,
    pub(crate) dependencies: Vec<Dependency>,
    /// The features and dependencies that each of its features enables.
    #[serde(default)]
    pub(crate) features: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// `None` for a normal dependency, else `dev` or `build`.
    pub(crate) kind: Option<String>,
    /// The path of a dependency inside the workspace.
    pub(crate) path: Option<PathBuf>,
    /// True if it requires a feature.
    #[serde(default)]
    pub(crate) optional: bool,
}
