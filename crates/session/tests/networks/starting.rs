//! Networks that learners start from.

use super::{perceptron, session, split};
use dentate_continual::Gradient;
use dentate_core::record::{Record, metric};
use dentate_core::{GrowingNetwork, Network, Scenario};
use dentate_session::{Experiment, NetworkFiles, SavedSession, Session, Step};
use dentate_streams::Split;
use dentate_testkit::Native;
use dentate_testkit::generators::shapes;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

/// A learner's configuration that starts from the network in a folder.
fn from(folder: &std::path::Path) -> Gradient {
    Gradient {
        start: Some(folder.to_str().unwrap().into()),
        ..perceptron()
    }
}

fn values(records: &[Record], metric: &str, experience: u32) -> Vec<f64> {
    let own = records
        .iter()
        .filter(|r| r.metric == metric && r.experience == experience);
    own.map(|r| r.value).collect()
}

fn rest(mut session: Session) -> Vec<Record> {
    while session.step().unwrap() != Step::Finished {}
    session.take_records()
}

/// Before its first update, what starts from a trained network is as good as that was at its end, on every task.
#[test]
fn what_starts_from_a_network_begins_where_that_ended() {
    let mut first = session(perceptron());
    let folder = tempfile::tempdir().unwrap();
    let network = first.network().unwrap();
    network.save(folder.path()).unwrap();
    let ended = values(&first.take_records(), metric::ACCURACY, 2);
    assert_eq!(ended.len(), 3);
    let experiment = || Experiment::new(split(Scenario::TaskIncremental), from(folder.path()));
    let whole = rest(experiment().session().unwrap());
    assert_eq!(values(&whole, metric::UNTRAINED, 0), ended);
    // Given as a value it is the same, and it is what its units were, born anew.
    let given = Experiment::new(split(Scenario::TaskIncremental), perceptron()).start(network.clone());
    assert_eq!(rest(given.session().unwrap()), whole);
    let mut again = experiment().session().unwrap();
    while again.step().unwrap() != (Step::Evaluated { whole: true }) {}
    let taken = again.network().unwrap();
    assert_eq!(taken.parameters(), network.parameters());
    let journal = again.learner().architecture().journal();
    assert_eq!(&journal.replay(usize::MAX).unwrap(), taken.graph());
    // Saved on the way, and before its first step, it goes on to the same end.
    for steps in [0, 1, 30] {
        let mut session = experiment().session().unwrap();
        for _ in 0..steps {
            session.step().unwrap();
        }
        let bytes = session.save().unwrap().to_bytes().unwrap();
        let saved = SavedSession::from_bytes(&bytes).unwrap();
        assert_eq!(rest(experiment().resume(saved).unwrap()), whole);
    }
}

/// Why a session of this experiment fails.
fn refusal(experiment: Experiment) -> String {
    experiment.run().err().unwrap().to_string()
}

#[test]
fn a_network_that_does_not_fit_is_refused_in_a_sentence() {
    let network = session(perceptron()).network().unwrap();
    let start = |stream: Split| refusal(Experiment::new(stream, perceptron()).start(network.clone()));
    let stream = Split {
        classes: Some(vec![vec![0, 2], vec![1, 3]]),
        ..split(Scenario::TaskIncremental)
    };
    let said = start(stream);
    let part = "`head of task 1` stands for the classes [0, 1], and this task has [0, 2]";
    assert!(said.contains(part), "{said}");
    let said = start(split(Scenario::ClassIncremental));
    assert!(
        said.contains("this stream does not say which task a row is of"),
        "{said}"
    );
    // Of another width.
    let shape = shapes()
        .new_tree(&mut TestRunner::deterministic())
        .unwrap()
        .current();
    let mut other = GrowingNetwork::new(Box::new(Native::new()));
    other.apply(&shape.plan()).unwrap();
    let features = shape.features;
    let experiment = Experiment::new(split(Scenario::TaskIncremental), perceptron());
    let said = refusal(experiment.start(other.network().unwrap()));
    assert!(
        said.contains(&format!("it takes rows of {features} values, and these have 784")),
        "{said}"
    );
    // Not there, or not read.
    let nowhere = tempfile::tempdir().unwrap();
    let experiment = Experiment::new(split(Scenario::TaskIncremental), from(nowhere.path()));
    assert!(refusal(experiment).contains("graph.json"));
    let loaded = Network::load(nowhere.path());
    assert!(loaded.is_err());
}
