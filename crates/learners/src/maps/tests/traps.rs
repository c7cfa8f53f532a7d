//! Known errors of other implementations, one test each.

use super::*;

fn two_points() -> Vec<Vec<f32>> {
    vec![vec![0.0, 0.0], vec![4.0, 0.0]]
}

#[test]
fn the_error_of_a_winner_grows_by_the_squared_distance() {
    let rule = GrowingNeuralGas {
        error_decay: 1.0,
        ..GrowingNeuralGas::default()
    };
    let mut engine = started(rule, &two_points());
    engine.signal(&[0.0, 3.0], None).unwrap();
    assert_eq!(
        (engine.state.errors.get(0), engine.state.errors.get(1)),
        (9.0, 0.0)
    );
}

#[test]
fn an_inserted_unit_starts_at_the_halved_error_of_the_worst() {
    let rule = GrowingNeuralGas {
        error_decay: 1.0,
        insert_every: 1,
        winner_rate: 0.0,
        neighbour_rate: 0.0,
        ..GrowingNeuralGas::default()
    };
    let mut engine = started(rule, &two_points());
    engine.signal(&[0.0, 2.0], None).unwrap();
    assert_eq!(engine.map.prototype(2), [2.0, 0.0], "halfway");
    let errors = [0, 1, 2].map(|slot| engine.state.errors.get(slot));
    assert_eq!(errors, [2.0, 0.0, 2.0]);
    assert!(engine.map.edges.joined(0, 2) && engine.map.edges.joined(2, 1));
    assert!(!engine.map.edges.joined(0, 1), "the old edge is gone");
}

#[test]
fn a_map_labels_rows() {
    let mut engine = started(Still::default(), &two_points());
    engine.signal(&[0.1, 0.0], Some(3)).unwrap();
    engine.signal(&[4.1, 0.0], Some(1)).unwrap();
    let mut reader = reading::Reader::new(&engine.map, &Reading::default());
    let mut scores = [0.0; 5];
    reader.score(&[0.5, 0.0], &mut scores);
    assert!(
        scores[3] > 0.9 && scores[1] < 0.1 && scores[0] == f32::NEG_INFINITY,
        "{scores:?}"
    );
    assert!((scores[3] + scores[1] - 1.0).abs() < 1e-6);
}

#[test]
fn habituation_falls_as_the_paper_says_and_a_fresh_winner_gives_no_birth() {
    let rule = GrowWhenRequired::default();
    assert!(!rule.required(100.0, 1.0), "far, but the winner is fresh");
    assert!(!rule.required(0.0, 0.05), "experienced, but near");
    assert!(rule.required(100.0, 0.05));
    let mut engine = started(rule, &two_points());
    engine.signal(&[0.0, 0.0], None).unwrap();
    assert!((engine.state.of[0] - 0.7).abs() < 1e-12);
    engine.signal(&[0.0, 0.0], None).unwrap();
    assert!((engine.state.of[0] - (0.7 + 0.3 * 1.05 * 0.3 - 0.3)).abs() < 1e-12);
}

#[test]
fn the_utility_of_a_winner_is_what_the_second_would_have_cost_more() {
    let rule = GrowingNeuralGasUtility {
        error_decay: 1.0,
        ..GrowingNeuralGasUtility::default()
    };
    let mut engine = started(rule, &two_points());
    engine.signal(&[1.0, 0.0], None).unwrap();
    assert_eq!(engine.state.utilities.get(0), 9.0 - 1.0);
}

#[test]
fn a_gas_with_utility_leaves_a_place_that_is_empty_and_a_plain_gas_does_not() {
    let mut random = Seed(1).random();
    let mut draw =
        |centre: f32| -> Vec<f32> { (0..2).map(|_| centre + random.random_range(-0.5..0.5)).collect() };
    let all: Vec<Vec<f32>> = (0..8000)
        .map(|i| draw(if i < 4000 { 0.0 } else { 20.0 }))
        .collect();
    let plain = GrowingNeuralGas {
        max_units: 20,
        ..GrowingNeuralGas::default()
    };
    let useful = GrowingNeuralGasUtility {
        max_units: 20,
        ..GrowingNeuralGasUtility::default()
    };
    fn left_behind<R: Rule>(rule: R, all: &[Vec<f32>]) -> usize {
        let mut engine = started(rule, all);
        all.iter()
            .for_each(|signal| assert!(engine.signal(signal, None).is_some()));
        (0..engine.map.len())
            .filter(|slot| engine.map.prototype(*slot)[0] < 10.0)
            .count()
    }
    assert!(left_behind(plain, &all) > 10);
    assert_eq!(left_behind(useful, &all), 0);
}

#[test]
fn the_growth_threshold_scales_with_the_features() {
    let rule = GrowingSelfOrganisingMap::default();
    assert!((rule.threshold(10) - 10.0 * 2f64.ln()).abs() < 1e-9);
}

#[test]
fn a_row_or_column_is_inserted_between_the_busiest_unit_and_its_farthest_neighbour() {
    let corners: Vec<Vec<f32>> = [[0.0, 0.0], [1.0, 0.0], [0.0, 9.0], [1.0, 9.0]]
        .map(Vec::from)
        .into();
    let rule = GrowingGrid {
        insert_every: 1,
        rate: 1e-9,
        ..GrowingGrid::default()
    };
    let mut engine = started(rule, &corners);
    (0..4).for_each(|_| assert!(engine.signal(&[0.0, 0.0], None).is_some()));
    assert_eq!(
        engine.state.lattice.extent(),
        (3, 2),
        "a row, where the gap is widest"
    );
    assert_eq!(engine.map.prototype(4), [0.0, 4.5]);
    assert_eq!(engine.map.prototype(5), [1.0, 4.5]);
}

#[test]
fn a_signal_that_is_no_number_changes_nothing() {
    let mut engine = started(GrowingNeuralGas::default(), &two_points());
    let before = engine.map.clone();
    assert!(engine.signal(&[f32::NAN, 0.0], Some(0)).is_none());
    assert!(engine.signal(&[f32::INFINITY, 0.0], Some(0)).is_none());
    assert_eq!(engine.map, before);
}
