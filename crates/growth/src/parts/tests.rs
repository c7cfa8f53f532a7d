use super::*;
use crate::strategy::{Hook, View};
use dentate_core::{
    Access, Activation, ExperienceInfo, Graph, Init, LayerId, Moment, Readings, Replacement, Scenario, Seed,
    TargetKind, UnitId, mlp,
};
use std::collections::BTreeMap;

/// The input of a part: a network with two hidden layers of four.
pub(crate) struct Scene {
    pub(crate) graph: Graph,
    pub(crate) experience: ExperienceInfo,
    pub(crate) readings: BTreeMap<LayerId, Readings>,
}

impl Scene {
    pub(crate) fn new() -> Self {
        let plan = mlp(2, &[4, 4], Activation::Relu, Init::He, Seed(1));
        let (graph, _) = Graph::empty().apply(&plan, Moment::default()).unwrap();
        let experience = ExperienceInfo {
            index: 0,
            scenario: Scenario::ClassIncremental,
            tasks: Vec::new(),
            target: TargetKind::Classes,
            features: 2,
            access: Access::Revisitable,
        };
        Self {
            graph,
            experience,
            readings: BTreeMap::new(),
        }
    }

    pub(crate) fn view(&self, hook: Hook, step: u64, loss: Option<f64>) -> View<'_> {
        View {
            hook,
            graph: &self.graph,
            experience: &self.experience,
            moment: Moment { experience: 0, step },
            loss,
            measured: None,
            readings: Some(&self.readings),
            init: Init::He,
            seed: Seed(step),
            notes: None,
        }
    }

    /// The same network with another activation.
    pub(crate) fn activate(&mut self, activation: Activation) {
        let plan = mlp(2, &[4, 4], activation, Init::He, Seed(1));
        self.graph = Graph::empty().apply(&plan, Moment::default()).unwrap().0;
    }

    /// Puts new units in the places of others.
    pub(crate) fn replace(&mut self, layer: LayerId, units: Vec<UnitId>) {
        let request = Replacement {
            layer,
            units,
            incoming: Init::He.into(),
            outgoing: Init::Zero.into(),
            bias: 0.0,
            fold_mean: Vec::new(),
            seed: Seed(7),
        };
        self.graph.replace(&request, Moment::default()).unwrap();
    }

    fn layer(&self, name: &str) -> LayerId {
        self.graph.named(name).unwrap().id
    }
}

fn is<T>(answer: Answered<T>) -> T {
    match answer.unwrap() {
        Answer::Is(it) => it,
        Answer::Ask(question) => panic!("asked {question:?}"),
    }
}

/// The equation, written out as an independent reference.
#[test]
fn loss_plateau_fires_where_the_equation_says() {
    let curve: Vec<f64> = (0..300)
        .map(|t| 0.2 + (-f64::from(t % 70) / 11.0).exp())
        .collect();
    let (window, threshold) = (5, 0.03);
    let (mut from, mut expected) = (0, Vec::new());
    for t in 0..curve.len() {
        if t >= from + window && (curve[t - window] - curve[t]) / curve[t - window] < threshold {
            expected.push(t);
            from = t + 1;
        }
    }
    assert!(expected.len() > 5, "the curve is too dull: {expected:?}");
    let (trigger, scene, mut state) = (LossPlateau { threshold, window }, Scene::new(), Vec::new());
    let fires = |t: &usize| {
        let view = scene.view(Hook::Update, *t as u64, Some(curve[*t]));
        matches!(is(trigger.fires(&mut state, &view)), Decision::Grow { .. })
    };
    assert_eq!((0..curve.len()).filter(fires).collect::<Vec<_>>(), expected);
}

#[test]
fn a_new_experience_empties_the_window() {
    let (trigger, scene, mut state) = (LossPlateau::default(), Scene::new(), vec![1.0; 4]);
    let view = scene.view(Hook::Begin, 9, None);
    assert!(matches!(is(trigger.fires(&mut state, &view)), Decision::Wait(_)));
    assert!(state.is_empty());
}

#[test]
fn given_takes_the_layer_that_is_named_and_no_other() {
    let scene = Scene::new();
    let view = scene.view(Hook::Update, 1, None);
    for (name, wanted) in [(None, "hidden-2"), (Some("hidden-1"), "hidden-1")] {
        let given = Given {
            layer: name.map(Into::into),
        };
        let layer = scene.layer(wanted);
        assert_eq!(
            is(given.place(&mut (), &view, 3)),
            [Place::Wider { layer, units: 3 }]
        );
    }
    for odd in ["input", "hidden-9"] {
        let given = Given {
            layer: Some(odd.into()),
        };
        assert!(given.place(&mut (), &view, 1).is_err(), "{odd}");
    }
}

