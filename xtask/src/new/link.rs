//! The two lines that link a plugin into the `dentate` binary, or a metric into the `dentate-report` binary.

use super::NewError;
use super::kind::Kind;
use super::name::Name;
use std::fs;
use std::path::{Path, PathBuf};

/// A file and its new content.
type Link = (PathBuf, String);

const DEPENDENCIES: &str = "[dependencies]";
const PLUGINS: &str = "// Plugins, a line each; `cargo xtask new` adds them.";
const METRICS: &str = "// Metrics, a line each; `cargo xtask new metric NAME` adds them.";

/// Both files with their new contents, before anything is written.
pub(super) fn links(root: &Path, kind: Kind, name: &Name) -> Result<[Link; 2], NewError> {
    let code = format!("use dentate_{} as _;", name.snake);
    if kind == Kind::Metric {
        let manifest = format!("dentate-{0} = {{ path = \"../metrics/{0}\" }}", name.kebab);
        let report = root.join("experiments/report");
        return Ok([
            behind(report.join("Cargo.toml"), DEPENDENCIES, &manifest)?,
            behind(report.join("src/metrics.rs"), METRICS, &code)?,
        ]);
    }
    let manifest = format!("dentate-{0} = {{ path = \"plugins/{0}\" }}", name.kebab);
    Ok([
        behind(root.join("experiments/Cargo.toml"), DEPENDENCIES, &manifest)?,
        behind(root.join("experiments/src/plugins.rs"), PLUGINS, &code)?,
    ])
}

/// A file with `line` inserted after the line `wanted`.
fn behind(path: PathBuf, wanted: &'static str, line: &str) -> Result<Link, NewError> {
    let text = fs::read_to_string(&path).map_err(NewError::write(&path))?;
    let found = text.lines().any(|l| l == wanted);
    if !found {
        return Err(NewError::Unfamiliar { path, wanted });
    }
    let with = |l: &str| {
        if l == wanted {
            format!("{l}\n{line}\n")
        } else {
            format!("{l}\n")
        }
    };
    let text = text.lines().map(with).collect();
    Ok((path, text))
}

/// Write both, or neither.
pub(super) fn write(links: &[Link; 2]) -> Result<(), NewError> {
    let mut before = Vec::new();
    for (path, text) in links {
        let old = fs::read(path).map_err(NewError::write(path))?;
        if let Err(source) = fs::write(path, text) {
            for (path, old) in before {
                let _ = fs::write::<&PathBuf, Vec<u8>>(path, old);
            }
            return Err(NewError::write(path)(source));
        }
        before.push((path, old));
    }
    Ok(())
}
