//! `Graph::apply`: a plan is applied as a whole, or refused as a whole with the edit that was wrong.
//!
//! Edits work on a [`Draft`]: a copy of the graph that records for every unit which old unit it comes from. After all
//! edits, the draft draws the fresh values and writes the receipt.

use crate::graph::{Broken, Graph};
use crate::layer::Moment;
use crate::plan::{Edit, Plan};
use crate::receipt::Receipt;

mod checks;
mod draft;
mod edits;
mod error;
mod fresh;
mod replace;
mod settle;

use draft::Draft;
pub use error::{PlanError, Problem};
pub use replace::Replacement;

/// The maximum number of units in one layer; a plan that exceeds it is refused.
pub const MAX_WIDTH: usize = 1 << 20;

/// The maximum number of values in one layer per row: units × positions.
pub const MAX_VALUES: usize = 1 << 26;

/// The maximum number of parameters of a graph.
pub const MAX_PARAMETERS: usize = 1 << 31;

impl Graph {
    /// Applies `plan` at `moment`, all or nothing; this graph is not changed.
    ///
    /// # Errors
    /// [`PlanError`], which names the first edit that cannot be done and why.
    pub fn apply(&self, plan: &Plan, moment: Moment) -> Result<(Self, Receipt), PlanError> {
        let mut draft = Draft::new(self, moment, plan.seed);
        for (index, edit) in plan.edits.iter().enumerate() {
            let fail = |problem| PlanError {
                index,
                edit: edit.name(),
                problem,
            };
            draft.edit(index, edit).map_err(fail)?;
        }
        let last = plan.edits.len().saturating_sub(1);
        let name = plan.edits.last().map_or("none", Edit::name);
        if let Err(broken) = draft.graph.check_layers() {
            // Edits check what they touch; the invariants over several layers remain.
            let (index, edit, problem) = match broken {
                Broken::Tied(a, b) => {
                    let by = [a, b].map(|l| draft.resized_by.get(&l).copied());
                    let (index, edit) = by.into_iter().flatten().max().unwrap_or((last, name));
                    (index, edit, Problem::Tied(a, b))
                }
                other => (last, name, Problem::Broken(other)),
            };
            return Err(PlanError { index, edit, problem });
        }
        let parameters = draft.graph.parameter_count();
        if parameters > MAX_PARAMETERS {
            let problem = Problem::TooLarge {
                what: "parameters",
                asked: parameters,
                limit: MAX_PARAMETERS,
            };
            return Err(PlanError {
                index: last,
                edit: name,
                problem,
            });
        }
        let (graph, receipt) = draft.settle()?;
        debug_assert_eq!(graph.check(), Ok(()), "a settled plan broke the graph");
        Ok((graph, receipt))
    }
}

#[cfg(test)]
mod tests;
