//! Layers of feature maps, as a configuration says them.

use dentate_core::{Activation, ConfigError, Groups, Link, MAX_WIDTH, Normalisation, Pool, Window};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a layer of feature maps pools.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Pooling {
    /// Not at all.
    #[default]
    None,
    /// The largest of each square of this side.
    Max(#[schemars(range(min = 1))] usize),
    /// The mean of each square of this side.
    Average(#[schemars(range(min = 1))] usize),
    /// The largest of each map.
    GlobalMax,
    /// The mean of each map.
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

/// A layer of feature maps, each a unit: a convolution, normalised, activated, pooled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Maps {
    /// Number of maps. Not given for depthwise kernels, which make one of each map below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = MAX_WIDTH))]
    pub width: Option<usize>,
    /// Side of the kernels.
    #[serde(default = "three")]
    #[schemars(range(min = 1))]
    pub kernel: usize,
    /// How far they move.
    #[serde(default = "one")]
    #[schemars(range(min = 1))]
    pub stride: usize,
    /// Zeros around the picture; by default half the kernel, so that its size is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub padding: Option<usize>,
    /// One kernel for each map below instead of one for all of them.
    #[serde(default)]
    pub depthwise: bool,
    /// Groups of maps that see their counterparts alone. Layers at the ends of a convolution in groups do not grow.
    #[serde(default = "one")]
    #[schemars(range(min = 1))]
    pub groups: usize,
    /// Its activation, if another than the learner's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activation: Option<Activation>,
    /// Its normalisation, if another than the learner's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub normalisation: Option<Normalisation>,
    /// How it pools.
    #[serde(default)]
    pub pool: Pooling,
    /// The share of its outputs that is dropped in training.
    #[serde(default)]
    #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
    pub dropout: f32,
    /// Whether it also gets, as they are, the outputs of the layer before the one below (a residual sum, He et al. 2016): both
    /// need as many maps of the same size, and grow together.
    #[serde(default)]
    pub residual: bool,
}

fn one() -> usize {
    1
}

fn three() -> usize {
    3
}

impl Maps {
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        match (self.width, self.depthwise) {
            (None, false) => {
                return Err(ConfigError::new(
                    "width",
                    "nothing",
                    "given, unless `depthwise` is set",
                ));
            }
            (Some(width), true) => return Err(ConfigError::new("width", width, "left out with `depthwise`")),
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
