//! Schedules of the learning rate and clipped gradients, in what updates do to the weights.

use crate::driving::{Entries, entries};
use crate::setting::{learner, probe};
use dentate_continual::{
    Budget, Clip, Gradient, L2, Schedule, ScheduleUnit, UtilityPerturbedGradientDescent,
};
use dentate_core::{BiasInit, Init, MetricLog, Optimizer, Progress, Scenario, TaskId};
use dentate_growth::ProgressiveColumns;
use dentate_testkit::toy::Toy;
use std::collections::BTreeSet;

/// A network without a strategy, trained by plain gradient descent in batches of which a pass has ten.
fn plain(toy: &Toy) -> Gradient {
    let rows = dentate_core::Source::len(&toy.source(0)).unwrap();
    Gradient {
        hidden: vec![7],
        batch: rows / 10,
        optimizer: Optimizer::sgd(0.2),
        budget: Budget::Epochs(2),
        ..Gradient::default()
    }
}

/// The weights before each update, and after the last, of the first `tasks` experiences.
fn weights(config: &Gradient, toy: &Toy, tasks: usize) -> Vec<Entries> {
    let mut learner = learner(config, 4);
    let mut all = Vec::new();
    for index in 0..tasks {
        let (mut source, mut log) = (toy.source(index), MetricLog::default());
        learner.begin(&toy.info(index)).unwrap();
        let mut before = None;
        loop {
            let progress = learner.advance(&mut source, &mut log).unwrap();
            match progress {
                Progress::Updated => all.extend(before),
                Progress::Finished => break,
                _ => {}
            }
            before = Some(entries(learner.as_mut(), ""));
        }
        all.extend(before);
    }
    all
}

/// The distance of each entry from `a` to `b`.
fn moved(a: &Entries, b: &Entries) -> Vec<f64> {
    a.iter().map(|(at, a)| b[at] - a).collect()
}

fn norm(of: &[f64]) -> f64 {
    of.iter().map(|v| v * v).sum::<f64>().sqrt()
}

/// `a` is `factor` times `b`.
fn is_scaled(a: &[f64], factor: f64, b: &[f64]) -> bool {
    assert!(norm(b) > 1e-4, "something moves");
    a.iter().zip(b).all(|(a, b)| (a - factor * b).abs() < 1e-6)
}

/// With plain gradient descent an update is proportional to the learning rate: from the same weights, on the same rows, that of a
/// schedule is its factor times that without one. The weights before update k are the same if the factor was 1 up to it.
#[test]
fn an_update_has_the_factor_of_its_place() {
    let toy = Toy::new(Scenario::DomainIncremental, 2);
    let config = plain(&toy);
    let constant = weights(&config, &toy, 1);
    assert_eq!(constant.len(), 21);
    // At update 12, the third of the second pass, for the first time.
    for (schedule, first, factor) in [
        (Schedule::step(12, 0.25), 12, 0.25),
        (
            Schedule::Step {
                every: 1,
                unit: ScheduleUnit::Epochs,
                factor: 0.5,
                warmup: 0,
                restart: true,
            },
            10,
            0.5,
        ),
        (Schedule::default().warmup(8), 0, 0.125),
        (Schedule::step(15, 0.1).warmup(4), 0, 0.25),
    ] {
        let scheduled = weights(&config.clone().schedule(schedule), &toy, 1);
        for update in 0..=first {
            assert_eq!(
                scheduled[update], constant[update],
                "{schedule:?}: update {update}"
            );
        }
        let own = moved(&scheduled[first], &scheduled[first + 1]);
        let other = moved(&constant[first], &constant[first + 1]);
        assert!(is_scaled(&own, factor, &other), "{schedule:?}");
    }
}

