//! Laws that a strategy claims.

use super::Subject;
use super::candidate::Candidate;
use super::course::{Course, through};
use super::hold::{hold, law};
use super::world::{Data, World};
use dentate_core::{Predictions, Progress, Scenario};
use dentate_growth::Law;

law! {
    /// What the strategy claims of itself (`GrowthStrategy::laws`) holds.
    what_is_claimed_holds, 32, &[Data::Plain], claimed
}

pub(super) fn claimed(world: &World, candidate: &Candidate) -> Result<bool, String> {
    let Candidate::Strategy(strategy) = candidate else {
        return Ok(false);
    };
    for law in strategy.laws() {
        let broken = match law {
            Law::PreservesFunction => preserves_function(world, candidate),
            Law::FreezesThePast => freezes_the_past(world, candidate),
            Law::AtMost(most) => at_most(world, candidate, most),
        };
        broken.map_err(|what| format!("it claims that {law}, but {what}"))?;
    }
    Ok(true)
}

/// All answers as numbers; those that are not there yet are −∞.
fn answers(course: &mut Course<'_>) -> Result<Vec<Vec<f32>>, String> {
    let last = course.experience.min(course.world.experiences - 1);
    let of = |predictions| match predictions {
        Predictions::Scores(all) | Predictions::Values(all) | Predictions::Codes(all) => {
            all.rows().into_iter().map(|row| row.to_vec()).collect::<Vec<_>>()
        }
        Predictions::Abstain => Vec::new(),
    };
    let mut all = Vec::new();
    for experience in 0..=last {
        all.extend(of(course.predictions(experience)?));
    }
    Ok(all)
}

fn preserves_function(world: &World, candidate: &Candidate) -> Result<(), String> {
    let mut before: Option<Vec<Vec<f32>>> = None;
    through(world, candidate, |course, moment, _, progress| {
        let after = answers(course)?;
        let own = progress == Progress::Edited && !course.own_since(moment).is_empty();
        if let Some(before) = before.as_ref().filter(|_| own) {
            for (old, new) in before.iter().zip(&after) {
                for (class, (old, new)) in old
                    .iter()
                    .zip(new)
                    .enumerate()
                    .filter(|(_, (old, _))| old.is_finite())
                {
                    if (old - new).abs() > 1e-4 * (1.0 + old.abs()) {
                        return Err(format!(
                            "an edit took output {class} of a row from {old} to {new}"
                        ));
                    }
                }
            }
        }
        before = Some(after);
        Ok(())
    })
    .map(drop)
}

fn freezes_the_past(world: &World, candidate: &Candidate) -> Result<(), String> {
    if world.scenario != Scenario::TaskIncremental {
        return Ok(());
    }
    let mut kept: Vec<Predictions> = Vec::new();
    through(world, candidate, |course, _, _, progress| {
        for (task, old) in kept.iter().enumerate() {
            if course.predictions(task)? != *old {
                return Err(format!(
                    "the answers for task {task} changed in experience {}",
                    course.experience
                ));
            }
        }
        if progress == Progress::Finished {
            let over = course.experience - 1;
            kept.push(course.predictions(over)?);
        }
        Ok(())
    })
    .map(drop)
}

fn at_most(world: &World, candidate: &Candidate, most: usize) -> Result<(), String> {
    through(world, candidate, |_, before, after, _| {
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
    })
    .map(drop)
}
