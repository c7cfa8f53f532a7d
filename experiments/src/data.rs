//! Public data sets: downloading their files, and their status.
//!
//! The only code of the framework that uses a network, and only on request.

use crate::output::say;
use dentate_core::registry::nearest;
use dentate_streams::StreamError;
use dentate_streams::catalogue::{self, PublicArchive, PublicSet};
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;
use thiserror::Error;

/// The reason why a data set could not be fetched.
#[derive(Debug, Error)]
pub(crate) enum FetchError {
    /// No data set has this name.
    #[error("there is no data set `{name}` to fetch{}; there is {known}", .nearest.map(|n| format!(", did you mean `{n}`?")).unwrap_or_default())]
    Unknown {
        /// The name given.
        name: String,
        /// The nearest known name, if one is near.
        nearest: Option<&'static str>,
        /// All known names.
        known: String,
    },
    /// No target folder is known.
    #[error(
        "no folder for data is known: set DENTATE_DATA to one, `{name}` is then fetched into a folder of that name in it"
    )]
    NoRoot {
        /// The data set.
        name: String,
    },
    /// A file could not be written.
    #[error("{} cannot be written: {source}", .path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// An existing file is not the published one, and is in the way of the download.
    #[error(transparent)]
    InTheWay(StreamError),
    /// No mirror provided the file.
    #[error(
        "`{file}` could not be fetched ({reasons}); without a network, place the {files} files of `{set}` in {}, plain or \
         gzip, or point DENTATE_DATA at a folder that has them in `{set}`",
        .folder.display()
    )]
    Unreachable {
        /// The data set.
        set: &'static str,
        /// The number of its files.
        files: usize,
        /// The file.
        file: &'static str,
        /// The reason, for each mirror.
        reasons: String,
        /// The target folder.
        folder: PathBuf,
    },
    /// No mirror provided the archive.
    #[error(
        "`{archive}` could not be fetched ({reasons}); without a network, place it in {}, as it is or unpacked, or point \
         DENTATE_DATA at a folder that has it in `{set}`",
        .folder.display()
    )]
    UnreachableArchive {
        /// The data set.
        set: &'static str,
        /// The archive.
        archive: &'static str,
        /// The reason, for each mirror.
        reasons: String,
        /// The target folder.
        folder: PathBuf,
    },
}

/// Download the data set `name` into `<root>/<name>`. Correct files are left alone; the others are downloaded to a
/// temporary name, checked against the published checksums and renamed. Prints its progress on standard error.
///
/// # Errors
/// [`FetchError`].
pub(crate) fn fetch_named(name: &str, root: Option<PathBuf>) -> Result<(), FetchError> {
    let set = find(name)?;
    let root = root.ok_or_else(|| FetchError::NoRoot {
        name: name.to_owned(),
    })?;
    fetch_set(set, &root, &download)
}

fn find(name: &str) -> Result<&'static PublicSet, FetchError> {
    let names = || catalogue::SETS.iter().map(|s| s.name);
    catalogue::find(name).ok_or_else(|| FetchError::Unknown {
        name: name.to_owned(),
        nearest: nearest(name, names()),
        known: names().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", "),
    })
}

/// A function that opens an address; its error is a message for the user.
type Open<'a> = &'a dyn Fn(&str) -> Result<Box<dyn Read>, String>;

fn download(url: &str) -> Result<Box<dyn Read>, String> {
    let agent = ureq::Agent::config_builder()
        .https_only(true)
        .timeout_connect(Some(Duration::from_secs(15)))
        .timeout_recv_response(Some(Duration::from_secs(30)))
        .timeout_global(Some(Duration::from_secs(600)))
        .build()
        .new_agent();
    let response = agent.get(url).call().map_err(|e| e.to_string())?;
    Ok(Box::new(response.into_body().into_reader()))
}

