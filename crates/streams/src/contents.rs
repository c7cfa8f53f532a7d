//! What files contain, as one digest: what data read from somebody's own files is known by, in a run's id and in the cache.
//!
//! A digest follows from names within the source and bytes alone, so that a copy elsewhere is the same data. Hashing gigabytes
//! at every start would be felt; so where there is a cache, a digest is kept there under the places, sizes and times of
//! modification of the files, and worked out again when any of these changes. A file that is changed without changing size
//! and time goes unnoticed until the cache is emptied.

use crate::data::DataEnv;
use crate::error::StreamError;
use crate::unpack::unreadable;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A file that was changed less long ago may change again within the same tick of its file system's clock.
const SETTLED: Duration = Duration::from_secs(2);

/// A file of a source: its name within, and where it lies.
pub(crate) type Named = (String, PathBuf);

/// The digest of `files`, in their order.
pub(crate) fn identity(env: &DataEnv, files: &[Named]) -> Result<String, StreamError> {
    let stamp = Stamp::of(files)?;
    let kept = env.cache.as_ref().map(|cache| cache.join(stamp.file_name()));
    if let Some(known) = kept.as_deref().and_then(|kept| stamp.recall(kept)) {
        return Ok(known);
    }
    let mut hash = Sha256::new();
    for (name, path) in files {
        let file = file_digest(path).map_err(unreadable(path))?;
        hash.update(format!("{}:{name} {file}\n", name.len()));
    }
    let found = hex(&hash.finalize());
    if let Some(kept) = kept.filter(|_| stamp.settled()) {
        // It only saves time: a cache that cannot be written is noticed where data goes into it.
        let _ = stamp.remember(&kept, &found);
    }
    Ok(found)
}

/// Places, sizes and times of files.
struct Stamp {
    digest: String,
    newest: SystemTime,
}

impl Stamp {
    fn of(files: &[Named]) -> Result<Self, StreamError> {
        let mut hash = Sha256::new();
        let mut newest = UNIX_EPOCH;
        for (name, path) in files {
            let failed = unreadable(path);
            let about = fs::metadata(path).map_err(&failed)?;
            let changed = about.modified().map_err(&failed)?;
            let place = std::path::absolute(path).map_err(&failed)?;
            newest = newest.max(changed);
            let line = format!("{name:?} {place:?} {} {changed:?}\n", about.len());
            hash.update(line);
        }
        Ok(Self {
            digest: hex(&hash.finalize()),
            newest,
        })
    }

    fn file_name(&self) -> String {
        format!("contents-{}.sha256", &self.digest[..16])
    }

    fn settled(&self) -> bool {
        self.newest
            .elapsed()
            .is_ok_and(|since_change| since_change >= SETTLED)
    }

    /// What is kept of a digest: it, and a digest of it and of whose it is, so that a damaged file or another's is not taken.
    fn kept(&self, found: &str) -> String {
        format!(
            "{found} {}",
            digest(format!("{} {found}", self.digest).as_bytes())
        )
    }

    /// A digest that was kept; nothing if it is not there whole.
    fn recall(&self, path: &Path) -> Option<String> {
        let text = fs::read_to_string(path).ok()?;
        let (found, _) = text.split_once(' ')?;
        (text == self.kept(found)).then(|| found.to_owned())
    }

    fn remember(&self, path: &Path, found: &str) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let beside = path.with_extension(format!("{}.part", std::process::id()));
        fs::write(&beside, self.kept(found))?;
        fs::rename(beside, path)
    }
}

/// SHA-256 of a file as it lies there, in hex.
pub(crate) fn file_digest(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&hash.finalize())),
            n => hash.update(&buffer[..n]),
        }
    }
}

/// SHA-256 of bytes, in hex.
pub(crate) fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes as lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests;
