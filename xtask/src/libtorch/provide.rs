//! Providing libtorch once, in the user's cache.
//!
//! ```text
//! CACHE/dentate/libtorch-2.11.0          complete, or not there
//! CACHE/dentate/libtorch-2.11.0.part     wheels that are complete; `incoming` and `unpacked` are begun anew
//! CACHE/dentate/libtorch-2.11.0.lock     held by the process that is at it; others wait
//! ```
//!
//! Each wheel is fetched to a temporary place, checked and renamed, and so is the whole. So a process may be killed at any
//! time, and the next one continues from the last complete file.

use super::error::LibtorchError;
use super::unpack::unpack;
use super::wheel::{WHEELS, Wheel};
use super::{Libtorch, VERSION, found};
use crate::child::{interrupted, outlive_interrupts};
use crate::output::say;
use std::fs::{self, File, TryLockError};
use std::io::{BufRead, BufReader, IsTerminal, Write, stderr};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The user's cache.
pub(super) fn folder() -> Result<PathBuf, LibtorchError> {
    Ok(dirs::cache_dir().ok_or(LibtorchError::NoCache)?.join("dentate"))
}

fn home(cache: &Path) -> PathBuf {
    cache.join(format!("libtorch-{VERSION}"))
}

fn beside(cache: &Path, suffix: &str) -> PathBuf {
    cache.join(format!("libtorch-{VERSION}.{suffix}"))
}

/// The one that was provided before, if it is still complete.
pub(super) fn provided(cache: &Path) -> Option<Libtorch> {
    whole(cache, &WHEELS)
}

fn whole(cache: &Path, wheels: &[Wheel]) -> Option<Libtorch> {
    let root = home(cache);
    let needed = || wheels.iter().flat_map(|wheel| wheel.needed);
    let there = needed().all(|(_, to)| root.join(to).exists());
    let right = found::version(&root).as_deref() == Ok(VERSION);
    let origin = format!("provided in {}", root.display());
    (there && right).then_some(Libtorch { root, origin })
}

/// Provide it in the cache, from the `given` wheels if there are any, else from the package index.
pub(super) fn provide(cache: &Path, given: &[PathBuf]) -> Result<Libtorch, LibtorchError> {
    outlive_interrupts();
    provide_of(&WHEELS, cache, given, &mut fetch)
}

/// A function that fetches a wheel's file into a folder.
pub(super) type Fetch<'a> = &'a mut dyn FnMut(&Wheel, &Path) -> Result<(), LibtorchError>;

pub(super) fn provide_of(
    wheels: &[Wheel],
    cache: &Path,
    given: &[PathBuf],
    fetch: Fetch<'_>,
) -> Result<Libtorch, LibtorchError> {
    fs::create_dir_all(cache).map_err(LibtorchError::io("create", cache))?;
    let _lock = lock(&beside(cache, "lock"))?;
    if let Some(there) = whole(cache, wheels) {
        return Ok(there);
    }
    let part = beside(cache, "part");
    let files = wheels.iter().map(|wheel| bring(wheel, &part, given, fetch));
    let files = files.collect::<Result<Vec<_>, _>>()?;
    let unpacked = part.join("unpacked");
    empty(&unpacked)?;
    for (wheel, file) in wheels.iter().zip(&files) {
        let mut line = Line::new(format!("unpacking {}", wheel.requirement));
        unpack(wheel, file, &unpacked, |share| line.say(share))?;
    }
    let root = home(cache);
    remove(&root)?;
    fs::rename(&unpacked, &root).map_err(LibtorchError::io("rename", &unpacked))?;
    // Wheels of the user are elsewhere. Files that cannot be removed take space and do no harm.
    let _ = fs::remove_dir_all(&part);
    whole(cache, wheels).ok_or_else(|| LibtorchError::Damaged {
        path: root,
        why: format!("what came out of the wheels is not libtorch {VERSION}"),
    })
}

/// Take the lock, or wait for the process that holds it.
fn lock(path: &Path) -> Result<File, LibtorchError> {
    let file = File::create(path).map_err(LibtorchError::io("create", path))?;
    match file.try_lock() {
        Ok(()) => return Ok(file),
        Err(TryLockError::WouldBlock) => say!("another process is providing libtorch; waiting for it"),
        Err(TryLockError::Error(source)) => return Err(LibtorchError::io("lock", path)(source)),
    }
    file.lock().map_err(LibtorchError::io("lock", path))?;
    Ok(file)
}

