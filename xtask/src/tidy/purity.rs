//! Things that certain code must not do, name or leave undone.

use super::Finding;
use super::house::{File, House};
use super::manifests::OWNED;

fn at(file: &File, line: usize) -> String {
    format!("{}:{line}", file.path)
}

/// A finding for each line of `files` on which one of `phrases` occurs.
fn forbid<'a>(files: impl Iterator<Item = &'a File>, phrases: &[&str], words: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        for phrase in phrases {
            for line in file.lines_with(phrase) {
                findings.push(Finding::new(at(file, line), format!("`{phrase}`: {words}")));
            }
        }
    }
    findings
}

/// The code agrees with the manifests: the name of an owned dependency occurs in its owner's code only.
pub(super) fn one_owner_in_code(house: &House) -> Vec<Finding> {
    OWNED
        .iter()
        .flat_map(|(name, owner, why)| {
            let folder = format!("crates/{}", owner.trim_start_matches("dentate-"));
            let others = house.rust().filter(move |file| !file.is_in(&folder));
            forbid(
                others,
                &[&format!("{name}::")],
                &format!("only `{owner}` names it: {why}"),
            )
        })
        .collect()
}

/// Core does no input or output, so that it can be used anywhere.
pub(super) fn core_does_no_io(house: &House) -> Vec<Finding> {
    let core = || house.sources().filter(|file| file.is_in("crates/core"));
    let words = "core does no input or output; return the data, and let the caller write it";
    let mut findings = forbid(
        core(),
        &[
            "std::fs",
            "std::net",
            "std::process",
            "println!",
            "eprintln!",
            "print!",
            "eprint!",
        ],
        words,
    );
    for file in core() {
        for (module, line) in grouped_std_modules(&file.code) {
            if ["fs", "net", "process"].contains(&module) {
                findings.push(Finding::new(at(file, line), format!("`std::{module}`: {words}")));
            }
        }
    }
    findings
}

/// The printing macros panic if they cannot write, and an unattended suite would end with a lost terminal. Programs have a
/// writer that does not; libraries print nothing. The testkit prints within tests, whose output the test harness captures.
pub(super) fn output_ends_nothing(house: &House) -> Vec<Finding> {
    let shipped = ["crates", "experiments", "xtask"];
    let files = house
        .sources()
        .filter(|file| shipped.iter().any(|folder| file.is_in(folder)) && !file.is_in("crates/testkit"));
    forbid(
        files,
        &["println!", "eprintln!", "print!", "eprint!", "dbg!"],
        "it panics where nobody listens any more; say it through `output`, or with `writeln!` and no look at what comes of it",
    )
}

/// The names in `use std::{…}`, which a search for `std::fs` would miss.
fn grouped_std_modules(code: &str) -> Vec<(&str, usize)> {
    let mut modules = Vec::new();
    for (at, opening) in code.match_indices("std::{") {
        let group = &code[at + opening.len()..];
        let group = &group[..group.find(';').unwrap_or(group.len())];
        let line = code[..at].lines().count().max(1);
        let mut depth = 0_usize;
        for part in group.split_inclusive(['{', '}', ',']) {
            let name = part
                .split("::")
                .next()
                .unwrap_or("")
                .trim()
                .trim_end_matches(['{', '}', ','])
                .trim();
            if depth == 0 {
                modules.push((name.split(' ').next().unwrap_or(name), line));
            }
            match part.chars().next_back() {
                Some('{') => depth += 1,
                Some('}') => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
    }
    modules
}

/// Strategies run on every backend because they depend on none.
pub(super) fn growth_knows_no_backend(house: &House) -> Vec<Finding> {
    forbid(
        house.sources().filter(|file| file.is_in("crates/growth")),
        &["dentate_backends"],
        "growth knows no backend; work on the arrays that a measurement returned",
    )
}

/// The report uses records only, so it can read those of a strategy that no longer exists.
pub(super) fn eval_knows_no_strategy(house: &House) -> Vec<Finding> {
    forbid(
        house.sources().filter(|file| file.is_in("crates/eval")),
        &[
            "dentate_growth",
            "dentate_continual",
            "dentate_learners",
            "dentate_experiments",
            "GrowthStrategy",
        ],
        "eval knows no strategy; derive it from the records",
    )
}

/// Suite files are read in one place. The testkit, which is for tests, converts single configurations to TOML and back.
pub(super) fn suites_are_read_in_experiments(house: &House) -> Vec<Finding> {
    let may = |file: &&File| file.is_in("experiments/src") || file.is_in("crates/testkit");
    let others = house.sources().filter(|file| !may(file));
    forbid(
        others,
        &["toml::"],
        "only experiments reads suites; take the parsed configuration instead",
    )
}

/// The order of unordered maps differs between runs, and a run has to be reproducible.
pub(super) fn no_unordered_maps(house: &House) -> Vec<Finding> {
    forbid(
        house.sources(),
        &["HashMap"],
        "its order differs between runs; use `BTreeMap`",
    )
    .into_iter()
    .chain(forbid(
        house.sources(),
        &["HashSet"],
        "its order differs between runs; use `BTreeSet`",
    ))
    .collect()
}

/// No code is unfinished, and no test is ignored.
pub(super) fn nothing_unfinished(house: &House) -> Vec<Finding> {
    let mut findings = forbid(
        house.rust(),
        &["todo!", "unimplemented!"],
        "finish it, or return an error that says what is missing",
    );
    findings.extend(forbid(
        house.rust(),
        &["#[ignore"],
        "a test that does not run proves nothing; make it fast, or skip at run time with a message",
    ));
    findings
}

#[cfg(test)]
mod tests;
