use super::*;

const SUITES: [&str; 3] = ["quickstart", "split-mnist", "permuted-mnist"];

#[test]
fn distances_are_counted() {
    assert_eq!(distance("", "abc"), 3);
    assert_eq!(distance("kitten", "sitting"), 3);
    assert_eq!(distance("same", "same"), 0);
}

#[test]
fn a_slip_finds_its_name() {
    assert_eq!(nearest("quikstart", SUITES), Some("quickstart"));
    assert_eq!(nearest("Split_MNIST", SUITES), Some("split-mnist"));
    assert_eq!(nearest("perm", SUITES), Some("permuted-mnist"));
}

#[test]
fn nothing_near_finds_nothing() {
    assert_eq!(nearest("imagenet-1000", SUITES), None);
    assert_eq!(nearest("", SUITES), None);
    assert_eq!(nearest("x", []), None);
}
