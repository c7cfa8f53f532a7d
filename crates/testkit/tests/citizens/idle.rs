//! Subjects that do nothing break no law; their inactivity has to be reported.

use dentate_continual::{ElasticWeightConsolidation, Gradient};
use dentate_core::registry::Kind;
use dentate_core::{
    Architecture, BuildContext, Dataset, ExperienceInfo, LearnError, Learner, LearnerRecipe, MetricLog,
    Predictions, Progress, SavedState, Source, TaskId,
};
use dentate_growth::parts::{
    BelowMatureFraction, Every, LossPlateau, Net2NetWider, Never, Novelty, RandomDeath, RandomStart,
    RoundRobin, Turnover,
};
use dentate_growth::{
    Action, Composed, Fixed, GrowthStrategy, Law, Plasticity, Pruning, Reason, Schedule, StrategyError, View,
    register,
};
use dentate_learners::maps::{GrowingNeuralGas, KMeans};
use dentate_testkit::strategy::{self, Conformance, Subject};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Declares growth and claims laws, and always holds.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Idles {}

impl GrowthStrategy for Idles {
    type State = ();

    fn cadence(&self) -> Option<u64> {
        Some(1)
    }

    fn laws(&self) -> Vec<Law> {
        vec![Law::PreservesFunction, Law::AtMost(4)]
    }

    fn propose(&self, _: &mut (), _: &View<'_>) -> Result<Action, StrategyError> {
        Ok(Action::Hold(Reason::NotNow))
    }
}

register!(
    strategy,
    Idles,
    "test-idles",
    summary = "A test.",
    citation = "this test"
);

/// A learner for which every experience is over before it has begun.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Shirks {}

struct Shirker(Architecture);

impl Learner for Shirker {
    fn begin(&mut self, _: &ExperienceInfo) -> Result<(), LearnError> {
        Ok(())
    }

    fn advance(&mut self, _: &mut dyn Source, _: &mut MetricLog) -> Result<Progress, LearnError> {
        Ok(Progress::Finished)
    }

    fn predict(&mut self, _: &Dataset, _: &[u32], _: Option<TaskId>) -> Result<Predictions, LearnError> {
        Ok(Predictions::Abstain)
    }

    fn architecture(&self) -> &Architecture {
        &self.0
    }

    fn fraction(&self) -> f64 {
        1.0
    }

    fn save(&mut self) -> Result<SavedState, LearnError> {
        Ok(SavedState::default())
    }

    fn attach_data(&mut self, _: &Dataset) -> Result<(), LearnError> {
        Ok(())
    }

    fn load(&mut self, _: &SavedState) -> Result<(), LearnError> {
        Ok(())
    }
}

impl LearnerRecipe for Shirks {
    fn build(&self, _: BuildContext<'_>) -> Result<Box<dyn Learner>, LearnError> {
        Ok(Box::new(Shirker(Architecture::empty())))
    }
}

dentate_core::register!(
    learner,
    Shirks,
    "test-shirks",
    summary = "A test.",
    citation = "this test",
);

fn conformance(subjects: Vec<Subject>) -> Conformance {
    Conformance {
        subjects,
        file: None,
        provoke: None,
    }
}

/// The message of a law that fails; `None` if it holds.
fn said(law: fn(&Conformance), subject: Subject) -> Option<String> {
    let all = conformance(vec![subject]);
    let panic = catch_unwind(AssertUnwindSafe(|| law(&all))).err()?;
    Some(panic.downcast_ref::<String>().cloned().unwrap_or_default())
}

fn strategy(strategy: impl dentate_growth::Growth + 'static) -> Subject {
    Subject::Strategy(Box::new(strategy))
}

/// Grows at every chance.
fn restless() -> Composed {
    Composed {
        every: 1,
        max_units: 8,
        trigger: Box::new(Every { checks: 1 }),
        ..Composed::default()
    }
}

#[test]
fn who_always_holds_is_found_out_by_every_law_of_growth() {
    let idles = || strategy(Idles {});
    let at_work = said(strategy::it_is_exercised, idles()).unwrap();
    assert!(
        at_work.contains("`test-idles` did not act: it says that it grows (`grows`), and it never did"),
        "{at_work}"
    );
    for law in [
        strategy::the_graph_is_always_well_formed,
        strategy::old_weights_survive_growth,
        strategy::state_follows_growth,
        strategy::claimed_laws_hold,
    ] {
        let said = said(law, idles()).unwrap();
        assert!(said.contains("never put the law to the test"), "{said}");
    }
    // Nothing that it does breaks these, and they are tried on everyone.
    for law in [
        strategy::declining_changes_nothing,
        strategy::one_seed_gives_the_same_run,
        strategy::resuming_anywhere_is_bit_exact,
    ] {
        assert_eq!(said(law, idles()), None);
    }
}

/// The control says that it does not grow, and is left alone.
#[test]
fn who_says_that_it_does_not_grow_may_hold() {
    for law in [
        strategy::it_is_exercised,
        strategy::the_graph_is_always_well_formed,
        strategy::claimed_laws_hold,
    ] {
        assert_eq!(said(law, strategy(Fixed {})), None);
    }
}

