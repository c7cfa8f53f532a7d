//! The share of cases in which the laws are put to the test, on the native backend.

use super::Make;
use super::fixture::mild_cases;
use crate::naive::{Rounded, gradient};
use dentate_backends::Native;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

#[test]
fn most_cases_are_of_use() {
    let make = Make {
        make: || Box::new(Native::new()),
        file: file!(),
    };
    let mut runner = TestRunner::deterministic();
    let (mut built, mut entries, mut substitutes, mut slopes, mut unsure) = (0, 0, 0, 0, 0);
    for _ in 0..200 {
        let case = mild_cases()
            .new_tree(&mut runner)
            .expect("nothing is filtered out")
            .current();
        let Some(fixture) = case.fixture(make).expect("a fixture is well-formed") else {
            continue;
        };
        built += 1;
        entries += usize::from(fixture.route.entry.is_some());
        substitutes += usize::from(!fixture.route.substitute.is_empty());
        let all = gradient::<Rounded>(
            &fixture.naive,
            &fixture.weights,
            &fixture.batch,
            &fixture.route,
            &fixture.objective,
        );
        for slope in all.values().flatten() {
            slopes += 1;
            let sure = slope.error < 0.1 * (0.01 + slope.value.abs());
            unsure += usize::from(!sure);
        }
    }
    assert!(built > 120, "{built} cases of 200");
    assert!(
        entries > 10 && substitutes > 10,
        "{entries} entries, {substitutes} substitutes"
    );
    // Layer norms over nearly equal values have wide bounds.
    assert!(10 * unsure < slopes, "{unsure} of {slopes} slopes are uncertain");
}
