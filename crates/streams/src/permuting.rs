//! Tasks with all classes of a data set and an order of features of their own, for streams whose tasks come back.

use crate::data::LabelledData;
use crate::error::StreamError;
use dentate_core::{DataId, Dataset, Seed};
use rand::seq::SliceRandom;

/// The order of features in `task`, from the run's seed. That of the first is the identity.
pub(crate) fn order(task: u32, features: usize, seed: Seed) -> Vec<u32> {
    let mut order: Vec<u32> = (0..features as u32).collect();
    if task > 0 {
        order.shuffle(&mut seed.derive(&format!("permutation/{task}")).random());
    }
    order
}

/// The training and the test rows of `task`, under ids of their own.
pub(crate) fn halves(data: &LabelledData, task: u32, seed: Seed) -> Result<[Dataset; 2], StreamError> {
    let [train, test] = [(&data.train, 0), (&data.test, 1)]
        .map(|(half, offset)| half.clone().with_id(DataId(u64::from(2 * task + offset))));
    // The identity needs no view.
    if task == 0 {
        return Ok([train, test]);
    }
    let train = train.permuted(train.id(), &order(task, data.train.features(), seed))?;
    let test = test.permuted_like(test.id(), &train)?;
    Ok([train, test])
}
