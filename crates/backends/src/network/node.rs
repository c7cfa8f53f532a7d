//! A layer in the form a pass needs.

use dentate_core::{Activation, Grid, Layer, LayerId, Normalisation, Pool, UnitId};

/// A number for each unit, or one for all.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum PerUnit {
    Same(f32),
    Each(Vec<f32>),
}

impl PerUnit {
    pub(super) fn of(values: impl Iterator<Item = f32> + Clone) -> Self {
        let mut rest = values.clone();
        let first = rest.next().unwrap_or(1.0);
        if rest.all(|v| v == first) {
            Self::Same(first)
        } else {
            Self::Each(values.collect())
        }
    }

    pub(crate) fn at(&self, i: usize) -> f32 {
        match self {
            Self::Same(v) => *v,
            Self::Each(v) => v[i],
        }
    }

    pub(super) fn any(&self) -> bool {
        match self {
            Self::Same(v) => *v > 0.0,
            Self::Each(v) => v.iter().any(|&v| v > 0.0),
        }
    }
}

/// A layer.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) id: LayerId,
    pub(crate) activation: Activation,
    /// The grid of its summed inputs, and that of its outputs.
    pub(crate) grid: Grid,
    pub(crate) outputs: Grid,
    pub(crate) pool: Pool,
    pub(crate) dropout: f32,
    /// Positions of its parameter blocks.
    pub(crate) bias: Option<usize>,
    pub(crate) norm: Option<Norm>,
    /// Positions of connections, oldest first.
    pub(crate) incoming: Vec<usize>,
    pub(crate) outgoing: Vec<usize>,
    pub(crate) units: Vec<UnitId>,
    pub(crate) rate: f32,
    pub(crate) incoming_lr_scale: PerUnit,
    pub(crate) outgoing_lr_scale: PerUnit,
}

/// A normalisation with its parameter blocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Norm {
    pub(crate) scale: usize,
    pub(crate) shift: usize,
    pub(crate) over: Over,
}

/// The set of values that are normalised together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    /// In a row, groups of so many units with their positions.
    Units(usize),
    /// Each unit over the batch and its positions, or by running statistics, in these blocks.
    Batch { mean: usize, variance: usize },
}

impl Over {
    fn of(normalisation: Normalisation, width: usize) -> Option<Self> {
        match normalisation {
            Normalisation::None => None,
            Normalisation::BatchNorm => Some(Self::Batch { mean: 0, variance: 0 }),
            other => other.group(width).map(Self::Units),
        }
    }

    /// Returns whether it is this normalisation, wherever its statistics are stored.
    pub(super) fn is(self, normalisation: Normalisation, width: usize) -> bool {
        match (self, Self::of(normalisation, width)) {
            (Self::Batch { .. }, Some(Self::Batch { .. })) => true,
            (this, other) => Some(this) == other,
        }
    }
}

impl Node {
    pub(crate) fn width(&self) -> usize {
        self.units.len()
    }

    /// Number of outputs for a row, unit by unit.
    pub(crate) fn features(&self) -> usize {
        self.units.len() * self.outputs.positions()
    }

    /// Number of summed inputs for a row, unit by unit.
    pub(crate) fn sums(&self) -> usize {
        self.units.len() * self.grid.positions()
    }

    /// Returns whether a unit's own parameters learn.
    pub(crate) fn unit_learns(&self, unit: usize) -> bool {
        self.rate > 0.0 && self.incoming_lr_scale.at(unit) > 0.0
    }

    /// Returns whether its own parameters learn.
    pub(crate) fn learns(&self) -> bool {
        (self.bias.is_some() || self.norm.is_some()) && self.rate > 0.0 && self.incoming_lr_scale.any()
    }
}

pub(super) fn node(layer: &Layer) -> Node {
    Node {
        id: layer.id,
        activation: layer.activation,
        grid: layer.grid,
        outputs: layer.outputs(),
        pool: layer.pool,
        dropout: layer.dropout,
        bias: None,
        norm: Over::of(layer.normalisation, layer.width()).map(|over| Norm {
            scale: 0,
            shift: 0,
            over,
        }),
        incoming: Vec::new(),
        outgoing: Vec::new(),
        units: layer.units.iter().map(|u| u.id).collect(),
        rate: layer.lr_scale,
        incoming_lr_scale: PerUnit::of(layer.units.iter().map(|u| u.incoming_lr_scale)),
        outgoing_lr_scale: PerUnit::of(layer.units.iter().map(|u| u.outgoing_lr_scale)),
    }
}
