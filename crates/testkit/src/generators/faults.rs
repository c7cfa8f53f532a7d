//! Plans with exactly one fault.

use super::plans::{Intent, Writer};
use dentate_core::{
    Activation, Adjustment, ConnectionId, Edit, Gain, Graph, Init, LayerId, LrScaleOf, NewLayer, Plan, Role,
    Seed, UnitId,
};
use ndarray::Array2;
use proptest::prelude::*;

/// The fault of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A layer id that does not exist.
    UnknownLayer,
    /// A connection id that does not exist.
    UnknownConnection,
    /// A unit id that does not exist.
    UnknownUnit,
    /// A unit named twice.
    RepeatedUnit,
    /// A layer id of another graph.
    StaleLayer,
    /// A connection id of another graph.
    StaleConnection,
    /// A connection that closes a cycle.
    Cycle,
    /// A connection that exists already.
    Parallel,
    /// The input layer resized.
    ResizedInput,
    /// A connection into the input layer.
    IntoInput,
    /// A second input layer.
    SecondInput,
    /// A name that is taken.
    TakenName,
    /// All units pruned.
    PruneAll,
    /// Widening by no unit.
    WidenByNone,
    /// Widening by far too many units.
    WidenByFar,
    /// A learning-rate scale that is not a number.
    RateNotANumber,
    /// A bias that is not a number.
    BiasNotANumber,
    /// Given values that are not finite.
    InfiniteWeight,
    /// A share above 1.
    Share,
    /// More mean outputs than units.
    FoldMean,
    /// An adjustment of another shape.
    AdjustmentShape,
    /// Given weights of another shape.
    GivenShape,
    /// Given weights where nothing is initialized.
    GivenUnread,
    /// Classes for a layer without classes.
    NoClasses,
    /// A split in a head over classes: the copy would have no class.
    SplitHead,
    /// One layer of a width group resized.
    WidenOneOfTied,
    /// A resized layer that the same plan inserted as an identity.
    ResizePinned,
    /// A split of a unit that the same plan creates.
    SplitNewborn,
}

const ALL: [Fault; 28] = [
    Fault::UnknownLayer,
    Fault::UnknownConnection,
    Fault::UnknownUnit,
    Fault::RepeatedUnit,
    Fault::StaleLayer,
    Fault::StaleConnection,
    Fault::Cycle,
    Fault::Parallel,
    Fault::ResizedInput,
    Fault::IntoInput,
    Fault::SecondInput,
    Fault::TakenName,
    Fault::PruneAll,
    Fault::WidenByNone,
    Fault::WidenByFar,
    Fault::RateNotANumber,
    Fault::BiasNotANumber,
    Fault::InfiniteWeight,
    Fault::Share,
    Fault::FoldMean,
    Fault::AdjustmentShape,
    Fault::GivenShape,
    Fault::GivenUnread,
    Fault::NoClasses,
    Fault::SplitHead,
    Fault::WidenOneOfTied,
    Fault::ResizePinned,
    Fault::SplitNewborn,
];

/// Any fault.
pub fn faults() -> impl Strategy<Value = Fault> {
    prop::sample::select(ALL.to_vec())
}

/// A plan whose edits are all valid but one, and the index of that one. `None` if the graph cannot have this fault.
#[must_use]
pub fn faulty(
    graph: &Graph,
    before: &[Intent],
    fault: Fault,
    after: &[Intent],
    seed: Seed,
) -> Option<(Plan, usize)> {
    let mut writer = Writer::new(graph, seed);
    before.iter().for_each(|i| writer.write(*i));
    let edit = edit(&writer, fault)?;
    let index = writer.len();
    writer.push_faulty(edit);
    // These are detected after all edits, and later edits would not match the units it changed.
    if !matches!(
        fault,
        Fault::GivenShape | Fault::GivenUnread | Fault::WidenOneOfTied
    ) {
        after.iter().for_each(|i| writer.write(*i));
    }
    Some((writer.finish(), index))
}

