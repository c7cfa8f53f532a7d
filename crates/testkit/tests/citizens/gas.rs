//! Growing neural gas (Fritzke 1995) as a [`Learner`] of its own: no backend, no gradient, a graph of units that the
//! framework's graph knows only as one layer.

use dentate_core::{
    Activation, Architecture, Dataset, Edit, ExperienceInfo, Init, LayerId, LearnError, Learner, Ledger,
    Moment, NewLayer, PlanBuilder, Predictions, Progress, Saved, Seed, Source, TaskId, UnitId,
};
use ndarray::Array2;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Constants of the paper.
const WINNER: f32 = 0.2;
const NEIGHBOUR: f32 = 0.006;
const OLDEST: u32 = 50;
const INSERT_EVERY: u64 = 40;
const SHARE: f32 = 0.5;
const DECAY: f32 = 0.995;
const MOST: usize = 30;

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Node {
    place: Vec<f32>,
    error: f32,
    /// How often it won for each class.
    votes: BTreeMap<u32, u32>,
}

/// All of it: what is saved is what there is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Gas {
    nodes: BTreeMap<UnitId, Node>,
    /// Ages of edges, smaller id first.
    edges: BTreeMap<(UnitId, UnitId), u32>,
    signals: u64,
    due: bool,
    pass: u64,
    passes: u64,
    experience: u32,
    codebook: Option<LayerId>,
    architecture: Architecture,
}

fn edge(a: UnitId, b: UnitId) -> (UnitId, UnitId) {
    (a.min(b), a.max(b))
}

fn distance(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum()
}

impl Gas {
    pub(super) fn new(passes: u64) -> Self {
        Self {
            passes,
            ..Self::default()
        }
    }

    /// The places that edges join.
    pub(super) fn joined(&self) -> Vec<(Vec<f32>, Vec<f32>)> {
        let place = |unit: &UnitId| self.nodes[unit].place.clone();
        self.edges.keys().map(|(a, b)| (place(a), place(b))).collect()
    }

    /// The pass it is in.
    pub(super) fn pass(&self) -> u64 {
        self.pass
    }

    pub(super) fn size(&self) -> usize {
        self.nodes.len()
    }

    /// Mean squared distance of rows to their winners.
    pub(super) fn error(&self, data: &Dataset) -> f32 {
        let rows: Vec<u32> = (0..data.len() as u32).collect();
        let points = data.gather(&rows);
        let one = |p: ndarray::ArrayView1<'_, f32>| {
            distance(&self.nodes[&self.nearest(&p.to_vec())[0]].place, &p.to_vec())
        };
        points.rows().into_iter().map(one).sum::<f32>() / rows.len() as f32
    }

    /// Units by distance, nearest first.
    fn nearest(&self, point: &[f32]) -> Vec<UnitId> {
        let mut ids: Vec<UnitId> = self.nodes.keys().copied().collect();
        ids.sort_by(|a, b| {
            distance(&self.nodes[a].place, point).total_cmp(&distance(&self.nodes[b].place, point))
        });
        ids
    }

    fn neighbours(&self, unit: UnitId) -> Vec<UnitId> {
        let other = |&(a, b): &(UnitId, UnitId)| match unit {
            u if u == a => Some(b),
            u if u == b => Some(a),
            _ => None,
        };
        self.edges.keys().filter_map(other).collect()
    }

    fn moment(&self) -> Moment {
        Moment {
            experience: self.experience,
            step: self.signals,
        }
    }

    /// A plan of one edit on the layer that stands for the codebook.
    fn edit(&mut self, cause: &str, edit: Edit) -> Result<(), LearnError> {
        let mut plan = PlanBuilder::new(self.architecture.graph(), cause, Seed(self.signals));
        plan.edit(edit);
        let moment = self.moment();
        self.architecture
            .apply(&plan.finish(), moment)
            .map(drop)
            .map_err(refused)
    }

    fn signal(&mut self, point: &[f32], label: Option<u32>) {
        let order = self.nearest(point);
        let (first, second) = (order[0], order[1]);
        for neighbour in self.neighbours(first) {
            *self.edges.entry(edge(first, neighbour)).or_default() += 1;
            let place = &mut self.nodes.get_mut(&neighbour).unwrap().place;
            place
                .iter_mut()
                .zip(point)
                .for_each(|(w, x)| *w += NEIGHBOUR * (x - *w));
        }
        let winner = self.nodes.get_mut(&first).unwrap();
        winner.error += distance(&winner.place, point);
        winner
            .place
            .iter_mut()
            .zip(point)
            .for_each(|(w, x)| *w += WINNER * (x - *w));
        if let Some(label) = label {
            *winner.votes.entry(label).or_default() += 1;
        }
        self.edges.insert(edge(first, second), 0);
        self.edges.retain(|_, age| *age <= OLDEST);
        self.nodes.values_mut().for_each(|n| n.error *= DECAY);
        self.signals += 1;
        self.due = true;
    }

    /// What is due after a signal: units without an edge go, and every so often one comes.
    fn upkeep(&mut self) -> Result<bool, LearnError> {
        self.due = false;
        let Some(layer) = self.codebook else {
            return Ok(false);
        };
        let lonely = |id: &UnitId| self.neighbours(*id).is_empty();
        let alone: Vec<UnitId> = self.nodes.keys().copied().filter(lonely).collect();
        if !alone.is_empty() && self.nodes.len() > alone.len() + 1 {
            for unit in &alone {
                self.nodes.remove(unit);
            }
            let prune = Edit::Prune {
                layer,
                units: alone,
                absorb: Vec::new(),
            };
            self.edit("unit without an edge", prune)?;
            return Ok(true);
        }
        if !self.signals.is_multiple_of(INSERT_EVERY) || self.nodes.len() >= MOST {
            return Ok(false);
        }
        let most = |ids: Vec<UnitId>| {
            ids.into_iter()
                .max_by(|a, b| self.nodes[a].error.total_cmp(&self.nodes[b].error))
        };
        let Some(q) = most(self.nodes.keys().copied().collect()) else {
            return Ok(false);
        };
        let Some(f) = most(self.neighbours(q)) else {
            return Ok(false);
        };
        let new = self.architecture.graph().next_unit();
        let grow = Edit::Widen {
            layer,
            count: 1,
            incoming: Init::Zero.into(),
            outgoing: Init::Zero.into(),
            bias: 0.0,
            classes: Vec::new(),
        };
        self.edit("largest error", grow)?;
        let between = self.nodes[&q]
            .place
            .iter()
            .zip(&self.nodes[&f].place)
            .map(|(a, b)| (a + b) / 2.0)
            .collect();
        for unit in [q, f] {
            self.nodes.get_mut(&unit).unwrap().error *= SHARE;
        }
        let node = Node {
            place: between,
            error: self.nodes[&q].error,
            votes: BTreeMap::new(),
        };
        self.nodes.insert(new, node);
        self.edges.remove(&edge(q, f));
        self.edges.extend([(edge(q, new), 0), (edge(new, f), 0)]);
        Ok(true)
    }

    /// Two units at the first two points.
    fn start(&mut self, points: &Array2<f32>) -> Result<(), LearnError> {
        let mut plan = PlanBuilder::new(self.architecture.graph(), "initial", Seed(0));
        let input = plan.layer(NewLayer::input(points.ncols()));
        let mut layer = NewLayer::hidden("codebook", 2, Activation::Identity);
        layer.bias = None;
        let codebook = plan.layer(layer);
        plan.connect(input, codebook, Init::Zero);
        let moment = self.moment();
        self.architecture.apply(&plan.finish(), moment).map_err(refused)?;
        self.codebook = Some(codebook);
        let units = &self.architecture.graph().layer(codebook).unwrap().units;
        for (unit, point) in units.iter().zip(points.rows()) {
            let node = Node {
                place: point.to_vec(),
                error: 0.0,
                votes: BTreeMap::new(),
            };
            self.nodes.insert(unit.id, node);
        }
        Ok(())
    }
}

