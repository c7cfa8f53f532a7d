use super::*;
use crate::suite::tests_support::suite_of;

#[test]
fn observations_come_in_order_of_the_stream_and_ties_in_that_of_the_log() {
    let suite = suite_of(&["units,1,20,,b,2.0\nunits,0,0,,a,1.0\nunits,1,20,,b,3.0\nloss,0,0,,,0.5\n"]);
    let frames = Frames::of(&suite).unwrap();
    assert_eq!(frames.records().shape(), (4, 11));
    let values: Vec<f64> = frames
        .observations("units")
        .unwrap()
        .iter()
        .map(|o| o.value)
        .collect();
    assert_eq!(values, [1.0, 2.0, 3.0]);
    assert_eq!(frames.metrics().collect::<Vec<_>>(), ["loss", "units"]);
}

#[test]
fn a_suite_without_a_finished_run_has_an_empty_frame() {
    let frames = Frames::of(&suite_of(&[])).unwrap();
    assert!(frames.observations("accuracy").unwrap().is_empty());
    assert!(frames.metrics().next().is_none());
}
