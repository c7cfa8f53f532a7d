//! The procedure as nested loops, the way the paper prints it, held beside the learner step by step: what it does next, which rows
//! are outliers, how many units are born, which weights keep their bits, and what it remembers. Errors and codes are
//! computed in double precision by loops over the saved weights.

use super::small;
use dentate_core::{
    Activation, Backend, BuildContext, Graph, Layer, Learner, LearnerRecipe, MetricLog, Parameter, Progress,
    Scenario, Seed,
};
use dentate_learners::neurogenesis::{NeurogenesisDeepLearning, Pretraining, ReplayOf};
use dentate_testkit::Pool;
use dentate_testkit::toy::Toy;
use ndarray::Array2;
use std::collections::BTreeMap;

type Arrays = BTreeMap<String, Array2<f32>>;

const PER_CLASS: usize = 30;

/// The learner with everything that is watched.
struct Watched<'t> {
    config: NeurogenesisDeepLearning,
    toy: &'t Toy,
    learner: Box<dyn Learner>,
    source: Pool,
    log: MetricLog,
}

/// Names of the encoder's and the decoder's layers, from the bottom.
fn names(levels: usize) -> (Vec<String>, Vec<String>) {
    let mut up = vec!["input".to_string()];
    up.extend((1..levels).map(|l| format!("encoder-{l}")));
    up.push("code".into());
    let mut down = vec!["output".to_string()];
    down.extend((1..levels).map(|l| format!("decoder-{l}")));
    (up, down)
}

fn applied(activation: Activation, z: f64) -> f64 {
    match activation {
        Activation::Identity => z,
        Activation::Relu => z.max(0.0),
        other => panic!("the reference knows no {other:?}"),
    }
}

impl Watched<'_> {
    fn graph(&self) -> &Graph {
        self.learner.architecture().graph()
    }

    fn arrays(&mut self) -> Arrays {
        self.learner.save().unwrap().arrays
    }

    /// One step, which has to be of this kind.
    fn step(&mut self, wanted: Progress) {
        let found = self.learner.advance(&mut self.source, &mut self.log).unwrap();
        assert_eq!(found, wanted);
    }

    fn steps(&mut self, wanted: Progress, n: u64) {
        (0..n).for_each(|_| self.step(wanted));
    }

    /// Outputs of the named layers in sequence for the input `x`.
    fn through(&self, arrays: &Arrays, path: &[String], x: Vec<f64>) -> Vec<f64> {
        let graph = self.graph();
        path.windows(2).fold(x, |x, pair| {
            let layer = |name: &str| -> &Layer { graph.named(name).unwrap() };
            let (from, to) = (layer(&pair[0]), layer(&pair[1]));
            let connection = graph.into_layer(to.id).find(|c| c.from == from.id).unwrap();
            let weights = &arrays[&Parameter::Weight(connection.id).to_string()];
            let biases = &arrays[&Parameter::Bias(to.id).to_string()];
            let unit = |i: usize| {
                let sum: f64 = (0..x.len()).map(|j| f64::from(weights[(i, j)]) * x[j]).sum();
                applied(to.activation, sum + f64::from(biases[(0, i)]))
            };
            (0..to.width()).map(unit).collect()
        })
    }

    fn input(&self, row: u32) -> Vec<f64> {
        self.toy
            .data
            .gather(&[row])
            .unwrap()
            .iter()
            .map(|&v| f64::from(v))
            .collect()
    }

    fn error(&self, arrays: &Arrays, level: usize, row: u32) -> f64 {
        let (up, down) = names(self.config.widths.len());
        let x = self.input(row);
        let mut h = self.through(arrays, &up[..=level], x.clone());
        // Below the top, the mirror of the level's layer puts out what that layer does.
        let mut back: Vec<String> = down[..level].to_vec();
        back.push(down.get(level).unwrap_or(&up[level]).clone());
        back.reverse();
        h = self.through(arrays, &back, h);
        h.iter().zip(&x).map(|(o, x)| (o - x) * (o - x)).sum::<f64>() / x.len() as f64
    }

    /// Every entry outside of what may learn has the bits it had; something of what may learn has not.
    fn frozen(&mut self, before: &Arrays, may: impl Fn(&str, usize) -> bool) {
        let after = self.arrays();
        let mut moved = false;
        for &parameter in self.graph().parameters().keys() {
            let layer = match parameter {
                Parameter::Weight(c) => self.graph().connection(c).unwrap().to,
                Parameter::Bias(l) => l,
                other => panic!("there is no {other}"),
            };
            let layer = self.graph().layer(layer).unwrap();
            let (old, new) = (&before[&parameter.to_string()], &after[&parameter.to_string()]);
            for ((i, j), value) in new.indexed_iter() {
                let unit = if matches!(parameter, Parameter::Bias(_)) {
                    j
                } else {
                    i
                };
                let same = value.to_bits() == old[(i, j)].to_bits();
                moved |= !same;
                assert!(
                    same || may(&layer.name, unit),
                    "{parameter} ({i}, {j}) of `{}` moved",
                    layer.name
                );
            }
        }
        assert!(moved, "nothing has learned");
    }
}

