//! Execution of a law.

use dentate_core::Backend;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, FileFailurePersistence, TestCaseError, TestRunner};
use std::cell::Cell;

/// A backend's constructor, and the test file, beside which failed cases are stored to be tried first from then on.
#[derive(Clone, Copy, Debug)]
pub struct Make {
    /// A new, empty backend.
    pub make: fn() -> Box<dyn Backend>,
    /// `file!()` of the test.
    pub file: &'static str,
}

impl Make {
    /// A new, empty backend.
    #[must_use]
    pub fn backend(&self) -> Box<dyn Backend> {
        (self.make)()
    }
}

thread_local! {
    /// Cases of the current law that did not put it to the test.
    static SKIPPED: Cell<u32> = const { Cell::new(0) };
}

/// Mark a case that does not put the law to the test.
pub(super) fn skip() -> Result<(), TestCaseError> {
    SKIPPED.set(SKIPPED.get() + 1);
    Ok(())
}

/// Try a law on `cases` cases.
///
/// # Panics
/// If the law does not hold, with the smallest failing case found, or if more than half of the cases did not put it to the
/// test.
pub fn check_law<S: Strategy>(
    make: Make,
    name: &'static str,
    cases: u32,
    strategy: S,
    law: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let config = Config {
        cases,
        source_file: Some(make.file),
        test_name: Some(name),
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..Config::default()
    };
    SKIPPED.set(0);
    if let Err(broken) = TestRunner::new(config).run(&strategy, law) {
        panic!("{name} does not hold: {broken}");
    }
    let tested = cases.saturating_sub(SKIPPED.get());
    println!("{name}: put to the test in {tested} of {cases} cases");
    assert!(
        2 * tested >= cases,
        "{name} was put to the test in {tested} of {cases} cases only"
    );
}
