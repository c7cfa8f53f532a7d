//! From a layer's activations to its outputs and back: pooling, then dropout.
//!
//! libtorch pools as the contract requires (the first of equal values; the mean over the part inside the grid), but refuses a
//! padding of more than half a window. In that case the grid is padded first: by −∞ for max pooling, and by 0 for mean pooling,
//! whose result is then divided by the share of the window that lies inside.
//!
//! Dropout is drawn on the host, by the contract's own counter, and sent as a factor for each value; the device is not waited
//! for.

use super::tensors;
use crate::network::Node;
use dentate_core::{Grid, Window, drops};
use tch::{Device, Kind, Tensor};

/// The factors of dropout on a layer's outputs, in a step after so many updates.
pub(super) fn dropping(node: &Node, rows: usize, seed: u64, step: u64, device: Device) -> Tensor {
    let kept = 1.0 / (1.0 - node.dropout);
    let features = node.features();
    let mut factors = Vec::with_capacity(rows * features);
    for row in 0..rows {
        let factor = |value| match drops(node.dropout, seed, step, node.id.0, row, value) {
            true => 0.0,
            false => kept,
        };
        factors.extend((0..features).map(factor));
    }
    let factors: Tensor = Tensor::from_slice::<f32>(&factors);
    tensors::send(factors.view([rows as i64, features as i64]), device)
}

/// The pooling of a layer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pooling {
    largest: bool,
    grid: Grid,
    kernel: [i64; 2],
    stride: [i64; 2],
    /// The padding that libtorch applies, and the padding applied before.
    padding: [i64; 2],
    before: [i64; 2],
}

impl Pooling {
    /// The pooling of a layer, if it has one.
    pub(super) fn of(node: &Node) -> Option<Self> {
        let Window {
            kernel,
            stride,
            padding,
        } = node.pool.window(node.grid)?;
        let pair = |of: [usize; 2]| of.map(|n| n as i64);
        let own = kernel
            .iter()
            .zip(padding)
            .all(|(kernel, padding)| 2 * padding <= *kernel);
        let (own, before) = if own { (padding, [0; 2]) } else { ([0; 2], padding) };
        Some(Self {
            largest: node.pool.is_max(),
            grid: node.grid,
            kernel: pair(kernel),
            stride: pair(stride),
            padding: pair(own),
            before: pair(before),
        })
    }

    fn padded(&self) -> bool {
        self.before != [0; 2]
    }

    /// Activations as images, padded where libtorch cannot.
    fn image(&self, full: &Tensor) -> Tensor {
        let (height, width) = (self.grid.height as i64, self.grid.width as i64);
        let image = full.view([full.size()[0], -1, height, width]);
        if !self.padded() {
            return image;
        }
        let [y, x] = self.before;
        let by = if self.largest { f64::NEG_INFINITY } else { 0.0 };
        image.pad([x, x, y, y], "constant", by)
    }

    fn inside(&self, device: Device) -> Tensor {
        let (height, width) = (self.grid.height as i64, self.grid.width as i64);
        let [y, x] = self.before;
        let ones = Tensor::ones([1, 1, height, width], (Kind::Float, device));
        self.mean(&ones.constant_pad_nd([x, x, y, y]))
    }

    fn mean(&self, image: &Tensor) -> Tensor {
        image.avg_pool2d(self.kernel, self.stride, self.padding, false, false, None)
    }

    /// Divide means by the share of each window that lies inside, where the grid is padded before.
    fn corrected(&self, means: Tensor) -> Tensor {
        if self.padded() {
            &means / self.inside(means.device())
        } else {
            means
        }
    }

    /// Pooled values, and for max pooling the positions they were taken from.
    pub(super) fn pool(&self, full: &Tensor) -> (Tensor, Option<Tensor>) {
        let image = self.image(full);
        if self.largest {
            let one = [1, 1];
            let (out, places) =
                image.max_pool2d_with_indices(self.kernel, self.stride, self.padding, one, false);
            return (tensors::flat(&out), Some(places));
        }
        let mean = self.mean(&image);
        let out = self.corrected(mean);
        (tensors::flat(&out), None)
    }

    /// The error at the activations, from that at the pooled values.
    pub(super) fn back(&self, error: &Tensor, full: &Tensor, places: Option<&Tensor>) -> Tensor {
        let image = self.image(full);
        let along = |axis: usize| {
            let room = image.size()[2 + axis] + 2 * self.padding[axis] - self.kernel[axis];
            room / self.stride[axis] + 1
        };
        let error = error.view([image.size()[0], image.size()[1], along(0), along(1)]);
        let wide = match places {
            Some(places) => image.max_pool2d_with_indices_backward(
                &error,
                self.kernel,
                self.stride,
                self.padding,
                [1, 1],
                false,
                places,
            ),
            None => image.avg_pool2d_backward(
                &self.corrected(error),
                self.kernel,
                self.stride,
                self.padding,
                false,
                false,
                None,
            ),
        };
        let [y, x] = self.before;
        let (height, width) = (self.grid.height as i64, self.grid.width as i64);
        tensors::flat(&wide.narrow(2, y, height).narrow(3, x, width))
    }
}
