//! A custom evaluation between steps: how sure the learner is of the first task, after each experience.
//!
//! `cargo run -p dentate --example between_steps`

use dentate::core::Predictions;
use dentate::prelude::*;

fn main() -> dentate::Result<()> {
    let stream = Split::new(Digits::default()).task_incremental();
    let learner = Gradient::mlp([64]).mechanism(ExperienceReplay::default());
    let mut session = Experiment::new(stream, learner).seed(1).session()?;
    let first = session.stream().experiences[0].test.clone();
    let rows: Vec<u32> = first.rows.iter().collect();
    loop {
        match session.step()? {
            Step::EndedExperience(experience) => {
                // The session goes on as if nobody had looked.
                let learner = session.learner_mut();
                if let Predictions::Scores(scores) = learner.predict(&first.data, &rows, Some(first.task))? {
                    let sure: f32 = scores
                        .rows()
                        .into_iter()
                        .map(|scores| share_of_best(scores.iter()))
                        .sum();
                    let mean = 100.0 * sure / rows.len() as f32;
                    println!(
                        "after experience {}: sure of task 1 to {mean:.1} %",
                        experience + 1
                    );
                }
            }
            Step::Finished => break,
            _ => {}
        }
    }
    println!("{}", session.finish().accuracy());
    Ok(())
}

/// The softmax of the largest score.
fn share_of_best<'a>(scores: impl Iterator<Item = &'a f32> + Clone) -> f32 {
    let best = scores.clone().copied().fold(f32::NEG_INFINITY, f32::max);
    1.0 / scores.map(|score| (score - best).exp()).sum::<f32>()
}