/// Two new units at the end of their probation next to two mature units; the utility of one is too low.
#[test]
fn the_idle_newborn_goes_and_leaves_its_mean_behind() {
    let mut scene = Scene::new();
    let layer = scene.layer("hidden-1");
    let readings = |utility: [f32; 4]| Readings {
        age: vec![500, 500, 100, 100],
        values: BTreeMap::from([
            (MeterKind::Contribution, utility.to_vec()),
            (MeterKind::Activation, vec![0.1, 0.2, 0.3, 0.4]),
        ]),
    };
    scene.readings.insert(layer, readings([1.0, 3.0, 0.15, 0.25]));
    let units: Vec<UnitId> = scene
        .graph
        .layer(layer)
        .unwrap()
        .units
        .iter()
        .map(|u| u.id)
        .collect();
    let young = |position: usize| NewUnit {
        layer,
        position,
        unit: units[position],
        age: 100,
    };
    let (rule, grown) = (BelowMatureFraction::default(), [young(2), young(3)]);
    let mut state = Default::default();
    let view = scene.view(Hook::Update, 100, None);
    // The mature mean is 2, so the floor is 0.2.
    let dead = is(rule.removals(&mut state, &view, &grown, 1.0));
    assert_eq!(
        dead,
        [Removals {
            layer,
            units: vec![units[2]],
            fold_mean: vec![0.3]
        }]
    );
    // A unit that has passed is not evaluated again, whatever its utility becomes.
    scene.readings.insert(layer, readings([1.0, 3.0, 0.0, 0.0]));
    let view = scene.view(Hook::Update, 150, None);
    assert_eq!(is(rule.removals(&mut state, &view, &[young(3)], 1.0)), []);
    // With a lenient modulation more of them survive, and before the end of their probation all do.
    scene.readings.insert(layer, readings([1.0, 3.0, 0.15, 0.25]));
    let view = scene.view(Hook::Update, 100, None);
    assert_eq!(is(rule.removals(&mut Default::default(), &view, &grown, 2.0)), []);
    let early = grown.map(|y| NewUnit { age: 99, ..y });
    assert_eq!(is(rule.removals(&mut Default::default(), &view, &early, 1.0)), []);
}

#[test]
fn novelty_follows_the_loss_over_its_running_mean() {
    let (novelty, scene, mut mean) = (Novelty::default(), Scene::new(), None);
    let mut factor = |loss| {
        let view = scene.view(Hook::Update, 1, loss);
        novelty.factors(&mut mean, &view, &[]).unwrap().growth
    };
    assert_eq!(factor(Some(1.0)), 1.0);
    assert_eq!(factor(None), 1.0);
    assert_eq!(factor(Some(2.0)), 2.0);
    assert!((factor(Some(0.55)) - 0.5).abs() < 1e-12, "the mean is 1.1 by now");
    assert_eq!(factor(Some(1e9)), novelty.most);
    assert_eq!(factor(Some(0.0)), novelty.least);
}

#[test]
fn settings_out_of_range_are_named() {
    let said = [
        LossPlateau {
            threshold: 0.0,
            window: 1,
        }
        .validate(),
        LossPlateau {
            threshold: 1.0,
            window: 0,
        }
        .validate(),
        BelowMatureFraction {
            probation: 0,
            ..BelowMatureFraction::default()
        }
        .validate(),
        BelowMatureFraction {
            fraction: f64::NAN,
            ..BelowMatureFraction::default()
        }
        .validate(),
        Novelty {
            memory: 1.0,
            ..Novelty::default()
        }
        .validate(),
        Novelty {
            most: 0.1,
            ..Novelty::default()
        }
        .validate(),
        ZeroFanOut {
            bias: f32::INFINITY,
            ..ZeroFanOut::default()
        }
        .validate(),
    ];
    let said: Vec<String> = said.into_iter().map(|s| s.unwrap_err().to_string()).collect();
    insta::assert_snapshot!(said.join("\n"));
}

/// The three rules on one layer whose four units are all newborns at the end of their probation.
#[test]
fn rules_of_survival_on_a_layer_worked_out_by_hand() {
    let mut scene = Scene::new();
    let layer = scene.layer("hidden-1");
    scene.readings.insert(
        layer,
        Readings {
            age: vec![100; 4],
            values: BTreeMap::from([
                (MeterKind::Contribution, vec![0.4, 0.1, 0.3, 0.2]),
                (MeterKind::Activation, vec![0.0; 4]),
            ]),
        },
    );
    let units: Vec<UnitId> = scene
        .graph
        .layer(layer)
        .unwrap()
        .units
        .iter()
        .map(|u| u.id)
        .collect();
    let young = |position| NewUnit {
        layer,
        position,
        unit: units[position],
        age: 100,
    };
    let grown = [0, 1, 2, 3].map(young);
    let view = scene.view(Hook::Update, 100, None);
    let gone = |dead: Vec<Removals>| dead.into_iter().flat_map(|d| d.units).collect::<Vec<_>>();
    let share = UtilityShare::default();
    let mut checked = Default::default();
    let first = gone(is(share.removals(&mut checked, &view, &grown, 1.0)));
    assert_eq!(first, [units[1], units[3]]);
    // A unit that has passed is not evaluated again, and half of one more unit is not a whole one yet.
    assert_eq!(
        gone(is(share.removals(
            &mut checked,
            &view,
            &[grown[0], grown[2]],
            1.0
        ))),
        []
    );
    let lenient = gone(is(share.removals(&mut Default::default(), &view, &grown, 2.0)));
    assert_eq!(lenient, [units[1]]);
    let budget = CompeteForBudget {
        budget: 3,
        ..CompeteForBudget::default()
    };
    assert_eq!(gone(is(budget.removals(&mut (), &view, &grown, 1.0))), [units[1]]);
    assert_eq!(gone(is(budget.removals(&mut (), &view, &grown[..3], 1.0))), []);
    // At random, as many are removed as by utility, and over many seeds every unit is.
    let mut ever = std::collections::BTreeSet::new();
    for step in 100..160 {
        let view = scene.view(Hook::Update, step, None);
        let dead = gone(is(RandomDeath::default().removals(
            &mut Default::default(),
            &view,
            &grown,
            1.0,
        )));
        assert_eq!(dead.len(), 2);
        ever.extend(dead);
    }
    assert_eq!(ever.len(), 4);
}

