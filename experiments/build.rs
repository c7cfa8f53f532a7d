//! Hashes the sources of every package of this workspace that a run may depend on, so that a run's id changes when the
//! code that makes it does. Tests are left out: they change no result.

use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("..");
    let mut packages = vec![root.join("experiments")];
    for folder in ["crates", "experiments/plugins"] {
        packages.extend(entries(&root.join(folder)));
    }
    let mut list = String::new();
    for package in packages {
        let Ok(manifest) = fs::read_to_string(package.join("Cargo.toml")) else {
            continue;
        };
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
        add(&package.join("src"), &mut hash);
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
    println!("cargo::rustc-env=DENTATE_BUILD={}", build());
    println!("cargo::rerun-if-changed=build.rs");
}

/// How this program is compiled: two that differ in it may round differently.
fn build() -> String {
    let word = |name: &str| std::env::var(name).unwrap_or_default();
    let compiler = Command::new(word("RUSTC")).arg("--version").output();
    let compiler = compiler.map(|o| String::from_utf8_lossy(&o.stdout).trim().to_string());
    let (target, profile) = (word("TARGET"), word("PROFILE"));
    format!("{}, {target}, {profile}", compiler.unwrap_or_default())
}

fn add(folder: &Path, hash: &mut Sha256) {
    for path in entries(folder) {
        let name = path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        if path.is_dir() {
            add(&path, hash);
        } else if name != "tests.rs"
            && let Ok(bytes) = fs::read(&path)
        {
            hash.update(name.as_bytes());
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(&bytes);
        }
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(found) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = found.flatten().map(|e| e.path()).collect();
    paths.sort();
    paths
}
