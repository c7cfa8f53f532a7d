//! Provenance of results: command, revision, machine, time.

use dentate_core::record::Provenance;
use std::process::Command;
use time::OffsetDateTime;

/// The provenance of results of this call; `backend` has the fingerprints of all backends used.
pub(crate) fn provenance(command: String, backend: String) -> Provenance {
    Provenance {
        command,
        commit: commit(),
        version: env!("CARGO_PKG_VERSION").into(),
        machine: machine(),
        backend,
        when: now(),
    }
}

/// The git revision of the current folder, followed by `+ changes` if files differ from it.
fn commit() -> Option<String> {
    let git = |args: &[&str]| {
        let output = Command::new("git")
            .args(args)
            .output()
            .ok()
            .filter(|o| o.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_string())
    };
    let revision = git(&["rev-parse", "--short=12", "HEAD"])?;
    let changed = git(&["status", "--porcelain"]).is_some_and(|s| !s.is_empty());
    Some(if changed {
        format!("{revision} + changes")
    } else {
        revision
    })
}

pub(crate) fn machine() -> String {
    let model = std::fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|l| l.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_string())
    });
    let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    format!(
        "{}, {cores} cores, {os} {arch}",
        model.unwrap_or_else(|| "processor unknown".into())
    )
}

/// The current time as RFC 3339 in UTC, to the second.
pub(crate) fn now() -> String {
    let now = OffsetDateTime::now_utc();
    let (year, month, day) = (now.year(), u8::from(now.month()), now.day());
    let (hour, minute, second) = now.to_hms();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}
