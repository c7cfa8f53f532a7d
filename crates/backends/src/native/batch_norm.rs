//! Batch norm (Ioffe & Szegedy 2015, arXiv:1502.03167), unit by unit: `y = s x̂ + t`, `x̂ = (z − m) / √(v + ε)`, ε = 1e-5.
//!
//! If a unit learns in a training pass, m and v are mean and variance over the batch and the unit's positions, and
//! `δ_z = (δ_x̂ − mean δ_x̂ − x̂ · mean(δ_x̂ ⊙ x̂)) / √(v + ε)`. Otherwise, and if the batch has a single value of the unit, which has no
//! variance, they are its running statistics, constants: `δ_z = δ_x̂ / √(v + ε)`.
//!
//! Running statistics move by a tenth towards the batch's, the variance towards the unbiased one.

use super::block::Block;
use super::norm::EPSILON;
use super::settle::settled;
use std::ops::Range;

/// The momentum of running statistics.
const MOMENTUM: f32 = 0.1;

/// The statistics that one unit was normalised by.
#[derive(Clone, Copy, Debug)]
pub(super) struct By {
    /// 1 / √(v + ε).
    inverse: f32,
    /// Mean and unbiased variance of the batch, if these were computed.
    batch: Option<(f32, f32)>,
}

/// Turn z `[rows, units × positions]` into y, storing x̂ in `kept`.
pub(super) fn normalise(
    z: &mut Block,
    kept: &mut Block,
    positions: usize,
    learns: impl Fn(usize) -> bool,
    [scale, shift, mean, variance]: [&[f32]; 4],
    by: &mut Vec<By>,
) {
    kept.reshape(z.rows(), z.cols());
    by.clear();
    let count = z.rows() * positions;
    for unit in 0..z.cols() / positions {
        let place = unit * positions..(unit + 1) * positions;
        let (centre, spread, batch) = if count > 1 && learns(unit) {
            let n = count as f64;
            let centre = total(z, &place, |z| z) / n;
            let squares = total(z, &place, |z| (z - centre) * (z - centre));
            let batch = (centre as f32, (squares / (n - 1.0)) as f32);
            (centre, squares / n, Some(batch))
        } else {
            (f64::from(mean[unit]), f64::from(variance[unit]), None)
        };
        let inverse = 1.0 / (spread + EPSILON).sqrt();
        for i in 0..z.rows() {
            let (z, kept) = (
                &mut z.row_mut(i)[place.clone()],
                &mut kept.row_mut(i)[place.clone()],
            );
            for (z, kept) in z.iter_mut().zip(kept) {
                *kept = ((f64::from(*z) - centre) * inverse) as f32;
                *z = scale[unit] * *kept + shift[unit];
            }
        }
        by.push(By {
            inverse: inverse as f32,
            batch,
        });
    }
}

/// The sum over rows and some places of a function of z.
fn total(z: &Block, place: &Range<usize>, f: impl Fn(f64) -> f64) -> f64 {
    let row = |i| {
        z.row(i)[place.clone()]
            .iter()
            .map(|&z| f(f64::from(z)))
            .sum::<f64>()
    };
    (0..z.rows()).map(row).sum()
}

/// Turn δ_y into δ_z.
pub(super) fn denormalise(errors: &mut Block, kept: &Block, positions: usize, scale: &[f32], by: &[By]) {
    let n = (errors.rows() * positions) as f64;
    for (unit, by) in by.iter().enumerate() {
        let place = unit * positions..(unit + 1) * positions;
        let (mut sum, mut along) = (0.0f64, 0.0f64);
        for i in 0..errors.rows() {
            let kept = &kept.row(i)[place.clone()];
            for (e, x) in errors.row_mut(i)[place.clone()].iter_mut().zip(kept) {
                *e *= scale[unit];
                sum += f64::from(*e);
                along += f64::from(*e) * f64::from(*x);
            }
        }
        let (mean, along) = match by.batch {
            Some(_) => ((sum / n) as f32, (along / n) as f32),
            None => (0.0, 0.0),
        };
        for i in 0..errors.rows() {
            let kept = &kept.row(i)[place.clone()];
            for (e, x) in errors.row_mut(i)[place.clone()].iter_mut().zip(kept) {
                *e = (*e - mean - x * along) * by.inverse;
            }
        }
    }
}

/// Move running statistics, each scaled by its factor.
pub(super) fn follow(by: &[By], mean: &mut [f32], variance: &mut [f32], keep: Option<[&[f32]; 2]>) {
    let towards = |statistic: &mut f32, batch: f32, keep: f32| {
        if keep > 0.0 {
            *statistic = settled(*statistic + MOMENTUM * keep * (batch - *statistic));
        }
    };
    for (unit, by) in by.iter().enumerate() {
        if let Some((centre, spread)) = by.batch {
            let [of_mean, of_variance] = keep.map_or([1.0; 2], |keep| keep.map(|of| of[unit]));
            towards(&mut mean[unit], centre, of_mean);
            towards(&mut variance[unit], spread, of_variance);
        }
    }
}