fn edit(writer: &Writer, fault: Fault) -> Option<Edit> {
    let network = &writer.growing.network;
    let input = network.layers.values().find(|l| l.role == Role::Input)?;
    let free = *writer.free().first()?;
    let elder = writer.elders(free).first().copied();
    let weighted = |c: &&dentate_core::Connection| c.link != dentate_core::Link::Direct;
    let joined = network.connections.values().find(weighted)?;
    let widen = |layer, count, bias, classes: Vec<u32>| {
        let over = network
            .layers
            .get(&layer)
            .and_then(|l| l.head())
            .is_some_and(|h| !h.classes.is_empty());
        Edit::Widen {
            layer,
            count,
            incoming: Init::He.into(),
            outgoing: Init::Zero.into(),
            bias,
            classes: if over {
                (100..100 + count.min(9) as u32).collect()
            } else {
                classes
            },
        }
    };
    let connect = |id: u32, from, to| Edit::Connect {
        id: ConnectionId(id),
        from,
        to,
        link: dentate_core::Link::Dense,
        weights: Init::He.into(),
        gain: Gain::None,
        gain_start: 1.0,
        lr_scale: 1.0,
    };
    let prune = |units: Vec<UnitId>, fold_mean: Vec<f32>| Edit::Prune {
        layer: free,
        units,
        fold_mean,
    };
    let split = |layer, unit| Edit::Split {
        layer,
        unit,
        share: 0.5,
        noise: 0.0,
    };
    let next = network.next_connection;
    let plain = |name: &str| NewLayer::hidden(name, 2, Activation::Relu);
    let id = LayerId(network.next_layer);
    Some(match fault {
        Fault::UnknownLayer => widen(LayerId(9999), 1, 0.0, Vec::new()),
        Fault::UnknownConnection => Edit::SetLrScale {
            of: LrScaleOf::Connection(ConnectionId(9999)),
            lr_scale: 1.0,
        },
        Fault::UnknownUnit => prune(vec![UnitId(u64::MAX)], Vec::new()),
        Fault::RepeatedUnit => Edit::Replace {
            layer: free,
            units: vec![elder?, elder?],
            incoming: Init::He.into(),
            outgoing: Init::Zero.into(),
            bias: 0.0,
            fold_mean: Vec::new(),
        },
        Fault::StaleLayer => Edit::AddLayer {
            id: LayerId(id.0 + 1),
            layer: plain("stale"),
        },
        Fault::StaleConnection => connect(next + 1, input.id, free),
        Fault::Cycle => connect(next, joined.to, joined.from),
        Fault::Parallel => connect(next, joined.from, joined.to),
        Fault::ResizedInput => widen(input.id, 1, 0.0, Vec::new()),
        Fault::IntoInput => connect(next, free, input.id),
        Fault::SecondInput => Edit::AddLayer {
            id,
            layer: NewLayer {
                name: "another".into(),
                ..NewLayer::input(2)
            },
        },
        Fault::TakenName => Edit::AddLayer {
            id,
            layer: plain(&input.name),
        },
        Fault::PruneAll => {
            let all: Vec<UnitId> = network.layers[&free].units.iter().map(|u| u.id).collect();
            let old = writer.elders(free).len() == all.len();
            old.then(|| prune(all, Vec::new()))?
        }
        Fault::WidenByNone => widen(free, 0, 0.0, Vec::new()),
        Fault::WidenByFar => {
            let over = network.layers[&free]
                .head()
                .is_some_and(|h| !h.classes.is_empty());
            (!over).then(|| widen(free, usize::MAX, 0.0, Vec::new()))?
        }
        Fault::RateNotANumber => Edit::SetLrScale {
            of: LrScaleOf::Layer(free),
            lr_scale: f32::NAN,
        },
        Fault::BiasNotANumber => widen(free, 1, f32::NAN, Vec::new()),
        Fault::InfiniteWeight => Edit::Adjust {
            parameter: dentate_core::Parameter::Weight(joined.id),
            by: Adjustment::Add(Array2::from_elem((1, 1), f32::INFINITY)),
        },
        Fault::Share => Edit::Split {
            layer: free,
            unit: elder?,
            share: 1.5,
            noise: 0.0,
        },
        Fault::FoldMean => {
            let roomy = network.layers[&free].width() > 1;
            roomy.then(|| elder.map(|u| prune(vec![u], vec![0.1, 0.2])))??
        }
        Fault::AdjustmentShape => Edit::Adjust {
            parameter: dentate_core::Parameter::Weight(joined.id),
            by: Adjustment::Set(Array2::zeros((77, 77))),
        },
        Fault::GivenShape => {
            let old = |c: &&dentate_core::Connection| writer.was_joined(c) && weighted(c);
            let into = network.connections.values().filter(old).find(|c| c.to == free)?;
            let mut weights: dentate_core::NewWeights = Init::He.into();
            weights.given.insert(into.id, Array2::zeros((77, 77)));
            Edit::Replace {
                layer: free,
                units: vec![elder?],
                incoming: weights,
                outgoing: Init::Zero.into(),
                bias: 0.0,
                fold_mean: Vec::new(),
            }
        }
        Fault::GivenUnread => {
            let mut weights: dentate_core::NewWeights = Init::He.into();
            weights.given.insert(ConnectionId(9999), Array2::zeros((1, 1)));
            Edit::Replace {
                layer: free,
                units: vec![elder?],
                incoming: Init::He.into(),
                outgoing: weights,
                bias: 0.0,
                fold_mean: Vec::new(),
            }
        }
        Fault::NoClasses => {
            let plain = |l: &&LayerId| network.layers[l].head().is_none_or(|h| h.classes.is_empty());
            widen(*writer.free().iter().find(plain)?, 1, 0.0, vec![3])
        }
        Fault::SplitHead => {
            let over = |l: &&LayerId| network.layers[l].head().is_some_and(|h| !h.classes.is_empty());
            let layer = *writer.free().iter().find(over)?;
            split(layer, *writer.elders(layer).first()?)
        }
        Fault::WidenOneOfTied => {
            let tied = |l: &&LayerId| {
                let width_group = network.layers[l].width_group;
                width_group.is_some()
                    && network
                        .layers
                        .values()
                        .filter(|o| o.width_group == width_group)
                        .count()
                        > 1
            };
            widen(*writer.free().iter().find(tied)?, 1, 0.0, Vec::new())
        }
        Fault::ResizePinned => {
            let inserted = |l: &&dentate_core::Layer| l.name.starts_with("inserted") && !writer.is_old(l.id);
            widen(network.layers.values().find(inserted)?.id, 1, 0.0, Vec::new())
        }
        Fault::SplitNewborn => {
            let plain = |l: &&LayerId| network.layers[l].head().is_none_or(|h| h.classes.is_empty());
            let newborns = |l: &LayerId| {
                let units = &network.layers[l].units;
                let born = units
                    .iter()
                    .map(|u| u.id)
                    .find(|u| !writer.elders(*l).contains(u));
                born.map(|u| (*l, u))
            };
            let (layer, unit) = writer.free().iter().filter(plain).find_map(newborns)?;
            split(layer, unit)
        }
    })
}
