//! The trace of each method on a stream, as data for charts.

use crate::comparison::{MethodRow, StreamComparison};
use crate::frames::{Frames, Observation, by_run, of_runs};
use crate::growth::{GrowthTraces, History};
use crate::lives::{LifeTraces, Survival};
use crate::maps::{MapFigure, MapTraces};
use crate::metrics::{Measured, Metric, Table, when_learned};
use crate::trajectory::{Point, TimeAxis, curve, steps};
use dentate_core::record::{StreamEntry, metric};
use std::collections::BTreeMap;

/// Records along the streams, read from the frames once.
pub(crate) struct Traces {
    accuracy: Vec<Observation>,
    parameters: Vec<Observation>,
    units: Vec<Observation>,
    loss: Vec<Observation>,
    online: Vec<Observation>,
    earlier: Vec<Observation>,
    growth: GrowthTraces,
    plasticity: Vec<(Metric, Vec<Observation>)>,
    maps: MapTraces,
    lives: LifeTraces,
    classes: Vec<Observation>,
    levels: Vec<Observation>,
    clocks: BTreeMap<usize, TimeAxis>,
}

/// A curve with its name.
pub(crate) type Named = (String, Vec<Point>);

/// The curves of one method on one stream.
#[derive(Debug, Default)]
pub(crate) struct Traced {
    /// Mean accuracy over the tasks seen so far, or of the task just learned where no other is judged.
    pub(crate) accuracy: Vec<Point>,
    /// True if `accuracy` is of the task just learned.
    pub(crate) just_learned: bool,
    /// Training loss.
    pub(crate) loss: Vec<Point>,
    /// Prequential accuracy of each experience.
    pub(crate) online: Vec<Point>,
    /// Mean accuracy on the tasks of earlier experiences, within experiences.
    pub(crate) earlier: Vec<Point>,
    /// Parameters.
    pub(crate) parameters: Vec<Point>,
    /// Units of each layer, in the order in which the layers were added.
    pub(crate) layers: Vec<(String, Vec<Point>)>,
    /// Births, deaths, replacements and other edits.
    pub(crate) growth: History,
    /// The stream's length in experiences.
    pub(crate) experiences: usize,
    /// Quantities of hidden units, by metric.
    pub(crate) plasticity: BTreeMap<Metric, Vec<Point>>,
    /// Reconstruction errors of classes (of tasks, if each seed has its own classes), in the order of the stream, and of
    /// levels.
    pub(crate) classes: Vec<Named>,
    pub(crate) levels: Vec<Named>,
    /// Survival of units added by growth.
    pub(crate) survival: Option<Survival>,
    /// Curves and drawings that only maps have.
    pub(crate) map: MapFigure,
}

impl Traces {
    pub(crate) fn of(frames: &Frames) -> Self {
        let updates = frames.observations(metric::UPDATES);
        Self {
            accuracy: frames.observations(metric::STREAM_ACCURACY),
            parameters: frames.observations(metric::PARAMETERS),
            units: frames.observations(metric::UNITS),
            loss: frames.observations(metric::LOSS),
            online: frames.observations(metric::PREQUENTIAL),
            earlier: earlier(frames),
            growth: GrowthTraces::of(frames),
            plasticity: plasticity(frames),
            maps: MapTraces::of(frames),
            lives: LifeTraces::of(frames),
            classes: frames.observations(metric::RECONSTRUCTION_ERROR),
            levels: frames.observations(metric::LEVEL_ERROR),
            clocks: by_run(&updates)
                .into_iter()
                .map(|(run, rows)| (run, TimeAxis::of(&rows)))
                .collect(),
        }
    }

