//! The question "What was forgotten, and when?".

use super::{beside, by_stream, detailed, resolution};
use crate::chart::{self, Curve, Lines, Sheet, stream_axis};
use crate::comparison::Scoring;
use crate::document::{Block, Section};
use crate::figure::{Axis, Figure};
use crate::findings::Findings;
use crate::tables;
use crate::traces::Traced;
use crate::trajectory::Point;

mod confusion;
mod matrices;
mod reconstructions;
use confusion::confusion;
use matrices::matrices;
use reconstructions::reconstructions;

/// The most entries of all matrices of a page.
const MOST_ENTRIES: usize = 40_000;

pub(super) fn section(findings: &Findings<'_>) -> Option<Section> {
    let entries: usize = findings
        .streams
        .iter()
        .flat_map(|c| &c.rows)
        .map(|row| row.matrix.rows().len() * row.matrix.tasks())
        .sum();
    let blocks = by_stream(findings, "forgetting", |i| {
        let (suite, c, name) = (findings.suite, &findings.streams[i], &findings.names[i]);
        let named = |table: Option<tables::Table>, kind: &str| {
            table.map(|t| Block::Table(t.called(format!("{kind}-{name}"))))
        };
        let accuracy = c.scoring == Scoring::Accuracy;
        let said = findings.said[i].forgetting.clone();
        let mut blocks = vec![
            named(tables::transfer(suite, c), "transfer"),
            Some(Block::Say(said)),
            beside([earlier(findings, i)]),
        ];
        if accuracy && entries <= MOST_ENTRIES && detailed(findings) {
            blocks.extend(matrices(findings, i, 2 * entries <= MOST_ENTRIES));
        }
        if accuracy && detailed(findings) {
            blocks.push(named(tables::classes(suite, c, &findings.measured), "classes"));
            blocks.extend(confusion(findings, i));
        }
        blocks.push(named(
            tables::reconstruction(suite, c, &findings.measured),
            "reconstruction",
        ));
        blocks.push(beside(reconstructions(findings, i)));
        // Sentences on what there is not say nothing by themselves.
        let shown = blocks.iter().flatten().any(|b| !matches!(b, Block::Say(_)));
        if shown { blocks } else { Vec::new() }
    });
    super::section("forgetting", "What was forgotten, and when?", blocks)
}

/// Accuracy on the tasks of earlier experiences, measured within experiences: its dips after a switch are the stability gap.
fn earlier(findings: &Findings<'_>, i: usize) -> Option<Figure> {
    if !detailed(findings) {
        return None;
    }
    let curves = curves(findings, i, |trace| &trace.earlier);
    let sheet = Sheet {
        id: &format!("earlier-{}", findings.names[i]),
        title: format!("{}: accuracy on earlier tasks within experiences", findings.stream(i)),
        caption: "Mean accuracy on the tasks of earlier experiences, measured while the next one is learned; mean over seeds with the 95% interval. A dip \
                  right after a boundary that is made good later is a stability gap."
            .into(),
        description: String::new(),
        x: stream_axis(),
        y: Axis::new("Accuracy on earlier tasks", "%"),
    };
    let content = Lines {
        curves,
        levels: Vec::new(),
        experiences: Some(findings.experiences(i)),
        factor: 100.0,
        y: None,
        resolution: 2 * resolution(findings),
    };
    chart::lines(sheet, &content)
}

/// The curves of all methods that have some points of a kind.
pub(super) fn curves(findings: &Findings<'_>, i: usize, of: impl Fn(&Traced) -> &Vec<Point>) -> Vec<Curve> {
    let traced = findings.traced[i].iter().enumerate();
    let drawn = traced.filter(|(_, trace)| !of(trace).is_empty());
    drawn
        .map(|(k, trace)| Curve {
            title: findings.title(i, k).to_owned(),
            look: findings.look(i, k),
            points: of(trace).clone(),
        })
        .collect()
}

fn percent(share: f64) -> String {
    if share >= 0.9995 {
        "100".into()
    } else {
        format!("{:.1}", share * 100.0)
    }
}
