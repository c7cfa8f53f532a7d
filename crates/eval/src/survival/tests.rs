use super::*;
use proptest::prelude::*;

fn life(time: f64, died: bool) -> Life {
    Life { time, died }
}

/// Ten lives computed by hand, two of them censored at the time of another's death.
///
/// | time | at risk | died | censored | Ŝ |
/// | --- | --- | --- | --- | --- |
/// | 2 | 10 | 1 | 0 | 9/10 |
/// | 3 | 9 | 2 | 1 | 9/10 · 7/9 = 7/10 |
/// | 5 | 6 | 0 | 1 | 7/10 |
/// | 6 | 5 | 1 | 1 | 7/10 · 4/5 = 14/25 |
/// | 9 | 3 | 3 | 0 | 0 |
#[test]
fn a_curve_worked_out_by_hand() {
    let lives = [
        life(9.0, true),
        life(3.0, false),
        life(2.0, true),
        life(6.0, true),
        life(3.0, true),
        life(9.0, true),
        life(5.0, false),
        life(3.0, true),
        life(9.0, true),
        life(6.0, false),
        life(f64::NAN, true),
    ];
    let curve = SurvivalCurve::of(&lives);
    let rows: Vec<_> = curve
        .steps()
        .iter()
        .map(|s| (s.time, s.at_risk, s.died, s.censored))
        .collect();
    assert_eq!(
        rows,
        [
            (2.0, 10, 1, 0),
            (3.0, 9, 2, 1),
            (5.0, 6, 0, 1),
            (6.0, 5, 1, 1),
            (9.0, 3, 3, 0)
        ]
    );
    for (time, survival, at_risk) in [
        (0.0, 1.0, 10),
        (1.9, 1.0, 10),
        (2.0, 0.9, 10),
        (2.5, 0.9, 9),
        (3.0, 0.7, 9),
        (4.0, 0.7, 6),
        (5.0, 0.7, 6),
        (6.0, 0.56, 5),
        (8.0, 0.56, 3),
        (9.0, 0.0, 3),
        (99.0, 0.0, 0),
    ] {
        assert!(
            (curve.at(time) - survival).abs() < 1e-12,
            "at {time}: {}",
            curve.at(time)
        );
        assert_eq!(curve.at_risk(time), at_risk, "at {time}");
    }
    assert_eq!((curve.len(), curve.died(), curve.longest()), (10, 7, 9.0));
}

#[test]
fn nobody_survives_nothing() {
    let curve = SurvivalCurve::of(&[]);
    assert!(curve.is_empty());
    assert_eq!(
        (curve.at(3.0), curve.at_risk(3.0), curve.longest()),
        (1.0, 0, 0.0)
    );
}

proptest! {
    /// It starts at 1 and never rises; without censoring it is the share with a longer life.
    #[test]
    fn a_curve_falls(lives in prop::collection::vec((0u8..20, any::<bool>()), 0..40)) {
        let of = |died: Option<bool>| -> Vec<Life> {
            lives.iter().map(|(t, d)| life(f64::from(*t), died.unwrap_or(*d))).collect()
        };
        let curve = SurvivalCurve::of(&of(None));
        let mut before = 1.0;
        for step in curve.steps() {
            prop_assert!(step.survival <= before && step.survival >= 0.0);
            before = step.survival;
        }
        let all = SurvivalCurve::of(&of(Some(true)));
        for t in 0..20u8 {
            let longer = lives.iter().filter(|(time, _)| *time > t).count();
            let share = longer as f64 / lives.len().max(1) as f64;
            if !lives.is_empty() {
                prop_assert!((all.at(f64::from(t)) - share).abs() < 1e-9);
            }
        }
    }
}
