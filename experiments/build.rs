//! Hashes the sources of every package of this workspace that a run may depend on, so that a run's id changes when the
//! code that makes it does. Tests are left out: they change no result.

use sha2::{Digest, Sha256};
use std::error::Error;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What could not be read must not be left out of an id, so it fails the build.
type Built<T> = Result<T, Box<dyn Error>>;

fn main() -> Built<()> {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("..");
    let mut packages = vec![root.join("experiments")];
    for folder in ["crates", "experiments/plugins"] {
        packages.extend(entries(&root.join(folder))?);
    }
    let mut list = String::new();
    for package in packages {
        let path = package.join("Cargo.toml");
        if !path.is_file() {
            continue;
        }
        let manifest = fs::read_to_string(&path).map_err(said("read", &path))?;
        let Some(name) = manifest.lines().find_map(|l| l.strip_prefix("name = ")) else {
            continue;
        };
        let name = name.trim_matches('"');
        if matches!(name, "dentate-eval" | "dentate-testkit") {
            continue; // no run goes through these
        }
        let mut hash = Sha256::new();
        hash.update(&manifest);
        println!("cargo::rerun-if-changed={}", package.join("src").display());
        println!("cargo::rerun-if-changed={}", package.join("Cargo.toml").display());
        add(&package.join("src"), &mut hash)?;
        let digest = hash.finalize();
        let word: String = digest.iter().take(8).map(|b| format!("{b:02x}")).collect();
        list.push_str(&format!("{name}={word};"));
    }
    println!("cargo::rustc-env=DENTATE_SOURCES={list}");
    // With the feature `libtorch`: what the linker has to be told, which a library cannot do itself.
    let arguments = std::env::var("DEP_DENTATE_BACKENDS_LINK").unwrap_or_default();
    for argument in arguments.split(';').filter(|argument| !argument.is_empty()) {
        println!("cargo::rustc-link-arg={argument}");
    }
    println!("cargo::rustc-env=DENTATE_BUILD={}", build()?);
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}

/// How this program is compiled: two that differ in it may round differently.
fn build() -> Built<String> {
    let compiler = Command::new(std::env::var("RUSTC")?).arg("--version").output()?;
    let compiler = String::from_utf8(compiler.stdout)?;
    let (target, profile) = (std::env::var("TARGET")?, std::env::var("PROFILE")?);
    Ok(format!("{}, {target}, {profile}", compiler.trim()))
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

/// What lies in a folder, sorted; nothing in one that is not there.
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
