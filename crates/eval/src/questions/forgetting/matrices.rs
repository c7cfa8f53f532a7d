//! Accuracy matrices as heat maps, and their differences to the control's.

use super::percent;
use crate::document::{Block, Heat, HeatCell};
use crate::findings::Findings;
use crate::format::{self, ABSENT};
use dentate_core::metrics::AccuracyMatrix;

/// The accuracy matrices, and their differences from the control's.
pub(super) fn matrices(findings: &Findings<'_>, i: usize, differences: bool) -> Vec<Option<Block>> {
    let c = &findings.streams[i];
    let entry = &findings.suite.manifest.streams[c.stream];
    let floor = entry.chance.unwrap_or(0.0);
    let rows: Vec<usize> = (0..c.rows.len())
        .filter(|k| c.rows[*k].matrix.looks_back())
        .collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let heat = |k: usize| {
        let row = &c.rows[k];
        let caption = format!(
            "{}: accuracy in %, {}",
            findings.title(i, k),
            format::plural(row.finished, "seed")
        );
        Block::Heat(matrix(caption, &row.matrix, &entry.tasks, |i, j, v| {
            accuracy(i, j, v, row.matrix.is_joint(), floor)
        }))
    };
    let mut blocks = vec![
        Some(Block::Beside(rows.iter().map(|k| heat(*k)).collect())),
        Some(Block::Note(format!(
            "Accuracy on each task (columns) after each task (rows), mean over seeds. Colour runs from {} to 100%. Framed: right after the task was learned; \
             in italics: not yet learned.",
            if floor > 0.0 { "chance level" } else { "0" }
        ))),
    ];
    let control = c
        .control()
        .map(|r| &r.matrix)
        .filter(|m| m.looks_back() && differences);
    if let Some(control) = control {
        let others = rows.iter().filter(|k| {
            !std::ptr::eq(&raw const c.rows[**k].matrix, control) && !c.rows[**k].matrix.is_joint()
        });
        let heats: Vec<Block> = others
            .map(|k| {
                let row = &c.rows[*k];
                let caption = format!("{}: difference to the control in points", findings.title(i, *k));
                Block::Heat(matrix(caption, &row.matrix, &entry.tasks, |i, j, v| {
                    difference(i, j, v, control.get(i, j))
                }))
            })
            .collect();
        if !heats.is_empty() {
            let note = "Where and when a method keeps more than the control (blue) or less (orange).";
            blocks.push(Some(Block::Folded(
                "Difference of each matrix to the control's".into(),
                vec![Block::Beside(heats), Block::Note(note.into())],
            )));
        }
    }
    blocks
}

fn matrix(
    caption: String,
    matrix: &AccuracyMatrix,
    tasks: &[String],
    cell: impl Fn(usize, usize, Option<f64>) -> HeatCell,
) -> Heat {
    let name = |j: usize| {
        tasks
            .get(j)
            .map_or_else(|| format!("task {}", j + 1), Clone::clone)
    };
    let joint = matrix.is_joint();
    let row = |(i, row): (usize, &Vec<Option<f64>>)| {
        let cells = row.iter().enumerate().map(|(j, entry)| cell(i, j, *entry));
        (if joint { "all".into() } else { name(i) }, cells.collect())
    };
    Heat {
        caption,
        corner: "after",
        columns: (0..matrix.tasks()).map(name).collect(),
        rows: matrix.rows().iter().enumerate().map(row).collect(),
    }
}

fn accuracy(i: usize, j: usize, entry: Option<f64>, joint: bool, floor: f64) -> HeatCell {
    let Some(value) = entry else {
        return absent();
    };
    HeatCell {
        text: percent(value),
        share: Some(((value - floor) / (1.0 - floor).max(1e-9)).clamp(0.0, 1.0)),
        signed: false,
        framed: !joint && i == j,
        ahead: !joint && j > i,
    }
}

/// A difference from the control; 50 points have the full colour.
fn difference(i: usize, j: usize, entry: Option<f64>, control: Option<f64>) -> HeatCell {
    let (Some(value), Some(control)) = (entry, control) else {
        return absent();
    };
    HeatCell {
        text: format::points(value - control),
        share: Some(((value - control) / 0.5).clamp(-1.0, 1.0)),
        signed: true,
        framed: i == j,
        ahead: j > i,
    }
}

fn absent() -> HeatCell {
    HeatCell {
        text: ABSENT.into(),
        share: None,
        signed: false,
        framed: false,
        ahead: false,
    }
}
