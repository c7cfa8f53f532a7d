use super::*;
use crate::suite::tests_support::suite_of;

#[test]
fn observations_come_in_order_of_the_stream_and_ties_in_that_of_the_log() {
    let suite = suite_of(&["units,1,20,,b,2.0\nunits,0,0,,a,1.0\nunits,1,20,,b,3.0\nloss,0,0,,,0.5\n"]);
    let frames = Frames::of(&suite).unwrap();
    let values: Vec<f64> = frames.observations("units").iter().map(|o| o.value).collect();
    assert_eq!(values, [1.0, 2.0, 3.0]);
    let records = frames.records("units").unwrap();
    let values: Vec<f64> = records
        .column("value")
        .unwrap()
        .f64()
        .unwrap()
        .iter()
        .flatten()
        .collect();
    assert_eq!((records.width(), values), (6, vec![1.0, 2.0, 3.0]));
    assert_eq!(frames.metrics().collect::<Vec<_>>(), ["loss", "units"]);
}

#[test]
fn a_suite_without_a_finished_run_has_an_empty_frame() {
    let frames = Frames::of(&suite_of(&[])).unwrap();
    assert!(frames.observations("accuracy").is_empty());
    assert!(frames.metrics().next().is_none());
}

#[test]
fn all_records_are_rows_with_what_their_run_is() {
    let suite = suite_of(&[
        "units,0,0,,a,1.0\nloss,0,1,,,0.5\n",
        "loss,0,1,,,NaN\n",
        "accuracy,1,9,1,,0.25\n",
    ]);
    let all = Frames::of(&suite).unwrap().all("made-up").unwrap();
    let names: Vec<&str> = all
        .get_column_names()
        .into_iter()
        .map(|name| name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "suite",
            "stream",
            "method",
            "seed",
            "run",
            "metric",
            "experience",
            "step",
            "task",
            "item",
            "value"
        ]
    );
    let mut bytes = Vec::new();
    CsvWriter::new(&mut bytes).finish(&mut all.clone()).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let rows: Vec<&str> = text.lines().skip(1).collect();
    assert_eq!(
        rows,
        [
            "made-up,s,m,0,r0,units,0,0,,a,1.0",
            "made-up,s,m,0,r0,loss,0,1,,,0.5",
            "made-up,s,m,1,r1,loss,0,1,,,NaN",
            "made-up,s,m,2,r2,accuracy,1,9,1,,0.25",
        ]
    );
}

#[test]
fn observations_of_some_runs_are_those_of_no_other() {
    let suite = suite_of(&[
        "loss,0,1,,,0.0\n",
        "loss,0,1,,,1.0\nloss,0,2,,,1.5\n",
        "loss,0,1,,,2.0\n",
    ]);
    let all = Frames::of(&suite).unwrap().observations("loss");
    let of = |runs: &[usize]| of_runs(&all, runs).map(|o| o.value).collect::<Vec<f64>>();
    assert_eq!(of(&[0, 2]), [0.0, 2.0]);
    assert_eq!(of(&[1]), [1.0, 1.5]);
    assert!(of(&[]).is_empty() && of(&[7]).is_empty());
    assert_eq!(by_run(&all)[&1].len(), 2);
}

#[test]
fn a_log_that_no_runner_writes_is_named() {
    let said = Frames::of_logs(2, &["loss,0,1,,,0.5\n", "loss,0,1,,\n"])
        .unwrap_err()
        .to_string();
    assert_eq!(said, "log 1: line 2 has 5 fields where 6 belong");
}
