use super::*;
use std::os::unix::fs::PermissionsExt;

/// A report that ends with this code, if it is asked as it should be.
fn reporting(folder: &Path, code: i32) -> PathBuf {
    let path = folder.join(format!("report-{code}"));
    let script =
        format!("#!/bin/sh\n[ \"$*\" = \"--check-claims results/a results/b\" ] || exit 9\nexit {code}\n");
    std::fs::write(&path, script).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[test]
fn the_report_is_asked_and_its_answer_is_the_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let folders = ["results/a".into(), "results/b".into()];
    let code = |code| check(&reporting(folder.path(), code), &folders).map_err(|e| e.exit_code());
    assert_eq!(code(0), Ok(()));
    assert_eq!(code(5), Err(5));
    assert_eq!(code(1), Err(1));
    assert_eq!(code(9), Err(1));
    let absent = check(&folder.path().join("none"), &folders).unwrap_err();
    assert_eq!(absent.exit_code(), 1);
}
