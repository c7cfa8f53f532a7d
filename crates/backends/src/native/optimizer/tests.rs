use super::*;
use pulp::{Arch, WithSimd};

/// `1 / (√x + ε)` of each.
struct Steps<'a>(&'a mut [f32], f32);

impl WithSimd for Steps<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (vectors, rest) = S::as_mut_simd_f32s(self.0);
        assert!(rest.is_empty());
        let [one, less, none, epsilon] = [1.0, -1.0, 0.0, self.1].map(|x| simd.splat_f32s(x));
        for x in vectors {
            *x = step(simd, (less, one), *x, one, epsilon, none);
        }
    }
}

fn steps(of: &[f32], epsilon: f32) -> Vec<f32> {
    let mut all = of.to_vec();
    all.resize(of.len().next_multiple_of(16), 0.0);
    Arch::new().dispatch(Steps(&mut all, epsilon));
    all.truncate(of.len());
    all
}

#[test]
fn steps_are_right_to_four_units_in_the_last_place() {
    let mut x = 1e-44f32;
    let mut all = Vec::new();
    while x < f32::MAX / 2.0 {
        all.push(x);
        x *= 1.137;
    }
    for epsilon in [1e-8f32, 1e-30, 1.0] {
        for (found, x) in steps(&all, epsilon).iter().zip(&all) {
            let right = 1.0 / (f64::from(*x).sqrt() + f64::from(epsilon));
            let off = (f64::from(*found) - right).abs() / right;
            assert!(off < 4.0 * f64::from(f32::EPSILON), "{found} at {x} for {right}");
        }
    }
}

#[test]
fn steps_by_what_is_not_a_positive_number() {
    let all = steps(&[0.0, f32::INFINITY, f32::NAN, f32::MAX], 0.5);
    assert_eq!(all[0], 2.0);
    assert!(all[1].abs() < 1e-19 && all[3].abs() < 1e-19);
    assert!(all[2].is_nan());
}
