//! Slurm's programs.

use super::args::SlurmArgs;
use super::error::SlurmError;
use dentate_core::registry::nearest;
use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

/// Run a Slurm program and return its output.
fn output(program: &'static str, arguments: &[&OsStr]) -> Result<String, SlurmError> {
    let output = Command::new(program).args(arguments).output();
    let output = output.map_err(|source| SlurmError::NotThere { program, source })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let words = String::from_utf8_lossy(&output.stderr);
    let line = words.lines().map(str::trim).rfind(|line| !line.is_empty());
    // `sbatch: error: Batch job submission failed: …` says who speaks twice too often.
    let line = line.map(|line| {
        line.trim_start_matches(&format!("{program}: "))
            .trim_start_matches("error: ")
    });
    let message = line.map_or_else(|| format!("it ended with {}", output.status), String::from);
    Err(SlurmError::Refused { program, message })
}

fn words<'a>(arguments: &'a [&str]) -> Vec<&'a OsStr> {
    arguments.iter().map(OsStr::new).collect()
}

/// Refuse an unknown partition, before anything is written.
pub(super) fn check_partition(given: Option<&str>) -> Result<(), SlurmError> {
    let Some(given) = given else { return Ok(()) };
    let listing = output("sinfo", &words(&["--noheader", "--format=%R"]))?;
    let mut known: Vec<&str> = listing.split_whitespace().collect();
    known.sort_unstable();
    known.dedup();
    // Several may be named, and the cluster takes the first that is free.
    match given.split(',').find(|one| !known.contains(one)) {
        None => Ok(()),
        Some(unknown) => Err(SlurmError::Partition {
            given: unknown.into(),
            suggestion: nearest(unknown, known.iter().copied())
                .map(|n| format!(", did you mean `{n}`?"))
                .unwrap_or_default(),
            known: known.join(", "),
        }),
    }
}

/// The maximum number of elements of an array on this cluster.
pub(super) fn largest_array() -> Result<usize, SlurmError> {
    let config = output("scontrol", &words(&["show", "config"]))?;
    let line = config.lines().find_map(|line| line.strip_prefix("MaxArraySize"));
    let number = line.and_then(|line| line.split('=').nth(1)?.trim().parse().ok());
    Ok(number.unwrap_or(1000).max(1))
}

/// This user's elements: array job, element, state.
pub(super) fn squeue() -> Result<String, SlurmError> {
    output(
        "squeue",
        &words(&["--noheader", "--array", "--me", "--format=%F %K %T"]),
    )
}

/// Submit a script as an array that begins when the jobs in `after` have ended, however they ended; the job's id.
pub(super) fn sbatch(
    suite: &str,
    place: &Path,
    script: &Path,
    elements: usize,
    after: &[u64],
    args: &SlurmArgs,
) -> Result<u64, SlurmError> {
    let mut options = vec![
        format!("--job-name=dentate-{suite}"),
        format!("--array=0-{}", elements - 1),
        "--parsable".into(),
        "--ntasks=1".into(),
        "--cpus-per-task=1".into(),
        // After a preemption or the failure of a node an element begins again, and its runs go on.
        "--requeue".into(),
        "--open-mode=append".into(),
        // Relative to the folder, whose name may hold what Slurm would take for a pattern.
        "--output=element-%a.log".into(),
    ];
    if !after.is_empty() {
        let jobs: Vec<String> = after.iter().map(u64::to_string).collect();
        options.push(format!("--dependency=afterany:{}", jobs.join(":")));
    }
    options.extend(args.partition.iter().map(|p| format!("--partition={p}")));
    options.extend(args.time.iter().map(|t| format!("--time={t}")));
    options.extend(args.sbatch.iter().cloned());
    let mut arguments: Vec<&OsStr> = options.iter().map(OsStr::new).collect();
    arguments.extend([OsStr::new("--chdir"), place.as_os_str(), script.as_os_str()]);
    let answer = output("sbatch", &arguments)?;
    // `12`, or `12;cluster`.
    let id = answer.trim().split(';').next().and_then(|id| id.parse().ok());
    id.ok_or_else(|| SlurmError::Refused {
        program: "sbatch",
        message: format!("it answered `{}`, which is no job's id", answer.trim()),
    })
}
