//! Digests of file contents, which identify data read from a user's own files in a run's id and in the cache.
//!
//! A digest depends only on names within the source and bytes, so that a copy elsewhere is the same data. Hashing gigabytes
//! at every start would be slow; so where there is a cache, a digest is stored there with the paths, sizes and times of the
//! files, and recomputed when any of these changes. The times are those of the last change of a file's bytes and of its
//! file itself, which no program can set back, so a file that is replaced by another of its size and time is detected. Where the
//! system keeps no such time, nothing is stored.
//!
//! The data of a run is hashed once more as it is read: [`Tapped`] and [`Contents`].

use crate::env::DataEnv;
use crate::error::{StreamError, unreadable};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A file that was changed more recently than this may change again within the same tick of its file system's clock.
const SETTLED: Duration = Duration::from_secs(2);

/// A file of a source: its name within the source, and its path.
pub(crate) type Named = (String, PathBuf);

/// The digest of files that are added one by one, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Contents(Sha256);

impl Contents {
    /// Adds a file: its name within the source, and the digest of its bytes.
    pub(crate) fn add(&mut self, name: &str, digest: &str) {
        self.0.update(format!("{}:{name} {digest}\n", name.len()));
    }

    pub(crate) fn digest(self) -> String {
        hex(&self.0.finalize())
    }
}

/// A file that is hashed while it is read, also through several clones.
#[derive(Clone)]
pub(crate) struct Tapped(Rc<RefCell<(File, Sha256)>>);

impl Tapped {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self(Rc::new(RefCell::new((File::open(path)?, Sha256::new())))))
    }

    /// Reads the remaining bytes; returns the digest of all of it.
    pub(crate) fn rest(mut self) -> io::Result<String> {
        let mut buffer = vec![0; 1 << 16];
        while self.read(&mut buffer)? > 0 {}
        Ok(hex(&self.0.borrow().1.clone().finalize()))
    }
}

impl Read for Tapped {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let (file, hash) = &mut *self.0.borrow_mut();
        let n = file.read(buffer)?;
        hash.update(&buffer[..n]);
        Ok(n)
    }
}

/// The digest of `files`, in order.
pub(crate) fn identity(env: &DataEnv, files: &[Named]) -> Result<String, StreamError> {
    identity_at(env, files, SystemTime::now())
}

fn identity_at(env: &DataEnv, files: &[Named], now: SystemTime) -> Result<String, StreamError> {
    let stamp = Stamp::of(files)?;
    if let Some(known) = stamp.kept(env).and_then(|place| recall(&place, &stamp)) {
        return Ok(known);
    }
    let mut contents = Contents::default();
    for (name, path) in files {
        contents.add(name, &file_digest(path).map_err(unreadable(path))?);
    }
    let found = contents.digest();
    // Files that have changed meanwhile now have another stamp.
    if let Some(place) = stamp.kept(env)
        && stamp.settled(now)
        && Stamp::of(files)?.digest == stamp.digest
    {
        // This only saves time; a cache that cannot be written is reported when data is added to it.
        let _ = remember(&place, &stamp, &found);
    }
    Ok(found)
}

/// Removes a stored digest of `files` that differs from `found`, the digest of what was read.
pub(crate) fn correct(env: &DataEnv, files: &[Named], found: &str) {
    if let Ok(stamp) = Stamp::of(files)
        && let Some(place) = stamp.kept(env)
        && recall(&place, &stamp).is_some_and(|known| known != found)
    {
        // If it remains, the next run ends like this one: with an error, and without wrong numbers.
        let _ = fs::remove_file(place);
    }
}

/// The paths, sizes and times of files.
struct Stamp {
    digest: String,
    newest: SystemTime,
    /// True if the system reports when a file was last changed in any way.
    sure: bool,
}

impl Stamp {
    fn of(files: &[Named]) -> Result<Self, StreamError> {
        let mut hash = Sha256::new();
        let (mut newest, mut sure) = (UNIX_EPOCH, true);
        for (name, path) in files {
            let failed = unreadable(path);
            let about = fs::metadata(path).map_err(&failed)?;
            let modified = about.modified().map_err(&failed)?;
            let place = std::path::absolute(path).map_err(&failed)?;
            let changed = changed(&about);
            newest = newest.max(modified);
            match &changed {
                Some((_, time)) => newest = newest.max(*time),
                None => sure = false,
            }
            let line = format!("{name:?} {place:?} {} {modified:?} {changed:?}\n", about.len());
            hash.update(line);
        }
        Ok(Self {
            digest: hex(&hash.finalize()),
            newest,
            sure,
        })
    }

    /// The path of the stored digest of such files, if there can be one.
    fn kept(&self, env: &DataEnv) -> Option<PathBuf> {
        let cache = env.cache.as_ref().filter(|_| self.sure)?;
        Some(cache.join(format!("contents-{}.sha256", &self.digest[..16])))
    }

    fn settled(&self, now: SystemTime) -> bool {
        now.duration_since(self.newest)
            .is_ok_and(|since_change| since_change >= SETTLED)
    }
}

/// The identity of a file, and the time of its last change in any way: its bytes, its name, its times.
#[cfg(unix)]
fn changed(about: &Metadata) -> Option<([u64; 2], SystemTime)> {
    use std::os::unix::fs::MetadataExt;
    let seconds = u64::try_from(about.ctime()).ok()?;
    let nanoseconds = u32::try_from(about.ctime_nsec()).ok()?;
    let time = UNIX_EPOCH.checked_add(Duration::new(seconds, nanoseconds))?;
    Some(([about.dev(), about.ino()], time))
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> Option<([u64; 2], SystemTime)> {
    None
}

/// The stored digest of these files; `None` if it is missing or damaged.
fn recall(path: &Path, stamp: &Stamp) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let digest = text.get(..64)?;
    (text == kept(stamp, digest)).then(|| digest.to_owned())
}

/// The form of a stored digest: with a checksum over it and its stamp.
fn kept(stamp: &Stamp, found: &str) -> String {
    format!(
        "{found} {}\n",
        digest(format!("{} {found}", stamp.digest).as_bytes())
    )
}

fn remember(path: &Path, stamp: &Stamp, digest: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let beside = path.with_extension(format!("{}.part", std::process::id()));
    fs::write(&beside, kept(stamp, digest))?;
    fs::rename(beside, path)
}

/// SHA-256 of a file's raw bytes, in hex.
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

/// A shortened fingerprint for messages: enough to distinguish two.
pub(crate) fn short(fingerprint: &str) -> String {
    digest(fingerprint.as_bytes())[..12].to_owned()
}

/// Bytes as lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests;
