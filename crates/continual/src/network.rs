//! The network that a gradient learner starts with: layers of feature maps where pictures enter, then plain hidden layers.

use crate::config::Gradient;
use dentate_core::{
    Activation, Cause, ConfigError, Graph, Grid, Groups, LearnError, Link, MAX_WIDTH, NewLayer,
    Normalisation, Plan, PlanBuilder, Pool, Seed, Window,
};
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
    fn pool(self) -> Pool {
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

    fn link(&self) -> Link {
        let window = Window::square(self.kernel, self.stride, self.padding.unwrap_or(self.kernel / 2));
        let groups = match self.groups {
            _ if self.depthwise => Groups::Depthwise,
            1 => Groups::One,
            n => Groups::Count(u32::try_from(n).unwrap_or(u32::MAX)),
        };
        Link::Convolution { window, groups }
    }
}

/// The plan of a learner's first network, for rows of this shape.
pub(crate) fn initial(config: &Gradient, shape: &[usize], seed: Seed) -> Result<Plan, LearnError> {
    let mut plan = PlanBuilder::new(&Graph::empty(), Cause::Initial, seed);
    let mut below = if config.maps.is_empty() {
        plan.layer(NewLayer::input(shape.iter().product()))
    } else {
        maps(config, shape, &mut plan)?
    };
    for (i, &width) in config.hidden.iter().enumerate() {
        let layer = plan.layer(NewLayer {
            normalisation: config.normalisation,
            dropout: config.dropout,
            ..NewLayer::hidden(format!("hidden-{}", i + 1), width, config.activation)
        });
        plan.connect(below, layer, config.init);
        below = layer;
    }
    Ok(plan.finish())
}

/// The layers of maps; the last of them.
fn maps(
    config: &Gradient,
    shape: &[usize],
    plan: &mut PlanBuilder,
) -> Result<dentate_core::LayerId, LearnError> {
    let (channels, grid) = match *shape {
        [height, width] => (1, Grid::new(height, width)),
        [channels, height, width] => (channels, Grid::new(height, width)),
        _ => {
            let sentence = format!(
                "`maps` need pictures, rows of shape [height, width] or [channels, height, width], and these rows have \
                 the shape {shape:?}"
            );
            return Err(LearnError::Unsuited(sentence));
        }
    };
    let mut layers = vec![(plan.layer(NewLayer::image(channels, grid)), channels, grid)];
    for (i, maps) in config.maps.iter().enumerate() {
        let name = format!("maps-{}", i + 1);
        let (from, sources, grid) = layers[layers.len() - 1];
        let (link, pool) = (maps.link(), maps.pool.pool());
        let on = link.over(grid);
        let (Some(on), Some(out)) = (on, on.and_then(|on| pool.over(on))) else {
            let sentence = format!(
                "`{name}` does not fit: its kernel or its pooling is larger than what is left of the picture, {grid}"
            );
            return Err(LearnError::Unsuited(sentence));
        };
        let normalisation = maps.normalisation.unwrap_or(config.normalisation);
        if config.batch == 1 && normalisation == Normalisation::BatchNorm && on.positions() == 1 {
            let sentence = format!(
                "`{name}` has maps of a single position and batch norm, which needs a `batch` of at least 2: a single row has no \
                 variance there"
            );
            return Err(LearnError::Unsuited(sentence));
        }
        let width = maps.width.unwrap_or(sources);
        let layer = plan.layer(NewLayer {
            normalisation,
            pool,
            dropout: maps.dropout,
            ..NewLayer::hidden(name.clone(), width, maps.activation.unwrap_or(config.activation)).on(on)
        });
        plan.link(from, layer, link, config.init);
        if maps.residual {
            let before = layers.len().checked_sub(2).map(|i| layers[i]);
            match before {
                Some((source, units, size)) if (units, size) == (width, on) => {
                    plan.link(source, layer, Link::Direct, dentate_core::Init::Zero);
                }
                _ => {
                    let sentence = format!(
                        "`{name}` has {width} maps of {on}, and there are not as many two layers below for a residual sum"
                    );
                    return Err(LearnError::Unsuited(sentence));
                }
            }
        }
        layers.push((layer, width, out));
    }
    Ok(layers[layers.len() - 1].0)
}

#[cfg(test)]
mod tests;