fn fetch_set(set: &PublicSet, root: &Path, open: Open<'_>) -> Result<(), FetchError> {
    let folder = root.join(set.name);
    match &set.archive {
        Some(archive) if !set.unpacked(root) => fetch_archive(set, archive, &folder, open)?,
        _ => fetch_files(set, root, &folder, open)?,
    }
    say(format_args!(
        "{}: all is in {} ({})",
        set.name,
        folder.display(),
        set.source
    ));
    Ok(())
}

fn fetch_archive(
    set: &PublicSet,
    archive: &PublicArchive,
    folder: &Path,
    open: Open<'_>,
) -> Result<(), FetchError> {
    let place = folder.join(archive.name);
    if place.is_file() {
        match archive.check(&place) {
            Ok(()) => {
                say(format_args!("{}: there", archive.name));
                return Ok(());
            }
            Err(error) => say(error),
        }
    }
    let wanted = Wanted {
        name: archive.name,
        // It is known to the byte.
        limit: archive.bytes,
        check: &|path| archive.check(path),
    };
    let fetched = wanted.fetch(set, folder, open)?;
    fetched.map_err(|reasons| FetchError::UnreachableArchive {
        set: set.name,
        archive: archive.name,
        reasons,
        folder: folder.to_owned(),
    })
}

fn fetch_files(set: &PublicSet, root: &Path, folder: &Path, open: Open<'_>) -> Result<(), FetchError> {
    for file in set.files {
        match set.read_file(root, file) {
            Ok(_) => {
                say(format_args!("{}: there", file.name));
                continue;
            }
            Err(StreamError::Missing { .. }) => {}
            // A damaged download is replaced; a plain file is somebody's own, and would be found before the download.
            Err(error) if set.archive.is_some() || folder.join(file.name).is_file() => {
                return Err(FetchError::InTheWay(error));
            }
            Err(error) => say(error),
        }
        let wanted = Wanted {
            name: &format!("{}.gz", file.name),
            // Packed bytes can hardly be more than unpacked ones; a server cannot fill the disk.
            limit: file.bytes + (1 << 16),
            check: &|path| file.read(path).map(|_| ()),
        };
        let fetched = wanted.fetch(set, folder, open)?;
        fetched.map_err(|reasons| FetchError::Unreachable {
            set: set.name,
            files: set.files.len(),
            file: file.name,
            reasons,
            folder: folder.to_owned(),
        })?;
    }
    Ok(())
}

/// A file to download from a mirror.
struct Wanted<'a> {
    /// Its name on the mirrors and on disk.
    name: &'a str,
    /// Maximum number of bytes.
    limit: u64,
    /// The check that a file is the published one.
    check: &'a dyn Fn(&Path) -> Result<(), StreamError>,
}

impl Wanted<'_> {
    /// Download it into `folder` from the first mirror that provides it correctly; otherwise the reasons, as a message.
    fn fetch(
        &self,
        set: &PublicSet,
        folder: &Path,
        open: Open<'_>,
    ) -> Result<Result<(), String>, FetchError> {
        let name = self.name;
        let cannot_write = |path: &Path, source| FetchError::Write {
            path: path.to_owned(),
            source,
        };
        fs::create_dir_all(folder).map_err(|source| cannot_write(folder, source))?;
        let place = folder.join(name);
        // The process id keeps two fetches apart.
        let beside = folder.join(format!("{name}.{}.part", std::process::id()));
        let mut reasons = Vec::new();
        for mirror in set.mirrors {
            let url = format!("{mirror}{name}");
            say(format_args!("fetching {url}"));
            match open(&url).and_then(|body| self.store(body, &beside)) {
                Ok(bytes) => {
                    fs::rename(&beside, &place).map_err(|source| cannot_write(&place, source))?;
                    say(format_args!(
                        "{name}: {:.1} MB, its checksum holds",
                        bytes as f64 / 1e6
                    ));
                    return Ok(Ok(()));
                }
                Err(reason) => {
                    // What was half fetched is of no use, and may not be there at all.
                    let _ = fs::remove_file(&beside);
                    let host = mirror.split('/').nth(2).unwrap_or(mirror);
                    reasons.push(format!("{host}: {reason}"));
                }
            }
        }
        Ok(Err(reasons.join("; ")))
    }

    /// Write a download to `path` and check it. Returns its size in bytes.
    fn store(&self, body: Box<dyn Read>, path: &Path) -> Result<u64, String> {
        let mut out = File::create(path).map_err(|e| format!("{} cannot be written: {e}", path.display()))?;
        let bytes = io::copy(&mut body.take(self.limit + 1), &mut out).map_err(|e| e.to_string())?;
        if bytes > self.limit {
            return Err(format!("it sends more than {} bytes", self.limit));
        }
        out.sync_all().map_err(|e| e.to_string())?;
        (self.check)(path).map_err(|e| e.to_string())?;
        Ok(bytes)
    }
}

