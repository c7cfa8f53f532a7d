//! Laws of whole runs: repeated, interrupted, on hostile data; and of the configuration.

use super::Subject;
use super::candidate::Candidate;
use super::course::{Course, End, Moment, refusal, same, through, told};
use super::hold::{hold, law};
use super::seen::Seen;
use super::world::{Data, World};
use dentate_core::{LearnError, Predictions, Progress};

law! {
    /// One seed gives the same plans and the same bits.
    one_seed_gives_the_same_run, REPEATS = 24, &[Data::Plain], repeats, |_, _| true
}

pub(super) fn repeats(world: &World, candidate: &Candidate) -> Result<Seen, String> {
    let (mut one, mut other) = (Course::new(world, candidate)?, Course::new(world, candidate)?);
    loop {
        let (a, b) = (one.step(), other.step());
        if a != b {
            return Err(format!(
                "with one seed, a step was {a:?} the first time and {b:?} the second"
            ));
        }
        let (journal, again) = (
            one.learner.architecture().journal(),
            other.learner.architecture().journal(),
        );
        if journal != again {
            let last = |journal: &dentate_core::Journal| format!("{:?}", journal.events.last());
            return Err(format!(
                "with one seed, it planned {} and then {}",
                last(journal),
                last(again)
            ));
        }
        same(&one.moment()?, &other.moment()?)
            .map_err(|what| format!("with one seed, {what} differs the second time"))?;
        match a {
            Ok(Some(_)) => {}
            Ok(None) => return Ok(one.seen.and_tested(true)),
            Err(end) => return refusal(end).map(|_| one.seen),
        }
    }
}

law! {
    /// Saved between any two steps and loaded into a new learner, it continues to the bit.
    saved_anywhere_it_goes_on_to_the_bit, RESUMES = 24, &[Data::Plain], resumes, |_, _| true
}

pub(super) fn resumes(world: &World, candidate: &Candidate) -> Result<Seen, String> {
    let mut whole = Course::new(world, candidate)?;
    let mut steps = 0;
    let mut turn = || {
        steps += 1;
        // Not at every step: early ones, where most happens, and then fewer and fewer.
        steps < 6 || steps % 7 == 0
    };
    let mut cut = Course::new(world, candidate)?;
    loop {
        if turn() {
            let saved = cut.saved()?;
            let mut fresh = Course::new(world, candidate)?.learner;
            for experience in 0..=cut.experience.min(world.experiences - 1) {
                let pool = world.rows_of(experience);
                fresh.attach_data(pool.data()).map_err(|e| e.to_string())?;
            }
            fresh
                .load(&saved)
                .map_err(|e| format!("what was saved cannot be loaded: {e}"))?;
            cut.learner = fresh;
        }
        let (a, b) = (whole.step(), cut.step());
        if a != b {
            return Err(format!("saved and loaded, a step was {b:?} instead of {a:?}"));
        }
        let (one, other) = (whole.moment()?, cut.moment()?);
        same(&one, &other).map_err(|what| format!("saved and loaded, {what} differs"))?;
        if one.state != other.state {
            return Err("saved and loaded, its state differs".into());
        }
        match a {
            Ok(Some(_)) => {}
            Ok(None) => return Ok(whole.seen.and_tested(true)),
            Err(end) => return refusal(end).map(|_| whole.seen),
        }
    }
}

law! {
    /// On constant, one-class, huge, tiny, repeated or missing data nothing panics, and no parameter becomes NaN: a loss that
    /// does is reported, and the parameters stay as they were; so is an answer that would be NaN.
    hostile_data_does_no_harm, HARMLESS = 48, &Data::HOSTILE, harmless, |_, _| true
}

pub(super) fn harmless(world: &World, candidate: &Candidate) -> Result<Seen, String> {
    let finite = |moment: &Moment| {
        let odd = moment
            .weights
            .iter()
            .find(|(_, weight)| !weight.value.is_finite());
        if let Some((name, weight)) = odd {
            return Err(format!("{} became {}", told(name), weight.value));
        }
        let odd = moment
            .arrays
            .iter()
            .find(|(_, values)| moment.weights.is_empty() && values.iter().any(|v| !v.is_finite()));
        match odd {
            None => Ok(()),
            Some((name, _)) => Err(format!("the array `{name}` holds what is no number")),
        }
    };
    let past = through(world, candidate, |course, _, after, progress| match progress {
        // Within an experience the next loss shows it.
        Progress::Finished => {
            finite(after)?;
            match course.predictions(course.experience - 1) {
                Ok(answers) => sound(&answers),
                Err(LearnError::Overflow { .. }) => Ok(()),
                Err(error) => Err(format!("it could not predict: {error}")),
            }
        }
        _ => Ok(()),
    })?;
    let finished = past.end == End::Finished;
    if finished {
        finite(&past.last)?;
    }
    Ok(past.seen.and_tested(finished))
}

/// Check that every prediction is a number, or −∞ for an unknown class.
fn sound(answers: &Predictions) -> Result<(), String> {
    match answers {
        Predictions::Scores(all) | Predictions::Values(all) | Predictions::Codes(all) => {
            if all.iter().any(|v| v.is_nan()) {
                return Err("an answer is not a number, and nothing says so".into());
            }
            Ok(())
        }
        Predictions::Abstain => Ok(()),
    }
}

/// The configuration is valid, survives a round trip through TOML, and refuses unknown keys.
///
/// # Panics
/// If it does not.
pub fn configuration_survives_toml(subject: &Subject) {
    for candidate in &subject.candidates {
        let (name, kind) = (candidate.name(), candidate.kind());
        if let Err(error) = candidate.check() {
            panic!("`{name}` refuses its own configuration: {error}");
        }
        let text = candidate
            .toml()
            .unwrap_or_else(|e| panic!("`{name}` cannot be written as TOML: {e}"));
        let back = Candidate::read(kind, &text)
            .unwrap_or_else(|e| panic!("`{name}` cannot be read back from its own TOML: {e}\n{text}"));
        assert_eq!(
            back.toml().ok(),
            Some(text.clone()),
            "`{name}` changes on its way through TOML"
        );
        let unknown = format!("no_such_key = 1\n{text}");
        assert!(
            Candidate::read(kind, &unknown).is_err(),
            "`{name}` accepts a key that it does not know: put `#[serde(deny_unknown_fields)]` on it"
        );
    }
}
