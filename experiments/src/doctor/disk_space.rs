//! Disk space: free bytes, and the bytes that a suite needs.

pub(super) use crate::bench::size;
use crate::error::RunnerError;
use crate::history;
use crate::kept;
use crate::paths::SuiteFolder;
use crate::run::Timing;
use crate::suite::Suite;
use dentate_streams::DataEnv;
use std::collections::BTreeMap;
use std::fmt;
use std::fs::{OpenOptions, TryLockError};
use std::io;
use std::path::Path;

/// Assumed bytes of a run without an earlier one: records, and a checkpoint of a million parameters with two moments.
const RECORDS: u64 = 100_000;
const CHECKPOINT: u64 = 12 * PARAMETERS;
const PARAMETERS: u64 = 1_000_000;
/// Bytes of a run's job, status, timing and log.
const REST: u64 = 16_000;

/// The nearest ancestor folder that exists.
fn there(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|f| f.is_dir()).or(Some(Path::new(".")))
}

/// Free bytes on the disk of `folder`, which need not exist; `None` if unknown.
pub(super) fn free(folder: &Path) -> Option<u64> {
    #[cfg(unix)]
    {
        let stat = rustix::fs::statvfs(there(folder)?).ok()?;
        Some(stat.f_bavail.saturating_mul(stat.f_frsize))
    }
    #[cfg(not(unix))]
    {
        let _ = there(folder);
        None
    }
}

/// Test whether files can be written there, with a temporary file.
pub(super) fn writable(folder: &Path) -> io::Result<()> {
    let Some(there) = there(folder) else { return Ok(()) };
    let path = there.join(format!(".dentate-doctor-{}", std::process::id()));
    std::fs::write(&path, "may be removed")?;
    std::fs::remove_file(&path)
}

/// Test whether locks work there: a temporary file is locked, and a second handle must not get the lock.
pub(super) fn locks(folder: &Path) -> io::Result<Locks> {
    let Some(there) = there(folder) else {
        return Ok(Locks::Hold);
    };
    let path = there.join(format!(".dentate-doctor-lock-{}", std::process::id()));
    let open = || {
        let mut options = OpenOptions::new();
        options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
    };
    let tried = open().and_then(|first| {
        let second = open()?;
        Ok(Locks::of(first.try_lock(), || second.try_lock()))
    });
    std::fs::remove_file(&path)?;
    tried
}

/// The result of locking a file twice.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Locks {
    /// The second lock was refused.
    Hold,
    /// Both locks were granted.
    GivenTwice,
    /// Locks are unavailable or fail; with the reason.
    Fail(String),
}

impl Locks {
    fn of(first: Result<(), TryLockError>, second: impl FnOnce() -> Result<(), TryLockError>) -> Self {
        match first.map(|()| second()) {
            Ok(Err(TryLockError::WouldBlock)) => Self::Hold,
            Ok(Ok(())) => Self::GivenTwice,
            Ok(Err(TryLockError::Error(error))) | Err(TryLockError::Error(error)) => {
                Self::Fail(error.to_string())
            }
            Err(TryLockError::WouldBlock) => Self::Fail("a new file is locked already".into()),
        }
    }
}

/// The disk space that a suite needs.
pub(super) struct Need {
    runs: u64,
    /// Bytes of existing results.
    there: u64,
    /// Bytes of results to come, including checkpoints of the runs in progress.
    results: u64,
    /// Bytes of decoded data to come, as far as known.
    cache: u64,
    /// True if the size of some data is known only from its files.
    more: bool,
    /// Number of earlier runs that the estimate uses.
    from: usize,
}

impl Need {
    pub(super) fn bytes(&self) -> u64 {
        self.results + self.cache
    }
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let basis = match self.from {
            0 => "assumed: no earlier run to estimate from".to_string(),
            1 => "estimated from 1 earlier run".into(),
            n => format!("estimated from {n} earlier runs"),
        };
        write!(
            f,
            "{} runs; results: {} now, {} more to come; decoded data: {}{} more ({basis})",
            self.runs,
            size(self.there),
            size(self.results),
            if self.more { "over " } else { "" },
            size(self.cache)
        )
    }
}

/// The disk space that `suite` needs, estimated from its earlier runs.
pub(super) fn needed(suite: &Suite, results: &Path, env: &DataEnv) -> Result<Need, RunnerError> {
    let folder = SuiteFolder(results.join(&suite.name));
    let past = history::finished(&folder);
    let trials = suite
        .pairs()
        .filter_map(|(method, _)| Some(method.sweep.as_ref()?.len() as u64));
    let trials = trials.sum::<u64>() * suite.sweep.seeds().count() as u64;
    let runs = suite.pairs().count() as u64 * suite.seeds + trials;
    let largest = |of: &dyn Fn(&Timing) -> u64| past.iter().map(|p| of(&p.timing)).max();
    let records = largest(&|t| t.record_bytes).unwrap_or(RECORDS);
    let checkpoint = largest(&|t| t.checkpoint_bytes).unwrap_or(CHECKPOINT);
    let known = suite.streams.iter().filter_map(|s| s.spec.facts());
    let experiences = known
        .map(|facts| facts.experiences.len() as u64)
        .max()
        .unwrap_or(1);
    let of = |timing: &Timing| kept::bytes(suite.keep, experiences, timing);
    let networks = largest(&of).unwrap_or_else(|| {
        of(&Timing {
            parameters: PARAMETERS,
            ..Timing::default()
        })
    });
    let width = std::thread::available_parallelism().map_or(1, |n| n.get()) as u64;
    let left = runs.saturating_sub(past.len() as u64);
    // Two checkpoints a run under way: the next one is whole before the last one goes.
    let under_way = 2 * checkpoint * width.min(left);
    let mut data = BTreeMap::new();
    for stream in &suite.streams {
        for spec in stream.spec.data() {
            data.insert(spec.fingerprint(env)?, spec.facts().cached);
        }
    }
    Ok(Need {
        runs,
        there: past
            .iter()
            .map(|p| p.timing.record_bytes + p.timing.network_bytes + REST)
            .sum(),
        results: left * (records + networks + REST) + under_way,
        more: data.values().any(Option::is_none),
        cache: data.into_values().flatten().sum(),
        from: past.len(),
    })
}

#[cfg(test)]
mod tests;
