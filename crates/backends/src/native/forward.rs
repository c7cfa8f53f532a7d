//! Forward pass: `h = drop(pool(f(norm(b + Σ_c W_c (g_c ⊙ h_from(c))))))`, layer by layer along a schedule. The backward pass's
//! inputs are kept.

use super::activation::{activate, needs_input};
use super::activation_cache::ActivationCache;
use super::batch;
use super::batch_norm::{self, By};
use super::block::Block;
use super::network::{Edge, Network, Over};
use super::norm::normalise;
use super::pooling::{self, Dropping};
use super::product::{self, ProductKind, Seen};
use super::rows::{Shown, check};
use super::schedule::{How, Schedule};
use super::spatial::{Convolution, Windows};
use super::through::gate;
use dentate_core::{BackendError, Gain, Route, Rows};

/// The way frozen layers are run.
pub(super) enum Frozen<'a> {
    /// Like all others.
    AsUsual,
    /// Each row by itself, independently of its batch.
    Alone,
    /// The same, but with cached outputs where these exist; the pass is for the missing rows.
    ActivationCache(&'a mut ActivationCache, &'a mut Pass),
}

/// The mode of a pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Mode {
    /// Evaluation.
    #[default]
    Evaluating,
    /// Training, after so many updates: layers that learn are normalised by the batch and apply dropout.
    Training(u64),
}

/// The state of a layer after a pass; every block is `[rows, units × positions]`.
#[derive(Debug, Default)]
pub(super) struct State {
    /// h.
    pub(super) out: Block,
    /// Activations, where outputs differ from them, and the positions that pooled outputs were taken from.
    pub(super) full: Block,
    pub(super) picked: Vec<u32>,
    /// The dropout of this pass.
    pub(super) dropping: Option<Dropping>,
    /// The inputs of the activation, for activations that need them in the backward pass.
    pub(super) pre: Block,
    /// Normalised sums, and 1 / their standard deviation: by row and group, or by unit.
    pub(super) kept: Block,
    pub(super) inverse: Vec<f32>,
    pub(super) by: Vec<By>,
    /// The error: by h first, then by the summed input.
    pub(super) error: Block,
    /// True if an error reached the layer.
    pub(super) reached: bool,
}

/// The buffers of a pass, reused by the next.
#[derive(Debug, Default)]
pub(super) struct Pass {
    pub(super) rows: usize,
    pub(super) layers: Vec<State>,
    /// The mode of the pass.
    pub(super) mode: Mode,
    /// `g ⊙ h` of each connection that has a gain for each unit.
    pub(super) carried: Vec<Block>,
    pub(super) windows: Windows,
    /// The seed of dropout.
    seed: u64,
    /// Factors on units' outputs, layer by layer; empty if the route has no gates.
    pub(super) gates: Vec<Vec<f32>>,
    /// The sparsity of each layer's outputs, and of each connection's scaled inputs if it has gains.
    pub(super) seen: Vec<Seen>,
    pub(super) seen_carried: Vec<Seen>,
    /// The uncorrupted rows, where the route corrupts them.
    clean: Block,
    corrupted: bool,
    entry: usize,
    /// Multiply-adds since they were last read; zeros count like everything else.
    pub(super) multiply_adds: u64,
}

impl Pass {
    /// The rows' features, clean.
    pub(super) fn inputs(&self) -> &Block {
        if self.corrupted {
            &self.clean
        } else {
            &self.layers[self.entry].out
        }
    }

    /// Run the layers of a schedule on a batch.
    pub(super) fn run(
        &mut self,
        network: &Network,
        weights: &[Block],
        data: &Shown,
        (rows, route): (&Rows, &Route),
        schedule: &Schedule,
        frozen: Frozen<'_>,
    ) -> Result<(), BackendError> {
        let entry = &network.nodes[schedule.entry];
        check(data, rows, entry.id, entry.features())?;
        self.begin(network, schedule, rows.len());
        // The rows are read even if no layer that runs depends on them: they may be a target.
        self.seed = route.seed;
        if !route.gates.is_empty() {
            self.gates.resize_with(network.nodes.len(), Vec::new);
        }
        for (&layer, factors) in &route.gates {
            if let Some(layer) = network.position(layer) {
                self.gates[layer].clone_from(factors);
            }
        }
        batch::gather(data, rows, entry.features(), &mut self.layers[schedule.entry].out)?;
        self.corrupted = route.corruption > 0.0;
        if self.corrupted {
            self.clean.copy_from(&self.layers[schedule.entry].out);
            batch::corrupt(
                rows,
                route.corruption,
                route.seed,
                &mut self.layers[schedule.entry].out,
            );
        }
        let alone = !matches!(frozen, Frozen::AsUsual);
        let kept = match frozen {
            Frozen::ActivationCache(kept, side) if kept.is_on() && schedule.plain && !self.corrupted => {
                self.take_kept(network, weights, data, rows, schedule, (kept, side))?
            }
            _ => false,
        };
        for &(layer, how) in &schedule.order {
            let frozen = schedule.frozen(layer, how);
            if frozen && kept {
                continue;
            }
            match how {
                How::Enter => {}
                How::Copy(by) => {
                    let mut out = std::mem::take(&mut self.layers[layer].out);
                    out.copy_from(&self.layers[by].out);
                    self.layers[layer].out = out;
                }
                How::Compute => self.compute(network, weights, layer, frozen && alone),
            }
        }
        Ok(())
    }

