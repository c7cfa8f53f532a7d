//! Rotated streams: every task has all classes, rotated by its own angle.

mod turning;

use crate::data::{DataEnv, DataSpec};
use crate::error::StreamError;
use crate::register;
use crate::spec::{AnyStream, StreamRecipe};
use crate::stream::{Counts, Cut, Drawn, Stream, all_rows};
use dentate_core::{ConfigError, DataId, Dataset, Scenario, Seed, StreamFacts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use turning::{Black, turn};

/// Every task has all classes of a set of images, rotated counter-clockwise: task `t` of `tasks` by
/// `max_degrees × t / (tasks − 1)`. Pixels are interpolated bilinearly and keep their type and range: bytes stay bytes, floats stay
/// floats and are never scaled or clipped. There is a copy of the images for each task but the first. The channels of a colour
/// image are rotated alike. Labels are as in a permuted stream.
///
/// A place without a pixel is black: byte 0; for floats 0, or in a channel with values below 0 the minimum
/// of the training images there. So images that were scaled or standardised are rotated as their bytes would be.
///
/// The original (Lopez-Paz & Ranzato 2017) draws angles at random; here they are evenly spaced, so that the distance
/// between tasks is the same for every seed.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rotated {
    /// The data set: images of height × width, or channels × height × width.
    pub data: Box<dyn DataSpec>,
    /// Number of tasks (2 to 100).
    #[schemars(range(min = 2, max = 100))]
    pub tasks: u32,
    /// The last task's angle, in degrees (above 0, at most 180).
    #[schemars(range(max = 180.0), extend("exclusiveMinimum" = 0))]
    pub max_degrees: f64,
    /// The scenario, which determines what is known about the task at prediction time: `task-incremental`, `domain-incremental` or
    /// `class-incremental`.
    #[schemars(extend("enum" = ["task-incremental", "domain-incremental", "class-incremental"]))]
    pub scenario: Scenario,
    /// If true, each row is available only once.
    #[serde(default)]
    pub online: bool,
    /// Share of each task's training rows held out for validation (0 to 0.5).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 0.5))]
    pub validation: f64,
}

impl Rotated {
    fn cut(&self, seed: Seed) -> Cut {
        Cut {
            scenario: self.scenario,
            online: self.online,
            validation: self.validation,
            seed,
        }
    }

    fn degrees(&self, task: u32) -> f64 {
        self.max_degrees * f64::from(task) / f64::from(self.tasks - 1)
    }

    /// The angles, with enough decimals to distinguish them.
    fn names(&self) -> Vec<String> {
        let decimals = (-self.degrees(1).log10()).ceil().clamp(0.0, 9.0) as usize;
        (0..self.tasks)
            .map(|task| format!("{:.decimals$}°", self.degrees(task)))
            .collect()
    }
}

impl StreamRecipe for Rotated {
    fn check(&self) -> Result<(), StreamError> {
        self.data.validate().map_err(|e| e.within("data"))?;
        self.cut(Seed(0)).check()?;
        Ok(self.data.facts().shape.as_deref().map_or(Ok(()), check_shape)?)
    }

    fn data(&self) -> Vec<&dyn DataSpec> {
        vec![&*self.data]
    }

    fn facts(&self) -> Option<StreamFacts> {
        Some(
            self.cut(Seed(0))
                .guise_facts(&*self.data, self.tasks, Drawn::all(Seed(0))),
        )
    }

    fn validation(&self) -> Option<f64> {
        Some(self.validation)
    }

    fn tasks_by_seed(&self) -> bool {
        false
    }

    fn build(&self, env: &DataEnv, seed: Seed) -> Result<Stream, StreamError> {
        AnyStream::validate(self)?;
        let data = self.data.load(env)?;
        // The facts that only the files contain are known by now.
        check_shape(data.train.shape())?;
        let cut = self.cut(seed);
        let names = self.names();
        let counts = Counts::of(&data)?;
        let classes = counts.occurring();
        counts.check(0, &names[0], &classes, "data")?;
        let black = Black::of(&data.train);
        let mut experiences = Vec::new();
        for task in 0..self.tasks {
            let half = |half: &Dataset, offset| {
                let id = DataId(u64::from(2 * task + offset));
                let turned = if task == 0 {
                    half.clone()
                } else {
                    turn(half, self.degrees(task), &black)?
                };
                let guise = cut.guise(&turned, id, (task, self.tasks), data.classes)?;
                Ok::<_, StreamError>((guise, all_rows(half)))
            };
            let parts = [half(&data.train, 0)?, half(&data.test, 1)?];
            let labels = cut.guise_labels(task, data.classes, &classes);
            experiences.push(cut.experience(task, labels, parts));
        }
        let title = format!("Rotated {}", self.data.facts().title);
        Ok(cut.stream(title, names, experiences))
    }
}

/// Checks that rows are images, since only these can be rotated.
fn check_shape(shape: &[usize]) -> Result<(), ConfigError> {
    match shape {
        [_, _] | [1 | 3, _, _] => Ok(()),
        _ => Err(ConfigError::new(
            "data",
            format!("of shape {shape:?}"),
            "images of height × width, or of 1 or 3 channels × height × width, to be turned",
        )),
    }
}

register!(
    stream,
    Rotated,
    "rotated",
    summary = "all classes in every task, with a rotation per task",
    citation = "Lopez-Paz & Ranzato 2017, Gradient episodic memory for continual learning, arXiv:1706.08840",
);

#[cfg(test)]
mod tests;
