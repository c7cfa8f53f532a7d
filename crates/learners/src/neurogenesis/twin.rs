//! The static twin of a growing stack: the fixed control with the same procedure, all encoder widths times one factor, the largest that
//! keeps within the budget.

use super::NeurogenesisDeepLearning;
use super::stack::Stack;
use dentate_core::{
    Graph, Init, LearnerMemory, LearnerSpec, Moment, RunCosts, Seed, StreamFacts, TwinBudget, Unsuited,
    scaled_widths,
};

/// Refuses budgets that the learner has no setting for.
pub(super) fn has_twin(budget: TwinBudget) -> Result<(), Unsuited> {
    match budget {
        TwinBudget::FinalParameters | TwinBudget::MeanParameters | TwinBudget::Memory => Ok(()),
        TwinBudget::Updates | TwinBudget::MultiplyAdds => {
            let reason = "phases of neurogenesis deep learning have lengths of their own, and no budget: take `final-parameters`, \
                          `mean-parameters` or `memory`";
            Err(Unsuited::new("twin", budget, reason))
        }
    }
}

/// The twin of a finished run.
pub(super) fn twin(
    config: &NeurogenesisDeepLearning,
    budget: TwinBudget,
    run: &RunCosts,
    stream: &StreamFacts,
) -> Result<Box<dyn LearnerSpec>, Unsuited> {
    has_twin(budget)?;
    let fixed = NeurogenesisDeepLearning {
        growth: false,
        ..config.clone()
    };
    let features = stream.info(0).map_or(1, |info| info.features);
    let known = classes(config, run);
    let fits = |widths: &[usize]| {
        let code = widths.last().copied().unwrap_or(0);
        let statistics = known.saturating_mul(statistics(code));
        let parameters = parameters(&widened(&fixed, widths), features);
        parameters.is_some_and(|n| run.allows(budget, n, statistics))
    };
    match scaled_widths(&config.widths, fits) {
        Some(widths) => Ok(Box::new(widened(&fixed, &widths))),
        None => {
            let reason = "no stack of so many levels keeps within what the run has shown";
            Err(Unsuited::new("twin", budget, reason))
        }
    }
}

fn widened(config: &NeurogenesisDeepLearning, widths: &[usize]) -> NeurogenesisDeepLearning {
    NeurogenesisDeepLearning {
        widths: widths.to_vec(),
        ..config.clone()
    }
}

/// Bytes of the statistics of a class: the mean of its codes and the factor of their covariance.
fn statistics(code: usize) -> u64 {
    LearnerMemory::of(code.saturating_mul(code.saturating_add(1)))
}

/// The classes that a run knew at its end, from the bytes of their statistics: the code is the hidden layer behind the encoder's others.
fn classes(config: &NeurogenesisDeepLearning, run: &RunCosts) -> u64 {
    let code = run.units.get(config.levels() - 1).copied().unwrap_or(1);
    let each = statistics(usize::try_from(code).unwrap_or(usize::MAX));
    run.memory.statistics / each.max(1)
}

/// The parameters of a stack; `None` for one that cannot be made.
fn parameters(config: &NeurogenesisDeepLearning, features: usize) -> Option<u64> {
    // Only sizes matter here, so nothing is drawn.
    let plain = NeurogenesisDeepLearning {
        init: Init::Zero,
        ..config.clone()
    };
    let (plan, _) = Stack::plan(&plain, features, Seed(0));
    let (graph, _) = Graph::empty().apply(&plan, Moment::default()).ok()?;
    Some(graph.parameter_count() as u64)
}

#[cfg(test)]
mod tests;