/// Percentile between the two nearest ranks.
fn percentile(mut values: Vec<f64>, percent: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let place = percent / 100.0 * (values.len() - 1) as f64;
    let (low, high) = (values[place.floor() as usize], values[place.ceil() as usize]);
    low + (high - low) * place.fract()
}

fn watch(config: NeurogenesisDeepLearning) -> usize {
    let toy = Toy::new(Scenario::ClassIncremental, 3);
    let backend = || Box::new(dentate_testkit::Native::new()) as Box<dyn Backend>;
    let setting = BuildContext {
        backend: &backend,
        seed: Seed(5),
    };
    let levels = config.widths.len();
    let (up, down) = names(levels);
    let mut it = Watched {
        learner: config.build(setting).unwrap(),
        source: toy.source(0),
        toy: &toy,
        log: MetricLog::default(),
        config: config.clone(),
    };
    // The base classes.
    it.learner.begin(&toy.info(0)).unwrap();
    it.step(Progress::Edited);
    it.step(Progress::Measured);
    for level in 1..=levels + 1 {
        it.step(Progress::Measured);
        let before = it.arrays();
        let whole = level > levels;
        let updates = if whole {
            config.pretraining.whole
        } else {
            config.pretraining.level
        };
        it.steps(Progress::Updated, updates);
        it.frozen(&before, |layer, _| {
            whole || layer == up[level] || layer == down[level - 1]
        });
    }
    let arrays = it.arrays();
    let base = 2 * PER_CLASS as u32;
    let thresholds: Vec<f64> = (1..=levels)
        .map(|level| {
            it.step(Progress::Measured);
            let errors = (0..base).map(|row| it.error(&arrays, level, row)).collect();
            percentile(errors, config.percentile)
        })
        .collect();
    it.steps(Progress::Measured, 2); // the two classes are remembered
    it.step(Progress::Measured); // no further lesson
    it.step(Progress::Finished);

    let mut births = 0;
    for class in 2..6usize {
        let (experience, rows) = (
            class / 2,
            (class * PER_CLASS) as u32..((class + 1) * PER_CLASS) as u32,
        );
        if class % 2 == 0 {
            it.source = toy.source(experience);
            it.learner.begin(&toy.info(experience)).unwrap();
            it.step(Progress::Measured);
        }
        it.step(Progress::Measured);
        if config.replay == ReplayOf::Intrinsic {
            it.steps(Progress::Measured, class as u64);
        }
        for level in 1..=levels {
            let (mut born, mut round) = (0, 0);
            loop {
                let arrays = it.arrays();
                let outliers = rows
                    .clone()
                    .filter(|&r| it.error(&arrays, level, r) > thresholds[level - 1])
                    .count();
                it.step(Progress::Measured);
                let noted = it
                    .log
                    .records
                    .iter()
                    .rfind(|r| r.metric == "outlier-share")
                    .unwrap();
                assert_eq!(noted.item, Some(format!("level-{level}")));
                let at = format!("class {class}, level {level}, round {round}");
                // Which rows are drawn is the learner's business; how many are outliers has to be possible.
                let surveyed = match config.survey_rows {
                    0 => PER_CLASS,
                    most => most.min(PER_CLASS),
                };
                let seen = (noted.value * surveyed as f64).round() as usize;
                assert_eq!(noted.value, seen as f64 / surveyed as f64, "{at}");
                assert!(
                    seen <= outliers && surveyed - seen <= PER_CLASS - outliers,
                    "{at}"
                );
                let most = config.max_units[level - 1];
                let among_all = (PER_CLASS as f64 * seen as f64 / surveyed as f64).round();
                let wanted = (config.units_per_outlier * among_all) as usize;
                let wanted = wanted
                    .min((config.most_at_once * most as f64) as usize)
                    .max(1)
                    .min(most - born);
                let over = noted.value <= config.quota || round == config.max_rounds;
                if over || (config.growth && wanted == 0) {
                    break;
                }
                round += 1;
                if !config.growth {
                    let before = it.arrays();
                    it.steps(Progress::Updated, config.plasticity + config.stability);
                    it.frozen(&before, |layer, _| {
                        up[..=level].iter().chain(&down[..level]).any(|l| l == layer)
                    });
                    continue;
                }
                let old = it.graph().named(&up[level]).unwrap().width();
                it.step(Progress::Edited);
                born += wanted;
                births += wanted;
                for layer in [Some(&up[level]), down.get(level)].into_iter().flatten() {
                    assert_eq!(it.graph().named(layer).unwrap().width(), old + wanted, "{layer}");
                }
                let before = it.arrays();
                it.steps(Progress::Updated, config.plasticity);
                it.frozen(&before, |layer, unit| {
                    (layer == up[level] && unit >= old) || down[..level].iter().any(|l| l == layer)
                });
                it.step(Progress::Measured);
                let before = it.arrays();
                it.steps(Progress::Updated, config.stability);
                it.frozen(&before, |layer, _| {
                    up[..=level].iter().chain(&down[..level]).any(|l| l == layer)
                });
            }
            if born > 0 && level < levels {
                let before = it.arrays();
                it.steps(Progress::Updated, config.wiring);
                it.frozen(&before, |layer, _| {
                    up[..=level + 1].iter().chain(&down[..=level]).any(|l| l == layer)
                });
            }
        }
        it.steps(Progress::Measured, class as u64 + 1);
        remembered(&mut it, &up, class, rows);
        if class % 2 == 1 {
            it.step(Progress::Measured);
            it.step(Progress::Finished);
        }
    }
    births
}

