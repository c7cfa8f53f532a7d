//! Convolution by libtorch's kernels. Values `[rows, units × positions]` are a view of `[rows, units, height, width]`, weights
//! `[targets, sources of a group × places]` one of the kernels as libtorch has them.
//!
//! Its backward kernels are reached through autograd alone, so this is the one place that records anything: a graph of a single
//! convolution, from copies of the handles of what goes in. The error δ at its output y comes back as the gradient of `⟨y, δ⟩`,
//! which costs two passes over δ.
//!
//! Squares of single rows' gradients need these one by one: products of a row's windows, laid out side by side, with its errors.

use crate::network::{Edge, Network};
use dentate_core::{Grid, Window};
use tch::{Kind, Tensor};

/// So many rows' gradients are held at a time.
const ROWS: i64 = 64;

/// A convolution between two layers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Convolution {
    window: Window,
    groups: i64,
    from: Grid,
}

/// What the way back of a convolution needs.
#[derive(Debug)]
pub(super) struct Recorded {
    source: Option<Tensor>,
    kernels: Option<Tensor>,
    out: Tensor,
}

/// Gradients by what went into a convolution, as far as they were recorded.
#[derive(Debug)]
pub(super) struct Gradients {
    /// `[rows, units × positions]` of the source.
    pub(super) source: Option<Tensor>,
    /// In the shape of the weights.
    pub(super) kernels: Option<Tensor>,
}

fn pair(of: [usize; 2]) -> [i64; 2] {
    of.map(|n| n as i64)
}

/// A handle of its own for the same numbers; whether it is a leaf of what is recorded.
fn leaf(of: &Tensor, recorded: bool) -> Tensor {
    let of = of.detach();
    if recorded { of.set_requires_grad(true) } else { of }
}

impl Convolution {
    /// A connection's, if it is one.
    pub(super) fn of(network: &Network, edge: &Edge) -> Option<Self> {
        let from = &network.nodes[edge.from];
        let (window, groups) = edge.convolution(from.width())?;
        Some(Self {
            window,
            groups: groups as i64,
            from: from.outputs,
        })
    }

    fn image(&self, x: &Tensor) -> Tensor {
        x.view([x.size()[0], -1, self.from.height as i64, self.from.width as i64])
    }

    /// What it makes of x, plus a bias, as `[rows, units × positions]`; recorded for gradients by the source or by the weights.
    pub(super) fn forward(
        &self,
        x: &Tensor,
        weights: &Tensor,
        bias: Option<&Tensor>,
        (by_source, by_weights): (bool, bool),
    ) -> (Tensor, Option<Recorded>) {
        let x = leaf(&self.image(x), by_source);
        let [height, width] = pair(self.window.kernel);
        let kernels = leaf(&weights.view([weights.size()[0], -1, height, width]), by_weights);
        let bias = bias.map(|bias| bias.view([-1]));
        let (stride, padding) = (pair(self.window.stride), pair(self.window.padding));
        let out = x.conv2d(&kernels, bias.as_ref(), stride, padding, [1, 1], self.groups);
        let flat = out.detach().reshape([out.size()[0], -1]);
        let recorded = (by_source || by_weights).then(|| Recorded {
            source: by_source.then_some(x),
            kernels: by_weights.then_some(kernels),
            out,
        });
        (flat, recorded)
    }

    /// Sums of the squares of single rows' gradients, in the shape of the weights.
    pub(super) fn squares(&self, x: &Tensor, error: &Tensor) -> Option<Tensor> {
        let rows = x.size()[0];
        let one = [1, 1];
        let part = |first: i64| {
            let count = ROWS.min(rows - first);
            let x = self.image(&x.narrow(0, first, count));
            let (stride, padding) = (pair(self.window.stride), pair(self.window.padding));
            let seen = x.im2col(pair(self.window.kernel), one, padding, stride);
            let positions = seen.size()[2];
            let seen = seen.view([count, self.groups, -1, positions]);
            let error = error.narrow(0, first, count);
            let error = error.reshape([count, self.groups, -1, positions]);
            let single = error.matmul(&seen.transpose(2, 3));
            let sum = single
                .square()
                .sum_dim_intlist([0i64].as_slice(), false, Kind::Float);
            let depth = sum.size()[2];
            sum.reshape([-1, depth])
        };
        (0..rows)
            .step_by(ROWS as usize)
            .map(part)
            .reduce(|sum, part| sum + part)
    }
}

impl Recorded {
    /// The gradients, from the error at what came out. What was recorded is used up.
    pub(super) fn back(self, error: &Tensor) -> Gradients {
        let along = self.out.reshape([-1]).dot(&error.reshape([-1]));
        let leaves: Vec<&Tensor> = [&self.source, &self.kernels].into_iter().flatten().collect();
        let mut found = Tensor::run_backward(&[along], &leaves, false, false).into_iter();
        let mut next = |leaf: &Option<Tensor>| leaf.as_ref().and_then(|_| found.next());
        let (source, kernels) = (next(&self.source), next(&self.kernels));
        let flat = |gradient: Tensor| gradient.reshape([gradient.size()[0], -1]);
        Gradients {
            source: source.map(flat),
            kernels: kernels.map(flat),
        }
    }
}
