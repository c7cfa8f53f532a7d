use super::*;
use dentate_core::{Access, AnyLearner, ExperienceFacts, Scenario, TargetKind};

fn stream() -> StreamFacts {
    StreamFacts {
        scenario: Scenario::ClassIncremental,
        access: Access::Revisitable,
        target: TargetKind::Classes,
        shape: Some(vec![5]),
        experiences: vec![ExperienceFacts::of(0, vec![0, 1], [None; 2])],
    }
}

/// The parameters of a mirrored stack, by hand.
fn count(widths: &[usize], features: usize) -> u64 {
    let up: Vec<usize> = std::iter::once(features).chain(widths.iter().copied()).collect();
    let encoder: usize = up.windows(2).map(|w| (w[0] + 1) * w[1]).sum();
    let decoder: usize = up.windows(2).map(|w| (w[1] + 1) * w[0]).sum();
    (encoder + decoder) as u64
}

#[test]
fn the_twin_is_the_largest_fixed_stack_within_the_budget() {
    let config = NeurogenesisDeepLearning {
        widths: vec![6, 3],
        max_units: vec![9, 9],
        ..NeurogenesisDeepLearning::default()
    };
    // Two classes whose codes have 4 units.
    let run = RunCosts {
        parameters: 400,
        mean_parameters: 250,
        memory: LearnerMemory {
            parameters: 1600,
            slots: 3200,
            statistics: 2 * 4 * (4 + 16),
            ..LearnerMemory::default()
        },
        units: vec![8, 4, 8],
        ..RunCosts::default()
    };
    let twin = |budget| {
        let twin = AnyLearner::twin(&config, budget, &run, &stream()).unwrap();
        assert!(!twin.grows());
        let twin = toml::Table::try_from(twin).unwrap();
        let widths = twin["widths"].as_array().unwrap().iter();
        widths
            .map(|w| w.as_integer().unwrap() as usize)
            .collect::<Vec<_>>()
    };
    // The steps of the factor for widths of 6 and 3 are sixths.
    let largest = |fits: &dyn Fn(&[usize]) -> bool| {
        let all = (1..60_usize).map(|k| vec![k, (3 * k / 6).max(1)]);
        all.filter(|widths| fits(widths)).last().unwrap()
    };
    assert_eq!(
        twin(TwinBudget::FinalParameters),
        largest(&|w| count(w, 5) <= 400)
    );
    assert_eq!(twin(TwinBudget::MeanParameters), largest(&|w| count(w, 5) <= 250));
    let bytes = |w: &[usize]| 12 * count(w, 5) + 8 * (w[1] + w[1] * w[1]) as u64;
    assert_eq!(
        twin(TwinBudget::Memory),
        largest(&|w| bytes(w) <= run.memory.total())
    );
    assert!(twin(TwinBudget::FinalParameters)[0] > 6);
    assert!(AnyLearner::has_twin(&config, TwinBudget::Updates).is_err());
}
