//! Laws of whole runs: repeated, interrupted, on degenerate data; and of the configuration.

use super::Conformance;
use super::case::{Case, Data};
use super::check_law::{check_law, law};
use super::coverage::Coverage;
use super::driver::{Driver, End, NetworkState, describe, refusal, same, through};
use super::subject::Subject;
use dentate_core::{LearnError, Predictions, Progress};

law! {
    /// One seed gives the same plans and the same bits.
    one_seed_gives_the_same_run, REPEATS = 24, &[Data::Plain], repeats, |_, _| true
}

pub(super) fn repeats(case: &Case, subject: &Subject) -> Result<Coverage, String> {
    let (mut one, mut other) = (Driver::new(case, subject)?, Driver::new(case, subject)?);
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
            Ok(None) => return Ok(one.coverage.and_tested(true)),
            Err(end) => return refusal(end).map(|_| one.coverage),
        }
    }
}

law! {
    /// Saved between any two steps and loaded into a new learner, it continues to the bit.
    resuming_anywhere_is_bit_exact, RESUMES = 24, &[Data::Plain], resumes, |_, _| true
}

pub(super) fn resumes(case: &Case, subject: &Subject) -> Result<Coverage, String> {
    let mut whole = Driver::new(case, subject)?;
    let mut steps = 0;
    let mut turn = || {
        steps += 1;
        // Not at every step: early ones, where most happens, and then fewer and fewer.
        steps < 6 || steps % 7 == 0
    };
    let mut cut = Driver::new(case, subject)?;
    loop {
        if turn() {
            let saved = cut.saved()?;
            let mut fresh = Driver::new(case, subject)?.learner;
            for experience in 0..=cut.experience.min(case.experiences - 1) {
                let pool = case.rows_of(experience);
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
            Ok(None) => return Ok(whole.coverage.and_tested(true)),
            Err(end) => return refusal(end).map(|_| whole.coverage),
        }
    }
}

law! {
    /// On constant, one-class, huge, tiny, repeated or missing data nothing panics, and no parameter becomes NaN: a loss that
    /// does is reported, and the parameters stay as they were; so is an answer that would be NaN.
    degenerate_data_does_no_harm, HARMLESS = 48, &Data::DEGENERATE, harmless, |_, _| true
}

pub(super) fn harmless(case: &Case, subject: &Subject) -> Result<Coverage, String> {
    let finite = |moment: &NetworkState| {
        let odd = moment
            .weights
            .iter()
            .find(|(_, weight)| !weight.value.is_finite());
        if let Some((name, weight)) = odd {
            return Err(format!("{} became {}", describe(name), weight.value));
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
    let past = through(case, subject, |driver, _, after, progress| match progress {
        // Within an experience the next loss shows it.
        Progress::Finished => {
            finite(after)?;
            match driver.predictions(driver.experience - 1) {
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
    Ok(past.coverage.and_tested(finished))
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
pub fn configuration_survives_toml(conformance: &Conformance) {
    for subject in &conformance.subjects {
        let (name, kind) = (subject.name(), subject.kind());
        if let Err(error) = subject.check() {
            panic!("`{name}` refuses its own configuration: {error}");
        }
        let text = subject
            .toml()
            .unwrap_or_else(|e| panic!("`{name}` cannot be written as TOML: {e}"));
        let back = Subject::read(kind, &text)
            .unwrap_or_else(|e| panic!("`{name}` cannot be read back from its own TOML: {e}\n{text}"));
        assert_eq!(
            back.toml().ok(),
            Some(text.clone()),
            "`{name}` changes on its way through TOML"
        );
        let unknown = format!("no_such_key = 1\n{text}");
        assert!(
            Subject::read(kind, &unknown).is_err(),
            "`{name}` accepts a key that it does not know: put `#[serde(deny_unknown_fields)]` on it"
        );
    }
}
