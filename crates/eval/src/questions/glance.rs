//! The answers in short: a few sentences for each stream, and the result against its cost.

use super::{DETAILED, beside, cost, detailed};
use crate::document::{Block, present};
use crate::findings::Findings;
use crate::metrics::Metric;

/// The most streams whose charts stand at the top.
const DRAWN: usize = 2;

/// The most streams whose answers are given in full.
const LABELLED: usize = 3;

/// The part above all questions.
pub(super) fn answers(findings: &Findings<'_>) -> Vec<Block> {
    let streams = 0..findings.streams.len();
    if findings.streams.is_empty() {
        return vec![Block::Say(vec!["The suite asks for no run.".into()])];
    }
    let several = findings.streams.len() > 1;
    let said = streams.clone().map(|i| {
        let said = &findings.said[i];
        if findings.streams.len() > LABELLED || said.lead.is_none() {
            // Of many streams the first sentences have to do.
            let short = said.lead.iter().chain(said.growth.first());
            let short: Vec<String> = if findings.streams.len() > LABELLED {
                short.cloned().collect()
            } else {
                Vec::new()
            };
            let sentences = if short.is_empty() {
                said.headline.clone()
            } else {
                short
            };
            return vec![Some(if several {
                Block::List(vec![(format!("{}.", findings.stream(i)), sentences.join(" "))])
            } else {
                Block::Say(sentences)
            })];
        }
        let best = ("Best.", said.lead.clone());
        let growth = ("Growth.", said.growth.first().cloned());
        let [first, second] = if said.growth_first {
            [growth, best]
        } else {
            [best, growth]
        };
        let labelled = [
            first,
            second,
            ("Cost.", said.price.clone()),
            ("Certainty.", said.power.clone()),
            (
                "Never grew.",
                (!said.never_grew.is_empty()).then(|| said.never_grew.join(" ")),
            ),
        ];
        let entries: Vec<(String, String)> = labelled
            .into_iter()
            .filter_map(|(label, text)| Some((label.to_owned(), text?)))
            .collect();
        let title = several.then(|| Block::Head(findings.stream(i).to_owned()));
        vec![title, Some(Block::List(entries))]
    });
    let drawn = streams
        .filter_map(|i| cost::against(findings, i, "glance", Metric::PARAMETERS))
        .take(DRAWN)
        .map(Some);
    let note = (!detailed(findings)).then(|| {
        Block::Note(format!(
            "With more than {DETAILED} streams, charts of cost, growth, learning and forgetting, matrices and tables of layers are left out here. A report on \
             fewer streams has them, and the CSV files have all numbers."
        ))
    });
    present(said.flatten().chain([beside(drawn), note]))
}
