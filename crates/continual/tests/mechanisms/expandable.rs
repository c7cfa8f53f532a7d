//! Dynamically expandable networks, driven through tasks.

use super::{Entries, entries};
use crate::setting::{learner, probe};
use dentate_continual::{Budget, ConvLayer, DynamicallyExpandableNetwork, Gradient, PackNet};
use dentate_core::{
    Access, Activation, Cause, Event, ExperienceFacts, Learner, LearnerRecipe, MetricLog, Normalisation,
    Optimizer, Origin, Predictions, Progress, Scenario, StreamFacts, TargetKind, TaskId,
};
use dentate_growth::{DynamicNodeCreation, Net2Net, Redo};
use dentate_testkit::toy::{FEATURES, Toy};

const TASKS: usize = 4;

/// It always expands by 3 units, and splits all that have changed.
fn expandable() -> DynamicallyExpandableNetwork {
    DynamicallyExpandableNetwork {
        select_after: 5,
        l1: 0.02,
        pull: 0.01,
        loss_threshold: 0.0,
        units: 3,
        group: 0.01,
        drift_threshold: 0.0,
        passes: 3,
        ..DynamicallyExpandableNetwork::default()
    }
}

/// A network of 5, 6 and 5 units, and two for each task.
fn config(mechanism: DynamicallyExpandableNetwork) -> Gradient {
    Gradient {
        hidden: vec![6, 5],
        activation: Activation::Tanh,
        batch: 6,
        budget: Budget::Epochs(3),
        optimizer: Optimizer::adam(0.02),
        mechanisms: vec![Box::new(mechanism)],
        ..Gradient::default()
    }
}

/// Learns all tasks; `look` sees the network after each, with its number.
fn drive(config: &Gradient, mut look: impl FnMut(&mut dyn Learner, &Toy, u32)) -> Box<dyn Learner> {
    let toy = Toy::new(Scenario::TaskIncremental, TASKS);
    let mut learner = learner(config, 6);
    for task in 0..TASKS {
        let (mut source, mut log) = (toy.source(task), MetricLog::default());
        learner.begin(&toy.info(task)).unwrap();
        while learner.advance(&mut source, &mut log).unwrap() != Progress::Finished {}
        look(learner.as_mut(), &toy, task as u32);
    }
    learner
}

/// The causes of all plans but those of the framework.
fn causes(learner: &dyn Learner) -> Vec<String> {
    let events = learner.architecture().journal().events.iter();
    let own = events.filter_map(|event| match event {
        Event::Applied { plan, .. } => match &plan.cause {
            Cause::Own(word) => Some(word.clone()),
            _ => None,
        },
        _ => None,
    });
    own.collect()
}

/// No bit of what a task used moves later where every unit that changes is split, and its answers are the same but for the order in which a backend
/// adds; and the network has learned.
#[test]
fn what_earlier_tasks_use_keeps_every_bit() {
    let (mut answers, mut kept): (Vec<Vec<u32>>, Vec<Entries>) = (Vec::new(), Vec::new());
    let mut grown = drive(&config(expandable()), |learner, toy, task| {
        answers.push(probe(learner, toy, Some(TaskId(task))));
        let weights = entries(learner, "");
        for (earlier, (answer, kept)) in answers.iter().zip(&kept).enumerate() {
            for (at, value) in kept {
                assert_eq!(
                    weights[at].to_bits(),
                    value.to_bits(),
                    "{at:?} of task {earlier} after {task}"
                );
            }
            let found = probe(learner, toy, Some(TaskId(earlier as u32)));
            for (found, answer) in found.iter().zip(answer) {
                let (found, answer) = (f32::from_bits(*found), f32::from_bits(*answer));
                assert!(
                    found == answer || (found - answer).abs() < 1e-5,
                    "{found}, not {answer}, for task {earlier} after {task}"
                );
            }
        }
        kept.push(weights);
    });
    let causes = causes(grown.as_ref());
    for cause in ["expand", "split"] {
        let times = causes.iter().filter(|c| *c == cause).count();
        assert_eq!(times, TASKS - 1, "{cause}: {causes:?}");
    }
    let graph = grown.architecture().graph().clone();
    let copies = graph.hidden().flat_map(|layer| &layer.units);
    let copies = copies
        .filter(|unit| matches!(unit.origin, Origin::SplitFrom(_)))
        .count();
    assert!(copies > 10, "{copies} copies");
    let toy = Toy::new(Scenario::TaskIncremental, TASKS);
    for task in 0..TASKS as u32 {
        let rows: Vec<u32> = (60 * task..60 * task + 60).collect();
        let scores = grown.predict(&toy.data, &rows, Some(TaskId(task))).unwrap();
        let Predictions::Scores(scores) = scores else {
            panic!("scores are expected, not {scores:?}");
        };
        let best = rows
            .iter()
            .zip(scores.rows())
            .filter(|(row, scores)| Predictions::best(scores.view()) == toy.data.label(**row));
        let right = best.count();
        assert!(right > 54, "{right} of 60 of task {task}");
    }
}

