//! The packages of this workspace that a run may execute, with a digest of the sources of each. The build script embeds the
//! digests in the program; tests check what they cover.

use sha2::{Digest, Sha256};
use std::error::Error;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// A result of the build script. Unreadable sources must not be left out of an id, so they fail the build.
pub(crate) type Built<T> = Result<T, Box<dyn Error>>;

/// A package and its sources.
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    /// The digest of its manifest and of all files in `src` except tests, which affect no result.
    pub(crate) digest: String,
}

/// The packages of the workspace at `root`.
pub(crate) fn packages(root: &Path) -> Built<Vec<Package>> {
    let mut folders = vec![root.join("experiments")];
    for folder in ["crates", "experiments/plugins"] {
        folders.extend(entries(&root.join(folder))?);
    }
    let mut packages = Vec::new();
    for folder in folders {
        let path = folder.join("Cargo.toml");
        if !path.is_file() {
            continue;
        }
        let manifest = fs::read_to_string(&path).map_err(said("read", &path))?;
        let Some(name) = manifest.lines().find_map(|l| l.strip_prefix("name = ")) else {
            continue;
        };
        let name = name.trim_matches('"').to_owned();
        if matches!(name.as_str(), "dentate-eval" | "dentate-testkit") {
            continue; // no run goes through these
        }
        let mut hash = Sha256::new();
        hash.update(&manifest);
        add(&folder.join("src"), &mut hash)?;
        let digest = hash.finalize();
        let digest = digest.iter().take(8).map(|b| format!("{b:02x}")).collect();
        packages.push(Package { name, folder, digest });
    }
    Ok(packages)
}

fn add(folder: &Path, hash: &mut Sha256) -> Built<()> {
    for path in entries(folder)? {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned());
        let name = name.ok_or("a file without a name")?;
        if path.is_dir() {
            add(&path, hash)?;
        } else if name != "tests.rs" {
            let bytes = fs::read(&path).map_err(said("read", &path))?;
            hash.update(name.as_bytes());
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(&bytes);
        }
    }
    Ok(())
}

/// The entries of a folder, sorted; empty if it does not exist.
fn entries(folder: &Path) -> Built<Vec<PathBuf>> {
    let found = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        found => found.map_err(said("list", folder))?,
    };
    let paths = found.map(|entry| entry.map(|e| e.path()));
    let mut paths = paths
        .collect::<Result<Vec<_>, _>>()
        .map_err(said("list", folder))?;
    paths.sort();
    Ok(paths)
}

fn said(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> String {
    let path = path.display().to_string();
    move |error| format!("cannot {action} {path}: {error}")
}
