//! The common part of streams without targets: points for learners that quantize.

use crate::error::StreamError;
use crate::stream::{EvaluatedRows, Experience, Part, RowSet, Stream, StreamInfo, all_rows};
use dentate_core::{
    Access, DataId, Dataset, ExperienceFacts, ExperienceInfo, Samples, Scenario, StreamFacts, TargetKind,
    Targets, TaskId, TaskInfo,
};

/// The points of one experience, row-major.
pub(crate) struct Points {
    /// The name of its task.
    pub(crate) name: String,
    pub(crate) train: Vec<f32>,
    pub(crate) test: Vec<f32>,
}

/// The facts about a stream of `experiences` experiences, each with these numbers of training and test points.
pub(crate) fn facts(scenario: Scenario, features: usize, experiences: u32, rows: [u32; 2]) -> StreamFacts {
    let rows = rows.map(|n| Some(n as usize));
    let experience = |task| ExperienceFacts::of(task, Vec::new(), rows);
    StreamFacts {
        scenario,
        access: Access::Revisitable,
        target: TargetKind::Inputs,
        shape: Some(vec![features]),
        experiences: (0..experiences).map(experience).collect(),
    }
}

/// A stream of these experiences.
pub(crate) fn stream(
    title: String,
    scenario: Scenario,
    features: usize,
    experiences: Vec<Points>,
) -> Result<Stream, StreamError> {
    let mut names = Vec::new();
    let mut parts = Vec::new();
    for (index, points) in (0..).zip(experiences) {
        let task = TaskId(index);
        let part = |id: u64, values: Vec<f32>| -> Result<Part, StreamError> {
            let data = Dataset::new(DataId(id), Samples::Floats(values), vec![features], Targets::None)?;
            let rows = all_rows(&data).into();
            Ok(Part { data, task, rows })
        };
        let train = part(2 * u64::from(index), points.train)?;
        let validation = Part {
            rows: RowSet::default(),
            ..train.clone()
        };
        let info = ExperienceInfo {
            index: index as usize,
            scenario,
            tasks: vec![TaskInfo {
                id: task,
                classes: Vec::new(),
            }],
            target: TargetKind::Inputs,
            features,
            access: Access::Revisitable,
        };
        parts.push(Experience {
            info,
            train,
            validation,
            test: part(2 * u64::from(index) + 1, points.test)?,
            ahead: None,
        });
        names.push(points.name);
    }
    Ok(Stream {
        info: StreamInfo {
            scenario,
            title,
            task_names: names,
            target: TargetKind::Inputs,
            features,
            shape: vec![features],
            classes: None,
            chance: None,
            problem: None,
            evaluated: EvaluatedRows::HeldOut,
        },
        experiences: parts,
    })
}
