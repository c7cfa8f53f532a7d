//! The files of a new crate.

use super::kind::Kind;
use super::name::Name;
use std::path::Path;

/// The source of the project's own packages for a crate outside of the workspace.
#[derive(Clone, Copy)]
pub(super) enum Origin<'a> {
    /// A checkout.
    Path(&'a Path),
    /// A git address.
    Git(&'a str),
}

impl Origin<'_> {
    /// The text after `package = ` in a manifest; `folder` is the package's folder in the checkout, `more` the further
    /// settings.
    pub(super) fn dependency(self, folder: &str, more: &str) -> String {
        // A TOML string.
        let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
        match self {
            Self::Path(root) => {
                let path = format!("{}/{folder}", root.to_string_lossy());
                format!("{{ path = {}{more} }}", quoted(&path))
            }
            Self::Git(url) => format!("{{ git = {}{more} }}", quoted(url)),
        }
    }
}

/// The feature of `dentate` that tests need.
pub(super) const TESTKIT: &str = ", features = [\"testkit\"]";

pub(super) fn filled(template: &str, kind: Kind, name: &Name) -> String {
    template
        .replace("{{name}}", &name.kebab)
        .replace("{{snake}}", &name.snake)
        .replace("{{Type}}", &name.camel)
        .replace("{{Title}}", &name.title())
        .replace("{{title}}", &name.kebab.replace('-', " "))
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
    if kind == Kind::Metric {
        return vec![
            file(
                "Cargo.toml",
                include_str!("templates/metric/inside.txt"),
                kind,
                name,
            ),
            file("src/lib.rs", templates.lib, kind, name),
        ];
    }
    vec![
        file("Cargo.toml", include_str!("templates/inside.txt"), kind, name),
        file("src/lib.rs", templates.lib, kind, name),
        file("tests/conformance.rs", templates.test, kind, name),
    ]
}

/// A crate whose dependencies on the project's packages are from `origin`.
pub(super) fn outside(kind: Kind, name: &Name, origin: Origin<'_>) -> Vec<(String, String)> {
    let templates = kind.templates();
    if kind == Kind::Metric {
        let manifest = include_str!("templates/metric/outside.txt")
            .replace("{{eval}}", &origin.dependency("crates/eval", ""))
            .replace("{{report}}", &origin.dependency("experiments/report", ""));
        return vec![
            file("Cargo.toml", &manifest, kind, name),
            file("src/lib.rs", templates.lib, kind, name),
            file(
                "src/main.rs",
                include_str!("templates/metric/main.txt"),
                kind,
                name,
            ),
            (".gitignore".into(), "target\n".into()),
        ];
    }
    let manifest = include_str!("templates/outside.txt")
        .replace("{{dentate}}", &origin.dependency("crates/dentate", ""))
        .replace("{{runner}}", &origin.dependency("experiments", ""))
        .replace("{{testkit}}", &origin.dependency("crates/dentate", TESTKIT));
    vec![
        file("Cargo.toml", &manifest, kind, name),
        file("src/lib.rs", templates.lib, kind, name),
        file("src/main.rs", include_str!("templates/main.txt"), kind, name),
        file("tests/conformance.rs", templates.test, kind, name),
        (format!("{}.toml", name.kebab), suite(kind, name)),
        (".gitignore".into(), "target\nresults\n".into()),
    ]
}
