//! Edits that add layers and connections.

use crate::apply::checks::{
    check_finite, check_id, check_lr_scale, check_values, check_weights, check_width,
};
use crate::apply::draft::{Added, Draft};
use crate::apply::error::Problem;
use crate::graph::{Broken, Connection, fits};
use crate::ids::{ConnectionId, LayerId};
use crate::init::NewWeights;
use crate::layer::{Layer, Normalisation, Origin, Role};
use crate::plan::NewLayer;
use crate::space::{Link, Pool};

impl Draft<'_> {
    pub(super) fn add_layer(&mut self, id: LayerId, new: &NewLayer) -> Result<(), Problem> {
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
        self.created.insert(id, (new.bias.unwrap_or(0.0), new.bias_init));
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
            lr_scale: 1.0,
            width_group: new.width_group,
            units,
        };
        self.graph.layers.insert(id, layer);
        Ok(())
    }

    pub(super) fn connect(
        &mut self,
        edit: usize,
        c: Connection,
        weights: &NewWeights,
    ) -> Result<(), Problem> {
        check_id(c.id.0, self.graph.next_connection)?;
        check_lr_scale(c.lr_scale)?;
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
}
