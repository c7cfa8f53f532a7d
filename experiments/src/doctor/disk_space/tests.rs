use super::{Locks, locks};
use std::fs::TryLockError;
use std::io;

#[test]
fn a_folder_with_locks_is_told_from_one_without() {
    let place = tempfile::tempdir().unwrap();
    assert_eq!(locks(place.path()).unwrap(), Locks::Hold);
    assert_eq!(
        std::fs::read_dir(place.path()).unwrap().count(),
        0,
        "it leaves nothing"
    );
    // A folder that is not there yet will be where its nearest one is.
    assert_eq!(locks(&place.path().join("a/b")).unwrap(), Locks::Hold);
    assert!(locks(std::path::Path::new("/proc/nowhere")).is_err());
}

/// As some network file systems answer.
#[test]
fn locks_that_do_not_hold_are_found_out() {
    let none = || Err(TryLockError::Error(io::Error::from(io::ErrorKind::Unsupported)));
    assert_eq!(Locks::of(Ok(()), || Ok(())), Locks::GivenTwice);
    assert_eq!(Locks::of(Ok(()), || Err(TryLockError::WouldBlock)), Locks::Hold);
    assert!(matches!(Locks::of(none(), || Ok(())), Locks::Fail(why) if !why.is_empty()));
    assert!(matches!(Locks::of(Ok(()), none), Locks::Fail(_)));
}
