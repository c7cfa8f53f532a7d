//! A crate with `dentate` as its only dependency and one part of every kind, as users would write it; the tests build it.

use super::NewError;
use super::files::{Origin, TESTKIT, filled};
use super::kind::Kind;
use super::name::Name;

/// Its files; `listing` is the file with the runner's list.
pub(super) fn alone(origin: Origin<'_>, listing: &str) -> Result<Vec<(String, String)>, NewError> {
    let manifest = include_str!("templates/alone.txt")
        .replace("{{dentate}}", &origin.dependency("crates/dentate", ""))
        .replace("{{testkit}}", &origin.dependency("crates/dentate", TESTKIT));
    let mut library = String::from("//! Something of every kind.\n\n");
    let mut laws = String::from("//! The laws of all that is here.\n\nmod linked;\n");
    let linked = include_str!("templates/linked.txt").replace("{{listing}}", listing);
    let mut files = vec![
        ("Cargo.toml".into(), manifest),
        ("tests/laws/linked.rs".into(), linked),
    ];
    for kind in Kind::ALL {
        let (module, templates) = (kind.word(), kind.templates());
        let name = Name::new(&format!("alone-{module}"))?;
        let code = templates.lib.replace("\"lib.rs\"", &format!("\"{module}.rs\""));
        let test = templates
            .test
            .replace("dentate_{{snake}}", &format!("alone::{module}"));
        library.push_str(&format!("pub mod {module};\n"));
        laws.push_str(&format!("mod {module};\n"));
        files.push((format!("src/{module}.rs"), filled(&code, kind, &name)));
        files.push((format!("tests/laws/{module}.rs"), filled(&test, kind, &name)));
    }
    files.push(("src/lib.rs".into(), library));
    files.push(("tests/laws/main.rs".into(), laws));
    Ok(files)
}
