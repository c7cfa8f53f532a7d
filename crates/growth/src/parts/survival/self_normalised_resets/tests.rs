use super::*;
use crate::parts::tests::Scene;
use dentate_core::{Access, LayerId, Readings, Scenario, Seed, StreamFacts, TargetKind};
use rand::Rng;

/// A unit by a plain loop: what its silences were, one by one.
#[derive(Clone, Default)]
struct Unit {
    silence: u32,
    ended: Vec<u32>,
}

impl Unit {
    /// A row on which it puts out something, or nothing.
    fn row(&mut self, fires: bool) {
        if fires {
            self.ended.push(self.silence);
            self.silence = 0;
        } else {
            self.silence += 1;
        }
    }

    /// Its part of a meter's reading.
    fn reading(&self) -> Vec<f32> {
        let mut values = vec![0.0; Silences::NUMBERS];
        values[0] = self.silence as f32;
        for &length in &self.ended {
            values[1 + Silences::bucket(length)] += 1.0;
        }
        values
    }
}

/// Share of silences of at least a length.
fn share(ended: &[u32], length: u32) -> f64 {
    let longer = ended.iter().filter(|l| **l >= length).count();
    longer as f64 / ended.len() as f64
}

fn read(scene: &mut Scene, units: &[Unit]) -> LayerId {
    let layer = scene.graph.named("hidden-1").unwrap().id;
    let values = units.iter().flat_map(Unit::reading).collect();
    let readings = Readings {
        age: vec![0; units.len()],
        values: BTreeMap::from([(MeterKind::Silences, values)]),
    };
    scene.readings.insert(layer, readings);
    layer
}

/// The units that go, by position.
fn gone(
    rule: &SelfNormalisedResets,
    state: &mut SilenceState,
    scene: &Scene,
    view: &View<'_>,
    scale: f64,
) -> Vec<usize> {
    assert!(rule.evaluates(state, view, scale));
    let Answer::Is(dead) = rule.removals(state, view, &[], scale).unwrap() else {
        panic!("it asks nothing");
    };
    let layer = scene.graph.named("hidden-1").unwrap();
    let units = dead.iter().flat_map(|d| &d.units);
    units.map(|unit| layer.position(*unit).unwrap()).collect()
}

/// Ten thousand steps: a unit goes where the shares of a list of its silences say so, by its layer's while it has none of its own.
/// Lengths from 32 on are as long as the shortest in their bucket.
#[test]
fn resets_are_those_of_a_plain_loop() {
    let rule = SelfNormalisedResets {
        rejection: 0.02,
        ..SelfNormalisedResets::default()
    };
    let (mut scene, mut state, mut random) = (Scene::new(), SilenceState::default(), Seed(3).random());
    let mut units = vec![Unit::default(); 4];
    let (mut exact, mut late, mut pooled) = (0, 0, 0);
    for step in 0..10_000u64 {
        // Each fires at a rate of its own, in the second half seldom; one falls silent at times.
        let dead = (step / 1500) % 2 == 1;
        let rates = [0.5, 0.4, if dead { 0.0 } else { 0.3 }, 0.35];
        for (unit, rate) in units.iter_mut().zip(rates) {
            unit.row(random.random_bool(if step < 5000 { rate } else { 0.3 * rate }));
        }
        read(&mut scene, &units);
        let view = scene.view(Hook::Update, step + 1, None);
        let found = gone(&rule, &mut state, &scene, &view, 1.0);
        let together: Vec<u32> = units.iter().flat_map(|u| u.ended.clone()).collect();
        let mut wanted = Vec::new();
        for (position, unit) in units.iter().enumerate() {
            let own = unit.ended.len() >= 50;
            let by = if own { &unit.ended } else { &together };
            let length = Silences::shortest(Silences::bucket(unit.silence));
            if by.len() < 50 || unit.silence == 0 || share(by, length) > 0.02 {
                continue;
            }
            wanted.push(position);
            if unit.silence < 32 {
                assert!(share(by, unit.silence) <= 0.02);
                exact += 1;
            } else {
                assert!(unit.silence - length <= length / 16);
                late += 1;
            }
            pooled += u32::from(!own);
        }
        assert_eq!(found, wanted, "step {step}");
        found
            .iter()
            .for_each(|&position| units[position] = Unit::default());
    }
    assert!(exact > 50 && late > 5 && pooled > 5, "{exact} {late} {pooled}");
}

/// A lenient modulation divides η.
#[test]
fn a_factor_on_survival_divides_the_rejection() {
    let rule = SelfNormalisedResets {
        rejection: 0.5,
        entries: Some(4),
        ..SelfNormalisedResets::default()
    };
    let mut scene = Scene::new();
    let unit = Unit {
        silence: 3,
        ended: vec![0, 1, 2, 4],
    };
    read(
        &mut scene,
        &[unit, Unit::default(), Unit::default(), Unit::default()],
    );
    let view = scene.view(Hook::Update, 9, None);
    for (scale, wanted) in [(1.0, vec![0]), (2.0, vec![0]), (2.1, vec![])] {
        assert_eq!(
            gone(&rule, &mut SilenceState::default(), &scene, &view, scale),
            wanted
        );
    }
    assert!(!rule.evaluates(&mut SilenceState::default(), &scene.view(Hook::End, 9, None), 1.0));
}

