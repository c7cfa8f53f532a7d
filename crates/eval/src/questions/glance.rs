//! The answers in short: a few sentences for each stream, and the result against its cost.

use super::{DETAILED, beside, cost, detailed};
use crate::document::{Block, present};
use crate::findings::Findings;
use crate::metrics::Metric;
use crate::prose;

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
            let short = said
                .lead
                .iter()
                .chain(said.growth_short.as_ref().filter(|_| !said.leader_grows));
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
        let growth = ("Growth.", said.growth_short.clone());
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
    let few: Vec<&String> = findings.said.iter().filter_map(|s| s.too_few.as_ref()).collect();
    let few = few.first().filter(|first| {
        findings.streams.len() > LABELLED
            && few.len() == findings.streams.len()
            && few.iter().all(|f| f == *first)
    });
    let few = few.map(|sentence| Block::List(vec![("Certainty.".into(), (*sentence).clone())]));
    let tested = findings.across.as_ref().filter(|across| across.test.is_some());
    let across = tested.map(|across| {
        let said = prose::across(findings.suite, across).join(" ");
        Block::List(vec![("Across streams.".into(), said)])
    });
    let drawn = streams
        .filter_map(|i| {
            let costs = [Metric::PARAMETERS, Metric::COMPUTE, Metric::MEMORY];
            let drawn = |cost| cost::against(findings, i, "glance", cost);
            costs.into_iter().find_map(drawn)
        })
        .take(DRAWN)
        .map(Some);
    let note = (!detailed(findings)).then(|| {
        Block::Note(format!(
            "With more than {DETAILED} streams, charts of cost, growth, learning and forgetting, matrices and tables of layers are left out here. A report on \
             fewer streams has them, and the CSV files have all numbers."
        ))
    });
    present(
        std::iter::once(across)
            .chain(said.flatten())
            .chain([few, beside(drawn), note]),
    )
}
