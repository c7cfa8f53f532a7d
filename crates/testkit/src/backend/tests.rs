//! The share of cases in which the laws are put to the test, on the native backend.

use super::Make;
use super::world::mild_worlds;
use crate::naive::{Rounded, gradient};
use dentate_backends::Native;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

#[test]
fn most_worlds_are_of_use() {
    let make = Make {
        make: || Box::new(Native::new()),
        file: file!(),
    };
    let mut runner = TestRunner::deterministic();
    let (mut worlds, mut entries, mut substitutes, mut slopes, mut unsure) = (0, 0, 0, 0, 0);
    for _ in 0..200 {
        let making = mild_worlds()
            .new_tree(&mut runner)
            .expect("nothing is filtered out")
            .current();
        let Some(world) = making.world(make).expect("a world is well-formed") else {
            continue;
        };
        worlds += 1;
        entries += usize::from(world.route.entry.is_some());
        substitutes += usize::from(!world.route.substitute.is_empty());
        let all = gradient::<Rounded>(
            &world.naive,
            &world.weights,
            &world.batch,
            &world.route,
            &world.objective,
        );
        for slope in all.values().flatten() {
            slopes += 1;
            let sure = slope.error < 0.1 * (0.01 + slope.value.abs());
            unsure += usize::from(!sure);
        }
    }
    assert!(worlds > 120, "{worlds} worlds of 200");
    assert!(
        entries > 10 && substitutes > 10,
        "{entries} entries, {substitutes} substitutes"
    );
    // Layer norms over nearly equal values have wide bounds.
    assert!(10 * unsure < slopes, "{unsure} of {slopes} slopes are uncertain");
}
