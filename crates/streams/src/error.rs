//! What can go wrong between a data folder, a suite's words and a stream.

use crate::idx::IdxError;
use dentate_core::data::DataError;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// Why data or a stream could not be had. Every message names the file or the key it is about.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StreamError {
    /// A data set has to be read from files and nobody said where they are.
    #[error(
        "no data folder is known for `{set}`: run `cargo xtask data fetch {set}`, or put its files into a folder \
         `{set}` and set DENTATE_DATA to the folder that holds it"
    )]
    NoRoot {
        /// The data set.
        set: &'static str,
    },
    /// A file of a data set is not there.
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
        /// Bytes found, unpacked.
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
    /// A file is not the IDX file it should be.
    #[error(transparent)]
    Idx(#[from] IdxError),
    /// Images and labels of a data set do not fit together.
    #[error("`{file}` of `{set}` does not fit its counterpart: {reason}")]
    Mismatch {
        /// The data set.
        set: &'static str,
        /// The file.
        file: &'static str,
        /// What does not fit.
        reason: String,
    },
    /// The cache could not be read or written.
    #[error("the data cache cannot be used at {}: {source}; set DENTATE_CACHE to a folder that can be written", .path.display())]
    Cache {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A number lies outside its range.
    #[error("`{key}` is {value}, but it has to be {range}")]
    Range {
        /// The key.
        key: &'static str,
        /// The value given.
        value: String,
        /// What it may be, in words.
        range: String,
    },
    /// A key is set that the chosen problem or data do not use.
    #[error("`{key}` does not apply to `{choice}`: leave it out")]
    Unused {
        /// The key.
        key: &'static str,
        /// What was chosen.
        choice: &'static str,
    },
    /// A stream cannot be had in a scenario.
    #[error("a `{stream}` stream cannot be `{given}`; it can be {valid}")]
    Scenario {
        /// The stream's kind.
        stream: &'static str,
        /// The scenario's name.
        given: &'static str,
        /// The valid scenarios' names.
        valid: &'static str,
    },
    /// A stream of classes was asked from data without labels.
    #[error("the data has no class labels, which this stream is cut by")]
    NoLabels,
    /// Rows and targets did not make a data set.
    #[error("the data set could not be made: {0}")]
    Data(#[from] DataError),
}

impl StreamError {
    /// A [`StreamError::Range`].
    pub(crate) fn range(key: &'static str, value: impl ToString, range: impl Into<String>) -> Self {
        Self::Range {
            key,
            value: value.to_string(),
            range: range.into(),
        }
    }
}

#[cfg(test)]
mod tests;
