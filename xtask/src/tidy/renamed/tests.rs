use super::*;

#[test]
fn old_names_are_found_in_code_and_in_keys_and_not_in_sentences() {
    let house = House {
        packages: Vec::new(),
        others: std::collections::BTreeSet::new(),
        files: vec![
            File::new(
                "crates/growth/src/a.rs",
                "// An Occasion, and what is owed.\nlet s = \"Ledger\";\nfn f(o: Occasion) {}\n",
            ),
            File::new(
                "experiments/suites/a.toml",
                "judged = \"x\"\ntitle = \"maps = 3\"\n  maps = []\na = { b = 1, looks = 2 } # scope = 1\n",
            ),
            File::new(
                "docs/a.md",
                "scope = 1\n```toml\nscope = 1\n```\nscope = 1\n```rust\nscope = 1\n```\n",
            ),
        ],
    };
    let said: Vec<String> = no_renamed_names(&house).iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "crates/growth/src/a.rs:3: `Occasion` was renamed: Hook",
            "experiments/suites/a.toml:1: `judged` was renamed: rank_by",
            "experiments/suites/a.toml:3: `maps` was renamed: conv",
            "experiments/suites/a.toml:4: `looks` was renamed: checks",
            "docs/a.md:3: `scope` was renamed: protocol",
        ]
    );
}
