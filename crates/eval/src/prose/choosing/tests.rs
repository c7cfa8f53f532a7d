use super::*;
use crate::comparison::compare;
use crate::frames::Frames;
use crate::metrics::measure;
use crate::suite::tests_support::suite_of;
use dentate_core::record::{SettingEntry, Status, SweepRun, TwinEntry};

fn said(change: impl Fn(&mut Suite)) -> Vec<String> {
    let mut suite = suite_of(&["updates,0,5,,,5.0\n", "updates,0,5,,,5.0\n"]);
    change(&mut suite);
    let measured = measure(&suite, &Frames::of(&suite).unwrap()).unwrap();
    let c = compare(&suite, &measured).remove(0);
    choosing(&suite, &c)
}

fn setting(value: &str, score: Option<f64>) -> SettingEntry {
    let run = |seed| SweepRun {
        id: format!("{value}{seed}"),
        seed,
        status: Status::Finished,
    };
    SettingEntry {
        values: [("batch".to_owned(), value.to_owned())].into(),
        score,
        runs: vec![run(1_000_001), run(1_000_002)],
    }
}

fn sweep(method: &str, settings: Vec<SettingEntry>, chosen: Option<usize>) -> SweepEntry {
    SweepEntry {
        method: method.into(),
        stream: "s".into(),
        measure: "average-accuracy".into(),
        settings,
        chosen,
    }
}

#[test]
fn a_choice_is_told_with_the_number_of_settings() {
    assert!(said(|_| ()).is_empty());
    let settings = || {
        vec![
            setting("8", Some(0.5)),
            setting("16", Some(0.7)),
            setting("32", None),
        ]
    };
    let sentences = said(|suite| suite.manifest.sweeps = vec![sweep("m", settings(), Some(1))]);
    assert_eq!(
        sentences,
        [
            "**M** was given 3 settings, tried with 2 seeds each, and has the best by average accuracy: batch = 16; 1 could not be trained with.",
            "Settings were chosen on rows held out of training and with seeds of their own: test rows chose nothing.",
        ]
    );
    let sentences = said(|suite| suite.manifest.sweeps = vec![sweep("m", settings(), None)]);
    assert_eq!(
        sentences[0],
        "**M** was given 3 settings, tried with 2 seeds each; none is chosen yet."
    );
    // A manifest may say anything.
    let sentences = said(|suite| {
        suite.manifest.sweeps = vec![sweep("m", settings(), Some(9)), sweep("m", Vec::new(), Some(0))]
    });
    assert!(sentences[0].ends_with("none is chosen yet."));
}

#[test]
fn unequal_numbers_of_settings_are_told() {
    let settings = || vec![setting("8", Some(0.5)), setting("16", Some(0.7))];
    let other = |suite: &mut Suite, twin: bool| {
        suite.manifest.sweeps = vec![sweep("m", settings(), Some(0))];
        let mut method = suite.manifest.methods[0].clone();
        (method.name, method.title) = ("n".into(), "N".into());
        method.twin = twin.then(|| TwinEntry {
            of: "m".into(),
            budget: "memory".into(),
        });
        suite.manifest.methods.push(method);
        (suite.runs[1].method, suite.runs[1].entry.method) = (1, "n".into());
    };
    let sentences = said(|suite| other(suite, false));
    assert_eq!(
        sentences[2],
        "Methods were given different numbers of settings to choose from: **M** 2 and **N** 1."
    );
    // A twin has the settings of its method.
    assert_eq!(said(|suite| other(suite, true)).len(), 2);
}

#[test]
fn the_sizes_of_twins_are_told() {
    let sentences = said(|suite| {
        suite.manifest.methods[0].twin = Some(TwinEntry {
            of: "grower".into(),
            budget: "final-parameters".into(),
        });
        for (run, size) in suite.runs.iter_mut().zip(["[9]", "[11]"]) {
            run.entry.settings = [("hidden".to_owned(), size.to_owned())].into();
        }
    });
    assert_eq!(
        sentences,
        ["**M** is sized by the runs of grower: hidden = [9] and hidden = [11]."]
    );
}
