use super::*;
use crate::conv::{ConvLayer, Pooling};
use dentate_core::{Access, AnyLearner, ExperienceFacts, LearnerMemory, Scenario, TargetKind};
use dentate_growth::parts::Deeper;
use dentate_growth::{Composed, DynamicNodeCreation, ProgressiveColumns};

/// Two tasks of two classes each, rows of five features.
fn stream(scenario: Scenario, shape: &[usize]) -> StreamFacts {
    let experience = |task| ExperienceFacts::of(task, vec![2 * task, 2 * task + 1], [Some(10), Some(4)]);
    StreamFacts {
        scenario,
        access: Access::Revisitable,
        target: TargetKind::Classes,
        shape: Some(shape.to_vec()),
        experiences: (0..2).map(experience).collect(),
    }
}

fn run(parameters: u64, units: &[u64]) -> RunCosts {
    RunCosts {
        parameters,
        mean_parameters: parameters / 2,
        memory: LearnerMemory {
            parameters: 4 * parameters,
            slots: 8 * parameters,
            rows: 1000,
            ..LearnerMemory::default()
        },
        updates: vec![30, 40],
        multiply_adds: vec![5000, 9000],
        units: units.to_vec(),
    }
}

fn made(config: &Gradient, budget: TwinBudget, run: &RunCosts, stream: &StreamFacts) -> Gradient {
    let made = twin(config, budget, run, stream).unwrap();
    assert!(!AnyLearner::grows(&made));
    made
}

fn grower(hidden: &[usize]) -> Gradient {
    Gradient {
        hidden: hidden.to_vec(),
        strategy: Box::new(DynamicNodeCreation::default()),
        track_survival: Some(5),
        batch: 7,
        ..Gradient::default()
    }
}

/// A perceptron of one head over four classes, or of two over two each, by hand.
fn count(hidden: &[usize], features: usize, outputs: usize) -> u64 {
    let all: Vec<usize> = std::iter::once(features)
        .chain(hidden.iter().copied())
        .chain([outputs])
        .collect();
    all.windows(2).map(|w| (w[0] + 1) * w[1]).sum::<usize>() as u64
}

#[test]
fn a_twin_has_the_largest_widths_within_the_budget() {
    for scenario in [Scenario::ClassIncremental, Scenario::TaskIncremental] {
        let stream = stream(scenario, &[5]);
        // One hidden layer: 6 w + 4 w + 4 parameters, whichever way the four outputs are headed.
        let run = run(117, &[11]);
        let twin = made(&grower(&[2]), TwinBudget::FinalParameters, &run, &stream);
        assert_eq!(
            (twin.hidden, twin.batch, twin.track_survival),
            (vec![11], 7, None)
        );
        assert_eq!((count(&[11], 5, 4), count(&[12], 5, 4)), (114, 124));
        let mean = made(&grower(&[2]), TwinBudget::MeanParameters, &run, &stream);
        // Two outputs in the first 30 updates, four in the other 40: (30 · 50 + 40 · 64) / 70 is 58.
        assert_eq!(mean.hidden, [6]);
        // Two slots a parameter, and the same rows: the memory is that of as many parameters.
        let memory = made(&grower(&[2]), TwinBudget::Memory, &run, &stream);
        assert_eq!(memory.hidden, [11]);
    }
}

#[test]
fn all_widths_have_one_factor() {
    let stream = stream(Scenario::ClassIncremental, &[5]);
    let twin = made(
        &grower(&[8, 2]),
        TwinBudget::FinalParameters,
        &run(500, &[30, 9]),
        &stream,
    );
    let of = |k: usize| [k, (k / 4).max(1)];
    let most = (1..200).rfind(|k| count(&of(*k), 5, 4) <= 500).unwrap();
    assert_eq!(twin.hidden, of(most));
}

