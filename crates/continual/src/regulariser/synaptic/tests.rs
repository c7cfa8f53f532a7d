use super::*;
use ndarray::arr2;

/// By hand: 0.3 / (0.5² + 0.25) = 0.6 on top of 1; a negative path adds nothing; an unmoved weight counts path / damping.
#[test]
fn importance_is_gained_as_the_formula_says() {
    let settings = SynapticIntelligence {
        damping: 0.25,
        ..SynapticIntelligence::default()
    };
    let at = Parameter::Weight(dentate_core::ConnectionId(0));
    let mut all = Snapshot::default();
    for (slot, values) in [
        (PATH, [0.3, -4.0, 0.5]),
        (ANCHOR, [1.0, 0.0, 2.0]),
        (Slot::WEIGHT, [1.5, 1.0, 2.0]),
        (IMPORTANCE, [1.0, 1.0, 1.0]),
    ] {
        all.slots.insert(slot, [(at, arr2(&[values]))].into());
    }
    let mut later = all.clone();
    settings.gather(&mut later, true).unwrap();
    assert_eq!(later.slots[&IMPORTANCE][&at], arr2(&[[1.6, 1.0, 3.0]]));
    settings.gather(&mut all, false).unwrap();
    let first = &all.slots[&IMPORTANCE][&at];
    assert!(
        (first - &arr2(&[[0.6, 0.0, 2.0]]))
            .iter()
            .all(|off| off.abs() < 1e-6)
    );
}

/// A head that only an earlier experience reached stays reached; one that none has is left alone by the penalty.
#[test]
fn what_no_update_has_reached_is_left_alone() {
    let settings = SynapticIntelligence::default();
    let [old, never] = [0, 1].map(|id| Parameter::Weight(dentate_core::ConnectionId(id)));
    let mut all = Snapshot::default();
    for slot in [PATH, ANCHOR, Slot::WEIGHT, IMPORTANCE] {
        let zero = arr2(&[[0.0]]);
        all.slots
            .insert(slot, [(old, zero.clone()), (never, zero)].into());
    }
    all.unreached.insert(PATH, [old, never].into());
    all.unreached.insert(IMPORTANCE, [never].into());
    settings.gather(&mut all, true).unwrap();
    assert_eq!(all.unreached[&IMPORTANCE], [never].into());
}
