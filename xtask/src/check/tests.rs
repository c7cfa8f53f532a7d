use super::*;

#[test]
fn being_offline_is_told_from_a_vulnerability() {
    assert_eq!(advisories(true, ""), Some(Outcome::Passed));
    let offline = "[ERROR] failed to fetch advisory database https://example.org/advisory-db";
    assert_eq!(
        advisories(false, offline),
        Some(Outcome::Skipped(
            "the advisory database could not be fetched".into()
        ))
    );
    assert_eq!(
        advisories(false, "error[vulnerability]: use after free in x"),
        None
    );
}

#[test]
fn a_missing_tool_does_not_answer() {
    assert!(!answers(&mut Command::new("/nowhere/cargo-deny")));
}
