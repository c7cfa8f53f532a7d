//! The schedule of a pass: which layers run, in which order, on which inputs, and which of them an error has to reach.

use super::network::Network;
use dentate_core::{BackendError, LayerId, Route};

/// The source of a layer's output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// The batch's rows, which enter here.
    Enter,
    /// Another layer's output, by the route.
    Copy(usize),
    /// Its connections.
    Compute,
}

/// The request that a schedule was made for.
#[derive(Clone, Debug, PartialEq)]
struct Key {
    entry: Option<LayerId>,
    substitute: Vec<(LayerId, LayerId)>,
    needed: Vec<usize>,
    requested: Vec<usize>,
}

/// A schedule.
#[derive(Debug)]
pub(super) struct Schedule {
    key: Key,
    /// Layers in execution order.
    pub(super) order: Vec<(usize, How)>,
    /// The layer where rows enter.
    pub(super) entry: usize,
    /// For each layer: whether the error is needed there, since something that learns, or whose error was requested, is at the
    /// layer or upstream of it.
    pub(super) wants: Vec<bool>,
    /// Layers that depend on frozen parameters alone and are needed, or read by a layer that does not.
    pub(super) boundary: Vec<usize>,
    /// True if rows enter at the input layer and no layer is substituted.
    pub(super) plain: bool,
}

impl Schedule {
    /// Returns whether a layer depends on frozen parameters alone.
    pub(super) fn frozen(&self, layer: usize, how: How) -> bool {
        how == How::Compute && !self.wants[layer]
    }

    /// The layers that run downstream of a layer, in order; `None` if the layer itself is not computed.
    pub(super) fn behind(&self, network: &Network, layer: usize) -> Option<Vec<(usize, How)>> {
        self.order
            .iter()
            .find(|&&(l, how)| l == layer && how == How::Compute)?;
        let mut changed = vec![false; network.nodes.len()];
        changed[layer] = true;
        let mut behind = Vec::new();
        for &(l, how) in &self.order {
            let depends = match how {
                How::Enter => false,
                How::Copy(by) => changed[by],
                How::Compute => network.nodes[l]
                    .incoming
                    .iter()
                    .any(|&e| changed[network.edges[e].from]),
            };
            if depends {
                changed[l] = true;
                behind.push((l, how));
            }
        }
        Some(behind)
    }

    /// Returns whether a pass is sure to leave a layer's output: the layer runs, and something that learns is in it, before it,
    /// or reads it.
    pub(super) fn shows(&self, layer: usize) -> bool {
        let sure = |how| !self.frozen(layer, how) || self.boundary.contains(&layer);
        self.order.iter().any(|&(l, how)| l == layer && sure(how))
    }

    /// Returns whether a layer runs.
    pub(super) fn runs(&self, layer: usize) -> bool {
        self.order.iter().any(|&(l, _)| l == layer)
    }
}

/// Schedules already made for the current network.
#[derive(Debug, Default)]
pub(super) struct Schedules {
    made: Vec<Schedule>,
    /// The index of the one requested last.
    last: usize,
}

/// The largest number of schedules that are kept.
const KEPT: usize = 16;

impl Schedules {
    /// Drop all schedules, after a change of the network.
    pub(super) fn clear(&mut self) {
        self.made.clear();
    }

    /// The schedule to the `needed` layers along a route, with errors computed at the `requested` ones.
    pub(super) fn find(
        &mut self,
        network: &Network,
        route: &Route,
        needed: &[usize],
        requested: &[usize],
    ) -> Result<&Schedule, BackendError> {
        let same = |c: &Schedule| {
            c.key.entry == route.entry
                && c.key.needed == needed
                && c.key.requested == requested
                && c.key.substitute == route.substitute
        };
        let found = match self.made.iter().position(same) {
            Some(found) => found,
            None => {
                let schedule = build(network, route, needed, requested)?;
                if self.made.len() == KEPT {
                    self.made.remove(0);
                }
                self.made.push(schedule);
                self.made.len() - 1
            }
        };
        self.last = found;
        Ok(&self.made[found])
    }

    /// The schedule requested last, if the network has not changed since.
    pub(super) fn last(&self) -> Option<&Schedule> {
        self.made.get(self.last)
    }
}

