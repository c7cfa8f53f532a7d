use super::{Checkpoint, CheckpointError, RunState, example};
use crate::run::{LogOffset, Timing};
use dentate_core::SavedState;

fn checkpoint(state: Vec<u8>) -> Checkpoint {
    Checkpoint {
        state: RunState {
            run: "0123456789abcdef".into(),
            fingerprint: "this machine".into(),
            settings: None,
            session: dentate_session::SessionState::at_beginning("89ab"),
            log: LogOffset { bytes: 77, crc: 5 },
            timing: Timing {
                seconds: 0.1 + 0.2,
                first_update: Some(f64::MIN_POSITIVE),
                ..Timing::default()
            },
        },
        saved: SavedState {
            state,
            ..SavedState::default()
        },
    }
}

#[test]
fn where_a_run_stands_comes_back() {
    let written = checkpoint(vec![1, 2, 3]);
    assert_eq!(Checkpoint::decode(&written.encode().unwrap()).unwrap(), written);
    assert!(Checkpoint::decode(&example().unwrap()).is_ok());
}

#[test]
fn a_file_that_says_nothing_of_a_run_is_refused() {
    let bytes = dentate_session::container::encode(&[1, 2], &SavedState::default()).unwrap();
    let error = Checkpoint::decode(&bytes).unwrap_err();
    assert!(matches!(error, CheckpointError::RunState(_)), "{error}");
    assert!(matches!(
        Checkpoint::decode(&[]).unwrap_err(),
        CheckpointError::Container(_)
    ));
}
