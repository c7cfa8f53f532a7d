//! The edits: each is checked and applied to the draft.

use super::draft::{Draft, Start};
use super::error::Problem;
use crate::graph::Connection;
use crate::plan::Edit;

mod adjusting;
mod inserting;
mod layers;
mod leaving;
mod rates;
mod units;

use inserting::Inserted;

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
                lr_scale: rate,
            } => {
                let connection = Connection {
                    id: *id,
                    from: *from,
                    to: *to,
                    link: *link,
                    gain: *gain,
                    gain_start: *gain_start,
                    lr_scale: *rate,
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
                skip,
            } => {
                let inserted = Inserted {
                    id: *id,
                    inner: *inner,
                    name,
                    activation: *activation,
                    skip: *skip,
                };
                self.insert_identity(index, *connection, inserted)
            }
            Edit::Prune {
                layer,
                units,
                fold_mean,
            } => self.prune(index, *layer, units, fold_mean),
            Edit::Replace {
                layer,
                units,
                incoming,
                outgoing,
                bias,
                fold_mean,
            } => {
                let start = Start {
                    name: edit.name(),
                    layer: *layer,
                    incoming: incoming.clone(),
                    outgoing: outgoing.clone(),
                    bias: *bias,
                    count: units.len(),
                };
                self.replace(index, *layer, units, start, fold_mean)
            }
            Edit::Adjust { parameter, by } => self.adjust(index, *parameter, by),
            Edit::SetLrScale { of, lr_scale: rate } => self.set_lr_scale(of, *rate),
        }
    }
}
