use super::*;
use crate::suite::tests_support::{compared, suite_of_values};

fn streams(n: usize) -> Vec<Vec<Vec<f64>>> {
    (0..n)
        .map(|s| {
            let easy = 0.5 + 0.1 * s as f64;
            vec![
                vec![easy, easy],
                vec![easy + 0.04, easy + 0.02],
                vec![easy - 0.1, easy - 0.2],
            ]
        })
        .collect()
}

#[test]
fn methods_are_ranked_over_comparable_streams() {
    let suite = suite_of_values(&streams(3), 100);
    let across = across(&suite, &compared(&suite)).unwrap();
    assert_eq!(across.metric, Metric::AVERAGE_ACCURACY);
    assert_eq!(
        (across.streams.as_slice(), across.methods.as_slice()),
        (&[0, 1, 2][..], &[0, 1, 2][..])
    );
    assert!(across.left_out.is_empty());
    let test = across.test.unwrap();
    assert_eq!(test.ranks, [2.0, 1.0, 3.0]);
    // Three methods in the same order on three streams: the statistic is 12/(3·3·4)·(36 + 9 + 81) − 3·3·4 = 6.
    assert!((test.statistic - 6.0).abs() < 1e-12);
}

#[test]
fn a_method_without_a_result_somewhere_is_left_out() {
    let mut values = streams(4);
    values[2][1].clear();
    let suite = suite_of_values(&values, 100);
    let across = across(&suite, &compared(&suite)).unwrap();
    assert_eq!((across.methods, across.left_out), (vec![0, 2], vec![1]));
}

#[test]
fn few_streams_or_methods_are_not_ranked() {
    let none = |values: &[Vec<Vec<f64>>]| {
        let suite = suite_of_values(values, 100);
        across(&suite, &compared(&suite)).is_none()
    };
    assert!(none(&streams(2)), "two streams");
    let mut alone = streams(3);
    alone.iter_mut().for_each(|methods| methods.truncate(1));
    assert!(none(&alone), "one method");
    let many: Vec<Vec<Vec<f64>>> = (0..3)
        .map(|s| (0..11).map(|m| vec![0.1 + 0.05 * f64::from(m + s)]).collect())
        .collect();
    let suite = suite_of_values(&many, 100);
    let across = across(&suite, &compared(&suite)).unwrap();
    assert_eq!(
        (across.methods.len(), across.test),
        (11, None),
        "too many methods"
    );
}
