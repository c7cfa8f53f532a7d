//! Learners whose hidden layers have batch norm: what moves running statistics, and batches that have no variance.

use crate::setting::{Toy, learner};
use dentate_continual::{Budget, Gradient, SynapticIntelligence};
use dentate_core::{Activation, LearnError, Learner, Ledger, Normalisation, Optimizer, Progress, Scenario};

fn normed() -> Gradient {
    Gradient {
        hidden: vec![6, 5],
        activation: Activation::Tanh,
        normalisation: Normalisation::BatchNorm,
        batch: 7,
        budget: Budget::Epochs(2),
        optimizer: Optimizer::sgd(0.05),
        ..Gradient::default()
    }
}

/// Learn from the first so many rows of an experience; the updates that were made.
fn learn(learner: &mut dyn Learner, toy: &Toy, index: usize, rows: usize) -> Result<usize, LearnError> {
    let (mut source, mut ledger) = (toy.source(index).first(rows), Ledger::default());
    learner.begin(&toy.info(index)).unwrap();
    let mut updates = 0;
    loop {
        match learner.advance(&mut source, &mut ledger)? {
            Progress::Updated => updates += 1,
            Progress::Finished => return Ok(updates),
            _ => {}
        }
    }
}

#[test]
fn a_look_before_each_update_moves_no_statistics() {
    let held = Gradient {
        regulariser: Some(Box::new(SynapticIntelligence {
            strength: 0.0,
            ..SynapticIntelligence::default()
        })),
        ..normed()
    };
    let toy = Toy::new(Scenario::TaskIncremental, 3);
    let (mut held, mut plain) = (learner(&held, 4), learner(&normed(), 4));
    for index in 0..3 {
        for learner in [&mut held, &mut plain] {
            assert_eq!(learn(learner.as_mut(), &toy, index, 60).unwrap(), 18);
        }
        let (held, plain) = (held.save().unwrap().arrays, plain.save().unwrap().arrays);
        // Weights as well: a strength of 0 pulls nowhere.
        for (name, wanted) in &plain {
            assert_eq!(&held[name], wanted, "{name} after experience {index}");
        }
        let moved = |(name, mean): &(&String, &ndarray::Array2<f32>)| {
            name.ends_with("/mean") && mean.iter().all(|m| *m != 0.0)
        };
        assert_eq!(plain.iter().filter(moved).count(), 2);
    }
}
