//! Layers that are laid out on a grid, and the windows that slide over one: convolution and pooling.
//!
//! A unit of such a layer is a channel: it has one value at each position, and is grown, ranked and removed as a whole. Values of
//! a layer are stored unit by unit, position by position, row-major: `[units, height, width]`, as usual for images.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The positions of a layer. A grid of 1 × 1 is a plain row of units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grid {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
}

impl Grid {
    /// A single position.
    pub const POINT: Self = Self { height: 1, width: 1 };

    /// A grid of this size.
    #[must_use]
    pub const fn new(height: usize, width: usize) -> Self {
        Self { height, width }
    }

    /// Number of positions.
    #[must_use]
    pub fn positions(self) -> usize {
        self.height.saturating_mul(self.width)
    }
}

impl Default for Grid {
    fn default() -> Self {
        Self::POINT
    }
}

impl fmt::Display for Grid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} × {}", self.height, self.width)
    }
}

/// A window that slides over a grid: `[vertically, horizontally]` each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Its size.
    pub kernel: [usize; 2],
    /// The distance between neighbouring positions.
    pub stride: [usize; 2],
    /// The distance by which it may exceed the grid on each side. Values outside are 0 in a convolution and ignored in pooling.
    pub padding: [usize; 2],
}

impl Window {
    /// A square window.
    #[must_use]
    pub const fn square(kernel: usize, stride: usize, padding: usize) -> Self {
        Self {
            kernel: [kernel; 2],
            stride: [stride; 2],
            padding: [padding; 2],
        }
    }

    /// Number of places in it.
    #[must_use]
    pub fn area(self) -> usize {
        self.kernel[0].saturating_mul(self.kernel[1])
    }

    /// The grid of its positions over another: `⌊(n + 2 padding − kernel) / stride⌋ + 1` along each axis. `None` where it does
    /// not fit or would cover only padding.
    #[must_use]
    pub fn over(self, grid: Grid) -> Option<Grid> {
        let along = |axis: usize, n: usize| {
            let (kernel, stride, padding) = (self.kernel[axis], self.stride[axis], self.padding[axis]);
            if kernel == 0 || stride == 0 || padding >= kernel {
                return None;
            }
            let room = n.checked_add(padding.checked_mul(2)?)?.checked_sub(kernel)?;
            Some(room / stride + 1)
        };
        Some(Grid::new(along(0, grid.height)?, along(1, grid.width)?))
    }

    /// Along `axis`, the index in a grid of length `n` that index `k` of the window covers at its `o`-th position.
    #[must_use]
    pub fn place(self, axis: usize, o: usize, k: usize, n: usize) -> Option<usize> {
        (o * self.stride[axis] + k)
            .checked_sub(self.padding[axis])
            .filter(|&place| place < n)
    }
}

/// The pooling of a layer's activations into its outputs, unit by unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pool {
    /// No pooling.
    #[default]
    None,
    /// The maximum in a window; of equal values the first.
    Max(Window),
    /// The mean over the places of a window that are inside the grid.
    Average(Window),
    /// The maximum over all positions.
    GlobalMax,
    /// The mean over all positions.
    GlobalAverage,
}

impl Pool {
    /// Its window on a grid; `None` for no pooling.
    #[must_use]
    pub fn window(self, grid: Grid) -> Option<Window> {
        match self {
            Self::None => None,
            Self::Max(window) | Self::Average(window) => Some(window),
            Self::GlobalMax | Self::GlobalAverage => Some(Window {
                kernel: [grid.height, grid.width],
                stride: [1; 2],
                padding: [0; 2],
            }),
        }
    }

    /// Returns whether it takes the maximum rather than the mean.
    #[must_use]
    pub fn is_max(self) -> bool {
        matches!(self, Self::Max(_) | Self::GlobalMax)
    }

    /// The grid of its outputs; `None` where its window does not fit.
    #[must_use]
    pub fn over(self, grid: Grid) -> Option<Grid> {
        self.window(grid).map_or(Some(grid), |window| window.over(grid))
    }
}

/// The source units that a target unit of a convolution sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Groups {
    /// All of them.
    #[default]
    One,
    /// Both layers are divided into this number of groups of equal size, and each sees its counterpart. The source's units are
    /// fixed and the target's can only be replaced: adding or removing one would move others into another group.
    Count(u32),
    /// The one with its own index (depthwise). Both layers have the same width and are resized together.
    Depthwise,
}

/// The kind of a connection between two layers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Link {
    /// A weight for each target unit and each value of the source, position by position. The target has a single position.
    #[default]
    Dense,
    /// A kernel for each target unit and each source unit that it sees (cross-correlation, as usual).
    Convolution {
        /// The window of the kernels.
        window: Window,
        /// The source units that each target unit sees.
        groups: Groups,
    },
    /// No weights: each target unit gets the values of the source unit with its own index, as in a residual sum. Both
    /// layers have the same width and grid and are resized together.
    Direct,
}

impl Link {
    /// A convolution in which every unit sees all source units.
    #[must_use]
    pub const fn convolution(window: Window) -> Self {
        Self::Convolution {
            window,
            groups: Groups::One,
        }
    }

    /// Returns whether it joins target units to source units one by one.
    #[must_use]
    pub fn one_to_one(self) -> bool {
        match self {
            Self::Direct => true,
            Self::Convolution { groups, .. } => groups == Groups::Depthwise,
            Self::Dense => false,
        }
    }

    /// Returns whether it is a convolution that divides both layers into groups.
    #[must_use]
    pub fn in_groups(self) -> bool {
        matches!(
            self,
            Self::Convolution {
                groups: Groups::Count(_),
                ..
            }
        )
    }

    /// The grid of its output, from that of its source.
    #[must_use]
    pub fn over(self, grid: Grid) -> Option<Grid> {
        match self {
            Self::Dense => Some(Grid::POINT),
            Self::Convolution { window, .. } => window.over(grid),
            Self::Direct => Some(grid),
        }
    }

    /// Its kebab-case name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Dense => "dense",
            Self::Convolution { .. } => "convolution",
            Self::Direct => "direct",
        }
    }
}

/// Returns whether dropout drops a value: the same on every backend, in any order of computation. `step` is the number of updates
/// before this one, `row` the row of the batch, `value` the index of the layer's value.
#[must_use]
pub fn drops(share: f32, seed: u64, step: u64, layer: u32, row: usize, value: usize) -> bool {
    // The finaliser of SplitMix64 (Steele, Lea & Flood 2014) over a counter: no state to carry, any order.
    let mix = |x: u64| {
        let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    };
    let stream = mix(seed ^ mix(step.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::from(layer)));
    let drawn = mix(stream ^ mix(((row as u64) << 32) | value as u64).wrapping_add(0x9e37_79b9_7f4a_7c15));
    ((drawn >> 40) as f32) < share * (1u32 << 24) as f32
}

#[cfg(test)]
mod tests;
