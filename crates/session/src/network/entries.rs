//! The entries of `graph.json`: layers with their units, and connections, in the form of the file.

use dentate_core::{
    Activation, Connection, ConnectionId, Gain, Grid, Groups, Head, Layer, LayerId, Link, Moment,
    Normalisation, Origin, Pool, Role, TaskId, Unit, UnitId, Window,
};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LayerEntry {
    id: u32,
    pub(super) name: String,
    role: RoleEntry,
    activation: Activation,
    normalisation: Normalisation,
    bias: bool,
    grid: [usize; 2],
    pool: PoolEntry,
    dropout: f32,
    lr_scale: f32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    width_group: Option<u32>,
    units: Vec<UnitEntry>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum RoleEntry {
    Input,
    Hidden,
    Head { task: Option<u32>, classes: Vec<u32> },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum PoolEntry {
    None,
    Max(Window),
    Average(Window),
    GlobalMax,
    GlobalAverage,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitEntry {
    id: u64,
    /// Experience and update.
    born: (u32, u64),
    #[serde(default, skip_serializing_if = "OriginEntry::is_initial")]
    origin: OriginEntry,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    incoming_lr_scale: f32,
    #[serde(default, skip_serializing_if = "is_zero")]
    outgoing_lr_scale: f32,
}

fn one() -> f32 {
    1.0
}

fn is_one(rate: &f32) -> bool {
    *rate == 1.0
}

fn is_zero(rate: &f32) -> bool {
    *rate == 0.0
}

#[derive(Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum OriginEntry {
    #[default]
    Initial,
    Grown,
    SplitFrom(u64),
    Replaced(u64),
}

impl OriginEntry {
    fn is_initial(&self) -> bool {
        *self == Self::Initial
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConnectionEntry {
    id: u32,
    from: u32,
    to: u32,
    link: LinkEntry,
    gain: Gain,
    gain_start: f32,
    lr_scale: f32,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum LinkEntry {
    Dense,
    Convolution { window: Window, groups: GroupsEntry },
    Direct,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum GroupsEntry {
    One,
    Count(u32),
    Depthwise,
}

impl From<&Layer> for LayerEntry {
    fn from(layer: &Layer) -> Self {
        Self {
            id: layer.id.0,
            name: layer.name.clone(),
            role: match &layer.role {
                Role::Input => RoleEntry::Input,
                Role::Hidden => RoleEntry::Hidden,
                Role::Head(head) => RoleEntry::Head {
                    task: head.task.map(|task| task.0),
                    classes: head.classes.clone(),
                },
            },
            activation: layer.activation,
            normalisation: layer.normalisation,
            bias: layer.bias,
            grid: [layer.grid.height, layer.grid.width],
            pool: match layer.pool {
                Pool::None => PoolEntry::None,
                Pool::Max(window) => PoolEntry::Max(window),
                Pool::Average(window) => PoolEntry::Average(window),
                Pool::GlobalMax => PoolEntry::GlobalMax,
                Pool::GlobalAverage => PoolEntry::GlobalAverage,
            },
            dropout: layer.dropout,
            lr_scale: layer.lr_scale,
            width_group: layer.width_group,
            units: layer.units.iter().map(UnitEntry::from).collect(),
        }
    }
}

impl From<LayerEntry> for Layer {
    fn from(entry: LayerEntry) -> Self {
        Self {
            id: LayerId(entry.id),
            name: entry.name,
            role: match entry.role {
                RoleEntry::Input => Role::Input,
                RoleEntry::Hidden => Role::Hidden,
                RoleEntry::Head { task, classes } => Role::Head(Head {
                    task: task.map(TaskId),
                    classes,
                }),
            },
            activation: entry.activation,
            normalisation: entry.normalisation,
            bias: entry.bias,
            grid: Grid::new(entry.grid[0], entry.grid[1]),
            pool: match entry.pool {
                PoolEntry::None => Pool::None,
                PoolEntry::Max(window) => Pool::Max(window),
                PoolEntry::Average(window) => Pool::Average(window),
                PoolEntry::GlobalMax => Pool::GlobalMax,
                PoolEntry::GlobalAverage => Pool::GlobalAverage,
            },
            dropout: entry.dropout,
            lr_scale: entry.lr_scale,
            width_group: entry.width_group,
            units: entry.units.into_iter().map(Unit::from).collect(),
        }
    }
}

impl From<&Unit> for UnitEntry {
    fn from(unit: &Unit) -> Self {
        Self {
            id: unit.id.0,
            born: (unit.born.experience, unit.born.step),
            origin: match unit.origin {
                Origin::Initial => OriginEntry::Initial,
                Origin::Grown => OriginEntry::Grown,
                Origin::SplitFrom(of) => OriginEntry::SplitFrom(of.0),
                Origin::Replaced(of) => OriginEntry::Replaced(of.0),
            },
            incoming_lr_scale: unit.incoming_lr_scale,
            outgoing_lr_scale: unit.outgoing_lr_scale,
        }
    }
}

impl From<UnitEntry> for Unit {
    fn from(entry: UnitEntry) -> Self {
        Self {
            id: UnitId(entry.id),
            born: Moment {
                experience: entry.born.0,
                step: entry.born.1,
            },
            origin: match entry.origin {
                OriginEntry::Initial => Origin::Initial,
                OriginEntry::Grown => Origin::Grown,
                OriginEntry::SplitFrom(of) => Origin::SplitFrom(UnitId(of)),
                OriginEntry::Replaced(of) => Origin::Replaced(UnitId(of)),
            },
            incoming_lr_scale: entry.incoming_lr_scale,
            outgoing_lr_scale: entry.outgoing_lr_scale,
        }
    }
}

impl From<&Connection> for ConnectionEntry {
    fn from(c: &Connection) -> Self {
        Self {
            id: c.id.0,
            from: c.from.0,
            to: c.to.0,
            link: match c.link {
                Link::Dense => LinkEntry::Dense,
                Link::Direct => LinkEntry::Direct,
                Link::Convolution { window, groups } => LinkEntry::Convolution {
                    window,
                    groups: match groups {
                        Groups::One => GroupsEntry::One,
                        Groups::Count(n) => GroupsEntry::Count(n),
                        Groups::Depthwise => GroupsEntry::Depthwise,
                    },
                },
            },
            gain: c.gain,
            gain_start: c.gain_start,
            lr_scale: c.lr_scale,
        }
    }
}

impl From<ConnectionEntry> for Connection {
    fn from(entry: ConnectionEntry) -> Self {
        Self {
            id: ConnectionId(entry.id),
            from: LayerId(entry.from),
            to: LayerId(entry.to),
            link: match entry.link {
                LinkEntry::Dense => Link::Dense,
                LinkEntry::Direct => Link::Direct,
                LinkEntry::Convolution { window, groups } => Link::Convolution {
                    window,
                    groups: match groups {
                        GroupsEntry::One => Groups::One,
                        GroupsEntry::Count(n) => Groups::Count(n),
                        GroupsEntry::Depthwise => Groups::Depthwise,
                    },
                },
            },
            gain: entry.gain,
            gain_start: entry.gain_start,
            lr_scale: entry.lr_scale,
        }
    }
}
