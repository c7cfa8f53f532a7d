//! Public data sets: their files, the sizes of these, and their sources.
//!
//! Under a data folder `root`, the files of a set are in `root/<set>/`, plain or gzip (with or without `.gz`). A set that is
//! published as one archive may be there as that archive, or unpacked, with or without the archive's own folder.

mod cifar;

pub use cifar::{CIFAR_10, CIFAR_100};

use crate::contents;
use crate::error::{StreamError, unreadable};
use crate::unpack;
use std::io::Read;
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

/// The archive (`.tar.gz`) with all files of a public data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicArchive {
    /// Its name.
    pub name: &'static str,
    /// Its size as published, in bytes.
    pub bytes: u64,
    /// SHA-256 of it as published, in hex.
    pub sha256: &'static str,
    /// The folder of the files within it.
    pub folder: &'static str,
}

/// A public data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicSet {
    /// Its name, also that of its folder and of its entry in the registry.
    pub name: &'static str,
    /// Its authors and terms of use.
    pub source: &'static str,
    /// Its files.
    pub files: &'static [PublicFile],
    /// The archive of its files; `None` where each is published by itself.
    pub archive: Option<PublicArchive>,
    /// URLs to which the archive's name, or else `<file name>.gz`, is appended, best first.
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
    archive: None,
    mirrors: &[
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ],
};

/// Every set of the catalogue, sorted by name.
pub const SETS: &[PublicSet] = &[CIFAR_10, CIFAR_100, MNIST];

/// The set with this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static PublicSet> {
    SETS.iter().find(|set| set.name == name)
}

impl PublicSet {
    /// The path of `file` under `root`, if it exists; the plain file is preferred to the gzip one.
    #[must_use]
    pub fn locate(&self, root: &Path, file: &PublicFile) -> Option<PathBuf> {
        let folder = root.join(self.name);
        let within = self.archive.map(|archive| folder.join(archive.folder));
        let folders = [Some(folder), within].into_iter().flatten();
        let names = [file.name.to_owned(), format!("{}.gz", file.name)];
        folders
            .flat_map(|folder| names.each_ref().map(|name| folder.join(name)))
            .find(|path| path.is_file())
    }

    /// The path of the archive under `root`, if the set has one and it exists.
    #[must_use]
    pub fn locate_archive(&self, root: &Path) -> Option<(PublicArchive, PathBuf)> {
        let archive = self.archive?;
        let path = root.join(self.name).join(archive.name);
        path.is_file().then_some((archive, path))
    }

    /// Returns whether every file exists under `root`, outside of an archive.
    #[must_use]
    pub fn unpacked(&self, root: &Path) -> bool {
        self.files.iter().all(|file| self.locate(root, file).is_some())
    }

    /// Reads all files from under `root`, in the catalogue's order, and checks them against the published checksums: the unpacked ones
    /// if all exist, else those in the archive.
    ///
    /// # Errors
    /// [`StreamError::Missing`], or as [`PublicFile::read`]; for an archive also [`StreamError::Archive`].
    pub fn read(&self, root: &Path) -> Result<Vec<Vec<u8>>, StreamError> {
        match self.locate_archive(root) {
            Some((archive, path)) if !self.unpacked(root) => {
                archive.check(&path)?;
                archive.unpack(&path, self)
            }
            _ => self.files.iter().map(|file| self.read_file(root, file)).collect(),
        }
    }

    /// Reads `file` from under `root`, outside of an archive, and checks it against the published checksum.
    ///
    /// # Errors
    /// [`StreamError::Missing`], or as [`PublicFile::read`].
    pub fn read_file(&self, root: &Path, file: &PublicFile) -> Result<Vec<u8>, StreamError> {
        let path = self
            .locate(root, file)
            .ok_or_else(|| self.missing(root, file.name))?;
        file.read(&path)
    }

    fn missing(&self, root: &Path, file: &'static str) -> StreamError {
        StreamError::Missing {
            set: self.name,
            // Only the archive can be fetched.
            file: self.archive.map_or(file, |archive| archive.name),
            root: root.to_owned(),
        }
    }
}

impl PublicFile {
    /// Reads this file from `path`, plain or gzip, whatever its name there, and checks it against the published checksum.
    ///
    /// # Errors
    /// [`StreamError::Unreadable`], [`StreamError::Size`] or [`StreamError::Checksum`], naming `path`.
    pub fn read(&self, path: &Path) -> Result<Vec<u8>, StreamError> {
        self.check(unpack::open(path).map_err(unreadable(path))?, path)
    }

    /// Reads this file from `input`; `path` is the name used in error messages.
    fn check(&self, input: impl Read, path: &Path) -> Result<Vec<u8>, StreamError> {
        let mut bytes = Vec::new();
        // One byte more than published is enough to detect extra bytes.
        input
            .take(self.bytes + 1)
            .read_to_end(&mut bytes)
            .map_err(unreadable(path))?;
        if bytes.len() as u64 != self.bytes {
            return Err(StreamError::Size {
                file: path.to_owned(),
                expected: self.bytes,
                found: bytes.len() as u64,
            });
        }
        let found = contents::digest(&bytes);
        if found != self.sha256 {
            return Err(StreamError::Checksum {
                file: path.to_owned(),
                expected: self.sha256,
                found,
            });
        }
        Ok(bytes)
    }
}

impl PublicArchive {
    /// Checks the archive at `path` against the published checksum.
    ///
    /// # Errors
    /// [`StreamError::Unreadable`] or [`StreamError::Archive`], naming `path`.
    pub fn check(&self, path: &Path) -> Result<(), StreamError> {
        let found = contents::file_digest(path).map_err(unreadable(path))?;
        if found != self.sha256 {
            return Err(StreamError::Archive {
                file: path.to_owned(),
                expected: self.sha256,
                found,
            });
        }
        Ok(())
    }

    /// The files of `set` in the archive at `path`, each checked.
    fn unpack(&self, path: &Path, set: &PublicSet) -> Result<Vec<Vec<u8>>, StreamError> {
        let mut parts = vec![None; set.files.len()];
        let mut archive = tar::Archive::new(unpack::open(path).map_err(unreadable(path))?);
        for entry in archive.entries().map_err(unreadable(path))? {
            let entry = entry.map_err(unreadable(path))?;
            let name = entry.path().map_err(unreadable(path))?.into_owned();
            let known = |file: &PublicFile| name == Path::new(self.folder).join(file.name);
            if let Some(at) = set.files.iter().position(known) {
                parts[at] = Some(set.files[at].check(entry, &path.join(&name))?);
            }
        }
        let absent = |file: &PublicFile| StreamError::Mismatch {
            set: set.name,
            file: file.name,
            reason: format!("{} does not have it", self.name),
        };
        let parts = parts.into_iter().zip(set.files);
        parts
            .map(|(part, file)| part.ok_or_else(|| absent(file)))
            .collect()
    }
}

#[cfg(test)]
mod tests;