fn refused(error: dentate_core::PlanError) -> LearnError {
    LearnError::Plan {
        strategy: "growing-neural-gas".into(),
        error,
    }
}

impl Learner for Gas {
    fn begin(&mut self, experience: &ExperienceInfo) -> Result<(), LearnError> {
        (self.experience, self.pass) = (experience.index as u32, 0);
        Ok(())
    }

    fn advance(&mut self, source: &mut dyn Source, ledger: &mut Ledger) -> Result<Progress, LearnError> {
        if self.due && self.upkeep()? {
            ledger.edits += 1;
            return Ok(Progress::Edited);
        }
        let wanted = if self.codebook.is_none() { 2 } else { 1 };
        let Some(rows) = source.next(wanted) else {
            self.pass += 1;
            if self.pass >= self.passes {
                return Ok(Progress::Finished);
            }
            source.rewind(self.pass)?;
            return Ok(Progress::Measured);
        };
        for segment in &rows.segments {
            let known = source.datasets().iter().find(|d| d.id() == segment.data);
            let Some(data) = known else {
                return Err(LearnError::Unsuited(format!(
                    "{} is not the source's",
                    segment.data
                )));
            };
            let points = data.gather(&segment.indices);
            if self.codebook.is_none() {
                self.start(&points)?;
                ledger.edits += 1;
                return Ok(Progress::Edited);
            }
            for (point, &row) in points.rows().into_iter().zip(&segment.indices) {
                self.signal(&point.to_vec(), data.label(row));
                ledger.multiply_adds += (self.nodes.len() * point.len()) as u64;
            }
        }
        ledger.updates += 1;
        ledger.rows += rows.len() as u64;
        Ok(Progress::Updated)
    }

    fn predict(
        &mut self,
        data: &Dataset,
        rows: &[u32],
        _: Option<TaskId>,
    ) -> Result<Predictions, LearnError> {
        let points = data.gather(rows);
        let winners: Vec<UnitId> = points
            .rows()
            .into_iter()
            .map(|p| self.nearest(&p.to_vec())[0])
            .collect();
        match data.targets() {
            dentate_core::Targets::Classes { classes, .. } => {
                let score = |(i, c): (usize, usize)| match self.nodes[&winners[i]].votes.get(&(c as u32)) {
                    Some(&votes) => votes as f32,
                    None => f32::NEG_INFINITY,
                };
                Ok(Predictions::Scores(Array2::from_shape_fn(
                    (rows.len(), *classes as usize),
                    score,
                )))
            }
            _ => {
                let code = |(i, j): (usize, usize)| self.nodes[&winners[i]].place[j];
                Ok(Predictions::Codes(Array2::from_shape_fn(points.dim(), code)))
            }
        }
    }

    fn architecture(&self) -> &Architecture {
        &self.architecture
    }

    fn fraction(&self) -> f64 {
        (self.pass as f64 / self.passes as f64).min(1.0)
    }

    fn save(&mut self) -> Result<Saved, LearnError> {
        let state = rmp_serde::to_vec(self).map_err(|e| LearnError::State(e.to_string()))?;
        Ok(Saved {
            state,
            ..Saved::default()
        })
    }

    fn recall(&mut self, _: &Dataset) -> Result<(), LearnError> {
        Ok(())
    }

    fn load(&mut self, saved: &Saved) -> Result<(), LearnError> {
        *self = rmp_serde::from_slice(&saved.state).map_err(|e| LearnError::State(e.to_string()))?;
        Ok(())
    }
}
