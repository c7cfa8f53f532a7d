//! Sessions as a program drives them.

#![allow(clippy::unwrap_used, reason = "a wrong step has to fail the test")]

use dentate_continual::{ExperienceReplay, Gradient};
use dentate_core::record::{Record, metric};
use dentate_core::{Optimizer, Progress, Scenario};
use dentate_session::{Evaluation, Experiment, Protocol, SavedSession, Session, SessionError, Step};
use dentate_streams::data::Digits;
use dentate_streams::{EvaluatedRows, Permuted, RandomLabels, Split, StreamRecipe};
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
        rows_per_task: None,
        transition: 0.0,
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
        every: Some(2),
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

/// The definition of De Lange et al., read off the records: of each task but the last, the lowest of all accuracies that were measured
/// after the experience that it was learned in.
#[test]
fn accuracies_between_boundaries_are_of_the_tasks_so_far_and_enter_the_lowest() {
    let outcome = experiment().run().unwrap();
    let between: Vec<&Record> = outcome
        .records()
        .iter()
        .filter(|r| r.metric == metric::CONTINUAL_ACCURACY)
        .collect();
    // After each second update, every task so far.
    let updates = outcome.log().updates;
    let steps: std::collections::BTreeSet<u64> = between.iter().map(|r| r.step).collect();
    assert_eq!(steps, (1..=updates / 2).map(|n| 2 * n).collect());
    for step in steps {
        let here: Vec<&&Record> = between.iter().filter(|r| r.step == step).collect();
        let tasks: Vec<u32> = here.iter().filter_map(|r| r.task).collect();
        assert_eq!(tasks, (0..=here[0].experience).collect::<Vec<_>>());
    }
    let mut lowest = 0.0;
    for task in 0..4 {
        let of = outcome.records().iter().filter(|r| {
            let accuracy = [metric::ACCURACY, metric::CONTINUAL_ACCURACY].contains(&r.metric.as_ref());
            accuracy && r.task == Some(task) && r.experience > task
        });
        lowest += of.map(|r| r.value).fold(f64::INFINITY, f64::min) / 4.0;
    }
    let matrix = outcome.accuracy();
    assert!((matrix.min_accuracy().unwrap() - lowest).abs() < 1e-12);
    let worst = matrix.get(4, 4).unwrap() / 5.0 + 0.8 * lowest;
    assert!((matrix.worst_case_accuracy().unwrap() - worst).abs() < 1e-12);
    // They are looked at, and change nothing else.
    let evaluation = Evaluation {
        batch: 7,
        plasticity: true,
        ..Evaluation::default()
    };
    let without = experiment().evaluation(evaluation).run().unwrap();
    let others = outcome
        .records()
        .iter()
        .filter(|r| ![metric::CONTINUAL_ACCURACY, metric::ROWS_WITHIN].contains(&r.metric.as_ref()));
    assert!(others.eq(without.records()));
    assert_eq!(without.accuracy().min_accuracy(), None);
}

/// The confusion matrix against predictions that are asked of the trained learner row by row, and against the accuracies.
#[test]
fn predictions_at_the_end_are_counted_by_class() {
    for protocol in [Protocol::Sequential, Protocol::Joint, Protocol::Separate] {
        let outcome = experiment().protocol(protocol).run().unwrap();
        let confusion = outcome.confusion().clone();
        assert_eq!(confusion.rows().values().sum::<u64>(), 100, "{protocol:?}");
        let of = |name: &str| {
            let of = outcome.records().iter().filter(|r| r.metric == name);
            of.cloned().collect::<Vec<Record>>()
        };
        let (last, rows) = (of(metric::ACCURACY), of(metric::TEST_ROWS));
        let right: f64 = last[last.len() - 5..]
            .iter()
            .zip(&rows)
            .map(|(a, n)| a.value * n.value)
            .sum();
        let diagonal: u64 = (0..10).map(|class| confusion.count(class, Some(class))).sum();
        assert!((right - diagonal as f64).abs() < 1e-9, "{protocol:?}");
        let by_class = of(metric::CLASS_ACCURACY);
        assert_eq!(by_class.len(), 10);
        for (record, (class, share)) in by_class.iter().zip(confusion.by_class()) {
            assert_eq!(record.item, Some(class.to_string()));
            assert_eq!((record.value, record.task), (share, None));
        }
        // Tasks are given here, so that no row is taken for a class of another task.
        for ((own, predicted), _) in confusion.counts() {
            assert_eq!(predicted.map(|class| class / 2), Some(own / 2));
        }
        if protocol == Protocol::Separate {
            continue;
        }
        let stream = split().build(
            &dentate_streams::DataEnv::default(),
            dentate_core::Seed(3).derive("stream"),
        );
        let mut learner = outcome.into_learner();
        let mut slow = dentate_core::metrics::Confusion::default();
        for experience in stream.unwrap().experiences {
            let part = experience.test;
            for row in part.rows.to_vec() {
                let scores = learner.predict(&part.data, &[row], Some(part.task)).unwrap();
                let dentate_core::Predictions::Scores(scores) = scores else {
                    panic!()
                };
                let best = dentate_core::Predictions::best(scores.row(0));
                slow.add(part.data.label(row).unwrap(), best, 1);
            }
        }
        assert_eq!(confusion, slow, "{protocol:?}");
    }
}

