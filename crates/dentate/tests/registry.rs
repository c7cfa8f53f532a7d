//! Linking `dentate` alone is enough.

#![allow(clippy::unwrap_used, reason = "a wrong step has to fail the test")]

mod composition;

use dentate::core::registry;

/// Everything that the runner lists is linked in by this crate: a crate that is only in a manifest would be missing.
#[test]
fn all_that_the_runner_lists_is_linked_in() {
    let runner = include_str!(
        "../../../experiments/src/list/snapshots/dentate_experiments__list__tests__everything_of_the_framework_is_linked_in.snap"
    );
    let (_, runner) = runner.split_once("\n---\n").unwrap();
    let entries = registry::entries();
    assert!(registry::check(&entries).is_ok());
    let linked = registry::listing(&entries);
    let first = linked
        .trim_end()
        .lines()
        .zip(runner.trim_end().lines())
        .find(|(here, there)| here != there);
    assert_eq!(first, None);
    assert_eq!(
        linked.trim_end().lines().count(),
        runner.trim_end().lines().count()
    );
}
