use super::*;

#[test]
fn confidence_is_the_probability_of_the_first_largest_output() {
    let (place, confidence) = surest(&[0.0, 2.0, 2.0]).unwrap();
    let wanted = 1.0 / (2.0 + (-2.0f64).exp());
    assert_eq!(place, 1);
    assert!((confidence - wanted).abs() < 1e-12, "{confidence}");
    assert_eq!(surest(&[5.0]), Some((0, 1.0)));
    assert_eq!(surest(&[]), None);
}

/// What a run records is what its rows say: a network that is sure and wrong is overconfident.
#[test]
fn a_run_records_it_once_an_experience() {
    use dentate::prelude::*;
    let stream = Split::new(Digits {
        train: 200,
        test: 50,
        ..Digits::default()
    });
    let learner = Gradient::mlp([8]).mechanism(CalibrationMeter::default());
    let outcome = Experiment::new(stream.task_incremental(), learner)
        .seed(1)
        .run()
        .unwrap();
    let values: Vec<f64> = outcome
        .records()
        .iter()
        .filter(|record| record.metric == OVERCONFIDENCE)
        .map(|record| record.value)
        .collect();
    assert_eq!(values.len(), 5);
    assert!(values.iter().all(|value| value.abs() < 0.5), "{values:?}");
}
