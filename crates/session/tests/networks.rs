//! Saved networks: reading gives what was written, two other readers compute the same outputs as the learner, and bytes that were damaged
//! are refused in a sentence.

#![allow(clippy::unwrap_used, reason = "a wrong step has to fail the test")]

#[path = "networks/damage.rs"]
mod damage;
#[path = "networks/readers.rs"]
mod readers;
#[path = "networks/starting.rs"]
mod starting;

use dentate_continual::{Budget, ConvLayer, Gradient, Pooling};
use dentate_core::record::metric;
use dentate_core::{
    Dataset, GrowingNetwork, LayerId, Network, Normalisation, Predictions, Route, Rows, Scenario, Seed,
    TaskId,
};
use dentate_growth::ProgressiveColumns;
use dentate_session::network::{GRAPH, TENSORS};
use dentate_session::{Evaluation, Experiment, NetworkFiles, Session, Step};
use dentate_streams::Split;
use dentate_streams::data::Digits;
use dentate_testkit::Native;
use dentate_testkit::generators::{Rowset, Shape, Temper, intents, plan, shapes};
use ndarray::Array2;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use readers::Reading;
use std::path::Path;

fn split(scenario: Scenario) -> Split {
    let digits = Digits {
        train: 200,
        test: 100,
        ..Digits::default()
    };
    Split {
        data: Box::new(digits),
        scenario,
        classes: Some(vec![vec![0, 1], vec![2, 3], vec![4, 5]]),
        classes_per_task: 2,
        shuffle_classes: false,
        online: false,
        validation: 0.0,
        rows_per_task: None,
        transition: 0.0,
    }
}

fn session(learner: Gradient) -> Session {
    let evaluation = Evaluation {
        points: 0,
        ..Evaluation::default()
    };
    let stream = split(Scenario::TaskIncremental);
    let mut session = Experiment::new(stream, learner)
        .evaluation(evaluation)
        .session()
        .unwrap();
    while session.step().unwrap() != Step::Finished {}
    session
}

fn perceptron() -> Gradient {
    Gradient {
        hidden: vec![12, 8],
        batch: 20,
        ..Gradient::default()
    }
}

fn columns() -> Gradient {
    Gradient {
        strategy: Box::new(ProgressiveColumns::default()),
        ..perceptron()
    }
}

fn convnet() -> Gradient {
    let maps = |width, pool| ConvLayer {
        channels: Some(width),
        kernel: 3,
        stride: 1,
        padding: None,
        depthwise: false,
        groups: 1,
        activation: None,
        normalisation: Some(Normalisation::BatchNorm),
        pool,
        dropout: 0.2,
        residual: false,
    };
    Gradient {
        conv: vec![maps(4, Pooling::Max(2)), maps(6, Pooling::Average(2))],
        hidden: vec![10],
        ..perceptron()
    }
}

/// The rows of a data set as numbers.
fn inputs(data: &Dataset, rows: &[u32]) -> Array2<f32> {
    let mut all = Array2::zeros((rows.len(), data.features()));
    for (row, mut values) in rows.iter().zip(all.rows_mut()) {
        data.read(*row, values.as_slice_mut().unwrap()).unwrap();
    }
    all
}

/// The outputs of a reader for the network in `folder` equal those of the network, to 1e-5 of the largest.
fn same(reading: Reading, folder: &Path, inputs: &Array2<f32>, heads: &[(LayerId, Array2<f32>)]) {
    let Some(found) = reading(folder, inputs, heads) else {
        return;
    };
    for ((layer, wanted), found) in heads.iter().zip(found) {
        let largest = wanted.iter().fold(0.0f32, |a, b| a.max(b.abs()));
        assert!(largest.is_finite() && wanted.dim() == found.dim(), "{layer}");
        for (w, f) in wanted.iter().zip(&found) {
            let apart = (f64::from(*w) - f).abs();
            assert!(
                apart <= 1e-5 * f64::from(largest),
                "{layer}: {f} for {w}, of {largest}"
            );
        }
    }
}

/// A trained learner's heads on its test rows, against both readers.
fn trained(learner: Gradient) {
    let mut session = session(learner);
    let network = session.network().unwrap();
    let folder = tempfile::tempdir().unwrap();
    network.save(folder.path()).unwrap();
    assert_eq!(Network::load(folder.path()).unwrap(), network);
    let experiences = session.stream().experiences.clone();
    for experience in &experiences {
        let (part, task) = (&experience.test, experience.info.tasks[0].id);
        let rows: Vec<u32> = part.rows.to_vec().into_iter().take(6).collect();
        let predicted = session
            .learner_mut()
            .predict(&part.data, &rows, Some(task))
            .unwrap();
        let Predictions::Scores(scores) = predicted else {
            panic!("no scores")
        };
        let head = network
            .graph()
            .heads()
            .find(|(_, h)| h.task == Some(task))
            .unwrap();
        let classes = &head.1.classes;
        let wanted = Array2::from_shape_fn((rows.len(), classes.len()), |(i, j)| {
            scores[(i, classes[j] as usize)]
        });
        let inputs = inputs(&part.data, &rows);
        for reading in readers::ALL {
            same(reading, folder.path(), &inputs, &[(head.0.id, wanted.clone())]);
        }
    }
}

