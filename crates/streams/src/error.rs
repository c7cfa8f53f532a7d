//! The errors of data sets and streams.

use crate::idx::IdxError;
use crate::layout::LayoutErrorKind;
use crate::npy::NpyErrorKind;
use crate::pictures::PictureErrorKind;
use crate::tree::TreeErrorKind;
use dentate_core::ConfigError;
use dentate_core::data::DataError;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The reasons for which data or a stream is not available. Every message names the file or the key.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StreamError {
    /// A data set has to be read from files, but no data folder is set.
    #[error(
        "no data folder is known for `{set}`: run `cargo xtask data fetch {set}`, or put its files into a folder \
         `{set}` and set DENTATE_DATA to the folder that holds it"
    )]
    NoRoot {
        /// The data set.
        set: &'static str,
    },
    /// A file of a data set is missing.
    #[error(
        "`{file}` of `{set}` is not in {}: run `cargo xtask data fetch {set}`, or put the files of `{set}` (plain or \
         gzip) into {} and set DENTATE_DATA to {}",
        .root.join(.set).display(), .root.join(.set).display(), .root.display()
    )]
    Missing {
        /// The data set.
        set: &'static str,
        /// The file, without `.gz`.
        file: &'static str,
        /// The data folder that was searched.
        root: PathBuf,
    },
    /// A file has another size than the published one.
    #[error("{} unpacks to {found} bytes, but {expected} were published: remove it and fetch it again", .file.display())]
    Size {
        /// The file.
        file: PathBuf,
        /// Bytes published, unpacked.
        expected: u64,
        /// Bytes found, unpacked; reading ends with the first that is too many.
        found: u64,
    },
    /// A file has other contents than the published one.
    #[error(
        "{} has SHA-256 {found} unpacked, but {expected} was published: remove it and fetch it again", .file.display()
    )]
    Checksum {
        /// The file.
        file: PathBuf,
        /// Published SHA-256 of the unpacked bytes, in hex.
        expected: &'static str,
        /// SHA-256 found, in hex.
        found: String,
    },
    /// An archive is not the published one.
    #[error(
        "{} is not the archive that was published: its SHA-256 is {found} instead of {expected}; remove it and fetch it \
         again", .file.display()
    )]
    Archive {
        /// The archive.
        file: PathBuf,
        /// Published SHA-256, in hex.
        expected: &'static str,
        /// SHA-256 found, in hex.
        found: String,
    },
    /// A file could not be opened, read or unpacked.
    #[error("{} cannot be read: {source}", .path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// The error of the operating system or the decompressor.
        source: io::Error,
    },
    /// There is no file or folder with this name.
    #[error(
        "`path` names {}, which does not exist{}{}", .path.display(),
        .nearest.as_ref().map(|near| format!(", did you mean `{near}`?")).unwrap_or_default(),
        if *.relative { " (a relative path is resolved against the data folder, which DENTATE_DATA names)" } else { "" }
    )]
    Absent {
        /// Its path.
        path: PathBuf,
        /// The most similar name in the same folder.
        nearest: Option<String>,
        /// True if it was given relative to the data folder.
        relative: bool,
    },
    /// A file is not a valid IDX file.
    #[error(transparent)]
    Idx(#[from] IdxError),
    /// A file of a data set is intact, but does not match the others or the data set.
    #[error("`{file}` of `{set}` does not fit: {reason}")]
    Mismatch {
        /// The data set.
        set: &'static str,
        /// The file.
        file: &'static str,
        /// The mismatch.
        reason: String,
    },
    /// A user's data set has a path relative to the data folder, but no data folder is set.
    #[error(
        "no data folder is known, and `{}` is looked for in it: set DENTATE_DATA to the folder that holds it, or give the \
         whole path", .path.display()
    )]
    NoDataFolder {
        /// Its path within the data folder.
        path: PathBuf,
    },
    /// A picture is invalid.
    #[error("{} cannot be used as a picture: {kind}", .file.display())]
    Picture {
        /// The picture; one in an archive is named as if that were a folder.
        file: PathBuf,
        /// The problem.
        kind: PictureErrorKind,
    },
    /// A folder or an archive is incomplete or ambiguous.
    #[error("{} cannot be read: {kind}", .path.display())]
    Tree {
        /// The folder or archive.
        path: PathBuf,
        /// The problem.
        kind: TreeErrorKind,
    },
    /// The folders of pictures do not determine halves and classes.
    #[error("{} cannot be read as a folder of pictures: {kind}", .path.display())]
    Layout {
        /// The folder or archive.
        path: PathBuf,
        /// The problem.
        kind: LayoutErrorKind,
    },
    /// An array is invalid.
    #[error("{} cannot be used: {kind}", .file.display())]
    Npy {
        /// The array; one in an archive is named as if that were a folder.
        file: PathBuf,
        /// The problem.
        kind: NpyErrorKind,
    },
    /// An archive lacks an array.
    #[error("{} has no array `{name}`{}; it has {known}", .archive.display(), .nearest.as_ref().map(|n| format!(", did you mean `{n}`?")).unwrap_or_default())]
    NoArray {
        /// The archive.
        archive: PathBuf,
        /// The requested array.
        name: String,
        /// The array with the most similar name.
        nearest: Option<String>,
        /// The existing arrays.
        known: String,
    },
    /// The loaded data is not what is expected.
    #[error(
        "the data `{title}` changed since this run was asked for: what was read now has digest {found}, and the run is of data \
         with digest {expected}; run the suite again, which makes the runs of the data that is there, or undo the change"
    )]
    Changed {
        /// The name of the data set.
        title: String,
        /// The expected fingerprint, in short.
        expected: String,
        /// The fingerprint of the data read, in short.
        found: String,
    },
    /// Files changed while they were being read.
    #[error("{} changed while it was being read: run the suite again when nothing writes to it any more", .path.display())]
    Changing {
        /// The folder or archive.
        path: PathBuf,
    },
    /// The cache could not be read or written.
    #[error("the data cache cannot be used at {}: {source}; set DENTATE_CACHE to a folder that can be written", .path.display())]
    Cache {
        /// The file or folder.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// A setting is out of range, or does not match the others or the data.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A task has no rows to train or to evaluate on.
    #[error("task {task} (`{name}`) has {lacks}")]
    Lacking {
        /// The task, from 1.
        task: usize,
        /// Its name.
        name: String,
        /// The missing rows, and those that exist.
        lacks: String,
        /// The key of the stream's settings that can correct it.
        key: &'static str,
    },
    /// Two experiences have the same name.
    #[error("two experiences are called `{name}`: each has a name of its own")]
    SameName {
        /// The name.
        name: String,
    },
    /// The settings or rows of an experience's data are invalid.
    #[error("experience `{name}`: {source}")]
    Experience {
        /// Its name.
        name: String,
        /// The error.
        source: Box<StreamError>,
    },
    /// Rows of two experiences have different shapes.
    #[error(
        "experience `{second}` has rows of {found:?}, but `{first}` has rows of {expected:?}: rows of a stream have one shape"
    )]
    Shapes {
        /// The first experience.
        first: String,
        /// The mismatched experience.
        second: String,
        /// The shape of the first one's rows.
        expected: Vec<usize>,
        /// The shape of the other's rows.
        found: Vec<usize>,
    },
    /// Two experiences of a task have different labels.
    #[error(
        "experience `{second}` is of task `{task}` and has labels {found:?}, but `{first}` of the same task has {expected:?}: list \
         the same `classes`, or give it a task of its own; where only the data sets differ and a number means the same class in both, \
         set `shared_labels`"
    )]
    TaskLabels {
        /// The task.
        task: String,
        /// The first experience.
        first: String,
        /// The mismatched experience.
        second: String,
        /// The labels of the first.
        expected: Vec<u32>,
        /// The labels of the other.
        found: Vec<u32>,
    },
    /// More classes are declared than the largest label implies.
    #[error(
        "the data has {declared} classes, but the largest label of the rows that are kept is {largest}: keep more of them \
         (`train`, `test`), or set `classes` to {}, where the data set has that key", .largest + 1
    )]
    Classes {
        /// Number of classes that the data set declares.
        declared: u32,
        /// The largest label.
        largest: u32,
    },
    /// A stream of classes was requested from data without labels.
    #[error("the data has no class labels, which this stream is cut by")]
    NoLabels,
    /// Rows and targets do not form a data set.
    #[error("the data set could not be made: {0}")]
    Data(#[from] DataError),
}

