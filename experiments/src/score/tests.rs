use super::*;

fn record(metric: &str, experience: u32, task: u32, value: f64) -> Record {
    Record {
        metric: metric.to_owned(),
        experience,
        step: 0,
        task: Some(task),
        item: None,
        value,
    }
}

#[test]
fn scores_are_those_worked_out_by_hand() {
    let matrix = [[0.9, 0.1], [0.5, 0.7]];
    let of = |name: &'static str| {
        let each = (0..2).flat_map(move |i| (0..2).map(move |j| (i, j)));
        each.map(move |(i, j)| record(name, i, j, matrix[i as usize][j as usize]))
            .collect::<Vec<_>>()
    };
    let classes = of(metric::ACCURACY);
    let near = |found: Option<f64>, value: f64| assert!((found.unwrap() - value).abs() < 1e-12, "{found:?}");
    near(By::AverageAccuracy.of(&classes), 0.6);
    near(By::AverageAnytimeAccuracy.of(&classes), (0.9 + 0.6) / 2.0);
    near(By::LearningAccuracy.of(&classes), 0.8);
    assert_eq!(By::SquaredError.of(&classes), None);
    let values = of(metric::SQUARED_ERROR);
    near(By::SquaredError.of(&values), 0.6);
    near(By::LearningError.of(&values), 0.8);
    near(By::QuantizationError.of(&of(metric::QUANTIZATION_ERROR)), 0.6);
    assert_eq!(By::own(&classes), Some(By::AverageAccuracy));
    assert_eq!(By::own(&values), Some(By::SquaredError));
    assert_eq!(By::own(&[record(metric::LOSS, 0, 0, 1.0)]), None);
    assert_eq!(
        By::SquaredError.of(&[record(metric::SQUARED_ERROR, 0, 0, f64::NAN)]),
        None
    );
}

#[test]
fn names_are_those_of_toml_and_of_the_report() {
    for by in By::ALL {
        assert_eq!(serde_json::to_value(by).unwrap(), by.name());
        assert_eq!(By::named(by.name()), Some(by));
        assert!(
            dentate_core::metrics::Metric::all().any(|metric| metric.name() == by.name()),
            "{by:?}"
        );
    }
}
