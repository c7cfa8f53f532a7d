//! Public data sets: which files they consist of, what those weigh, and where they can be had.
//!
//! Under a data folder `root`, the files of a set lie in `root/<set>/`, plain or gzip (with or without `.gz`).

use crate::error::StreamError;
use crate::idx::{self, Idx};
use std::path::{Path, PathBuf};

/// A file of a public data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicFile {
    /// Its name, without `.gz`.
    pub name: &'static str,
    /// Its size unpacked, in bytes.
    pub bytes: u64,
    /// SHA-256 of its unpacked bytes, in hex.
    pub sha256: &'static str,
}

/// A public data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicSet {
    /// Its name: that of its folder and of its entry in the registry.
    pub name: &'static str,
    /// Whose it is and on what terms.
    pub source: &'static str,
    /// Its files.
    pub files: &'static [PublicFile],
    /// Addresses that `<file name>.gz` can be appended to, best first.
    pub mirrors: &'static [&'static str],
}

/// MNIST: 60,000 training and 10,000 test images of handwritten digits, 28 × 28 grey.
pub const MNIST: PublicSet = PublicSet {
    name: "mnist",
    source: "Yann LeCun, Corinna Cortes and Christopher J. C. Burges; CC BY-SA 3.0",
    files: &[
        PublicFile {
            name: "train-images-idx3-ubyte",
            bytes: 47_040_016,
            sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        },
        PublicFile {
            name: "train-labels-idx1-ubyte",
            bytes: 60_008,
            sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        },
        PublicFile {
            name: "t10k-images-idx3-ubyte",
            bytes: 7_840_016,
            sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        },
        PublicFile {
            name: "t10k-labels-idx1-ubyte",
            bytes: 10_008,
            sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        },
    ],
    mirrors: &[
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ],
};

/// Every set of the catalogue, sorted by name.
pub const SETS: &[PublicSet] = &[MNIST];

/// The set called `name`.
#[must_use]
pub fn find(name: &str) -> Option<&'static PublicSet> {
    SETS.iter().find(|set| set.name == name)
}

impl PublicSet {
    /// Where `file` lies under `root`, if it is there: the plain file before the gzip one.
    #[must_use]
    pub fn locate(&self, root: &Path, file: &PublicFile) -> Option<PathBuf> {
        let folder = root.join(self.name);
        [file.name.to_owned(), format!("{}.gz", file.name)]
            .into_iter()
            .map(|name| folder.join(name))
            .find(|path| path.is_file())
    }

    /// Read `file` from under `root` and check it against what was published.
    ///
    /// # Errors
    /// [`StreamError::Missing`], or as [`PublicFile::read`].
    pub fn read(&self, root: &Path, file: &PublicFile) -> Result<Idx, StreamError> {
        let path = self.locate(root, file).ok_or_else(|| StreamError::Missing {
            set: self.name,
            file: file.name,
            root: root.to_owned(),
        })?;
        file.read(&path)
    }
}

impl PublicFile {
    /// Read this file from `path`, whatever it is called there, and check it against what was published.
    ///
    /// # Errors
    /// [`StreamError::Idx`], [`StreamError::Size`] or [`StreamError::Checksum`], naming `path`.
    pub fn read(&self, path: &Path) -> Result<Idx, StreamError> {
        let idx = idx::read_file(path, self.bytes)?;
        if idx.bytes != self.bytes {
            return Err(StreamError::Size {
                file: path.to_owned(),
                expected: self.bytes,
                found: idx.bytes,
            });
        }
        if idx.sha256 != self.sha256 {
            return Err(StreamError::Checksum {
                file: path.to_owned(),
                expected: self.sha256,
                found: idx.sha256,
            });
        }
        Ok(idx)
    }
}

#[cfg(test)]
mod tests;