/// The authors' thresholds, by a loop over dense histograms: age 0 is left out, they double where the quantile is not below,
/// histograms are cleared, and take in the ages at resets.
#[test]
fn thresholds_are_those_of_a_plain_loop() {
    let bounds = SilenceThresholds {
        first: 12,
        least: 4,
        most: 30,
        period: 2,
    };
    let rule = SelfNormalisedResets {
        rejection: 0.1,
        test: SilenceTest::Quantile,
        thresholds: bounds,
        ..SelfNormalisedResets::default()
    };
    let (mut scene, mut state, mut random) = (Scene::new(), SilenceState::default(), Seed(5).random());
    // As the meter sees them, and as the loop does: threshold and histogram since it was made.
    let mut units = vec![Unit::default(); 4];
    let mut plain = vec![(12u32, vec![0u32; 64]); 4];
    let (mut resets, mut seen) = (0, BTreeSet::new());
    for step in 0..10_000u64 {
        scene.experience.index = step as usize / 250;
        let made = step % 500 == 0 && step > 0;
        for (i, rate) in [0.5, 0.2, 0.05, 0.0].into_iter().enumerate() {
            let fires = random.random_bool(if step > 6000 { 0.7 * rate + 0.1 } else { rate });
            if fires {
                plain[i].1[units[i].silence as usize] += 1;
            }
            units[i].row(fires);
        }
        let mut wanted = Vec::new();
        for (i, (threshold, histogram)) in plain.iter_mut().enumerate() {
            if made {
                let total: u32 = histogram[1..].iter().sum();
                let below = |l: usize| f64::from(histogram[1..=l].iter().sum::<u32>());
                let quantile = (1..64).find(|&l| below(l) >= 0.9 * f64::from(total)).unwrap_or(1) as u32;
                let next = if quantile < *threshold {
                    quantile
                } else {
                    2 * *threshold
                };
                *threshold = next.clamp(4, 30);
                histogram.fill(0);
                seen.insert(*threshold);
            }
            if units[i].silence >= *threshold {
                histogram[units[i].silence as usize] += 1;
                wanted.push(i);
            }
        }
        let layer = read(&mut scene, &units);
        let view = scene.view(Hook::Update, step + 1, None);
        assert_eq!(gone(&rule, &mut state, &scene, &view, 1.0), wanted, "step {step}");
        resets += wanted.len();
        wanted.iter().for_each(|&i| units[i] = Unit::default());
        let places = &scene.graph.layer(layer).unwrap().units;
        let ids: Vec<UnitId> = wanted.iter().map(|&i| places[i].id).collect();
        if !ids.is_empty() {
            scene.replace(layer, ids);
        }
    }
    assert!(
        resets > 100 && seen.len() > 5,
        "{resets} resets, thresholds {seen:?}"
    );
}

#[test]
fn a_lowest_threshold_above_the_highest_is_refused() {
    let rule = |least| SelfNormalisedResets {
        thresholds: SilenceThresholds {
            least,
            most: 10,
            ..SilenceThresholds::default()
        },
        ..SelfNormalisedResets::default()
    };
    assert!(rule(10).check().is_ok());
    let said = rule(11).check().unwrap_err().to_string();
    assert!(said.contains("thresholds.least") && said.contains("10"), "{said}");
}

/// A network without rectifiers has no silent units.
#[test]
fn what_is_never_silent_is_refused() {
    let stream = StreamFacts {
        scenario: Scenario::ClassIncremental,
        access: Access::Revisitable,
        target: TargetKind::Classes,
        shape: None,
        experiences: Vec::new(),
    };
    for (activation, fine) in [(Activation::Relu, true), (Activation::Tanh, false)] {
        let mut scene = Scene::new();
        scene.activate(activation);
        let run = Prospect::new(&stream, Some(&scene.graph), Some(&scene.graph));
        let said = SelfNormalisedResets::default().suits(&run);
        assert_eq!(said.is_ok(), fine);
        if let Err(said) = said {
            assert!(said.to_string().contains("relu"), "{said}");
        }
    }
}

/// A unit that has put out something on every row goes at its first silence, as soon as it has as many entries as it needs and not before.
#[test]
fn a_unit_that_never_paused_goes_at_its_first_silence() {
    let rule = SelfNormalisedResets {
        entries: Some(4),
        ..SelfNormalisedResets::default()
    };
    let scene_of = |ended: usize, silence| {
        let mut scene = Scene::new();
        let busy = Unit {
            silence,
            ended: vec![0; ended],
        };
        // The others have no history, so that the layer's is this unit's.
        read(
            &mut scene,
            &[busy, Unit::default(), Unit::default(), Unit::default()],
        );
        scene
    };
    for (ended, silence, goes) in [(4, 1, true), (4, 0, false), (3, 1, false), (5, 2, true)] {
        let scene = scene_of(ended, silence);
        let view = scene.view(Hook::Update, 9, None);
        let found = gone(&rule, &mut SilenceState::default(), &scene, &view, 1.0);
        assert_eq!(found, vec![0; usize::from(goes)], "{ended} {silence}");
    }
}

/// With as many entries of its own as it needs a unit is tested by these, and not by its layer's.
#[test]
fn enough_entries_are_as_many_as_are_asked_for() {
    let rule = SelfNormalisedResets {
        rejection: 0.2,
        entries: Some(4),
        ..SelfNormalisedResets::default()
    };
    let unit = |silence, ended: &[u32]| Unit {
        silence,
        ended: ended.to_vec(),
    };
    let mut scene = Scene::new();
    // Of its own silences none was of 6 rows; of its layer's most were.
    let others = [9; 20];
    let units = [
        unit(6, &[1, 2, 1, 2]),
        unit(0, &others),
        unit(0, &others),
        unit(6, &[1, 2, 1]),
    ];
    read(&mut scene, &units);
    let view = scene.view(Hook::Update, 9, None);
    let found = gone(&rule, &mut SilenceState::default(), &scene, &view, 1.0);
    assert_eq!(found, [0]);
}
