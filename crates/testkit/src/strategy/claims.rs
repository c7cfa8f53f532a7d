//! Laws that a strategy claims to satisfy.

use super::Subject;
use super::candidate::Candidate;
use super::course::{Past, through};
use super::hold::{hold, law};
use super::preserving::preserves_function;
use super::seen::Seen;
use super::world::{Data, World};
use dentate_core::{Predictions, Progress, Scenario};
use dentate_growth::Law;

law! {
    /// The laws that the strategy claims (`GrowthStrategy::laws`) hold.
    what_is_claimed_holds, CLAIMED = 32, &[Data::Plain], claimed, |candidate, _| claims(candidate), wide: preserves
}

fn laws(candidate: &Candidate) -> Vec<Law> {
    match candidate {
        Candidate::Strategy(strategy) => strategy.laws(),
        _ => Vec::new(),
    }
}

/// A subject that does not grow satisfies its claims by doing nothing.
fn claims(candidate: &Candidate) -> bool {
    let grows = matches!(candidate, Candidate::Strategy(strategy) if strategy.grows());
    grows && laws(candidate).iter().any(|law| *law != Law::AtMost(0))
}

fn preserves(candidate: &Candidate) -> bool {
    claims(candidate) && laws(candidate).contains(&Law::PreservesFunction)
}

pub(super) fn claimed(world: &World, candidate: &Candidate) -> Result<Seen, String> {
    let mut all: Option<Seen> = None;
    for law in laws(candidate) {
        let seen = match law {
            Law::PreservesFunction => preserves_function(world, candidate),
            Law::FreezesThePast => freezes_the_past(world, candidate),
            Law::AtMost(most) => at_most(world, candidate, most),
        };
        let seen = seen.map_err(|what| format!("it claims that {law}, but {what}"))?;
        // The same world is run once more: its events count once, and the law with the fewest occasions says how well all of
        // them were tried.
        all = Some(match all {
            None => seen,
            Some(all) => Seen {
                occasions: all.occasions.min(seen.occasions),
                ..all
            },
        });
    }
    Ok(all.unwrap_or_default())
}

fn freezes_the_past(world: &World, candidate: &Candidate) -> Result<Seen, String> {
    if world.scenario != Scenario::TaskIncremental {
        return Ok(Seen::default());
    }
    let mut kept: Vec<Predictions> = Vec::new();
    let past = through(world, candidate, |course, _, _, progress| {
        for (task, old) in kept.iter().enumerate() {
            course.seen.occasions += 1;
            if course.predictions(task).map_err(|e| e.to_string())? != *old {
                return Err(format!(
                    "the answers for task {task} changed in experience {}",
                    course.experience
                ));
            }
        }
        if progress == Progress::Finished {
            let over = course.experience - 1;
            kept.push(course.predictions(over).map_err(|e| e.to_string())?);
        }
        Ok(())
    });
    past.map(|past| past.seen)
}

fn at_most(world: &World, candidate: &Candidate, most: usize) -> Result<Seen, String> {
    let past: Past = through(world, candidate, |course, before, after, _| {
        course.seen.occasions += u64::from(!course.own_since(before).is_empty());
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
    Ok(past.seen)
}
