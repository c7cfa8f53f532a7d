//! Layer and group norm (Ba, Kiros & Hinton 2016, arXiv:1607.06450; Wu & He 2018, arXiv:1803.08494) over groups of a layer's
//! units and their positions, row by row: `y = s ⊙ x̂ + t`, `x̂ = (z − mean z) / √(var z + ε)`, ε = 1e-5.
//!
//! Back: `δ_z = (δ_x̂ − mean δ_x̂ − x̂ · mean(δ_x̂ ⊙ x̂)) / √(var z + ε)` with `δ_x̂ = s ⊙ δ_y`.

pub(super) const EPSILON: f64 = 1e-5;

/// Turn a row of z into y, group by group of so many `units` with so many `positions`, storing x̂. `inverse` gets 1 / √(var z +
/// ε) of each group.
pub(super) fn normalise(
    z: &mut [f32],
    kept: &mut [f32],
    (units, positions): (usize, usize),
    (scale, shift): (&[f32], &[f32]),
    inverse: &mut Vec<f32>,
) {
    let groups = z
        .chunks_mut(units * positions)
        .zip(kept.chunks_mut(units * positions));
    for (g, (z, kept)) in groups.enumerate() {
        let n = z.len() as f64;
        let mean = z.iter().map(|&z| f64::from(z)).sum::<f64>() / n;
        let square = |z: f32| (f64::from(z) - mean) * (f64::from(z) - mean);
        let variance = z.iter().map(|&z| square(z)).sum::<f64>() / n;
        let by = 1.0 / (variance + EPSILON).sqrt();
        for (i, z) in z.iter_mut().enumerate() {
            let unit = g * units + i / positions;
            kept[i] = ((f64::from(*z) - mean) * by) as f32;
            *z = scale[unit] * kept[i] + shift[unit];
        }
        inverse.push(by as f32);
    }
}

/// Turn a row of δ_y into δ_z.
pub(super) fn denormalise(
    errors: &mut [f32],
    kept: &[f32],
    (units, positions): (usize, usize),
    scale: &[f32],
    inverse: &[f32],
) {
    let groups = errors
        .chunks_mut(units * positions)
        .zip(kept.chunks(units * positions));
    for (g, ((errors, kept), inverse)) in groups.zip(inverse).enumerate() {
        let n = errors.len() as f64;
        let (mut sum, mut along) = (0.0f64, 0.0f64);
        for (i, e) in errors.iter_mut().enumerate() {
            *e *= scale[g * units + i / positions];
            sum += f64::from(*e);
            along += f64::from(*e) * f64::from(kept[i]);
        }
        let (mean, along) = ((sum / n) as f32, (along / n) as f32);
        for (e, &x) in errors.iter_mut().zip(kept) {
            *e = (*e - mean - x * along) * inverse;
        }
    }
}