/// A wheel's file, complete and checked.
fn bring(wheel: &Wheel, part: &Path, given: &[PathBuf], fetch: Fetch<'_>) -> Result<PathBuf, LibtorchError> {
    let named = |path: &&PathBuf| path.file_name().is_some_and(|name| name == wheel.file);
    if let Some(path) = given.iter().find(named) {
        wheel.check(path)?;
        return Ok(path.clone());
    }
    let place = part.join(wheel.file);
    if place.is_file() {
        match wheel.check(&place) {
            Ok(()) => return Ok(place),
            Err(LibtorchError::Digest { .. }) => remove(&place)?,
            Err(other) => return Err(other),
        }
    }
    let incoming = part.join("incoming");
    empty(&incoming)?;
    fetch(wheel, &incoming)?;
    let file = incoming.join(wheel.file);
    if !file.is_file() {
        return Err(LibtorchError::Fetch {
            file: wheel.file.into(),
        });
    }
    wheel.check(&file)?;
    fs::rename(&file, &place).map_err(LibtorchError::io("rename", &file))?;
    remove(&incoming)?;
    Ok(place)
}

/// Fetch by pip, from its configured index.
fn fetch(wheel: &Wheel, folder: &Path) -> Result<(), LibtorchError> {
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    if (os, arch) != ("linux", "x86_64") {
        return Err(LibtorchError::Platform(format!("{os} on {arch}")));
    }
    let pip = || {
        let mut python = Command::new("python3");
        python.args(["-m", "pip"]).stdin(Stdio::null());
        python
    };
    let answers = pip()
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !answers.is_ok_and(|status| status.success()) {
        return Err(LibtorchError::NoPip);
    }
    say!("fetching {} with pip", wheel.requirement);
    let mut child = pip()
        .args([
            "download",
            "--no-deps",
            "--only-binary=:all:",
            "--no-cache-dir",
            "--disable-pip-version-check",
        ])
        // The wheel for one Python version, whatever this one is: nothing of it depends on Python.
        .args(["--python-version", "3.11", "--implementation", "cp", "--dest"])
        .arg(folder)
        .arg(wheel.requirement)
        // Unfinished files are where they will be looked for.
        .env("TMPDIR", folder)
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|_| LibtorchError::NoPip)?;
    let mut said = String::new();
    if let Some(words) = child.stderr.take() {
        for line in BufReader::new(words).lines().map_while(Result::ok) {
            say!("{line}");
            said.push_str(&line);
            said.push('\n');
        }
    }
    let status = child
        .wait()
        .map_err(LibtorchError::io("wait for pip in", folder))?;
    if interrupted() {
        return Err(LibtorchError::Interrupted);
    }
    match status.success() {
        true => Ok(()),
        false => Err(told(&said, wheel, folder)),
    }
}

/// The error for a failure of pip, from its output.
pub(super) fn told(said: &str, wheel: &Wheel, folder: &Path) -> LibtorchError {
    let says = |signs: &[&str]| signs.iter().any(|sign| said.contains(sign));
    let file = wheel.file.to_owned();
    if says(&["No space left on device", "Disk quota exceeded"]) {
        let folder = folder.to_path_buf();
        return LibtorchError::Full { folder, what: file };
    }
    if says(&["No module named pip"]) {
        return LibtorchError::NoPip;
    }
    let signs = [
        "(from versions: none)",
        "NewConnectionError",
        "NameResolutionError",
        "Temporary failure in name resolution",
        "Connection refused",
        "Max retries exceeded",
        "Read timed out",
        "ConnectTimeoutError",
        "ProxyError",
    ];
    match says(&signs) {
        true => LibtorchError::NoNetwork { file },
        false => LibtorchError::Fetch { file },
    }
}

/// Make an empty folder, whatever was there.
fn empty(folder: &Path) -> Result<(), LibtorchError> {
    remove(folder)?;
    fs::create_dir_all(folder).map_err(LibtorchError::io("create", folder))
}

/// Remove a folder or file, if it exists.
fn remove(path: &Path) -> Result<(), LibtorchError> {
    let removed = if path.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(LibtorchError::io("remove", path)(error))
        }
        _ => Ok(()),
    }
}

/// Progress on one line of a terminal; elsewhere only the start is printed.
struct Line {
    what: String,
    terminal: bool,
    percent: u32,
}

impl Line {
    fn new(what: String) -> Self {
        let terminal = stderr().is_terminal();
        if !terminal {
            say!("{what}");
        }
        Self {
            what,
            terminal,
            percent: u32::MAX,
        }
    }

    fn say(&mut self, share: f64) {
        let percent = (100.0 * share) as u32;
        if self.terminal && percent != self.percent {
            self.percent = percent;
            // A terminal that is gone is no reason to stop.
            let _ = write!(stderr(), "\r{} {percent} %", self.what);
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if self.terminal {
            let _ = writeln!(stderr());
        }
    }
}
