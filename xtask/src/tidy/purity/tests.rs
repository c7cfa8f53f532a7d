use super::*;

fn found(rule: fn(&House) -> Vec<Finding>, path: &str, text: &str) -> Vec<String> {
    rule(&House::of_files(&[(path, text)]))
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn owned_names_are_found_outside_their_crate() {
    assert_eq!(
        found(
            one_owner_in_code,
            "crates/eval/src/frame.rs",
            "use polars::prelude::*;"
        ),
        [""; 0]
    );
    let bad = found(
        one_owner_in_code,
        "experiments/tests/report.rs",
        "\nuse polars::prelude::*;",
    );
    assert!(
        bad[0].starts_with("experiments/tests/report.rs:2: `polars::`: only `dentate-eval`"),
        "{bad:?}"
    );
    assert_eq!(
        found(
            one_owner_in_code,
            "crates/backends/src/libtorch.rs",
            "tch::no_grad(f)"
        ),
        [""; 0]
    );
    assert_eq!(
        found(
            one_owner_in_code,
            "crates/continual/src/lib.rs",
            "tch::no_grad(f)"
        )
        .len(),
        1
    );
    assert_eq!(
        found(one_owner_in_code, "crates/continual/src/lib.rs", "batch::new(f)"),
        [""; 0]
    );
}

#[test]
fn input_and_output_in_core_are_found() {
    for text in [
        "use std::fs;",
        "std::net::TcpStream::connect(a)",
        "std::process::exit(1)",
        "println!()",
        "eprintln!()",
        "use std::{fmt, fs};",
        "use std::{\n    fs::File,\n    sync::Arc,\n};",
        "use std::{process as p};",
        "use std::{sync::{Arc, Weak}, net};",
    ] {
        let bad = found(core_does_no_io, "crates/core/src/a.rs", text);
        assert_eq!(bad.len(), 1, "{text}: {bad:?}");
        assert_eq!(found(core_does_no_io, "crates/streams/src/a.rs", text), [""; 0]);
    }
    for text in [
        "use std::{fmt, sync::Arc};",
        "// std::fs",
        "use std::{a::{fs, net}, fmt};",
        "use std::fmt;",
    ] {
        assert_eq!(
            found(core_does_no_io, "crates/core/src/a.rs", text),
            [""; 0],
            "{text}"
        );
    }
}

#[test]
fn knowing_too_much_is_found() {
    let text = "use dentate_backends::Native;";
    assert_eq!(
        found(growth_knows_no_backend, "crates/growth/src/a.rs", text).len(),
        1
    );
    assert_eq!(
        found(growth_knows_no_backend, "crates/growth/src/a/tests.rs", text).len(),
        0
    );
    let text = "use dentate_growth::Strategy;";
    assert_eq!(
        found(eval_knows_no_strategy, "crates/eval/src/a.rs", text).len(),
        1
    );
}

#[test]
fn reading_suites_elsewhere_is_found() {
    let text = "let suite: Suite = toml::from_str(&text)?;";
    assert_eq!(
        found(suites_are_read_in_experiments, "crates/growth/src/a.rs", text).len(),
        1
    );
    assert_eq!(
        found(
            suites_are_read_in_experiments,
            "crates/growth/src/a/tests.rs",
            text
        )
        .len(),
        0
    );
    assert_eq!(
        found(suites_are_read_in_experiments, "experiments/src/suite.rs", text).len(),
        0
    );
}

#[test]
fn unordered_maps_are_found() {
    let text = "use std::collections::{HashMap, HashSet};";
    assert_eq!(found(no_unordered_maps, "xtask/src/a.rs", text).len(), 2);
    assert_eq!(
        found(no_unordered_maps, "experiments/plugins/mine/src/lib.rs", text).len(),
        2
    );
    assert_eq!(
        found(no_unordered_maps, "crates/core/src/graph/tests.rs", text).len(),
        0
    );
}

#[test]
fn unfinished_work_is_found_in_tests_too() {
    for text in [
        "todo!()",
        "unimplemented!(\"later\")",
        "#[test]\n#[ignore]\nfn f() {}",
        "#[ignore = \"slow\"]",
    ] {
        assert_eq!(
            found(nothing_unfinished, "crates/core/tests/laws.rs", text).len(),
            1,
            "{text}"
        );
    }
    assert_eq!(
        found(
            nothing_unfinished,
            "crates/core/src/a.rs",
            "// todo!() is not allowed"
        ),
        [""; 0]
    );
}

#[test]
fn macros_that_panic_where_nothing_can_be_written_are_found() {
    for text in [
        "println!()",
        "eprintln!(\"a\")",
        "print!()",
        "eprint!()",
        "dbg!(x)",
    ] {
        for path in [
            "experiments/src/a.rs",
            "crates/eval/src/main.rs",
            "xtask/src/a.rs",
        ] {
            assert_eq!(found(output_ends_nothing, path, text).len(), 1, "{path} {text}");
        }
    }
    // A build script talks to cargo, a test to its author, and a benchmark's output is its result.
    for path in [
        "experiments/build.rs",
        "experiments/src/a/tests.rs",
        "benches/src/a.rs",
    ] {
        assert_eq!(found(output_ends_nothing, path, "println!()"), [""; 0]);
    }
    let harmless = "let _ = writeln!(stderr(), \"eprintln!\"); // print!()";
    assert_eq!(found(output_ends_nothing, "xtask/src/a.rs", harmless), [""; 0]);
}
