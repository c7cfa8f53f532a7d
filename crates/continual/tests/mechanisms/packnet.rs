//! Packed tasks, against what is counted and computed by hand.

use super::{Entries, drive, entries, growing};
use crate::setting::{learner, probe};
use dentate_continual::{Budget, Gradient, PackNet};
use dentate_core::{Activation, Learner, MetricLog, Optimizer, Predictions, Progress, Scenario, TaskId};
use dentate_testkit::toy::{FEATURES, Toy};
use std::collections::BTreeMap;

/// A task's answers keep every bit through later tasks and growth, its share of weights is the stated one, and what it owns stays put.
#[test]
fn packed_tasks_keep_every_bit() {
    let toy = Toy::new(Scenario::TaskIncremental, 3);
    let config = growing(
        vec![Box::new(PackNet {
            prune: 0.5,
            retrain: 2,
        })],
        Optimizer::adam(0.02),
    );
    let (mut finished, mut answers) = (0, Vec::new());
    let mut owned: Entries = Entries::new();
    drive(&config, &toy, 3, |learner, progress| {
        if progress != Progress::Finished {
            return;
        }
        finished += 1;
        let weights = entries(learner, "");
        let owners = entries(learner, "statistic-1");
        let first = |at: &&(String, usize, usize)| at.0 == "connection-0/weight";
        if finished == 1 {
            let all = owners.keys().filter(first).count();
            let kept = owners.iter().filter(|(at, o)| first(at) && **o == 1.0).count();
            assert!(kept.abs_diff(all / 2) <= 1, "{kept} of {all} are kept");
            owned = owners
                .iter()
                .filter(|(_, o)| **o == 1.0)
                .map(|(at, _)| (at.clone(), weights[at]))
                .collect();
        }
        for (at, owner) in &owners {
            assert!(*owner > 0.0 || weights[at] == 0.0, "what is free is 0, {at:?}");
        }
        for (at, value) in &owned {
            assert_eq!(
                weights[at].to_bits(),
                value.to_bits(),
                "{at:?} of the first task moved"
            );
        }
        answers.push(
            (0..finished)
                .map(|task| probe(learner, &toy, Some(TaskId(task))))
                .collect::<Vec<_>>(),
        );
        for earlier in &answers {
            for (task, bits) in earlier.iter().enumerate() {
                assert_eq!(
                    bits,
                    &answers[finished as usize - 1][task],
                    "task {task} after {finished}"
                );
            }
        }
    });
    let mut plain = drive(&growing(Vec::new(), Optimizer::adam(0.02)), &toy, 3, |_, _| {});
    assert_ne!(probe(plain.as_mut(), &toy, Some(TaskId(0))), answers[0][0]);
}

const TASKS: usize = 3;

/// A network of 5, 6 and 5 units, and two for each task.
fn packed(prune: f32, retrain: u64) -> Gradient {
    Gradient {
        hidden: vec![6, 5],
        activation: Activation::Tanh,
        batch: 6,
        budget: Budget::Epochs(2),
        optimizer: Optimizer::adam(0.02),
        mechanisms: vec![Box::new(PackNet { prune, retrain })],
        ..Gradient::default()
    }
}

/// Drives it through the tasks; `look` sees it before and after every step, with the task, from 0.
fn watch(
    config: &Gradient,
    toy: &Toy,
    mut look: impl FnMut(usize, &Step, &Step, Progress),
) -> Box<dyn Learner> {
    let mut learner = learner(config, 9);
    for task in 0..TASKS {
        let (mut source, mut log) = (toy.source(task), MetricLog::default());
        learner.begin(&toy.info(task)).unwrap();
        let mut before = Step::of(learner.as_mut());
        loop {
            let progress = learner.advance(&mut source, &mut log).unwrap();
            let after = Step::of(learner.as_mut());
            look(task, &before, &after, progress);
            if progress == Progress::Finished {
                break;
            }
            before = after;
        }
    }
    learner
}