#[test]
fn a_perceptron_is_read_by_others() {
    trained(perceptron());
}

#[test]
fn columns_with_adapters_are_read_by_others() {
    trained(columns());
}

#[test]
fn a_convnet_with_batch_norm_and_pooling_is_read_by_others() {
    trained(convnet());
}

/// A network that has grown by 200 random plans.
fn grown(runner: &mut TestRunner, space: bool) -> (GrowingNetwork, usize) {
    let fits = |shape: &Shape| shape.space.is_some() == space;
    let shape = shapes()
        .prop_filter("the kind", fits)
        .new_tree(runner)
        .unwrap()
        .current();
    let mut network = GrowingNetwork::new(Box::new(Native::new()));
    network.apply(&shape.plan()).unwrap();
    for n in 0..200 {
        network.enter(n);
        let wanted = intents(2).new_tree(runner).unwrap().current();
        let plan = plan(network.graph(), &wanted, Seed(n as u64));
        network.apply(&plan).unwrap();
    }
    (network, shape.features)
}

#[test]
fn networks_after_two_hundred_random_growths_are_read_by_others() {
    let mut runner = TestRunner::deterministic();
    for space in [false, true] {
        let (mut network, features) = grown(&mut runner, space);
        let rowset = Rowset {
            temper: Temper::Plain,
            rows: 5,
            seed: 3,
        };
        let data = rowset.values(1, features, 1);
        network.attach(&data).unwrap();
        let heads: Vec<LayerId> = network.graph().heads().map(|(l, _)| l.id).collect();
        let rows: Vec<u32> = (0..5).collect();
        let batch = Rows::of(data.id(), TaskId(0), rows.clone());
        let outputs = network.forward(&batch, &Route::default(), &heads).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let taken = network.network().unwrap();
        taken.save(folder.path()).unwrap();
        assert_eq!(Network::load(folder.path()).unwrap(), taken);
        let wanted: Vec<(LayerId, Array2<f32>)> = heads.into_iter().zip(outputs).collect();
        for reading in readers::ALL {
            same(reading, folder.path(), &inputs(&data, &rows), &wanted);
        }
    }
}

/// The last accuracies of a run are those of its network read by others, to the last test row.
#[test]
fn the_network_of_a_run_has_its_accuracy_to_the_last_row() {
    let learner = Gradient {
        budget: Budget::Epochs(3),
        ..perceptron()
    };
    let mut session = session(learner);
    let folder = tempfile::tempdir().unwrap();
    session.network().unwrap().save(folder.path()).unwrap();
    let records = session.take_records();
    let experiences = &session.stream().experiences;
    let last = experiences.len() as u32 - 1;
    let network = Network::load(folder.path()).unwrap();
    for (task, experience) in experiences.iter().enumerate() {
        let accuracy = records
            .iter()
            .find(|r| r.metric == metric::ACCURACY && r.experience == last && r.task == Some(task as u32));
        let part = &experience.test;
        let rows = part.rows.to_vec();
        let head = network
            .graph()
            .heads()
            .find(|(_, h)| h.task == Some(TaskId(task as u32)))
            .unwrap();
        let shape = Array2::zeros((rows.len(), head.0.width()));
        for reading in readers::ALL {
            let Some(found) = reading(
                folder.path(),
                &inputs(&part.data, &rows),
                &[(head.0.id, shape.clone())],
            ) else {
                continue;
            };
            let right = rows.iter().zip(found[0].rows()).filter(|(row, scores)| {
                let best = (0..scores.len()).fold(0, |b, i| if scores[i] > scores[b] { i } else { b });
                part.data.label(**row) == Some(head.1.classes[best])
            });
            let share = right.count() as f64 / rows.len() as f64;
            assert!(
                (share - accuracy.unwrap().value).abs() < 1e-9,
                "task {task}: {share}"
            );
        }
    }
}

/// A learner that keeps no network says so, and one that has not begun too.
#[test]
fn without_a_network_there_is_none_to_write() {
    let mut session = Experiment::new(split(Scenario::TaskIncremental), perceptron())
        .session()
        .unwrap();
    let said = session.network().unwrap_err().to_string();
    assert_eq!(
        said,
        "its network cannot be taken out: the network has no input layer"
    );
    let folder = tempfile::tempdir().unwrap();
    let said = Network::load(folder.path()).unwrap_err().to_string();
    assert!(
        said.starts_with("failed to open ") && said.contains(GRAPH),
        "{said}"
    );
    assert!(!folder.path().join(TENSORS).exists());
}
