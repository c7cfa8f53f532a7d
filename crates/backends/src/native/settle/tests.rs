use super::*;
use pulp::{Arch, WithSimd};

struct All<'a>(&'a mut [f32]);

impl WithSimd for All<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (vectors, rest) = S::as_mut_simd_f32s(self.0);
        assert!(rest.is_empty());
        for x in vectors {
            *x = settle_lanes(simd, *x);
        }
    }
}

#[test]
fn what_is_subnormal_is_a_zero_of_its_sign_in_a_lane_and_alone() {
    let least = f32::MIN_POSITIVE;
    let largest = f32::from_bits(least.to_bits() - 1);
    let cases = [
        (largest, 0.0),
        (-largest, -0.0),
        (f32::from_bits(1), 0.0),
        (-f32::from_bits(1), -0.0),
        (least, least),
        (-least, -least),
        (0.0, 0.0),
        (-0.0, -0.0),
        (1.0, 1.0),
        (f32::INFINITY, f32::INFINITY),
    ];
    let mut lanes: Vec<f32> = cases.iter().map(|(x, _)| *x).collect();
    lanes.resize(16, f32::NAN);
    Arch::new().dispatch(All(&mut lanes));
    for ((x, wanted), lane) in cases.iter().zip(&lanes) {
        assert_eq!(settled(*x).to_bits(), wanted.to_bits(), "{x:e}");
        assert_eq!(lane.to_bits(), wanted.to_bits(), "{x:e} in a lane");
    }
    assert!(lanes[cases.len()..].iter().all(|x| x.is_nan()));
    assert!(settled(f32::NAN).is_nan());
}

#[test]
fn an_exponential_is_normal_or_nothing() {
    for i in 0..4000 {
        let x = -88.0 + 1e-3 * i as f32;
        let found = exp(x);
        assert!(found == 0.0 || found.is_normal(), "{x}: {found:e}");
        assert!((f64::from(found) - f64::from(x).exp()).abs() < 2e-38 + 1e-6 * f64::from(x).exp());
    }
    assert_eq!(exp(0.0), 1.0);
    assert!(exp(f32::NAN).is_nan());
}