/// The state between two steps.
struct Step {
    weights: Entries,
    owners: Entries,
    moments: [Entries; 2],
}

impl Step {
    fn of(learner: &mut dyn Learner) -> Self {
        Self {
            weights: entries(learner, ""),
            owners: entries(learner, "statistic-1"),
            moments: ["first-moment", "second-moment"].map(|slot| entries(learner, slot)),
        }
    }
}

/// The number of entries of each block that are free (0), belong to the first task (1), and so on.
fn shares(owners: &Entries) -> BTreeMap<String, [usize; TASKS + 1]> {
    let mut all: BTreeMap<String, [usize; TASKS + 1]> = BTreeMap::new();
    for ((block, ..), owner) in owners {
        all.entry(block.clone()).or_default()[*owner as usize] += 1;
    }
    all
}

/// Of the 30 weights of a hidden layer half, or three tenths, are freed at each task's end, rounded, and of the 10 of a head likewise;
/// the others are the task's, and they are the largest, as they were trained. Biases belong to the first task that trains them.
#[test]
fn shares_are_those_of_a_count_by_hand() {
    let toy = Toy::new(Scenario::TaskIncremental, TASKS);
    let halves = [
        ([15, 15, 0, 0], [5, 5, 0, 0], [0; 4], [0; 4]),
        ([8, 15, 7, 0], [3, 5, 2, 0], [5, 0, 5, 0], [0; 4]),
        ([4, 15, 7, 4], [2, 5, 2, 1], [3, 0, 5, 2], [5, 0, 0, 5]),
    ];
    let tenths = [
        ([9, 21, 0, 0], [3, 7, 0, 0], [0; 4], [0; 4]),
        ([3, 21, 6, 0], [1, 7, 2, 0], [3, 0, 7, 0], [0; 4]),
        ([1, 21, 6, 2], [0, 7, 2, 1], [1, 0, 7, 2], [3, 0, 0, 7]),
    ];
    for (prune, wanted) in [(0.5, halves), (0.3, tenths)] {
        let mut divided = 0;
        watch(&packed(prune, 0), &toy, |task, before, after, _| {
            let was = |at| before.owners.get(at);
            if after
                .owners
                .iter()
                .all(|(at, owner)| was(at).is_none_or(|was| was == owner))
            {
                return;
            }
            divided += 1;
            let mine = task as f64 + 1.0;
            let (hidden, first, second, third) = wanted[task];
            let found = shares(&after.owners);
            for (block, share) in &found {
                let wanted = match block.as_str() {
                    "connection-0/weight" | "connection-1/weight" => hidden,
                    "connection-2/weight" => first,
                    "connection-3/weight" => second,
                    "connection-4/weight" => third,
                    "layer-1/bias" => [0, 6, 0, 0],
                    "layer-2/bias" => [0, 5, 0, 0],
                    "layer-3/bias" => [0, 2, 0, 0],
                    "layer-4/bias" => [0, 0, 2, 0],
                    "layer-5/bias" => [0, 0, 0, 2],
                    other => panic!("{other}"),
                };
                assert_eq!(*share, wanted, "{block} after task {mine}");
            }
            assert_eq!(found.len(), 2 * (3 + task), "{:?}", found.keys());
            for (block, ..) in found.keys().map(|block| (block, ())) {
                let of = |at: &&(String, usize, usize)| at.0 == *block;
                let (mut least, mut most) = (f64::INFINITY, 0f64);
                for at in after.owners.keys().filter(of) {
                    let (trained, now) = (before.weights[at], after.weights[at]);
                    let (was, owner) = (before.owners[at], after.owners[at]);
                    if was > 0.0 {
                        assert_eq!(was, owner, "{at:?}");
                    } else if owner > 0.0 {
                        assert_eq!(owner, mine, "{at:?}");
                        least = least.min(trained.abs());
                    } else {
                        most = most.max(trained.abs());
                    }
                    let kept = if owner > 0.0 { trained } else { 0.0 };
                    assert_eq!(now.to_bits(), kept.to_bits(), "{at:?}");
                }
                assert!(least >= most, "{block}: {least} is kept and {most} is not");
            }
        });
        assert_eq!(divided, TASKS);
    }
}

