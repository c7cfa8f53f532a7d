//! Counts of correctly classified rows, on the device.

use dentate_core::{Hits, Rows, Tallies, Tally, TaskId, Term};
use std::ops::Range;
use tch::{Kind, Tensor};

/// Rows of one task, counted in one way; the number of correct ones is known on the device.
#[derive(Debug)]
pub(super) struct Counted {
    pub(super) task: TaskId,
    /// True if they are replayed.
    pub(super) again: bool,
    pub(super) rows: u64,
    pub(super) right: Tensor,
}

/// Count a term's rows, for active outputs z and the positions `[rows, 1]` of the correct ones among them.
pub(super) fn count(
    onto: &mut Vec<Counted>,
    term: &Term,
    rows: &Rows,
    range: &Range<usize>,
    (z, right): (&Tensor, &Tensor),
) {
    if term.tally == Tally::None {
        return;
    }
    // The first of equal ones: none before it is as large, none after it larger.
    let own = z.gather(1, right, false);
    let places = Tensor::arange(z.size()[1], (Kind::Int64, z.device())).view([1, -1]);
    let before = places.lt_tensor(right);
    let beaten = z
        .gt_tensor(&own)
        .logical_or(&z.eq_tensor(&own).logical_and(&before));
    let beaten = beaten.any_dim(1, false);
    let hits = beaten
        .logical_not()
        .logical_and(&own.view([-1]).gt(f64::NEG_INFINITY));
    let mut tasks = rows
        .iter()
        .skip(range.start)
        .take(range.len())
        .enumerate()
        .filter_map(|(place, (_, task, _))| Some((task, term.tally.again(place)?)))
        .peekable();
    let mut first = 0;
    while let Some((task, again)) = tasks.next() {
        let mut count = 1;
        while tasks.next_if_eq(&(task, again)).is_some() {
            count += 1;
        }
        onto.push(Counted {
            task,
            again,
            rows: count as u64,
            right: hits.narrow(0, first, count).sum(Kind::Int64),
        });
        first += count;
    }
}

/// Add the counts of an update that was made to the tallies.
pub(super) fn take(counted: &[Counted], tallies: &mut Tallies) {
    for of in counted {
        let hits = Hits {
            rows: of.rows,
            right: of.right.int64_value(&[]) as u64,
        };
        tallies.count(of.task, of.again, hits);
    }
}
