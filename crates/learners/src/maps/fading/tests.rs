use super::Fading;
use dentate_core::UnitId;

/// Long enough for the factor to be multiplied into the sums several times.
#[test]
fn a_kept_factor_is_what_multiplying_every_sum_gives() {
    let (mut fading, mut plain) = (Fading::default(), vec![0.0f64; 3]);
    (0..3).for_each(|_| fading.push(0.0));
    for step in 0..100_000usize {
        let (slot, value) = (step % 3, (step % 7) as f64);
        fading.add(slot, value);
        plain[slot] += value;
        fading.fade(0.99);
        plain.iter_mut().for_each(|v| *v *= 0.99);
    }
    let ids = [0, 1, 2].map(UnitId);
    for (slot, value) in plain.iter().enumerate() {
        assert!((fading.get(slot) - value).abs() < 1e-9 * value);
    }
    assert_eq!(
        fading.largest(0..3, &ids),
        (0..3).max_by(|a, b| plain[*a].total_cmp(&plain[*b]))
    );
    assert_eq!(
        fading.smallest(0..3, &ids),
        (0..3).min_by(|a, b| plain[*a].total_cmp(&plain[*b]))
    );
}
