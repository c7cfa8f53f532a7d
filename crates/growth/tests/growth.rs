//! Growth strategies, seen from outside.

use dentate_growth::parts::{BelowMatureFraction, Given, LossPlateau, Novelty};
use dentate_growth::{
    Composed, ContinualBackprop, DynamicNodeCreation, Fixed, ProgressiveColumns, Redo, ShrinkAndPerturb,
    StrategyError,
};
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
    ContinualBackprop {
        replacement_rate: 0.2,
        maturity: 2,
        ..ContinualBackprop::default()
    },
    Redo {
        every: 3,
        threshold: 0.9,
        ..Redo::default()
    },
    ShrinkAndPerturb {
        every: Some(4),
        ..ShrinkAndPerturb::default()
    },
    ShrinkAndPerturb::default(),
    Composed {
        every: 1,
        units: 2,
        max_units: 9,
        trigger: Box::new(LossPlateau {
            threshold: 1e9,
            window: 1,
        }),
        ..Composed::default()
    },
    // Born and dying within a few updates.
    Composed {
        every: 1,
        max_units: 9,
        trigger: Box::new(LossPlateau {
            threshold: 1e9,
            window: 1,
        }),
        placement: Box::new(Given {
            layer: Some("hidden-1".into()),
        }),
        survival: Box::new(BelowMatureFraction {
            probation: 3,
            fraction: 0.8,
        }),
        modulation: Box::new(Novelty::default()),
        ..Composed::default()
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

/// The mistakes that are made most when something is registered, and what the compiler says of them. Its words differ between
/// its versions, so they are compared with those of the version that the workspace is made for.
#[test]
fn registration_mistakes_are_told_at_compile_time() {
    let compiler = std::process::Command::new("rustc")
        .arg("--version")
        .output()
        .unwrap();
    let wanted = format!("rustc {}.", env!("CARGO_PKG_RUST_VERSION"));
    if String::from_utf8_lossy(&compiler.stdout).starts_with(&wanted) {
        trybuild::TestCases::new().compile_fail("tests/registration/*.rs");
    }
}
