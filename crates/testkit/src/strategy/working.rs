//! Whether what is held to the laws was seen to do what it says it does. Who always holds breaks no other law.

use super::Subject;
use super::candidate::Candidate;
use super::course::{Course, refusal};
use super::hold::{PROVOKE, always_the_same, calmly};
use super::seen::Seen;
use super::watched::Watch;
use super::world::{Data, World};
use dentate_core::{Penalty, Progress, Saved};

/// Worlds that each configuration goes through, the same at every run, and the most that are tried until it was seen at work.
const WORLDS: usize = 16;
const MOST: usize = 96;

/// It does what it says it does: what grows was seen to grow, each part of a composed strategy to be asked and to act, a
/// regulariser's penalty to pull, a learner to update. What was seen is printed (`cargo test -- --show-output`).
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
    let mut course = Course::of(world, candidate, candidate.watched(world, &watch)?);
    let regulariser = matches!(candidate, Candidate::Regulariser(_));
    loop {
        let before = if regulariser {
            course.saved()?
        } else {
            Saved::default()
        };
        match course.step() {
            Ok(None) => break,
            Ok(Some(Progress::Updated)) if regulariser => {
                let pulled = watch.penalties().iter().any(|penalty| pulls(penalty, &before));
                course.seen.pulls += u64::from(pulled);
            }
            Ok(Some(_)) => {}
            Err(end) => {
                refusal(end)?;
                break;
            }
        }
    }
    course.seen.parts = watch.parts();
    Ok(course.seen)
}

/// Whether a penalty has a gradient: some weight that matters is not where it should be.
fn pulls(penalty: &Penalty, saved: &Saved) -> bool {
    let (matters, anchor) = (format!("{}/", penalty.importance), format!("{}/", penalty.anchor));
    let of = |(name, importance): (&String, &ndarray::Array2<f32>)| {
        let Some(parameter) = name.strip_prefix(&matters) else {
            return false;
        };
        let (weights, anchors) = (
            saved.arrays.get(parameter),
            saved.arrays.get(&format!("{anchor}{parameter}")),
        );
        weights.zip(anchors).is_some_and(|(weights, anchors)| {
            let all = importance.iter().zip(weights.iter().zip(anchors));
            all.into_iter()
                .any(|(importance, (weight, anchor))| *importance != 0.0 && weight != anchor)
        })
    };
    penalty.strength != 0.0 && saved.arrays.iter().any(of)
}
