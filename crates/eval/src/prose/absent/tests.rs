use super::*;
use crate::comparison::compare;
use crate::frames::Frames;
use crate::metrics::measure;
use crate::suite::tests_support::suite_of;

fn said(logs: &[&str], scenario: &str) -> (Vec<String>, Option<String>) {
    let mut suite = suite_of(logs);
    suite.manifest.streams[0].scenario = scenario.into();
    let measured = measure(&suite, &Frames::of(&suite).unwrap()).unwrap();
    let c = compare(&suite, &measured).remove(0);
    (never_grew(&suite, &c), forward_transfer(&suite, &c))
}

#[test]
fn reasons_of_all_runs_are_added_up_and_the_most_frequent_comes_first() {
    let one = "updates,0,5,,,5.0\nheld,0,5,,cap-reached,40.0\nheld,0,5,,window-not-full,700.0\nheld,1,9,,window-not-full,500.0\n";
    let other = "updates,0,5,,,5.0\nstop,0,5,,cap,1.0\n";
    assert_eq!(
        said(&[one, other], "single").0,
        [
            "**M** grows and never grew here: in 2 runs no unit was added or replaced; it held 1,241 times: 1,200 × window not full, \
          40 × cap reached, 1 × stopped: cap."
        ]
    );
    let silent = "updates,0,5,,,5.0\n";
    assert_eq!(
        said(&[silent], "single").0,
        [
            "**M** grows and never grew here: in 1 run no unit was added or replaced, and no reason was recorded."
        ]
    );
}

#[test]
fn who_grew_or_replaced_in_any_run_is_not_named() {
    let held = "updates,0,5,,,5.0\nheld,0,5,,cap-reached,40.0\n";
    for change in ["growth,0,5,,widen,1.0\n", "replaced,0,5,,,3.0\n"] {
        let grew = format!("{held}{change}");
        assert!(said(&[held, &grew], "single").0.is_empty());
    }
    let mut suite = suite_of(&[held]);
    suite.manifest.methods[0].grows = false;
    let measured = measure(&suite, &Frames::of(&suite).unwrap()).unwrap();
    let c = compare(&suite, &measured).remove(0);
    assert!(never_grew(&suite, &c).is_empty());
}

#[test]
fn the_lack_of_a_lowest_accuracy_and_of_a_reference_is_explained() {
    let why = |logs: &[&str], joint: bool| {
        let mut suite = suite_of(logs);
        if joint {
            let reference = suite.manifest.methods[0].clone();
            suite.manifest.methods.push(reference);
            let last = suite.runs.last_mut().unwrap();
            last.method = 1;
        }
        let measured = measure(&suite, &Frames::of(&suite).unwrap()).unwrap();
        let c = compare(&suite, &measured).remove(0);
        let (least, reference) = (min_accuracy(&suite, &c), intransigence(&c));
        (least.unwrap_or_default(), reference.unwrap_or_default())
    };
    let diagonal = "accuracy,0,1,0,,0.9\naccuracy,1,2,1,,0.9\n";
    let all = "accuracy,0,1,0,,0.9\naccuracy,0,1,1,,0.5\naccuracy,1,2,0,,0.7\naccuracy,1,2,1,,0.9\n";
    let within =
        "accuracy,0,1,0,,0.9\naccuracy.continual,1,2,0,,0.5\naccuracy,1,2,0,,0.7\naccuracy,1,2,1,,0.9\n";
    let joint = "accuracy,0,1,0,,0.9\naccuracy,0,1,1,,0.9\n";
    let (least, reference) = why(&[all], false);
    assert!(least.contains("`every` in `[evaluation]`"), "{least}");
    assert!(reference.contains("learns all tasks"), "{reference}");
    assert!(why(&[diagonal], false).0.contains("judged again"));
    // The runs of a suite have the seeds 0 and 1, so that the reference is another seed's.
    assert!(why(&[within, joint], true).1.contains("no finished seed"));
    assert_eq!(why(&[within, joint], true).0, "");
    assert_eq!(why(&[joint], false), (String::new(), String::new()));
}

