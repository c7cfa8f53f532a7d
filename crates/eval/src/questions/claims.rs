//! Which published figures hold?

use crate::document::{Block, Section, present};
use crate::findings::Findings;
use crate::{prose, tables};

pub(super) fn section(findings: &Findings<'_>) -> Option<Section> {
    let tested = &findings.claims;
    let table = tables::claims(tested)?;
    let notes: Vec<(String, String)> = prose::notes(tested)
        .into_iter()
        .map(|(what, said)| (what, prose::name(&said)))
        .collect();
    let blocks = present([
        Some(Block::Say(vec![prose::claims(tested)])),
        Some(Block::Table(table.called("claims".into()))),
        Some(Block::Note(
            "A claim is held if the mean over seeds is within the tolerance of the published figure, or in the asserted order; a claim about each run, if \
             every run is. The interval decides nothing: a verdict that the whole 95% interval agrees with is certain, and another is open."
                .into(),
        )),
        (!notes.is_empty()).then(|| Block::Folded("Departures and causes".into(), vec![Block::List(notes)])),
    ]);
    super::section("claims", "Which published figures hold?", blocks)
}
