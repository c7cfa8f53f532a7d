//! Laws of the journal and the saved state of a learner.

use super::Conformance;
use super::case::{Case, Data};
use super::check_law::{check_law, law};
use super::coverage::Coverage;
use super::driver::{End, through};
use super::subject::Subject;

/// The name of a map's saved prototypes, and the layer that represents them.
const PROTOTYPES: &str = "prototypes";
const CODEBOOK: &str = "codebook";

law! {
    /// Replaying the journal gives the graph, at any time; a learner that saves prototypes has as many as its layer `codebook`
    /// has units.
    the_journal_replays_to_the_graph, REPLAYS = 24, &[Data::Plain], replays, |_, _| true
}

pub(super) fn replays(case: &Case, subject: &Subject) -> Result<Coverage, String> {
    let mut describe = 0;
    let past = through(case, subject, |driver, _, after, _| {
        let journal = driver.learner.architecture().journal();
        // Replaying costs as much as growing did, so it is not repeated if nothing was added.
        if journal.events.len() != describe {
            describe = journal.events.len();
            let replayed = journal
                .replay(describe)
                .map_err(|e| format!("its journal cannot be replayed: {e}"))?;
            if replayed != after.graph {
                return Err(format!(
                    "its journal of {describe} events tells of another graph than it has"
                ));
            }
        }
        let layer = after.graph.named(CODEBOOK);
        match (after.arrays.get(PROTOTYPES), layer) {
            (Some(prototypes), Some(layer)) if prototypes.nrows() != layer.width() => Err(format!(
                "it has {} prototypes, and its layer `{CODEBOOK}` has {} units",
                prototypes.nrows(),
                layer.width()
            )),
            _ => Ok(()),
        }
    })?;
    Ok(past.coverage.and_tested(past.end == End::Finished))
}
