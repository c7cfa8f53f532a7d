//! The initial network of a gradient learner: convolutional layers for image input, then plain hidden layers.

use crate::config::Gradient;
use dentate_core::{Cause, Graph, Grid, LearnError, Link, NewLayer, Normalisation, Plan, PlanBuilder, Seed};

/// The plan of a learner's initial network, for rows of this shape.
pub(crate) fn initial(config: &Gradient, shape: &[usize], seed: Seed) -> Result<Plan, LearnError> {
    let mut plan = PlanBuilder::new(&Graph::empty(), Cause::Initial, seed);
    let mut below = if config.conv.is_empty() {
        plan.layer(NewLayer::input(shape.iter().product()))
    } else {
        convolutional(config, shape, &mut plan)?
    };
    for (i, &width) in config.hidden.iter().enumerate() {
        let layer = plan.layer(NewLayer {
            normalisation: config.normalisation,
            dropout: config.dropout,
            bias_init: config.bias_init,
            ..NewLayer::hidden(format!("hidden-{}", i + 1), width, config.activation)
        });
        plan.connect(below, layer, config.init);
        below = layer;
    }
    Ok(plan.finish())
}

/// Adds the convolutional layers; returns the last of them.
fn convolutional(
    config: &Gradient,
    shape: &[usize],
    plan: &mut PlanBuilder,
) -> Result<dentate_core::LayerId, LearnError> {
    let (channels, grid) = match *shape {
        [height, width] => (1, Grid::new(height, width)),
        [channels, height, width] => (channels, Grid::new(height, width)),
        _ => {
            let sentence = format!(
                "`conv` needs pictures, rows of shape [height, width] or [channels, height, width], and these rows have \
                 the shape {shape:?}"
            );
            return Err(LearnError::Unsuited(sentence));
        }
    };
    let mut layers = vec![(plan.layer(NewLayer::image(channels, grid)), channels, grid)];
    for (i, conv) in config.conv.iter().enumerate() {
        let name = format!("conv-{}", i + 1);
        let (from, sources, grid) = layers[layers.len() - 1];
        let (link, pool) = (conv.link(), conv.pool.pool());
        let on = link.over(grid);
        let (Some(on), Some(out)) = (on, on.and_then(|on| pool.over(on))) else {
            let sentence = format!(
                "`{name}` does not fit: its kernel or its pooling is larger than the remaining picture, {grid}"
            );
            return Err(LearnError::Unsuited(sentence));
        };
        let normalisation = conv.normalisation.unwrap_or(config.normalisation);
        if config.batch == 1 && normalisation == Normalisation::BatchNorm && on.positions() == 1 {
            let sentence = format!(
                "`{name}` has channels of a single position and batch norm, which needs a `batch` of at least 2: a single row has no \
                 variance there"
            );
            return Err(LearnError::Unsuited(sentence));
        }
        let width = conv.channels.unwrap_or(sources);
        let layer = plan.layer(NewLayer {
            normalisation,
            pool,
            dropout: conv.dropout,
            bias_init: config.bias_init,
            ..NewLayer::hidden(name.clone(), width, conv.activation.unwrap_or(config.activation)).on(on)
        });
        plan.link(from, layer, link, config.init);
        if conv.residual {
            let before = layers.len().checked_sub(2).map(|i| layers[i]);
            match before {
                Some((source, units, size)) if (units, size) == (width, on) => {
                    plan.link(source, layer, Link::Direct, dentate_core::Init::Zero);
                }
                _ => {
                    let sentence = format!(
                        "`{name}` has {width} channels of {on}, and there are not as many two layers below for a residual sum"
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
