//! What every backend asks of an objective before it judges by it.

use super::network::Network;
use super::rows::{Shown, shown};
use dentate_core::{Activation, Active, BackendError, DataId, LayerId, Loss, Objective, Target, Term};
use ndarray::ArrayView2;
use std::ops::Range;

/// The scale of a term's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scale {
    /// As the mean over the term's rows.
    Mean,
    /// Each row as if it were alone.
    Single,
}

impl Scale {
    /// What the value of each of so many rows is multiplied by.
    pub(super) fn factor(self, term: &Term, rows: usize) -> f32 {
        match self {
            Self::Mean => term.weight / rows as f32,
            Self::Single => term.weight,
        }
    }
}

/// A term's place in a network.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    /// The layer that it judges, and how many outputs that has.
    pub(super) layer: usize,
    pub(super) width: usize,
    /// The layer that targets are read off; where they come from elsewhere, that which is judged.
    pub(super) from: usize,
}

impl Placed {
    /// Look a term up, and check that it can be judged there.
    pub(super) fn of(backend: &'static str, network: &Network, term: &Term) -> Result<Self, BackendError> {
        let id = term.layer;
        let find = |id| network.position(id).ok_or(BackendError::NoLayer(id));
        let layer = find(id)?;
        let node = &network.nodes[layer];
        if !matches!(term.loss, Loss::MeanSquared) && node.activation != Activation::Identity {
            return Err(BackendError::Activation(id));
        }
        if matches!(
            (term.loss, &term.target),
            (Loss::Distillation { .. }, Target::Labels { .. })
        ) {
            return Err(BackendError::Unsupported {
                backend,
                what: "distillation towards labels".into(),
            });
        }
        let from = match term.target {
            Target::Layer(id) => find(id)?,
            _ => layer,
        };
        let width = node.features();
        check_active(&term.active, id, width)?;
        Ok(Self { layer, width, from })
    }
}

/// The rows of a batch of so many that a term is about.
pub(super) fn range(term: &Term, rows: usize) -> Result<Range<usize>, BackendError> {
    let range = term.rows.clone().unwrap_or(0..rows);
    let targets = match &term.target {
        Target::Given(values) => values.nrows(),
        _ => range.len(),
    };
    if range.is_empty() || range.end > rows || targets != range.len() {
        return Err(BackendError::TermRows {
            start: range.start,
            end: range.end,
            targets,
            rows,
        });
    }
    Ok(range)
}

/// The place, among the active units, of the one that stands for a row's label.
pub(super) fn right(
    term: &Term,
    unit_of: &[Option<u32>],
    width: usize,
    data: &Shown,
    (set, row): (DataId, u32),
) -> Result<usize, BackendError> {
    let wanted = "labels";
    let label = shown(data, set)?
        .label(row)
        .ok_or(BackendError::Targets { data: set, wanted })?;
    let unit = unit_of.get(label as usize).copied().flatten();
    let right = unit.and_then(|unit| rank(&term.active, unit, width));
    right.ok_or(BackendError::Label {
        layer: term.layer,
        label,
    })
}

/// The real targets of a data set.
pub(super) fn values(data: &Shown, set: DataId) -> Result<ArrayView2<'_, f32>, BackendError> {
    let wanted = "values";
    shown(data, set)?
        .values()
        .ok_or(BackendError::Targets { data: set, wanted })
}

/// Check that targets are as wide as the layer, or as what is active of it.
pub(super) fn fits(term: &Term, width: usize, found: usize) -> Result<(), BackendError> {
    let fits = match &term.active {
        Active::All => found == width,
        Active::Units(units) => found == width || found == units.len(),
    };
    if fits {
        return Ok(());
    }
    Err(BackendError::Width {
        what: "the target",
        layer: term.layer,
        found,
        expected: width,
    })
}

/// The layers that have to run for an objective, into a list that is there.
pub(super) fn needed(
    network: &Network,
    objective: &Objective,
    needed: &mut Vec<usize>,
) -> Result<(), BackendError> {
    needed.clear();
    for term in &objective.terms {
        let mut need = |id| {
            let layer = network.position(id).ok_or(BackendError::NoLayer(id))?;
            if !needed.contains(&layer) {
                needed.push(layer);
            }
            Ok::<_, BackendError>(())
        };
        need(term.layer)?;
        if let Target::Layer(id) = term.target {
            need(id)?;
        }
    }
    Ok(())
}

/// Check that every term is about all rows, which one about single rows' gradients has to be.
pub(super) fn check_whole(objective: &Objective, rows: usize) -> Result<(), BackendError> {
    let mut parts = objective.terms.iter().filter_map(|t| t.rows.clone());
    match parts.find(|range| *range != (0..rows)) {
        None => Ok(()),
        Some(range) => Err(BackendError::TermRows {
            start: range.start,
            end: range.end,
            targets: range.len(),
            rows,
        }),
    }
}

/// The same objective for one of the rows alone.
pub(super) fn of_row(objective: &Objective, row: usize) -> Objective {
    let mut single = objective.clone();
    for term in &mut single.terms {
        term.rows = None;
        if let Target::Given(values) = &mut term.target {
            *values = values.slice(ndarray::s![row..=row, ..]).to_owned();
        }
    }
    single
}

/// Whether the units are there, and rise.
fn check_active(active: &Active, layer: LayerId, width: usize) -> Result<(), BackendError> {
    let Active::Units(units) = active else {
        return Ok(());
    };
    let rising = units.windows(2).all(|w| w[0] < w[1]);
    match units.last() {
        Some(&last) if rising && (last as usize) < width => Ok(()),
        last => Err(BackendError::Width {
            what: "the list of active units",
            layer,
            found: last.map_or(0, |&last| last as usize + 1),
            expected: width,
        }),
    }
}

/// The place of a unit among the active ones.
fn rank(active: &Active, unit: u32, width: usize) -> Option<usize> {
    match active {
        Active::All => Some(unit as usize).filter(|&u| u < width),
        Active::Units(units) => units.binary_search(&unit).ok(),
    }
}
