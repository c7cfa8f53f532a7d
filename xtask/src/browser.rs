//! Check for a browser in which tests look at reports.

use std::path::{Path, PathBuf};

/// Variables that name it.
const VARIABLES: [&str; 2] = ["DENTATE_CHROMIUM", "CHROME"];

/// Its names.
const PROGRAMS: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "chrome-headless-shell",
];

/// The note on a browser at the end of the tests.
pub(crate) fn note() -> String {
    let named = VARIABLES
        .into_iter()
        .filter_map(std::env::var_os)
        .map(PathBuf::from);
    note_in(named, &std::env::var("PATH").unwrap_or_default())
}

fn note_in(mut named: impl Iterator<Item = PathBuf>, path: &str) -> String {
    let in_path = || {
        let mut folders = path.split(':');
        folders.any(|folder| PROGRAMS.iter().any(|name| Path::new(folder).join(name).is_file()))
    };
    if named.any(|program| program.is_file()) || in_path() {
        "browser: at hand".to_owned()
    } else {
        "browser: not at hand, so no page was looked at (Debian: chromium)".to_owned()
    }
}

#[cfg(test)]
mod tests;
