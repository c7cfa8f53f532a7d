//! An existing libtorch: named by a variable, or in the active Python.

use super::{Libtorch, LibtorchError, VERSION};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The version of a folder of libtorch, or why it is not one.
pub(super) fn version(root: &Path) -> Result<String, String> {
    let library = format!(
        "{}torch_cpu{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    );
    if !root.join("lib").join(&library).is_file() {
        return Err(format!("which has no lib/{library}"));
    }
    let header = "include/torch/headeronly/version.h";
    let text = std::fs::read_to_string(root.join(header)).map_err(|_| format!("which has no {header}"))?;
    let part = |name: &str| {
        let mut lines = text.lines();
        lines.find_map(|line| {
            Some(
                line.strip_prefix("#define TORCH_VERSION_")?
                    .strip_prefix(name)?
                    .trim(),
            )
        })
    };
    match (part("MAJOR"), part("MINOR"), part("PATCH")) {
        (Some(major), Some(minor), Some(patch)) => Ok(format!("{major}.{minor}.{patch}")),
        _ => Err(format!("whose {header} says no version")),
    }
}

/// The existing one; an error if a variable names one that cannot be used.
pub(super) fn found() -> Result<Option<Libtorch>, LibtorchError> {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let python = if variable("VIRTUAL_ENV").is_some() {
        "python"
    } else {
        "python3"
    };
    if let Some(value) = variable("LIBTORCH_USE_PYTORCH") {
        let at = value.to_string_lossy().into_owned();
        let why = match pytorch(python) {
            Some(root) => match version(&root) {
                Ok(version) if version == VERSION => return Ok(Some(of_python(root, python))),
                Ok(other) => format!("but `{python}` has PyTorch {other}"),
                Err(why) => format!("but `{python}` has PyTorch in {}, {why}", root.display()),
            },
            None => format!("but `{python}` has no PyTorch"),
        };
        let variable = "LIBTORCH_USE_PYTORCH";
        return Err(LibtorchError::Set { variable, at, why });
    }
    if let Some(root) = variable("LIBTORCH") {
        return named(PathBuf::from(root)).map(Some);
    }
    let there = pytorch(python).filter(|root| version(root).as_deref() == Ok(VERSION));
    Ok(there.map(|root| of_python(root, python)))
}

/// The one that `LIBTORCH` names.
pub(super) fn named(root: PathBuf) -> Result<Libtorch, LibtorchError> {
    let why = match version(&root) {
        Ok(version) if version == VERSION => {
            let origin = format!("LIBTORCH, {}", root.display());
            return Ok(Libtorch { root, origin });
        }
        Ok(other) => format!("which holds libtorch {other}"),
        Err(why) => why,
    };
    let (variable, at) = ("LIBTORCH", root.display().to_string());
    Err(LibtorchError::Set { variable, at, why })
}

fn of_python(root: PathBuf, python: &str) -> Libtorch {
    let origin = format!("PyTorch of `{python}`, {}", root.display());
    Libtorch { root, origin }
}

/// The folder of PyTorch in a Python. It is located but not imported, which would take seconds.
fn pytorch(python: &str) -> Option<PathBuf> {
    let ask = "import importlib.util as u; print(u.find_spec('torch').submodule_search_locations[0])";
    let mut command = Command::new(python);
    let output = command
        .args(["-c", ask])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output();
    let output = output.ok().filter(|output| output.status.success())?;
    let root = String::from_utf8(output.stdout).ok()?;
    Some(PathBuf::from(root.trim_end()))
}
