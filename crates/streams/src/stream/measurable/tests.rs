use super::*;
use crate::stream::Cut;
use dentate_core::{DataId, Dataset, Samples, Seed, Targets};

/// Two tasks over these labels: training, validation and test rows, and the declared labels of the task.
fn stream(scenario: Scenario, tasks: &[[&[u32]; 4]]) -> Stream {
    let cut = Cut {
        scenario,
        online: false,
        validation: 0.0,
        seed: Seed(0),
    };
    let labels: Vec<u32> = (0..10).collect();
    let targets = Targets::Classes { labels, classes: 10 };
    let data = Dataset::new(DataId(0), Samples::Floats(vec![0.0; 10]), vec![1], targets).unwrap();
    let experience = |(task, [train, validation, test, classes]): (u32, &[&[u32]; 4])| {
        let part = |rows: &[u32]| (data.clone(), rows.to_vec());
        let mut experience = cut.experience(task, classes.to_vec(), [part(train), part(test)]);
        experience.validation.rows = validation.to_vec().into();
        experience
    };
    let experiences: Vec<Experience> = (0..).zip(tasks).map(experience).collect();
    let names = (1..=tasks.len()).map(|n| format!("name {n}")).collect();
    cut.stream("x".into(), names, experiences)
}

fn refused(scenario: Scenario, second: [&[u32]; 4], validation: bool) -> (String, Option<String>) {
    let whole: [&[u32]; 4] = [&[0, 1], &[0, 1], &[0, 1], &[0, 1]];
    assert!(stream(scenario, &[whole]).measurable(validation).is_ok());
    let error = stream(scenario, &[whole, second]).measurable(validation);
    let error = error.unwrap_err();
    (error.to_string(), error.key().map(String::from))
}

#[test]
fn what_cannot_be_learned_or_measured_is_named() {
    let [all, one, none]: [&[u32]; 3] = [&[2, 3], &[3], &[]];
    let whole = stream(Scenario::ClassIncremental, &[[all, none, all, all]]);
    whole.measurable(false).unwrap();
    for (second, validation, expected) in [
        ([none, all, all, all], false, "no training rows"),
        ([one, all, all, all], false, "no training row of label 2"),
        ([all, all, none, all], false, "no test rows"),
        ([all, all, one, all], false, "no test row of label 2"),
        (
            [all, none, all, all],
            true,
            "no validation rows; raise `validation`, or evaluate on test rows",
        ),
        (
            [all, one, all, all],
            true,
            "no validation row of label 2; raise `validation`, or evaluate on test rows",
        ),
    ] {
        let (text, key) = refused(Scenario::ClassIncremental, second, validation);
        assert_eq!(text, format!("task 2 (`name 2`) has {expected}"));
        assert_eq!(
            key.as_deref(),
            Some(if validation { "validation" } else { "data" })
        );
    }
    let alone = "task 2 (`name 2`) has one class alone, so that guessing is always right";
    let (text, _) = refused(Scenario::TaskIncremental, [one, one, one, one], false);
    assert_eq!(text, alone);
    let single = stream(Scenario::ClassIncremental, &[[one; 4]])
        .measurable(false)
        .unwrap_err();
    assert!(single.to_string().contains("one class alone"), "{single}");
    let nothing = stream(Scenario::ClassIncremental, &[])
        .measurable(false)
        .unwrap_err();
    assert_eq!(nothing.to_string(), "`tasks` is 0, but has to be 1 and more");
}
