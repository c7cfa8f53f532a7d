//! Checks of an objective before it is evaluated, the same for every backend.

use super::network::Network;
use super::rows::{Shown, shown};
use dentate_core::{Activation, Active, BackendError, DataId, LayerId, Loss, Objective, Target, Term};
use ndarray::ArrayView2;
use std::ops::Range;

/// The scale of a term's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scale {
    /// The mean over the term's rows.
    Mean,
    /// Each row by itself.
    Single,
}

impl Scale {
    /// The factor on the value of each of so many rows.
    pub(super) fn factor(self, term: &Term, rows: usize) -> f32 {
        match self {
            Self::Mean => term.weight / rows as f32,
            Self::Single => term.weight,
        }
    }
}

/// The position of a term in a network.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    /// The layer whose outputs it is computed on, and the number of these.
    pub(super) layer: usize,
    pub(super) width: usize,
    /// The layer that targets are read from; if they come from elsewhere, the same as `layer`.
    pub(super) from: usize,
}

impl Placed {
    /// Find the layers of a term, and check that it can be computed there.
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

/// The rows that a term covers, of a batch of so many.
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

/// The position, among the active units, of the unit for a row's label.
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

/// Check that targets are as wide as the layer, or as its active units.
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

/// Write the layers that have to run for an objective into an existing list.
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

/// Check that every term covers all rows, as required for gradients of single rows.
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

/// The same objective for a single row.
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

/// Check that the units exist and are in ascending order.
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

/// The position of a unit among the active ones.
fn rank(active: &Active, unit: u32, width: usize) -> Option<usize> {
    match active {
        Active::All => Some(unit as usize).filter(|&u| u < width),
        Active::Units(units) => units.binary_search(&unit).ok(),
    }
}
