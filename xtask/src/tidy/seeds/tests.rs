use super::*;

const TABLE: &str = "# Page\n\n## Names of seeds\n\n| crate | name | what |\n| --- | --- | --- |\n\
    | `core` | `edit {edit}/{side}` | weights |\n| `streams` | `train`, `test` | rows |\n| `streams` | `{half}` | rows |\n\n\
    ## Else\n\n| `core` | `no seed` | it |\n";

fn found(files: &[(&str, &str)]) -> Vec<String> {
    let all = [&[(PAGE, TABLE)], files].concat();
    seeds(&House::of_files(&all))
        .iter()
        .map(ToString::to_string)
        .collect()
}

const CORE: (&str, &str) = (
    "crates/core/src/fresh.rs",
    "fn f() {\n    let seed = seed.derive(&format!(\"edit {}/{word}\", edit.number));\n}\n",
);
const STREAMS: (&str, &str) = (
    "crates/streams/src/a.rs",
    "/// `seed.derive(\"of a comment\")`\n#[derive(Debug)]\nfn f() { (seed.derive(\"train\"), seed\n.derive(\n  \"test\"), seed.derive(name)) }",
);

#[test]
fn a_table_of_all_names_is_kept() {
    assert_eq!(found(&[CORE, STREAMS]), [""; 0]);
    let aside = [
        ("crates/testkit/src/case.rs", "seed.derive(\"rows\")"),
        ("crates/core/src/seed/tests.rs", "seed.derive(\"x\")"),
        ("benches/src/x.rs", "seed.derive(\"y\")"),
    ];
    assert_eq!(found(&[&[CORE, STREAMS][..], &aside].concat()), [""; 0]);
}

#[test]
fn a_planted_name_is_found() {
    let planted = (
        "experiments/src/run.rs",
        "\n\nlet s = seed.derive(&format!(\"new/{n}\"));",
    );
    let said = found(&[CORE, STREAMS, planted]);
    assert_eq!(said.len(), 1);
    assert!(
        said[0].starts_with("experiments/src/run.rs:3: a seed is called `new/{}`"),
        "{said:?}"
    );
    // The same name in another crate is another row.
    let elsewhere = ("crates/growth/src/a.rs", "seed.derive(\"train\")");
    let said = found(&[CORE, STREAMS, elsewhere]);
    assert!(said[0].contains("add a row of `growth`"), "{said:?}");
}

#[test]
fn a_name_that_is_gone_is_found() {
    let renamed = (STREAMS.0, &*STREAMS.1.replace("\"train\"", "\"training\""));
    let said = found(&[CORE, renamed]);
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(
        said[0].contains("`training`")
            && said[1].starts_with("docs/architecture.md:8: no seed of `streams` is called `train`")
    );
    assert_eq!(seeds(&House::default()).len(), 1, "no page");
}
