//! With the feature `libtorch`: where it is, said to this package's tests and, by `links`, to the build scripts of programs.
//! A library cannot tell the linker of a program anything itself.
//!
//! `torch-sys` looks in the same places by itself. This script does not wait for it, so that who has no libtorch reads what to
//! do about it and not what a C++ compiler makes of it.

use std::path::{Path, PathBuf};
use std::process::{Command, exit};

/// The version that `tch` is made for.
const VERSION: &str = "2.11.0";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_FEATURE_LIBTORCH").is_none() {
        return;
    }
    let (root, libraries) = find().unwrap_or_else(|why| stop(&why));
    let version = version(&root).unwrap_or_else(|why| stop(&why));
    println!("cargo::rustc-env=DENTATE_LIBTORCH_VERSION={version}");
    let arguments = arguments(&libraries);
    println!("cargo::metadata=link={}", arguments.join(";"));
    arguments
        .iter()
        .for_each(|argument| println!("cargo::rustc-link-arg={argument}"));
}

/// Linker arguments with which a program finds the library by itself.
fn arguments(libraries: &Path) -> Vec<String> {
    let mut arguments = vec![format!("-Wl,-rpath,{}", libraries.display())];
    // Nothing calls into it by name, so a linker would leave it out, and libtorch would see no GPU.
    if libraries.join("libtorch_cuda.so").exists() {
        arguments.push(format!("-L{}", libraries.display()));
        arguments.extend(["-Wl,--no-as-needed", "-ltorch_cuda", "-Wl,--as-needed"].map(String::from));
    }
    arguments
}

/// libtorch's folder, and that of its libraries.
fn find() -> Result<(PathBuf, PathBuf), String> {
    if variable("LIBTORCH_USE_PYTORCH").is_some() {
        return of_python();
    }
    let root = variable("LIBTORCH").map(PathBuf::from);
    if let Some(root) = &root
        && !root.join("lib").exists()
    {
        return Err(format!(
            "LIBTORCH is `{}`, which has no folder `lib`",
            root.display()
        ));
    }
    let libraries = variable("LIBTORCH_LIB").map(|at| Path::new(&at).join("lib"));
    match (root, libraries) {
        (Some(root), libraries) => {
            let libraries = libraries.unwrap_or_else(|| root.join("lib"));
            Ok((root, libraries))
        }
        (None, _) if Path::new("/usr/lib/libtorch.so").exists() => Ok(("/usr".into(), "/usr/lib".into())),
        (None, _) => Err("it is not known where libtorch is".into()),
    }
}

/// That of an installed PyTorch.
fn of_python() -> Result<(PathBuf, PathBuf), String> {
    let active = variable("VIRTUAL_ENV").is_some();
    let python = if active { "python" } else { "python3" };
    let ask = "import importlib.util as u; print(u.find_spec('torch').submodule_search_locations[0])";
    let asked = Command::new(python).args(["-c", ask]).output();
    let said = asked.ok().filter(|output| output.status.success());
    let said = said.ok_or_else(|| format!("LIBTORCH_USE_PYTORCH is set, but `{python}` has no PyTorch"))?;
    let root = PathBuf::from(String::from_utf8_lossy(&said.stdout).trim());
    let libraries = root.join("lib");
    Ok((root, libraries))
}

/// The version that the headers say, which has to be the right one.
fn version(root: &Path) -> Result<String, String> {
    let root = variable("LIBTORCH_INCLUDE").map_or_else(|| root.to_owned(), PathBuf::from);
    let header = root.join("include/torch/headeronly/version.h");
    let missing = || {
        format!(
            "there is no `{}`; it came with libtorch {VERSION}",
            header.display()
        )
    };
    let text = std::fs::read_to_string(&header).map_err(|_| missing())?;
    let part = |name: &str| {
        let mut lines = text.lines();
        let number = lines.find_map(|line| line.strip_prefix("#define TORCH_VERSION_")?.strip_prefix(name));
        number.map(str::trim).ok_or_else(missing)
    };
    let number = format!("{}.{}.{}", part("MAJOR")?, part("MINOR")?, part("PATCH")?);
    if number != VERSION && variable("LIBTORCH_BYPASS_VERSION_CHECK").is_none() {
        return Err(format!("libtorch {number} is there, but {VERSION} is wanted"));
    }
    Ok(number)
}

fn variable(name: &str) -> Option<String> {
    println!("cargo::rerun-if-env-changed={name}");
    std::env::var(name).ok()
}

fn stop(why: &str) -> ! {
    println!(
        "cargo::error={why}. The feature `libtorch` needs libtorch {VERSION}: `cargo xtask libtorch` finds or provides it, and \
         says what to set; see docs/libtorch.md"
    );
    exit(1);
}
