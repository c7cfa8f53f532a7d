use super::*;
use crate::maps::codebook::Codebook;

/// Invariants of any map at any time.
fn sound(map: &Codebook) -> Result<(), TestCaseError> {
    prop_assert_eq!(map.values().len(), map.len() * map.features());
    prop_assert!(map.values().iter().all(|w| w.is_finite()));
    for (a, b, _) in map.edges.all() {
        prop_assert!(a < b && b < map.len());
    }
    let mut ids = map.ids().to_vec();
    ids.sort_unstable();
    ids.dedup();
    prop_assert_eq!(ids.len(), map.len(), "ids are given once");
    Ok(())
}

/// Invariants of a map whose edges have ages.
fn ageing(map: &Codebook, max_age: u32) -> Result<(), TestCaseError> {
    sound(map)?;
    prop_assert!(map.len() >= 2);
    for (a, b, age) in map.edges.all() {
        prop_assert!(age <= max_age, "the edge {}-{} is {} old", a, b, age);
    }
    for slot in 0..map.len() {
        prop_assert!(!map.edges.alone(slot), "unit {} has no edge", slot);
    }
    Ok(())
}

/// Numbers of births and removals among the changes.
fn counts(map: &Codebook) -> (usize, usize) {
    let changes = map.clone().take_changes();
    let born = changes
        .iter()
        .filter(|c| matches!(c, codebook::Change::Born { .. }));
    let born = born.count();
    (born, changes.len() - born)
}

/// Checks that the grid is complete: units are connected exactly to their neighbours.
fn lattice(map: &Codebook, lattice: &grid::Lattice) -> Result<(), TestCaseError> {
    sound(map)?;
    for slot in 0..map.len() {
        let mut beside: Vec<usize> = lattice.around(slot).collect();
        let mut joined: Vec<usize> = map.edges.neighbours(slot).collect();
        beside.sort_unstable();
        joined.sort_unstable();
        prop_assert_eq!(beside, joined);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_gas_grows_by_the_rule_and_keeps_its_edges(
        seed in 0u64..1000, insert_every in 1u64..20, max_age in 1u32..20, max_units in 2usize..30, features in 1usize..4,
    ) {
        let rule = GrowingNeuralGas { insert_every, max_age, max_units, ..GrowingNeuralGas::default() };
        course(rule, &signals(seed, 300, features), |i, before, after| {
            ageing(&after.map, max_age)?;
            let (born, died) = counts(&after.map);
            let (born, before) = if i == 0 { (born - 2, 2) } else { (born, before.map.len()) };
            let due = (i as u64 + 1).is_multiple_of(insert_every) && before - died < max_units;
            prop_assert_eq!(born, usize::from(due));
            prop_assert_eq!(after.map.len(), before + born - died);
            for slot in 0..after.map.len() {
                prop_assert!(after.state.errors.get(slot) >= 0.0);
            }
            Ok(())
        })?;
    }

    #[test]
    fn a_gas_with_utility_keeps_its_edges_and_its_winners(
        seed in 0u64..1000, check_every in 1u64..12, max_age in 1u32..20, utility_threshold in 0.5f64..20.0,
    ) {
        let rule = GrowingNeuralGasUtility {
            check_every, max_age, utility_threshold, insert_every: 7, ..GrowingNeuralGasUtility::default()
        };
        course(rule, &signals(seed, 300, 2), |i, before, after| {
            ageing(&after.map, max_age)?;
            let (born, _) = counts(&after.map);
            if i > 0 {
                prop_assert_eq!(born, usize::from((i as u64 + 1).is_multiple_of(7)));
                let winners = before.map.winners(&signals(seed, 300, 2)[i]).unwrap();
                for slot in [winners.first.slot, winners.second.slot] {
                    prop_assert!(after.map.ids().contains(&before.map.ids()[slot]));
                }
            }
            for slot in 0..after.map.len() {
                prop_assert!(after.state.gas.errors.get(slot) >= 0.0);
                prop_assert!(after.state.utilities.get(slot) >= 0.0);
            }
            Ok(())
        })?;
    }

    #[test]
    fn a_unit_is_born_exactly_where_both_thresholds_are_passed(
        seed in 0u64..1000, activity_threshold in 0.1f64..0.99, max_age in 1u32..20, max_units in 2usize..40,
    ) {
        let rule = GrowWhenRequired { activity_threshold, max_age, max_units, ..GrowWhenRequired::default() };
        let all = signals(seed, 300, 2);
        course(rule, &all, |i, before, after| {
            ageing(&after.map, max_age)?;
            prop_assert!(after.state.of.iter().all(|h| (0.0..=1.0).contains(h)));
            prop_assert_eq!(after.state.of.len(), after.map.len());
            if i > 0 {
                let winner = before.map.winners(&all[i]).unwrap().first;
                let activity = (-f64::from(winner.squared).sqrt()).exp();
                let far = activity < activity_threshold && before.state.of[winner.slot] < 0.1;
                prop_assert_eq!(counts(&after.map).0, usize::from(far && before.map.len() < max_units));
            }
            Ok(())
        })?;
    }

    #[test]
    fn a_growing_grid_is_always_a_rectangle(seed in 0u64..1000, insert_every in 1u64..6, max_units in 4usize..40) {
        let rule = GrowingGrid { insert_every, max_units, ..GrowingGrid::default() };
        course(rule, &signals(seed, 300, 2), |_, _, after| {
            let (rows, columns) = after.state.lattice.extent();
            prop_assert_eq!((rows * columns) as usize, after.map.len());
            prop_assert!(after.map.len() <= max_units);
            lattice(&after.map, &after.state.lattice)
        })?;
    }

    #[test]
    fn a_grid_that_grows_at_its_rim_has_no_error_above_what_growth_leaves(
        seed in 0u64..1000, spread_factor in 0.1f64..0.95, max_units in 4usize..60,
    ) {
        let rule = GrowingSelfOrganisingMap { spread_factor, max_units, ..GrowingSelfOrganisingMap::default() };
        course(rule, &signals(seed, 300, 2), |_, before, after| {
            prop_assert!(after.map.len() <= max_units && after.map.len() >= before.map.len());
            prop_assert!(after.state.errors.iter().all(|e| *e >= 0.0 && e.is_finite()));
            lattice(&after.map, &after.state.lattice)
        })?;
    }

    #[test]
    fn controls_keep_their_units(seed in 0u64..1000) {
        let rule = SelfOrganisingMap { rows: 3, columns: 4, ..SelfOrganisingMap::default() };
        course(rule, &signals(seed, 100, 2), |_, _, after| {
            prop_assert_eq!(after.map.len(), 12);
            sound(&after.map)
        })?;
        let rule = KMeans { units: 5, ..KMeans::default() };
        course(rule, &signals(seed, 100, 2), |_, _, after| {
            prop_assert_eq!((after.map.len(), after.map.edges.count()), (5, 0));
            sound(&after.map)
        })?;
    }
}
