//! The memory that a learner holds for learning, and the share of the gradient that its newborn units get.

use super::{Composed, Every, Growth, LearnError, ZeroFanOut, learn, probe, replay, small};
use dentate_continual::{
    DarkExperienceReplay, ElasticWeightConsolidation, Gradient, MechanismSpec, ShrinkAndPerturb,
};
use dentate_core::{LearnerMemory, Optimizer, Parameter, Record, Scenario};
use dentate_growth::{ContinualBackprop, Fixed};
use dentate_testkit::toy::{FEATURES, Toy};

/// The memory after so many experiences, and the number of parameters.
fn held(config: &Gradient, experiences: usize) -> (LearnerMemory, u64) {
    let toy = Toy::new(Scenario::ClassIncremental, 2);
    let mut learner = super::learner(config, 3);
    for index in 0..experiences {
        learn(learner.as_mut(), &toy, index).unwrap();
    }
    let parameters = learner.architecture().graph().parameter_count() as u64;
    (learner.memory(), parameters)
}

#[test]
fn memory_is_the_hand_computed_one() {
    let with = |mechanisms: Vec<Box<dyn MechanismSpec>>, optimizer: Optimizer| Gradient {
        mechanisms,
        optimizer,
        ..small(Box::new(Fixed {}))
    };
    let adam = || Optimizer::adam(1e-3);
    // Adam's two moments, and nothing else.
    let (memory, parameters) = held(&with(vec![], adam()), 1);
    assert_eq!(
        memory,
        LearnerMemory {
            parameters: 4 * parameters,
            slots: 8 * parameters,
            ..LearnerMemory::default()
        }
    );
    assert_eq!(memory.total(), 12 * parameters);
    // Five rows of five features and a label each.
    let (memory, parameters) = held(&with(vec![replay(5)], adam()), 1);
    assert_eq!(
        (memory.rows, memory.payload, memory.slots),
        (5 * 4 * (FEATURES as u64 + 1), 0, 8 * parameters)
    );
    // The first experience's head has two classes, so two logits beside each row.
    let dark = DarkExperienceReplay {
        capacity: 7,
        ..DarkExperienceReplay::default()
    };
    let (memory, _) = held(&with(vec![Box::new(dark), replay(5)], adam()), 1);
    assert_eq!(
        (memory.rows, memory.payload),
        (12 * 4 * (FEATURES as u64 + 1), 7 * 2 * 4)
    );
    // An importance and an anchor beside the moments, once an experience is over.
    let elastic = || vec![Box::<ElasticWeightConsolidation>::default() as Box<dyn MechanismSpec>];
    let (memory, parameters) = held(&with(elastic(), adam()), 1);
    assert!(
        memory.slots >= 16 * parameters && memory.slots % (4 * parameters) == 0,
        "{memory:?}"
    );
    let (memory, _) = held(&with(vec![], adam()), 0);
    assert_eq!(memory, LearnerMemory::default());
}

/// Training and its records, with and without a look at the gradients of newborn units.
fn looked(strategy: &dyn Fn() -> Box<dyn Growth>, mechanisms: bool) -> Result<Vec<Record>, LearnError> {
    let toy = Toy::new(Scenario::DomainIncremental, 2);
    let run = |track_newborn_gradients| {
        let mut config = Gradient {
            track_newborn_gradients,
            ..small(strategy())
        };
        if mechanisms {
            config.mechanisms = vec![replay(5), Box::<ElasticWeightConsolidation>::default()];
        }
        let mut learner = super::learner(&config, 5);
        let (mut records, mut spent) = (Vec::new(), 0);
        for index in 0..2 {
            let (log, _) = learn(learner.as_mut(), &toy, index)?;
            records.extend(log.records);
            spent += log.multiply_adds;
        }
        Ok::<_, LearnError>((
            records,
            spent,
            probe(learner.as_mut(), &toy, None),
            learner.save()?.arrays,
        ))
    };
    let (looked, plain) = (run(true)?, run(false)?);
    let (shares, others): (Vec<Record>, Vec<Record>) = looked
        .0
        .into_iter()
        .partition(|r| r.metric == "unit.gradient-share");
    assert_eq!(others, plain.0);
    assert_eq!((looked.1, looked.2), (plain.1, plain.2));
    // The gradient's own slot is written by a look, and nothing else differs.
    for (name, array) in plain.3 {
        assert_eq!(looked.3.get(&name), Some(&array), "{name}");
    }
    Ok(shares)
}

