use super::*;

#[test]
fn folders_outside_are_found_in_any_file_but_one() {
    let text = format!("a\nls {}/data", FOREIGN);
    let house = House::of_files(&[
        ("README.md", &text),
        ("crates/streams/src/mnist.rs", &text),
        (EXCEPTION, &text),
        ("docs/shared.md", "a shared layer in ./shared"),
    ]);
    let places: Vec<String> = no_foreign_folder(&house)
        .into_iter()
        .map(|finding| finding.place)
        .collect();
    assert_eq!(places, ["README.md:2", "crates/streams/src/mnist.rs:2"]);
}

#[test]
fn a_package_without_the_lints_is_found() {
    let house = House::of_files(&[
        (
            "crates/a/Cargo.toml",
            "[package]\n\n[lints]\nworkspace = true\n\n[dependencies]\n",
        ),
        ("crates/b/Cargo.toml", "[package]\nname = \"b\"\n"),
        (
            "crates/c/Cargo.toml",
            "[lints]\n[dependencies.d]\nworkspace = true\n",
        ),
        ("crates/fuzz/Cargo.toml", "[package]\n\n[workspace]\n"),
        ("Cargo.toml", "[workspace]\n"),
    ]);
    let places: Vec<String> = every_member_inherits_the_lints(&house)
        .into_iter()
        .map(|finding| finding.place)
        .collect();
    assert_eq!(places, ["crates/b/Cargo.toml", "crates/c/Cargo.toml"]);
}