/// The stored statistics of the class just learned: mean and covariance of its codes.
fn remembered(it: &mut Watched<'_>, up: &[String], class: usize, rows: std::ops::Range<u32>) {
    let arrays = it.arrays();
    let codes: Vec<Vec<f64>> = rows.map(|row| it.through(&arrays, up, it.input(row))).collect();
    let (n, width) = (codes.len() as f64, codes[0].len());
    let mean: Vec<f64> = (0..width)
        .map(|j| codes.iter().map(|c| c[j]).sum::<f64>() / n)
        .collect();
    let factor = &arrays[&format!("concept-{class}/factor")];
    let variance = |j: usize, k: usize| {
        codes
            .iter()
            .map(|c| (c[j] - mean[j]) * (c[k] - mean[k]))
            .sum::<f64>()
            / n
    };
    let scale: f64 = (0..width).map(|j| variance(j, j)).sum::<f64>() / width as f64;
    for j in 0..width {
        let kept = f64::from(arrays[&format!("concept-{class}/mean")][(0, j)]);
        assert!(
            (kept - mean[j]).abs() < 1e-3 * (1.0 + mean[j].abs()),
            "mean {kept} for {}",
            mean[j]
        );
        for k in 0..width {
            let product: f64 = (0..width)
                .map(|l| f64::from(factor[(j, l)]) * f64::from(factor[(k, l)]))
                .sum();
            // A singular covariance has jitter on its diagonal.
            let slack = 1e-3 * scale + if j == k { it.config.jitter * scale } else { 0.0 };
            assert!(
                (product - variance(j, k)).abs() <= slack,
                "covariance {product} for {}",
                variance(j, k)
            );
        }
    }
}

fn relu() -> NeurogenesisDeepLearning {
    NeurogenesisDeepLearning {
        widths: vec![6, 4, 3],
        max_units: vec![5, 4, 2],
        pretraining: Pretraining { level: 40, whole: 60 },
        plasticity: 12,
        stability: 7,
        wiring: 6,
        ..small()
    }
}

#[test]
fn it_does_what_the_nested_loops_do() {
    let births = watch(relu());
    assert!(births > 10, "only {births} units were born");
}

#[test]
fn so_it_does_with_original_rows_and_momentum_kept() {
    let config = NeurogenesisDeepLearning {
        replay: ReplayOf::Original,
        reset_optimizer: false,
        ..relu()
    };
    assert!(watch(config) > 10);
}

#[test]
fn so_it_does_without_replay() {
    let config = NeurogenesisDeepLearning {
        replay: ReplayOf::None,
        ..relu()
    };
    assert!(watch(config) > 10);
}

#[test]
fn so_it_does_when_some_rows_stand_for_all() {
    let config = NeurogenesisDeepLearning {
        survey_rows: 13,
        ..relu()
    };
    assert!(watch(config) > 10);
}

#[test]
fn the_fixed_control_goes_through_the_same_rounds() {
    let config = NeurogenesisDeepLearning {
        growth: false,
        ..relu()
    };
    assert_eq!(watch(config), 0);
}
