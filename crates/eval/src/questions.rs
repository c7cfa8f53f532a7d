//! The report's questions, in their order; one without an answer is left out.

use crate::document::{Block, Document, Part, Section, present};
use crate::findings::Findings;

mod across;
mod axes;
mod best;
mod claims;
mod cost;
mod edits;
mod factors;
mod forgetting;
mod glance;
mod growth;
mod learning;
mod made;
mod maps;
mod problems;
pub(crate) mod settings;
pub(crate) use made::moment;

/// More streams than this have their main charts and tables only: the page has to open on a phone.
const DETAILED: usize = 20;

/// The report on the findings.
pub(crate) fn document(findings: &Findings<'_>) -> Document {
    let sections = [
        best::section(findings),
        cost::section(findings),
        growth::section(findings),
        edits::section(findings),
        forgetting::section(findings),
        learning::section(findings),
        factors::section(findings),
        maps::section(findings),
        claims::section(findings),
    ];
    let mut document = Document {
        answers: glance::answers(findings),
        sections: sections
            .into_iter()
            .flatten()
            .filter(|s| !s.blocks.is_empty())
            .collect(),
    };
    let made = made::section(findings, &document.explained());
    document.sections.push(made);
    document
}

/// Returns whether all charts of each stream fit into the page.
fn detailed(findings: &Findings<'_>) -> bool {
    findings.streams.len() <= DETAILED
}

/// The number of points of a curve, so that the curves of a large suite fit into a page.
fn resolution(findings: &Findings<'_>) -> usize {
    let curves: usize = findings.streams.iter().map(|c| c.rows.len()).sum();
    (20_000 / curves.max(1)).clamp(10, 100)
}

fn section(id: &'static str, question: &str, blocks: Vec<Block>) -> Option<Section> {
    (!blocks.is_empty()).then(|| Section {
        id,
        question: question.into(),
        blocks,
    })
}

/// The answer for each stream that has one, under the stream's title where there are several.
fn by_stream(findings: &Findings<'_>, id: &str, answer: impl Fn(usize) -> Vec<Option<Block>>) -> Vec<Block> {
    let several = findings.streams.len() > 1;
    let mut all = Vec::new();
    for stream in 0..findings.streams.len() {
        let blocks = present(answer(stream));
        if blocks.is_empty() {
            continue;
        }
        if several {
            all.push(Block::Part(Part {
                id: format!("{id}-{}", findings.names[stream]),
                title: findings.stream(stream).to_owned(),
                blocks,
            }));
        } else {
            all.extend(blocks);
        }
    }
    all
}

/// Figures side by side; `None` if there are none.
fn beside(figures: impl IntoIterator<Item = Option<crate::figure::Figure>>) -> Option<Block> {
    let blocks: Vec<Block> = figures.into_iter().flatten().map(Block::Figure).collect();
    (!blocks.is_empty()).then_some(Block::Beside(blocks))
}
