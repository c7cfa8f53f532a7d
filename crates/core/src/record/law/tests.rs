use super::*;

fn record(metric: &str, experience: u32, step: u64, task: Option<u32>, value: f64) -> Record {
    Record {
        metric: metric.into(),
        experience,
        step,
        task,
        item: None,
        value,
    }
}

#[test]
fn what_no_run_can_say_is_named() {
    let reach = Reach {
        experiences: 2,
        tasks: 3,
    };
    let said = |records: &[Record]| {
        let mut law = Law::of(reach);
        let said = records.iter().map(|r| law.check(r).err());
        said.last().flatten().unwrap_or_else(|| "fine".into())
    };
    let fine = record("accuracy", 1, 20, Some(2), 1.0);
    insta::assert_snapshot!(
        [
            said(&[record("loss", 0, 1, None, f64::NAN), fine.clone()]),
            said(&[record("accuracy", u32::MAX, 126, Some(0), 0.5)]),
            said(&[record("accuracy", 0, 126, Some(u32::MAX), 0.5)]),
            said(&[fine.clone(), record("loss", 0, 30, None, 0.5)]),
            said(&[fine, record("loss", 1, 19, None, 0.5)]),
            said(&[record("accuracy", 0, 1, None, f64::NAN)]),
            said(&[record("parameters", 0, 1, None, f64::INFINITY)]),
            said(&[record("deaths", 0, 1, None, -1.0)]),
        ]
        .join("\n"),
        @r"
    fine
    accuracy is of experience 4294967295, and the stream has 2, from 0
    accuracy is of task 4294967295, and the stream has 3, from 0
    loss is of experience 0, after a record of experience 1
    loss is of step 19, after a record of step 20
    accuracy NaN is not between 0 and 1
    parameters inf is not finite and at least 0
    deaths -1 is not finite and at least 0
    "
    );
}
