//! Can it still learn?

use super::axes::of_metric;
use super::forgetting::curves;
use super::{beside, by_stream, detailed, resolution};
use crate::chart::{self, Curve, Lines, Sheet, stream_axis};
use crate::document::{Block, Section};
use crate::figure::{Axis, Figure};
use crate::findings::Findings;
use crate::metrics::{Metric, Table};
use crate::tables;

pub(super) fn section(findings: &Findings<'_>) -> Option<Section> {
    let blocks = by_stream(findings, "learning", |i| {
        let (suite, c, name) = (findings.suite, &findings.streams[i], &findings.names[i]);
        let plasticity = tables::plasticity(suite, c);
        let panels = if detailed(findings) {
            panels(findings, i)
        } else {
            Vec::new()
        };
        vec![
            beside(
                [online(findings, i), loss(findings, i)]
                    .into_iter()
                    .filter(|_| detailed(findings)),
            ),
            plasticity.map(|t| Block::Table(t.called(format!("plasticity-{name}")))),
            beside(panels),
        ]
    });
    super::section("learning", "Can it still learn?", blocks)
}

/// Prequential accuracy, experience by experience.
fn online(findings: &Findings<'_>, i: usize) -> Option<Figure> {
    let sheet = Sheet {
        id: &format!("online-{}", findings.names[i]),
        title: format!("{}: online accuracy", findings.stream(i)),
        caption: "Share of the stream's rows that were classified correctly in the update that then learned from them, over each experience; mean over \
                  seeds with the 95% interval. Falling curves lose the ability to learn."
            .into(),
        description: String::new(),
        x: stream_axis(),
        y: Axis::new("Online accuracy", "%"),
    };
    along(
        findings,
        i,
        sheet,
        curves(findings, i, |trace| &trace.online),
        100.0,
    )
}

/// Training loss.
fn loss(findings: &Findings<'_>, i: usize) -> Option<Figure> {
    let sheet = Sheet {
        id: &format!("loss-{}", findings.names[i]),
        title: format!("{}: training loss", findings.stream(i)),
        caption: "Mean training loss since the last record, with what mechanisms add to it; mean over seeds with the 95% interval.".into(),
        description: String::new(),
        x: stream_axis(),
        y: Axis::new("Loss", ""),
    };
    along(findings, i, sheet, curves(findings, i, |trace| &trace.loss), 1.0)
}

fn along(
    findings: &Findings<'_>,
    i: usize,
    sheet: Sheet<'_>,
    curves: Vec<Curve>,
    factor: f64,
) -> Option<Figure> {
    let content = Lines {
        curves,
        levels: Vec::new(),
        experiences: Some(findings.experiences(i)),
        factor,
        y: None,
        resolution: resolution(findings),
    };
    chart::lines(sheet, &content)
}

/// Quantities of hidden units, and the accuracy of each task when it was learned.
fn panels(findings: &Findings<'_>, i: usize) -> Vec<Option<Figure>> {
    let traced = &findings.traced[i];
    let has = |metric: &Metric| traced.iter().any(|trace| trace.plasticity.contains_key(metric));
    let examined = Metric::in_table(Table::Plasticity).any(|metric| has(&metric));
    let learned = [Metric::LEARNING_ACCURACY, Metric::LEARNING_ERROR];
    let all = learned
        .into_iter()
        .chain(Metric::in_table(Table::Plasticity))
        .filter(|_| examined);
    all.map(|metric| {
        let (y, factor, _) = of_metric(metric);
        let curve = |(k, trace): (usize, &crate::traces::Traced)| {
            Some(Curve {
                title: findings.title(i, k).to_owned(),
                look: findings.look(i, k),
                points: trace.plasticity.get(&metric)?.clone(),
            })
        };
        let sheet = Sheet {
            id: &format!("{}-{}", metric.name(), findings.names[i]),
            title: format!("{}: {}", findings.stream(i), metric.title()),
            caption: said(metric),
            description: String::new(),
            x: stream_axis(),
            y,
        };
        along(
            findings,
            i,
            sheet,
            traced.iter().enumerate().filter_map(curve).collect(),
            factor,
        )
    })
    .collect()
}

/// The caption of a panel, whose values are for each experience by itself.
fn said(metric: Metric) -> String {
    let whole = metric
        .explanation()
        .replace(" at the end", " after each experience");
    let of_each = whole.split(": mean_i").next().unwrap_or_default();
    let of_each = of_each.replace("Mean accuracy on each", "Accuracy on each");
    format!(
        "{}. Mean over seeds with the 95% interval.",
        of_each.trim_end_matches('.')
    )
}