#[test]
fn a_part_that_is_never_called_or_has_no_effect_is_named() {
    let of = |composed: Composed| said(strategy::it_is_exercised, strategy(composed)).unwrap();
    let plateau = LossPlateau {
        threshold: 1e-9,
        window: 100_000,
    };
    for (composed, what) in [
        (
            Composed {
                trigger: Box::new(plateau.clone()),
                ..restless()
            },
            "it never did",
        ),
        (
            Composed {
                trigger: Box::new(plateau.clone()),
                survival: Box::new(Turnover {
                    replacement_rate: 0.5,
                    maturity: 1,
                    ..Turnover::default()
                }),
                ..restless()
            },
            "its trigger `loss-plateau` was called",
        ),
        (
            Composed {
                trigger: Box::new(Never {}),
                placement: Box::new(RoundRobin {}),
                survival: Box::new(Turnover {
                    replacement_rate: 0.5,
                    maturity: 1,
                    ..Turnover::default()
                }),
                ..restless()
            },
            "its placement `round-robin` was never called",
        ),
        (
            Composed {
                trigger: Box::new(Never {}),
                initializer: Box::new(Net2NetWider::default()),
                pruning: Some(Pruning {
                    when: Schedule::Updates(1),
                    fraction: 0.5,
                    least: 1,
                    age: 0,
                    ..Pruning::default()
                }),
                ..restless()
            },
            "its initializer `net2net-wider` was never called",
        ),
        (
            Composed {
                survival: Box::new(RandomDeath {
                    probation: 1_000_000,
                    ..RandomDeath::default()
                }),
                ..restless()
            },
            "its survival `random-death` was called",
        ),
        (
            Composed {
                modulation: Box::new(Novelty {
                    strength: 0.0,
                    ..Novelty::default()
                }),
                ..restless()
            },
            "its modulation `novelty` was called",
        ),
        (
            Composed {
                pruning: Some(Pruning {
                    when: Schedule::Updates(1_000_000),
                    ..Pruning::default()
                }),
                ..restless()
            },
            "its pruning never removed a unit",
        ),
    ] {
        let said = of(composed);
        assert!(said.contains(what), "{said}");
    }
    let at_work = Composed {
        placement: Box::new(RoundRobin {}),
        initializer: Box::new(RandomStart::default()),
        survival: Box::new(BelowMatureFraction {
            probation: 2,
            fraction: 0.9,
            ..BelowMatureFraction::default()
        }),
        plasticity: Some(Plasticity {
            every: 1,
            ..Plasticity::default()
        }),
        units: 3,
        ..restless()
    };
    assert_eq!(said(strategy::it_is_exercised, strategy(at_work)), None);
}

/// A default that is made for long streams does nothing in short ones; a configuration of the same parts beside it does.
#[test]
fn configurations_of_the_same_parts_are_counted_together() {
    let slow = || {
        strategy(Composed {
            trigger: Box::new(Every { checks: 1_000_000 }),
            ..restless()
        })
    };
    assert!(said(strategy::it_is_exercised, slow()).is_some());
    strategy::it_is_exercised(&conformance(vec![slow(), strategy(restless())]));
}

#[test]
fn a_penalty_that_never_pulls_is_no_mechanism() {
    let of = |strength| {
        let spec = ElasticWeightConsolidation {
            strength,
            ..ElasticWeightConsolidation::default()
        };
        said(strategy::it_is_exercised, Subject::Mechanism(Box::new(spec)))
    };
    let idle = of(0.0).unwrap();
    assert!(
        idle.contains("it never made a difference to what was learned"),
        "{idle}"
    );
    assert_eq!(of(10.0), None);
}

#[test]
fn a_learner_that_never_learned_or_never_grew_is_told() {
    let idle = said(strategy::it_is_exercised, Subject::Learner(Box::new(Shirks {}))).unwrap();
    assert!(idle.contains("it never made an update"), "{idle}");
    let never = GrowingNeuralGas {
        insert_every: 1_000_000,
        ..GrowingNeuralGas::default()
    };
    let idle = said(strategy::it_is_exercised, Subject::Learner(Box::new(never))).unwrap();
    assert!(idle.contains("no unit was ever born"), "{idle}");
    let idle = Gradient {
        strategy: Box::new(Idles {}),
        ..Gradient::default()
    };
    assert!(said(strategy::it_is_exercised, Subject::Learner(Box::new(idle))).is_some());
    let means = KMeans {
        units: 2,
        ..KMeans::default()
    };
    assert_eq!(
        said(strategy::it_is_exercised, Subject::Learner(Box::new(means))),
        None
    );
}

/// Coverage is a value with a summary in words.
#[test]
fn coverage_is_returned_as_a_value() {
    let restless = Composed {
        survival: Box::new(RandomDeath {
            probation: 2,
            share: 0.5,
        }),
        ..restless()
    };
    let all = strategy::coverage(&conformance(vec![strategy(restless), strategy(Fixed {})]));
    let (busy, idle) = (&all[0], &all[1]);
    assert!(busy.edits > 0 && busy.births > 0 && busy.prunings > 0, "{busy}");
    let survival = busy.parts[&(Kind::Survival, "random-death".to_string())];
    assert!(survival.calls > survival.effects && survival.effects > 0);
    for words in [
        " edits, ",
        " births, ",
        " prunings",
        "survival `random-death` called",
    ] {
        assert!(busy.to_string().contains(words), "{busy}");
    }
    assert!(idle.updates > 0 && idle.edits == 0, "{idle}");
    // The same cases at every run.
    assert_eq!(
        idle,
        &strategy::coverage(&conformance(vec![strategy(Fixed {})]))[0]
    );
}

/// Cases can be changed so that rare behaviour occurs.
#[test]
fn cases_can_be_adjusted() {
    let late = || {
        strategy(Composed {
            trigger: Box::new(Every { checks: 400 }),
            ..restless()
        })
    };
    assert!(said(strategy::it_is_exercised, late()).is_some());
    let provoked = Conformance {
        provoke: Some(|case| {
            (case.experiences, case.rows, case.batch, case.epochs) = (1, 40, 1, 12);
        }),
        ..conformance(vec![late()])
    };
    strategy::it_is_exercised(&provoked);
    strategy::old_weights_survive_growth(&provoked);
}
