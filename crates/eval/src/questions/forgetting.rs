//! The question "What was forgotten, and when?".

use super::{beside, by_stream, detailed, resolution};
use crate::chart::{self, Curve, Lines, Sheet, stream_axis};
use crate::comparison::Scoring;
use crate::document::{Block, Heat, HeatCell, Section};
use crate::figure::{Axis, Figure};
use crate::findings::Findings;
use crate::format::{self, ABSENT};
use crate::look::Look;
use crate::tables::{self, MOST_CLASSES};
use crate::traces::Traced;
use crate::trajectory::Point;
use dentate_core::metrics::{AccuracyMatrix, Confusion};
use std::collections::BTreeSet;

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

/// The accuracy matrices, and their differences from the control's.
fn matrices(findings: &Findings<'_>, i: usize, differences: bool) -> Vec<Option<Block>> {
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

fn absent() -> HeatCell {
    HeatCell {
        text: ABSENT.into(),
        share: None,
        signed: false,
        framed: false,
        ahead: false,
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

fn percent(share: f64) -> String {
    if share >= 0.9995 {
        "100".into()
    } else {
        format!("{:.1}", share * 100.0)
    }
}

/// Confusion matrices at the end, of at most 20 classes.
fn confusion(findings: &Findings<'_>, i: usize) -> Vec<Option<Block>> {
    let c = &findings.streams[i];
    let summed = |runs: &[usize]| {
        let mut sum = Confusion::default();
        runs.iter()
            .for_each(|run| sum.extend(&findings.measured[*run].confusion));
        sum
    };
    let all: Vec<(usize, Confusion)> = (0..c.rows.len()).map(|k| (k, summed(&c.rows[k].runs))).collect();
    let counts = all.iter().flat_map(|(_, confusion)| confusion.counts());
    let classes: BTreeSet<u32> = counts
        .flat_map(|((own, predicted), _)| [Some(own), predicted])
        .flatten()
        .collect();
    if classes.is_empty() || classes.len() > MOST_CLASSES || !detailed(findings) {
        return Vec::new();
    }
    let known = all.iter().filter(|(_, confusion)| !confusion.is_empty());
    let heats = known.map(|(k, confusion)| {
        let seeds = format::plural(c.rows[*k].finished, "seed");
        let caption = format!("Confusion matrix of {}, {seeds}", findings.title(i, *k));
        Block::Heat(confused(caption, confusion, &classes))
    });
    let note = "Rows: the true class; columns: the class it was taken for. Percent of the rows of the true class at the end of the stream, all seeds \
                together. Framed: right.";
    vec![Some(Block::Folded(
        "Confusion at the end of the stream".into(),
        vec![Block::Beside(heats.collect()), Block::Note(note.into())],
    ))]
}

fn confused(caption: String, confusion: &Confusion, classes: &BTreeSet<u32>) -> Heat {
    let none = confusion.counts().any(|((_, predicted), _)| predicted.is_none());
    let columns: Vec<Option<u32>> = classes
        .iter()
        .copied()
        .map(Some)
        .chain(none.then_some(None))
        .collect();
    let row = |(own, rows): (u32, u64)| {
        let cell = |column: &Option<u32>| {
            let share = confusion.count(own, *column) as f64 / rows as f64;
            HeatCell {
                text: if share == 0.0 {
                    String::new()
                } else {
                    percent(share)
                },
                share: Some(share),
                signed: false,
                framed: *column == Some(own),
                ahead: false,
            }
        };
        (own.to_string(), columns.iter().map(cell).collect())
    };
    Heat {
        caption,
        corner: "class",
        columns: columns
            .iter()
            .map(|c| c.map_or_else(|| "none".into(), |c| c.to_string()))
            .collect(),
        rows: confusion.rows().into_iter().map(row).collect(),
    }
}

/// Reconstruction errors along the stream, of each class and at each level of a stack.
fn reconstructions(findings: &Findings<'_>, i: usize) -> Vec<Option<Figure>> {
    let c = &findings.streams[i];
    let by_seed = findings.suite.manifest.streams[c.stream].tasks_by_seed;
    let part = if by_seed { "task" } else { "class" };
    let by_class = format!(
        "Mean over seeds of the squared error per input feature: test rows of each {part}, learned or not, after each experience."
    );
    let by_level = "Mean over seeds of the squared error per input feature: training rows of what arrives, through the first levels of the stack, before it \
                    grows and after each round.";
    let mut all = Vec::new();
    for (k, trace) in findings.traced[i].iter().enumerate() {
        for (kind, named, caption) in [
            (part, &trace.classes, by_class.as_str()),
            ("level", &trace.levels, by_level),
        ] {
            let curve = |(n, (title, points)): (usize, &(String, Vec<Point>))| Curve {
                title: title.clone(),
                look: Look::nth(n),
                points: points.clone(),
            };
            let sheet = Sheet {
                id: &format!("reconstruction-{kind}-{}-{k}", findings.names[i]),
                title: format!("{}: reconstruction error by {kind}", findings.title(i, k)),
                caption: caption.to_owned(),
                description: String::new(),
                x: stream_axis(),
                y: Axis::new("Squared error", "thousandths"),
            };
            let content = Lines {
                curves: named.iter().enumerate().map(curve).collect(),
                levels: Vec::new(),
                experiences: Some(findings.experiences(i)),
                factor: 1000.0,
                y: None,
                resolution: resolution(findings),
            };
            all.push(chart::lines(sheet, &content));
        }
    }
    all
}
