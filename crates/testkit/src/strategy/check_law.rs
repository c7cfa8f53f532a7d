//! Execution of a law, and the message when it is broken or was never put to the test.

use super::Conformance;
use super::case::{Case, Data, Size, cases};
use super::coverage::Coverage;
use super::pasted;
use super::subject::Subject;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{
    Config, FailurePersistence, FileFailurePersistence, RngAlgorithm, TestCaseError, TestError, TestRng,
    TestRunner,
};
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Checks whether a subject satisfies a law in a case, and returns what happened there; [`Coverage::checks`] is the number of
/// times the law was put to the test.
pub(super) type Check = fn(&Case, &Subject) -> Result<Coverage, String>;

/// A law, and its settings.
#[derive(Clone, Copy)]
pub(super) struct Law {
    pub(super) name: &'static str,
    pub(super) check: Check,
    /// Number of cases it is tried on.
    pub(super) cases: u32,
    pub(super) data: &'static [Data],
    /// Returns whether some of the cases are as wide as real ones.
    pub(super) wide: fn(&Subject) -> bool,
    /// Returns whether a subject that never puts it to the test has failed, given what happened.
    pub(super) needed: fn(&Subject, &Coverage) -> bool,
}

/// Defines a law, and a public test of it.
macro_rules! law {
    ($(#[$doc:meta])* $name:ident, $law:ident = $cases:expr, $data:expr, $check:ident, $needed:expr $(, wide: $wide:expr)?) => {
        pub(super) const $law: $crate::strategy::check_law::Law = $crate::strategy::check_law::Law {
            name: stringify!($name),
            check: $check,
            cases: $cases,
            data: $data,
            wide: law!(@ $($wide)?),
            needed: $needed,
        };

        $(#[$doc])*
        ///
        /// # Panics
        /// If the law does not hold, with the smallest failing case found, or if it was never put to the test.
        pub fn $name(conformance: &Conformance) {
            check_law(conformance, &$law);
        }
    };
    (@) => { |_| false };
    (@ $wide:expr) => { $wide };
}
pub(super) use law;

/// Number of additional cases to try if a law was not put to the test in the first ones.
const MORE: usize = 64;

/// The most time spent on shrinking a wide case, in milliseconds.
const SHRINK: u32 = 20_000;

/// Try a law on cases for each of the subject's configurations; on fewer cases if there are many configurations, so that all
/// of them take at most a few times as long as one.
pub(super) fn check_law(conformance: &Conformance, law: &Law) {
    let cases = (4 * law.cases / conformance.subjects.len().max(1) as u32).clamp(8.min(law.cases), law.cases);
    for alike in conformance.alike() {
        let mut all = Coverage::default();
        for subject in &alike {
            let mut coverage = tried(conformance, law, subject, Size::Narrow, cases);
            if (law.wide)(subject) {
                coverage.add(&tried(conformance, law, subject, Size::Wide, (cases / 4).max(2)));
            }
            println!("`{}`, {}: {coverage}", subject.name(), words(law.name));
            all.add(&coverage);
        }
        let needed = |subject: &&&Subject| (law.needed)(subject, &all);
        let Some(subject) = alike.iter().find(needed) else {
            continue;
        };
        for subject in &alike {
            if all.checks == 0 {
                all.add(&more(conformance, law, subject));
            }
        }
        assert!(
            all.checks > 0,
            "`{}` never put the law to the test that {} ({all}): {PROVOKE}",
            subject.name(),
            words(law.name),
        );
    }
}

/// The advice for something that was never observed.
pub(super) const PROVOKE: &str = "add a configuration that does it in a small case, or make cases in which it does with \
                                  `provoke = |case| …` (docs/laws.md)";

/// Try a law on so many cases.
fn tried(conformance: &Conformance, law: &Law, subject: &Subject, size: Size, cases: u32) -> Coverage {
    let config = Config {
        cases,
        source_file: conformance.file,
        test_name: Some(law.name),
        // A failure in a wide case is kept by what is printed: its seed would make another narrow one.
        failure_persistence: conformance.file.filter(|_| size == Size::Narrow).map(|_| {
            let kept = FileFailurePersistence::WithSource("regressions");
            Box::new(kept) as Box<dyn FailurePersistence>
        }),
        max_shrink_iters: 2000,
        max_shrink_time: if size == Size::Wide { SHRINK } else { 0 },
        ..Config::default()
    };
    on(&mut TestRunner::new(config), conformance, law, subject, size)
}

/// Try a law on the same cases at every run, until it is put to the test.
fn more(conformance: &Conformance, law: &Law, subject: &Subject) -> Coverage {
    let mut coverage = Coverage::default();
    for case in always_the_same(law.data, conformance).take(MORE) {
        if coverage.checks > 0 {
            break;
        }
        match catch_panics(law.check, &case, subject) {
            Ok(there) => coverage.add(&there),
            Err(what) => panic!("{}", broken_law(law.name, subject, &case, &what)),
        }
    }
    coverage
}

/// The same cases at every run.
pub(super) fn always_the_same(
    data: &'static [Data],
    conformance: &Conformance,
) -> impl Iterator<Item = Case> {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let cases = cases(data, Size::Narrow, conformance.provoke);
    std::iter::from_fn(move || cases.new_tree(&mut runner).ok().map(|tree| tree.current()))
}

fn on(
    runner: &mut TestRunner,
    conformance: &Conformance,
    law: &Law,
    subject: &Subject,
    size: Size,
) -> Coverage {
    let all = RefCell::new(Coverage::default());
    let broken = runner.run(&cases(law.data, size, conformance.provoke), |case| {
        let coverage = catch_panics(law.check, &case, subject).map_err(TestCaseError::fail)?;
        all.borrow_mut().add(&coverage);
        Ok(())
    });
    match broken {
        Ok(()) => all.into_inner(),
        Err(TestError::Fail(what, case)) => {
            panic!("{}", broken_law(law.name, subject, &case, what.message()))
        }
        Err(TestError::Abort(why)) => panic!("{} could not be tried: {why}", law.name),
    }
}

/// Run a check; a panic of the subject breaks every law.
pub(super) fn catch_panics(
    check: impl FnOnce(&Case, &Subject) -> Result<Coverage, String>,
    case: &Case,
    subject: &Subject,
) -> Result<Coverage, String> {
    catch_unwind(AssertUnwindSafe(|| check(case, subject))).unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().map(String::as_str);
        let words = words.or_else(|| panic.downcast_ref::<&str>().copied());
        Err(format!("it panicked: {}", words.unwrap_or("without a word")))
    })
}

/// A law's name as part of a sentence.
fn words(law: &str) -> String {
    law.replace('_', " ")
}

/// The message for a broken law: what happened, where, and a test to paste.
pub(super) fn broken_law(name: &str, subject: &Subject, case: &Case, what: &str) -> String {
    let test = pasted::test(name, subject, case);
    format!(
        "`{}` breaks the law that {}:\n  {what}\n\nThis test shows it again:\n\n{test}",
        subject.name(),
        words(name),
    )
}
