//! Tables, figures and sources as files.

use crate::fixture;
use dentate_eval::export;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn the_report_in_pieces() {
    let (results, into) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fixture::write(results.path(), &fixture::manifest());
    let into = into.path().join("paper");
    let made = export(results.path(), &into).unwrap();
    let tables = names(&into.join("tables"));
    assert_eq!(tables.len(), 2 * made.tables + 1, "{tables:?}");
    let figures = names(&into.join("figures"));
    assert_eq!(figures.len(), 2 * made.figures, "{figures:?}");
    assert!(made.figures > 3, "{figures:?}");
    for figure in figures.iter().filter(|name| name.ends_with(".svg")) {
        let drawing = fs::read_to_string(into.join("figures").join(figure)).unwrap();
        assert!(
            drawing.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""),
            "{figure}"
        );
        let numbers = fs::read_to_string(into.join("figures").join(figure.replace(".svg", ".csv"))).unwrap();
        assert!(numbers.lines().count() > 1, "{figure} has no numbers");
    }
    let read = |name: &str| fs::read_to_string(into.join(name)).unwrap();
    insta::assert_snapshot!(format!(
        "{}\n{}\n{}\n{}",
        tables.into_iter().collect::<Vec<_>>().join("\n"),
        read("tables/outcome-task-split.tex"),
        read("tables/outcome-task-split.md"),
        read("sources.bib")
    ));
}

/// LaTeX compiles all tables and BibTeX reads the sources, where they are installed.
#[test]
fn latex_takes_the_tables_and_the_sources() {
    let (results, into) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut manifest = fixture::manifest();
    manifest.methods[1].title = "A&B_{c} 100 % #1 ~^\\ $x$ é →".into();
    fixture::write(results.path(), &manifest);
    export(results.path(), into.path()).unwrap();
    let tables = into.path().join("tables");
    let run = |program: &str, arguments: &[&str], folder: &Path| {
        let ran = std::process::Command::new(program)
            .args(arguments)
            .current_dir(folder)
            .output();
        if let Ok(ran) = ran {
            let said = String::from_utf8_lossy(&ran.stdout).into_owned();
            assert!(ran.status.success(), "{said}");
            assert!(!said.contains("Warning--"), "{said}");
        }
    };
    run(
        "pdflatex",
        &["-interaction=nonstopmode", "-halt-on-error", "all.tex"],
        &tables,
    );
    let aux = "\\citation{*}\n\\bibstyle{plain}\n\\bibdata{sources}\n";
    fs::write(into.path().join("x.aux"), aux).unwrap();
    run("bibtex", &["x"], into.path());
}