/// A reset that halves all weights of a network without hidden layers changes them by a half and its outputs by half of what they were;
/// nothing that is trained or counted changes by looking.
#[test]
fn a_reset_changes_weights_and_outputs_by_what_it_does() {
    let toy = Toy::new(Scenario::DomainIncremental, 2);
    let config = |track_resets| Gradient {
        hidden: Vec::new(),
        // One update on all rows.
        batch: 60,
        optimizer: Optimizer::sgd(0.1),
        mechanisms: vec![Box::new(ShrinkAndPerturb {
            shrink: 0.5,
            noise: 0.0,
            ..ShrinkAndPerturb::default()
        })],
        track_resets,
        ..Gradient::default()
    };
    let mut all = Vec::new();
    for on in [true, false] {
        let mut learner = super::learner(&config(on), 5);
        let (first, _) = learn(learner.as_mut(), &toy, 0).unwrap();
        assert!(first.records.iter().all(|r| !r.metric.starts_with("reset-")));
        let rows: Vec<u32> = (0..60).collect();
        let network = learner.network().unwrap();
        let head = network.graph().heads().next().unwrap().0.id;
        let weights =
            &network.parameters()[&Parameter::Weight(network.graph().connections().next().unwrap().id)];
        let outputs = toy.data.gather(&rows).unwrap().dot(&weights.t())
            + network.parameters()[&Parameter::Bias(head)].row(0);
        let mean = outputs.iter().map(|y| f64::from(y.abs())).sum::<f64>() / outputs.len() as f64;
        let (second, _) = learn(learner.as_mut(), &toy, 1).unwrap();
        let (resets, others): (Vec<Record>, Vec<Record>) = second
            .records
            .into_iter()
            .partition(|r| r.metric.starts_with("reset-"));
        if on {
            let found: Vec<(&str, Option<&str>)> = resets
                .iter()
                .map(|r| (r.metric.as_str(), r.item.as_deref()))
                .collect();
            let by = Some("shrink-and-perturb");
            assert_eq!(
                found,
                [("reset-weight-change", by), ("reset-function-change", by)]
            );
            assert!((resets[0].value - 0.5).abs() < 1e-6, "{}", resets[0].value);
            assert!(
                mean > 0.01 && (resets[1].value - mean / 2.0).abs() < 1e-5,
                "{} of {mean}",
                resets[1].value
            );
        } else {
            assert!(resets.is_empty());
        }
        all.push((others, second.multiply_adds, learner.save().unwrap().arrays));
    }
    assert!(all[0] == all[1], "looking changes what is trained or counted");
}

/// With outgoing weights of 0 no error reaches a newborn unit at its first update, and some does at the second; nothing that is trained or
/// counted changes by looking.
#[test]
fn newborn_units_without_outgoing_weights_get_no_gradient_at_first() {
    let grown = || -> Box<dyn Growth> {
        Box::new(Composed {
            every: 5,
            trigger: Box::new(Every { checks: 1 }),
            initializer: Box::<ZeroFanOut>::default(),
            ..Composed::default()
        })
    };
    let replaced = || -> Box<dyn Growth> {
        Box::new(ContinualBackprop {
            replacement_rate: 0.05,
            maturity: 2,
            ..ContinualBackprop::default()
        })
    };
    let cases: [(&dyn Fn() -> Box<dyn Growth>, bool); 3] =
        [(&grown, false), (&grown, true), (&replaced, false)];
    for (strategy, mechanisms) in cases {
        let shares = looked(strategy, mechanisms).unwrap();
        let of = |age: &str| -> Vec<f64> {
            let own = shares.iter().filter(|r| r.item.as_deref() == Some(age));
            own.map(|r| r.value).collect()
        };
        assert_eq!(of("1"), [0.0, 0.0]);
        let second = of("2");
        assert!(
            second.len() == 2 && second.iter().all(|share| *share > 0.0),
            "{second:?}"
        );
    }
}

#[test]
fn gradients_are_not_looked_at_without_being_asked_for() {
    let looked = looked(&|| -> Box<dyn Growth> { Box::new(Fixed {}) }, false).unwrap();
    assert!(looked.is_empty());
}
