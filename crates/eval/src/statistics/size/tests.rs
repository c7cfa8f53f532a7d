use super::*;

fn near(value: Option<f64>, expected: f64) -> bool {
    value.is_some_and(|v| (v - expected).abs() < 1e-12)
}

/// With NumPy 2 and SciPy 1.17.1: `d.mean() / d.std(ddof=1)`, and that times
/// `gamma(nu / 2) / (np.sqrt(nu / 2) * gamma((nu - 1) / 2))` with `nu = len(d) - 1`.
#[test]
fn it_is_that_of_scipy() {
    let five = [0.012, 0.034, -0.008, 0.021, 0.027];
    let size = EffectSize::of(&five, 0.0).unwrap();
    assert!(near(size.cohen, 1.0591888053099383), "{size:?}");
    assert!(near(size.hedges, 0.8451103947320318), "{size:?}");
    assert_eq!(size.superiority, 0.8);
    let eight = [1.2, 0.4, -0.3, 2.5, 0.9, 1.1, -0.1, 0.7];
    let size = EffectSize::of(&eight, 0.0).unwrap();
    assert!(near(size.cohen, 0.9159428534911026), "{size:?}");
    assert!(near(size.hedges, 0.8135431057328742), "{size:?}");
    assert_eq!(size.superiority, 0.75);
}

#[test]
fn few_seeds_have_few_sizes() {
    let size = |values: &[f64]| EffectSize::of(values, 0.0).unwrap();
    assert_eq!(size(&[0.3]).cohen, None);
    let two = size(&[0.1, 0.3]);
    assert!(
        two.cohen.is_some() && two.hedges.is_none(),
        "at one degree of freedom the correction is 0"
    );
    assert_eq!(size(&[0.2; 4]).cohen, None, "no spread");
    assert_eq!(
        EffectSize::of(&[0.1, 0.2, 0.3], 0.5).unwrap().cohen,
        None,
        "less than a step"
    );
    assert_eq!(size(&[0.0, 0.1, -0.1, 0.0]).superiority, 0.5, "ties are half");
    assert_eq!(EffectSize::of(&[], 0.0), None);
}
