//! The batch script of a job array. Paths may contain anything but a zero byte, so they are quoted for the shell and never
//! appear in a line that Slurm reads.

use std::path::Path;

/// The file of the runs' ids, one per line.
pub(super) const RUNS: &str = "runs.txt";
/// The file of the script.
pub(super) const SCRIPT: &str = "array.sh";

/// A script whose element k executes the runs k, k + `elements`, k + 2 `elements`, … of the list.
pub(super) fn script(program: &Path, runs: &Path, place: &Path, elements: usize, options: &[&str]) -> String {
    let (program, runs) = (quoted(program), quoted(runs));
    let list = quoted(&place.join(RUNS));
    let options: String = options.iter().map(|option| format!(" {option}")).collect();
    format!(
        "#!/bin/sh\n\
         # Written by dentate. Element k makes every {elements}th run of the list, from the k-th on.\n\
         set --\n\
         n=0\n\
         while IFS= read -r id; do\n  \
           [ $((n % {elements})) -eq \"$SLURM_ARRAY_TASK_ID\" ] && set -- \"$@\" {runs}/\"$id\"\n  \
           n=$((n + 1))\n\
         done < {list}\n\
         # In the shell's place, so that the signals of a preemption reach it.\n\
         exec {program} run{options} -- \"$@\"\n"
    )
}

/// A path as one word of a POSIX shell.
fn quoted(path: &Path) -> String {
    format!("'{}'", path.to_string_lossy().replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests;
