//! Names and lengths of files.

use super::Finding;
use super::house::House;

/// Names that do not describe their content, so that everything ends up there.
const VAGUE: [&str; 8] = [
    "utils", "util", "common", "helpers", "helper", "manager", "managers", "misc",
];

/// The number of lines from which a file contains more than one concept.
const LONGEST: usize = 600;

/// No file or folder of Rust code has a name that fits any content.
pub(super) fn no_vague_names(house: &House) -> Vec<Finding> {
    house
        .rust()
        .filter_map(|file| {
            let vague = file
                .path
                .split('/')
                .map(|part| part.trim_end_matches(".rs"))
                .find(|p| VAGUE.contains(p))?;
            let words = format!("`{vague}` says nothing about what is inside; name it after its concept");
            Some(Finding::new(file.path.clone(), words))
        })
        .collect()
}

/// No source file is longer than a reader can keep in mind. Tests may be longer.
pub(super) fn no_long_files(house: &House) -> Vec<Finding> {
    house
        .sources()
        .filter_map(|file| {
            let lines = file.text.lines().count();
            let words = format!("{lines} lines; split it by concept, {LONGEST} is the most a file may have");
            (lines > LONGEST).then(|| Finding::new(file.path.clone(), words))
        })
        .collect()
}

#[cfg(test)]
mod tests;