    /// Fit the buffers to a network, and reset the state of the last pass.
    fn begin(&mut self, network: &Network, schedule: &Schedule, rows: usize) {
        self.rows = rows;
        self.entry = schedule.entry;
        self.gates.clear();
        self.layers.resize_with(network.nodes.len(), State::default);
        self.carried.resize_with(network.edges.len(), Block::default);
        self.seen.resize_with(network.nodes.len(), Seen::default);
        self.seen_carried.resize_with(network.edges.len(), Seen::default);
        self.seen
            .iter_mut()
            .chain(&mut self.seen_carried)
            .for_each(Seen::forget);
        for state in &mut self.layers {
            state.reached = false;
        }
    }

    /// Take the outputs at the boundary of the frozen part from the cache, and cache those that had to be computed. Returns
    /// `false` if there is no such part.
    fn take_kept(
        &mut self,
        network: &Network,
        weights: &[Block],
        data: &Shown,
        rows: &Rows,
        schedule: &Schedule,
        (kept, side): (&mut ActivationCache, &mut Self),
    ) -> Result<bool, BackendError> {
        if schedule.boundary.is_empty() {
            return Ok(false);
        }
        let width = |l: &usize| network.nodes[*l].features();
        let whole = schedule.boundary.iter().map(width).sum();
        kept.look(&schedule.boundary, whole, rows, data)?;
        let frozen = || schedule.order.iter().filter(|&&(l, how)| schedule.frozen(l, how));
        side.begin(network, schedule, kept.missing().len());
        if side.rows > 0 {
            let inputs = &self.layers[schedule.entry].out;
            let entry = &mut side.layers[schedule.entry].out;
            entry.reshape(side.rows, inputs.cols());
            for (i, &row) in kept.missing().iter().enumerate() {
                entry.row_mut(i).copy_from_slice(inputs.row(row as usize));
            }
            for &(layer, _) in frozen() {
                side.compute(network, weights, layer, true);
            }
            kept.keep(rows, |layer| &side.layers[layer].out);
        }
        let mut before = 0;
        for &layer in &schedule.boundary {
            let (out, width) = (&mut self.layers[layer].out, network.nodes[layer].features());
            out.reshape(self.rows, width);
            kept.fill(layer, before, &side.layers[layer].out, out);
            before += width;
        }
        // Counted as if all had been computed: counts must not depend on the cache.
        for e in frozen().flat_map(|&(layer, _)| &network.nodes[layer].incoming) {
            self.multiply_adds += (self.rows * network.multiply_adds(*e)) as u64;
        }
        Ok(true)
    }