/// Methods that cannot have a lowest accuracy are named where others have one.
#[test]
fn a_method_without_a_lowest_accuracy_is_named() {
    let all = "accuracy,0,1,0,,0.9\naccuracy,0,1,1,,0.5\naccuracy,1,2,0,,0.7\naccuracy,1,2,1,,0.9\n";
    let within = all.replace("accuracy,1,2,0", "accuracy.continual,1,2,0,,0.5\naccuracy,1,2,0");
    let mut suite = suite_of(&[&within, all]);
    let mut short = suite.manifest.methods[0].clone();
    (short.name, short.title) = ("short".into(), "Short experiences".into());
    suite.manifest.methods.push(short);
    suite.runs[1].method = 1;
    let measured = measure(&suite, &Frames::of(&suite).unwrap()).unwrap();
    let c = compare(&suite, &measured).remove(0);
    let said = min_accuracy(&suite, &c).unwrap();
    assert!(
        said.starts_with("**Short experiences** cannot have a min-ACC or a WC-ACC: "),
        "{said}"
    );
}

#[test]
fn a_ranking_that_no_run_has_is_said() {
    let mut suite = suite_of(&["accuracy,0,1,0,,0.9\naccuracy,1,2,0,,0.7\naccuracy,1,2,1,,0.9\n"]);
    let mut said = |rank_by: &str| {
        suite.manifest.rank_by = Some(rank_by.into());
        let measured = measure(&suite, &Frames::of(&suite).unwrap()).unwrap();
        let c = compare(&suite, &measured).remove(0);
        ranking(&suite, &c)
    };
    assert_eq!(
        said("intransigence").unwrap(),
        "Methods cannot be ranked by intransigence, as the suite asks: no run here has it; they are ranked by average accuracy instead."
    );
    assert!(said("of-a-plugin").unwrap().contains("ranked by of-a-plugin,"));
    assert_eq!(said("average-accuracy"), None);
}

#[test]
fn the_lack_of_forward_transfer_is_explained() {
    let diagonal = "accuracy,0,1,0,,0.9\naccuracy,1,2,1,,0.9\n";
    let all = "accuracy,0,1,0,,0.9\naccuracy,0,1,1,,0.5\naccuracy,1,2,0,,0.7\naccuracy,1,2,1,,0.9\n";
    let untrained = "accuracy.untrained,0,0,0,,0.5\naccuracy.untrained,0,0,1,,0.5\n";
    let why = |log: &str, scenario: &str| said(&[log], scenario).1.unwrap_or_default();
    assert!(why(all, "task-incremental").contains("head comes with the task"));
    assert!(why(all, "class-incremental").contains("outputs for a task's classes"));
    assert!(why(diagonal, "domain-incremental").contains("not judged before they are learned"));
    assert!(why(all, "domain-incremental").contains("nothing answers for every task in **M**"));
    assert_eq!(why(&format!("{untrained}{all}"), "domain-incremental"), "");
    // Learned at once, or a single task: nothing comes before.
    assert_eq!(
        why("accuracy,0,1,0,,0.9\naccuracy,0,1,1,,0.9\n", "domain-incremental"),
        ""
    );
}

#[test]
fn training_rows_are_not_called_test_rows() {
    let mut suite = suite_of(&["accuracy,0,1,0,,0.9\naccuracy,1,2,0,,0.7\naccuracy,1,2,1,,0.9\n"]);
    for on_training_rows in [false, true] {
        suite.manifest.streams[0].on_training_rows = on_training_rows;
        let measured = measure(&suite, &Frames::of(&suite).unwrap()).unwrap();
        let c = compare(&suite, &measured).remove(0);
        let said = super::super::Said::of(&suite, &c);
        let told = said.best.join(" ");
        assert_eq!(
            told.contains("evaluated on their training rows"),
            on_training_rows,
            "{told}"
        );
        let told = said.headline.join(" ");
        assert_eq!(
            told.contains("evaluated on their training rows"),
            on_training_rows,
            "{told}"
        );
    }
}
