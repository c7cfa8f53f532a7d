//! Growing neural gas on two-dimensional points through a source: no backend, no gradient, a graph of units that the
//! framework's graph knows only as one layer.

use dentate_core::{
    Access, Backend, BuildContext, DataId, Dataset, Event, ExperienceInfo, Learner, LearnerRecipe, MetricLog,
    Predictions, Progress, Samples, Scenario, Seed, TargetKind, Targets, TaskId, TaskInfo,
};
use dentate_learners::maps::GrowingNeuralGas;
use dentate_testkit::{Native, Pool};
use ndarray::Array2;
use rand::Rng;

/// All rows of a data set, in an order that depends on the pass.
fn cloud(data: &Dataset) -> Pool {
    let rows = (0..data.len() as u32).collect();
    Pool::new(data.clone(), TaskId(0), rows, Access::Revisitable, Seed(0))
}

/// Points on two circles, one a class.
fn circles(labelled: bool) -> Dataset {
    let mut random = Seed(3).random();
    let (mut values, mut labels) = (Vec::new(), Vec::new());
    for i in 0..300u32 {
        let angle = random.random::<f32>() * std::f32::consts::TAU;
        let centre = if i % 2 == 0 { -2.0 } else { 2.0 };
        values.extend([centre + angle.cos(), angle.sin()]);
        labels.push(i % 2);
    }
    let targets = if labelled {
        Targets::Classes { labels, classes: 3 }
    } else {
        Targets::None
    };
    Dataset::new(DataId(0), Samples::Floats(values), vec![2], targets).unwrap()
}

fn experience() -> ExperienceInfo {
    ExperienceInfo {
        index: 0,
        scenario: Scenario::Single,
        tasks: vec![TaskInfo {
            id: TaskId(0),
            classes: vec![0, 1],
        }],
        target: TargetKind::Inputs,
        features: 2,
        access: Access::Revisitable,
    }
}

/// The gas, as a suite would build it.
fn gas(epochs: u64) -> Box<dyn Learner> {
    let spec = GrowingNeuralGas {
        insert_every: 40,
        max_units: 30,
        epochs,
        batch: 1,
        ..GrowingNeuralGas::default()
    };
    let backend = || Box::new(Native::new()) as Box<dyn Backend>;
    let setting = BuildContext {
        backend: &backend,
        seed: Seed(1),
    };
    spec.build(setting).unwrap()
}

fn run(learner: &mut dyn Learner, source: &mut Pool, log: &mut MetricLog, most: usize) -> usize {
    let advances = (0..most).take_while(|_| learner.advance(source, log).unwrap() != Progress::Finished);
    advances.count()
}

fn prototypes(learner: &mut dyn Learner) -> Array2<f32> {
    learner.save().unwrap().arrays["prototypes"].clone()
}

/// Mean squared distance of rows to the codes they get.
fn error(learner: &mut dyn Learner) -> f32 {
    let data = circles(false);
    let rows: Vec<u32> = (0..data.len() as u32).collect();
    let Predictions::Codes(codes) = learner.predict(&data, &rows, None).unwrap() else {
        panic!("points without a target are coded");
    };
    (codes - data.gather(&rows).unwrap()).mapv(|d| d * d).sum() / rows.len() as f32
}

#[test]
fn a_gas_learns_where_points_lie() {
    let data = circles(true);
    let (mut gas, mut source, mut log) = (gas(6), cloud(&data), MetricLog::default());
    gas.begin(&experience()).unwrap();
    run(gas.as_mut(), &mut source, &mut log, 50);
    let early = error(gas.as_mut());
    run(gas.as_mut(), &mut source, &mut log, usize::MAX);
    let late = error(gas.as_mut());
    assert!(late < 0.1 * early, "{late} of {early}");
    let places = prototypes(gas.as_mut());
    assert!(places.nrows() > 10);
    // Edges that nothing wins across any more are gone: the circles have come apart.
    let drawing = log.records.iter().rfind(|r| r.metric == "drawing").unwrap();
    let edges = drawing.item.as_deref().unwrap().split('|').nth(1).unwrap();
    for edge in edges.split(',') {
        let (a, b) = edge.split_once('-').unwrap();
        let x = |unit: &str| places[(unit.parse::<usize>().unwrap(), 0)];
        assert!(x(a) * x(b) > 0.0, "{edge}");
    }
    assert_eq!(log.updates, 6 * 300);
    assert!((gas.fraction() - 1.0).abs() < 1e-9);

    // The layer that stands for the codebook has the units' lineage.
    let graph = gas.architecture().graph();
    assert_eq!(graph.named("codebook").unwrap().width(), places.nrows());
    let grown = |e: &&Event| matches!(e, Event::Applied { born: 1, .. });
    let journal = gas.architecture().journal();
    assert!(journal.events.iter().filter(grown).count() >= places.nrows() - 2);
    assert_eq!(&journal.replay(journal.events.len()).unwrap(), graph);

    let rows: Vec<u32> = (0..300).collect();
    let Predictions::Scores(scores) = gas.predict(&data, &rows, None).unwrap() else {
        panic!("labelled data are scored");
    };
    let right = rows.iter().filter(|&&r| {
        let (i, label) = (r as usize, data.label(r).unwrap() as usize);
        (0..3).all(|c| c == label || scores[(i, c)] < scores[(i, label)])
    });
    assert!(right.count() >= 295);
}

/// Save after so many advances, and go on with and without the break.
fn broken_off(after: usize) {
    let data = circles(true);
    let (mut whole, mut source, mut log) = (gas(3), cloud(&data), MetricLog::default());
    whole.begin(&experience()).unwrap();
    run(whole.as_mut(), &mut source, &mut log, after);
    let state = whole.save().unwrap();
    let mut again = gas(3);
    again.load(&state).unwrap();
    // A source stands where it stood.
    let (mut resumed, mut logged) = (source.clone(), log.clone());
    run(whole.as_mut(), &mut source, &mut log, usize::MAX);
    run(again.as_mut(), &mut resumed, &mut logged, usize::MAX);
    assert_eq!(whole.save().unwrap(), again.save().unwrap(), "after {after}");
    assert_eq!(log, logged, "after {after}");
}

#[test]
fn a_saved_gas_goes_on_bit_for_bit() {
    // After the first two units; after a signal that a unit is due after; somewhere; in the second pass.
    for after in [1, 41, 200, 450] {
        broken_off(after);
    }
}
