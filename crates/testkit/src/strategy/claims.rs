//! Laws that a strategy claims to satisfy.

use super::Conformance;
use super::case::{Case, Data};
use super::check_law::{check_law, law};
use super::coverage::Coverage;
use super::driver::{FinishedRun, through};
use super::preserving::preserves_function;
use super::subject::Subject;
use dentate_core::{Predictions, Progress, Scenario};
use dentate_growth::Law;

law! {
    /// The laws that the strategy claims (`GrowthStrategy::laws`) hold.
    claimed_laws_hold, CLAIMED = 32, &[Data::Plain], claimed, |subject, _| claims(subject), wide: preserves
}

fn laws(subject: &Subject) -> Vec<Law> {
    match subject {
        Subject::Strategy(strategy) => strategy.laws(),
        _ => Vec::new(),
    }
}

/// A subject that does not grow satisfies its claims by doing nothing.
fn claims(subject: &Subject) -> bool {
    let grows = matches!(subject, Subject::Strategy(strategy) if strategy.grows());
    grows && laws(subject).iter().any(|law| *law != Law::AtMost(0))
}

fn preserves(subject: &Subject) -> bool {
    claims(subject) && laws(subject).contains(&Law::PreservesFunction)
}

pub(super) fn claimed(case: &Case, subject: &Subject) -> Result<Coverage, String> {
    let mut all: Option<Coverage> = None;
    for law in laws(subject) {
        let coverage = match law {
            Law::PreservesFunction => preserves_function(case, subject),
            Law::FreezesThePast => freezes_the_past(case, subject),
            Law::AtMost(most) => at_most(case, subject, most),
        };
        let coverage = coverage.map_err(|what| format!("it claims that {law}, but {what}"))?;
        // The same case is run once more: its events count once, and the law with the fewest checks says how well all of
        // them were tried.
        all = Some(match all {
            None => coverage,
            Some(all) => Coverage {
                checks: all.checks.min(coverage.checks),
                ..all
            },
        });
    }
    Ok(all.unwrap_or_default())
}

fn freezes_the_past(case: &Case, subject: &Subject) -> Result<Coverage, String> {
    if case.scenario != Scenario::TaskIncremental {
        return Ok(Coverage::default());
    }
    let mut kept: Vec<Predictions> = Vec::new();
    let past = through(case, subject, |driver, _, _, progress| {
        for (task, old) in kept.iter().enumerate() {
            driver.coverage.checks += 1;
            if driver.predictions(task).map_err(|e| e.to_string())? != *old {
                return Err(format!(
                    "the answers for task {task} changed in experience {}",
                    driver.experience
                ));
            }
        }
        if progress == Progress::Finished {
            let over = driver.experience - 1;
            kept.push(driver.predictions(over).map_err(|e| e.to_string())?);
        }
        Ok(())
    });
    past.map(|past| past.coverage)
}

fn at_most(case: &Case, subject: &Subject, most: usize) -> Result<Coverage, String> {
    let past: FinishedRun = through(case, subject, |driver, before, after, _| {
        driver.coverage.checks += u64::from(!driver.own_since(before).is_empty());
        for layer in after.graph.hidden() {
            let old = before.graph.layer(layer.id).map_or(0, |l| l.width());
            if layer.width() > most && layer.width() > old && old > 0 {
                return Err(format!(
                    "layer `{}` grew from {old} to {} units",
                    layer.name,
                    layer.width()
                ));
            }
        }
        Ok(())
    })?;
    Ok(past.coverage)
}
