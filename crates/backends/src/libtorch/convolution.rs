//! Convolution by libtorch's kernels. Values `[rows, units × positions]` are viewed as `[rows, units, height, width]`, and
//! weights `[targets, sources of a group × places]` as libtorch's kernels.
//!
//! Its backward kernels can be reached through autograd only, so this is the one module that records anything, from copies of
//! the input tensors' handles. The error δ at the end y of a recording is passed back as the gradient of `⟨y, δ⟩`, which costs
//! two passes over δ. So a recording is extended where possible: a layer whose only input is a convolution is recorded up to
//! its pooled values, which are few.
//!
//! Squares of single rows' gradients need each gradient by itself: products of a row's unfolded windows with its errors.

use super::tensors::raised;
use crate::network::{Edge, Network};
use dentate_core::{Grid, Power, Window};
use tch::{Kind, Tensor};

/// Number of rows whose gradients are held at a time.
const ROWS: i64 = 64;

/// A convolution between two layers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Convolution {
    window: Window,
    groups: i64,
    from: Grid,
}

/// The inputs by which gradients are recorded.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct By {
    pub(super) source: bool,
    pub(super) kernels: bool,
    pub(super) bias: bool,
}

/// The state of a convolution for its backward pass.
#[derive(Debug)]
pub(super) struct Recorded {
    source: Option<Tensor>,
    kernels: Option<Tensor>,
    bias: Option<Tensor>,
    /// The convolution's own outputs `[rows, units, height, width]`, or what they were turned into.
    end: Tensor,
}

/// Gradients by the inputs of a convolution, as far as they were recorded: `[rows, units × positions]` of the source, and in
/// the shapes of the weights and of the biases.
#[derive(Debug, Default)]
pub(super) struct Gradients {
    pub(super) source: Option<Tensor>,
    pub(super) kernels: Option<Tensor>,
    pub(super) bias: Option<Tensor>,
}

fn pair(of: [usize; 2]) -> [i64; 2] {
    of.map(|n| n as i64)
}

/// A separate handle for the same numbers, as a leaf of the recording if `recorded`.
fn leaf(of: &Tensor, recorded: bool) -> Tensor {
    let of = of.detach();
    if recorded { of.set_requires_grad(true) } else { of }
}

impl Convolution {
    /// The convolution of a connection, if it is one.
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

    /// Its outputs for x, plus a bias, as `[rows, units × positions]`; recorded if any gradient is wanted.
    pub(super) fn forward(
        &self,
        x: &Tensor,
        weights: &Tensor,
        bias: Option<&Tensor>,
        by: By,
    ) -> (Tensor, Option<Recorded>) {
        let x = leaf(&self.image(x), by.source);
        let [height, width] = pair(self.window.kernel);
        let kernels = leaf(&weights.view([weights.size()[0], -1, height, width]), by.kernels);
        let bias = bias.map(|bias| leaf(&bias.view([-1]), by.bias));
        let (stride, padding) = (pair(self.window.stride), pair(self.window.padding));
        let out = x.conv2d(&kernels, bias.as_ref(), stride, padding, [1, 1], self.groups);
        let flat = out.detach().reshape([out.size()[0], -1]);
        let recorded = out.requires_grad().then(|| Recorded {
            source: by.source.then_some(x),
            kernels: by.kernels.then_some(kernels),
            bias: bias.filter(|_| by.bias),
            end: out,
        });
        (flat, recorded)
    }

    /// Sums of powers of single rows' gradients, in the shape of the weights.
    pub(super) fn powers(&self, power: Power, x: &Tensor, error: &Tensor) -> Option<Tensor> {
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
            let sum = raised(power, &single).sum_dim_intlist([0i64].as_slice(), false, Kind::Float);
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
    /// Extend the recording from its end, which may be overwritten.
    pub(super) fn go_on(&mut self, further: impl FnOnce(Tensor) -> Tensor) {
        self.end = further(std::mem::take(&mut self.end));
    }

    /// Compute the gradients from the error at the end, which consumes the recording.
    pub(super) fn back(self, error: &Tensor) -> Gradients {
        let along = self.end.reshape([-1]).dot(&error.reshape([-1]));
        let of = [self.source, self.kernels, self.bias];
        let leaves: Vec<&Tensor> = of.iter().flatten().collect();
        let mut found = Tensor::run_backward(&[along], &leaves, false, false).into_iter();
        let [source, kernels, bias] = of.each_ref().map(|leaf| {
            let gradient = leaf.as_ref().and_then(|_| found.next())?;
            let rows = if gradient.dim() == 1 {
                1
            } else {
                gradient.size()[0]
            };
            Some(gradient.reshape([rows, -1]))
        });
        Gradients {
            source,
            kernels,
            bias,
        }
    }
}