/// Without splits the answers stay too if only new units are trained beside the head: those for earlier tasks do not use them.
#[test]
fn new_units_are_hidden_from_earlier_tasks() {
    let mechanism = DynamicallyExpandableNetwork {
        select_after: u64::MAX,
        drift_threshold: 1e9,
        ..expandable()
    };
    let mut answers: Vec<Vec<u32>> = Vec::new();
    let grown = drive(&config(mechanism), |learner, toy, task| {
        answers.push(probe(learner, toy, Some(TaskId(task))));
        for (earlier, answer) in answers.iter().enumerate() {
            let found = probe(learner, toy, Some(TaskId(earlier as u32)));
            assert!(found == *answer, "task {earlier} after {task}");
        }
    });
    assert_eq!(causes(grown.as_ref()), ["expand"; TASKS - 1]);
    let widths: Vec<usize> = grown
        .architecture()
        .graph()
        .hidden()
        .map(|layer| layer.width())
        .collect();
    assert_eq!(widths, [6 + 9, 5 + 9]);
}

/// The answers for a task are those of the units that existed when it was over, worked out one by one.
#[test]
fn a_task_is_answered_by_the_units_of_its_time() {
    let mut learner = drive(
        &config(DynamicallyExpandableNetwork {
            drift_threshold: 0.3,
            ..expandable()
        }),
        |_, _, _| {},
    );
    let graph = learner.architecture().graph().clone();
    let weights = entries(learner.as_mut(), "");
    let toy = Toy::new(Scenario::TaskIncremental, TASKS);
    let hidden: Vec<_> = graph.hidden().collect();
    for task in 0..TASKS {
        let layer = |input: &[f64], width: usize, connection: usize, layer: usize| -> Vec<f64> {
            let sum = |unit: usize| {
                let weighted = input.iter().enumerate();
                let sum: f64 = weighted
                    .map(|(j, x)| x * weights[&(format!("connection-{connection}/weight"), unit, j)])
                    .sum();
                sum + weights[&(format!("layer-{layer}/bias"), 0, unit)]
            };
            (0..width).map(sum).collect()
        };
        let seen = |values: Vec<f64>, of: usize| -> Vec<f64> {
            let units = hidden[of].units.iter();
            let of_its_time = units.map(|unit| unit.born.experience as usize <= task);
            let pairs = values.into_iter().zip(of_its_time);
            pairs
                .map(|(value, seen)| if seen { value.tanh() } else { 0.0 })
                .collect()
        };
        let rows: Vec<u32> = (0..toy.data.len() as u32).step_by(7).collect();
        let scores = learner
            .predict(&toy.data, &rows, Some(TaskId(task as u32)))
            .unwrap();
        let Predictions::Scores(scores) = scores else {
            panic!("scores are expected, not {scores:?}");
        };
        for (row, scores) in rows.iter().zip(scores.rows()) {
            let mut x = [0.0; FEATURES];
            toy.data.read(*row, &mut x).unwrap();
            let first = seen(layer(&x.map(f64::from), hidden[0].width(), 0, 1), 0);
            let second = seen(layer(&first, hidden[1].width(), 1, 2), 1);
            let wanted = layer(&second, 2, 2 + task, 3 + task);
            for (class, wanted) in wanted.iter().enumerate() {
                let found = f64::from(scores[2 * task + class]);
                assert!((found - wanted).abs() < 1e-4, "{found} instead of {wanted}");
            }
        }
    }
}

/// New units that the group lasso leaves nothing of are removed, all of them if it is strong; without it none is.
#[test]
fn unused_new_units_are_removed() {
    let widths = |group: f32| {
        let mechanism = DynamicallyExpandableNetwork {
            group,
            l1: 0.0,
            drift_threshold: 1e9,
            ..expandable()
        };
        let grown = drive(&config(mechanism), |_, _, _| {});
        let removed = causes(grown.as_ref())
            .iter()
            .filter(|c| *c == "remove-unused")
            .count();
        let widths: Vec<usize> = grown.architecture().graph().hidden().map(|l| l.width()).collect();
        (widths, removed)
    };
    assert_eq!(widths(1000.0), (vec![6, 5], TASKS - 1));
    assert_eq!(widths(0.0), (vec![15, 14], 0));
}

