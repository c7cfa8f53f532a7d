use super::super::event::{Diagnostic, Target};
use super::*;

fn artifact(package: &str, kind: &str, fresh: bool) -> Artifact {
    Artifact {
        package_id: format!("registry+index#{package}@1.0.0"),
        target: Target {
            name: package.replace('-', "_"),
            kind: vec![kind.to_owned()],
        },
        fresh,
        executable: None,
    }
}

fn diagnosed(package: &str, level: &str, text: &str) -> Diagnosed {
    Diagnosed {
        package_id: format!("registry+index#{package}@1.0.0"),
        message: Diagnostic {
            level: level.to_owned(),
            rendered: Some(text.to_owned()),
        },
    }
}

#[test]
fn a_build_with_nothing_to_do_says_nothing() {
    let mut progress = Progress::new();
    progress.finished(&artifact("serde", "lib", true));
    progress.status("Finished", "`release` profile");
    assert_eq!(progress.words(), None);
}

#[test]
fn the_package_longest_in_work_is_named() {
    let mut progress = Progress::new();
    progress.status("Compiling", "polars-core v0.55.0");
    progress.status("Compiling", "maud v0.27.0");
    assert_eq!(progress.words().as_deref(), Some("building 1: polars-core (0s)"));
    progress.set_total(300);
    progress.finished(&artifact("polars-core", "custom-build", false));
    assert_eq!(
        progress.words().as_deref(),
        Some("building 1 of about 300: polars-core (0s)")
    );
    progress.finished(&artifact("polars-core", "lib", false));
    assert_eq!(
        progress.words().as_deref(),
        Some("building 2 of about 300: maud (0s)")
    );
    progress.finished(&artifact("maud", "lib", false));
    assert_eq!(
        progress.words().as_deref(),
        Some("building 3 of about 300: linking (0s)")
    );
}

#[test]
fn the_estimate_is_not_passed() {
    let mut progress = Progress::new();
    progress.status("Compiling", "c v1");
    progress.set_total(1);
    progress.finished(&artifact("a", "lib", true));
    progress.finished(&artifact("b", "lib", true));
    assert!(progress.words().unwrap().starts_with("building 1 of about 1: c"));
}

#[test]
fn a_long_build_comforts() {
    let mut progress = Progress::new();
    for i in 0..MANY {
        progress.status("Compiling", &format!("crate-{i} v1.0.0"));
    }
    assert!(
        progress
            .words()
            .unwrap()
            .ends_with("(0s; the first build takes some minutes, later ones seconds)")
    );
}

#[test]
fn waiting_and_downloading_are_said_and_end() {
    let mut progress = Progress::new();
    progress.status("Blocking", "waiting for file lock on build directory");
    assert_eq!(
        progress.words().as_deref(),
        Some("waiting for another cargo to finish (0s)")
    );
    progress.status("Downloading", "crates ...");
    assert_eq!(progress.words().as_deref(), Some("downloading crates (0s)"));
    progress.status("Compiling", "serde v1.0.0");
    assert_eq!(progress.words().as_deref(), Some("building 1: serde (0s)"));
}

#[test]
fn errors_show_at_once_and_warnings_once() {
    let mut progress = Progress::new();
    assert_eq!(
        progress.diagnostic(diagnosed("a", "error", "error: no")),
        Some("error: no".to_owned())
    );
    for (fresh, shown) in [(true, vec![]), (false, vec!["warning: unused".to_owned()])] {
        assert_eq!(
            progress.diagnostic(diagnosed("a", "warning", "warning: unused")),
            None
        );
        assert_eq!(
            progress.finished(&artifact("b", "lib", false)),
            Vec::<String>::new()
        );
        assert_eq!(progress.finished(&artifact("a", "lib", fresh)), shown);
    }
}

#[test]
fn durations_read_well() {
    assert_eq!(duration(Duration::from_secs(59)), "59s");
    assert_eq!(duration(Duration::from_secs(70)), "1m 10s");
    assert_eq!(duration(Duration::from_secs(3605)), "60m 05s");
}
