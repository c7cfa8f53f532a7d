//! Each edit, checked and carried out on the draft.

use super::checks::{check_finite, check_id, check_rate, check_values, check_weights, check_width};
use super::draft::{Added, Draft, Provenance, Start, all_finite};
use super::error::Problem;
use crate::graph::{Broken, Connection, Gain, Parameter, fits, good};
use crate::ids::{ConnectionId, LayerId, UnitId};
use crate::init::{Init, NewWeights};
use crate::layer::{Activation, Layer, Normalisation, Origin, Role};
use crate::plan::{Edit, NewLayer, RateOf};
use crate::receipt::{Absorb, Adjustment, Death};
use crate::space::{Grid, Link, Pool, Window};

impl Draft<'_> {
    pub(super) fn edit(&mut self, index: usize, edit: &Edit) -> Result<(), Problem> {
        match edit {
            Edit::AddLayer { id, layer } => {
                self.resized_by.insert(*id, (index, edit.name()));
                self.add_layer(*id, layer)
            }
            Edit::Connect {
                id,
                from,
                to,
                link,
                weights,
                gain,
                gain_start,
                rate,
            } => {
                let connection = Connection {
                    id: *id,
                    from: *from,
                    to: *to,
                    link: *link,
                    gain: *gain,
                    gain_start: *gain_start,
                    rate: *rate,
                };
                self.connect(index, connection, weights)
            }
            Edit::Widen {
                layer,
                count,
                incoming,
                outgoing,
                bias,
                classes,
            } => {
                let start = Start {
                    name: edit.name(),
                    layer: *layer,
                    incoming: incoming.clone(),
                    outgoing: outgoing.clone(),
                    bias: *bias,
                    count: *count,
                };
                self.widen(index, *layer, start, classes)
            }
            Edit::Split {
                layer,
                unit,
                share,
                noise,
            } => self.split(index, *layer, *unit, *share, *noise),
            Edit::InsertIdentity {
                connection,
                id,
                inner,
                name,
                activation,
            } => self.insert_identity(index, *connection, *id, *inner, name, *activation),
            Edit::Prune { layer, units, absorb } => self.prune(index, *layer, units, absorb),
            Edit::Replace {
                layer,
                units,
                incoming,
                outgoing,
                bias,
                absorb,
            } => {
                let start = Start {
                    name: edit.name(),
                    layer: *layer,
                    incoming: incoming.clone(),
                    outgoing: outgoing.clone(),
                    bias: *bias,
                    count: units.len(),
                };
                self.replace(index, *layer, units, start, absorb)
            }
            Edit::Adjust { parameter, by } => self.adjust(index, *parameter, by),
            Edit::SetRate { of, rate } => self.set_rate(of, *rate),
        }
    }

    fn add_layer(&mut self, id: LayerId, new: &NewLayer) -> Result<(), Problem> {
        check_id(id.0, self.graph.next_layer)?;
        check_width(id, new.width)?;
        if let Some(bias) = new.bias {
            check_finite("a bias", bias)?;
        }
        if !(0.0..1.0).contains(&new.dropout) {
            return Err(Problem::Range {
                what: "the dropout",
                value: new.dropout,
                range: "at least 0 and below 1",
            });
        }
        if new.grid.positions() == 0 || new.pool.over(new.grid).is_none() {
            return Err(Problem::Broken(Broken::Layout(id)));
        }
        check_values(new.width, new.grid)?;
        if new.role == Role::Input
            && (new.normalisation != Normalisation::None || new.pool != Pool::None || new.dropout != 0.0)
        {
            return Err(Problem::Plain(id));
        }
        if self.graph.named(&new.name).is_some() {
            return Err(Problem::Name(new.name.clone()));
        }
        if let (Role::Input, Some(input)) = (&new.role, self.graph.input()) {
            return Err(Problem::SecondInput(input.id));
        }
        if let Role::Head(head) = &new.role
            && !head.classes.is_empty()
            && head.classes.len() != new.width
        {
            return Err(Problem::Classes {
                units: new.width,
                classes: head.classes.len(),
            });
        }
        let units = (0..new.width).map(|_| self.bear(id, Origin::Initial)).collect();
        self.graph.next_layer += 1;
        self.created.insert(id, new.bias.unwrap_or(0.0));
        let layer = Layer {
            id,
            name: new.name.clone(),
            role: new.role.clone(),
            activation: new.activation,
            normalisation: new.normalisation,
            bias: new.bias.is_some(),
            grid: new.grid,
            pool: new.pool,
            dropout: new.dropout,
            rate: 1.0,
            tie: new.tie,
            units,
        };
        self.graph.layers.insert(id, layer);
        Ok(())
    }

    fn connect(&mut self, edit: usize, c: Connection, weights: &NewWeights) -> Result<(), Problem> {
        check_id(c.id.0, self.graph.next_connection)?;
        check_rate(c.rate)?;
        check_finite("a gain", c.gain_start)?;
        check_weights(weights)?;
        let unread = |id: &ConnectionId| *id != c.id || c.link == Link::Direct;
        if let Some(&connection) = weights.given.keys().find(|id| unread(id)) {
            return Err(Problem::Unread(connection));
        }
        self.layer(c.from)?;
        if self.layer(c.to)?.role == Role::Input {
            return Err(Problem::Input(c.to));
        }
        if let Some(there) = self.graph.into_layer(c.to).find(|there| there.from == c.from) {
            return Err(Problem::Parallel {
                from: c.from,
                to: c.to,
                by: there.id,
            });
        }
        if self.graph.ancestors(&[c.from].into()).contains(&c.to) {
            return Err(Problem::Cycle {
                from: c.from,
                to: c.to,
            });
        }
        if let Err(broken @ Broken::Grid(_)) = fits(c.id, c.link, self.layer(c.from)?, self.layer(c.to)?) {
            return Err(Problem::Broken(broken));
        }
        self.graph.next_connection += 1;
        self.added.insert(
            c.id,
            Added {
                edit,
                weights: weights.clone(),
            },
        );
        self.graph.connections.insert(c.id, c);
        Ok(())
    }

    fn widen(&mut self, edit: usize, id: LayerId, start: Start, classes: &[u32]) -> Result<(), Problem> {
        let layer = self.layer(id)?;
        if layer.role == Role::Input {
            return Err(Problem::Input(id));
        }
        match layer.head().map(|h| !h.classes.is_empty()) {
            Some(true) if classes.len() != start.count => {
                return Err(Problem::Classes {
                    units: start.count,
                    classes: classes.len(),
                });
            }
            Some(false) | None if !classes.is_empty() => return Err(Problem::NoClasses(id)),
            _ => {}
        }
        check_width(id, layer.width().saturating_add(start.count))?;
        check_values(layer.width() + start.count, layer.grid)?;
        self.begin_resize(edit, id, &start)?;
        let units: Vec<_> = (0..start.count).map(|_| self.bear(id, Origin::Grown)).collect();
        let layer = self.layer_mut(id)?;
        layer.units.extend(units);
        if let Role::Head(head) = &mut layer.role {
            head.classes.extend(classes);
        }
        if let Some(lineage) = self.lineage(id) {
            lineage.append((0..start.count).map(|ordinal| Provenance::Fresh { edit, ordinal }));
        }
        self.starts.insert(edit, start);
        Ok(())
    }

    fn split(
        &mut self,
        edit: usize,
        id: LayerId,
        unit: UnitId,
        share: f32,
        noise: f32,
    ) -> Result<(), Problem> {
        if !(0.0..=1.0).contains(&share) {
            return Err(Problem::Range {
                what: "the share",
                value: share,
                range: "between 0 and 1",
            });
        }
        if !good(noise) {
            return Err(Problem::Range {
                what: "the noise",
                value: noise,
                range: "finite and not negative",
            });
        }
        let position = self.positions(id, &[unit])?[0];
        self.refuse_fixed_units(id)?;
        let layer = self.layer(id)?;
        check_width(id, layer.width() + 1)?;
        check_values(layer.width() + 1, layer.grid)?;
        if layer.head().is_some_and(|h| !h.classes.is_empty()) {
            // The copy would stand for no class.
            return Err(Problem::Classes { units: 1, classes: 0 });
        }
        self.resized_by.insert(id, (edit, "split"));
        let copy = self.bear(id, Origin::SplitFrom(unit));
        let copy_id = copy.id;
        let layer = self.layer_mut(id)?;
        layer.units.push(copy);
        if let Some(provenance) = self.provenance(id)
            && let Provenance::Old {
                position: old,
                outgoing,
            } = provenance[position]
        {
            provenance[position] = Provenance::Old {
                position: old,
                outgoing: outgoing * (1.0 - share),
            };
            provenance.push(Provenance::Old {
                position: old,
                outgoing: outgoing * share,
            });
        }
        if noise > 0.0 {
            self.split_noise.push((edit, id, copy_id, noise));
        }
        Ok(())
    }

    fn insert_identity(
        &mut self,
        edit: usize,
        connection: ConnectionId,
        id: LayerId,
        inner: ConnectionId,
        name: &str,
        activation: Activation,
    ) -> Result<(), Problem> {
        let c = self
            .graph
            .connections
            .get(&connection)
            .ok_or(Problem::NoConnection(connection))?
            .clone();
        if self.units.contains_key(&c.from) {
            return Err(Problem::Conflict(c.from));
        }
        check_id(inner.0, self.graph.next_connection)?;
        let source = self.layer(c.from)?;
        let grid = source.outputs();
        let new = NewLayer::hidden(name, source.width(), activation).on(grid);
        self.add_layer(id, &new)?;
        self.graph.next_connection += 1;
        let identity = Connection {
            id: inner,
            from: c.from,
            to: id,
            link: identity(c.link, grid),
            gain: Gain::None,
            gain_start: 1.0,
            rate: 1.0,
        };
        self.added.insert(
            inner,
            Added {
                edit,
                weights: Init::Identity.into(),
            },
        );
        self.graph.connections.insert(inner, identity);
        self.graph.connections.insert(
            connection,
            Connection {
                from: id,
                ..c.clone()
            },
        );
        self.pinned.extend([c.from, id]);
        Ok(())
    }

    fn prune(&mut self, edit: usize, id: LayerId, units: &[UnitId], absorb: &[f32]) -> Result<(), Problem> {
        let mut positions = self.positions(id, units)?;
        self.refuse_fixed_units(id)?;
        if positions.is_empty() {
            return Err(Problem::Nothing);
        }
        if positions.len() == self.layer(id)?.width() {
            return Err(Problem::Empty(id));
        }
        self.leave(id, &positions, absorb)?;
        self.resized_by.insert(id, (edit, "prune"));
        positions.sort_unstable();
        let keep = |i: usize| positions.binary_search(&i).is_err();
        if let Some(provenance) = self.provenance(id) {
            let mut i = 0;
            provenance.retain(|_| {
                i += 1;
                keep(i - 1)
            });
        }
        let layer = self.layer_mut(id)?;
        let mut i = 0;
        layer.units.retain(|_| {
            i += 1;
            keep(i - 1)
        });
        if let Role::Head(head) = &mut layer.role {
            let mut i = 0;
            head.classes.retain(|_| {
                i += 1;
                keep(i - 1)
            });
        }
        Ok(())
    }

    fn replace(
        &mut self,
        edit: usize,
        id: LayerId,
        units: &[UnitId],
        start: Start,
        absorb: &[f32],
    ) -> Result<(), Problem> {
        let positions = self.positions(id, units)?;
        self.begin_resize(edit, id, &start)?;
        self.leave(id, &positions, absorb)?;
        for (ordinal, &position) in positions.iter().enumerate() {
            let unit = self.bear(id, Origin::Replaced(units[ordinal]));
            self.layer_mut(id)?.units[position] = unit;
            if let Some(provenance) = self.provenance(id) {
                provenance[position] = Provenance::Fresh { edit, ordinal };
            }
        }
        self.starts.insert(edit, start);
        Ok(())
    }

    fn adjust(&mut self, edit: usize, parameter: Parameter, by: &Adjustment) -> Result<(), Problem> {
        match by {
            Adjustment::Scale(factor) => check_finite("the factor", *factor)?,
            Adjustment::Add(values) | Adjustment::Set(values) if !all_finite(values) => {
                return Err(Problem::NotFinite(parameter));
            }
            Adjustment::AddRow { values, .. } if values.iter().any(|v| !v.is_finite()) => {
                return Err(Problem::NotFinite(parameter));
            }
            _ => {}
        }
        if !self.graph.parameters().contains_key(&parameter) {
            return Err(Problem::NoParameter(parameter));
        }
        self.adjustments.push((edit, parameter, by.clone()));
        Ok(())
    }

    fn set_rate(&mut self, of: &RateOf, rate: f32) -> Result<(), Problem> {
        check_rate(rate)?;
        match of {
            RateOf::Connection(id) => {
                self.graph
                    .connections
                    .get_mut(id)
                    .ok_or(Problem::NoConnection(*id))?
                    .rate = rate;
            }
            RateOf::Layer(id) => self.layer_mut(*id)?.rate = rate,
            RateOf::Incoming(id, units) => self.each_unit(*id, units, |u| u.incoming_rate = rate)?,
            RateOf::Outgoing(id, units) => self.each_unit(*id, units, |u| u.outgoing_rate = rate)?,
        }
        Ok(())
    }

    fn each_unit(
        &mut self,
        layer: LayerId,
        units: &[UnitId],
        mut set: impl FnMut(&mut crate::layer::Unit),
    ) -> Result<(), Problem> {
        let wanted: std::collections::BTreeSet<_> = units.iter().copied().collect();
        let l = self.layer_mut(layer)?;
        if let Some(&unit) = units.iter().find(|&&u| l.position(u).is_none()) {
            return Err(Problem::NoUnit { unit, layer });
        }
        l.units
            .iter_mut()
            .filter(|u| wanted.is_empty() || wanted.contains(&u.id))
            .for_each(&mut set);
        Ok(())
    }

    /// Units are about to come into `id`.
    fn begin_resize(&mut self, edit: usize, id: LayerId, start: &Start) -> Result<(), Problem> {
        if start.count == 0 {
            return Err(Problem::Nothing);
        }
        check_weights(&start.incoming)?;
        check_weights(&start.outgoing)?;
        check_finite("a bias", start.bias)?;
        self.refuse_fixed_units(id)?;
        self.resized_by.insert(id, (edit, start.name));
        Ok(())
    }

    fn refuse_fixed_units(&self, id: LayerId) -> Result<(), Problem> {
        if self.layer(id)?.role == Role::Input {
            return Err(Problem::Input(id));
        }
        if self.pinned.contains(&id) {
            Err(Problem::Conflict(id))
        } else {
            Ok(())
        }
    }

    /// Units at `positions` are about to go: note their deaths and what they leave behind.
    fn leave(&mut self, id: LayerId, positions: &[usize], absorb: &[f32]) -> Result<(), Problem> {
        if !absorb.is_empty() && absorb.len() != positions.len() {
            return Err(Problem::Absorb {
                units: positions.len(),
                means: absorb.len(),
            });
        }
        for &mean in absorb {
            check_finite("a mean output", mean)?;
        }
        for (k, &position) in positions.iter().enumerate() {
            let unit = &self.layer(id)?.units[position];
            let death = Death {
                unit: unit.id,
                layer: id,
                born: unit.born,
                died: self.moment,
            };
            let old = self.old.layers.get(&id).and_then(|l| l.position(death.unit));
            self.died.push(death);
            if let (Some(&mean), Some(old)) = (absorb.get(k), old) {
                self.absorbed.push(Absorb {
                    layer: id,
                    position: old as u32,
                    mean,
                });
            }
        }
        Ok(())
    }
}

/// The kind of connection that an identity layer behind a layer on `grid` gets, where `link` was before: with its kernel, if
/// that has a middle.
fn identity(link: Link, grid: Grid) -> Link {
    if grid == Grid::POINT {
        return Link::Dense;
    }
    let kernel = match link {
        Link::Convolution { window, .. } if window.kernel.iter().all(|k| k % 2 == 1) => window.kernel,
        _ => [3; 2],
    };
    Link::convolution(Window {
        kernel,
        stride: [1; 2],
        padding: kernel.map(|k| k / 2),
    })
}
