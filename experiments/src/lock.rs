//! Locks, so that one process at a time executes a run. They are locks of the operating system, which are released however
//! the process ends; the file's text names the holder.

use crate::error::RunnerError;
use crate::paths::{RunFolder, json};
use crate::provenance;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::Path;

/// A lock, held until it is dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

/// The holder of a lock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Holder {
    /// Its process.
    pub(crate) process: u32,
    /// The machine's name, if known.
    pub(crate) host: String,
    /// The start of the lock, in RFC 3339.
    pub(crate) since: String,
    /// The batch system's name of the job, if it is one.
    pub(crate) job: Option<String>,
}

impl Holder {
    fn me() -> Self {
        let job = std::env::var("SLURM_JOB_ID")
            .ok()
            .map(|id| format!("Slurm job {id}"));
        Self {
            process: std::process::id(),
            host: host(),
            since: provenance::now(),
            job,
        }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {}", self.process)?;
        if !self.host.is_empty() {
            write!(f, " on {}", self.host)?;
        }
        if let Some(job) = &self.job {
            write!(f, " ({job})")?;
        }
        write!(f, " since {}", self.since)
    }
}

fn host() -> String {
    let from_kernel = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    from_kernel
        .or_else(|| std::env::var("HOSTNAME").ok())
        .map(|name| name.trim().to_string())
        .unwrap_or_default()
}

/// Acquire the lock of a run; `None` if another process holds it.
pub(crate) fn take(run: &RunFolder) -> Result<Option<Lock>, RunnerError> {
    let path = run.lock();
    let mut file = open(&path)?;
    match file.try_lock() {
        Ok(()) => {
            let text = json(&path, &Holder::me())?;
            // Who holds it is a courtesy: on a full disk the lock holds all the same.
            let _ = file.set_len(0).and_then(|()| file.write_all(&text));
            Ok(Some(Lock { _file: file }))
        }
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(source)) => Err(RunnerError::io("lock", &path)(source)),
    }
}

/// Wait for a lock that is held only briefly.
pub(crate) fn wait(path: &Path) -> Result<Lock, RunnerError> {
    let file = open(path)?;
    file.lock().map_err(RunnerError::io("lock", path))?;
    Ok(Lock { _file: file })
}

/// The process that executes a run now; `None` if there is none.
pub(crate) fn holder(run: &RunFolder) -> Option<Holder> {
    let path = run.lock();
    let file = OpenOptions::new().read(true).write(true).open(&path).ok()?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => {
            let text = std::fs::read(&path).unwrap_or_default();
            Some(serde_json::from_slice(&text).unwrap_or_else(|_| Holder {
                process: 0,
                host: String::new(),
                since: "a moment ago".into(),
                job: None,
            }))
        }
        _ => None,
    }
}

fn open(path: &Path) -> Result<File, RunnerError> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(RunnerError::io("open", path))
}
