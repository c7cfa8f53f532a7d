use crate::maps::{GrowingNeuralGas, KMeans, Reading};
use dentate_core::{Access, Scenario, TargetKind};
use dentate_core::{AnyLearner, RunCosts, StreamFacts, TwinBudget};

fn stream() -> StreamFacts {
    StreamFacts {
        scenario: Scenario::Single,
        access: Access::Revisitable,
        target: TargetKind::Inputs,
        shape: Some(vec![3]),
        experiences: Vec::new(),
    }
}

#[test]
fn the_twin_of_a_map_is_k_means_with_as_many_centres() {
    let map = GrowingNeuralGas {
        epochs: 4,
        batch: 5,
        reading: Reading {
            nearest: 2,
            ..Reading::default()
        },
        ..GrowingNeuralGas::default()
    };
    let run = RunCosts {
        parameters: 33,
        mean_parameters: 20,
        units: vec![11],
        ..RunCosts::default()
    };
    let twin = |budget| {
        let twin = AnyLearner::twin(&map, budget, &run, &stream());
        twin.map(|twin| toml::to_string(&twin).unwrap())
            .map_err(|error| error.to_string())
    };
    let expected = |units| {
        let twin = KMeans {
            units,
            epochs: 4,
            batch: 5,
            reading: map.reading.clone(),
            ..KMeans::default()
        };
        toml::to_string(&(Box::new(twin) as Box<dyn dentate_core::LearnerSpec>)).unwrap()
    };
    assert_eq!(twin(TwinBudget::FinalParameters), Ok(expected(11)));
    assert_eq!(twin(TwinBudget::Memory), Ok(expected(11)));
    // Six centres have 18 numbers, seven would have 21.
    assert_eq!(twin(TwinBudget::MeanParameters), Ok(expected(6)));
    assert!(
        twin(TwinBudget::MultiplyAdds)
            .unwrap_err()
            .contains("take `final-parameters`")
    );
    assert!(AnyLearner::has_twin(&map, TwinBudget::Updates).is_err());
}