/// After every step of a later task, what an earlier one owns has the bits that it had at that task's end, and its moments too,
/// while what is free moves.
#[test]
fn what_a_task_owns_never_moves_again() {
    let toy = Toy::new(Scenario::TaskIncremental, TASKS);
    let mut kept: Vec<(Entries, [Entries; 2])> = Vec::new();
    let (mut held, mut moved) = (0, 0);
    watch(&packed(0.5, 2), &toy, |task, before, after, progress| {
        for (earlier, (weights, moments)) in kept.iter().enumerate() {
            for (at, owner) in &after.owners {
                if *owner == earlier as f64 + 1.0 {
                    assert_eq!(
                        after.weights[at].to_bits(),
                        weights[at].to_bits(),
                        "{at:?} of task {earlier}"
                    );
                    for (now, then) in after.moments.iter().zip(moments) {
                        let bits = |all: &Entries| all.get(at).map(|v| v.to_bits());
                        assert_eq!(bits(now), bits(then), "a moment of {at:?} of task {earlier}");
                    }
                    held += 1;
                }
            }
        }
        let late = |at: &(String, usize, usize)| task > 0 && after.owners.get(at) == Some(&0.0);
        moved += before
            .weights
            .iter()
            .filter(|(at, v)| late(at) && after.weights[*at] != **v)
            .count();
        if progress == Progress::Finished {
            kept.push((after.weights.clone(), after.moments.clone()));
        }
    });
    assert!(held > 3000 && moved > 1000, "{held} were held, {moved} moved");
}

/// The answers for a task are those of its own weights and of those of earlier tasks, worked out one by one.
#[test]
fn a_task_is_answered_by_what_was_owned_then() {
    let toy = Toy::new(Scenario::TaskIncremental, TASKS);
    let mut learner = watch(&packed(0.5, 1), &toy, |_, _, _, _| {});
    let step = Step::of(learner.as_mut());
    let rows: Vec<u32> = (0..toy.data.len() as u32).step_by(7).collect();
    for task in 0..TASKS {
        let seen = |block: String, i: usize, j: usize| {
            let at = (block, i, j);
            let owner = step.owners[&at];
            if owner > 0.0 && owner <= task as f64 + 1.0 {
                step.weights[&at]
            } else {
                0.0
            }
        };
        let layer = |input: &[f64], width: usize, connection: usize, layer: usize| -> Vec<f64> {
            let sum = |unit: usize| {
                let weighted = input.iter().enumerate();
                let sum: f64 = weighted
                    .map(|(j, x)| x * seen(format!("connection-{connection}/weight"), unit, j))
                    .sum();
                sum + seen(format!("layer-{layer}/bias"), 0, unit)
            };
            (0..width).map(sum).collect()
        };
        let scores = learner
            .predict(&toy.data, &rows, Some(TaskId(task as u32)))
            .unwrap();
        let Predictions::Scores(scores) = scores else {
            panic!("scores are expected, not {scores:?}");
        };
        for (row, scores) in rows.iter().zip(scores.rows()) {
            let mut x = [0.0; FEATURES];
            toy.data.read(*row, &mut x).unwrap();
            let x = x.map(f64::from);
            let first: Vec<f64> = layer(&x, 6, 0, 1).into_iter().map(f64::tanh).collect();
            let second: Vec<f64> = layer(&first, 5, 1, 2).into_iter().map(f64::tanh).collect();
            let wanted = layer(&second, 2, 2 + task, 3 + task);
            for (class, wanted) in wanted.iter().enumerate() {
                let found = f64::from(scores[2 * task + class]);
                assert!((found - wanted).abs() < 1e-5, "{found} instead of {wanted}");
            }
        }
    }
}
