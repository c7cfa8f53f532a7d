//! The family tree: a line for each unit from its birth to its death, joined to the unit that it is a copy of or took the place of.

use crate::chart::{Frame, Scale, shortened};
use crate::figure::Axis;
use crate::format::plural;
use dentate_core::record::{UnitLife, UnitOrigin};
use maud::{Markup, html};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The most units that are drawn.
pub(super) const MOST: usize = 300;

/// The room for the names of layers.
const NAMES: f64 = 140.0;

/// The units of a layer that are drawn, in the order of their families, and the number of those that never changed.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Lane<'a> {
    pub(super) name: &'a str,
    pub(super) drawn: Vec<&'a UnitLife>,
    pub(super) quiet: usize,
}

/// The lanes of all layers. A unit that was there from the beginning, has no descendants and did not die is not drawn.
pub(super) fn lanes(lives: &[UnitLife]) -> Vec<Lane<'_>> {
    let parents: BTreeSet<u64> = lives.iter().filter_map(|life| life.parent).collect();
    let known: BTreeMap<u64, &str> = lives.iter().map(|l| (l.unit, l.layer.as_str())).collect();
    let mut lanes: Vec<Lane<'_>> = Vec::new();
    let mut children: BTreeMap<u64, Vec<&UnitLife>> = BTreeMap::new();
    let mut roots: Vec<&UnitLife> = Vec::new();
    for life in lives {
        let lane = match lanes.iter().position(|lane| lane.name == life.layer) {
            Some(place) => place,
            None => {
                lanes.push(Lane {
                    name: &life.layer,
                    ..Lane::default()
                });
                lanes.len() - 1
            }
        };
        let quiet = life.origin == UnitOrigin::Initial
            && life.born.step == 0
            && life.died.is_none()
            && !parents.contains(&life.unit);
        if quiet {
            lanes[lane].quiet += 1;
        } else {
            match life
                .parent
                .filter(|parent| known.get(parent) == Some(&life.layer.as_str()) && *parent < life.unit)
            {
                Some(parent) => children.entry(parent).or_default().push(life),
                None => roots.push(life),
            }
        }
    }
    // A family after its founder, without recursion: a line of replacements may be long.
    for root in roots {
        let mut next = vec![root];
        while let Some(life) = next.pop() {
            if let Some(lane) = lanes.iter_mut().find(|lane| lane.name == life.layer) {
                lane.drawn.push(life);
            }
            next.extend(children.get(&life.unit).into_iter().flatten().rev());
        }
    }
    lanes
}

/// The drawing; `None` if there is nothing to draw, or too much.
pub(super) fn draw(lives: &[UnitLife], end: u64) -> Option<Markup> {
    let lanes = lanes(lives);
    let count: usize = lanes.iter().map(|lane| lane.drawn.len()).sum();
    if count == 0 || count > MOST {
        return None;
    }
    let row = (600.0 / count as f64).clamp(5.0, 14.0);
    let mut tops = Vec::with_capacity(lanes.len());
    let mut height = 0.0;
    for lane in &lanes {
        tops.push(height);
        // A lane has room for its name and for what is not drawn.
        height += (lane.drawn.len() as f64 * row).max(16.0) + 14.0;
    }
    let last = lives
        .iter()
        .filter_map(|life| Some(life.died?.step))
        .max()
        .unwrap_or(0);
    let end = end.max(last).max(1);
    let x = Scale::linear(0.0, end as f64);
    let frame = Frame {
        left: NAMES,
        ..Frame::new(height, x, Scale::linear(0.0, 1.0))
    };
    let mut places: BTreeMap<u64, f64> = BTreeMap::new();
    for (lane, top) in lanes.iter().zip(&tops) {
        for (i, life) in lane.drawn.iter().enumerate() {
            places.insert(life.unit, frame.top + top + 6.0 + row * (i as f64 + 0.5));
        }
    }
    let at = |step: u64| frame.px(step as f64);
    let (mut bonds, mut deaths) = (String::new(), String::new());
    for life in lanes.iter().flat_map(|lane| &lane.drawn) {
        let y = places[&life.unit];
        if let Some(parent) = life.parent.and_then(|parent| places.get(&parent)) {
            let _ = write!(bonds, "M{:.1} {parent:.1}V{y:.1}", at(life.born.step));
        }
        if let Some(died) = life.died {
            let (x, r) = (at(died.step), (row / 3.0).min(3.0));
            let _ = write!(
                deaths,
                "M{:.1} {:.1}l{d:.1} {d:.1}m0-{d:.1}l-{d:.1} {d:.1}",
                x - r,
                y - r,
                d = 2.0 * r
            );
        }
    }
    let total = lives.len();
    let quiet: usize = lanes.iter().map(|lane| lane.quiet).sum();
    Some(html! {
        figure {
            svg.chart viewBox=(format!("0 0 {:.0} {:.0}", crate::chart::WIDTH, frame.end())) role="img" aria-labelledby="family-t family-d" {
                title id="family-t" { "Family tree of the units" }
                desc id="family-d" { (plural(total, "hidden unit")) ", of which " (quiet) " were there from the beginning, have no descendants and did not die. "
                    "The table below has births and deaths by layer and experience." }
                (frame.columns(&Axis::new("Updates", "")))
                path.bond d=(bonds) {}
                @for (lane, top) in lanes.iter().zip(&tops) {
                    @if *top > 0.0 { path.rule d=(format!("M0 {:.1}H{:.1}", frame.top + top, frame.right)) {} }
                    text.label x="0" y=(format!("{:.1}", frame.top + top + 15.0)) { (shortened(lane.name, 20)) }
                    @if lane.quiet > 0 { text x="0" y=(format!("{:.1}", frame.top + top + 28.0)) { "and " (lane.quiet) " unchanged" } }
                    @for life in &lane.drawn {
                        @let ends = life.died.map_or(end, |died| died.step);
                        @let y = places[&life.unit];
                        path class=(class(life)) d=(format!("M{:.1} {y:.1}H{:.1}", at(life.born.step), at(ends).max(at(life.born.step) + 1.5))) {
                            title { (said(life)) }
                        }
                    }
                }
                path.death d=(deaths) {}
            }
            figcaption { "A line for each unit from birth to end: grey, there from the beginning; coloured, grown; in the second colour and dashed, a copy of \
                another or in its place, to which it is joined. A cross is a death." }
        }
    })
}

fn class(life: &UnitLife) -> &'static str {
    match life.origin {
        UnitOrigin::Initial => "life initial",
        UnitOrigin::Grown => "life",
        UnitOrigin::Split => "life split",
        UnitOrigin::Replaced => "life replaced",
    }
}

/// A unit's life in words.
fn said(life: &UnitLife) -> String {
    let mut said = format!(
        "Unit {}: {} ({}) at update {}",
        life.unit,
        life.origin.word(),
        life.cause,
        life.born.step
    );
    if let Some(parent) = life.parent {
        let _ = write!(said, ", from unit {parent}");
    }
    if let Some(died) = life.died {
        let _ = write!(said, ", died at update {} ({})", died.step, life.end);
    }
    said
}
