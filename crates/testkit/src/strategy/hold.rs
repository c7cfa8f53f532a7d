//! How a law is held, and what is said when it is broken.

use super::Subject;
use super::candidate::Candidate;
use super::world::{Data, World, worlds};
use dentate_core::registry::Kind;
use proptest::test_runner::{
    Config, FailurePersistence, FileFailurePersistence, TestCaseError, TestError, TestRunner,
};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A law: whether a strategy keeps it in a world. `Ok(false)` when the world gave it no occasion.
pub(super) type Check = fn(&World, &Candidate) -> Result<bool, String>;

/// All laws that [`again`] can be asked for.
pub(super) const LAWS: [(&str, Check); 10] = [
    ("the_graph_is_always_well_formed", super::growing::well_formed),
    ("declining_changes_nothing", super::growing::declining),
    ("old_weights_survive_growth", super::growing::surviving),
    ("frozen_parameters_keep_every_bit", super::growing::frozen),
    ("state_follows_growth", super::following::follows),
    ("what_is_claimed_holds", super::claims::claimed),
    ("one_seed_gives_the_same_run", super::repeating::repeats),
    ("saved_anywhere_it_goes_on_to_the_bit", super::repeating::resumes),
    ("hostile_data_does_no_harm", super::repeating::harmless),
    ("the_journal_tells_the_graph", super::telling::tells),
];

/// A public test of a law.
macro_rules! law {
    ($(#[$doc:meta])* $name:ident, $cases:expr, $data:expr, $check:ident) => {
        $(#[$doc])*
        ///
        /// # Panics
        /// With the smallest world found in which the law does not hold.
        pub fn $name(subject: &Subject) {
            hold(subject, stringify!($name), $cases, $data, $check);
        }
    };
}
pub(super) use law;

/// Try a law on `cases` worlds for each of the subject's configurations; where these are many, on fewer, so that the whole
/// takes no more than a few times as long as for one.
pub(super) fn hold(subject: &Subject, name: &'static str, cases: u32, data: &'static [Data], check: Check) {
    let cases = (4 * cases / subject.candidates.len().max(1) as u32).clamp(8.min(cases), cases);
    for candidate in &subject.candidates {
        let occasions = Cell::new(0);
        let config = Config {
            cases,
            source_file: subject.file,
            test_name: Some(name),
            failure_persistence: subject.file.map(|_| {
                let kept = FileFailurePersistence::WithSource("regressions");
                Box::new(kept) as Box<dyn FailurePersistence>
            }),
            max_shrink_iters: 2000,
            ..Config::default()
        };
        let broken =
            TestRunner::new(config).run(&worlds(data), |world| match calmly(check, &world, candidate) {
                Ok(occasion) => {
                    occasions.set(occasions.get() + u32::from(occasion));
                    Ok(())
                }
                Err(what) => Err(TestCaseError::fail(what)),
            });
        match broken {
            Ok(()) => {}
            Err(TestError::Fail(what, world)) => {
                panic!("{}", broken_law(name, candidate, &world, what.message()))
            }
            Err(TestError::Abort(why)) => panic!("{name} could not be tried: {why}"),
        }
    }
}

/// A panic of the strategy breaks every law.
fn calmly(check: Check, world: &World, candidate: &Candidate) -> Result<bool, String> {
    catch_unwind(AssertUnwindSafe(|| check(world, candidate))).unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().map(String::as_str);
        let words = words.or_else(|| panic.downcast_ref::<&str>().copied());
        Err(format!("it panicked: {}", words.unwrap_or("without a word")))
    })
}

/// What is said of a broken law: what happened, where, and a test to paste.
pub(super) fn broken_law(name: &str, candidate: &Candidate, world: &World, what: &str) -> String {
    let law = name.replace('_', " ");
    let toml = candidate.toml().unwrap_or_default();
    let expression = format!("{world:#?}")
        .replace("scenario: ", "scenario: Scenario::")
        .replace("data: ", "data: Data::")
        .replace("hidden: ", "hidden: vec!");
    let expression = expression.replace('\n', "\n        ");
    format!(
        "`{}` breaks the law that {law}:\n  {what}\n\nThis test shows it again:\n\n#[test]\nfn {name}_again() {{\n    \
         use dentate_testkit::dentate_core::{{Scenario, registry::Kind}};\n    use dentate_testkit::strategy::{{Data, World, again}};\n    \
         again(\n        Kind::{:?},\n        r#\"{}\"#,\n        \"{name}\",\n        &{expression},\n    );\n}}\n",
        candidate.name(),
        candidate.kind(),
        toml.trim_end(),
    )
}

/// Try one law in one world: what a broken law prints is a call of this.
///
/// # Panics
/// When the law does not hold there, there is no such law, or `toml` does not say something of this kind that is linked in.
pub fn again(kind: Kind, toml: &str, law: &str, world: &World) {
    let candidate = Candidate::read(kind, toml).unwrap_or_else(|e| panic!("not a {kind}: {e}"));
    let Some((name, check)) = LAWS.iter().find(|(name, _)| *name == law) else {
        panic!("there is no law `{law}`");
    };
    if let Err(what) = calmly(*check, world, &candidate) {
        panic!("{}", broken_law(name, &candidate, world, &what));
    }
}
