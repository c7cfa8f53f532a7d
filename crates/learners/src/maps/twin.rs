//! The static twin of a growing map: k-means with as many centres.

use super::rule::Rule;
use dentate_core::{LearnerSpec, RunCosts, TwinBudget, Unsuited};
use serde_json::json;

/// Refuses budgets that k-means has no setting for.
pub(crate) fn has_twin(budget: TwinBudget) -> Result<(), Unsuited> {
    match budget {
        TwinBudget::FinalParameters | TwinBudget::MeanParameters | TwinBudget::Memory => Ok(()),
        TwinBudget::Updates | TwinBudget::MultiplyAdds => {
            let reason = "the twin of a map is k-means, which sees each signal as often as the map does and has no other budget: take \
                          `final-parameters`, `mean-parameters` or `memory`";
            Err(Unsuited::new("twin", budget, reason))
        }
    }
}

/// The twin of a finished run: as many centres as its units, or as they were on average. What a unit remembers of classes, a centre does
/// as well.
pub(crate) fn twin<R: Rule>(
    rule: &R,
    budget: TwinBudget,
    run: &RunCosts,
) -> Result<Box<dyn LearnerSpec>, Unsuited> {
    has_twin(budget)?;
    let units = run.units.iter().sum::<u64>();
    let features = run.parameters / units.max(1);
    let centres = match budget {
        TwinBudget::MeanParameters => run.mean_parameters / features.max(1),
        _ => units,
    };
    let centres = usize::try_from(centres).unwrap_or(usize::MAX);
    if centres < 2 {
        let reason = "k-means needs two centres, and the run had fewer units";
        return Err(Unsuited::new("twin", budget, reason));
    }
    // By its name, as a suite would have it: a rule that named k-means, which is a rule itself, would be in a circle with it.
    let settings = json!({
        "learner": "k-means",
        "units": centres,
        "epochs": rule.epochs(),
        "batch": rule.batch(),
        "reading": rule.reading(),
    });
    serde_json::from_value(settings).map_err(|error| Unsuited::new("twin", budget, error.to_string()))
}

#[cfg(test)]
mod tests;
