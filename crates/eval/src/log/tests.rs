use super::*;
use proptest::prelude::*;

const WIDE: Reach = Reach {
    experiences: 3,
    tasks: 3,
};

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
        from_bytes(b"metric\xff", WIDE).unwrap_err().to_string(),
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
fn what_no_run_on_the_stream_can_have_recorded_is_damage() {
    let said = |body: &str| from_bytes(log(body).as_bytes(), WIDE).unwrap_err().to_string();
    insta::assert_snapshot!(
        [
            said("accuracy,4294967295,126,0,,0.5\n"),
            said("accuracy,0,126,4294967295,,0.5\n"),
            said("loss,1,9,,,0.5\nloss,0,9,,,0.5\n"),
            said("loss,1,9,,,0.5\nloss,1,8,,,0.5\n"),
            said("accuracy,0,1,0,,0.5\naccuracy,0,1,1,,0.5\naccuracy,0,2,0,,0.25\n"),
            said("squared-error,0,1,0,,0.5\nsquared-error,0,1,0,,0.5\nsquared-error,0,1,0,,0.75\n"),
        ]
        .join("\n"),
        @r"
    line 2: accuracy is of experience 4294967295, and the stream has 3, from 0
    line 2: accuracy is of task 4294967295, and the stream has 3, from 0
    line 3: loss is of experience 0, after a record of experience 1
    line 3: loss is of step 8, after a record of step 9
    line 4 contradicts line 2: accuracy was measured once there, and is 0.5 and 0.25
    line 4 contradicts line 3: squared-error was measured once there, and is 0.5 and 0.75
    "
    );
    // A repeated value is no contradiction, and an edit may occur twice in a step.
    let body = "growth,0,1,,widen,1\ngrowth,0,1,,widen,2\naccuracy,0,1,0,,0.5\naccuracy,0,1,0,,0.5\n";
    assert_eq!(from_bytes(log(body).as_bytes(), WIDE).unwrap().len(), 4);
}

/// A reader that trusted the numbers would allocate gigabytes.
#[test]
fn a_number_from_a_file_allocates_nothing() {
    use dentate_testkit::malformed::{Reader, withstands};
    let read = |bytes: &[u8]| from_bytes(bytes, WIDE).map(drop).map_err(|e| e.to_string());
    let reader = Reader {
        name: "records",
        read,
        most: |bytes| 48 * bytes + (1 << 16),
    };
    for field in [
        "4294967295,126,0",
        "0,18446744073709551615,4294967295",
        "4294967295,0,",
    ] {
        for metric in [
            "accuracy",
            "accuracy.untrained",
            "updates",
            "quantization-error.signals",
            "unit.death",
            "mine",
        ] {
            let body = format!("{metric},{field},9,0.5\n");
            assert!(!withstands(&reader, log(&body).as_bytes(), &body));
        }
    }
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
