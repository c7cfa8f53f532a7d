//! Class groups: rows of one class, or of several together, learned at once, and the progress of the current level on them.

use super::class_stats::Row;
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
pub(super) struct ClassGroup {
    pub(super) groups: Vec<Group>,
}

impl ClassGroup {
    /// All rows of the classes.
    pub(super) fn rows(&self) -> Vec<Row> {
        self.groups.iter().flat_map(|g| g.rows.iter().copied()).collect()
    }
}

/// Progress of a level on a class group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct GroupProgress {
    /// Number of completed rounds.
    pub(super) round: u32,
    /// The outliers of the round, and the number of units to add for them.
    pub(super) outliers: Vec<Row>,
    pub(super) units: usize,
    /// The share of outliers among the rows scanned.
    pub(super) share: f64,
    /// Units added for this class group, in the encoder and in its mirror.
    pub(super) up: Vec<UnitId>,
    pub(super) down: Vec<UnitId>,
}

/// The class groups of an experience: a single one for the first; for a later one as configured.
pub(super) fn lessons(
    config: &NeurogenesisDeepLearning,
    data: &BTreeMap<DataId, Dataset>,
    rows: &Rows,
    first: bool,
) -> Result<Vec<ClassGroup>, LearnError> {
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
        vec![ClassGroup { groups }]
    } else {
        let alone = |group| ClassGroup { groups: vec![group] };
        groups.map(alone).collect()
    })
}
