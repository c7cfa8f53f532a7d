//! Heads in closed form, driven as an experiment drives them.

use dentate_core::{
    Backend, BuildContext, Cause, Event, LearnError, Learner, LearnerSpec, MetricLog, MissingRow,
    Predictions, Progress, Scenario, Seed, StreamFacts, TargetKind, TaskId,
};
use dentate_learners::closed_form::{
    Distance, NearestClassMean, RanPac, StreamingLinearDiscriminantAnalysis,
};
use dentate_testkit::toy::{FEATURES, Toy};

dentate_testkit::conformance_learner!(
    NearestClassMean {
        batch: 3,
        ..NearestClassMean::default()
    },
    NearestClassMean {
        distance: Distance::Cosine,
        batch: 1,
    },
    StreamingLinearDiscriminantAnalysis {
        shrinkage: 1e-2,
        batch: 2,
    },
    StreamingLinearDiscriminantAnalysis {
        shrinkage: 1e-15,
        batch: 5,
    },
    RanPac {
        width: 7,
        ridge: Some(1e-2),
        batch: 3,
    },
    RanPac {
        width: 6,
        ridge: None,
        batch: 4,
    },
    RanPac {
        width: 140,
        ridge: Some(1e-9),
        batch: 4,
    },
);

fn all() -> [Box<dyn LearnerSpec>; 4] {
    [
        Box::new(NearestClassMean {
            batch: 7,
            ..NearestClassMean::default()
        }),
        Box::new(NearestClassMean {
            distance: Distance::Cosine,
            batch: 7,
        }),
        Box::new(StreamingLinearDiscriminantAnalysis {
            batch: 7,
            ..StreamingLinearDiscriminantAnalysis::default()
        }),
        Box::new(RanPac {
            width: 50,
            ridge: Some(1.0),
            batch: 7,
        }),
    ]
}

fn built(spec: &dyn LearnerSpec, seed: u64) -> Box<dyn Learner> {
    let backend = || Box::new(dentate_testkit::Native::new()) as Box<dyn Backend>;
    let setting = BuildContext {
        backend: &backend,
        seed: Seed(seed),
    };
    spec.build(setting).unwrap()
}

/// All bits of the answers for all rows.
fn answers(learner: &mut dyn Learner, toy: &Toy, task: Option<TaskId>) -> Vec<u32> {
    let rows: Vec<u32> = (0..toy.data.len() as u32).collect();
    match learner.predict(&toy.data, &rows, task).unwrap() {
        Predictions::Scores(scores) => scores.iter().map(|v| v.to_bits()).collect(),
        Predictions::Abstain => Vec::new(),
        other => panic!("{other:?}"),
    }
}

/// Drives a learner through a stream; `between` may put another in its place after every step.
fn drive(
    spec: &dyn LearnerSpec,
    toy: &Toy,
    tasks: usize,
    mut between: impl FnMut(Box<dyn Learner>) -> Box<dyn Learner>,
) -> Box<dyn Learner> {
    let mut learner = built(spec, 4);
    for index in 0..tasks {
        let (mut source, mut log) = (toy.source(index), MetricLog::default());
        learner.begin(&toy.info(index)).unwrap();
        while learner.advance(&mut source, &mut log).unwrap() != Progress::Finished {
            learner = between(learner);
        }
        assert_eq!((log.rows, log.updates), (60, 9));
        assert!(learner.fraction() == 1.0 && log.multiply_adds > 0);
    }
    learner
}

/// Separable classes are separated in every scenario, at once and for good.
#[test]
fn all_tasks_are_known_at_the_end() {
    for scenario in [
        Scenario::ClassIncremental,
        Scenario::TaskIncremental,
        Scenario::DomainIncremental,
    ] {
        let toy = Toy::new(scenario, 3);
        for spec in all() {
            let mut learner = drive(spec.as_ref(), &toy, 3, |learner| learner);
            let accuracy = toy.accuracy(learner.as_mut());
            // Two classes of three blobs each are no matter of means.
            let least = if scenario == Scenario::DomainIncremental {
                0.5
            } else {
                0.99
            };
            assert!(
                accuracy >= least,
                "{}: {accuracy} of {scenario:?}",
                spec.typetag_name()
            );
        }
    }
}

/// With a given task only its classes compete, and a task that has not been seen has no scores.
#[test]
fn only_classes_of_the_given_task_compete() {
    let toy = Toy::new(Scenario::TaskIncremental, 3);
    for spec in all() {
        let mut learner = drive(spec.as_ref(), &toy, 2, |learner| learner);
        for task in 0..2u32 {
            let scores = learner
                .predict(&toy.data, &[0, 70, 130], Some(TaskId(task)))
                .unwrap();
            let Predictions::Scores(scores) = scores else {
                panic!("{scores:?}");
            };
            for row in scores.rows() {
                for (class, score) in row.iter().enumerate() {
                    assert_eq!(score.is_finite(), class as u32 / 2 == task, "{row}");
                }
            }
        }
        assert!(answers(learner.as_mut(), &toy, Some(TaskId(2))).is_empty());
        assert!(!answers(learner.as_mut(), &toy, None).is_empty());
    }
}

