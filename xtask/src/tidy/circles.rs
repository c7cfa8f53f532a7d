//! No files import each other in a cycle: each can be read, tested and moved with knowledge of only those below it.
//!
//! A module and its own descendants count as one and may name each other. A path counts for the file that contains the named
//! item, whatever re-exports it passes through.

mod loops;
mod modules;
mod tokens;

use super::Finding;
use super::house::House;
use loops::Imports;
use modules::Modules;
use std::collections::BTreeMap;

/// Known cycles, each with all of its files. They are to be removed; a further file that joins one is reported.
const KNOWN: [&[&str]; 1] = [&[
    "crates/learners/src/neurogenesis/learner.rs",
    "crates/learners/src/neurogenesis/phases.rs",
    "crates/learners/src/neurogenesis/training.rs",
]];

/// Files that import each other.
#[derive(Debug)]
struct Group<'a> {
    files: Vec<&'a str>,
    /// One shortest cycle: each file with the line on which it names the next.
    circle: Vec<(&'a str, usize)>,
}

pub(super) fn no_circles(house: &House) -> Vec<Finding> {
    groups(house)
        .iter()
        .filter(|group| !KNOWN.iter().any(|known| group.lies_in(known)))
        .map(Group::finding)
        .collect()
}

impl Group<'_> {
    fn lies_in(&self, files: &[&str]) -> bool {
        self.files.iter().all(|file| files.contains(file))
    }

    fn finding(&self) -> Finding {
        let place = |(file, line): &(&str, usize)| format!("{file}:{line}");
        let steps: Vec<String> = self.circle.iter().skip(1).map(place).collect();
        let first = self.circle.first();
        let others = match self.files.len() - self.circle.len() {
            0 => String::new(),
            _ => format!(" (in a group of {}: {})", self.files.len(), self.files.join(", ")),
        };
        Finding::new(
            first.map(place).unwrap_or_default(),
            format!(
                "imports in a circle, {} → {}{others}; move what both ends need into a module below them, or let the lower \
                 one return a type of its own",
                steps.join(" → "),
                first.map(|(file, _)| *file).unwrap_or_default(),
            ),
        )
    }
}

fn groups(house: &House) -> Vec<Group<'_>> {
    let files: BTreeMap<&str, &str> = house
        .sources()
        .map(|file| (file.path.as_str(), file.code.as_str()))
        .collect();
    let mut groups = Vec::new();
    for root in files.keys().filter(|path| is_root(path)) {
        let modules = Modules::of_crate(&files, root);
        let imports = Imports::new(modules.imports());
        groups.extend(imports.groups().into_iter().map(|members| {
            let mut files: Vec<_> = members.iter().map(|file| modules.files[*file]).collect();
            files.sort_unstable();
            let circle = imports.shortest_circle(&members).into_iter();
            let mut circle: Vec<_> = circle.map(|(file, line)| (modules.files[file], line)).collect();
            let first = (0..circle.len()).min_by_key(|at| circle[*at]);
            circle.rotate_left(first.unwrap_or_default());
            Group { files, circle }
        }));
    }
    groups
}

/// Returns whether a file is the root of a crate.
fn is_root(path: &str) -> bool {
    path.ends_with("/src/lib.rs") || path.ends_with("/src/main.rs")
}

#[cfg(test)]
mod tests;
