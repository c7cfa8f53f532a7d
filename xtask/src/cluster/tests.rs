use super::note_in;

#[test]
fn what_is_missing_is_named() {
    let note = note_in("/nowhere:/neither");
    assert!(note.contains("not tested, munged"), "{note}");
}
