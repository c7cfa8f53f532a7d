//! Execution of a law, and the message when it is broken or was never put to the test.

use super::Subject;
use super::candidate::Candidate;
use super::pasted;
use super::seen::Seen;
use super::world::{Data, Size, World, worlds};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{
    Config, FailurePersistence, FileFailurePersistence, RngAlgorithm, TestCaseError, TestError, TestRng,
    TestRunner,
};
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Checks whether a subject satisfies a law in a world, and returns what happened there; [`Seen::occasions`] is the number of
/// times the law was put to the test.
pub(super) type Check = fn(&World, &Candidate) -> Result<Seen, String>;

/// A law, and its settings.
#[derive(Clone, Copy)]
pub(super) struct Law {
    pub(super) name: &'static str,
    pub(super) check: Check,
    /// Number of worlds it is tried on.
    pub(super) cases: u32,
    pub(super) data: &'static [Data],
    /// Returns whether some of the worlds are as wide as real ones.
    pub(super) wide: fn(&Candidate) -> bool,
    /// Returns whether a subject that never puts it to the test has failed, given what happened.
    pub(super) needed: fn(&Candidate, &Seen) -> bool,
}

/// Defines a law, and a public test of it.
macro_rules! law {
    ($(#[$doc:meta])* $name:ident, $law:ident = $cases:expr, $data:expr, $check:ident, $needed:expr $(, wide: $wide:expr)?) => {
        pub(super) const $law: $crate::strategy::hold::Law = $crate::strategy::hold::Law {
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
        /// If the law does not hold, with the smallest failing world found, or if it was never put to the test.
        pub fn $name(subject: &Subject) {
            hold(subject, &$law);
        }
    };
    (@) => { |_| false };
    (@ $wide:expr) => { $wide };
}
pub(super) use law;

/// Number of additional worlds to try if a law was not put to the test in the first ones.
const MORE: usize = 64;

/// The most time spent on shrinking a wide world, in milliseconds.
const SHRINK: u32 = 20_000;

/// Try a law on worlds for each of the subject's configurations; on fewer worlds if there are many configurations, so that all
/// of them take at most a few times as long as one.
pub(super) fn hold(subject: &Subject, law: &Law) {
    let cases = (4 * law.cases / subject.candidates.len().max(1) as u32).clamp(8.min(law.cases), law.cases);
    for alike in subject.alike() {
        let mut all = Seen::default();
        for candidate in &alike {
            let mut seen = tried(subject, law, candidate, Size::Narrow, cases);
            if (law.wide)(candidate) {
                seen.add(&tried(subject, law, candidate, Size::Wide, (cases / 4).max(2)));
            }
            println!("`{}`, {}: {seen}", candidate.name(), words(law.name));
            all.add(&seen);
        }
        let needed = |candidate: &&&Candidate| (law.needed)(candidate, &all);
        let Some(candidate) = alike.iter().find(needed) else {
            continue;
        };
        for candidate in &alike {
            if all.occasions == 0 {
                all.add(&more(subject, law, candidate));
            }
        }
        assert!(
            all.occasions > 0,
            "`{}` never put the law to the test that {} ({all}): {PROVOKE}",
            candidate.name(),
            words(law.name),
        );
    }
}

/// The advice for something that was never observed.
pub(super) const PROVOKE: &str = "add a configuration that does it in a small world, or make worlds in which it does with \
                                  `provoke = |world| …` (docs/laws.md)";

/// Try a law on so many worlds.
fn tried(subject: &Subject, law: &Law, candidate: &Candidate, size: Size, cases: u32) -> Seen {
    let config = Config {
        cases,
        source_file: subject.file,
        test_name: Some(law.name),
        // A failure in a wide world is kept by what is printed: its seed would make another narrow one.
        failure_persistence: subject.file.filter(|_| size == Size::Narrow).map(|_| {
            let kept = FileFailurePersistence::WithSource("regressions");
            Box::new(kept) as Box<dyn FailurePersistence>
        }),
        max_shrink_iters: 2000,
        max_shrink_time: if size == Size::Wide { SHRINK } else { 0 },
        ..Config::default()
    };
    on(&mut TestRunner::new(config), subject, law, candidate, size)
}

/// Try a law on the same worlds at every run, until it is put to the test.
fn more(subject: &Subject, law: &Law, candidate: &Candidate) -> Seen {
    let mut seen = Seen::default();
    for world in always_the_same(law.data, subject).take(MORE) {
        if seen.occasions > 0 {
            break;
        }
        match calmly(law.check, &world, candidate) {
            Ok(there) => seen.add(&there),
            Err(what) => panic!("{}", broken_law(law.name, candidate, &world, &what)),
        }
    }
    seen
}

/// The same worlds at every run.
pub(super) fn always_the_same(data: &'static [Data], subject: &Subject) -> impl Iterator<Item = World> {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let worlds = worlds(data, Size::Narrow, subject.provoke);
    std::iter::from_fn(move || worlds.new_tree(&mut runner).ok().map(|tree| tree.current()))
}

fn on(runner: &mut TestRunner, subject: &Subject, law: &Law, candidate: &Candidate, size: Size) -> Seen {
    let all = RefCell::new(Seen::default());
    let broken = runner.run(&worlds(law.data, size, subject.provoke), |world| {
        let seen = calmly(law.check, &world, candidate).map_err(TestCaseError::fail)?;
        all.borrow_mut().add(&seen);
        Ok(())
    });
    match broken {
        Ok(()) => all.into_inner(),
        Err(TestError::Fail(what, world)) => {
            panic!("{}", broken_law(law.name, candidate, &world, what.message()))
        }
        Err(TestError::Abort(why)) => panic!("{} could not be tried: {why}", law.name),
    }
}

/// Run a check; a panic of the subject breaks every law.
pub(super) fn calmly(
    check: impl FnOnce(&World, &Candidate) -> Result<Seen, String>,
    world: &World,
    candidate: &Candidate,
) -> Result<Seen, String> {
    catch_unwind(AssertUnwindSafe(|| check(world, candidate))).unwrap_or_else(|panic| {
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
pub(super) fn broken_law(name: &str, candidate: &Candidate, world: &World, what: &str) -> String {
    let test = pasted::test(name, candidate, world);
    format!(
        "`{}` breaks the law that {}:\n  {what}\n\nThis test shows it again:\n\n{test}",
        candidate.name(),
        words(name),
    )
}
