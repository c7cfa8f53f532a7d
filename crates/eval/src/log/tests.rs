use super::*;
use proptest::prelude::*;

fn log(body: &str) -> String {
    format!("{HEADER}\n{body}")
}

#[test]
fn damage_is_named_with_its_line() {
    let said = |text: &str| parse(text).unwrap_err().to_string();
    insta::assert_snapshot!(
        [
            said(""),
            said("a,b\n"),
            said(&log("")),
            said(&log("accuracy,0,1,0,,0.5\naccuracy,0,1,0,,0.")),
            said(&log("accuracy,0,1,0,,0.5\naccuracy,0,1\n")),
            said(&log("accuracy,x,1,0,,0.5\n")),
            said(&log("accuracy,0,1,-1,,0.5\n")),
            said(&log("accuracy,0,1,0,,1.5\n")),
            said(&log("squared-error,0,1,0,,inf\n")),
            said(&log("stop,0,1,,\"open")),
        from_bytes(b"metric\xff").unwrap_err().to_string(),
        LogError::TooLong { bytes: 1 << 40 }.to_string(),
        ]
        .join("\n"),
        @r#"
    the record log is empty
    line 1 is "a,b" where the header `metric,experience,step,task,item,value` belongs
    the record log has no record
    line 3 is cut off
    line 3 has 3 fields where 6 belong
    line 2: experience "x" is not a number of its kind
    line 2: task "-1" is not a number of its kind
    line 2: accuracy 1.5 is not between 0 and 1
    line 2: squared-error inf is not finite and at least 0
    line 2 is cut off
    it is not UTF-8 text
    it has 1099511627776 bytes, and at most 1073741824 are read
    "#
    );
}

#[test]
fn a_loss_may_diverge() {
    let entries = parse(&log("loss,0,1,,,NaN\n")).unwrap();
    assert!(entries[0].record.value.is_nan());
}

proptest! {
    #[test]
    fn what_a_run_writes_is_read_back(
        rows in prop::collection::vec(
            (any::<u32>(), any::<u64>(), any::<Option<u32>>(), prop::option::of("[a-z ,\"\n]{1,8}"), -1e9..1e9_f64),
            1..20,
        )
    ) {
        let records: Vec<Record> = rows
            .into_iter()
            .map(|(experience, step, task, item, value)| {
                Record { metric: "mine".into(), experience, step, task, item, value }
            })
            .collect();
        let text: String = records.iter().map(|r| format!("{}\n", r.to_csv())).collect();
        let read: Vec<Record> = parse(&log(&text)).unwrap().into_iter().map(|e| e.record).collect();
        prop_assert_eq!(read, records);
    }

    #[test]
    fn no_input_panics(text in any::<String>()) {
        let _ = parse(&text);
        let _ = parse(&log(&text));
    }
}
