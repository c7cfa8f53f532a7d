//! The check that a subject did what it claims to do. A subject that does nothing breaks no other law.

use super::Conformance;
use super::case::{Case, Data};
use super::check_law::{PROVOKE, always_the_same, catch_panics};
use super::coverage::Coverage;
use super::driver::{Driver, refusal};
use super::subject::Subject;
use super::watched::Watch;
use dentate_growth::Change;

/// Cases that each configuration runs, the same at every run, and the most that are tried until it has effects.
const CASES: usize = 16;
const MOST: usize = 96;

/// The subject does what it claims to do: a growing one grew, each part of a composed strategy was called and had an effect, a
/// mechanism made a difference, a learner updated. The observations are printed (`cargo test -- --show-output`).
///
/// Configurations of one name and the same parts are observed together: a default made for long streams needs one beside it
/// that does the same within a few updates.
///
/// # Panics
/// If something was never observed.
pub fn it_is_exercised(conformance: &Conformance) {
    for alike in conformance.alike() {
        let mut all = Coverage::default();
        for subject in &alike {
            let coverage = watched(conformance, subject, CASES, |_| true);
            println!("`{}`: {coverage}", subject.name());
            all.add(&coverage);
        }
        let missing = |coverage: &Coverage| alike.iter().find_map(|subject| coverage.missing(subject));
        for subject in &alike {
            if missing(&all).is_some() {
                let so_far = all.clone();
                let enough = |coverage: &Coverage| {
                    let mut both = so_far.clone();
                    both.add(coverage);
                    missing(&both).is_none()
                };
                all = so_far.clone();
                all.add(&watched(conformance, subject, MOST, |coverage| !enough(coverage)));
            }
        }
        if let Some(what) = missing(&all) {
            panic!("`{}` did not act: {what} ({all}); {PROVOKE}", alike[0].name());
        }
    }
}

/// A mechanism that only records makes no difference to what is learned, in cases in which it is called.
///
/// # Panics
/// If it does, or is never called.
pub fn it_only_looks_on(conformance: &Conformance) {
    for (subject, coverage) in conformance.subjects.iter().zip(coverage(conformance)) {
        let name = subject.name();
        assert!(coverage.updates > 0, "`{name}` saw no update: {coverage}");
        assert!(
            coverage.effects == 0,
            "`{name}` made a difference to what was learned: {coverage}"
        );
    }
}

/// The observations of each of a subject's configurations, in as many small cases as a conformance run takes.
#[must_use]
pub fn coverage(conformance: &Conformance) -> Vec<Coverage> {
    let subjects = conformance.subjects.iter();
    subjects
        .map(|subject| watched(conformance, subject, CASES, |_| true))
        .collect()
}

/// Run at most so many cases while `on` returns true, and record what happens.
fn watched(
    conformance: &Conformance,
    subject: &Subject,
    most: usize,
    on: impl Fn(&Coverage) -> bool,
) -> Coverage {
    let mut all = Coverage::default();
    for case in always_the_same(&[Data::Plain], conformance).take(most) {
        if !on(&all) {
            break;
        }
        match catch_panics(at_work, &case, subject) {
            Ok(coverage) => all.add(&coverage),
            Err(what) => panic!("`{}`: {what}, in {case:#?}", subject.name()),
        }
    }
    all
}

fn at_work(case: &Case, subject: &Subject) -> Result<Coverage, String> {
    let watch = Watch::default();
    let mut driver = to_the_end(Driver::of(case, subject, subject.watched(case, &watch)?))?;
    if let Some(plain) = subject.without(case) {
        let mut plain = to_the_end(Driver::of(case, subject, plain))?;
        driver.coverage.effects += u64::from(differ(&mut driver, &mut plain)?);
    }
    if let Subject::Strategy(strategy) = subject {
        let declared = strategy.changes();
        for event in driver.own_events(0) {
            if let Some(doing) = Change::of(event)
                .into_iter()
                .find(|doing| !declared.contains(doing))
            {
                return Err(format!("it {doing}, which `changes` does not declare"));
            }
        }
    }
    driver.coverage.parts = watch.parts();
    Ok(driver.coverage)
}

/// Run to the end, or to a refusal.
fn to_the_end<'w>(mut driver: Driver<'w>) -> Result<Driver<'w>, String> {
    loop {
        match driver.step() {
            Ok(None) => return Ok(driver),
            Ok(Some(_)) => {}
            Err(end) => {
                refusal(end)?;
                return Ok(driver);
            }
        }
    }
}

/// Returns whether the weights or the predictions of two runs differ.
fn differ(one: &mut Driver<'_>, other: &mut Driver<'_>) -> Result<bool, String> {
    let weights = |driver: &mut Driver<'_>| -> Result<_, String> {
        let moment = driver.moment()?;
        let bits = moment.weights.into_iter();
        Ok(bits
            .map(|(name, weight)| (name, weight.value.to_bits()))
            .collect::<Vec<_>>())
    };
    let answers = |driver: &mut Driver<'_>| {
        driver
            .predictions(0)
            .map(|answer| format!("{answer:?}"))
            .map_err(|e| e.to_string())
    };
    Ok(weights(one)? != weights(other)? || answers(one)? != answers(other)?)
}
