//! `cargo xtask new KIND NAME`: creates a working plugin crate, its conformance test, and a suite that runs it.
//!
//! Inside the workspace the crate is placed in `experiments/plugins/NAME`, and two lines link it into the `dentate` binary: a
//! dependency in `experiments/Cargo.toml` and a `use` in `experiments/src/plugins.rs`. A metric is placed in `experiments/metrics/NAME`
//! and linked into `dentate-report` in the same way; it needs no suite. With `--path` it is placed anywhere else
//! and has its own binary. Everything is created under a temporary name and renamed; a failure leaves nothing behind.

use crate::cli::New;
use crate::output::give;
use crate::workspace::Workspace;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use thiserror::Error;

mod alone;
mod files;
mod kind;
mod link;
mod name;

use files::Origin;
pub(crate) use kind::Kind;
use name::Name;

#[derive(Debug, Error)]
pub(crate) enum NewError {
    #[error(
        "`{given}` is no name for a crate: {why}; write lower-case letters, digits and single dashes, a letter first"
    )]
    Name { given: String, why: &'static str },
    #[error("{} is there already, and nothing is overwritten; choose another name or remove it", .0.display())]
    There(PathBuf),
    #[error(
        "there is a {kind} `{name}` already, and two of one name cannot be registered; choose another name"
    )]
    Known { kind: &'static str, name: String },
    #[error("{} is inside the workspace; leave --path out, and the crate goes to experiments/plugins", .0.display())]
    Inside(PathBuf),
    #[error("failed to write {}: {source}", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("{} is not as it was made: it has no line `{wanted}`", path.display())]
    Unfamiliar { path: PathBuf, wanted: &'static str },
}

impl NewError {
    /// Returns whether the user's input is the cause.
    pub(crate) fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::Name { .. } | Self::There(_) | Self::Known { .. } | Self::Inside(_)
        )
    }

    fn write(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Write { path, source }
    }
}

/// Create a crate.
pub(crate) fn new(workspace: &Workspace, wanted: &New) -> Result<ExitCode, NewError> {
    let name = Name::new(&wanted.name)?;
    let root = &workspace.root;
    if known(root, wanted.kind, &name) {
        let (kind, name) = (wanted.kind.title(), name.kebab);
        return Err(NewError::Known { kind, name });
    }
    let said = match &wanted.path {
        None => inside(root, wanted.kind, &name)?,
        Some(path) => {
            let origin = match &wanted.git {
                Some(url) => Origin::Git(url),
                None => Origin::Path(root),
            };
            outside(root, wanted.kind, &name, path, origin)?
        }
    };
    give!("{said}");
    Ok(ExitCode::SUCCESS)
}

/// A crate of this workspace, linked into the `dentate` binary.
fn inside(root: &Path, kind: Kind, name: &Name) -> Result<String, NewError> {
    if kind == Kind::Metric {
        return metric(root, name);
    }
    let place = root.join("experiments/plugins").join(&name.kebab);
    let suite = root
        .join("experiments/suites")
        .join(format!("{}.toml", name.kebab));
    for path in [&place, &suite] {
        if path.exists() {
            return Err(NewError::There(path.clone()));
        }
    }
    let links = link::links(root, kind, name)?;
    put(&place, &files::inside(kind, name))?;
    let done = fs::write(&suite, files::suite(kind, name))
        .map_err(NewError::write(&suite))
        .and_then(|()| link::write(&links));
    if let Err(error) = done {
        // The first error is the one to report.
        let _ = fs::remove_file(&suite);
        let _ = fs::remove_dir_all(&place);
        return Err(error);
    }
    let name = &name.kebab;
    Ok(format!(
        "made experiments/plugins/{name} and experiments/suites/{name}.toml, and linked it into dentate\n\n\
         next:\n  cargo test -p dentate-{name}          its laws\n  cargo xtask explain {name}\n  \
         cargo xtask bench {name}"
    ))
}

