//! The weights of one connection, and which of them are live.

use dentate_core::{Graph, Parameter, Random, Slot, Snapshot};
use ndarray::{Array2, Zip};
use rand::Rng;

/// A place in a block: row and column.
pub(super) type At = (usize, usize);

/// The weights of one connection.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Block {
    pub(super) weights: Array2<f32>,
    pub(super) live: Array2<bool>,
    /// Frozen weights stay as they are, live or dead.
    pub(super) frozen: Array2<bool>,
}

impl Block {
    /// The weights of a connection in a snapshot; `None` if it has none there.
    pub(super) fn of(graph: &Graph, held: &Snapshot, live: Slot, parameter: Parameter) -> Option<Self> {
        let weights = held.slots.get(&Slot::WEIGHT)?.get(&parameter)?.clone();
        let live = held.slots.get(&live)?.get(&parameter)?.mapv(|live| live != 0.0);
        let frozen = frozen(graph, parameter, weights.dim());
        (weights.dim() == live.dim()).then_some(Self {
            weights,
            live,
            frozen,
        })
    }

    /// The places at which a condition holds.
    fn places(&self, holds: impl Fn(At) -> bool) -> Vec<At> {
        let all = self.weights.indexed_iter().map(|(at, _)| at);
        all.filter(|at| holds(*at)).collect()
    }

    /// The number of live weights.
    fn count(&self) -> usize {
        self.live.iter().filter(|live| **live).count()
    }

    /// Makes the number of live weights `number`, and the others 0. New weights are drawn first, of these the ones with a value; then the
    /// smallest are dropped, or others come alive at 0.
    pub(super) fn settle(&mut self, number: usize, fresh: &Array2<bool>, random: &mut Random) {
        Zip::from(&mut self.live)
            .and(fresh)
            .and(&self.frozen)
            .for_each(|live, fresh, frozen| {
                // A frozen weight that is new keeps its value.
                *live = if *fresh { *frozen } else { *live };
            });
        for valued in [true, false] {
            let missing = number.saturating_sub(self.count());
            let dead = |at: At| !self.live[at] && !self.frozen[at];
            let new = self.places(|at| dead(at) && fresh[at] && (self.weights[at] != 0.0) == valued);
            for at in drawn(new, missing, random) {
                self.live[at] = true;
            }
        }
        let missing = number.saturating_sub(self.count());
        for at in drawn(
            self.places(|at| !self.live[at] && !self.frozen[at]),
            missing,
            random,
        ) {
            self.weights[at] = 0.0;
            self.live[at] = true;
        }
        let excess = self.count().saturating_sub(number);
        for at in self.smallest(excess) {
            self.live[at] = false;
        }
        self.silence();
    }

    /// Drops a share of the live weights, and lets others come alive until there are `number`: those that `choose` takes, of all places
    /// that are not kept.
    pub(super) fn turn_over(
        &mut self,
        share: f64,
        number: usize,
        choose: impl FnOnce(Vec<At>, usize) -> Vec<At>,
    ) {
        let was = self.live.clone();
        let dropped = self.smallest((share * self.count() as f64).round() as usize);
        for at in dropped {
            self.live[at] = false;
        }
        let missing = number.saturating_sub(self.count());
        let candidates = self.places(|at| !self.live[at] && !self.frozen[at]);
        for at in choose(candidates, missing) {
            self.live[at] = true;
            // What was live until now stays as it is.
            if !was[at] {
                self.weights[at] = 0.0;
            }
        }
        self.silence();
    }

    /// The places of the `n` smallest live weights that may move.
    fn smallest(&self, n: usize) -> Vec<At> {
        let live = self.places(|at| self.live[at] && !self.frozen[at]);
        largest(live, n, |at| -self.weights[at].abs())
    }

    /// Sets dead weights to 0.
    fn silence(&mut self) {
        Zip::from(&mut self.weights)
            .and(&self.live)
            .and(&self.frozen)
            .for_each(|weight, live, frozen| {
                if !live && !frozen {
                    *weight = 0.0;
                }
            });
    }
}

/// The `n` places of the largest values; of ties the first.
pub(super) fn largest(mut places: Vec<At>, n: usize, value: impl Fn(At) -> f32) -> Vec<At> {
    if n < places.len() {
        let order = |a: &At, b: &At| value(*b).total_cmp(&value(*a)).then(a.cmp(b));
        places.select_nth_unstable_by(n, order);
        places.truncate(n);
    }
    places
}

/// `n` places at random.
pub(super) fn drawn(mut places: Vec<At>, n: usize, random: &mut Random) -> Vec<At> {
    let n = n.min(places.len());
    for i in 0..n {
        let other = random.random_range(i..places.len());
        places.swap(i, other);
    }
    places.truncate(n);
    places
}

/// The weights with a learning-rate scale of 0.
fn frozen(graph: &Graph, parameter: Parameter, shape: (usize, usize)) -> Array2<bool> {
    let connection = match parameter {
        Parameter::Weight(id) => graph.connection(id),
        _ => None,
    };
    let Some(connection) = connection else {
        return Array2::default(shape);
    };
    let units = |id| graph.layer(id).map_or(&[][..], |layer| &layer.units);
    let (targets, sources) = (units(connection.to), units(connection.from));
    let each = graph.columns_each(connection).max(1);
    Array2::from_shape_fn(shape, |(row, column)| {
        let target = targets.get(row).is_some_and(|unit| unit.incoming_lr_scale > 0.0);
        // A kernel that sees one unit only belongs to its target.
        let source = !connection.link.one_to_one()
            && sources
                .get(column / each)
                .is_some_and(|unit| unit.outgoing_lr_scale > 0.0);
        connection.lr_scale == 0.0 || !(target || source)
    })
}
