//! A program's records are those of a suite with the same recipe and seed.

use crate::place::{Place, SUITE, said};
use dentate::prelude::*;
use dentate_core::record::HEADER;

/// The program that the suite describes.
fn experiment(learner: Gradient, seed: u64) -> Experiment {
    let digits = Digits {
        train: 400,
        test: 100,
        ..Digits::default()
    };
    let evaluation = Evaluation {
        points: 2,
        ..Evaluation::default()
    };
    let stream = Split::new(digits).shuffle_classes().validation(0.1);
    Experiment::new(stream, learner).seed(seed).evaluation(evaluation)
}

#[test]
fn a_program_records_what_a_suite_records_to_the_byte() {
    // What needs gradients, slots and phases, and what draws at random in several places.
    let more = r#"
[[method]]
name = "held"
mechanisms = [{ name = "experience-replay", capacity = 50 }, { name = "elastic-weight-consolidation", strength = 100.0 }]
"#;
    // Of this stream the order of classes and the rows kept back follow from the seed.
    let data = "data = {";
    let suite = SUITE.replace(data, &format!("shuffle_classes = true\nvalidation = 0.1\n{data}"));
    let place = Place::with(&format!("{suite}{more}"));
    let output = place.bench(&[]);
    assert!(output.status.success(), "{}", said(&output));
    let replay = ExperienceReplay {
        capacity: 50,
        ..ExperienceReplay::default()
    };
    let held = ElasticWeightConsolidation {
        strength: 100.0,
        ..ElasticWeightConsolidation::default()
    };
    let learner = |method: &str| match method {
        "columns" => Gradient::mlp([8]).strategy(ProgressiveColumns::default()),
        "held" => Gradient::mlp([8])
            .mechanism(replay.clone())
            .mechanism(held.clone()),
        _ => Gradient::mlp([8]),
    };
    let records = place.records();
    assert_eq!(records.len(), 6);
    for (method, seed, suite) in records {
        let outcome = experiment(learner(&method), seed).run().unwrap();
        let lines = outcome
            .records()
            .iter()
            .map(|record| format!("{}\n", record.to_csv()));
        let program = format!("{HEADER}\n{}", lines.collect::<String>());
        assert!(program == suite, "`{method}` with seed {seed} has other records");
        assert!(outcome.accuracy().is_sequence());
    }
}
