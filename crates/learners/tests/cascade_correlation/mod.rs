//! Cascade-correlation on the two spirals of its paper, and in a stream.

use dentate_core::{
    Access, Backend, BuildContext, DataId, Dataset, ExperienceInfo, Learner, LearnerRecipe, MetricLog,
    Predictions, Progress, Samples, Scenario, Seed, TargetKind, Targets, TaskId, TaskInfo,
};
use dentate_learners::cascade_correlation::CascadeCorrelation;
use dentate_testkit::Pool;
use dentate_testkit::toy::Toy;
use ndarray::Array2;

fn build(config: &CascadeCorrelation, seed: u64) -> Box<dyn Learner> {
    let backend = || Box::new(dentate_testkit::Native::new()) as Box<dyn Backend>;
    let setting = BuildContext {
        backend: &backend,
        seed: Seed(seed),
    };
    config.build(setting).unwrap()
}

/// 97 pairs of points with the targets ±0.5: angle i π / 16, radius 6.5 (104 − i) / 104.
fn spirals() -> Dataset {
    let (mut samples, mut targets) = (Vec::new(), Vec::new());
    for i in 0..97 {
        let angle = f64::from(i) * std::f64::consts::PI / 16.0;
        let radius = 6.5 * f64::from(104 - i) / 104.0;
        let (x, y) = ((radius * angle.sin()) as f32, (radius * angle.cos()) as f32);
        samples.extend([x, y, -x, -y]);
        targets.extend([0.5, -0.5]);
    }
    let targets = Array2::from_shape_vec((194, 1), targets).unwrap();
    Dataset::new(
        DataId(0),
        Samples::Floats(samples),
        vec![2],
        Targets::Values(targets),
    )
    .unwrap()
}

/// Fahlman & Lebiere report 12 to 19 units, 15.2 in the mean of 100 runs. Of ten seeds at least eight are solved here with at most 25,
/// every point within 0.4 of its target.
#[test]
fn two_spirals_take_at_most_25_units() {
    let data = spirals();
    let rows: Vec<u32> = (0..194).collect();
    let info = ExperienceInfo {
        index: 0,
        scenario: Scenario::Single,
        tasks: vec![TaskInfo {
            id: TaskId(0),
            classes: Vec::new(),
        }],
        target: TargetKind::Values(1),
        features: 2,
        access: Access::Revisitable,
    };
    let mut units = Vec::new();
    for seed in 0..10 {
        let mut learner = build(&CascadeCorrelation::default(), seed);
        let mut source = Pool::new(
            data.clone(),
            TaskId(0),
            rows.clone(),
            Access::Revisitable,
            Seed(seed),
        );
        let mut log = MetricLog::default();
        learner.begin(&info).unwrap();
        while learner.advance(&mut source, &mut log).unwrap() != Progress::Finished {}
        let Predictions::Values(found) = learner.predict(&data, &rows, None).unwrap() else {
            panic!("values are expected");
        };
        let wanted = |row: usize| if row.is_multiple_of(2) { 0.5 } else { -0.5 };
        let right = found
            .column(0)
            .indexed_iter()
            .all(|(row, y)| (y - wanted(row)).abs() < 0.4);
        let hidden = learner.architecture().graph().hidden().count();
        assert!(hidden <= 25);
        if right {
            units.push(hidden);
        }
    }
    println!("{units:?}");
    assert!(units.len() >= 8, "{units:?} units where it was solved");
}

/// Frozen units and outputs for classes that do not occur keep every bit through later tasks; a save and a load in between change nothing.
#[test]
fn later_tasks_leave_earlier_answers_alone() {
    let toy = Toy::new(Scenario::TaskIncremental, 3);
    let config = CascadeCorrelation {
        max_units: 2,
        epochs: 6,
        // So slow that nothing is solved before it has grown.
        output_rate: 0.01,
        ..CascadeCorrelation::default()
    };
    let rows: Vec<u32> = (0..60).collect();
    let answers = |learner: &mut dyn Learner, task: u32| match learner
        .predict(&toy.data, &rows, Some(TaskId(task)))
        .unwrap()
    {
        Predictions::Scores(scores) => scores.mapv(f32::to_bits),
        other => panic!("scores are expected, not {other:?}"),
    };
    let mut learner = build(&config, 3);
    let (mut first, mut log, mut steps) = (None, MetricLog::default(), 0);
    for task in 0..3 {
        let mut source = toy.source(task);
        learner.begin(&toy.info(task)).unwrap();
        loop {
            steps += 1;
            if steps % 7 == 0 {
                let saved = learner.save().unwrap();
                let mut other = build(&config, 3);
                other.load(&saved).unwrap();
                learner = other;
            }
            if learner.advance(&mut source, &mut log).unwrap() == Progress::Finished {
                break;
            }
        }
        let now = answers(learner.as_mut(), 0);
        let hidden = learner.architecture().graph().hidden().count();
        assert!(
            (1..=2 * (task + 1)).contains(&hidden),
            "{hidden} units after task {task}"
        );
        assert_eq!(
            first.get_or_insert_with(|| now.clone()),
            &now,
            "after task {task}"
        );
    }
    assert!(
        log.edits > 3 && log.updates > 12,
        "{} edits, {} updates",
        log.edits,
        log.updates
    );
}