    /// The curves of a row of a comparison on the stream `entry`.
    pub(crate) fn trace(
        &self,
        entry: &StreamEntry,
        c: &StreamComparison,
        row: &MethodRow,
        measured: &[Measured],
    ) -> Traced {
        let experiences = c.rows.iter().flat_map(|r| &r.runs).map(|r| {
            let measured = measured[*r].matrix.rows().len();
            measured.max(self.clocks.get(r).map_or(0, TimeAxis::experiences))
        });
        let experiences = experiences.max().unwrap_or(0).max(1);
        let of = |all: &[Observation]| -> Vec<Observation> { of_runs(all, &row.runs).cloned().collect() };
        let mut accuracy = of(&self.accuracy);
        let just_learned = accuracy.is_empty() && !row.matrix.looks_back();
        if accuracy.is_empty() {
            accuracy = at_the_ends(row, measured, just_learned);
        }
        let units = of(&self.units);
        let mut names: Vec<&str> = Vec::new();
        for name in units.iter().filter_map(|o| o.item.as_deref()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let end = experiences as f64;
        let layer = |name: &str| {
            let rows = units.iter().filter(|o| o.item.as_deref() == Some(name)).cloned();
            (
                name.to_owned(),
                steps(&rows.collect::<Vec<_>>(), &self.clocks, end, Some(0.0)),
            )
        };
        Traced {
            accuracy: curve(&accuracy, &self.clocks),
            parameters: steps(&of(&self.parameters), &self.clocks, end, None),
            layers: names.into_iter().map(layer).collect(),
            just_learned,
            loss: curve(&of(&self.loss), &self.clocks),
            online: curve(&of(&self.online), &self.clocks),
            earlier: curve(&of(&self.earlier), &self.clocks),
            growth: self.growth.history(&row.runs, &self.clocks),
            experiences,
            plasticity: self
                .plasticity
                .iter()
                .map(|(metric, all)| (*metric, curve(&of(all), &self.clocks)))
                .filter(|(_, points)| !points.is_empty())
                .collect(),
            classes: if entry.tasks_by_seed {
                self.by_task(&entry.tasks, &of(&self.classes))
            } else {
                self.named("class ", &of(&self.classes))
            },
            levels: self.named("", &of(&self.levels)),
            survival: self.lives.survival(&row.runs),
            map: self.maps.figure(&row.runs, &self.clocks),
        }
    }

    /// A curve for each measured item, in the order of tasks and names.
    fn named(&self, kind: &str, all: &[Observation]) -> Vec<Named> {
        let mut things: BTreeMap<(Option<usize>, &str), Vec<Observation>> = BTreeMap::new();
        for o in all {
            let thing = (o.task, o.item.as_deref().unwrap_or_default());
            things.entry(thing).or_default().push(o.clone());
        }
        let things = things.into_iter();
        things
            .map(|((_, name), rows)| (format!("{kind}{name}"), curve(&rows, &self.clocks)))
            .collect()
    }

    /// A curve for each task, whatever its classes for each seed.
    fn by_task(&self, names: &[String], all: &[Observation]) -> Vec<Named> {
        let mut tasks: BTreeMap<usize, Vec<Observation>> = BTreeMap::new();
        for o in all {
            tasks.entry(o.task.unwrap_or(0)).or_default().push(o.clone());
        }
        let curve = |(task, rows): (usize, Vec<Observation>)| {
            let name = names.get(task).cloned();
            let name = name.unwrap_or_else(|| format!("Task {}", task + 1));
            (name, curve(&over_items(&rows), &self.clocks))
        };
        tasks.into_iter().map(curve).collect()
    }
}

/// Quantities of hidden units, and the accuracy or error of each task when it was learned.
fn plasticity(frames: &Frames) -> Vec<(Metric, Vec<Observation>)> {
    let mut all = Vec::new();
    for metric in [Metric::LEARNING_ACCURACY, Metric::LEARNING_ERROR] {
        let own = observations(frames, metric).into_iter().filter(when_learned);
        all.push((metric, own.collect()));
    }
    for metric in Metric::in_table(Table::Plasticity) {
        all.push((metric, over_items(&observations(frames, metric))));
    }
    all
}

/// Accuracies on tasks of earlier experiences, within experiences: the mean over tasks.
fn earlier(frames: &Frames) -> Vec<Observation> {
    let all = frames.observations(metric::CONTINUAL_ACCURACY);
    let before: Vec<Observation> = all
        .into_iter()
        .filter(|o| o.task.is_some_and(|task| task < o.experience))
        .collect();
    over_items(&before)
}

/// The record that a metric is computed from.
fn observations(frames: &Frames, metric: Metric) -> Vec<Observation> {
    let records = metric.info().records.first();
    records.map_or_else(Vec::new, |name| frames.observations(name))
}

/// The mean over the layers or classes that were measured together.
fn over_items(all: &[Observation]) -> Vec<Observation> {
    let mut means: BTreeMap<(usize, usize, u64), (f64, usize)> = BTreeMap::new();
    for o in all {
        let (sum, count) = means.entry((o.run, o.experience, o.step)).or_default();
        *sum += o.value;
        *count += 1;
    }
    let mean = |((run, experience, step), (sum, count)): ((usize, usize, u64), (f64, usize))| Observation {
        run,
        experience,
        step,
        task: None,
        item: None,
        value: sum / count as f64,
    };
    means.into_iter().map(mean).collect()
}

/// The matrix's values at the ends of experiences, if nothing was measured along the stream: the mean over the tasks seen so far, or the
/// task `just_learned` alone where no other is judged.
fn at_the_ends(row: &MethodRow, measured: &[Measured], just_learned: bool) -> Vec<Observation> {
    let mut observations = Vec::new();
    for &run in &row.runs {
        let matrix = &measured[run].matrix;
        for experience in 0..matrix.rows().len() {
            let tasks = if just_learned && !matrix.is_joint() {
                experience..=experience
            } else {
                0..=experience
            };
            let seen: Option<Vec<f64>> = tasks.map(|j| matrix.get(experience, j)).collect();
            if let Some(seen) = seen {
                observations.push(Observation {
                    run,
                    experience,
                    step: u64::MAX,
                    task: None,
                    item: None,
                    value: seen.iter().sum::<f64>() / seen.len() as f64,
                });
            }
        }
    }
    observations
}
