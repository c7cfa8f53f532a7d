use super::*;
use crate::recipe::SweepCandidate;
use dentate_continual::Gradient;
use dentate_core::record::metric;
use dentate_core::{Access, ExperienceFacts, Scenario, TargetKind, TwinBudget};
use dentate_growth::DynamicNodeCreation;

fn stream() -> StreamFacts {
    let experience = |task| ExperienceFacts::of(task, vec![2 * task, 2 * task + 1], [Some(10), Some(4)]);
    StreamFacts {
        scenario: Scenario::ClassIncremental,
        access: Access::Revisitable,
        target: TargetKind::Classes,
        shape: Some(vec![5]),
        experiences: (0..2).map(experience).collect(),
    }
}

fn record(metric: &str, experience: u32, task: Option<u32>, value: f64) -> Record {
    Record {
        metric: metric.to_owned(),
        experience,
        step: 10,
        task,
        item: None,
        value,
    }
}

fn learner(batch: usize, grows: bool) -> Box<dyn LearnerSpec> {
    let fixed = Gradient {
        hidden: vec![2],
        batch,
        ..Gradient::default()
    };
    match grows {
        false => Box::new(fixed),
        true => Box::new(Gradient {
            strategy: Box::new(DynamicNodeCreation::default()),
            ..fixed
        }),
    }
}

fn finished(learner: Box<dyn LearnerSpec>, records: Vec<Record>) -> Outcome {
    Outcome::Finished {
        learner,
        records,
        log: Sum::of(b""),
    }
}

fn grown(parameters: f64) -> Vec<Record> {
    vec![
        record(metric::PARAMETERS, 0, None, parameters),
        record(metric::UPDATES, 0, None, 10.0),
        record(metric::COMPUTE, 0, None, 99.0),
    ]
}

fn twin_of(outcome: Option<Outcome>) -> Result<Resolved, String> {
    let recipe = Recipe::Twin(Twin {
        of: "aa".into(),
        budget: TwinBudget::FinalParameters,
    });
    let outcomes = outcome
        .map(|outcome| ("aa".to_owned(), outcome))
        .into_iter()
        .collect();
    resolve(&recipe, &outcomes, &stream()).map(Option::unwrap)
}

#[test]
fn a_twin_has_the_settings_of_the_grown_run_and_its_own_widths() {
    let twin = twin_of(Some(finished(learner(7, true), grown(117.0)))).unwrap();
    // 6 w + 4 w + 4 parameters.
    let mut expected = serde_json::to_value(learner(7, false)).unwrap();
    expected["hidden"] = serde_json::json!([11]);
    assert_eq!(serde_json::to_value(&twin.learner).unwrap(), expected);
    assert_eq!(twin.settings["hidden"], "[11]");
    assert_eq!(twin.settings["strategy.name"], "\"fixed\"");
    assert!(!twin.settings.contains_key("batch") && twin.choice.is_none());
    let again: Resolved = serde_json::from_slice(&text(&twin).unwrap()).unwrap();
    assert_eq!(text(&again).unwrap(), text(&twin).unwrap());
}

#[test]
fn without_its_parent_a_twin_says_why() {
    let said = |outcome| twin_of(outcome).map(|_| ()).unwrap_err();
    assert_eq!(said(None), "run aa, whose twin it is, has not been made");
    let why = "failed: killed: by hand".to_owned();
    assert_eq!(
        said(Some(Outcome::Without(why))),
        "run aa, whose twin it is, failed: killed: by hand"
    );
    let why = "not-finite: the loss".to_owned();
    assert_eq!(
        said(Some(Outcome::Out { why })),
        "run aa, whose twin it is, failed: not-finite: the loss"
    );
    assert!(said(Some(finished(learner(7, false), grown(117.0)))).contains("settings that do not grow"));
    assert!(said(Some(finished(learner(7, true), Vec::new()))).contains("do not say how many parameters"));
    assert!(said(Some(finished(learner(7, true), grown(3.0)))).contains("has no twin"));
}

/// Accuracies of the runs of each setting; none for one that has diverged.
fn chosen(by: Option<By>, metric: &str, scores: &[&[Option<f64>]]) -> Result<Resolved, String> {
    let (mut among, mut outcomes) = (Vec::new(), Outcomes::new());
    for (setting, runs) in scores.iter().enumerate() {
        let id = |run: usize| format!("{setting}-{run}");
        for (run, score) in runs.iter().enumerate() {
            let outcome = match score {
                Some(score) => finished(
                    learner(setting + 1, true),
                    vec![record(metric, 0, Some(0), *score)],
                ),
                None => Outcome::Out {
                    why: "not-finite: the loss".into(),
                },
            };
            outcomes.insert(id(run), outcome);
        }
        among.push(SweepCandidate {
            learner: learner(setting + 1, true),
            runs: (0..runs.len()).map(id).collect(),
        });
    }
    resolve(&Recipe::Chosen(Chosen { by, among }), &outcomes, &stream()).map(Option::unwrap)
}

#[test]
fn the_best_setting_is_chosen_and_of_equal_ones_the_first() {
    let best = |metric, scores: &[&[Option<f64>]]| chosen(None, metric, scores).unwrap().choice.unwrap();
    let some = |values: [f64; 2]| values.map(Some);
    let (low, high, mixed) = (some([0.2, 0.4]), some([0.5, 0.5]), some([0.25, 0.75]));
    let choice = best(metric::ACCURACY, &[&low, &mixed, &high]);
    assert_eq!((choice.setting, choice.by), (1, By::AverageAccuracy));
    let near = |found: Option<f64>, value: f64| assert!((found.unwrap() - value).abs() < 1e-12);
    near(choice.scores[0], 0.3);
    near(choice.scores[2], 0.5);
    // Of errors the least.
    assert_eq!(best(metric::SQUARED_ERROR, &[&mixed, &low, &high]).setting, 1);
    // What has diverged once is out.
    let choice = best(metric::ACCURACY, &[&[Some(0.9), None], &low]);
    assert_eq!((choice.setting, choice.scores[0]), (1, None));
    let resolved = chosen(None, metric::ACCURACY, &[&low, &high]).unwrap();
    assert_eq!(resolved.settings, [("batch".to_owned(), "2".to_owned())].into());
}

#[test]
fn what_nothing_can_be_chosen_by_says_so() {
    let said = |by, metric, scores: &[&[Option<f64>]]| chosen(by, metric, scores).map(|_| ()).unwrap_err();
    assert!(said(None, metric::ACCURACY, &[&[None], &[None]]).contains("none of the 2 settings"));
    assert!(said(None, metric::LOSS, &[&[Some(1.0)]]).contains("nothing to choose by"));
    assert!(
        said(Some(By::SquaredError), metric::ACCURACY, &[&[Some(1.0)]])
            .contains("no setting of its sweep has a squared-error")
    );
    let recipe = Recipe::Chosen(Chosen {
        by: None,
        among: vec![SweepCandidate {
            learner: learner(1, true),
            runs: vec!["aa".into()],
        }],
    });
    let of = |outcome| {
        resolve(&recipe, &[("aa".to_owned(), outcome)].into(), &stream())
            .map(|_| ())
            .unwrap_err()
    };
    // A run that was killed says nothing of its setting.
    let why = "failed: killed: by hand".to_owned();
    assert_eq!(
        of(Outcome::Without(why)),
        "run aa of its sweep failed: killed: by hand"
    );
}
