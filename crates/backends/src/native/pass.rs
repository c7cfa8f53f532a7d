//! Forward: `h = f(norm(b + Σ_c W_c (g_c ⊙ h_from(c))))`, layer by layer along a course. What the way back needs is kept.

use super::activation::{activate, needs_input};
use super::batch::{self, Shown};
use super::block::Block;
use super::course::{Course, How};
use super::network::Network;
use super::norm::normalise;
use super::product::{self, Seen};
use dentate_core::{BackendError, Gain, Route, Rows};

/// What a pass leaves at a layer; every block is `[rows, units]`.
#[derive(Debug, Default)]
pub(super) struct State {
    /// h.
    pub(super) out: Block,
    /// What was activated, for activations that need it on the way back.
    pub(super) pre: Block,
    /// Normalised sums, and 1 / their standard deviation row by row.
    pub(super) kept: Block,
    pub(super) inverse: Vec<f32>,
    /// The error: with respect to h first, then with respect to the summed input.
    pub(super) error: Block,
    /// Whether an error reached the layer.
    pub(super) reached: bool,
}

/// The buffers of a pass, reused by the next.
#[derive(Debug, Default)]
pub(super) struct Pass {
    pub(super) rows: usize,
    pub(super) layers: Vec<State>,
    /// `g ⊙ h` of each connection that has a gain.
    pub(super) carried: Vec<Block>,
    /// What is known of each layer's outputs, and of what each connection with a gain carries.
    pub(super) seen: Vec<Seen>,
    pub(super) seen_carried: Vec<Seen>,
    /// The rows as they are in the data, where the route corrupts them.
    clean: Block,
    corrupted: bool,
    entry: usize,
    /// Multiply-adds since they were last taken, zeros counted like everything else.
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

    /// Run the layers of a course on a batch.
    pub(super) fn run(
        &mut self,
        network: &Network,
        weights: &[Block],
        data: &Shown,
        rows: &Rows,
        route: &Route,
        course: &Course,
    ) -> Result<(), BackendError> {
        let entry = &network.nodes[course.entry];
        batch::check(data, rows, entry.id, entry.width())?;
        self.rows = rows.len();
        self.entry = course.entry;
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
        // The rows are read even if no layer that runs depends on them: they may be a target.
        batch::gather(data, rows, entry.width(), &mut self.layers[course.entry].out);
        self.corrupted = route.corruption > 0.0;
        if self.corrupted {
            self.clean.copy_from(&self.layers[course.entry].out);
            batch::corrupt(
                rows,
                route.corruption,
                route.seed,
                &mut self.layers[course.entry].out,
            );
        }
        for &(layer, how) in &course.order {
            match how {
                How::Enter => {}
                How::Copy(by) => {
                    let mut out = std::mem::take(&mut self.layers[layer].out);
                    out.copy_from(&self.layers[by].out);
                    self.layers[layer].out = out;
                }
                How::Compute => self.compute(network, weights, layer),
            }
        }
        Ok(())
    }

    fn compute(&mut self, network: &Network, weights: &[Block], layer: usize) {
        let node = &network.nodes[layer];
        let mut state = std::mem::take(&mut self.layers[layer]);
        state.out.reshape(self.rows, node.width());
        for i in 0..self.rows {
            match node.bias {
                Some(bias) => state.out.row_mut(i).copy_from_slice(weights[bias].row(0)),
                None => state.out.row_mut(i).fill(0.0),
            }
        }
        for &e in &node.incoming {
            let edge = &network.edges[e];
            let (mut x, mut seen) = (&self.layers[edge.from].out, &mut self.seen[edge.from]);
            if let Some(gains) = edge.gains {
                carry(x, edge.gain, weights[gains].row(0), &mut self.carried[e]);
                (x, seen) = (&self.carried[e], &mut self.seen_carried[e]);
            }
            let v = &weights[edge.weight];
            product::forward(x, v, &mut state.out, seen.look(x));
            self.multiply_adds += (self.rows * v.rows() * v.cols()) as u64;
        }
        if let Some(norm) = node.norm {
            let (scale, shift) = (weights[norm.scale].row(0), weights[norm.shift].row(0));
            state.kept.reshape(self.rows, node.width());
            state.inverse.clear();
            for i in 0..self.rows {
                let inverse = normalise(state.out.row_mut(i), state.kept.row_mut(i), scale, shift);
                state.inverse.push(inverse);
            }
        }
        if needs_input(node.activation) {
            state.pre.copy_from(&state.out);
        }
        for i in 0..self.rows {
            activate(node.activation, state.out.row_mut(i));
        }
        self.layers[layer] = state;
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

/// `out ← g ⊙ x`.
fn carry(x: &Block, gain: Gain, gains: &[f32], out: &mut Block) {
    out.copy_from(x);
    for i in 0..out.rows() {
        scale_row(gain, gains, out.row_mut(i));
    }
}

/// Multiply a row by its connection's gain.
pub(super) fn scale_row(gain: Gain, gains: &[f32], row: &mut [f32]) {
    match gain {
        Gain::None => {}
        Gain::Scalar => row.iter_mut().for_each(|x| *x *= gains[0]),
        Gain::PerUnit => row.iter_mut().zip(gains).for_each(|(x, g)| *x *= g),
    }
}
