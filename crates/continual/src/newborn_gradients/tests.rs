use super::*;
use ndarray::arr2;

#[test]
fn shares_are_the_hand_computed_ones() {
    use Part::{Before, Newborn, None};
    let parts = [Before, Newborn(1), Newborn(4), None, Before, Newborn(4)];
    let one = arr2(&[
        [3.0, 4.0],
        [0.0, 0.0],
        [1.0, 1.0],
        [9.0, 9.0],
        [0.0, 5.0],
        [3.0, 1.0],
    ]);
    let other = arr2(&[[0.0], [0.0], [2.0], [9.0], [4.0], [2.0]]);
    // Before: (9 + 16 + 25 + 0 + 16) / 6 = 11. Age 4: (1 + 1 + 9 + 1 + 4 + 4) / 6 = 20/6.
    let found = shares(&parts, &[one.clone(), other]);
    assert_eq!(found.keys().copied().collect::<Vec<_>>(), [1, 4]);
    assert_eq!(found[&1], 0.0);
    assert!((found[&4] - (20.0_f64 / 66.0).sqrt()).abs() < 1e-12);
    // Where nothing was there before, or it gets no gradient, there is no share.
    assert!(shares(&[Newborn(1); 6], &[one.clone()]).is_empty());
    assert!(shares(&parts, &[0.0 * one]).is_empty());
}

#[test]
fn a_unit_is_of_age_one_at_the_first_update_after_its_birth() {
    let unit = |origin, step, rate| Unit {
        id: dentate_core::UnitId(1),
        born: dentate_core::Moment { experience: 0, step },
        origin,
        incoming_lr_scale: rate,
        outgoing_lr_scale: 0.0,
    };
    let part = |origin, step| Part::of(&unit(origin, 10, 1.0), step);
    let ages: Vec<u64> = (10..200)
        .filter_map(|step| match part(Origin::Grown, step) {
            Part::Newborn(age) => Some(age),
            Part::Before | Part::None => None,
        })
        .collect();
    assert_eq!(ages, [1, 2, 4, 8, 16, 32, 64, 128]);
    assert!(part(Origin::Grown, 137) != Part::Before && part(Origin::Grown, 138) == Part::Before);
    assert!(part(Origin::Initial, 10) == Part::Before);
    assert!(Part::of(&unit(Origin::Grown, 10, 0.0), 10) == Part::None);
}