    /// Compute a layer; `alone`: each row by itself, in an order that does not depend on the batch.
    pub(super) fn compute(&mut self, network: &Network, weights: &[Block], layer: usize, alone: bool) {
        let node = &network.nodes[layer];
        let mut state = std::mem::take(&mut self.layers[layer]);
        let gates = self.gates.get(layer).filter(|gates| !gates.is_empty());
        let (apart, positions) = (pooling::apart(node) || gates.is_some(), node.grid.positions());
        let mut z = std::mem::take(if apart { &mut state.full } else { &mut state.out });
        z.reshape(self.rows, node.sums());
        for i in 0..self.rows {
            match node.bias {
                Some(bias) if positions == 1 => z.row_mut(i).copy_from_slice(weights[bias].row(0)),
                Some(bias) => {
                    let planes = z.row_mut(i).chunks_exact_mut(positions);
                    planes
                        .zip(weights[bias].row(0))
                        .for_each(|(plane, b)| plane.fill(*b));
                }
                None => z.row_mut(i).fill(0.0),
            }
        }
        for &e in &node.incoming {
            let edge = &network.edges[e];
            let (mut x, mut seen) = (&self.layers[edge.from].out, &mut self.seen[edge.from]);
            if let Some(gains) = edge.gains.filter(|_| edge.gain == Gain::PerUnit) {
                let positions = network.nodes[edge.from].outputs.positions();
                carry(x, positions, weights[gains].row(0), &mut self.carried[e]);
                (x, seen) = (&self.carried[e], &mut self.seen_carried[e]);
            }
            let factor = factor(edge, weights);
            self.multiply_adds += (self.rows * network.multiply_adds(e)) as u64;
            let Some(v) = edge.weight.map(|weight| &weights[weight]) else {
                for i in 0..self.rows {
                    let pairs = z.row_mut(i).iter_mut().zip(x.row(i));
                    pairs.for_each(|(z, x)| *z += factor * x);
                }
                continue;
            };
            if let Some(convolution) = Convolution::of(network, edge) {
                convolution.forward(x, v, &mut z, factor, &mut self.windows);
                continue;
            }
            let way = if alone {
                (ProductKind::Lists, seen.list(x))
            } else {
                seen.look(x)
            };
            product::forward(x, v, &mut z, factor, way);
        }
        if let Some(norm) = node.norm {
            let row = |place: usize| weights[place].row(0);
            let (scale, shift) = (row(norm.scale), row(norm.shift));
            match norm.over {
                Over::Units(units) => {
                    state.kept.reshape(self.rows, node.sums());
                    state.inverse.clear();
                    for i in 0..self.rows {
                        let (z, kept) = (z.row_mut(i), state.kept.row_mut(i));
                        normalise(z, kept, (units, positions), (scale, shift), &mut state.inverse);
                    }
                }
                Over::Batch { mean, variance } => {
                    let by_batch = !alone && self.mode != Mode::Evaluating;
                    let values = [scale, shift, row(mean), row(variance)];
                    let learns = |unit| by_batch && node.unit_learns(unit);
                    batch_norm::normalise(&mut z, &mut state.kept, positions, learns, values, &mut state.by);
                }
            }
        }
        if needs_input(node.activation) {
            state.pre.copy_from(&z);
        }
        for i in 0..self.rows {
            activate(node.activation, z.row_mut(i));
        }
        if apart {
            state.full = z;
            state.dropping = match self.mode {
                Mode::Training(step) if node.dropout > 0.0 && !alone => Some(Dropping {
                    share: node.dropout,
                    seed: self.seed,
                    step,
                }),
                _ => None,
            };
            pooling::pool(
                node,
                &state.full,
                state.dropping,
                &mut state.out,
                &mut state.picked,
            );
            if let Some(gates) = gates {
                gate(&mut state.out, gates, node.outputs.positions());
            }
        } else {
            state.out = z;
        }
        self.layers[layer] = state;
    }

    /// Move the running statistics of the layers that this pass normalised by the batch, scaled by `keep`.
    pub(super) fn follow_batch(
        &self,
        network: &Network,
        schedule: &Schedule,
        weights: &mut [Block],
        keep: Option<&[Block]>,
    ) {
        for &(layer, how) in &schedule.order {
            if let (How::Compute, Some(Over::Batch { mean, variance })) =
                (how, network.nodes[layer].norm.map(|norm| norm.over))
                && !schedule.frozen(layer, how)
            {
                let mut means = std::mem::take(&mut weights[mean]);
                batch_norm::follow(
                    &self.layers[layer].by,
                    means.row_mut(0),
                    weights[variance].row_mut(0),
                    keep.map(|keep| [mean, variance].map(|place| keep[place].row(0))),
                );
                weights[mean] = means;
            }
        }
    }

    /// The error at a layer's output, zeros if none has reached it yet.
    pub(super) fn error(&mut self, layer: usize) -> &mut Block {
        let rows = self.rows;
        let state = &mut self.layers[layer];
        if !state.reached {
            state.reached = true;
            state.error.reshape(rows, state.out.cols());
            state.error.fill(0.0);
        }
        &mut state.error
    }
}

/// The common factor on all inputs of a connection.
pub(super) fn factor(edge: &Edge, weights: &[Block]) -> f32 {
    match (edge.gain, edge.gains) {
        (Gain::Scalar, Some(gains)) => weights[gains].row(0)[0],
        _ => 1.0,
    }
}

/// `out ← g ⊙ x`.
fn carry(x: &Block, positions: usize, gains: &[f32], out: &mut Block) {
    out.copy_from(x);
    for i in 0..x.rows() {
        scale_row(Gain::PerUnit, gains, positions, out.row_mut(i));
    }
}

/// Multiply a row of a source with so many positions by its connection's gain.
pub(super) fn scale_row(gain: Gain, gains: &[f32], positions: usize, row: &mut [f32]) {
    match gain {
        Gain::None => {}
        Gain::Scalar => row.iter_mut().for_each(|x| *x *= gains[0]),
        Gain::PerUnit if positions == 1 => row.iter_mut().zip(gains).for_each(|(x, g)| *x *= g),
        Gain::PerUnit => {
            let planes = row.chunks_exact_mut(positions).zip(gains);
            planes.for_each(|(plane, g)| plane.iter_mut().for_each(|x| *x *= g));
        }
    }
}
