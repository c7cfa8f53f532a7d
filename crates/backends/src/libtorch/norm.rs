//! Normalisations, `y = s x̂ + t` with `x̂ = (z − mean) / √(variance + ε)`, ε = 1e-5, as the native backend's:
//!
//! - over groups of a layer's units and their positions, row by row (layer and group norm; the last group may be smaller);
//! - over the batch and the positions of a unit (batch norm), where the unit learns in a training pass and the batch has more
//!   than one value of it, and else by the unit's running statistics, which are constants.
//!
//! Backward: `δ_z = (δ_x̂ − mean δ_x̂ − x̂ · mean(δ_x̂ ⊙ x̂)) / √(variance + ε)` with `δ_x̂ = s ⊙ δ_y`, and without the means
//! where statistics are constants. Sums that nearly cancel are computed in double precision; the result is rounded once.

use super::tensors::{self, by_unit, flat, of_units};
use crate::network::{Node, Norm, Over};
use tch::{Kind, Tensor};

/// Added to a variance before the square root.
const EPSILON: f64 = 1e-5;
/// The momentum of running statistics.
const MOMENTUM: f64 = 0.1;
/// The axis of values that are normalised together: a group in a row, or a unit.
const GROUP: &[i64] = &[2];
const UNIT: &[i64] = &[0, 2];

/// The state of a normalisation for its backward pass.
#[derive(Debug)]
pub(super) struct Normal {
    /// x̂ `[rows, units × positions]`.
    pub(super) normal: Tensor,
    by: By,
}

#[derive(Debug)]
enum By {
    /// 1 / the standard deviations of whole groups and of the last, smaller one, and the size of a group.
    Groups { inverse: Vec<Tensor>, size: i64 },
    /// 1 / the standard deviations of the units, and the batch's statistics.
    Units { inverse: Tensor, batch: Option<Batch> },
}

/// Statistics of a batch, unit by unit `[1, units]`.
#[derive(Debug)]
struct Batch {
    mean: Tensor,
    /// Unbiased.
    variance: Tensor,
    /// The units that are normalised by them; `None`: all.
    which: Option<Tensor>,
}

/// Turn z into y. `learning`: in a training pass, for a layer that is not frozen.
pub(super) fn normalise(
    node: &Node,
    norm: Norm,
    weights: &[Tensor],
    z: &Tensor,
    learning: bool,
) -> (Tensor, Normal) {
    let positions = node.grid.positions();
    let normal = match norm.over {
        Over::Units(units) => over_groups(z, (units * positions) as i64),
        Over::Batch { mean, variance } => {
            let running = (&weights[mean], &weights[variance]);
            over_batch(node, z, running, learning)
        }
    };
    let (scale, shift) = (of_units(&weights[norm.scale]), of_units(&weights[norm.shift]));
    let y = shift.addcmul(&by_unit(&normal.normal, positions), &scale);
    (flat(&y), normal)
}

/// Values `[rows, values]` as `[rows, groups, size]`: the whole groups, and the remainder.
fn parts(values: &Tensor, size: i64) -> Vec<Tensor> {
    let (rows, all) = (values.size()[0], values.size()[1]);
    let whole = all / size * size;
    [(0, whole, size), (whole, all - whole, all - whole)]
        .into_iter()
        .filter(|(_, len, _)| *len > 0)
        .map(|(first, len, size)| values.narrow(1, first, len).reshape([rows, -1, size]))
        .collect()
}

fn joined(parts: Vec<Tensor>) -> Tensor {
    let mut parts: Vec<Tensor> = parts.iter().map(flat).collect();
    match (parts.len(), parts.pop()) {
        (1, Some(whole)) => whole,
        (_, last) => {
            parts.extend(last);
            Tensor::cat(&parts, 1)
        }
    }
}

fn over_groups(z: &Tensor, size: i64) -> Normal {
    let (mut normal, mut inverse) = (Vec::new(), Vec::new());
    for z in parts(z, size) {
        let z = z.to_kind(Kind::Double);
        let off = &z - z.mean_dim(GROUP, true, Kind::Double);
        let variance = off.square().mean_dim(GROUP, true, Kind::Double);
        let by = (variance + EPSILON).rsqrt();
        normal.push((off * &by).to_kind(Kind::Float));
        inverse.push(by.to_kind(Kind::Float));
    }
    Normal {
        normal: joined(normal),
        by: By::Groups { inverse, size },
    }
}

