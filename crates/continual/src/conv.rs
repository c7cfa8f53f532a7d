//! Configuration of convolutional layers.

use dentate_core::{Activation, ConfigError, Groups, Link, MAX_WIDTH, Normalisation, Pool, Window};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The pooling of a convolutional layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Pooling {
    /// No pooling.
    #[default]
    None,
    /// Max pooling over squares of this side.
    Max(#[schemars(range(min = 1))] usize),
    /// Average pooling over squares of this side.
    Average(#[schemars(range(min = 1))] usize),
    /// Global max pooling per channel.
    GlobalMax,
    /// Global average pooling per channel.
    GlobalAverage,
}

impl Pooling {
    pub(crate) fn pool(self) -> Pool {
        match self {
            Self::None => Pool::None,
            Self::Max(side) => Pool::Max(Window::square(side, side, 0)),
            Self::Average(side) => Pool::Average(Window::square(side, side, 0)),
            Self::GlobalMax => Pool::GlobalMax,
            Self::GlobalAverage => Pool::GlobalAverage,
        }
    }
}

/// A convolutional layer whose units are channels: convolution, normalisation, activation, pooling.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConvLayer {
    /// Number of channels. Not given for depthwise kernels, which make one of each channel below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = MAX_WIDTH))]
    pub channels: Option<usize>,
    /// Side of the kernels.
    #[serde(default = "three")]
    #[schemars(range(min = 1))]
    pub kernel: usize,
    /// Stride of the kernels.
    #[serde(default = "one")]
    #[schemars(range(min = 1))]
    pub stride: usize,
    /// Zero padding around the input; by default half the kernel, which preserves the size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub padding: Option<usize>,
    /// Depthwise convolution: one kernel for each channel below instead of one across all of them.
    #[serde(default)]
    pub depthwise: bool,
    /// Groups of channels of a grouped convolution. Layers at the ends of a grouped convolution do not grow.
    #[serde(default = "one")]
    #[schemars(range(min = 1))]
    pub groups: usize,
    /// Activation, if different from the learner's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activation: Option<Activation>,
    /// Normalisation, if different from the learner's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub normalisation: Option<Normalisation>,
    /// Pooling.
    #[serde(default)]
    pub pool: Pooling,
    /// Dropout rate.
    #[serde(default)]
    #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
    pub dropout: f32,
    /// If true, the outputs of the layer before the one below are added unchanged (a residual connection, He et al. 2016):
    /// both need the same number of channels of the same size, and grow together.
    #[serde(default)]
    pub residual: bool,
}

fn one() -> usize {
    1
}

fn three() -> usize {
    3
}

impl ConvLayer {
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        match (self.channels, self.depthwise) {
            (None, false) => {
                return Err(ConfigError::new(
                    "channels",
                    "nothing",
                    "given, unless `depthwise` is set",
                ));
            }
            (Some(width), true) => {
                return Err(ConfigError::new("channels", width, "left out with `depthwise`"));
            }
            _ => {}
        }
        if self.depthwise && self.groups != 1 {
            return Err(ConfigError::new(
                "groups",
                self.groups,
                "left out with `depthwise`",
            ));
        }
        if let Some(padding) = self.padding.filter(|&p| p >= self.kernel) {
            return Err(ConfigError::new("padding", padding, "below the kernel's side"));
        }
        Ok(())
    }

    pub(crate) fn link(&self) -> Link {
        let window = Window::square(self.kernel, self.stride, self.padding.unwrap_or(self.kernel / 2));
        let groups = match self.groups {
            _ if self.depthwise => Groups::Depthwise,
            1 => Groups::One,
            n => Groups::Count(u32::try_from(n).unwrap_or(u32::MAX)),
        };
        Link::Convolution { window, groups }
    }
}
