use super::*;
use proptest::prelude::*;

fn matrix(rows: &[&[f64]], untrained: &[f64]) -> AccuracyMatrix {
    let mut m = AccuracyMatrix::new(rows.first().map_or(0, |r| r.len()));
    for (i, row) in rows.iter().enumerate() {
        row.iter().enumerate().for_each(|(j, value)| m.set(i, j, *value));
    }
    untrained
        .iter()
        .enumerate()
        .for_each(|(j, value)| m.set_untrained(j, *value));
    m
}

fn near(found: Option<f64>, expected: f64) {
    assert!(
        (found.unwrap() - expected).abs() < 1e-12,
        "{found:?} is not {expected}"
    );
}

#[test]
fn the_metrics_are_the_hand_computed_ones() {
    let m = matrix(
        &[&[0.9, 0.4, 0.3], &[0.95, 0.8, 0.5], &[0.5, 0.7, 0.6]],
        &[0.5, 0.5, 0.1],
    );
    near(m.average_accuracy(), (0.5 + 0.7 + 0.6) / 3.0);
    near(m.anytime_accuracy(), (0.9 + (0.95 + 0.8) / 2.0 + 0.6) / 3.0);
    near(m.learning_accuracy(), (0.9 + 0.8 + 0.6) / 3.0);
    near(m.backward_transfer(), ((0.5 - 0.9) + (0.7 - 0.8)) / 2.0);
    near(m.forward_transfer(), ((0.4 - 0.5) + (0.5 - 0.1)) / 2.0);
    // Task 1 was best after experience 2, so forgetting is not minus backward transfer.
    near(m.forgetting(), ((0.95 - 0.5) + (0.8 - 0.7)) / 2.0);
}

#[test]
fn the_lowest_accuracy_since_a_task_was_learned_is_the_hand_computed_one() {
    let mut m = matrix(&[&[0.9, 0.4, 0.3], &[0.95, 0.8, 0.5], &[0.5, 0.7, 0.6]], &[]);
    near(m.one_step_backward_transfer(), ((0.95 - 0.9) + (0.7 - 0.8)) / 2.0);
    // Without a measurement between boundaries the gap is not known.
    assert_eq!((m.min_accuracy(), m.worst_case_accuracy()), (None, None));
    for (experience, task, accuracy) in [
        (0, 0, 0.1), // while task 1 was being learned: counts for nothing
        (1, 1, 0.2),
        (1, 0, 0.3), // the gap, of which the ends of experiences show nothing
        (1, 0, 0.6),
        (2, 0, 0.55),
        (2, 1, 0.75), // above the end of the stream
        (2, 2, 0.0),
    ] {
        m.set_within(experience, task, accuracy);
    }
    near(m.min_accuracy(), (0.3 + 0.7) / 2.0);
    near(m.worst_case_accuracy(), 0.6 / 3.0 + 2.0 / 3.0 * 0.5);
}

/// What was measured when a task was learned is not since it was learned, whenever tasks come to be known.
#[test]
fn the_lowest_accuracy_is_of_later_experiences() {
    let mut m = AccuracyMatrix::default();
    for (experience, row) in [[0.1, 0.0, 0.0], [0.6, 0.2, 0.0], [0.5, 0.7, 0.9]]
        .iter()
        .enumerate()
    {
        for (task, accuracy) in row.iter().enumerate().take(experience + 1) {
            m.set(experience, task, *accuracy);
            if task < experience {
                m.set_within(experience, task, 0.95);
            }
        }
    }
    near(m.min_accuracy(), (0.5 + 0.7) / 2.0);
    near(m.worst_case_accuracy(), 0.9 / 3.0 + 2.0 / 3.0 * 0.6);
}

/// The best accuracy before the last experience, also from before the task was learned, and not that of the last one itself.
#[test]
fn forgetting_looks_at_all_rows_but_the_last() {
    let m = matrix(&[&[0.5, 0.9, 0.1], &[0.4, 0.6, 0.2], &[0.8, 0.5, 0.7]], &[]);
    near(m.forgetting(), ((0.5 - 0.8) + (0.9 - 0.5)) / 2.0);
}

/// Ten tasks: the mean of the last two less that of the first two. Nine have none.
#[test]
fn the_trend_of_learning_is_between_fifths() {
    let of = |own: &[f64]| {
        let mut m = AccuracyMatrix::new(own.len());
        own.iter()
            .enumerate()
            .for_each(|(i, accuracy)| m.set(i, i, *accuracy));
        m.learning_trend()
    };
    let own = [0.9, 0.7, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.3, 0.6];
    near(of(&own), 0.45 - 0.8);
    assert_eq!(of(&own[..9]), None);
    // A fifth of fourteen is two, not three.
    let longer: Vec<f64> = own.iter().copied().chain([0.0; 4]).collect();
    near(of(&longer), 0.0 - 0.8);
    let fourteen_less_two: Vec<f64> = longer[..12].to_vec();
    near(of(&fourteen_less_two), 0.0 - 0.8);
}

