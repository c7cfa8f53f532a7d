//! Check for a Slurm cluster that tests can start.

use std::path::Path;

/// Programs that these tests start, as root.
const PROGRAMS: [&str; 4] = ["munged", "slurmctld", "slurmd", "sbatch"];

/// The note on Slurm at the end of the tests.
pub(crate) fn note() -> String {
    let path = std::env::var("PATH").unwrap_or_default() + ":/usr/sbin:/sbin";
    note_in(&path)
}

fn note_in(path: &str) -> String {
    let there = |program: &&str| {
        path.split(':')
            .any(|folder| Path::new(folder).join(program).is_file())
    };
    match PROGRAMS.iter().find(|program| !there(program)) {
        None => "slurm: at hand (tested as root)".to_owned(),
        Some(missing) => {
            format!("slurm: not tested, {missing} is not installed (Debian: slurm-wlm, munge)")
        }
    }
}

#[cfg(test)]
mod tests;
