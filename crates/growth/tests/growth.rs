//! Growth strategies, seen from outside.

use dentate_growth::{DynamicNodeCreation, Fixed, ProgressiveColumns, StrategyError};
use dentate_testkit::sentences;

dentate_testkit::conformance!(
    Fixed {},
    ProgressiveColumns::default(),
    ProgressiveColumns {
        adapters: false,
        widths: Some(vec![2, 3]),
        ..ProgressiveColumns::default()
    },
    // Grows within a few updates, so that there is something to hold it to.
    DynamicNodeCreation {
        window: 2,
        interval: 1,
        slope: 1.0,
        max_units: 6,
        ..DynamicNodeCreation::default()
    },
);

#[test]
fn errors_say_what_is_wrong() {
    insta::assert_snapshot!(sentences!(StrategyError;
        StrategyError::Unsuited("the stream has no boundary".into()) => StrategyError::Unsuited(..),
        StrategyError::Missing("hidden layer".into()) => StrategyError::Missing(..),
        StrategyError::State("a byte is missing".into()) => StrategyError::State(..),
    ));
}
