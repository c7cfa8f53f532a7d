//! Check for real data that tests can use.

use std::ffi::OsString;
use std::path::Path;

/// The variable with the folder of data sets, for the programs and for the tests.
const VARIABLE: &str = "DENTATE_DATA";

/// The note on real MNIST at the end of the tests.
pub(crate) fn note_on_mnist() -> String {
    note(std::env::var_os(VARIABLE).filter(|folder| !folder.is_empty()))
}

fn note(folder: Option<OsString>) -> String {
    match folder {
        Some(folder) if Path::new(&folder).join("mnist").is_dir() => "real MNIST: at hand".to_owned(),
        Some(folder) => format!(
            "real MNIST: not tested, {VARIABLE} is {}, which has no folder mnist",
            folder.to_string_lossy()
        ),
        None => format!("real MNIST: not tested, set {VARIABLE} to a folder that holds mnist"),
    }
}

#[cfg(test)]
mod tests;