impl StreamError {
    /// A [`StreamError::Config`].
    pub(crate) fn range(key: &str, value: impl ToString, range: impl Into<String>) -> Self {
        Self::Config(ConfigError::new(key, value, range))
    }

    /// A [`StreamError::Lacking`] of a task, which is counted from 0 here.
    pub(crate) fn lacking(task: usize, name: &str, lacks: String, key: &'static str) -> Self {
        Self::Lacking {
            task: task + 1,
            name: name.into(),
            lacks,
            key,
        }
    }

    /// Adds the name of an experience. Errors that name a file are unchanged.
    pub(crate) fn of_experience(self, name: &str) -> Self {
        match self {
            Self::Config(_) | Self::NoLabels | Self::Classes { .. } | Self::Data(_) => Self::Experience {
                name: name.into(),
                source: Box::new(self),
            },
            other => other,
        }
    }

    /// Returns whether data is absent or unreadable, as opposed to data that does not fit the settings.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::NoRoot { .. }
            | Self::Missing { .. }
            | Self::Size { .. }
            | Self::Checksum { .. }
            | Self::Archive { .. }
            | Self::Unreadable { .. }
            | Self::Absent { .. }
            | Self::Idx(_)
            | Self::Mismatch { .. }
            | Self::NoDataFolder { .. }
            | Self::Picture { .. }
            | Self::Tree { .. }
            | Self::Changed { .. }
            | Self::Changing { .. }
            | Self::Cache { .. } => true,
            Self::Experience { source, .. } => source.is_unavailable(),
            Self::Npy { kind, .. } => kind.is_damage(),
            _ => false,
        }
    }

    /// The key of the stream's settings that is invalid; `None` for errors of files.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::Config(error) => Some(&error.key),
            Self::Lacking { key, .. } => Some(key),
            Self::Classes { .. } => Some("data.classes"),
            Self::NoLabels | Self::NoArray { .. } => Some("data"),
            Self::SameName { .. }
            | Self::Experience { .. }
            | Self::Shapes { .. }
            | Self::TaskLabels { .. } => Some("experience"),
            _ => None,
        }
    }
}

/// Adds the path of the file to an error. Decompressors may quote what they read, so the message is made one printable line.
pub(crate) fn unreadable(path: &Path) -> impl Fn(io::Error) -> StreamError {
    move |source| {
        let said = source.to_string();
        let source = if said.chars().any(char::is_control) {
            io::Error::new(source.kind(), said.escape_debug().to_string())
        } else {
            source
        };
        StreamError::Unreadable {
            path: path.to_owned(),
            source,
        }
    }
}

#[cfg(test)]
mod tests;
