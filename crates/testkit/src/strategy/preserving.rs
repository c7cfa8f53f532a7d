//! The check that an edit preserved the function.
//!
//! The outputs of the network before and after are computed in double precision, and those of a head may differ by as much as
//! rounding explains: a parameter that an edit wrote was rounded to single precision once for its coefficient and once for the
//! product, at each edit of the plan; one that it left alone was not. That error is carried through the layers with the terms'
//! magnitudes ([`Stored`]), so that the tolerance grows with what was written, the fan-in and the depth, and with nothing else.

use super::case::Case;
use super::coverage::Coverage;
use super::driver::{Driver, refusal};
use super::stored::{Stored, UNIT};
use super::subject::Subject;
use crate::naive::{Arrays, Network, Values, run, values};
use dentate_core::{Event, Graph, Groups, LayerId, Link, Origin, Parameter, Progress, Route, UnitId};
use ndarray::Array2;
use std::collections::{BTreeMap, BTreeSet};

/// Multiply-adds of a row above which a case is checked on few rows and at few edits.
const MANY: usize = 5000;
const FEW_ROWS: usize = 2;
const FEW_EDITS: u64 = 8;

/// A network at one moment, with its numbers.
struct Shot {
    graph: Graph,
    arrays: Arrays,
}

impl Shot {
    fn of(driver: &mut Driver<'_>) -> Result<Self, String> {
        let saved = driver.saved()?;
        let graph = driver.learner.architecture().graph().clone();
        let block = |p: Parameter| Some((p, saved.arrays.get(&p.to_string())?.clone()));
        let arrays = graph.parameters().into_keys().filter_map(block).collect();
        Ok(Self { graph, arrays })
    }

    /// The outputs of the heads for a row, unit by unit.
    fn answers(&self, values: &Values<Stored>, row: &[f32]) -> BTreeMap<(LayerId, UnitId), Stored> {
        let outputs = run(&Network::of(&self.graph), values, row, &Route::default());
        let of = |(layer, _): (&dentate_core::Layer, &dentate_core::Head)| {
            let units = layer.units.iter().map(|u| (layer.id, u.id));
            let put_out = outputs.after.get(&layer.id).cloned().unwrap_or_default();
            units.zip(put_out).collect::<Vec<_>>()
        };
        self.graph.heads().flat_map(of).collect()
    }
}

/// Run a case, and compare the heads' outputs before and after each of the strategy's own edits.
pub(super) fn preserves_function(case: &Case, subject: &Subject) -> Result<Coverage, String> {
    let mut driver = Driver::new(case, subject)?;
    let mut before = Shot::of(&mut driver)?;
    loop {
        let events = driver.learner.architecture().journal().events.len();
        match driver.step() {
            Ok(None) => break,
            Ok(Some(Progress::Edited)) => {
                let after = Shot::of(&mut driver)?;
                let written = roundings(driver.own_events(events));
                if written > 0 {
                    driver.coverage.checks += u64::from(compare(&driver, &before, &after, written)?);
                }
                before = after;
            }
            Ok(Some(_)) => before = Shot::of(&mut driver)?,
            Err(end) => {
                refusal(end)?;
                break;
            }
        }
    }
    Ok(driver.coverage)
}

/// The number of roundings that the events may have caused in one parameter; 0 if the strategy did nothing.
fn roundings(events: Vec<&Event>) -> usize {
    let of = |event: &&Event| match event {
        Event::Applied { plan, .. } => 2 + 2 * plan.edits.len(),
        Event::Replaced { .. } => 4,
    };
    events.iter().map(of).sum()
}

/// Returns whether anything could be compared; the error names what differs by more than rounding explains.
fn compare(driver: &Driver<'_>, before: &Shot, after: &Shot, written: usize) -> Result<bool, String> {
    let wide = after.arrays.values().map(Array2::len).sum::<usize>() > MANY;
    if wide && driver.coverage.checks >= FEW_EDITS {
        return Ok(false);
    }
    let (old, new) = (values::<Stored>(&before.arrays), stored(before, after, written));
    let mut any = false;
    for experience in 0..=driver.experience.min(driver.case.experiences - 1) {
        let pool = driver.case.rows_of(experience);
        let data = pool.data();
        let rows = if wide {
            data.len().min(FEW_ROWS)
        } else {
            data.len()
        };
        let mut row = vec![0.0; data.features()];
        for number in 0..rows {
            data.read(number as u32, &mut row).map_err(|e| e.to_string())?;
            let after = after.answers(&new, &row);
            for (output, ((layer, unit), old)) in before.answers(&old, &row).into_iter().enumerate() {
                let Some(new) = after.get(&(layer, unit)) else {
                    return Err(format!("an edit took output {output} away"));
                };
                let explained = old.error + new.error;
                if !(old.value.is_finite() && explained.is_finite()) {
                    continue;
                }
                any = true;
                // A difference that is NaN counts, too.
                let off = (old.value - new.value).abs();
                if off.is_nan() || off > explained {
                    return Err(format!(
                        "an edit took output {output} of a row from {:.9} to {:.9}, and rounding explains {explained:.9} of \
                         that",
                        old.value, new.value
                    ));
                }
            }
        }
    }
    Ok(any)
}

