//! Enforcement of a suite's limits on the time, size, work and memory of a run.

use super::note;
use crate::error::RunnerError;
use crate::job::Job;
use crate::paths::RunFolder;
use crate::status;
use crate::suite::Limits;
use dentate_core::record::Status;
use dentate_core::{Graph, MetricLog};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Grace after the time limit, after which a run that does not check the clock (a hanging update) is killed.
const LATE: Duration = Duration::from_secs(10);

fn exceeded<T>(kind: &'static str, message: String) -> Result<T, RunnerError> {
    Err(RunnerError::Run { kind, message })
}

/// Check the limits.
pub(super) fn check(
    limits: &Limits,
    graph: &Graph,
    log: &MetricLog,
    seconds: f64,
) -> Result<(), RunnerError> {
    // Counting takes a while, and this is asked at every update.
    if let Some(limit) = limits.parameters {
        let (parameters, updates) = (graph.parameter_count() as u64, log.updates);
        if parameters > limit {
            return exceeded(
                "parameter-limit",
                format!(
                    "the network has {parameters} parameters after {updates} updates, over the suite's limit of {limit}"
                ),
            );
        }
    }
    let spent = log.multiply_adds;
    if let Some(limit) = limits.multiply_adds.filter(|l| spent > *l) {
        return exceeded(
            "compute-limit",
            format!("it has spent {spent} multiply-adds, over the suite's limit of {limit}"),
        );
    }
    match limits.time.filter(|l| seconds > *l) {
        Some(limit) => exceeded("time-limit", over_time(limit)),
        None => Ok(()),
    }
}

fn over_time(limit: f64) -> String {
    format!("it has taken longer than the suite's limit of {limit} s")
}

/// A timer that kills the process some seconds after its time limit, unless it is dropped before.
pub(super) struct Watch {
    over: Arc<AtomicBool>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
    }
}

/// Start the timer for a run that has taken `seconds` so far: a run that hangs within an update cannot check the clock
/// itself.
pub(super) fn watch(job: &Job, folder: &RunFolder, seconds: f64) -> Option<Watch> {
    let limit = job.limits.time?;
    let left = Duration::try_from_secs_f64((limit - seconds).max(0.0)).ok()?;
    let end = Instant::now().checked_add(left)?.checked_add(LATE)?;
    let over = Arc::new(AtomicBool::new(false));
    let (flag, folder, id) = (Arc::clone(&over), folder.clone(), job.id.clone());
    std::thread::spawn(move || {
        while Instant::now() < end {
            std::thread::sleep(Duration::from_millis(200));
            if flag.load(Ordering::SeqCst) {
                return;
            }
        }
        let message = format!("{}, within one update", over_time(limit));
        note(&message);
        let kind = "time-limit".into();
        let status = Status::Failed { kind, message };
        // What cannot be written here is noticed by the one who waits for this process.
        let _ = status::write(&folder, &status::without_records(&id, status));
        std::process::exit(1);
    });
    Some(Watch { over })
}

/// Let the operating system refuse memory beyond the limit; the allocator then aborts the process, and its last message
/// gives the reason. If the limit cannot be set, it is not enforced, and the log says so.
pub(super) fn limit_memory(limits: &Limits) {
    let Some(mebibytes) = limits.memory else { return };
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let bytes = Some(mebibytes.saturating_mul(1 << 20));
        let limit = Rlimit {
            current: bytes,
            maximum: bytes,
        };
        if let Err(error) = setrlimit(Resource::Data, limit) {
            note(&format!(
                "the limit of {mebibytes} MiB of memory cannot be set: {error}"
            ));
        }
    }
    #[cfg(not(unix))]
    note(&format!(
        "the limit of {mebibytes} MiB of memory is not kept on this system"
    ));
}
