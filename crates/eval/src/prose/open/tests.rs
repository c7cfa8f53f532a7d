use super::*;
use crate::suite::tests_support::{compared, suite_of_values};

/// The sentences on methods of which the first is the control.
fn said(methods: &[&[f64]], control: bool) -> String {
    let methods = methods.iter().map(|seeds| seeds.to_vec()).collect();
    let mut suite = suite_of_values(&[methods], 1000);
    suite.manifest.control = control.then(|| "m0".into());
    let c = &compared(&suite)[0];
    let sentences = [detectable_difference(&suite, c), seeds_to_settle(&suite, c)];
    sentences.map(|s| s.unwrap_or_else(|| "–".into())).join("\n")
}

const CONTROL: [f64; 6] = [0.80, 0.83, 0.81, 0.84, 0.80, 0.82];
const NEAR: [f64; 6] = [0.81, 0.82, 0.83, 0.84, 0.80, 0.84];
const SAME: [f64; 6] = [0.82, 0.81, 0.81, 0.84, 0.80, 0.82];
const FAR: [f64; 6] = [0.60, 0.64, 0.62, 0.61, 0.63, 0.62];

#[test]
fn what_seeds_can_tell_is_said_with_numbers() {
    let few: Vec<&[f64]> = [&CONTROL[..3], &NEAR[..3], &FAR[..3]].into();
    let many: Vec<&[f64]> = vec![&CONTROL, &SAME, &NEAR, &SAME, &NEAR, &FAR, &SAME, &SAME];
    insta::assert_snapshot!(
        [
            said(&few, true),
            said(&few[..2], false),
            said(&[&CONTROL, &NEAR, &SAME, &FAR], true),
            said(&[&CONTROL, &FAR], true),
            said(&many, true),
            said(&[&CONTROL[..1], &NEAR[..1]], true),
        ]
        .join("\n\n")
    );
}

/// The numbers of the sentence are those of the test: at the spread of these differences six seeds find so much with 80 %.
#[test]
fn the_numbers_are_those_of_the_test() {
    let spread = crate::statistics::Estimate::of(&[0.01, -0.01, 0.02, 0.0, 0.0, 0.02])
        .unwrap()
        .sd
        .unwrap();
    let points = 100.0 * spread * detectable(6, 0.05).unwrap();
    assert!((crate::statistics::power(6, points / 100.0 / spread, 0.05) - POWER).abs() < 1e-6);
    let said = said(&[&CONTROL, &NEAR], true);
    assert!(
        said.contains(&format!("{points:.1} points and more")),
        "{points} {said}"
    );
}
