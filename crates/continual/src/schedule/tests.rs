use super::*;
use crate::budget::Spent;
use proptest::prelude::*;

fn place(experience: (u64, u64), run: (u64, u64), share: f64) -> Place {
    Place {
        experience,
        run,
        share: Some(share),
        spent: Spent {
            updates: 2 * experience.0,
            multiply_adds: 50 * experience.0,
        },
    }
}

/// The factor in a plain loop over the updates before.
fn slowly(schedule: Schedule, place: Place, quota: Quota) -> f64 {
    let (mut factor, warmup, restart) = (
        1.0,
        match schedule {
            Schedule::Constant { warmup, .. }
            | Schedule::Step { warmup, .. }
            | Schedule::Cosine { warmup, .. } => warmup,
        },
        match schedule {
            Schedule::Constant { restart, .. } | Schedule::Step { restart, .. } => restart,
            Schedule::Cosine { .. } => true,
        },
    );
    let (updates, passes) = if restart { place.experience } else { place.run };
    match schedule {
        Schedule::Constant { .. } => {}
        Schedule::Step {
            every,
            unit,
            factor: by,
            ..
        } => {
            let count = if unit == ScheduleUnit::Epochs {
                passes
            } else {
                updates
            };
            for n in 1..=count {
                if n % every == 0 {
                    factor *= f64::from(by);
                }
            }
        }
        Schedule::Cosine { floor, .. } => {
            let done = match quota {
                Quota::Updates(n) => updates as f64 / n as f64,
                Quota::AllUpdates(n) => 2.0 * updates as f64 / n as f64,
                Quota::MultiplyAdds(n) => 50.0 * updates as f64 / n as f64,
                Quota::Epochs(n) => (passes as f64 + place.share.unwrap()) / n as f64,
            };
            let (high, low) = (1.0, f64::from(floor));
            factor = low + 0.5 * (high - low) * (1.0 + (done * PI).cos());
        }
    }
    if updates < warmup {
        factor *= (updates + 1) as f64 / warmup as f64;
    }
    factor
}

fn schedules() -> impl Strategy<Value = Schedule> {
    let unit = prop_oneof![Just(ScheduleUnit::Updates), Just(ScheduleUnit::Epochs)];
    let step = (1_u64..9, unit, 0.01_f32..=1.0, 0_u64..20, any::<bool>());
    prop_oneof![
        (0_u64..20, any::<bool>()).prop_map(|(warmup, restart)| Schedule::Constant { warmup, restart }),
        step.prop_map(|(every, unit, factor, warmup, restart)| Schedule::Step {
            every,
            unit,
            factor,
            warmup,
            restart
        }),
        (0.0_f32..=1.0, 0_u64..20).prop_map(|(floor, warmup)| Schedule::Cosine { floor, warmup }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn factors_are_those_of_the_formulas(
        schedule in schedules(), updates in 0_u64..40, passes in 0_u64..4, more in 0_u64..40, share in 0.0..1.0_f64, kind in 0..4_usize,
    ) {
        let place = place((updates, passes), (updates + more, passes + 1), share);
        let quota = [Quota::Epochs(4), Quota::Updates(40), Quota::AllUpdates(80), Quota::MultiplyAdds(2000)][kind];
        let factor = schedule.factor(place, quota).unwrap();
        let expected = slowly(schedule, place, quota);
        prop_assert!((factor - expected).abs() < 1e-9, "{factor} and {expected}");
        prop_assert!((0.0..=1.0).contains(&factor));
        let Optimizer::Sgd { learning_rate, .. } = schedule.applied(Optimizer::sgd(0.3), place, quota).unwrap() else {
            panic!("the kind of optimizer changed");
        };
        prop_assert!(learning_rate > 0.0 && (f64::from(learning_rate) - 0.3 * expected).abs() < 1e-6);
    }
}

#[test]
fn without_a_schedule_every_bit_is_the_optimizers() {
    let adam = Optimizer::adam(1e-3);
    let far = place((1 << 40, 7), (1 << 41, 9), 0.9);
    assert_eq!(Schedule::default().applied(adam, far, Quota::Epochs(1)), Ok(adam));
    // Constant again after the warm-up.
    assert_eq!(
        Schedule::default().warmup(5).applied(adam, far, Quota::Epochs(1)),
        Ok(adam)
    );
}

#[test]
fn a_cosine_needs_to_know_the_length_of_a_pass() {
    let unknown = Place {
        share: None,
        ..place((3, 0), (3, 0), 0.0)
    };
    assert!(Schedule::cosine().factor(unknown, Quota::Epochs(2)).is_err());
    assert!(Schedule::cosine().factor(unknown, Quota::Updates(6)).is_ok());
    assert!(Schedule::step(1, 0.5).factor(unknown, Quota::Epochs(2)).is_ok());
}

#[test]
fn a_long_way_down_ends_above_nothing() {
    let place = place((100_000, 0), (100_000, 0), 0.0);
    let optimizer = Schedule::step(1, 0.1).applied(Optimizer::sgd(1.0), place, Quota::Epochs(1));
    assert_eq!(optimizer, Ok(Optimizer::sgd(f32::MIN_POSITIVE)));
}

#[test]
fn schedules_are_written_as_tables() {
    for (text, schedule) in [
        ("name = \"constant\"", Schedule::default()),
        ("name = \"cosine\"\nwarmup = 10", Schedule::cosine().warmup(10)),
        ("name = \"step\"\nevery = 3\nfactor = 0.5", Schedule::step(3, 0.5)),
    ] {
        assert_eq!(toml::from_str(text), Ok(schedule), "{text}");
    }
    for text in [
        "name = \"step\"",
        "name = \"cosine\"\nevery = 3",
        "name = \"linear\"",
    ] {
        assert!(toml::from_str::<Schedule>(text).is_err(), "{text}");
    }
}
