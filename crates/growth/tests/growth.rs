//! Growth strategies, seen from outside.

use dentate_growth::StrategyError;
use dentate_testkit::sentences;

#[test]
fn errors_say_what_is_wrong() {
    insta::assert_snapshot!(sentences!(StrategyError;
        StrategyError::Unsuited("the stream has no boundary".into()) => StrategyError::Unsuited(..),
        StrategyError::Missing("hidden layer".into()) => StrategyError::Missing(..),
        StrategyError::State("a byte is missing".into()) => StrategyError::State(..),
    ));
}
