use super::*;
use std::collections::BTreeMap;

/// The metric of each run that has it.
fn measured(logs: &[&str]) -> BTreeMap<u32, f64> {
    let frames = Frames::of_logs(2, logs).unwrap();
    let values = area(&frames).unwrap();
    let runs = values.column("run").unwrap().u32().unwrap();
    let values = values.column("value").unwrap().f64().unwrap();
    let pairs = runs.iter().flatten().zip(values.iter().flatten());
    pairs.filter(|(_, value)| value.is_finite()).collect()
}

/// The trapezoids, one by one.
fn by_hand(curve: &[(f64, f64)]) -> f64 {
    let pieces = curve
        .windows(2)
        .map(|w| (w[0].1 + w[1].1) / 2.0 * (w[1].0 - w[0].0));
    pieces.sum::<f64>() / (curve[curve.len() - 1].0 - curve[0].0)
}

#[test]
fn the_area_is_the_sum_of_trapezoids_over_updates() {
    let curve = [(10.0, 0.5), (20.0, 0.75), (50.0, 0.25), (60.0, 1.0)];
    let log: String = curve
        .iter()
        .map(|(step, value)| format!("accuracy.stream,{},{step},,,{value:?}\n", u8::from(*step > 30.0)))
        .collect();
    // One measurement gives no curve, and neither do two at the same update.
    let one = "accuracy.stream,0,10,,,0.5\n";
    let still = "accuracy.stream,0,10,,,0.5\naccuracy.stream,0,10,,,0.7\n";
    let found = measured(&[&log, one, still, &log, "loss,0,1,,,0.5\n"]);
    assert_eq!(found.keys().copied().collect::<Vec<_>>(), [0, 3]);
    for value in found.values() {
        assert!((value - by_hand(&curve)).abs() < 1e-12, "{value}");
    }
    assert!(measured(&[]).is_empty());
}
