//! The check that a subject did what it claims to do. A subject that does nothing breaks no other law.

use super::Subject;
use super::candidate::Candidate;
use super::course::{Course, refusal};
use super::hold::{PROVOKE, always_the_same, calmly};
use super::seen::Seen;
use super::watched::Watch;
use super::world::{Data, World};
use dentate_growth::Change;

/// Worlds that each configuration runs, the same at every run, and the most that are tried until it has acted.
const WORLDS: usize = 16;
const MOST: usize = 96;

/// The subject does what it claims to do: a growing one grew, each part of a composed strategy was called and acted, a
/// mechanism made a difference, a learner updated. The observations are printed (`cargo test -- --show-output`).
///
/// Configurations of one name and the same parts are observed together: a default made for long streams needs one beside it
/// that does the same within a few updates.
///
/// # Panics
/// If something was never observed.
pub fn it_is_seen_at_work(subject: &Subject) {
    for alike in subject.alike() {
        let mut all = Seen::default();
        for candidate in &alike {
            let seen = watched(subject, candidate, WORLDS, |_| true);
            println!("`{}`: {seen}", candidate.name());
            all.add(&seen);
        }
        let missing = |seen: &Seen| alike.iter().find_map(|candidate| seen.missing(candidate));
        for candidate in &alike {
            if missing(&all).is_some() {
                let so_far = all.clone();
                let enough = |seen: &Seen| {
                    let mut both = so_far.clone();
                    both.add(seen);
                    missing(&both).is_none()
                };
                all = so_far.clone();
                all.add(&watched(subject, candidate, MOST, |seen| !enough(seen)));
            }
        }
        if let Some(what) = missing(&all) {
            panic!(
                "`{}` was not seen at work: {what} ({all}); {PROVOKE}",
                alike[0].name()
            );
        }
    }
}

/// The observations of each of a subject's configurations, in as many small worlds as a conformance run takes.
#[must_use]
pub fn seen(subject: &Subject) -> Vec<Seen> {
    let candidates = subject.candidates.iter();
    candidates
        .map(|candidate| watched(subject, candidate, WORLDS, |_| true))
        .collect()
}

/// Run at most so many worlds while `on` returns true, and record what happens.
fn watched(subject: &Subject, candidate: &Candidate, most: usize, on: impl Fn(&Seen) -> bool) -> Seen {
    let mut all = Seen::default();
    for world in always_the_same(&[Data::Plain], subject).take(most) {
        if !on(&all) {
            break;
        }
        match calmly(at_work, &world, candidate) {
            Ok(seen) => all.add(&seen),
            Err(what) => panic!("`{}`: {what}, in {world:#?}", candidate.name()),
        }
    }
    all
}

fn at_work(world: &World, candidate: &Candidate) -> Result<Seen, String> {
    let watch = Watch::default();
    let mut course = to_the_end(Course::of(world, candidate, candidate.watched(world, &watch)?))?;
    if let Some(plain) = candidate.without(world) {
        let mut plain = to_the_end(Course::of(world, candidate, plain))?;
        course.seen.effects += u64::from(differ(&mut course, &mut plain)?);
    }
    if let Candidate::Strategy(strategy) = candidate {
        let declared = strategy.changes();
        for event in course.own_events(0) {
            if let Some(doing) = Change::of(event)
                .into_iter()
                .find(|doing| !declared.contains(doing))
            {
                return Err(format!("it {doing}, which `changes` does not declare"));
            }
        }
    }
    course.seen.parts = watch.parts();
    Ok(course.seen)
}

/// Run to the end, or to a refusal.
fn to_the_end<'w>(mut course: Course<'w>) -> Result<Course<'w>, String> {
    loop {
        match course.step() {
            Ok(None) => return Ok(course),
            Ok(Some(_)) => {}
            Err(end) => {
                refusal(end)?;
                return Ok(course);
            }
        }
    }
}

/// Returns whether the weights or the predictions of two runs differ.
fn differ(one: &mut Course<'_>, other: &mut Course<'_>) -> Result<bool, String> {
    let weights = |course: &mut Course<'_>| -> Result<_, String> {
        let moment = course.moment()?;
        let bits = moment.weights.into_iter();
        Ok(bits
            .map(|(name, weight)| (name, weight.value.to_bits()))
            .collect::<Vec<_>>())
    };
    let answers = |course: &mut Course<'_>| {
        course
            .predictions(0)
            .map(|answer| format!("{answer:?}"))
            .map_err(|e| e.to_string())
    };
    Ok(weights(one)? != weights(other)? || answers(one)? != answers(other)?)
}
