use super::*;
use crate::registered::AnyGrowth;
use dentate_core::{
    Access, Activation, ExperienceInfo, Graph, Moment, Scenario, Seed, TaskId, TaskInfo, mlp,
};

fn experience() -> ExperienceInfo {
    ExperienceInfo {
        index: 0,
        scenario: Scenario::ClassIncremental,
        tasks: vec![TaskInfo {
            id: TaskId(0),
            classes: vec![0, 1],
        }],
        target: TargetKind::Classes,
        features: 2,
        access: Access::Revisitable,
    }
}

/// Feeds an error curve; returns the points (from 0) after which a unit was added, and the final width.
fn grown(strategy: &DynamicNodeCreation, curve: &[f64]) -> (Vec<usize>, usize) {
    let plan = mlp(2, &[1], Activation::Sigmoid, Init::He, Seed(1));
    let (mut graph, _) = Graph::empty().apply(&plan, Moment::default()).unwrap();
    let (mut state, experience) = (Curve::default(), experience());
    let mut at = Vec::new();
    for (t, &loss) in curve.iter().enumerate() {
        let mut loss = Some(loss);
        loop {
            let view = View {
                hook: Hook::Update,
                graph: &graph,
                experience: &experience,
                moment: Moment::default(),
                loss: loss.take(),
                measured: None,
                readings: None,
                init: Init::He,
                seed: Seed(t as u64),
                notes: None,
            };
            match strategy.propose(&mut state, &view).unwrap() {
                Action::Grow(plan) => {
                    at.push(t);
                    graph = graph.apply(&plan, Moment::default()).unwrap().0;
                }
                Action::Done(_) => return (at, graph.hidden().next().unwrap().width()),
                _ => break,
            }
        }
    }
    (at, graph.hidden().next().unwrap().width())
}

/// The trigger written out as in the paper, as an independent reference: points where it fires on a given curve.
fn reference(curve: &[f64], window: usize, slope: f64) -> Vec<usize> {
    let (mut t0, mut at) = (0, Vec::new());
    for t in 0..curve.len() {
        if t >= window && t - window >= t0 && ((curve[t] - curve[t - window]) / curve[t0]).abs() < slope {
            at.push(t);
            t0 = t + 1;
        }
    }
    at
}

#[test]
fn it_fires_where_the_equation_says() {
    let strategy = DynamicNodeCreation {
        window: 4,
        interval: 1,
        slope: 0.05,
        mean_error: 1e-9,
        max_units: 1000,
        ..DynamicNodeCreation::default()
    };
    let curve: Vec<f64> = (0..200)
        .map(|t| 0.3 + 0.7 * (-f64::from(t % 60) / 9.0).exp())
        .collect();
    let expected = reference(&curve, 4, 0.05);
    assert!(
        expected.len() > 5,
        "the curve is too dull to test anything: {expected:?}"
    );
    assert_eq!(grown(&strategy, &curve).0, expected);
}

#[test]
fn it_stops_at_its_cap_and_when_satisfied() {
    let flat = vec![0.5; 100];
    let capped = DynamicNodeCreation {
        window: 2,
        interval: 1,
        max_units: 5,
        ..DynamicNodeCreation::default()
    };
    assert_eq!(grown(&capped, &flat).1, 5);
    let mut curve = flat;
    curve[6] = 0.0001;
    let strategy = DynamicNodeCreation {
        window: 2,
        interval: 1,
        ..DynamicNodeCreation::default()
    };
    let (at, _) = grown(&strategy, &curve);
    assert!(at.iter().all(|&t| t < 6), "{at:?}");
}

#[test]
fn settings_out_of_range_are_named() {
    let strategy = DynamicNodeCreation {
        window: 10,
        interval: 50,
        ..DynamicNodeCreation::default()
    };
    assert_eq!(
        strategy.validate().unwrap_err().to_string(),
        "`window` is 10, but has to be at least `interval`"
    );
    let strategy = DynamicNodeCreation {
        slope: f64::NAN,
        ..DynamicNodeCreation::default()
    };
    assert!(strategy.validate().is_err());
}
