use super::*;

fn entry(name: &'static str, package: &'static str) -> Entry {
    let schema = || schemars::schema_for!(bool);
    Entry {
        kind: Kind::Strategy,
        name,
        summary: "",
        citation: "",
        package,
        schema,
        source: "",
    }
}

#[test]
fn duplicates_are_refused_by_name_and_both_packages() {
    let error = check(&[entry("a", "x"), entry("b", "x"), entry("b", "y")]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "two strategy entries are called `b`: one in package `x`, one in `y`; rename one of them"
    );
    assert!(check(&[entry("a", "x"), entry("b", "x")]).is_ok());
}

#[test]
fn nearest_finds_a_slip_and_leaves_strangers_alone() {
    assert_eq!(
        nearest("progresive-columns", ["fixed", "progressive-columns"]),
        Some("progressive-columns")
    );
    assert_eq!(nearest("zebra", ["fixed", "progressive-columns"]), None);
}