/// Saved after any step and loaded into a new learner of another seed, it has the same state and the same answers to the bit.
#[test]
fn saved_after_any_step_it_goes_on_to_the_bit() {
    let toy = Toy::new(Scenario::ClassIncremental, 3);
    for spec in all() {
        let mut whole = drive(spec.as_ref(), &toy, 3, |learner| learner);
        let mut steps = 0;
        let mut cut = drive(spec.as_ref(), &toy, 3, |mut learner| {
            steps += 1;
            let before = answers(learner.as_mut(), &toy, None);
            let saved = learner.save().unwrap();
            let mut fresh = built(spec.as_ref(), 5);
            fresh.attach_data(&toy.data).unwrap();
            fresh.load(&saved).unwrap();
            assert_eq!(fresh.save().unwrap(), saved);
            assert_eq!(answers(fresh.as_mut(), &toy, None), before);
            fresh
        });
        assert_eq!(steps, 30);
        assert_eq!(cut.save().unwrap(), whole.save().unwrap());
        assert_eq!(
            answers(cut.as_mut(), &toy, None),
            answers(whole.as_mut(), &toy, None)
        );
    }
    let mut means = drive(all()[0].as_ref(), &toy, 1, |learner| learner);
    let saved = means.save().unwrap();
    assert!(matches!(
        built(all()[3].as_ref(), 1).load(&saved),
        Err(LearnError::State(_))
    ));
}

/// A learner's size is what a prediction takes: means; weights and biases; the projection and weights. Heads come as those of networks
/// do, and are no growth. Its memory has the statistics beside.
#[test]
fn sizes_are_those_of_what_answers() {
    for (scenario, heads) in [(Scenario::ClassIncremental, 1), (Scenario::TaskIncremental, 3)] {
        let toy = Toy::new(scenario, 3);
        let wanted = [
            6 * FEATURES,
            6 * FEATURES,
            6 * FEATURES + 6,
            50 * FEATURES + 6 * 50,
        ];
        // Numbers in double precision: six means with counts; the scatter too; products of features, and six sums.
        let means = 6 * (FEATURES + 1);
        let kept = [means, means, means + FEATURES * FEATURES, 50 * 50 + 6 * 50];
        for ((spec, wanted), kept) in all().iter().zip(wanted).zip(kept) {
            let learner = drive(spec.as_ref(), &toy, 3, |learner| learner);
            let memory = learner.memory();
            assert_eq!(
                (memory.parameters, memory.statistics),
                (4 * wanted as u64, 8 * kept as u64)
            );
            let architecture = learner.architecture();
            assert_eq!(
                architecture.graph().parameter_count(),
                wanted,
                "{}",
                spec.typetag_name()
            );
            assert_eq!(architecture.graph().heads().count(), heads);
            let causes = architecture.journal().events.iter().map(|event| match event {
                Event::Applied { plan, .. } => plan.cause.clone(),
                Event::Replaced { .. } => "replaced".into(),
            });
            assert_eq!(
                causes.collect::<Vec<_>>(),
                [Cause::Initial, Cause::Head, Cause::Head]
            );
            assert!(!spec.grows());
        }
    }
}

/// Streams that they are not made for are refused in a sentence, and rows that are not there too.
#[test]
fn what_does_not_fit_is_refused() {
    let toy = Toy::new(Scenario::ClassIncremental, 2);
    for spec in all() {
        let facts = StreamFacts {
            scenario: Scenario::Single,
            access: toy.access,
            target: TargetKind::Values(1),
            shape: None,
            experiences: Vec::new(),
        };
        let text = spec.suits(&facts).unwrap_err().to_string();
        let wanted = format!(
            "`learner` is {}, but it learns classes, and this stream has none",
            spec.typetag_name()
        );
        assert!(text.starts_with(&wanted), "{text}");
        let mut learner = built(spec.as_ref(), 1);
        let mut info = toy.info(0);
        info.target = TargetKind::Values(1);
        assert!(matches!(learner.begin(&info), Err(LearnError::Unsuited(_))));
        learner.begin(&toy.info(0)).unwrap();
        let (mut source, mut log) = (toy.source(0), MetricLog::default());
        assert_eq!(learner.predict(&toy.data, &[0], None), Ok(Predictions::Abstain));
        learner.advance(&mut source, &mut log).unwrap();
        learner.advance(&mut source, &mut log).unwrap();
        let (data, len) = (toy.data.id(), toy.data.len());
        let row = len as u32;
        let missing = MissingRow { data, row, len };
        assert_eq!(
            learner.predict(&toy.data, &[0, row], None),
            Err(LearnError::Row(missing))
        );
        info = toy.info(1);
        info.features += 1;
        assert!(matches!(learner.begin(&info), Err(LearnError::Unsuited(_))));
    }
    for wrong in [0.0, 1.5] {
        let spec = StreamingLinearDiscriminantAnalysis {
            shrinkage: wrong,
            ..StreamingLinearDiscriminantAnalysis::default()
        };
        assert!(dentate_core::Config::in_range(&spec).is_err());
    }
}