/// The status of one file of a data set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FileState {
    /// Present, with the right checksum.
    Right,
    /// Absent.
    Missing,
    /// Present, but not the published file; with the reason.
    Wrong(String),
}

/// The status of a data set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SetStatus {
    /// The data set.
    pub(crate) name: &'static str,
    /// The folder that was searched; `None` if no data folder is known.
    pub(crate) folder: Option<PathBuf>,
    /// Its files with their status.
    pub(crate) files: Vec<(&'static str, FileState)>,
}

impl SetStatus {
    /// Returns whether every file is present and correct.
    #[must_use]
    pub(crate) fn complete(&self) -> bool {
        self.files.iter().all(|(_, state)| *state == FileState::Right)
    }

    /// Returns whether some file is present that is not the published one.
    #[must_use]
    pub(crate) fn damaged(&self) -> bool {
        self.files
            .iter()
            .any(|(_, state)| matches!(state, FileState::Wrong(_)))
    }
}

impl fmt::Display for SetStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, folder, files } = self;
        let Some(folder) = folder else {
            return write!(f, "{name}: no folder for data is known (set DENTATE_DATA)");
        };
        let folder = folder.display();
        if let ([(archive, _)], true) = (&files[..], self.complete()) {
            return write!(f, "{name}: {archive} is in {folder}, its checksum holds");
        }
        if self.complete() {
            return write!(
                f,
                "{name}: all {} files are in {folder}, their checksums hold",
                files.len()
            );
        }
        if files.iter().all(|(_, state)| *state == FileState::Missing) {
            return write!(f, "{name}: not in {folder} (`cargo xtask data fetch {name}`)");
        }
        write!(
            f,
            "{name}: incomplete in {folder} (`cargo xtask data fetch {name}`)"
        )?;
        for (file, state) in files {
            match state {
                FileState::Right => write!(f, "\n  {file}: its checksum holds")?,
                FileState::Missing => write!(f, "\n  {file}: missing")?,
                FileState::Wrong(why) => write!(f, "\n  {file}: wrong: {why}")?,
            }
        }
        Ok(())
    }
}

/// The status of each public data set under `root`.
#[must_use]
pub(crate) fn status(root: Option<&Path>) -> Vec<SetStatus> {
    catalogue::SETS.iter().map(|set| set_status(set, root)).collect()
}

fn set_status(set: &PublicSet, root: Option<&Path>) -> SetStatus {
    let state = |checked: Option<Result<(), StreamError>>| match checked {
        None | Some(Err(StreamError::Missing { .. })) => FileState::Missing,
        Some(Ok(())) => FileState::Right,
        Some(Err(error)) => FileState::Wrong(error.to_string()),
    };
    let archive = set
        .archive
        .filter(|_| !root.is_some_and(|root| set.unpacked(root)));
    let files = match archive {
        Some(archive) => {
            let found = root.and_then(|root| set.locate_archive(root));
            vec![(
                archive.name,
                state(found.map(|(archive, path)| archive.check(&path))),
            )]
        }
        None => {
            let read = |file| root.map(|root| set.read_file(root, file).map(|_| ()));
            set.files
                .iter()
                .map(|file| (file.name, state(read(file))))
                .collect()
        }
    };
    SetStatus {
        name: set.name,
        folder: root.map(|root| root.join(set.name)),
        files,
    }
}

#[cfg(test)]
mod tests;
