//! Learners whose hidden layers have batch norm: what moves running statistics, and batches that have no variance.

use crate::setting::learner;
use dentate_continual::{Budget, GDumb, Gradient, PackNet, SynapticIntelligence};
use dentate_core::{
    Activation, AnyLearner, LearnError, Learner, MetricLog, Normalisation, Optimizer, Progress, Scenario,
    Seed, Source, TaskId,
};
use dentate_testkit::Pool;
use dentate_testkit::toy::Toy;

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
    learn_from(learner, toy, index, &mut toy.source(index).first(rows))
}

/// Learn from a source of an experience; the updates that were made.
fn learn_from(
    learner: &mut dyn Learner,
    toy: &Toy,
    index: usize,
    source: &mut dyn Source,
) -> Result<usize, LearnError> {
    let mut log = MetricLog::default();
    learner.begin(&toy.info(index)).unwrap();
    let mut updates = 0;
    loop {
        match learner.advance(source, &mut log)? {
            Progress::Updated => updates += 1,
            Progress::Finished => return Ok(updates),
            _ => {}
        }
    }
}

#[test]
fn a_look_before_each_update_moves_no_statistics() {
    let held = Gradient {
        mechanisms: vec![Box::new(SynapticIntelligence {
            strength: 0.0,
            ..SynapticIntelligence::default()
        })],
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

#[test]
fn a_row_that_would_be_left_alone_joins_the_batch_before() {
    let toy = Toy::new(Scenario::TaskIncremental, 1);
    let without = Gradient {
        normalisation: Normalisation::None,
        ..normed()
    };
    for (rows, normed_updates, plain_updates) in [(49, 7, 7), (50, 7, 8), (51, 8, 8), (8, 1, 2), (2, 1, 1)] {
        for (config, updates) in [(&normed(), normed_updates), (&without, plain_updates)] {
            let made = learn(learner(config, 1).as_mut(), &toy, 0, rows).unwrap();
            assert_eq!(
                made,
                2 * updates,
                "{rows} rows, twice, {:?}",
                config.normalisation
            );
        }
    }
    let error = learn(learner(&normed(), 1).as_mut(), &toy, 0, 1).unwrap_err();
    assert_eq!(error.kind(), "unsuited");
    assert!(
        error.to_string().contains("a single row cannot train `hidden-1`"),
        "{error}"
    );
    assert_eq!(learn(learner(&without, 1).as_mut(), &toy, 0, 1).unwrap(), 2);
}

#[test]
fn a_batch_of_one_is_refused_where_it_has_no_variance() {
    let one = |normalisation, hidden: &[usize]| Gradient {
        batch: 1,
        normalisation,
        hidden: hidden.to_vec(),
        ..normed()
    };
    let refused = one(Normalisation::BatchNorm, &[6]).validate().unwrap_err();
    assert_eq!(refused.key, "batch");
    assert!(
        refused.to_string().contains("at least 2 with batch norm"),
        "{refused}"
    );
    assert!(one(Normalisation::BatchNorm, &[]).validate().is_ok());
    assert!(one(Normalisation::LayerNorm, &[6]).validate().is_ok());
    let two = Gradient { batch: 2, ..normed() };
    assert!(two.validate().is_ok());
}

/// A row of a memory that would be left over joins the batch before it, also in the passes that a mechanism makes by itself; a single row
/// alone is refused in a sentence.
#[test]
fn a_memory_with_a_row_left_over_is_learned() {
    let toy = Toy::new(Scenario::TaskIncremental, 3);
    let rehearsing = |capacity, batch| Gradient {
        mechanisms: vec![Box::new(GDumb {
            capacity,
            batch,
            epochs: 2,
            ..GDumb::default()
        })],
        ..normed()
    };
    // 18 updates on the stream, and twice 4 and 5 rows.
    let mut nine = learner(&rehearsing(9, 4), 4);
    assert_eq!(learn(nine.as_mut(), &toy, 0, 60).unwrap(), 18 + 2 * 2);
    for (capacity, batch) in [(1, 4), (9, 1)] {
        let refused = learn(learner(&rehearsing(capacity, batch), 4).as_mut(), &toy, 0, 60).unwrap_err();
        assert!(
            refused
                .to_string()
                .contains("an update of a single row cannot train"),
            "{refused}"
        );
    }
    // 65 rows are one batch for PackNet, which retrains by 64.
    let packed = Gradient {
        mechanisms: vec![Box::new(PackNet {
            retrain: 2,
            ..PackNet::default()
        })],
        ..normed()
    };
    let mut source = Pool::new(
        toy.data.clone(),
        TaskId(0),
        (0..65).map(|row| row % 60).collect(),
        toy.access,
        Seed(0),
    );
    let mut packed = learner(&packed, 4);
    // Ten batches of the stream in either pass.
    assert_eq!(
        learn_from(packed.as_mut(), &toy, 0, &mut source).unwrap(),
        2 * 10 + 2
    );
}
