//! Neurogenesis deep learning, driven as an experiment drives it.

use dentate_core::{
    Activation, Backend, BuildContext, LearnError, LearnerRecipe, MetricLog, Optimizer, Refused, Scenario,
    Seed,
};
use dentate_learners::neurogenesis::{Classes, NeurogenesisDeepLearning, Pretraining, ReplayOf};
use dentate_testkit::toy::Toy;

/// A stack of two levels that grows readily.
fn small() -> NeurogenesisDeepLearning {
    NeurogenesisDeepLearning {
        widths: vec![4, 2],
        max_units: vec![4, 2],
        most_at_once: 0.5,
        units_per_outlier: 0.2,
        optimizer: Optimizer::adam(0.02),
        batch: 6,
        pretraining: Pretraining { level: 6, whole: 8 },
        plasticity: 5,
        stability: 4,
        wiring: 3,
        max_rounds: 3,
        replay_samples: 7,
        output: Activation::Identity,
        ..NeurogenesisDeepLearning::default()
    }
}

dentate_testkit::conformance_learner!(
    small(),
    NeurogenesisDeepLearning {
        replay: ReplayOf::Original,
        classes: Classes::Together,
        reset_optimizer: false,
        ..small()
    },
    NeurogenesisDeepLearning {
        replay: ReplayOf::None,
        growth: false,
        widths: vec![3],
        max_units: vec![3],
        ..small()
    },
);

/// It learns all rows of an experience or none: without their number it says so.
#[test]
fn an_experience_of_unknown_length_is_refused() {
    let toy = Toy::new(Scenario::ClassIncremental, 1);
    let backend = || Box::new(dentate_testkit::Native::new()) as Box<dyn Backend>;
    let setting = BuildContext {
        backend: &backend,
        seed: Seed(1),
    };
    let mut learner = small().build(setting).unwrap();
    learner.begin(&toy.info(0)).unwrap();
    let (mut source, mut log) = (toy.source(0).uncounted(), MetricLog::default());
    let error = (0..10).find_map(|_| learner.advance(&mut source, &mut log).err());
    assert_eq!(error, Some(LearnError::Source(Refused::Uncounted)));
}

mod reference;
