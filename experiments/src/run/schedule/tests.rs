use super::CheckpointSchedule;
use crate::suite::Checkpoints;
use proptest::prelude::*;

proptest! {
    /// Whatever a checkpoint costs and however long an update takes: checkpoints never take more than their share of the
    /// time, but for what one costs more than the one before it.
    #[test]
    fn checkpoints_keep_to_their_share(
        updates in 1u64..50,
        share in 0.001f64..0.5,
        steps in prop::collection::vec((1e-4f64..1.0, 1e-4f64..5.0, any::<bool>()), 1..200),
    ) {
        let mut pace = CheckpointSchedule::new(&Checkpoints { updates, share }, 0);
        let (mut seconds, mut spent, mut last, mut surprise) = (0.0, 0.0, 0.0, 0.0f64);
        for (i, (work, cost, boundary)) in steps.into_iter().enumerate() {
            seconds += work;
            if pace.due(boundary, i as u64 + 1, seconds, spent) {
                surprise = surprise.max(cost - last);
                seconds += cost;
                spent += cost;
                last = cost;
                pace.written(i as u64 + 1, cost);
            }
            prop_assert!(spent <= share * seconds + surprise.max(0.0) + 1e-9, "{spent} of {seconds}");
        }
    }
}

#[test]
fn one_is_due_every_so_many_updates_and_between_experiences() {
    let mut pace = CheckpointSchedule::new(
        &Checkpoints {
            updates: 10,
            share: 0.5,
        },
        100,
    );
    assert!(!pace.due(false, 109, 9.0, 0.0));
    assert!(pace.due(false, 110, 9.0, 0.0));
    assert!(pace.due(true, 101, 9.0, 0.0));
    assert!(
        !pace.due(true, 100, 9.0, 0.0),
        "nothing has happened since the last one"
    );
    pace.written(110, 5.0);
    assert!(
        !pace.due(false, 120, 9.0, 0.0),
        "one would take more than half of the time"
    );
}
