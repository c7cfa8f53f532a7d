use super::*;

#[test]
fn vague_names_are_found() {
    let house = House::of_files(&[
        ("crates/core/src/utils.rs", ""),
        ("crates/core/tests/common/mod.rs", ""),
        ("crates/core/src/graph.rs", ""),
        ("crates/core/src/uncommon.rs", ""),
    ]);
    let places: Vec<String> = no_vague_names(&house)
        .into_iter()
        .map(|finding| finding.place)
        .collect();
    assert_eq!(
        places,
        ["crates/core/src/utils.rs", "crates/core/tests/common/mod.rs"]
    );
}

#[test]
fn long_files_are_found_unless_they_are_tests() {
    let long = "\n".repeat(LONGEST + 1);
    let full = "\n".repeat(LONGEST);
    let house = House::of_files(&[
        ("crates/core/src/long.rs", &long),
        ("crates/core/src/full.rs", &full),
        ("crates/core/src/long/tests.rs", &long),
    ]);
    let found = no_long_files(&house);
    assert_eq!(found.len(), 1);
    assert!(
        found[0]
            .to_string()
            .starts_with("crates/core/src/long.rs: 601 lines"),
        "{}",
        found[0]
    );
}
