//! The files of a new crate.

use super::kind::Kind;
use super::name::Name;
use std::path::Path;

/// Where a crate outside of the workspace has the project's own packages from.
#[derive(Clone, Copy)]
pub(super) enum Origin<'a> {
    /// A checkout.
    Path(&'a Path),
    /// A git address.
    Git(&'a str),
}

impl Origin<'_> {
    /// What stands behind `package = ` in a manifest; `folder` is the package's place in the checkout.
    fn dependency(self, folder: &str) -> String {
        // A TOML string.
        let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
        match self {
            Self::Path(root) => {
                let path = format!("{}/{folder}", root.to_string_lossy());
                format!("{{ path = {} }}", quoted(&path))
            }
            Self::Git(url) => format!("{{ git = {} }}", quoted(url)),
        }
    }
}

fn filled(template: &str, kind: Kind, name: &Name) -> String {
    template
        .replace("{{name}}", &name.kebab)
        .replace("{{snake}}", &name.snake)
        .replace("{{Type}}", &name.camel)
        .replace("{{Title}}", &name.title())
        .replace("{{kind}}", kind.title())
}

fn file(path: &str, template: &str, kind: Kind, name: &Name) -> (String, String) {
    (path.into(), filled(template, kind, name))
}

pub(super) fn suite(kind: Kind, name: &Name) -> String {
    let named = kind.templates().method;
    let template = if kind.is_learned() {
        include_str!("templates/suite-of-data.txt").replace("{{stream}}\n", named)
    } else {
        include_str!("templates/suite.txt").replace("{{method}}\n", named)
    };
    filled(&template, kind, name)
}

/// A crate of this workspace.
pub(super) fn inside(kind: Kind, name: &Name) -> Vec<(String, String)> {
    let templates = kind.templates();
    let own = templates.parts.iter().map(|part| format!("dentate-{part}"));
    let others = templates.others.iter().map(ToString::to_string);
    let mut packages: Vec<String> = ["dentate-core".to_string()]
        .into_iter()
        .chain(own)
        .chain(others)
        .collect();
    packages.sort();
    let lines: String = packages
        .iter()
        .map(|package| format!("{package}.workspace = true\n"))
        .collect();
    let manifest = include_str!("templates/inside.txt").replace("{{dependencies}}\n", &lines);
    vec![
        file("Cargo.toml", &manifest, kind, name),
        file("src/lib.rs", templates.lib, kind, name),
        file("tests/conformance.rs", templates.test, kind, name),
    ]
}

/// A crate that has the project's packages from `origin`; `versions` is the workspace's manifest.
pub(super) fn outside(kind: Kind, name: &Name, origin: Origin<'_>, versions: &str) -> Vec<(String, String)> {
    let templates = kind.templates();
    let version = |package: &str| {
        let line = versions
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{package} = ")));
        line.unwrap_or("\"*\"").to_owned()
    };
    let own = |part: &str, folder: &str| format!("dentate-{part} = {}\n", origin.dependency(folder));
    let mut lines = vec![own("core", "crates/core"), own("experiments", "experiments")];
    lines.extend(
        templates
            .parts
            .iter()
            .map(|part| own(part, &format!("crates/{part}"))),
    );
    lines.extend(
        templates
            .others
            .iter()
            .map(|package| format!("{package} = {}\n", version(package))),
    );
    lines.sort();
    let manifest = include_str!("templates/outside.txt")
        .replace("{{dependencies}}\n", &lines.concat())
        .replace("{{testkit}}\n", &own("testkit", "crates/testkit"));
    vec![
        file("Cargo.toml", &manifest, kind, name),
        file("src/lib.rs", templates.lib, kind, name),
        file("src/main.rs", include_str!("templates/main.txt"), kind, name),
        file("tests/conformance.rs", templates.test, kind, name),
        (format!("{}.toml", name.kebab), suite(kind, name)),
        (".gitignore".into(), "target\nresults\n".into()),
    ]
}