#[test]
fn one_task_is_neither_a_sequence_nor_joint() {
    let one = matrix(&[&[0.9]], &[0.1]);
    assert!(!one.is_sequence() && !one.is_joint());
    assert_eq!((one.learning_accuracy(), one.anytime_accuracy()), (None, None));
    near(one.average_accuracy(), 0.9);
    let mut diagonal = AccuracyMatrix::new(2);
    diagonal.set(0, 0, 0.9);
    diagonal.set(1, 1, 0.7);
    assert!(diagonal.is_sequence() && !diagonal.looks_back());
    diagonal.set(1, 0, 0.3);
    assert!(diagonal.looks_back());
    assert!(!AccuracyMatrix::new(2).looks_back());
}

#[test]
fn intransigence_is_against_what_learned_all_at_once() {
    let m = matrix(&[&[0.9, 0.4], &[0.5, 0.7]], &[]);
    let joint = matrix(&[&[0.95, 0.9]], &[]);
    near(m.intransigence(&joint), (0.05 + 0.2) / 2.0);
    assert_eq!(joint.intransigence(&joint), None);
    assert_eq!(m.intransigence(&m), None);
    assert_eq!(m.intransigence(&matrix(&[&[0.9, 0.9, 0.9]], &[])), None);
}

#[test]
fn one_row_has_an_average_and_nothing_over_time() {
    let m = matrix(&[&[0.9, 0.8]], &[0.5, 0.5]);
    assert!(m.is_joint());
    near(m.average_accuracy(), 0.85);
    for absent in [
        m.anytime_accuracy(),
        m.learning_accuracy(),
        m.backward_transfer(),
        m.one_step_backward_transfer(),
        m.min_accuracy(),
        m.worst_case_accuracy(),
        m.forward_transfer(),
        m.forgetting(),
    ] {
        assert_eq!(absent, None);
    }
}

#[test]
fn a_missing_entry_is_absent_and_not_zero() {
    let mut m = AccuracyMatrix::new(2);
    m.set(0, 0, 0.9);
    m.set(1, 1, 0.7);
    assert_eq!(m.average_accuracy(), None);
    assert_eq!(m.forgetting(), None);
    near(m.learning_accuracy(), 0.8);
    assert_eq!(m.forward_transfer(), None);
    assert_eq!(AccuracyMatrix::new(0).average_accuracy(), None);
}

#[test]
fn the_mean_matrix_averages_what_is_there() {
    let (a, b) = (matrix(&[&[0.2, 0.4]], &[]), matrix(&[&[0.4, 0.8]], &[]));
    let mean = mean_matrix(&[&a, &b]);
    near(mean.get(0, 1), 0.6);
    assert_eq!(mean_matrix(&[]).rows().len(), 0);
}

fn square() -> impl Strategy<Value = Vec<Vec<f64>>> {
    (2..6_usize).prop_flat_map(|t| prop::collection::vec(prop::collection::vec(0.2..0.8_f64, t), t))
}

fn of(rows: &[Vec<f64>]) -> AccuracyMatrix {
    matrix(
        &rows.iter().map(Vec::as_slice).collect::<Vec<_>>(),
        &vec![0.5; rows.len()],
    )
}

proptest! {
    #[test]
    fn shifting_all_accuracies_moves_averages_and_leaves_differences(rows in square(), shift in -0.2..0.2_f64) {
        let shifted: Vec<Vec<f64>> =
            rows.iter().map(|r| r.iter().map(|v| v + shift).collect()).collect();
        let (a, b) = (of(&rows), of(&shifted));
        let moved = |x: Option<f64>, y: Option<f64>| y.unwrap() - x.unwrap();
        prop_assert!((moved(a.average_accuracy(), b.average_accuracy()) - shift).abs() < 1e-9);
        prop_assert!((moved(a.anytime_accuracy(), b.anytime_accuracy()) - shift).abs() < 1e-9);
        prop_assert!(moved(a.backward_transfer(), b.backward_transfer()).abs() < 1e-9);
        prop_assert!(moved(a.forgetting(), b.forgetting()).abs() < 1e-9);
    }

    #[test]
    fn constant_columns_are_not_forgotten(t in 2..6_usize, row in prop::collection::vec(0.0..1.0_f64, 6)) {
        let m = of(&vec![row[..t].to_vec(); t]);
        prop_assert_eq!(m.forgetting(), Some(0.0));
        prop_assert_eq!(m.backward_transfer(), Some(0.0));
    }

    #[test]
    fn forgetting_is_at_least_what_backward_transfer_lost(rows in square()) {
        let m = of(&rows);
        prop_assert!(m.forgetting().unwrap() >= -m.backward_transfer().unwrap() - 1e-12);
    }
}
