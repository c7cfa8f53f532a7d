//! Edits that add units, and edits that remove them.

use super::{Intent, RULES, Writer, pick};
use dentate_core::{Edit, LayerId};

impl Writer {
    pub(super) fn widen(&mut self, i: Intent) {
        let Some(layer) = pick(&self.free(), i.a) else {
            return;
        };
        let count = 1 + i.b as usize % 3;
        for id in self.group(layer) {
            let layer = &self.network().layers[&id];
            let over = layer.head().is_some_and(|h| !h.classes.is_empty());
            let next = layer
                .head()
                .and_then(|h| h.classes.iter().max())
                .map_or(0, |m| m + 1);
            self.resize(id);
            self.push(Edit::Widen {
                layer: id,
                count,
                incoming: RULES[i.c as usize % RULES.len()].into(),
                outgoing: RULES[i.b as usize % RULES.len()].into(),
                bias: [0.0, -0.5][i.c as usize % 2],
                classes: if over {
                    (next..next + count as u32).collect()
                } else {
                    Vec::new()
                },
            });
        }
    }

    pub(super) fn split(&mut self, i: Intent) {
        let Some(layer) = pick(&self.free(), i.a) else {
            return;
        };
        let group = self.group(layer);
        let Some(place) = self.common(&group, i.b) else {
            return;
        };
        // A head over classes would have fewer classes than units.
        let over = |l: &LayerId| {
            self.network().layers[l]
                .head()
                .is_some_and(|h| !h.classes.is_empty())
        };
        if group.iter().any(over) {
            return;
        }
        for layer in group {
            let unit = self.network().layers[&layer].units[place].id;
            self.resize(layer);
            self.push(Edit::Split {
                layer,
                unit,
                share: [0.5, 0.25, 0.3, 0.0, 1.0][i.c as usize % 5],
                noise: [0.0, 0.0, 0.1][i.c as usize % 3],
            });
        }
    }

    /// Prune a unit of a layer and of its width group; sometimes two, by two edits, so that positions have moved.
    pub(super) fn prune(&mut self, i: Intent) {
        let Some(layer) = pick(&self.free(), i.a) else {
            return;
        };
        let group = self.group(layer);
        for round in 0..1 + u16::from(i.c.is_multiple_of(3)) {
            let Some(place) = self.common(&group, i.b) else {
                return;
            };
            if self.network().layers[&layer].width() < 2 {
                return;
            }
            for &layer in &group {
                let unit = self.network().layers[&layer].units[place].id;
                self.resize(layer);
                self.push(Edit::Prune {
                    layer,
                    units: vec![unit],
                    fold_mean: if i.c.wrapping_add(round).is_multiple_of(2) {
                        vec![0.4]
                    } else {
                        Vec::new()
                    },
                });
            }
        }
    }

    pub(super) fn replace(&mut self, i: Intent) {
        let Some(layer) = pick(&self.free(), i.a) else {
            return;
        };
        let mut units = self.elders(layer);
        let start = i.b as usize % units.len().max(1);
        units.rotate_left(start);
        units.truncate(1 + i.c as usize % 2);
        if units.is_empty() {
            return;
        }
        self.resize(layer);
        self.push(Edit::Replace {
            layer,
            incoming: RULES[i.c as usize % RULES.len()].into(),
            outgoing: RULES[i.b as usize % RULES.len()].into(),
            bias: [0.0, 0.2][i.b as usize % 2],
            fold_mean: if i.b.is_multiple_of(2) {
                vec![-0.7; units.len()]
            } else {
                Vec::new()
            },
            units,
        });
    }

    fn resize(&mut self, id: LayerId) {
        if self.old.contains(&id) {
            self.resized.insert(id);
        }
    }
}
