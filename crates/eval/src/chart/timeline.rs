//! When and where a method's networks grew: a lane for each layer and in it a line for each seed, with a mark for each kind of change.

use super::label::{LETTER, letters};
use super::{Frame, Scale, Sheet, WIDTH, num, shortened};
use crate::figure::{Data, Figure};
use crate::format;
use crate::growth::{Decision, History, Kind, places};
use crate::look::Look;
use maud::{Markup, html};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The least and the most room for names.
const NAMES: (f64, f64) = (110.0, 240.0);
/// The height of a seed's line.
const LINE: f64 = 7.0;
/// The most lanes; further layers share the last one.
const MOST_LANES: usize = 12;
/// The most seeds that have lines of their own; further ones are left out of the drawing.
const MOST_SEEDS: usize = 10;
/// The most places along the stream.
const PLACES: f64 = 240.0;

/// A place of the drawing: lane, kind, seed and bin.
type Spots = BTreeMap<(usize, Kind), BTreeMap<(usize, i64), f64>>;

/// The timeline; `None` if nothing changed. `seeds` names the runs.
pub(crate) fn timeline(
    sheet: Sheet<'_>,
    history: &History,
    known: &[String],
    experiences: usize,
    seeds: &BTreeMap<usize, u64>,
) -> Option<Figure> {
    let layers = history.layers(known);
    if layers.is_empty() {
        return None;
    }
    let places = places(history);
    let lines = places.len().min(MOST_SEEDS);
    let lanes = layers.len().min(MOST_LANES);
    let lane_of = |layer: &Option<String>| {
        let place = layers.iter().position(|l| l == layer).unwrap_or(0);
        place.min(lanes - 1)
    };
    let names: Vec<String> = (0..lanes)
        .map(|i| {
            if i + 1 == lanes && layers.len() > lanes {
                return format!("{} more layers", layers.len() - lanes + 1);
            }
            layers[i].clone().unwrap_or_else(|| "layer not recorded".into())
        })
        .collect();
    let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let left = (LETTER * longest as f64 + 14.0).clamp(NAMES.0, NAMES.1);
    let lane = LINE * lines as f64 + 9.0;
    let frame = Frame {
        left,
        ..Frame::new(
            lane * lanes as f64,
            Scale::linear(0.0, experiences as f64),
            Scale::linear(0.0, 1.0),
        )
    };
    let per_experience = PLACES / experiences.max(1) as f64;
    let mut spots: Spots = BTreeMap::new();
    for c in &history.changes {
        let bin = (c.x * per_experience).round() as i64;
        let of_lane = spots.entry((lane_of(&c.layer), c.kind)).or_default();
        *of_lane.entry((places[&c.run], bin)).or_default() += c.units;
    }
    let at = |lane_place: usize, seed: usize, bin: i64| {
        let y = frame.top + lane * lane_place as f64 + 4.5 + LINE * (seed as f64 + 0.5);
        (frame.px(bin as f64 / per_experience), y)
    };
    let used: Vec<Kind> = Kind::ALL
        .into_iter()
        .filter(|kind| spots.keys().any(|(_, k)| k == kind))
        .collect();
    let body = html! {
        (frame.experiences(&sheet.x))
        @for (i, name) in names.iter().enumerate() {
            @let top = frame.top + lane * i as f64;
            @if i > 0 { path.rule d=(format!("M{left} {top:.1}H{}", frame.right)) {} }
            text.label x=(num(left - 8.0)) y=(num(top + lane / 2.0 + 4.0)) text-anchor="end" { (shortened(name, letters(left - 10.0))) }
        }
        @for ((lane, kind), spots) in &spots {
            path class=(class(*kind)) d=(marks(*kind, spots.keys().filter(|(seed, _)| *seed < lines).map(|(seed, bin)| at(*lane, *seed, *bin)))) {
                title { (names[*lane]) ": " (format::count(spots.values().sum())) " " (words(*kind)) }
            }
        }
        (key(&used, frame.end()))
    };
    let seed_of = |run: usize| seeds.get(&run).map_or_else(|| "?".to_owned(), u64::to_string);
    let mut rows = Vec::new();
    let mut grouped: BTreeMap<(usize, Option<String>, Kind, i64), f64> = BTreeMap::new();
    for c in &history.changes {
        let bin = (c.x * per_experience).round() as i64;
        *grouped.entry((c.run, c.layer.clone(), c.kind, bin)).or_default() += c.units;
    }
    for ((run, layer, kind, bin), units) in grouped {
        rows.push(vec![
            seed_of(run).as_str().into(),
            layer.as_deref().unwrap_or_default().into(),
            kind.word().into(),
            (bin as f64 / per_experience).into(),
            units.into(),
        ]);
    }
    let total = |kind: Kind| -> f64 {
        history
            .changes
            .iter()
            .filter(|c| c.kind == kind)
            .map(|c| c.units)
            .sum()
    };
    let said: Vec<String> = used
        .iter()
        .map(|kind| format!("{} {}", format::count(total(*kind)), words(*kind)))
        .collect();
    let description = format!(
        "Of {}, in {}: {}.",
        format::plural(places.len(), "run"),
        format::plural(layers.len(), "layer"),
        said.join(", ")
    );
    let data = Data {
        columns: vec!["seed", "layer", "change", "position", "units"],
        rows,
    };
    Some(Sheet { description, ..sheet }.figure(frame.end() + 24.0, None, &body, data))
}

fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::Born => "units born",
        Kind::Removed => "units removed",
        Kind::Replaced => "units replaced",
        Kind::Other => "other edits",
    }
}

fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Born => "change born",
        Kind::Removed => "change removed",
        Kind::Replaced => "change replaced",
        Kind::Other => "change other",
    }
}

/// The marks of one kind in one path: an upright stroke, a cross, a level stroke, a hook.
fn marks(kind: Kind, at: impl Iterator<Item = (f64, f64)>) -> String {
    let mut path = String::new();
    for (x, y) in at {
        let _ = match kind {
            Kind::Born => write!(path, "M{} {}v5", num(x), num(y - 2.5)),
            Kind::Removed => write!(path, "M{} {}l4 4m0-4l-4 4", num(x - 2.0), num(y - 2.0)),
            Kind::Replaced => write!(path, "M{} {}h3", num(x - 1.5), num(y)),
            Kind::Other => write!(path, "M{} {}l2-2.5 2 2.5", num(x - 2.0), num(y + 1.5)),
        };
    }
    path
}

fn key(used: &[Kind], top: f64) -> Markup {
    let y = top + 14.0;
    let each = (WIDTH - 20.0) / Kind::ALL.len() as f64;
    html! {
        @for (i, kind) in used.iter().enumerate() {
            @let x = 16.0 + each * i as f64;
            path class=(class(*kind)) d=(marks(*kind, std::iter::once((x, y - 4.0)))) {}
            text.name x=(num(x + 9.0)) y=(num(y)) { (words(*kind)) }
        }
    }
}

/// The most decisions that are drawn.
const MOST_DECISIONS: usize = 900;

/// The quantity that a trigger looked at, at its decisions.
pub(crate) fn decisions(
    sheet: Sheet<'_>,
    look: &Look,
    all: &[&Decision],
    experiences: usize,
    seeds: &BTreeMap<usize, u64>,
) -> Option<Figure> {
    let values = || all.iter().map(|d| d.value);
    let y = Scale::wide(values(), 50.0)?;
    let frame = Frame::new(130.0, Scale::linear(0.0, experiences as f64), y);
    let every = all.len().div_ceil(MOST_DECISIONS).max(1);
    let mut dots = String::new();
    for d in all.iter().step_by(every).filter(|d| !y.log || d.value > 0.0) {
        let _ = write!(dots, "M{} {}h0", num(frame.px(d.x)), num(frame.py(d.value)));
    }
    let body = html! {
        (frame.rules(&sheet.y))
        (frame.experiences(&sheet.x))
        g class=(look.class) { path.decisions d=(dots) {} }
    };
    let data = Data {
        columns: vec!["seed", "position", "value"],
        rows: all
            .iter()
            .map(|d| {
                let seed = seeds.get(&d.run).map_or_else(|| "?".to_owned(), u64::to_string);
                vec![seed.as_str().into(), d.x.into(), d.value.into()]
            })
            .collect(),
    };
    let (low, high) = values().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| {
        (a.min(v), b.max(v))
    });
    let description = format!(
        "{}, at values from {} to {}.",
        format::plural(all.len(), "decision"),
        format::significant(low),
        format::significant(high)
    );
    Some(Sheet { description, ..sheet }.figure(frame.end() + 2.0, Some(&frame), &body, data))
}