/// The last factor of a cosine over twenty updates, and the first again in the next experience.
#[test]
fn a_cosine_falls_over_an_experience_and_begins_again() {
    let toy = Toy::new(Scenario::DomainIncremental, 2);
    for budget in [Budget::Epochs(2), Budget::Updates(20)] {
        let config = Gradient {
            budget,
            ..plain(&toy)
        };
        let cosine = Schedule::Cosine {
            floor: 0.1,
            warmup: 0,
        };
        let all = weights(&config.clone().schedule(cosine), &toy, 2);
        assert_eq!(all.len(), 42);
        let size = |at: usize| norm(&moved(&all[at], &all[at + 1]));
        // 0.1 + 0.9 (1 + cos(0.95 π)) / 2 is 0.106.
        assert!(size(19) < 0.2 * size(0), "{} {}", size(19), size(0));
        assert!(size(21) > 4.0 * size(19), "{} {}", size(21), size(19));
        // The first factor is 1.
        let constant = weights(&config, &toy, 1);
        assert_eq!(all[1], constant[1]);
        assert_ne!(all[2], constant[2]);
    }
}

#[test]
fn a_schedule_of_the_run_goes_on_in_the_next_experience() {
    let toy = Toy::new(Scenario::DomainIncremental, 2);
    let config = plain(&toy);
    let constant = weights(&config, &toy, 2);
    for (unit, every) in [(ScheduleUnit::Updates, 23), (ScheduleUnit::Epochs, 3)] {
        for restart in [false, true] {
            let schedule = Schedule::Step {
                every,
                unit,
                factor: 0.5,
                warmup: 0,
                restart,
            };
            let scheduled = weights(&config.clone().schedule(schedule), &toy, 2);
            // Updates 20 and on are at 21 and on, after the state at the end of the first experience.
            let first = if unit == ScheduleUnit::Updates { 24 } else { 31 };
            assert_eq!(scheduled[first], constant[first]);
            assert_eq!(scheduled[first + 1] == constant[first + 1], restart, "{unit:?}");
        }
    }
}

/// An update of plain gradient descent shows its gradient. The penalty belongs to what is clipped.
#[test]
fn a_gradient_is_scaled_down_to_its_largest_norm() {
    let toy = Toy::new(Scenario::DomainIncremental, 1);
    let config = plain(&toy).mechanism(L2 { strength: 0.5 });
    let free = weights(&config, &toy, 1);
    let step = moved(&free[0], &free[1]);
    let size = norm(&step) / 0.2;
    for share in [0.3, 0.9] {
        let clip = Clip::Norm((share * size) as f32);
        let clipped = weights(&config.clone().clip(clip), &toy, 1);
        let own = moved(&clipped[0], &clipped[1]);
        assert!(is_scaled(&own, share, &step), "{share}");
    }
    let most = (step.iter().fold(0.0_f64, |most, v| most.max(v.abs())) / 0.2) * 0.4;
    let clipped = weights(&config.clone().clip(Clip::Value(most as f32)), &toy, 1);
    let own = moved(&clipped[0], &clipped[1]);
    let cut = step.iter().filter(|v| v.abs() > 0.2 * most).count();
    assert!(cut > 0 && cut < step.len() / 2, "{cut} of {}", step.len());
    for (own, step) in own.iter().zip(&step) {
        assert!((own - step.clamp(-0.2 * most, 0.2 * most)).abs() < 1e-6);
    }
}

/// A limit that is never reached changes no bit, with momentum, Adam and a mechanism that changes the gradient.
#[test]
fn a_limit_out_of_reach_changes_nothing() {
    let toy = Toy::new(Scenario::DomainIncremental, 2);
    let sgd = Optimizer::Sgd {
        learning_rate: 0.1,
        momentum: 0.9,
        weight_decay: 1e-3,
    };
    for config in [
        plain(&toy).optimizer(sgd),
        plain(&toy).optimizer(Optimizer::adam(0.01)),
        plain(&toy).mechanism(UtilityPerturbedGradientDescent::default()),
    ] {
        let free = weights(&config, &toy, 2);
        for clip in [Clip::Norm(1e6), Clip::Value(1e6)] {
            assert_eq!(weights(&config.clone().clip(clip), &toy, 2), free, "{clip:?}");
        }
    }
}

