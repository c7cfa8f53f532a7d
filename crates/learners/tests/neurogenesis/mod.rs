//! Neurogenesis deep learning, driven as an experiment drives it.

use dentate_core::{Activation, Optimizer};
use dentate_learners::neurogenesis::{Classes, NeurogenesisDeepLearning, Pretraining, ReplayOf};

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

mod reference;
