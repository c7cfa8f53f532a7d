//! Objectives of mechanisms against their formulas, in every update of a growing network: the outputs are the network's, and
//! what is made of them is computed here, number by number.

mod asymmetric;
mod dark;
mod taught;

use dentate_continual::{Context, Update};
use dentate_core::{LayerId, Objective, Purpose, Route, Slot, Term};

/// The value of an objective on an update's rows, its gradient going to `into`.
fn value(cx: &mut Context<'_>, update: &Update<'_>, terms: Vec<Term>, into: Slot) -> f64 {
    let objective = Objective {
        terms,
        penalties: Vec::new(),
        keep: None,
    };
    cx.network
        .gradient(update.rows, update.route, &objective, into, Purpose::ReadOnly)
        .unwrap()
}

/// The outputs of a head on an update's rows.
fn outputs(cx: &mut Context<'_>, update: &Update<'_>, route: &Route, head: LayerId) -> Vec<Vec<f64>> {
    let outputs = cx.network.forward(update.rows, route, &[head]).unwrap();
    let row = |row: ndarray::ArrayView1<'_, f32>| row.iter().map(|z| f64::from(*z)).collect();
    outputs[0].rows().into_iter().map(row).collect()
}

/// The position of each row's class in a head.
fn labels(cx: &Context<'_>, update: &Update<'_>, head: LayerId) -> Vec<usize> {
    let classes = &cx.network.graph().layer(head).unwrap().head().unwrap().classes;
    let place = |(data, _, row)| {
        let label = cx.network.data()[&data].label(row).unwrap();
        classes
            .iter()
            .position(|class| *class == label)
            .unwrap_or(usize::MAX)
    };
    update.rows.iter().map(place).collect()
}

/// The number of rows of the stream, which come first.
fn stream(update: &Update<'_>) -> usize {
    let rows = update
        .objective
        .terms
        .iter()
        .map(|term| term.stream_rows(update.rows.len()));
    rows.filter(|rows| !rows.is_empty())
        .map(|rows| rows.end)
        .max()
        .unwrap()
}

/// softmax over some places of a row; 0 at the others.
fn softmax(z: &[f64], among: impl Fn(usize) -> bool) -> Vec<f64> {
    let sum: f64 = z
        .iter()
        .enumerate()
        .filter(|(i, _)| among(*i))
        .map(|(_, z)| z.exp())
        .sum();
    let p = |(i, z): (usize, &f64)| if among(i) { z.exp() / sum } else { 0.0 };
    z.iter().enumerate().map(p).collect()
}

fn close(what: &str, found: f64, wanted: f64) {
    assert!(
        (found - wanted).abs() < 1e-4 * wanted.abs().max(1.0),
        "{what} is {found} and should be {wanted}"
    );
}
