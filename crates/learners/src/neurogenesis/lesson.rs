//! What is learned at one go: rows of one class, or of several together, and how far the level at hand is with them.

use super::recollection::Row;
use super::{Classes, NeurogenesisDeepLearning};
use dentate_core::{DataId, Dataset, LearnError, Rows, TaskId, UnitId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The rows of a class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Group {
    pub(super) task: TaskId,
    pub(super) label: u32,
    pub(super) rows: Vec<Row>,
}

/// Classes learned together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Lesson {
    pub(super) groups: Vec<Group>,
}

impl Lesson {
    /// All rows.
    pub(super) fn rows(&self) -> Vec<Row> {
        self.groups.iter().flat_map(|g| g.rows.iter().copied()).collect()
    }
}

/// Where a level stands with a lesson.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Standing {
    /// Rounds behind.
    pub(super) round: u32,
    /// The outliers that the round is about, and the units that it adds for them.
    pub(super) outliers: Vec<Row>,
    pub(super) units: usize,
    /// Units born for this lesson, in the encoder and in its mirror.
    pub(super) up: Vec<UnitId>,
    pub(super) down: Vec<UnitId>,
}

/// The lessons of an experience: of the first one, one; of a later one as the configuration has it.
pub(super) fn lessons(
    config: &NeurogenesisDeepLearning,
    data: &BTreeMap<DataId, Dataset>,
    rows: &Rows,
    first: bool,
) -> Result<Vec<Lesson>, LearnError> {
    let mut groups: BTreeMap<(TaskId, u32), Vec<Row>> = BTreeMap::new();
    for row in rows.iter() {
        let label = data.get(&row.0).and_then(|d| d.label(row.2));
        let label =
            label.ok_or_else(|| LearnError::Unsuited("neurogenesis deep learning learns classes".into()))?;
        groups.entry((row.1, label)).or_default().push(row);
    }
    if groups.is_empty() {
        return Err(LearnError::Unsuited("the experience has no row".into()));
    }
    let groups = groups
        .into_iter()
        .map(|((task, label), rows)| Group { task, label, rows });
    Ok(if first || config.classes == Classes::Together {
        let groups = groups.collect();
        vec![Lesson { groups }]
    } else {
        let alone = |group| Lesson { groups: vec![group] };
        groups.map(alone).collect()
    })
}
