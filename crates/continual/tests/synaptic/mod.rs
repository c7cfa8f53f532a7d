//! Synaptic intelligence against a plain loop that sees nothing but the weights before and after each update.
//!
//! Under plain gradient descent `Δθ = −η (g + λ Ω (θ − θ*))`, so the loss's own gradient can be read off the weights, and with
//! it the path integral and all that follows from it: on a layer that widens and a head that is new.

use crate::setting::learner;
use dentate_continual::{Gradient, SynapticIntelligence};
use dentate_core::{Activation, Learner, MetricLog, Optimizer, Progress, Scenario};
use dentate_growth::Composed;
use dentate_growth::parts::{Every, RandomStart};
use dentate_testkit::toy::Toy;
use std::collections::BTreeMap;

const RATE: f32 = 0.25;
const STRENGTH: f32 = 0.5;
const DAMPING: f32 = 0.1;

/// Every entry of every block, by block, row and column: growth appends, so an entry keeps its place.
type Entries = BTreeMap<(String, usize, usize), f64>;

fn entries(learner: &mut dyn Learner, slot: &str) -> Entries {
    let arrays = learner.save().unwrap().arrays;
    let mut all = Entries::new();
    for (name, values) in arrays {
        let block = match name.split_once('/') {
            Some((of, block)) if of == slot => block,
            _ if slot.is_empty() && name.matches('/').count() == 1 => &name,
            _ => continue,
        };
        for ((i, j), value) in values.indexed_iter() {
            all.insert((block.to_string(), i, j), f64::from(*value));
        }
    }
    all
}

#[derive(Default)]
struct Plain {
    path: Entries,
    anchor: Entries,
    importance: Entries,
}

impl Plain {
    fn update(&mut self, before: &Entries, after: &Entries) {
        for (at, old) in before {
            let anchor = *self.anchor.entry(at.clone()).or_insert(*old);
            let step = after[at] - old;
            let held = self.importance.get(at).copied().unwrap_or(0.0);
            let gradient = -step / f64::from(RATE) - f64::from(STRENGTH) * held * (old - anchor);
            *self.path.entry(at.clone()).or_default() -= gradient * step;
        }
    }

    /// New weights are anchored at their initial values.
    fn born(&mut self, now: &Entries) {
        for (at, value) in now {
            self.anchor.entry(at.clone()).or_insert(*value);
        }
    }

    fn over(&mut self, now: &Entries) {
        for (at, path) in std::mem::take(&mut self.path) {
            let off = now[&at] - self.anchor[&at];
            *self.importance.entry(at).or_default() += path.max(0.0) / (off * off + f64::from(DAMPING));
        }
        self.anchor.clone_from(now);
    }
}

fn agree(what: &str, found: &Entries, wanted: &Entries) {
    let most = wanted.values().fold(0.0f64, |most, value| most.max(value.abs()));
    assert!(most > 1e-3, "{what}: there is nothing to compare");
    for (at, found) in found {
        let wanted = wanted.get(at).copied().unwrap_or(0.0);
        assert!(
            (found - wanted).abs() < 2e-4 * most,
            "{what} of {at:?} is {found} and should be {wanted}"
        );
    }
}

#[test]
fn path_and_importances_follow_a_growing_network_as_a_plain_loop_does() {
    let strategy = Composed {
        every: 9,
        max_units: 16,
        trigger: Box::new(Every { checks: 1 }),
        initializer: Box::new(RandomStart::default()),
        ..Composed::default()
    };
    let config = Gradient {
        hidden: vec![6, 5],
        activation: Activation::Tanh,
        batch: 6,
        budget: dentate_continual::Budget::Epochs(3),
        optimizer: Optimizer::sgd(RATE),
        mechanisms: vec![Box::new(SynapticIntelligence {
            strength: STRENGTH,
            damping: DAMPING,
        })],
        strategy: Box::new(strategy),
        ..Gradient::default()
    };
    let toy = Toy::new(Scenario::TaskIncremental, 3);
    let mut learner = learner(&config, 4);
    let mut plain = Plain::default();
    let (mut updates, mut edits) = (0, 0);
    for index in 0..3 {
        let (mut source, mut log) = (toy.source(index), MetricLog::default());
        learner.begin(&toy.info(index)).unwrap();
        let mut before = Entries::new();
        loop {
            let progress = learner.advance(&mut source, &mut log).unwrap();
            let now = entries(learner.as_mut(), "");
            match progress {
                Progress::Updated => {
                    plain.update(&before, &now);
                    agree("path", &entries(learner.as_mut(), "statistic-1"), &plain.path);
                    updates += 1;
                }
                Progress::Edited => {
                    plain.born(&now);
                    edits += 1;
                }
                Progress::Finished => break,
                Progress::Measured => {}
            }
            before = now;
        }
        plain.over(&before);
        agree(
            "importance",
            &entries(learner.as_mut(), "importance"),
            &plain.importance,
        );
        agree("anchor", &entries(learner.as_mut(), "anchor"), &plain.anchor);
        let first = (String::from("connection-0/weight"), 0, 0);
        assert!(plain.importance[&first] >= 0.0);
    }
    assert!(updates == 90 && edits > 10, "{updates} updates, {edits} edits");
}
