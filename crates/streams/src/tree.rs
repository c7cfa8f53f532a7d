//! A folder of files, or a tar archive (plain or gzip) as one: read directly, never unpacked to the disk.
//!
//! Both are read by the same rules, so that a folder and an archive of it contain the same files. Hidden files are left out. A hard
//! link is a file like any other. A symbolic link is replaced by its target, a file or a folder with all its contents; a link
//! without a target, or back to a folder that contains it, is refused, as is anything but a file, folder or link. In an archive
//! each name is of one file: a second one of the same name is refused, and so is a link that leads out of the archive.

mod error;
mod links;
mod packed;

pub use error::TreeErrorKind;

use crate::contents::{Contents, Named, digest, file_digest};
use crate::error::{StreamError, unreadable};
use std::fs;
use std::path::{Path, PathBuf};

/// A source of named files.
#[derive(Debug)]
pub(crate) enum Tree {
    /// A folder: the names of its files, with `/` between folders, sorted.
    Folder(Vec<Named>),
    /// A tar archive.
    Tar(PathBuf),
}

/// A folder that is not yet listed.
struct Open {
    /// The prefix of the names in it.
    prefix: String,
    path: PathBuf,
    /// The real paths of the folders that contain the links followed so far.
    passed: Vec<PathBuf>,
}

impl Tree {
    /// Opens the folder or archive at `path`.
    pub(crate) fn open(path: &Path) -> Result<Self, StreamError> {
        if fs::metadata(path).map_err(unreadable(path))?.is_file() {
            return Ok(Self::Tar(path.to_owned()));
        }
        let refused = |kind| StreamError::Tree {
            path: path.to_owned(),
            kind,
        };
        let mut files = Vec::new();
        let mut folders = vec![Open {
            prefix: String::new(),
            path: path.to_owned(),
            passed: Vec::new(),
        }];
        while let Some(folder) = folders.pop() {
            let failed = unreadable(&folder.path);
            for entry in fs::read_dir(&folder.path).map_err(&failed)? {
                let entry = entry.map_err(&failed)?;
                let own = entry.file_name().to_string_lossy().into_owned();
                if hidden(&own) {
                    continue;
                }
                let (name, place) = (format!("{}{own}", folder.prefix), entry.path());
                let mut passed = folder.passed.clone();
                let linked = entry.file_type().map_err(&failed)?.is_symlink();
                let about = match fs::metadata(&place) {
                    Ok(about) => about,
                    Err(_) if linked => {
                        let target = fs::read_link(&place).map_err(unreadable(&place))?;
                        let target = target.to_string_lossy().into_owned();
                        return Err(refused(TreeErrorKind::Nowhere { name, target }));
                    }
                    Err(error) => return Err(unreadable(&place)(error)),
                };
                if about.is_file() {
                    files.push((name, place));
                } else if about.is_dir() {
                    if linked {
                        let real = fs::canonicalize(&place).map_err(&failed)?;
                        passed.push(fs::canonicalize(&folder.path).map_err(&failed)?);
                        if passed.iter().any(|within| within.starts_with(&real)) {
                            return Err(refused(TreeErrorKind::Circle { name }));
                        }
                    }
                    folders.push(Open {
                        prefix: format!("{name}/"),
                        path: place,
                        passed,
                    });
                } else {
                    return Err(refused(TreeErrorKind::Sort { name }));
                }
                if files.len() > links::MOST {
                    return Err(refused(TreeErrorKind::Links { most: links::MOST }));
                }
            }
        }
        files.sort_unstable();
        // Names that are not valid text differ on the disk, but not here.
        if let Some(pair) = files.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            let name = pair[0].0.clone();
            return Err(refused(TreeErrorKind::Twice { name }));
        }
        Ok(Self::Folder(files))
    }

    /// The files that determine its contents.
    pub(crate) fn files(&self) -> Vec<Named> {
        match self {
            Self::Folder(files) => files.clone(),
            Self::Tar(path) => vec![(String::new(), path.clone())],
        }
    }

    /// Calls a function for every file whose name `wanted` accepts, with its path for errors. Returns the digest of all contents,
    /// computed from the bytes that were passed.
    pub(crate) fn each(
        &self,
        wanted: impl Fn(&str) -> bool,
        mut show: impl FnMut(&str, &Path, Vec<u8>) -> Result<(), StreamError>,
    ) -> Result<String, StreamError> {
        let mut contents = Contents::default();
        let path = match self {
            Self::Folder(files) => {
                for (name, path) in files {
                    let failed = unreadable(path);
                    if wanted(name) {
                        let bytes = fs::read(path).map_err(failed)?;
                        contents.add(name, &digest(&bytes));
                        show(name, path, bytes)?;
                    } else {
                        contents.add(name, &file_digest(path).map_err(failed)?);
                    }
                }
                return Ok(contents.digest());
            }
            Self::Tar(path) => path,
        };
        let wanted = |name: &str| !name.split('/').any(hidden) && wanted(name);
        let read = packed::each(path, wanted, |name, bytes| show(name, &path.join(name), bytes))?;
        contents.add("", &read);
        Ok(contents.digest())
    }
}

/// Returns whether a file or folder of this name is skipped: hidden ones, and metadata that one system adds to archives.
fn hidden(name: &str) -> bool {
    name.starts_with('.') || name == "__MACOSX"
}

#[cfg(test)]
mod tests;