fn over_batch(node: &Node, z: &Tensor, running: (&Tensor, &Tensor), learning: bool) -> Normal {
    let z = by_unit(z, node.grid.positions()).to_kind(Kind::Double);
    let (mut centre, mut spread) = (of_units(running.0), of_units(running.1));
    let count = z.size()[0] * z.size()[2];
    let learns: Vec<bool> = (0..node.width()).map(|unit| node.unit_learns(unit)).collect();
    let batch = (learning && count > 1 && learns.contains(&true)).then(|| {
        let mean = z.mean_dim(UNIT, true, Kind::Double);
        let squares = (&z - &mean).square().sum_dim_intlist(UNIT, true, Kind::Double);
        let which = learns.contains(&false).then(|| {
            let which = Tensor::from_slice(&learns).view([1, -1, 1]);
            tensors::send(which, z.device())
        });
        let chosen = |batch: &Tensor, running: &Tensor| match &which {
            Some(which) => batch.where_self(which, running),
            None => batch.shallow_clone(),
        };
        centre = chosen(&mean, &centre.to_kind(Kind::Double));
        spread = chosen(&(&squares / count as f64), &spread.to_kind(Kind::Double));
        let block = |of: Tensor| of.to_kind(Kind::Float).view([1, -1]);
        Batch {
            mean: block(mean),
            variance: block(squares / (count - 1) as f64),
            which: which.map(|which| which.view([1, -1])),
        }
    });
    let inverse = (spread.to_kind(Kind::Double) + EPSILON).rsqrt();
    let normal = flat(&((z - centre) * &inverse).to_kind(Kind::Float));
    let inverse = inverse.to_kind(Kind::Float);
    Normal {
        normal,
        by: By::Units { inverse, batch },
    }
}

impl Normal {
    /// Turn δ_y into δ_z.
    pub(super) fn back(&self, error: &Tensor, scale: &Tensor, positions: usize) -> Tensor {
        let error = by_unit(error, positions) * of_units(scale);
        match &self.by {
            By::Groups { inverse, size } => {
                let pairs = parts(&flat(&error), *size)
                    .into_iter()
                    .zip(parts(&self.normal, *size));
                let turned = pairs.zip(inverse).map(|((error, normal), inverse)| {
                    let (mean, along) = means(&error, &normal, GROUP);
                    (error - mean - normal * along) * inverse
                });
                joined(turned.collect())
            }
            By::Units {
                inverse,
                batch: Some(batch),
            } => {
                let normal = by_unit(&self.normal, positions);
                let (mean, along) = means(&error, &normal, UNIT);
                let off = match &batch.which {
                    Some(which) => {
                        let (which, none) = (which.view([1, -1, 1]), mean.zeros_like());
                        &error - mean.where_self(&which, &none) - normal * along.where_self(&which, &none)
                    }
                    None => error - mean - normal * along,
                };
                flat(&(off * inverse))
            }
            By::Units { inverse, batch: None } => flat(&(error * inverse)),
        }
    }

    /// Move running statistics towards the batch's, scaled by `keep` and only if `alive` is true.
    pub(super) fn follow(
        &self,
        over: Over,
        weights: &mut [Tensor],
        keep: Option<&[Tensor]>,
        alive: Option<&Tensor>,
    ) {
        let (
            By::Units {
                batch: Some(batch), ..
            },
            Over::Batch { mean, variance },
        ) = (&self.by, over)
        else {
            return;
        };
        for (place, of_batch) in [(mean, &batch.mean), (variance, &batch.variance)] {
            let running = &weights[place];
            let mut towards = (of_batch - running) * MOMENTUM;
            let keep = keep.map(|keep| &keep[place]);
            if let Some(keep) = keep {
                towards = towards * keep;
            }
            let moves = keep.map(|keep| keep.gt(0.0));
            let mut moved = tensors::settled(&(running + towards));
            for allowed in [batch.which.as_ref(), moves.as_ref(), alive]
                .into_iter()
                .flatten()
            {
                moved = moved.where_self(allowed, running);
            }
            weights[place] = moved;
        }
    }
}

/// The means of δ_x̂ and of δ_x̂ ⊙ x̂.
fn means(error: &Tensor, normal: &Tensor, over: &[i64]) -> (Tensor, Tensor) {
    let mean = |of: &Tensor| of.mean_dim(over, true, Kind::Double).to_kind(Kind::Float);
    (mean(error), mean(&(error * normal)))
}
