//! Edits that add layers and connections.

use super::{Intent, RULES, Writer, pick};
use dentate_core::{
    Activation, BiasInit, Connection, ConnectionId, Edit, Gain, Grid, Groups, Head, LayerId, Link, NewLayer,
    Normalisation, Pool, Role, Window,
};

const WINDOWS: [Window; 4] = [
    Window::square(1, 1, 0),
    Window::square(3, 1, 1),
    Window::square(2, 1, 0),
    Window::square(3, 2, 1),
];

impl Writer {
    pub(super) fn add_layer(&mut self, i: Intent) {
        let layers: Vec<LayerId> = self.network().layers.keys().copied().collect();
        let Some(from) = pick(&layers, i.a) else { return };
        let id = LayerId(self.network().next_layer);
        let width = 1 + i.b as usize % 3;
        let mut layer = NewLayer::hidden(
            format!("layer-{}", id.0),
            width,
            pick(&Activation::ALL, i.c).unwrap_or_default(),
        );
        let grid = self.network().layers[&from].outputs();
        let onto = pick(&WINDOWS, i.b / 3).and_then(|window| window.over(grid));
        if let Some(onto) = onto.filter(|_| grid != Grid::POINT && i.c % 4 != 3) {
            layer.grid = onto;
            let pools = [
                Pool::None,
                Pool::GlobalAverage,
                Pool::Max(Window::square(2, 1, 0)),
            ];
            layer.pool = pick(&pools, i.a / 5)
                .filter(|pool| pool.over(onto).is_some())
                .unwrap_or_default();
        }
        layer.normalisation = match i.c % 10 {
            0 => Normalisation::LayerNorm,
            5 => Normalisation::BatchNorm,
            6 => Normalisation::GroupNorm(2),
            _ => Normalisation::None,
        };
        layer.dropout = if i.c % 7 == 2 { 0.25 } else { 0.0 };
        layer.bias = [None, Some(0.0), Some(0.3)][i.c as usize % 3];
        layer.bias_init = [BiasInit::Constant, BiasInit::FanIn][i.b as usize % 2];
        self.push(Edit::AddLayer { id, layer });
        self.connect(from, id, i);
        let free: Vec<LayerId> = layers.into_iter().filter(|&l| !self.feeds(l, from)).collect();
        if let Some(to) = pick(&free, i.b)
            && self.network().layers[&to].role != Role::Input
        {
            self.connect(id, to, i);
        }
    }

    pub(super) fn add_head(&mut self, i: Intent) {
        let layers: Vec<LayerId> = self.network().layers.keys().copied().collect();
        let Some(from) = pick(&layers, i.a) else { return };
        let id = LayerId(self.network().next_layer);
        let width = 1 + i.b as usize % 3;
        let classes = if i.c.is_multiple_of(2) {
            Vec::new()
        } else {
            (0..width as u32).collect()
        };
        let head = Head { task: None, classes };
        let layer = NewLayer::head(format!("head-{}", id.0), width, Activation::Identity, head);
        self.push(Edit::AddLayer { id, layer });
        self.connect(from, id, i);
    }

    /// Connect two layers that can be connected.
    pub(super) fn join(&mut self, i: Intent) {
        let layers: Vec<LayerId> = self.network().layers.keys().copied().collect();
        let (Some(from), Some(to)) = (pick(&layers, i.a), pick(&layers, i.b)) else {
            return;
        };
        let parallel = self
            .network()
            .connections
            .values()
            .any(|c| (c.from, c.to) == (from, to));
        if !parallel && !self.feeds(to, from) && self.network().layers[&to].role != Role::Input {
            self.connect(from, to, i);
        }
    }

    /// Connect two layers in one of the valid ways, if there is one.
    fn connect(&mut self, from: LayerId, to: LayerId, i: Intent) {
        let (source, target) = (&self.network().layers[&from], &self.network().layers[&to]);
        let mut links = Vec::new();
        if target.grid == Grid::POINT {
            links.extend([Link::Dense; 3]);
        }
        let (widths, same) = ((source.width(), target.width()), source.width() == target.width());
        let kinds = [
            Some(Groups::One),
            same.then_some(Groups::Depthwise),
            (widths.0 % 2 == 0 && widths.1 % 2 == 0).then_some(Groups::Count(2)),
        ];
        for window in WINDOWS {
            if window.over(source.outputs()) == Some(target.grid) {
                let kinds = kinds.into_iter().flatten();
                links.extend(kinds.map(|groups| Link::Convolution { window, groups }));
            }
        }
        if same && source.outputs() == target.grid {
            links.push(Link::Direct);
        }
        let Some(link) = pick(&links, i.c / 3) else { return };
        self.push(Edit::Connect {
            id: ConnectionId(self.network().next_connection),
            from,
            to,
            link,
            weights: RULES[i.b as usize % RULES.len()].into(),
            gain: [Gain::None, Gain::Scalar, Gain::PerUnit][i.c as usize % 3],
            gain_start: [1.0, 0.5, 0.01][i.a as usize % 3],
            lr_scale: 1.0,
        });
    }

    pub(super) fn insert_identity(&mut self, i: Intent) {
        let open = |c: &&Connection| !self.resized.contains(&c.from);
        let open: Vec<_> = self
            .network()
            .connections
            .values()
            .filter(open)
            .map(|c| (c.id, c.from))
            .collect();
        let Some((connection, from)) = pick(&open, i.a) else {
            return;
        };
        let id = LayerId(self.network().next_layer);
        let activation = match self.network().layers[&from].activation {
            a if a.idempotent() => a,
            _ => Activation::Identity,
        };
        self.pinned.extend([from, id]);
        self.push(Edit::InsertIdentity {
            connection,
            id,
            inner: ConnectionId(self.network().next_connection),
            name: format!("inserted-{}", id.0),
            activation,
            skip: i.b % 2 == 1,
        });
    }
}
