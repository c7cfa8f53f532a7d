//! Hashes the sources of every package of this workspace that a run may depend on, so that a run's id changes when the
//! code that makes it does. Tests are left out: they change no result.

use packages::{Built, packages};
use std::path::PathBuf;
use std::process::Command;

#[path = "src/packages.rs"]
mod packages;

fn main() -> Built<()> {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("..");
    let mut list = String::new();
    for package in packages(&root)? {
        println!("cargo::rerun-if-changed={}", package.folder.join("src").display());
        println!(
            "cargo::rerun-if-changed={}",
            package.folder.join("Cargo.toml").display()
        );
        list.push_str(&format!("{}={};", package.name, package.digest));
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

/// The compiler settings of this program: two builds that differ in them may round differently.
fn build() -> Built<String> {
    let compiler = Command::new(std::env::var("RUSTC")?).arg("--version").output()?;
    let compiler = String::from_utf8(compiler.stdout)?;
    let (target, profile) = (std::env::var("TARGET")?, std::env::var("PROFILE")?);
    Ok(format!("{}, {target}, {profile}", compiler.trim()))
}
