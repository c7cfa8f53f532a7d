use super::*;

#[test]
fn words_are_told_from_parts_of_words() {
    assert!(contains_words("use std::fs;", "std::fs"));
    assert!(contains_words("tch::Tensor", "tch::"));
    assert!(!contains_words("batch::Tensor", "tch::"));
    assert!(!contains_words("use std::fspath;", "std::fs"));
    assert!(!contains_words("eprintln!()", "println!"));
    assert!(contains_words("{println!()", "println!"));
}

#[test]
fn tests_are_told_from_sources() {
    let house = House::of_files(&[
        ("crates/core/src/lib.rs", ""),
        ("crates/core/src/graph/tests.rs", ""),
        ("crates/core/src/graph/tests/replay.rs", ""),
        ("crates/core/tests/laws.rs", ""),
        ("benches/benches/step.rs", ""),
    ]);
    let sources: Vec<&str> = house.sources().map(|file| file.path.as_str()).collect();
    assert_eq!(sources, ["crates/core/src/lib.rs"]);
}

#[test]
fn comments_and_literals_do_not_count_as_code() {
    let file = File::new("a/src/a.rs", "// HashMap\nlet a = \"HashMap\";\nHashMap::new()");
    assert_eq!(file.lines_with("HashMap"), [3]);
}