#[test]
fn stress_ageing_and_their_product() {
    let (scene, grown) = (Scene::new(), |step, before, after| GrowthEvent {
        step,
        units: 10,
        before: Some(before),
        after,
    });
    let view = scene.view(Hook::Update, 1, None);
    let history = [
        grown(1, 1.0, Some(0.5)),
        grown(2, 1.0, Some(0.995)),
        grown(3, 1.0, Some(2.0)),
        grown(4, 1.0, None),
    ];
    let stress = Stress::default().factors(&mut (), &view, &history).unwrap();
    assert_eq!((stress.growth, stress.survival), (0.25, 0.25));
    assert_eq!(
        Stress::default().factors(&mut (), &view, &history[..1]).unwrap(),
        Factors::default()
    );
    let mut births = Default::default();
    for _ in 0..2 {
        // The same growths passed twice are counted once.
        let ageing = Ageing::default().factors(&mut births, &view, &history).unwrap();
        assert!((ageing.growth - (-0.4f64).exp()).abs() < 1e-12);
    }
    let product = Product {
        of: vec![Box::new(Stress::default()), Box::new(Ageing::default())],
    };
    let mut run = product.start();
    let both = run.factors(&view, &history).unwrap();
    assert!((both.growth - 0.25 * (-0.4f64).exp()).abs() < 1e-12 && both.survival == 0.25);
    let mut other = product.start();
    other.load(&run.save().unwrap()).unwrap();
    assert_eq!(other.factors(&view, &history).unwrap(), both);
}

#[test]
fn triggers_that_look_at_the_clock() {
    let scene = Scene::new();
    let mut since = 0;
    let fires = (1..=9).filter(|&t| {
        let view = scene.view(Hook::Update, t, None);
        matches!(
            is(Every { checks: 4 }.fires(&mut since, &view)),
            Decision::Grow { .. }
        )
    });
    assert_eq!(fires.collect::<Vec<_>>(), [4, 8]);
    let begins = |first, hook| {
        let view = scene.view(hook, 1, None);
        is(ExperienceStart { first }.fires(&mut (), &view))
    };
    assert_eq!(begins(true, Hook::Begin), Decision::grow(1.0));
    assert!(matches!(begins(false, Hook::Begin), Decision::Wait(_)));
    assert!(matches!(begins(true, Hook::Update), Decision::Wait(_)));
}

#[test]
fn placements_by_turn_and_by_size() {
    let scene = Scene::new();
    let [first, second] = ["hidden-1", "hidden-2"].map(|name| scene.layer(name));
    let mut turns = 0;
    let mut view = scene.view(Hook::Update, 1, None);
    let wider = |layer| vec![Place::Wider { layer, units: 2 }];
    let taken = [0; 3].map(|_| is(RoundRobin {}.place(&mut turns, &view, 2)));
    assert_eq!(taken, [wider(first), wider(second), wider(first)]);
    assert_eq!(
        is(Everywhere {}.place(&mut (), &view, 2)),
        [wider(first), wider(second)].concat()
    );
    // Two rows of four units.
    let array = |v: [f32; 8]| ndarray::Array2::from_shape_vec((2, 4), v.to_vec()).unwrap();
    let measured = dentate_core::Measured {
        arrays: vec![array([1.0; 8]), array([3.0, 0.0, 0.0, 0.0, 0.0, 3.0, 0.0, 0.0])],
    };
    view.measured = Some(&measured);
    // The second layer has the larger gradient, and its rank equals its width.
    assert_eq!(
        is(HighestError::default().place(&mut (), &view, 2)),
        wider(second)
    );
    assert_eq!(is(LeastSpare::default().place(&mut (), &view, 2)), wider(second));
    let deeper = is(Deeper::default().place(&mut (), &view, 2));
    let between = scene.graph.connections().find(|c| c.from == first).unwrap().id;
    assert_eq!(deeper, [Place::Deeper { connection: between }]);
    let most = Deeper {
        most: 2,
        ..Deeper::default()
    };
    assert_eq!(is(most.place(&mut (), &view, 2)), []);
}
