//! Nearest mean of exemplars: its predictions against distances by hand, which change nothing.

use super::{drive, growing};
use crate::setting::learner;
use dentate_continual::{Budget, Gradient, NearestMeanOfExemplars};
use dentate_core::{Access, Learner, MetricLog, Optimizer, Predictions, Progress, Scenario, TaskId};
use dentate_testkit::toy::{PER_CLASS, Toy};
use ndarray::{Array1, Axis};

/// A memory that keeps every row.
fn all() -> NearestMeanOfExemplars {
    NearestMeanOfExemplars {
        capacity: 10_000,
        ..NearestMeanOfExemplars::default()
    }
}

fn scores(learner: &mut dyn Learner, toy: &Toy, rows: &[u32], task: Option<TaskId>) -> ndarray::Array2<f32> {
    match learner.predict(&toy.data, rows, task).unwrap() {
        Predictions::Scores(scores) => scores,
        other => panic!("scores are expected, not {other:?}"),
    }
}

/// Every row is kept, so the means are those of the classes, whatever the buffer; the network grows under them.
#[test]
fn answers_are_distances_to_class_means() {
    let toy = Toy::new(Scenario::ClassIncremental, 3);
    let config = growing(vec![Box::new(all())], Optimizer::adam(0.01));
    let mut learner = drive(&config, &toy, 3, |_, _| {});
    let rows: Vec<u32> = (0..toy.data.len() as u32).collect();
    let found = scores(learner.as_mut(), &toy, &rows, None);
    let examined = learner.examine(&toy.data, &rows).unwrap();
    let unit = |row: Array1<f64>| {
        let length = row.dot(&row).sqrt();
        row / length
    };
    let last = examined.last().unwrap().outputs.mapv(f64::from);
    let features: Vec<Array1<f64>> = last.axis_iter(Axis(0)).map(|row| unit(row.to_owned())).collect();
    let means: Vec<Array1<f64>> = (0..6)
        .map(|class| {
            let of = features.iter().skip(class * PER_CLASS).take(PER_CLASS);
            unit(of.fold(Array1::zeros(last.ncols()), |sum, row| sum + row))
        })
        .collect();
    for (row, found) in features.iter().zip(found.outer_iter()) {
        for (mean, found) in means.iter().zip(found) {
            let off = row - mean;
            assert!((f64::from(*found) + off.dot(&off).sqrt()).abs() < 1e-5);
        }
    }
}

/// Predictions after every step change no bit of the learner, and neither does saving and loading.
#[test]
fn asking_changes_nothing() {
    let toy = Toy::new(Scenario::TaskIncremental, 2);
    let config = growing(vec![Box::new(all())], Optimizer::adam(0.01));
    let rows: Vec<u32> = (0..20).collect();
    let quiet = drive(&config, &toy, 2, |_, _| {}).save().unwrap();
    let mut asked = drive(&config, &toy, 2, |learner, progress| {
        if progress == Progress::Updated {
            scores(learner, &toy, &rows, Some(TaskId(0)));
        }
    });
    assert_eq!(asked.save().unwrap(), quiet);
    let mut again = learner(&config, 4);
    again.attach_data(&toy.data).unwrap();
    again.load(&quiet).unwrap();
    let task = Some(TaskId(1));
    let rows: Vec<u32> = (60..80).collect();
    assert_eq!(
        scores(again.as_mut(), &toy, &rows, task),
        scores(asked.as_mut(), &toy, &rows, task)
    );
}

/// Without replay the weights are those without the mechanism; classes without stored rows are never predicted.
#[test]
fn without_replay_it_only_answers() {
    let mut toy = Toy::new(Scenario::ClassIncremental, 2);
    toy.access = Access::Once;
    let answering = NearestMeanOfExemplars {
        replay: false,
        ..all()
    };
    let run = |mechanisms| {
        let config = Gradient {
            mechanisms,
            budget: Budget::Epochs(1),
            ..growing(Vec::new(), Optimizer::adam(0.01))
        };
        let mut learner = learner(&config, 4);
        let (mut source, mut log) = (toy.source(0), MetricLog::default());
        learner.begin(&toy.info(0)).unwrap();
        while learner.advance(&mut source, &mut log).unwrap() != Progress::Finished {}
        learner
    };
    let (mut with, mut without) = (run(vec![Box::new(answering)]), run(Vec::new()));
    let (a, b) = (with.network().unwrap(), without.network().unwrap());
    assert_eq!(a.parameters(), b.parameters());
    let rows: Vec<u32> = (0..60).collect();
    assert_ne!(
        scores(with.as_mut(), &toy, &rows, None),
        scores(without.as_mut(), &toy, &rows, None)
    );
}