/// After each experience: the weights, and Adam's two moments of them; of separate networks all weights, and the moments of the last.
#[test]
fn memory_is_recorded_after_each_experience() {
    for protocol in [Protocol::Sequential, Protocol::Separate] {
        let outcome = experiment().protocol(protocol).run().unwrap();
        let of = |name: &str, item: Option<&str>| -> Vec<f64> {
            let records = outcome
                .records()
                .iter()
                .filter(|r| r.metric == name && r.item.as_deref() == item);
            records.map(|r| r.value).collect()
        };
        let parameters = of(metric::MEMORY, Some("parameters"));
        let slots = of(metric::MEMORY, Some("slots"));
        assert_eq!((parameters.len(), slots.len()), (5, 5));
        let last = of(metric::PARAMETERS, None).pop().unwrap();
        assert_eq!(parameters[4], 4.0 * last);
        let own = if protocol == Protocol::Separate {
            last / 5.0
        } else {
            last
        };
        assert_eq!(slots[4], 8.0 * own);
        assert!(of(metric::MEMORY, Some("rows")).is_empty());
    }
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

/// Three permutations that change gradually throughout, and a buffer, which holds rows of the task to come.
fn gradual() -> Experiment {
    let digits = Digits {
        train: 120,
        test: 40,
        ..Digits::default()
    };
    let stream = Permuted::new(digits, 3)
        .online()
        .rows_per_task(90)
        .transition(1.0);
    let learner = Gradient {
        hidden: vec![12],
        batch: 10,
        ..Gradient::default()
    };
    Experiment::new(stream, learner.mechanism(ExperienceReplay::default())).seed(3)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn saved_in_a_transition_it_goes_on_bit_for_bit(steps in 0usize..70) {
        let whole = rest(gradual().session().unwrap());
        let mut session = gradual().session().unwrap();
        for _ in 0..steps {
            session.step().unwrap();
        }
        let saved = SavedSession::from_bytes(&session.save().unwrap().to_bytes().unwrap()).unwrap();
        prop_assert_eq!(&rest(gradual().resume(saved).unwrap()), &whole);
        prop_assert_eq!(&rest(session), &whole);
    }
}

#[test]
fn rows_of_the_next_task_are_learned_before_the_boundary() {
    let records = rest(gradual().session().unwrap());
    let online: Vec<(u32, Option<u32>)> = records
        .iter()
        .filter(|r| r.metric == metric::PREQUENTIAL)
        .map(|r| (r.experience, r.task))
        .collect();
    let of = |experience, task| (experience, Some(task));
    assert_eq!(online, [of(0, 0), of(0, 1), of(1, 1), of(1, 2), of(2, 2)]);
    // 90 and half a task, half a task and the next one's, and the rest.
    let updates: Vec<u64> = (0..3)
        .map(|e| {
            records
                .iter()
                .filter(|r| r.experience == e)
                .map(|r| r.step)
                .max()
                .unwrap()
        })
        .collect();
    assert_eq!(updates, [14, 23, 28], "135, 90 and 45 rows in batches of ten");
}

/// Random labels can be memorised and say nothing of other rows: tasks are evaluated on the rows that they are trained on.
#[test]
fn random_labels_are_evaluated_on_the_rows_that_were_learned() {
    let digits = Digits {
        train: 100,
        test: 30,
        ..Digits::default()
    };
    let learner = Gradient {
        hidden: vec![60],
        batch: 10,
        ..Gradient::default()
    };
    let stream = RandomLabels::new(digits, 2).rows_per_task(40);
    let outcome = Experiment::new(stream, learner.optimizer(Optimizer::adam(3e-3)).epochs(150))
        .seed(1)
        .run()
        .unwrap();
    assert_eq!(outcome.stream().evaluated, EvaluatedRows::Training);
    let rows: Vec<f64> = outcome
        .records()
        .iter()
        .filter(|r| r.metric == metric::TEST_ROWS)
        .map(|r| r.value)
        .collect();
    assert_eq!(rows, [40.0, 40.0]);
    let matrix = outcome.accuracy();
    let (first, second) = (matrix.get(0, 0).unwrap(), matrix.get(1, 1).unwrap());
    assert!(first > 0.9 && second > 0.8, "memorised: {first} and {second}");
    let forgotten = matrix.get(1, 0).unwrap();
    assert!(
        forgotten < 0.5,
        "the same rows have other labels now: {forgotten}"
    );
}
