//! Whether what is held to the laws was seen to do what it says it does. Who always holds breaks no other law.

use super::Subject;
use super::candidate::Candidate;
use super::course::{Course, refusal};
use super::hold::{PROVOKE, always_the_same, calmly};
use super::seen::Seen;
use super::watched::Watch;
use super::world::{Data, World};
use dentate_growth::Doing;

/// Worlds that each configuration goes through, the same at every run, and the most that are tried until it was seen at work.
const WORLDS: usize = 16;
const MOST: usize = 96;

/// It does what it says it does: what grows was seen to grow, each part of a composed strategy to be asked and to act, a
/// mechanism to make a difference, a learner to update. What was seen is printed (`cargo test -- --show-output`).
///
/// Configurations of one name and the same parts are looked at together: a default made for long streams needs one beside it that
/// does the same within a few updates.
///
/// # Panics
/// When something was never seen.
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

/// What each of a subject's configurations is seen to do, in as many small worlds as a conformance run takes.
#[must_use]
pub fn seen(subject: &Subject) -> Vec<Seen> {
    let candidates = subject.candidates.iter();
    candidates
        .map(|candidate| watched(subject, candidate, WORLDS, |_| true))
        .collect()
}

/// Go through at most so many worlds, as long as `on` says so, and watch.
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
        let declared = strategy.doings();
        for event in course.own_events(0) {
            if let Some(doing) = Doing::of(event)
                .into_iter()
                .find(|doing| !declared.contains(doing))
            {
                return Err(format!("it {doing}, which `doings` does not declare"));
            }
        }
    }
    course.seen.parts = watch.parts();
    Ok(course.seen)
}

/// To the end of a course, or to where it was refused.
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

/// Whether the weights of two courses, or their answers, are different ones.
fn differ(one: &mut Course<'_>, other: &mut Course<'_>) -> Result<bool, String> {
    let weights = |course: &mut Course<'_>| -> Result<_, String> {
        let moment = course.moment()?;
        let bits = moment.weights.into_iter();
        Ok(bits
            .map(|(name, weight)| (name, weight.value.to_bits()))
            .collect::<Vec<_>>())
    };
    let answers = |course: &mut Course<'_>| course.predictions(0).map(|answer| format!("{answer:?}"));
    Ok(weights(one)? != weights(other)? || answers(one)? != answers(other)?)
}
