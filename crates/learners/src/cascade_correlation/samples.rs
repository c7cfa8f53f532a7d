//! The rows of an experience with their targets.

use dentate_core::{ExperienceInfo, LearnError, Seed, Source, TargetKind, Targets, TaskId};
use ndarray::{Array2, Axis, concatenate};
use rand::seq::SliceRandom;

/// Rows and targets, as far as they are used.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Samples {
    /// Inputs `[rows, features]`.
    pub(super) inputs: Array2<f64>,
    /// Targets `[rows, outputs]` of all outputs of the learner.
    pub(super) targets: Array2<f64>,
    /// The outputs that the experience trains.
    pub(super) trained: Vec<usize>,
}

/// The label of an output: a class of a task, where tasks are given, or a class or column of values.
pub(super) type Label = (Option<TaskId>, u32);

/// The outputs that an experience trains.
pub(super) fn labels(experience: &ExperienceInfo) -> Vec<Label> {
    if let TargetKind::Values(width) = experience.target {
        return (0..width as u32).map(|column| (None, column)).collect();
    }
    let given = experience.scenario == dentate_core::Scenario::TaskIncremental;
    let of = |task: &dentate_core::TaskInfo| {
        let id = given.then_some(task.id);
        task.classes
            .iter()
            .map(move |class| (id, *class))
            .collect::<Vec<_>>()
    };
    let mut all: Vec<Label> = experience.tasks.iter().flat_map(of).collect();
    all.sort_unstable();
    all.dedup();
    all
}

impl Samples {
    /// At most `most` rows of an experience, and the targets of the outputs `known`.
    pub(super) fn of(
        source: &dyn Source,
        experience: &ExperienceInfo,
        known: &[Label],
        (most, seed): (u32, Seed),
    ) -> Result<Self, LearnError> {
        let mut positions: Vec<u32> = (0..source.count()? as u32).collect();
        if positions.len() > most as usize {
            positions.shuffle(&mut seed.random());
            positions.truncate(most as usize);
            positions.sort_unstable();
        }
        let rows = source.gather(&positions)?;
        let (mut blocks, mut targets) = (Vec::new(), Vec::new());
        for segment in &rows.segments {
            let data = source.datasets().iter().find(|data| data.id() == segment.data);
            let data = data
                .ok_or_else(|| LearnError::Unsuited(format!("{} is not among the source's", segment.data)))?;
            blocks.push(data.gather(&segment.indices)?.mapv(f64::from));
            for &row in &segment.indices {
                targets.push(match (&*data.targets(), data.label(row)) {
                    (Targets::Values(values), _) => {
                        let row = values.row(row as usize);
                        known
                            .iter()
                            .map(|(_, column)| row.get(*column as usize).map_or(0.0, |v| f64::from(*v)))
                            .collect()
                    }
                    (_, Some(class)) => {
                        let hit = |(task, own): &Label| {
                            *own == class && task.is_none_or(|task| task == segment.task)
                        };
                        known
                            .iter()
                            .map(|label| if hit(label) { 0.5 } else { -0.5 })
                            .collect::<Vec<f64>>()
                    }
                    _ => {
                        return Err(LearnError::Unsuited(
                            "cascade-correlation learns classes or values, and these rows have neither"
                                .into(),
                        ));
                    }
                });
            }
        }
        let views: Vec<_> = blocks.iter().map(|block| block.view()).collect();
        let inputs = concatenate(Axis(0), &views).map_err(|error| LearnError::Unsuited(error.to_string()))?;
        let flat: Vec<f64> = targets.into_iter().flatten().collect();
        let targets = Array2::from_shape_vec((inputs.nrows(), known.len()), flat)
            .map_err(|error| LearnError::Unsuited(error.to_string()))?;
        let own = labels(experience);
        let trained = (0..known.len()).filter(|i| own.contains(&known[*i])).collect();
        Ok(Self {
            inputs,
            targets,
            trained,
        })
    }
}
