//! When, where and why did it grow?

use super::{beside, by_stream, detailed};
use crate::chart::{self, Sheet, stream_axis};
use crate::document::{Block, Section};
use crate::figure::{Axis, Figure};
use crate::findings::Findings;
use crate::growth::Decision;
use crate::lives::Survival;
use crate::tables;
use std::collections::BTreeMap;

/// The most quantities of one method that are drawn.
const MOST_QUANTITIES: usize = 3;

pub(super) fn section(findings: &Findings<'_>) -> Option<Section> {
    let seeds = findings.seeds();
    let blocks = by_stream(findings, "edits", |i| {
        let (suite, c, traced) = (findings.suite, &findings.streams[i], &findings.traced[i]);
        let name = &findings.names[i];
        let rows = || (0..c.rows.len()).filter(|_| detailed(findings));
        let timelines: Vec<Option<Figure>> = rows().map(|k| timeline(findings, i, k, &seeds)).collect();
        let triggers = rows().flat_map(|k| triggers(findings, i, k, &seeds)).map(Some);
        let named = |table: Option<tables::Table>, kind: &str| {
            table
                .filter(|_| detailed(findings))
                .map(|t| Block::Table(t.called(format!("{kind}-{name}"))))
        };
        vec![
            Some(Block::Say(findings.said[i].never_grew.clone())),
            timelines
                .iter()
                .any(Option::is_some)
                .then(|| Block::Note("A lane for each layer, and in it a line for each seed.".into())),
            beside(timelines),
            named(tables::layers(suite, c, traced), "layers"),
            beside(triggers),
            named(tables::reasons(suite, c), "reasons"),
            beside(survivals(findings, i)),
            named(tables::survival(suite, c, traced), "survival"),
            named(tables::newborns(suite, c, &findings.measured), "newborns"),
        ]
    });
    super::section("edits", "When, where and why did it grow?", blocks)
}

fn timeline(findings: &Findings<'_>, i: usize, k: usize, seeds: &BTreeMap<usize, u64>) -> Option<Figure> {
    let trace = &findings.traced[i][k];
    let known: Vec<String> = trace.layers.iter().map(|(name, _)| name.clone()).collect();
    let sheet = Sheet {
        id: &format!("timeline-{}-{k}", findings.names[i]),
        title: format!("{}: changes of units by layer", findings.title(i, k)),
        caption: String::new(),
        description: String::new(),
        x: stream_axis(),
        y: Axis::new("Layer", ""),
    };
    chart::timeline(sheet, &trace.growth, &known, findings.experiences(i), seeds)
}

/// A chart for each quantity that the trigger looked at.
fn triggers(findings: &Findings<'_>, i: usize, k: usize, seeds: &BTreeMap<usize, u64>) -> Vec<Figure> {
    let mut by_quantity: BTreeMap<&str, Vec<&Decision>> = BTreeMap::new();
    for decision in &findings.traced[i][k].growth.decisions {
        by_quantity.entry(&decision.quantity).or_default().push(decision);
    }
    let drawn = by_quantity.into_iter().take(MOST_QUANTITIES).enumerate().filter_map(|(n, (quantity, all))| {
        let words = tables::capital(&quantity.replace('-', " "));
        let sheet = Sheet {
            id: &format!("trigger-{}-{k}-{n}", findings.names[i]),
            title: format!("{}: {} when it decided to grow", findings.title(i, k), words.to_lowercase()),
            caption: "A dot for each decision of all seeds: the value of the quantity that the trigger looked at.".into(),
            description: String::new(),
            x: stream_axis(),
            y: Axis::new(words, ""),
        };
        chart::decisions(sheet, &findings.look(i, k), &all, findings.experiences(i), seeds)
    });
    drawn.collect()
}

/// Survival curves of new units.
fn survivals(findings: &Findings<'_>, i: usize) -> Vec<Option<Figure>> {
    let traced = &findings.traced[i];
    let lived = || {
        traced
            .iter()
            .enumerate()
            .filter_map(|(k, trace)| Some((k, trace.survival.as_ref()?)))
    };
    let longest = lived()
        .map(|(_, s): (usize, &Survival)| s.longest())
        .fold(0.0, f64::max);
    lived()
        .map(|(k, survival)| {
            let early = match survival.early {
                0 => String::new(),
                n => format!(" {n} died within their window."),
            };
            let sheet = Sheet {
                id: &format!("survival-{}-{k}", findings.names[i]),
                title: format!("{}: survival of newborn units", findings.title(i, k)),
                caption: format!(
                    "Kaplan–Meier curves of units born by growth, seeds together: the half of a run's units that was more active in the window after birth \
                     (solid) and the half that was less active (dashed). Units alive at the end are censored there; units of one network are not \
                     independent, so no interval is drawn.{early}"
                ),
                description: String::new(),
                x: Axis::new("Time since the window ended", "updates"),
                y: Axis::new("Survival", "%"),
            };
            Some(chart::survival(sheet, &findings.look(i, k), longest, survival))
        })
        .collect()
}
