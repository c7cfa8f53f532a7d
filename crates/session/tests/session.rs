//! Sessions as a program drives them.

#![allow(clippy::unwrap_used, reason = "a wrong step has to fail the test")]

use dentate_continual::Gradient;
use dentate_core::record::{Record, metric};
use dentate_core::{Progress, Scenario};
use dentate_session::{Evaluation, Experiment, Protocol, SavedSession, Session, SessionError, Step};
use dentate_streams::data::Digits;
use dentate_streams::{Split, StreamRecipe};
use proptest::prelude::*;

fn split() -> Split {
    let digits = Digits {
        train: 300,
        test: 100,
        ..Digits::default()
    };
    Split {
        data: Box::new(digits),
        scenario: Scenario::TaskIncremental,
        classes: None,
        classes_per_task: 2,
        shuffle_classes: false,
        online: false,
        validation: 0.0,
    }
}

fn experiment() -> Experiment {
    let learner = Gradient {
        hidden: vec![12],
        batch: 20,
        ..Gradient::default()
    };
    let evaluation = Evaluation {
        batch: 7,
        plasticity: true,
        ..Evaluation::default()
    };
    Experiment::new(split(), learner).seed(3).evaluation(evaluation)
}

/// Go on to the end, and give every record.
fn rest(mut session: Session) -> Vec<Record> {
    while session.step().unwrap() != Step::Finished {}
    session.take_records()
}

#[test]
fn a_session_goes_through_its_steps_in_order() {
    let mut session = experiment().session().unwrap();
    let mut began = Vec::new();
    let (mut updates, mut batches, mut ended) = (0, 0, 0);
    loop {
        match session.step().unwrap() {
            Step::Began(experience) => began.push(experience),
            Step::Learned(Progress::Updated) => updates += 1,
            Step::Evaluated { .. } => batches += 1,
            Step::EndedExperience(_) => ended += 1,
            Step::Finished => break,
            _ => {}
        }
    }
    assert_eq!(began, [0, 1, 2, 3, 4]);
    assert_eq!(ended, 5);
    assert_eq!(session.log().updates, updates);
    assert!((session.fraction() - 1.0).abs() < 1e-12);
    // 100 test rows in batches of 7 for each of the five full evaluations, and more along the way.
    assert!(batches > 5 * 100 / 7, "{batches} batches");
    // It stays at its end.
    assert_eq!(session.step().unwrap(), Step::Finished);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Saved between any two steps, in the middle of an evaluation too, and loaded from a file's bytes: the records are those of a
    /// session that was never saved, and the one that was saved goes on undisturbed.
    #[test]
    fn saved_anywhere_and_loaded_it_goes_on_bit_for_bit(
        steps in 0usize..700,
        protocol in prop::sample::select(vec![
            Protocol::Sequential, Protocol::Joint, Protocol::Cumulative, Protocol::Separate,
        ]),
    ) {
        let new = || experiment().protocol(protocol);
        let whole = rest(new().session().unwrap());
        let mut session = new().session().unwrap();
        for _ in 0..steps {
            session.step().unwrap();
        }
        let saved = session.save().unwrap();
        let saved = SavedSession::from_bytes(&saved.to_bytes().unwrap()).unwrap();
        prop_assert_eq!(&rest(new().resume(saved).unwrap()), &whole);
        prop_assert_eq!(&rest(session), &whole);
    }
}

#[test]
fn protocols_show_the_data_that_they_say() {
    let run = |protocol| experiment().protocol(protocol).run().unwrap();
    let [sequential, joint, cumulative, separate] = [
        Protocol::Sequential,
        Protocol::Joint,
        Protocol::Cumulative,
        Protocol::Separate,
    ]
    .map(run);
    assert!(sequential.accuracy().is_sequence());
    assert!(joint.accuracy().is_joint());
    // Each experience's rows are seen again in all later ones: 1 + 2 + 3 + 4 + 5 times a fifth.
    assert_eq!(cumulative.log().rows, 3 * sequential.log().rows);
    assert_eq!(joint.log().rows, sequential.log().rows);
    assert_eq!(separate.log().rows, sequential.log().rows);
    // Separate networks forget nothing, say nothing of tasks to come, and are as large as all of them.
    let matrix = separate.accuracy();
    assert_eq!(matrix.forgetting(), Some(0.0));
    assert_eq!(matrix.forward_transfer(), None);
    for i in 0..5 {
        for j in 0..5 {
            assert_eq!(matrix.get(i, j).is_some(), j <= i, "{i} {j}");
        }
    }
    let last = |records: &[Record]| {
        let of = records.iter().rev().find(|r| r.metric == metric::PARAMETERS);
        of.unwrap().value
    };
    let inputs = 784.0;
    let one = inputs * 12.0 + 12.0 + 12.0 * 2.0 + 2.0;
    assert_eq!(last(separate.records()), 5.0 * one);
    assert_eq!(last(sequential.records()), one + 4.0 * (12.0 * 2.0 + 2.0));
}

#[test]
fn what_does_not_fit_is_refused() {
    let other = Split {
        classes_per_task: 5,
        ..split()
    };
    let saved = experiment().session().unwrap().save().unwrap();
    let learner = Gradient {
        hidden: vec![12],
        ..Gradient::default()
    };
    let error = Experiment::new(other.clone(), learner.clone())
        .resume(saved)
        .err()
        .unwrap();
    assert!(
        matches!(&error, SessionError::OtherExperiment { setting, .. } if setting == "seed"),
        "{error}"
    );
    // Of streams that were built by hand no recipe is known, and the rows tell.
    let built = |split: Split| {
        let stream = split.build(&dentate_streams::DataEnv::default(), dentate_core::Seed(1));
        Experiment::on(stream.unwrap(), learner.clone())
    };
    let saved = built(split()).session().unwrap().save().unwrap();
    assert!(built(split()).resume(saved.clone()).is_ok());
    let error = built(other).resume(saved).err().unwrap();
    assert!(matches!(error, SessionError::OtherRows), "{error}");

    let wrong = Gradient {
        batch: 0,
        ..learner.clone()
    };
    let error = Experiment::new(split(), wrong).session().err().unwrap();
    assert!(matches!(error, SessionError::Config(_)), "{error}");

    let error = SavedSession::from_bytes(b"not a session").err().unwrap();
    assert!(matches!(error, SessionError::Container(_)), "{error}");

    let stream = split()
        .build(&dentate_streams::DataEnv::default(), dentate_core::Seed(1))
        .unwrap();
    let backend = || -> Box<dyn dentate_core::Backend> { Box::new(dentate_backends::Native::new()) };
    let built = dentate_core::LearnerRecipe::build(
        &learner,
        dentate_core::BuildContext {
            backend: &backend,
            seed: dentate_core::Seed(1),
        },
    );
    let setup = dentate_session::Setup {
        protocol: Some(Protocol::Separate),
        ..Default::default()
    };
    let error = Session::with_learner(stream, built.unwrap(), setup)
        .err()
        .unwrap();
    assert!(matches!(error, SessionError::OneLearner), "{error}");
}
