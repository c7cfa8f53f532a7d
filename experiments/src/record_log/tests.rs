use super::*;
use proptest::prelude::*;

proptest! {
    #[test]
    fn what_is_written_is_read(
        rows in prop::collection::vec(
            ("[a-z.,\"\n]{1,8}", any::<u32>(), any::<u64>(), any::<Option<u32>>(), prop::option::of("[a-z ,\"\r\n]{1,9}"), any::<f64>()),
            0..9,
        ),
    ) {
        let record = |(metric, experience, step, task, item, value)| Record { metric, experience, step, task, item, value };
        let records: Vec<Record> = rows.into_iter().map(record).collect();
        let lines = records.iter().map(|record| record.to_csv() + "\n");
        let text = format!("{HEADER}\n{}", lines.collect::<String>());
        let read = read(text.as_bytes()).unwrap();
        // Numbers that are none are not equal to themselves.
        prop_assert_eq!(format!("{read:?}"), format!("{records:?}"));
    }
}

#[test]
fn what_is_no_log_is_refused() {
    for (text, sentence) in [
        ("", "the record log has no header"),
        ("a,b\n", "the record log has no header"),
        (&format!("{HEADER}\nloss,0,1,,,0.5"), "the record log is cut off"),
        (
            &format!("{HEADER}\nloss,0,1,,,0.5\nloss,0,1\n"),
            "record 2 of the log is none",
        ),
        (
            &format!("{HEADER}\nloss,x,1,,,0.5\n"),
            "record 1 of the log is none",
        ),
    ] {
        assert_eq!(read(text.as_bytes()).unwrap_err(), sentence);
    }
    assert!(read(&[0xff]).is_err());
}
