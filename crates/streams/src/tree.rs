//! A folder of files, or a tar archive (plain or gzip) as if it were one: read straight, never unpacked to the disk.

use crate::contents::{Contents, Named, Tapped, digest, file_digest};
use crate::error::StreamError;
use crate::unpack::{self, unreadable};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// A source of named files.
#[derive(Debug)]
pub(crate) enum Tree {
    /// A folder: the names of its files, with `/` between folders, sorted.
    Folder(Vec<Named>),
    /// A tar archive.
    Tar(PathBuf),
}

impl Tree {
    /// The folder or archive at `path`. What is hidden is left out, and links to folders are not followed.
    pub(crate) fn open(path: &Path) -> Result<Self, StreamError> {
        if fs::metadata(path).map_err(unreadable(path))?.is_file() {
            return Ok(Self::Tar(path.to_owned()));
        }
        let mut files = Vec::new();
        let mut folders = vec![(String::new(), path.to_owned())];
        while let Some((name, folder)) = folders.pop() {
            let failed = unreadable(&folder);
            for entry in fs::read_dir(&folder).map_err(&failed)? {
                let entry = entry.map_err(&failed)?;
                let own = entry.file_name().to_string_lossy().into_owned();
                let named = (format!("{name}{own}"), entry.path());
                if hidden(&own) {
                } else if entry.file_type().map_err(&failed)?.is_dir() {
                    folders.push((format!("{}/", named.0), named.1));
                } else if named.1.is_file() {
                    files.push(named);
                }
            }
        }
        files.sort_unstable();
        Ok(Self::Folder(files))
    }

    /// What it consists of: what its contents follow from.
    pub(crate) fn files(&self) -> Vec<Named> {
        match self {
            Self::Folder(files) => files.clone(),
            Self::Tar(path) => vec![(String::new(), path.clone())],
        }
    }

    /// Show every file that `wanted` accepts by its name, with its place for errors. Gives the digest of all contents, worked out
    /// from the bytes that were shown.
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
        let failed = unreadable(path);
        let file = Tapped::open(path).map_err(&failed)?;
        let mut input = unpack::unpacked(file.clone()).map_err(&failed)?;
        let mut archive = tar::Archive::new(&mut input);
        for entry in archive.entries().map_err(&failed)? {
            let mut entry = entry.map_err(&failed)?;
            let name = entry.path().map_err(&failed)?.to_string_lossy().into_owned();
            let name = name.strip_prefix("./").unwrap_or(&name);
            let seen = !name.split('/').any(hidden);
            if entry.header().entry_type().is_file() && seen && wanted(name) {
                let mut bytes = Vec::new();
                entry.read_to_end(&mut bytes).map_err(&failed)?;
                show(name, &path.join(name), bytes)?;
            }
        }
        contents.add("", &file.rest().map_err(&failed)?);
        Ok(contents.digest())
    }
}

/// Whether a file or folder of this name is nobody's picture: hidden ones, and what one system puts into archives.
fn hidden(name: &str) -> bool {
    name.starts_with('.') || name == "__MACOSX"
}

#[cfg(test)]
mod tests;
