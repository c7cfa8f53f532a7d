//! The common ground of tests of mechanisms: a network that grows under them, a run through a stream, and what is in its slots.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test's own setting: a wrong step has to fail it"
)]

use crate::setting::learner;
use dentate_continual::{Budget, Gradient, MechanismSpec};
use dentate_core::{Activation, Learner, MetricLog, Optimizer, Progress};
use dentate_growth::Composed;
use dentate_growth::parts::{Every, RandomStart};
use dentate_testkit::toy::Toy;
use std::collections::BTreeMap;

/// A network that widens every nine updates.
pub fn growing(mechanisms: Vec<Box<dyn MechanismSpec>>, optimizer: Optimizer) -> Gradient {
    Gradient {
        hidden: vec![6, 5],
        activation: Activation::Tanh,
        batch: 6,
        budget: Budget::Epochs(3),
        optimizer,
        mechanisms,
        strategy: Box::new(Composed {
            every: 9,
            max_units: 16,
            trigger: Box::new(Every { checks: 1 }),
            initializer: Box::new(RandomStart::default()),
            ..Composed::default()
        }),
        ..Gradient::default()
    }
}

/// Drive a learner through a stream; `look` sees it after every step.
pub fn drive(
    config: &Gradient,
    toy: &Toy,
    tasks: usize,
    mut look: impl FnMut(&mut dyn Learner, Progress),
) -> Box<dyn Learner> {
    let mut learner = learner(config, 4);
    let mut edits = 0;
    for index in 0..tasks {
        let (mut source, mut log) = (toy.source(index), MetricLog::default());
        learner.begin(&toy.info(index)).unwrap();
        loop {
            let progress = learner.advance(&mut source, &mut log).unwrap();
            edits += u32::from(progress == Progress::Edited);
            look(learner.as_mut(), progress);
            if progress == Progress::Finished {
                break;
            }
        }
    }
    assert!(edits > 4, "it has to grow: {edits} edits");
    learner
}

/// Entries by block, row and column.
pub type Entries = BTreeMap<(String, usize, usize), f64>;

/// The entries of a slot, by block, row and column; those of the parameters for an empty name.
pub fn entries(learner: &mut dyn Learner, slot: &str) -> Entries {
    let mut all = Entries::new();
    for (name, values) in learner.save().unwrap().arrays {
        let block = match name.split_once('/') {
            Some((of, block)) if of == slot => block,
            _ if slot.is_empty() && name.matches('/').count() == 1 => &name,
            _ => continue,
        };
        for ((i, j), value) in values.indexed_iter() {
            all.insert((block.to_string(), i, j), f64::from(*value));
        }
    }
    all
}

/// The largest difference between entries that both have.
pub fn apart(a: &Entries, b: &Entries) -> f64 {
    let pairs = a.iter().filter_map(|(at, a)| b.get(at).map(|b| (a - b).abs()));
    pairs.fold(0.0, f64::max)
}
