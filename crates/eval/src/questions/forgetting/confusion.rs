//! Confusion at the end of the stream, as heat maps.

use super::super::detailed;
use super::percent;
use crate::document::{Block, Heat, HeatCell};
use crate::findings::Findings;
use crate::format;
use crate::tables::MOST_CLASSES;
use dentate_core::metrics::Confusion;
use std::collections::BTreeSet;

/// Confusion matrices at the end, of at most 20 classes.
pub(super) fn confusion(findings: &Findings<'_>, i: usize) -> Vec<Option<Block>> {
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
