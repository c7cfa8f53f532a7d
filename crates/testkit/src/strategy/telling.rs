//! Laws of the journal and the saved state of a learner.

use super::Subject;
use super::candidate::Candidate;
use super::course::{End, through};
use super::hold::{hold, law};
use super::seen::Seen;
use super::world::{Data, World};

/// The name of a map's saved prototypes, and the layer that represents them.
const PROTOTYPES: &str = "prototypes";
const CODEBOOK: &str = "codebook";

law! {
    /// Replaying the journal gives the graph, at any time; a learner that saves prototypes has as many as its layer `codebook`
    /// has units.
    the_journal_tells_the_graph, TELLS = 24, &[Data::Plain], tells, |_, _| true
}

pub(super) fn tells(world: &World, candidate: &Candidate) -> Result<Seen, String> {
    let mut told = 0;
    let past = through(world, candidate, |course, _, after, _| {
        let journal = course.learner.architecture().journal();
        // Replaying costs as much as growing did, so it is not repeated if nothing was added.
        if journal.events.len() != told {
            told = journal.events.len();
            let replayed = journal
                .replay(told)
                .map_err(|e| format!("its journal cannot be replayed: {e}"))?;
            if replayed != after.graph {
                return Err(format!(
                    "its journal of {told} events tells of another graph than it has"
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
    Ok(past.seen.and_tested(past.end == End::Finished))
}