/// The parameters after an edit; those that it wrote with their rounding errors.
fn stored(before: &Shot, after: &Shot, written: usize) -> Values<Stored> {
    let known: BTreeSet<UnitId> = units(&before.graph).map(|u| u.id).collect();
    // A copy and its original share outgoing weights, so both are written, whatever their shares.
    let mut shared = BTreeSet::new();
    for unit in units(&after.graph).filter(|u| !known.contains(&u.id)) {
        if let Origin::SplitFrom(original) = unit.origin {
            shared.extend([unit.id, original]);
        }
    }
    let block = |(&parameter, new): (&Parameter, &Array2<f32>)| {
        let old = before.arrays.get(&parameter);
        let rows = before_and_after(&before.graph, &after.graph, parameter, true);
        let columns = before_and_after(&before.graph, &after.graph, parameter, false);
        let value = |((i, j), &value): ((usize, usize), &f32)| {
            let (column, unit) = columns[j];
            let place = rows[i].0.zip(column);
            let kept = place.and_then(|place| old?.get(place).copied());
            let copied = unit.is_some_and(|unit| shared.contains(&unit));
            let size = value.abs().max(kept.unwrap_or(0.0).abs());
            let left_alone = kept.is_some_and(|kept| kept.to_bits() == value.to_bits()) && !copied;
            let rounded = written as f64 * UNIT * f64::from(size);
            Stored {
                value: f64::from(value),
                error: if left_alone { 0.0 } else { rounded },
            }
        };
        let all: Vec<Stored> = new.indexed_iter().map(value).collect();
        let all = Array2::from_shape_vec(new.dim(), all).expect("as many as there are");
        (parameter, all)
    };
    after.arrays.iter().map(block).collect()
}

fn units(graph: &Graph) -> impl Iterator<Item = &dentate_core::Unit> {
    graph.layers().flat_map(|l| &l.units)
}

/// The owner of a row or a column of a block: a unit, if it belongs to one, and its index among those of that unit.
type Label = (Option<UnitId>, usize);

/// The labels of a block's rows, or of its columns.
fn labels(graph: &Graph, parameter: Parameter, rows: bool) -> Vec<Label> {
    let Some(&(height, width)) = graph.parameters().get(&parameter) else {
        return Vec::new();
    };
    let count = if rows { height } else { width };
    let of = |layer: Option<LayerId>, each: usize| -> Vec<Label> {
        let units = layer.and_then(|id| graph.layer(id)).map(|l| l.units.as_slice());
        let units = units.unwrap_or_default();
        if units.len() * each != count {
            return (0..count).map(|k| (None, k)).collect();
        }
        let of_unit = |u: &dentate_core::Unit| (0..each).map(move |k| (Some(u.id), k)).collect::<Vec<_>>();
        units.iter().flat_map(of_unit).collect()
    };
    match parameter {
        Parameter::Weight(id) => {
            let connection = graph.connection(id);
            let grouped = |link| matches!(link, Link::Convolution { groups, .. } if groups != Groups::One);
            if rows {
                of(connection.map(|c| c.to), 1)
            } else {
                let ungrouped = connection.filter(|c| !grouped(c.link));
                of(
                    ungrouped.map(|c| c.from),
                    connection.map_or(1, |c| graph.columns_each(c)),
                )
            }
        }
        Parameter::Gain(id) if !rows => of(graph.connection(id).map(|c| c.from), 1),
        Parameter::Bias(id)
        | Parameter::Scale(id)
        | Parameter::Shift(id)
        | Parameter::Mean(id)
        | Parameter::Variance(id)
            if !rows =>
        {
            of(Some(id), 1)
        }
        _ => of(None, 1),
    }
}

/// For each row or column of a block now: its position before, if any, and its owner.
fn before_and_after(
    before: &Graph,
    after: &Graph,
    parameter: Parameter,
    rows: bool,
) -> Vec<(Option<usize>, Option<UnitId>)> {
    let old = labels(before, parameter, rows).into_iter().enumerate();
    let old: BTreeMap<Label, usize> = old.map(|(place, label)| (label, place)).collect();
    let now = labels(after, parameter, rows).into_iter();
    now.map(|label| (old.get(&label).copied(), label.0)).collect()
}