/// A task that is learned well enough adds no units, and one that changes little splits none.
#[test]
fn nothing_is_added_without_need() {
    let mechanism = DynamicallyExpandableNetwork {
        loss_threshold: 100.0,
        drift_threshold: 100.0,
        ..expandable()
    };
    let grown = drive(&config(mechanism), |_, _, _| {});
    assert!(causes(grown.as_ref()).is_empty());
    // Splits alone add as many units as there is room for.
    let mechanism = DynamicallyExpandableNetwork {
        loss_threshold: 100.0,
        max_units: 8,
        ..expandable()
    };
    let grown = drive(&config(mechanism), |_, _, _| {});
    let widths: Vec<usize> = grown
        .architecture()
        .graph()
        .hidden()
        .map(|layer| layer.width())
        .collect();
    assert_eq!(widths, [8, 8]);
}

/// In the first updates of a later task the head alone moves; then the subnetwork does, and never the head of another task.
#[test]
fn the_head_is_trained_before_the_subnetwork() {
    let toy = Toy::new(Scenario::TaskIncremental, 2);
    let config = config(DynamicallyExpandableNetwork {
        loss_threshold: 100.0,
        drift_threshold: 100.0,
        ..expandable()
    });
    let mut learner = learner(&config, 6);
    for task in 0..2 {
        let (mut source, mut log) = (toy.source(task), MetricLog::default());
        learner.begin(&toy.info(task)).unwrap();
        let (mut before, mut updates, mut moved) = (entries(learner.as_mut(), ""), 0, 0);
        loop {
            let progress = learner.advance(&mut source, &mut log).unwrap();
            let after = entries(learner.as_mut(), "");
            updates += u32::from(progress == Progress::Updated);
            for (at, value) in after
                .iter()
                .filter(|(at, v)| before.get(at).is_some_and(|b| b != *v))
            {
                let own_head = at.0 == "connection-3/weight" || at.0 == "layer-4/bias";
                let other_head = at.0 == "connection-2/weight" || at.0 == "layer-3/bias";
                if task == 1 && updates <= 5 {
                    assert!(own_head, "{at:?} becomes {value} in update {updates}");
                }
                assert!(
                    task == 0 || !other_head,
                    "{at:?} becomes {value} in update {updates}"
                );
                moved += u32::from(!own_head && !other_head);
            }
            if progress == Progress::Finished {
                break;
            }
            before = after;
        }
        assert!(
            moved > 100,
            "{moved} entries of the hidden layers moved in task {task}"
        );
    }
}

/// Streams and networks that cannot work are refused before a run, in a sentence.
#[test]
fn what_cannot_work_is_refused() {
    let experience = |task| ExperienceFacts::of(task, vec![2 * task, 2 * task + 1], [Some(60), Some(4)]);
    let stream = StreamFacts {
        scenario: Scenario::TaskIncremental,
        access: Access::Revisitable,
        target: TargetKind::Classes,
        shape: Some(vec![1, 4, 4]),
        experiences: (0..2).map(experience).collect(),
    };
    let said = |config: &Gradient, stream: &StreamFacts| {
        let checked = config.check().map_err(|e| e.to_string());
        checked
            .and_then(|()| config.suits(stream).map_err(|e| e.to_string()))
            .err()
            .unwrap_or_default()
    };
    let plain = || config(expandable());
    assert_eq!(said(&plain(), &stream), "");
    assert!(plain().grows());
    let with = |change: &dyn Fn(&mut Gradient)| {
        let mut config = plain();
        change(&mut config);
        said(&config, &stream)
    };
    let classes = StreamFacts {
        scenario: Scenario::ClassIncremental,
        ..stream.clone()
    };
    let once = StreamFacts {
        access: Access::Once,
        ..stream.clone()
    };
    let mut single = plain();
    single.budget = Budget::Epochs(1);
    for (found, wanted) in [
        (said(&plain(), &classes), "use a task-incremental stream"),
        (said(&single, &once), "this stream is single-pass"),
        (
            with(&|c| c.normalisation = Normalisation::LayerNorm),
            "`hidden-1` is normalised",
        ),
        (
            with(&|c| c.normalisation = Normalisation::BatchNorm),
            "`hidden-1` is normalised",
        ),
        (
            with(&|c| c.conv = vec![toml::from_str::<ConvLayer>("channels = 4").unwrap()]),
            "is a convolution",
        ),
        (with(&|c| c.hidden.clear()), "no hidden layer"),
        (
            with(&|c| c.mechanisms.push(Box::<PackNet>::default())),
            "one with at most one such mechanism",
        ),
        (
            with(&|c| c.strategy = Box::<Redo>::default()),
            "it replaces units",
        ),
        (
            with(&|c| c.strategy = Box::<Net2Net>::default()),
            "it splits units",
        ),
    ] {
        assert!(found.contains(wanted), "{found:?} does not say {wanted:?}");
    }
    let widening = with(&|c| {
        c.strategy = Box::<DynamicNodeCreation>::default();
        c.budget = Budget::Updates(3000);
    });
    assert_eq!(widening, "");
}
