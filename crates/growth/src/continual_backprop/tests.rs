use super::*;
use crate::parts::tests::Scene;
use dentate_core::{Layer, MeterKind, Moment, Readings, UnitId};
use rand::Rng;
use std::collections::BTreeMap;

/// A slow and obvious turnover of one layer: ages counted up one by one, the lowest utility searched for among all units.
struct Reference {
    ages: Vec<u64>,
    budget: f64,
}

impl Reference {
    fn step(&mut self, config: &ContinualBackprop, utility: &[f32]) -> Vec<usize> {
        self.ages.iter_mut().for_each(|age| *age += 1);
        let mature: Vec<usize> = (0..self.ages.len())
            .filter(|&i| self.ages[i] > config.maturity)
            .collect();
        self.budget += config.replacement_rate * mature.len() as f64;
        let mut gone = Vec::new();
        while self.budget >= 1.0 {
            let left = mature.iter().filter(|i| !gone.contains(*i));
            let Some(&worst) = left.min_by(|a, b| utility[**a].total_cmp(&utility[**b]).then(a.cmp(b)))
            else {
                break;
            };
            gone.push(worst);
            self.budget -= 1.0;
        }
        gone.iter().for_each(|&i| self.ages[i] = 0);
        gone
    }
}

/// The units that the strategy replaces at a step, by layer, for given utilities and means.
fn replaced(
    config: &ContinualBackprop,
    state: &mut ContinualBackpropState,
    scene: &mut Scene,
    step: u64,
    utility: &[f32],
) -> Vec<(LayerId, Vec<UnitId>, Vec<f32>)> {
    let mut all = Vec::new();
    let mut readings = None;
    loop {
        let mut view = scene.view(Hook::Update, step, Some(1.0));
        view.readings = readings.as_ref();
        match config.propose(state, &view).unwrap() {
            Action::Hold(_) => return all,
            Action::Read => {
                let of = |layer: &Layer| Readings {
                    age: vec![0; layer.width()],
                    values: BTreeMap::from([
                        (MeterKind::Contribution, utility.to_vec()),
                        (MeterKind::Activation, utility.iter().map(|u| 10.0 * u).collect()),
                    ]),
                };
                readings = Some(scene.graph.hidden().map(|l| (l.id, of(l))).collect());
            }
            Action::Replace(requests) => {
                for request in requests {
                    scene
                        .graph
                        .replace(&request, Moment { experience: 0, step })
                        .unwrap();
                    all.push((request.layer, request.units, request.fold_mean));
                }
            }
            other => panic!("{other:?}"),
        }
    }
}

/// Ten thousand steps compared with the slow reference: the same units at the same steps, with their own means folded into
/// biases.
#[test]
fn it_replaces_whom_a_slow_reference_replaces() {
    for (rate, maturity) in [(0.004, 30), (0.3, 7), (1e-4, 100)] {
        let config = ContinualBackprop {
            replacement_rate: rate,
            maturity,
            ..ContinualBackprop::default()
        };
        let (mut scene, mut state) = (Scene::new(), ContinualBackpropState::default());
        let first = scene.graph.hidden().next().unwrap().id;
        let mut reference = Reference {
            ages: vec![0; 4],
            budget: 0.0,
        };
        let mut random = dentate_core::Seed(7).random();
        let mut total = 0;
        for step in 1..=10_000u64 {
            let utility: [f32; 4] = std::array::from_fn(|_| random.random());
            let ids: Vec<UnitId> = scene
                .graph
                .layer(first)
                .unwrap()
                .units
                .iter()
                .map(|u| u.id)
                .collect();
            let wanted = reference.step(&config, &utility);
            let found = replaced(&config, &mut state, &mut scene, step, &utility);
            let of_first: Vec<_> = found.iter().filter(|(layer, ..)| *layer == first).collect();
            let units: Vec<UnitId> = of_first.iter().flat_map(|(_, units, _)| units.clone()).collect();
            assert_eq!(
                units,
                wanted.iter().map(|&i| ids[i]).collect::<Vec<_>>(),
                "step {step}"
            );
            let left: Vec<f32> = of_first
                .iter()
                .flat_map(|(_, _, fold_mean)| fold_mean.clone())
                .collect();
            assert_eq!(
                left,
                wanted.iter().map(|&i| 10.0 * utility[i]).collect::<Vec<_>>()
            );
            total += wanted.len();
        }
        let expected = rate * 4.0 * 10_000.0;
        assert!(
            total as f64 <= expected && total > 0,
            "{total} of at most {expected}"
        );
    }
}

/// With random rounding the expected number of replacements is the same, within five standard deviations.
#[test]
fn random_rounding_has_the_same_rate() {
    let config = ContinualBackprop {
        replacement_rate: 0.01,
        maturity: 1,
        rounding: Rounding::Random,
        ..ContinualBackprop::default()
    };
    let (mut scene, mut state, mut total) = (Scene::new(), ContinualBackpropState::default(), 0);
    for step in 1..=5000 {
        let found = replaced(&config, &mut state, &mut scene, step, &[0.1, 0.2, 0.3, 0.4]);
        total += found.iter().map(|(_, units, _)| units.len()).sum::<usize>();
    }
    // Two layers of four, of which a few units are too young at any time.
    let expected = 0.01 * 8.0 * 5000.0;
    let off = (f64::from(total as u32) - expected).abs();
    assert!(
        off < 5.0 * expected.sqrt() + 0.02 * expected,
        "{total} for {expected}"
    );
}
