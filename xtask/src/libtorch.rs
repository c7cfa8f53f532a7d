//! `cargo xtask libtorch`: the library that the backend of that name links, found on the machine or provided once.
//!
//! A user's own setting or installation has priority: GPU users have a PyTorch that fits their driver. Otherwise pip fetches
//! three wheels of Python's package index, which are checked against the digests in [`wheel`]; only the parts needed for
//! compiling and linking are unpacked, into the user's cache.

mod error;
mod found;
mod provide;
mod unpack;
mod wheel;

pub(crate) use error::LibtorchError;

use crate::cli;
use crate::output::give;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// The version that the backend is made for.
const VERSION: &str = "2.11.0";

/// Variables that would make the build ignore `LIBTORCH`.
const OTHERS: [&str; 3] = ["LIBTORCH_USE_PYTORCH", "LIBTORCH_LIB", "LIBTORCH_INCLUDE"];

/// A libtorch of the right version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Libtorch {
    /// The folder with `include` and `lib`.
    root: PathBuf,
    /// Its origin, in words.
    origin: String,
}

impl Libtorch {
    /// Configure a cargo build to use it.
    pub(crate) fn lead(&self, cargo: &mut Command) {
        cargo.env("LIBTORCH", &self.root);
        for other in OTHERS {
            cargo.env_remove(other);
        }
    }

    /// Find it, or provide it.
    pub(crate) fn at_hand() -> Result<Self, LibtorchError> {
        match found::found()? {
            Some(found) => Ok(found),
            None => provide::provide(&provide::folder()?, &[]),
        }
    }

    /// Find it without a download; the error says in words why it was not found.
    pub(crate) fn already() -> Result<Self, String> {
        let found = found::found().map_err(|e| e.to_string())?;
        let provided = || {
            provide::folder()
                .ok()
                .and_then(|folder| provide::provided(&folder))
        };
        found.or_else(provided).ok_or_else(|| {
            format!(
                "no libtorch {VERSION} is here; `cargo xtask libtorch` provides it (about 550 MB to download)"
            )
        })
    }
}

/// The variable that lists what the tests require.
pub(crate) const REQUIRE: &str = "DENTATE_REQUIRE";

fn required() -> bool {
    std::env::var(REQUIRE).is_ok_and(|list| list.split(',').any(|word| word.trim() == "libtorch"))
}

/// The library for tests: an existing one, or one that is provided now if the tests require it.
pub(crate) fn for_tests() -> Result<Option<Libtorch>, LibtorchError> {
    match required() {
        true => Libtorch::at_hand().map(Some),
        false => Ok(Libtorch::already().ok()),
    }
}

/// The note on libtorch at the end of the tests.
pub(crate) fn note() -> String {
    match Libtorch::already() {
        Ok(libtorch) => format!("libtorch: tested ({})", libtorch.origin),
        Err(why) => format!("libtorch: not tested, {why}"),
    }
}

/// `cargo xtask libtorch`.
pub(crate) fn libtorch(wanted: &cli::Libtorch) -> Result<ExitCode, LibtorchError> {
    let libtorch = match &wanted.wheel[..] {
        [] => Libtorch::at_hand()?,
        wheels => provide::provide(&provide::folder()?, &wheel::files(wheels)?)?,
    };
    give!("libtorch {VERSION}: {}", libtorch.origin);
    give!("`cargo xtask bench --backend libtorch` uses it by itself. For cargo:");
    give!("export LIBTORCH={}", quoted(&libtorch.root));
    Ok(ExitCode::SUCCESS)
}

/// A path quoted for a shell.
fn quoted(path: &Path) -> String {
    format!("'{}'", path.to_string_lossy().replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests;