#[test]
fn budgets_of_work_are_those_of_each_experience() {
    let stream = stream(Scenario::ClassIncremental, &[5]);
    let run = run(117, &[11]);
    let updates = made(&grower(&[2]), TwinBudget::Updates, &run, &stream);
    assert_eq!(
        (updates.hidden, updates.budget),
        (vec![11], Budget::UpdatesOfEach(vec![30, 40]))
    );
    let compute = made(&grower(&[2]), TwinBudget::MultiplyAdds, &run, &stream);
    assert_eq!(compute.budget, Budget::MultiplyAddsOfEach(vec![5000, 9000]));
}

#[test]
fn columns_have_a_twin_of_one_columns_depth_and_a_cascade_one_as_deep() {
    let stream = stream(Scenario::TaskIncremental, &[5]);
    let columns = Gradient {
        strategy: Box::new(ProgressiveColumns::default()),
        ..grower(&[3, 3])
    };
    let run = run(400, &[3, 3, 3, 3, 3, 3]);
    let twin = made(&columns, TwinBudget::FinalParameters, &run, &stream);
    assert_eq!(twin.hidden.len(), 2);
    let deeper = Gradient {
        strategy: Box::new(Composed {
            placement: Box::new(Deeper::default()),
            ..Composed::default()
        }),
        ..grower(&[3, 3])
    };
    let twin = made(&deeper, TwinBudget::FinalParameters, &run, &stream);
    assert_eq!(twin.hidden.len(), 6);
    let wider: Vec<usize> = twin.hidden.iter().map(|w| w + 1).collect();
    assert!(
        count(&twin.hidden, 5, 4) <= 400 && count(&wider, 5, 4) > 400,
        "{:?}",
        twin.hidden
    );
    // From nothing on, a level a unit.
    let nothing = Gradient {
        hidden: Vec::new(),
        ..deeper
    };
    let twin = made(&nothing, TwinBudget::FinalParameters, &run, &stream);
    assert_eq!(twin.hidden.len(), 6);
}

#[test]
fn channels_are_scaled_as_units_are_and_groups_divide_them() {
    let stream = stream(Scenario::ClassIncremental, &[1, 8, 8]);
    let conv = |channels, groups| ConvLayer {
        channels: Some(channels),
        kernel: 3,
        stride: 1,
        padding: None,
        depthwise: false,
        groups,
        activation: None,
        normalisation: None,
        pool: Pooling::None,
        dropout: 0.0,
        residual: false,
    };
    let config = Gradient {
        conv: vec![conv(4, 1), conv(4, 2)],
        ..grower(&[8])
    };
    let twin = made(
        &config,
        TwinBudget::FinalParameters,
        &run(20_000, &[4, 4, 90]),
        &stream,
    );
    let channels: Vec<usize> = twin.conv.iter().filter_map(|conv| conv.channels).collect();
    assert!(
        channels[0] == channels[1] && channels[0].is_multiple_of(2),
        "{channels:?}"
    );
    assert!(
        channels[0] > 4 && twin.hidden[0] / 2 >= channels[0],
        "{:?}",
        twin.hidden
    );
    let seen = stream.seen(Protocol::Sequential);
    assert!(sizes(&twin, &seen).unwrap().last().unwrap() <= &20_000);
}

#[test]
fn what_has_no_twin_says_why() {
    let stream = stream(Scenario::ClassIncremental, &[5]);
    let said = |config: &Gradient, run: &RunCosts| {
        let twin = twin(config, TwinBudget::FinalParameters, run, &stream);
        twin.map(|_| ()).unwrap_err().to_string()
    };
    let started = Gradient {
        start: Some("there".into()),
        ..grower(&[2])
    };
    assert!(said(&started, &run(100, &[2])).starts_with("`start` is \"there\""));
    let separate = Gradient {
        protocol: Protocol::Separate,
        ..grower(&[2])
    };
    assert!(said(&separate, &run(100, &[2])).starts_with("`protocol` is separate"));
    assert!(said(&grower(&[2]), &run(5, &[2])).contains("no network of 1 levels"));
}
