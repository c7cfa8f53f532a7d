//! The table of metric names in `docs/results-folder.md` is that of the declarations.
//!
//! `DENTATE_WRITE_DOCS=1 cargo test -p dentate-eval the_page_of_metric_names` writes it anew.

use dentate_core::metrics::{Direction, Metric};
use std::fmt::Write;
use std::path::Path;

const BEGIN: &str = "<!-- generated from the declarations; see crates/eval/tests/page -->\n";
const END: &str = "<!-- end of what is generated -->\n";

fn table() -> String {
    let mut out =
        String::from("| name | title | unit | better | computed from |\n| --- | --- | --- | --- | --- |\n");
    for metric in Metric::all() {
        let info = metric.info();
        let better = match info.better {
            Some(Direction::Higher) => "higher",
            Some(Direction::Lower) => "lower",
            None => "",
        };
        let records: Vec<String> = info.records.iter().map(|name| format!("`{name}`")).collect();
        let aggregate = info
            .aggregate
            .map(|a| format!(": {}", a.words()))
            .unwrap_or_default();
        let _ = writeln!(
            out,
            "| `{}` | {} | {} | {better} | {}{aggregate} |",
            info.name,
            info.title,
            info.unit.words(),
            records.join(", ")
        );
    }
    out.replace("|  |", "| |")
}

#[test]
fn the_page_of_metric_names_is_that_of_the_declarations() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/results-folder.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let wanted = format!("{before}{BEGIN}\n{}\n{END}{after}", table());
    if std::env::var_os("DENTATE_WRITE_DOCS").is_some() {
        std::fs::write(&path, &wanted).unwrap();
    }
    assert!(
        page == wanted,
        "docs/results-folder.md is not that of the declarations: DENTATE_WRITE_DOCS=1 writes it anew"
    );
}
