//! Public data sets: fetching their files, and saying which are there.
//!
//! The only code of the framework that talks to a network, and only when asked to.

use dentate_core::registry::nearest;
use dentate_streams::StreamError;
use dentate_streams::catalogue::{self, PublicFile, PublicSet};
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;
use thiserror::Error;

/// Why a data set could not be fetched.
#[derive(Debug, Error)]
pub(crate) enum FetchError {
    /// There is no data set of this name.
    #[error("there is no data set `{name}` to fetch{}; there is {known}", .nearest.map(|n| format!(", did you mean `{n}`?")).unwrap_or_default())]
    Unknown {
        /// The name given.
        name: String,
        /// The name that was probably meant.
        nearest: Option<&'static str>,
        /// The names there are.
        known: String,
    },
    /// It is not known where to put it.
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
        /// What the operating system said.
        source: io::Error,
    },
    /// A file that is there is not the published one, and hides what would be fetched.
    #[error(transparent)]
    InTheWay(StreamError),
    /// No mirror gave the file.
    #[error(
        "`{file}` could not be fetched ({reasons}); without a network, place the {files} files of `{set}` in {}, plain or \
         gzip, or point DENTATE_DATA at a folder that has them in `{set}`",
        .folder.display()
    )]
    Unreachable {
        /// The data set.
        set: &'static str,
        /// How many files it has.
        files: usize,
        /// The file.
        file: &'static str,
        /// Why, for each mirror.
        reasons: String,
        /// Where it would go.
        folder: PathBuf,
    },
}

/// Fetch the data set `name` into `<root>/<name>`: what is there and right is left alone, the rest is downloaded beside its
/// place, checked against the published checksums and renamed. Says on standard error what it does.
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

/// Something that opens an address; the error is for people.
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
    for file in set.files {
        match set.read(root, file) {
            Ok(_) => eprintln!("{}: there", file.name),
            Err(StreamError::Missing { .. }) => fetch_file(set, file, &folder, open)?,
            // A damaged download is replaced; a plain file is somebody's own, and would be found before the download.
            Err(error) if folder.join(file.name).is_file() => return Err(FetchError::InTheWay(error)),
            Err(error) => {
                eprintln!("{error}");
                fetch_file(set, file, &folder, open)?;
            }
        }
    }
    eprintln!(
        "{}: all {} files are in {} ({})",
        set.name,
        set.files.len(),
        folder.display(),
        set.source
    );
    Ok(())
}

/// Fetch one file from the first mirror that has it right.
fn fetch_file(set: &PublicSet, file: &PublicFile, folder: &Path, open: Open<'_>) -> Result<(), FetchError> {
    fs::create_dir_all(folder).map_err(|source| FetchError::Write {
        path: folder.to_owned(),
        source,
    })?;
    let place = folder.join(format!("{}.gz", file.name));
    // The process id keeps two fetches apart.
    let beside = folder.join(format!("{}.gz.{}.part", file.name, std::process::id()));
    let mut reasons = Vec::new();
    for mirror in set.mirrors {
        let url = format!("{mirror}{}.gz", file.name);
        eprintln!("fetching {url}");
        let fetched = open(&url).and_then(|body| store(body, &beside, file));
        match fetched {
            Ok(bytes) => {
                fs::rename(&beside, &place).map_err(|source| FetchError::Write {
                    path: place.clone(),
                    source,
                })?;
                eprintln!("{}: {:.1} MB, its checksum holds", file.name, bytes as f64 / 1e6);
                return Ok(());
            }
            Err(reason) => {
                // What was half fetched is of no use, and may not be there at all.
                let _ = fs::remove_file(&beside);
                let host = mirror.split('/').nth(2).unwrap_or(mirror);
                reasons.push(format!("{host}: {reason}"));
            }
        }
    }
    Err(FetchError::Unreachable {
        set: set.name,
        files: set.files.len(),
        file: file.name,
        reasons: reasons.join("; "),
        folder: folder.to_owned(),
    })
}

/// Write a download to `path` and check it; its size in bytes.
fn store(body: Box<dyn Read>, path: &Path, file: &PublicFile) -> Result<u64, String> {
    // Packed bytes can hardly be more than unpacked ones; a server cannot fill the disk.
    let limit = file.bytes + (1 << 16);
    let mut out = File::create(path).map_err(|e| format!("{} cannot be written: {e}", path.display()))?;
    let bytes = io::copy(&mut body.take(limit + 1), &mut out).map_err(|e| e.to_string())?;
    if bytes > limit {
        return Err(format!("it sends more than {limit} bytes"));
    }
    out.sync_all().map_err(|e| e.to_string())?;
    file.read(path).map_err(|e| e.to_string())?;
    Ok(bytes)
}

/// What is there of one file of a data set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FileState {
    /// It is there and its checksum holds.
    Right,
    /// It is not there.
    Missing,
    /// It is there, and is not what was published: why.
    Wrong(String),
}

/// What is there of a data set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SetStatus {
    /// The data set.
    pub(crate) name: &'static str,
    /// The folder that was searched; `None` where no folder for data is known.
    pub(crate) folder: Option<PathBuf>,
    /// Each of its files and what is there of it.
    pub(crate) files: Vec<(&'static str, FileState)>,
}

impl SetStatus {
    /// Whether every file is there and right.
    #[must_use]
    pub(crate) fn complete(&self) -> bool {
        self.files.iter().all(|(_, state)| *state == FileState::Right)
    }

    /// Whether a file is there that is not the published one.
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

/// What is there of each public data set under `root`, and whether its checksums hold.
#[must_use]
pub(crate) fn status(root: Option<&Path>) -> Vec<SetStatus> {
    catalogue::SETS.iter().map(|set| set_status(set, root)).collect()
}

fn set_status(set: &PublicSet, root: Option<&Path>) -> SetStatus {
    let state = |file: &PublicFile| match root.map(|root| set.read(root, file)) {
        None | Some(Err(StreamError::Missing { .. })) => FileState::Missing,
        Some(Ok(_)) => FileState::Right,
        Some(Err(error)) => FileState::Wrong(error.to_string()),
    };
    SetStatus {
        name: set.name,
        folder: root.map(|root| root.join(set.name)),
        files: set.files.iter().map(|file| (file.name, state(file))).collect(),
    }
}

#[cfg(test)]
mod tests;
