//! Rules about any file, whatever its language.

use super::Finding;
use super::house::House;

/// A folder beside the repository. Not every checkout has it, so nothing here may need it; the one exception tells the
/// automatic tests where data is, if it exists. (Concatenated, or this file would break the rule.)
const FOREIGN: &str = concat!("..", "/shared");
const EXCEPTION: &str = ".ci/run";

/// The repository is self-contained: it does not depend on folders beside it.
pub(super) fn no_foreign_folder(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in house.files.iter().filter(|file| file.path != EXCEPTION) {
        for (line, number) in file.text.lines().zip(1..) {
            if line.contains(FOREIGN) {
                findings.push(Finding::new(
                    format!("{}:{number}", file.path),
                    format!("`{FOREIGN}` is outside of the repository; only {EXCEPTION} may name it"),
                ));
            }
        }
    }
    findings
}

/// Every package inherits the workspace's lints: cargo does not report one that fails to.
pub(super) fn every_member_inherits_the_lints(house: &House) -> Vec<Finding> {
    house
        .files
        .iter()
        .filter(|file| file.path.ends_with("/Cargo.toml"))
        // A separate workspace has nothing to inherit from.
        .filter(|file| file.text.lines().all(|line| line.trim() != "[workspace]"))
        .filter(|file| {
            let mut lines = file
                .text
                .lines()
                .map(str::trim)
                .skip_while(|line| *line != "[lints]")
                .skip(1);
            !lines
                .by_ref()
                .take_while(|line| !line.starts_with('['))
                .any(|line| line == "workspace = true")
        })
        .map(|file| {
            Finding::new(
                file.path.clone(),
                "add `[lints] workspace = true`: these are the house's lints",
            )
        })
        .collect()
}

#[cfg(test)]
mod tests;
