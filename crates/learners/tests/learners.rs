//! Learners of other kinds, seen from outside.

#![allow(clippy::unwrap_used, reason = "a wrong step has to fail the test")]

mod cascade_correlation;
mod closed_form;
mod neurogenesis;

use dentate_core::MissingRow;
use dentate_core::{
    Access, Backend, BuildContext, Dataset, LearnError, LearnerRecipe, MetricLog, Refused, Rows, Scenario,
    Seed, Source,
};
use dentate_learners::cascade_correlation::CascadeCorrelation;
use dentate_learners::maps::{
    GrowWhenRequired, GrowingGrid, GrowingNeuralGas, GrowingNeuralGasUtility, GrowingSelfOrganisingMap,
    KMeans, SelfOrganisingMap,
};
use dentate_testkit::Pool;
use dentate_testkit::toy::Toy;

// Settings with which the few signals of a small case make units come and go.
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
    CascadeCorrelation {
        candidates: 3,
        max_units: 5,
        epochs: 4,
        rows: 20,
        ..CascadeCorrelation::default()
    },
);

/// A row that the data do not have is no zeros, and not the row before either.
#[test]
fn maps_refuse_rows_that_are_not_there() {
    let toy = Toy::new(Scenario::ClassIncremental, 1);
    let backend = || Box::new(dentate_testkit::Native::new()) as Box<dyn Backend>;
    let setting = BuildContext {
        backend: &backend,
        seed: Seed(1),
    };
    let mut learner = KMeans {
        batch: 4,
        ..KMeans::default()
    }
    .build(setting)
    .unwrap();
    let (data, len) = (toy.data.id(), toy.data.len());
    let missing = |row| Err(LearnError::Row(MissingRow { data, row, len }));
    learner.begin(&toy.info(0)).unwrap();
    let mut log = MetricLog::default();
    learner.advance(&mut toy.source(0), &mut log).unwrap();
    let row = len as u32;
    assert_eq!(learner.predict(&toy.data, &[0, row], None), missing(row));
    // A source whose rows are of a larger data set of the same number.
    let other = Toy::new(Scenario::ClassIncremental, 2);
    let mut torn = Torn(toy.source(0), other.source(1));
    let error = (0..100).find_map(|_| learner.advance(&mut torn, &mut log).err());
    assert!(
        matches!(&error, Some(LearnError::Row(MissingRow { row, .. })) if *row as usize >= len),
        "{error:?}"
    );
}

/// The data of one source and the rows of another.
struct Torn(Pool, Pool);

impl Source for Torn {
    fn access(&self) -> Access {
        self.1.access()
    }
    fn len(&self) -> Option<usize> {
        self.1.len()
    }
    fn datasets(&self) -> &[Dataset] {
        self.0.datasets()
    }
    fn next(&mut self, n: usize) -> Option<Rows> {
        self.1.next(n)
    }
    fn rewind(&mut self, pass: u64) -> Result<(), Refused> {
        self.1.rewind(pass)
    }
    fn gather(&self, positions: &[u32]) -> Result<Rows, Refused> {
        self.1.gather(positions)
    }
}