/// A gradient is clipped after mechanisms have changed it, and not the other way round: its noise is as large as it wants.
#[test]
fn a_gradient_is_clipped_after_mechanisms() {
    let toy = Toy::new(Scenario::DomainIncremental, 1);
    let noisy = UtilityPerturbedGradientDescent {
        noise: 100.0,
        ..UtilityPerturbedGradientDescent::default()
    };
    let config = plain(&toy).mechanism(noisy).clip(Clip::Norm(0.5));
    let all = weights(&config, &toy, 1);
    for update in 0..all.len() - 1 {
        let size = norm(&moved(&all[update], &all[update + 1])) / 0.2;
        assert!((size - 0.5).abs() < 1e-3, "update {update}: {size}");
    }
}

#[test]
fn frozen_columns_keep_every_bit_under_clipping() {
    let toy = Toy::new(Scenario::TaskIncremental, 2);
    let config = plain(&toy)
        .strategy(ProgressiveColumns::default())
        .clip(Clip::Norm(0.05))
        .schedule(Schedule::cosine());
    let mut learner = learner(&config, 4);
    let mut first = Vec::new();
    for index in 0..2 {
        let (mut source, mut log) = (toy.source(index), MetricLog::default());
        learner.begin(&toy.info(index)).unwrap();
        while learner.advance(&mut source, &mut log).unwrap() != Progress::Finished {}
        let now = probe(learner.as_mut(), &toy, Some(TaskId(0)));
        if index == 0 {
            first = now;
        } else {
            assert_eq!(now, first);
        }
    }
}

#[test]
fn a_loss_that_is_no_number_ends_a_clipped_run_as_any_other() {
    let toy = Toy::new(Scenario::DomainIncremental, 1);
    let mut learner = learner(
        &plain(&toy).optimizer(Optimizer::sgd(1e30)).clip(Clip::Norm(1e20)),
        1,
    );
    let (mut source, mut log) = (toy.source(0), MetricLog::default());
    learner.begin(&toy.info(0)).unwrap();
    let error = loop {
        match learner.advance(&mut source, &mut log) {
            Ok(Progress::Finished) => panic!("it has to diverge"),
            Ok(_) => {}
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), "not-finite", "{error}");
}

/// Biases of heads, and of the units that a head is widened by, are drawn like those of hidden layers: no two are the same.
#[test]
fn heads_draw_their_biases_too() {
    for (scenario, blocks) in [(Scenario::ClassIncremental, 2), (Scenario::TaskIncremental, 3)] {
        let toy = Toy::new(scenario, 2);
        let config = Gradient {
            init: Init::FanIn,
            bias_init: BiasInit::FanIn,
            budget: Budget::Updates(1),
            ..plain(&toy)
        };
        let optimizer = Optimizer::sgd(f32::MIN_POSITIVE);
        let all = weights(&config.optimizer(optimizer), &toy, 2);
        let last = all.last().unwrap();
        let biases: Vec<_> = last
            .iter()
            .filter(|((block, ..), _)| block.ends_with("bias"))
            .collect();
        let of: BTreeSet<&String> = biases.iter().map(|((block, ..), _)| block).collect();
        assert_eq!(of.len(), blocks, "{scenario:?}");
        let distinct: BTreeSet<u64> = biases.iter().map(|(_, bias)| bias.to_bits()).collect();
        assert_eq!(distinct.len(), biases.len());
        let inputs = dentate_testkit::toy::FEATURES as f64;
        assert!(
            biases
                .iter()
                .all(|(_, bias)| **bias != 0.0 && bias.abs() <= inputs.min(7.0).sqrt().recip())
        );
        if scenario == Scenario::ClassIncremental {
            // The first two classes begin as they do without a second experience.
            let before: Vec<_> = all[0]
                .iter()
                .filter(|((block, ..), _)| block.ends_with("bias"))
                .collect();
            assert!(before.iter().all(|(at, bias)| last.get(*at) == Some(*bias)));
        }
    }
}
