//! Learners of other kinds, seen from outside.

#![allow(clippy::unwrap_used, reason = "a wrong step has to fail the test")]

mod neurogenesis;

use dentate_learners::maps::{
    GrowWhenRequired, GrowingGrid, GrowingNeuralGas, GrowingNeuralGasUtility, GrowingSelfOrganisingMap,
    KMeans, SelfOrganisingMap,
};

// Settings with which the few signals of a small world make units come and go.
dentate_testkit::conformance_learner!(
    GrowingNeuralGas {
        insert_every: 4,
        max_age: 3,
        max_units: 12,
        epochs: 2,
        batch: 3,
        ..GrowingNeuralGas::default()
    },
    GrowingNeuralGasUtility {
        insert_every: 4,
        max_age: 4,
        max_units: 8,
        check_every: 4,
        epochs: 2,
        ..GrowingNeuralGasUtility::default()
    },
    GrowWhenRequired {
        activity_threshold: 0.95,
        habituation_threshold: 0.6,
        max_age: 3,
        max_units: 12,
        batch: 1,
        ..GrowWhenRequired::default()
    },
    GrowingSelfOrganisingMap {
        spread_factor: 0.95,
        max_units: 20,
        batch: 2,
        ..GrowingSelfOrganisingMap::default()
    },
    GrowingGrid {
        insert_every: 2,
        max_units: 20,
        batch: 5,
        epochs: 3,
        ..GrowingGrid::default()
    },
    SelfOrganisingMap {
        rows: 3,
        columns: 3,
        horizon: 20,
        batch: 2,
        ..SelfOrganisingMap::default()
    },
    KMeans {
        units: 4,
        least_rate: 0.1,
        batch: 7,
        ..KMeans::default()
    },
);