fn build(
    network: &Network,
    route: &Route,
    needed: &[usize],
    requested: &[usize],
) -> Result<Schedule, BackendError> {
    let find = |id| network.position(id).ok_or(BackendError::NoLayer(id));
    let entry = match route.entry {
        Some(id) => find(id)?,
        None => network.input.ok_or(BackendError::NoInput)?,
    };
    let mut how = vec![How::Compute; network.nodes.len()];
    for &(layer, by) in &route.substitute {
        let (layer, by) = (find(layer)?, find(by)?);
        let (stands, source) = (&network.nodes[layer], &network.nodes[by]);
        if (stands.width(), stands.outputs) != (source.width(), source.outputs) {
            return Err(BackendError::Route(
                "a layer is substituted by one of another width",
            ));
        }
        if how[layer] != How::Compute {
            return Err(BackendError::Route("a layer is substituted twice"));
        }
        how[layer] = How::Copy(by);
    }
    if how[entry] != How::Compute {
        return Err(BackendError::Route("rows enter at a layer that is substituted"));
    }
    how[entry] = How::Enter;
    if let Some(input) = network.input
        && how[input] == How::Compute
    {
        // Reached only when rows enter elsewhere; see below.
        how[input] = How::Enter;
    }
    let order = sort(network, &how, needed)?;
    if order.iter().any(|&l| how[l] == How::Enter && l != entry) {
        return Err(BackendError::Route(
            "the input layer is needed, but rows enter elsewhere",
        ));
    }
    let mut wants = vec![false; network.nodes.len()];
    for &layer in &order {
        wants[layer] = requested.contains(&layer)
            || match how[layer] {
                How::Enter => false,
                How::Copy(by) => wants[by],
                How::Compute => {
                    let behind = |&e: &usize| {
                        wants[network.edges[e].from] || network.weight_learns(e) || network.gain_learns(e)
                    };
                    network.nodes[layer].learns() || network.nodes[layer].incoming.iter().any(behind)
                }
            };
    }
    let order: Vec<(usize, How)> = order.into_iter().map(|l| (l, how[l])).collect();
    let frozen = |l: usize| how[l] == How::Compute && !wants[l];
    let read = |l: usize| {
        let by = |&e: &usize| {
            let to = network.edges[e].to;
            order.iter().any(|&(l, _)| l == to) && !frozen(to)
        };
        needed.contains(&l) || network.nodes[l].outgoing.iter().any(by)
    };
    let boundary = order
        .iter()
        .map(|&(l, _)| l)
        .filter(|&l| frozen(l) && read(l))
        .collect();
    Ok(Schedule {
        plain: route.entry.is_none() && route.substitute.is_empty(),
        boundary,
        key: Key {
            entry: route.entry,
            substitute: route.substitute.clone(),
            needed: needed.to_vec(),
            requested: requested.to_vec(),
        },
        order,
        entry,
        wants,
    })
}

/// The layers that the needed ones depend on, each after all that it depends on. Depth first, without recursion.
fn sort(network: &Network, how: &[How], needed: &[usize]) -> Result<Vec<usize>, BackendError> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut state = vec![State::New; network.nodes.len()];
    let mut order = Vec::new();
    let mut stack: Vec<usize> = needed.iter().rev().copied().collect();
    while let Some(&layer) = stack.last() {
        if state[layer] != State::New {
            stack.pop();
            if state[layer] == State::Open {
                state[layer] = State::Done;
                order.push(layer);
            }
            continue;
        }
        state[layer] = State::Open;
        let mut visit = |from: usize| match state[from] {
            State::Open => Err(BackendError::Route(
                "a substitute is fed by the layer it stands for",
            )),
            State::Done => Ok(()),
            State::New => {
                stack.push(from);
                Ok(())
            }
        };
        match how[layer] {
            How::Enter => {}
            How::Copy(by) => visit(by)?,
            How::Compute => {
                for &e in network.nodes[layer].incoming.iter().rev() {
                    visit(network.edges[e].from)?;
                }
            }
        }
    }
    Ok(order)
}

#[cfg(test)]
mod tests;
