//! Errors about libtorch, with their remedies.

use super::VERSION;
use std::path::PathBuf;
use thiserror::Error;

/// The remedy that is always available.
const ELSE: &str = "or set LIBTORCH to a folder of libtorch 2.11.0, which holds `include` and `lib`";

#[derive(Debug, Error)]
pub(crate) enum LibtorchError {
    #[error(
        "{variable} is {at}, {why}; libtorch {VERSION} is wanted. Unset it, and one is found or provided"
    )]
    Set {
        variable: &'static str,
        at: String,
        why: String,
    },
    #[error(
        "there is no ready libtorch for {0}; install PyTorch {VERSION} (`pip install torch=={VERSION}`) in the Python that is \
         active, {ELSE}"
    )]
    Platform(String),
    #[error("the user's cache has no folder here; set HOME or XDG_CACHE_HOME, {ELSE}")]
    NoCache,
    #[error("`python3 -m pip` does not answer; install pip, or give the wheels with --wheel, {ELSE}")]
    NoPip,
    #[error(
        "the package index could not be reached, or does not have {file}; try again with a network, give a folder that holds the wheels \
         with --wheel, {ELSE}"
    )]
    NoNetwork { file: String },
    #[error("pip did not fetch {file}; what it said is above. Give the file with --wheel, {ELSE}")]
    Fetch { file: String },
    #[error(
        "{folder} has no room for {what}; free some (libtorch takes 1.1 GB while it is provided, and 500 MB after), {ELSE}"
    )]
    Full { folder: PathBuf, what: String },
    #[error(
        "{path} is not the file that it should be: its SHA-256 is {found} and not {wanted}; fetch it anew"
    )]
    Digest {
        path: PathBuf,
        found: String,
        wanted: &'static str,
    },
    #[error("{path} is no wheel that is needed; those are {}", .wanted.join(", "))]
    Foreign {
        path: PathBuf,
        wanted: Vec<&'static str>,
    },
    #[error("{path} cannot be unpacked: {why}")]
    Damaged { path: PathBuf, why: String },
    #[error("failed to {action} {path}: {source}")]
    Io {
        action: &'static str,
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("interrupted; what is complete is kept, and the same command goes on")]
    Interrupted,
}

impl LibtorchError {
    /// The error of a file operation; a full disk has its own.
    pub(super) fn io(action: &'static str, path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| match source.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full {
                folder: path.parent().unwrap_or(&path).to_path_buf(),
                what: path
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned(),
            },
            _ => Self::Io { action, path, source },
        }
    }

    /// Returns whether the command line is the cause.
    pub(crate) fn is_usage(&self) -> bool {
        matches!(self, Self::Foreign { .. })
    }
}
