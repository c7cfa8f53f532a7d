use super::{backend, disk_space, report};
use std::path::Path;

#[test]
fn the_native_backend_computes() {
    let words = backend::check(dentate_backends::Choice::Native).unwrap();
    assert!(words.starts_with("works ("), "{words}");
}

#[test]
fn a_folder_that_cannot_be_written_has_to_be_mended() {
    // A file where a folder should be: nothing can be written below it, whoever one is.
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("file");
    std::fs::write(&file, "").unwrap();
    assert!(disk_space::writable(place.path()).is_ok());
    assert_eq!(
        std::fs::read_dir(place.path()).unwrap().count(),
        1,
        "it leaves nothing"
    );
    assert!(disk_space::writable(Path::new("/proc/nowhere")).is_err());
    let (text, sound) = report(&[], Path::new("/proc/nowhere")).unwrap();
    assert!(
        !sound && text.contains("✗ results: /proc/nowhere cannot be written"),
        "{text}"
    );
}

#[test]
fn there_is_room_somewhere() {
    assert!(disk_space::free(Path::new(".")).unwrap() > 0);
}
