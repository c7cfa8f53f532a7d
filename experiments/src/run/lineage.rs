//! The lives of a network's hidden units, written when a run has finished.

use crate::error::RunnerError;
use crate::paths::{RunFolder, write_whole};
use dentate_core::record::{UnitLife, UnitOrigin};
use dentate_core::{Architecture, lineage};

/// The most units whose lives are written: some eight megabytes.
const MOST: usize = 200_000;

/// Write them, if any unit was born or died after the first update. No result depends on this file.
pub(super) fn write(architecture: &Architecture, folder: &RunFolder) -> Result<(), RunnerError> {
    if architecture.journal().events.len() > MOST {
        super::note(&format!("the lives of more than {MOST} units are not written"));
        return Ok(());
    }
    let lives = match lineage(architecture) {
        Ok(lives) => lives,
        Err(error) => {
            super::note(&format!("the lives of units are not written: {error}"));
            return Ok(());
        }
    };
    if lives.len() > MOST {
        super::note(&format!("the lives of {} units are not written", lives.len()));
    } else if lives.iter().any(grew) {
        let path = folder.lineage();
        write_whole(&path, UnitLife::to_csv(&lives).as_bytes())?;
    }
    Ok(())
}

fn grew(life: &UnitLife) -> bool {
    life.died.is_some()
        || life.origin != UnitOrigin::Initial
        || life.born.step > 0
        || life.born.experience > 0
}
