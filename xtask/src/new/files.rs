//! The files of a new crate.

use super::name::Name;
use std::path::Path;

fn filled(template: &str, name: &Name) -> String {
    template
        .replace("{{name}}", &name.kebab)
        .replace("{{snake}}", &name.snake)
        .replace("{{Type}}", &name.camel)
        .replace("{{Title}}", &name.title())
}

fn file(path: &str, template: &str, name: &Name) -> (String, String) {
    (path.into(), filled(template, name))
}

pub(super) fn suite(name: &Name) -> String {
    filled(include_str!("templates/suite.txt"), name)
}

/// A crate of this workspace.
pub(super) fn inside(name: &Name) -> Vec<(String, String)> {
    vec![
        file("Cargo.toml", include_str!("templates/inside.txt"), name),
        file("src/lib.rs", include_str!("templates/lib.txt"), name),
        file("tests/conformance.rs", include_str!("templates/test.txt"), name),
    ]
}

/// A crate that depends on the workspace in `root` by path; `versions` is the workspace's manifest.
pub(super) fn outside(name: &Name, root: &Path, versions: &str) -> Vec<(String, String)> {
    let version = |package: &str| {
        let line = versions
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{package} = ")));
        line.unwrap_or("\"*\"").to_owned()
    };
    // A TOML string without its closing quote, which the template has.
    let root = root.to_string_lossy().replace('\\', "\\\\").replace('"', "\\\"");
    let manifest = filled(include_str!("templates/outside.txt"), name)
        .replace("{{root}}", &format!("\"{root}"))
        .replace("{{schemars}}", &version("schemars"))
        .replace("{{serde}}", &version("serde"));
    vec![
        ("Cargo.toml".into(), manifest),
        file("src/lib.rs", include_str!("templates/lib.txt"), name),
        file("src/main.rs", include_str!("templates/main.txt"), name),
        file("tests/conformance.rs", include_str!("templates/test.txt"), name),
        (format!("{}.toml", name.kebab), suite(name)),
        (".gitignore".into(), "target\nresults\n".into()),
    ]
}