/// A metric of this workspace, linked into the `dentate-report` binary.
fn metric(root: &Path, name: &Name) -> Result<String, NewError> {
    let place = root.join("experiments/metrics").join(&name.kebab);
    if place.exists() {
        return Err(NewError::There(place));
    }
    let links = link::links(root, Kind::Metric, name)?;
    put(&place, &files::inside(Kind::Metric, name))?;
    if let Err(error) = link::write(&links) {
        // The first error is the one to report.
        let _ = fs::remove_dir_all(&place);
        return Err(error);
    }
    let name = &name.kebab;
    Ok(format!(
        "made experiments/metrics/{name}, and linked it into dentate-report\n\n\
         next:\n  cargo test -p dentate-{name}          its formula, by hand\n  \
         cargo xtask report quickstart         it is in the table of metrics of plugins"
    ))
}

/// A separate crate, with its own binary.
fn outside(
    root: &Path,
    kind: Kind,
    name: &Name,
    path: &Path,
    origin: Origin<'_>,
) -> Result<String, NewError> {
    let place = std::path::absolute(path).map_err(NewError::write(path))?;
    if place.starts_with(root) {
        return Err(NewError::Inside(path.to_path_buf()));
    }
    if place.exists() {
        return Err(NewError::There(path.to_path_buf()));
    }
    put(&place, &files::outside(kind, name, origin))?;
    let (path, name) = (path.display(), &name.kebab);
    if kind == Kind::Metric {
        return Ok(format!(
            "made {path}\n\nnext, in that folder:\n  cargo test                                     its formula, by hand\n  \
             cargo run --release -- RESULTS_SUITE_DIR       the report on a suite"
        ));
    }
    Ok(format!(
        "made {path}\n\nnext, in that folder:\n  cargo test                                     its laws\n  \
         cargo run --release -- explain {name}\n  cargo run --release -- bench ./{name}.toml"
    ))
}

/// The list of the runner, in the golden file of its test.
const LISTING: &str = "experiments/src/list/snapshots/dentate_experiments__list__tests__everything_of_the_framework_is_linked_in.snap";

/// Returns whether the framework has one of this kind and name. Plugins have folders of their own.
fn known(root: &Path, kind: Kind, name: &Name) -> bool {
    let listing = fs::read_to_string(root.join(LISTING)).unwrap_or_default();
    let listed = listing
        .lines()
        .skip_while(|line| Some(*line) != kind.heading())
        .skip(1)
        .take_while(|line| line.starts_with(' '));
    let names = listed.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    names.into_iter().any(|listed| listed == name.kebab)
}

/// Create two crates under `place`, which has to be outside of the workspace: the result of `new`, and a crate with one part of
/// every kind that depends on `dentate` alone. They are members of a workspace that builds with the versions of this one.
pub(crate) fn outsiders(root: &Path, place: &Path) -> Result<(), NewError> {
    let origin = Origin::Path(root);
    let made = place.join("made");
    outside(
        root,
        Kind::Strategy,
        &Name::new("outside-strategy")?,
        &made,
        origin,
    )?;
    let manifest = made.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).map_err(NewError::write(&manifest))?;
    // A member has neither its own workspace nor profiles.
    let (member, profiles) = text.split_once("\n# Fast where").unwrap_or((&text, ""));
    fs::write(&manifest, member).map_err(NewError::write(&manifest))?;
    let workspace = place.join("Cargo.toml");
    let profiles = format!("# Fast where{profiles}members = [\"*\"]\nresolver = \"3\"\n");
    fs::write(&workspace, profiles).map_err(NewError::write(&workspace))?;
    let listing = root.join(LISTING).display().to_string();
    put(&place.join("alone"), &alone::alone(origin, &listing)?)?;
    let (lock, copy) = (root.join("Cargo.lock"), place.join("Cargo.lock"));
    fs::copy(&lock, &copy).map_err(NewError::write(&copy))?;
    Ok(())
}

/// Write a folder of files atomically: under a temporary name, then renamed.
fn put(place: &Path, files: &[(String, String)]) -> Result<(), NewError> {
    let mut beside = place.as_os_str().to_owned();
    beside.push(format!(".part{}", std::process::id()));
    let beside = PathBuf::from(beside);
    let written = (|| {
        for (name, text) in files {
            let path = beside.join(name);
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(NewError::write(folder))?;
            }
            fs::write(&path, text).map_err(NewError::write(&path))?;
        }
        fs::rename(&beside, place).map_err(NewError::write(place))
    })();
    if written.is_err() {
        let _ = fs::remove_dir_all(&beside);
    }
    written
}

#[cfg(test)]
mod tests;
