//! Amplitudes of new units, among which the loss that is measured after each of the growths decides.

use ndarray::Array2;
use std::ops::RangeInclusive;

/// The powers of 4 with these exponents.
pub(super) fn amplitudes(exponents: RangeInclusive<i32>) -> impl Iterator<Item = f64> {
    exponents.map(|exponent| 4.0f64.powi(exponent))
}

/// The amplitude of the smallest loss, of ties the smallest. The first number is the loss without growth, and where no other is below
/// it the smallest amplitude is taken.
pub(super) fn best(exponents: RangeInclusive<i32>, losses: &Array2<f32>) -> f64 {
    let mut best = (losses.iter().next().copied(), None);
    for (amplitude, &loss) in amplitudes(exponents.clone()).zip(losses.iter().skip(1)) {
        if best.0.is_none_or(|least| loss < least) {
            best = (Some(loss), Some(amplitude));
        }
    }
    best.1.or(amplitudes(exponents).next()).unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_amplitude_with_the_smallest_loss_is_taken() {
        let exponents = -3..=4;
        let losses = |at: &dyn Fn(i32) -> f32| {
            let all = std::iter::once(1.0).chain((-3..=4).map(at)).collect::<Vec<_>>();
            Array2::from_shape_vec((1, all.len()), all).unwrap()
        };
        let found = |at: &dyn Fn(i32) -> f32| best(exponents.clone(), &losses(at));
        assert_eq!(found(&|e| 0.5 + 0.1 * (e - 3).abs() as f32), 64.0);
        assert_eq!(
            found(&|e| if e > 1 { f32::NAN } else { 0.9 - 0.01 * e as f32 }),
            4.0
        );
        assert_eq!(found(&|e| 1.1 - 0.001 * e as f32), 1.0 / 64.0);
    }
}
