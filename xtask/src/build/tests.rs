use super::event::{distinct_packages, package_name};
use super::*;

const ARTIFACT: &str = r#"{"reason":"compiler-artifact","package_id":"path+file:///w/experiments#dentate-experiments@0.1.0",
    "manifest_path":"/w/experiments/Cargo.toml","target":{"kind":["bin"],"crate_types":["bin"],"name":"dentate",
    "src_path":"/w/experiments/src/main.rs","edition":"2024"},"features":[],"filenames":["/w/target/release/dentate"],
    "executable":"/w/target/release/dentate","fresh":true}"#;

fn status(line: &str) -> Event {
    Event::of_stderr(line.to_owned()).unwrap()
}

#[test]
fn status_lines_are_told_from_text() {
    assert_eq!(
        status("   Compiling polars-core v0.55.0"),
        Event::Status {
            verb: "Compiling".into(),
            rest: "polars-core v0.55.0".into()
        }
    );
    assert_eq!(
        status("    Blocking waiting for file lock on build directory"),
        Event::Status {
            verb: "Blocking".into(),
            rest: "waiting for file lock on build directory".into()
        }
    );
    for text in [
        "error: failed to parse manifest",
        "  Caused by:",
        "",
        "Compiling is what the text says",
    ] {
        assert_eq!(status(text), Event::Text(text.into()));
    }
}

#[test]
fn messages_are_read_and_unknown_ones_skipped() {
    let Some(Event::Message(Message::Artifact(artifact))) = Event::of_stdout(ARTIFACT.replace('\n', ""))
    else {
        panic!("not an artifact")
    };
    assert_eq!(
        artifact.executable.as_deref(),
        Some(Path::new("/w/target/release/dentate"))
    );
    let other = r#"{"reason":"build-script-executed","package_id":"x","env":[]}"#;
    assert_eq!(
        Event::of_stdout(other.into()),
        Some(Event::Message(Message::Other))
    );
    assert_eq!(Event::of_stdout("hello from a build script".into()), None);
}

#[test]
fn packages_are_counted_once() {
    let tree = "a v1.0.0 (/w/a)\nserde v1.0.0\nsyn v2.0.0 (proc-macro)\nserde v1.0.0 (*)\n\nserde v2.0.0\n";
    assert_eq!(distinct_packages(tree), 4);
}

#[test]
fn package_ids_give_names() {
    assert_eq!(
        package_name("registry+https://example.org/index#polars-core@0.55.0"),
        "polars-core"
    );
    assert_eq!(
        package_name("path+file:///w/crates/core#dentate-core@0.1.0"),
        "dentate-core"
    );
    assert_eq!(package_name("path+file:///w/xtask#0.1.0"), "xtask");
}

#[test]
fn following_a_build_finds_its_programs_and_asks_for_the_total_once() {
    let (sender, events) = mpsc::channel();
    for event in [
        status("   Compiling serde v1.0.0"),
        status("   Compiling dentate-experiments v0.1.0 (/w/experiments)"),
        Event::of_stdout(ARTIFACT.replace('\n', "")).unwrap(),
        Event::Closed,
        Event::Closed,
    ] {
        sender.send(event).unwrap();
    }
    let asked = std::cell::Cell::new(0);
    let executables = follow(&events, Line::new(Vec::new(), false), |progress| {
        asked.set(asked.get() + 1);
        progress.expect_total();
    });
    assert_eq!(asked.get(), 1);
    let built = Built(executables);
    assert_eq!(
        built.path(DENTATE).unwrap(),
        Path::new("/w/target/release/dentate")
    );
    assert!(matches!(
        built.path(REPORT),
        Err(BuildError::NoExecutable("dentate-report"))
    ));
}

#[test]
fn both_programs_are_named_in_one_call() {
    let arguments: Vec<&str> = packages(&[DENTATE, REPORT]).collect();
    assert_eq!(arguments, ["-p", "dentate-experiments", "-p", "dentate-report"]);
}

#[cfg(unix)]
#[test]
fn what_is_not_needed_may_fail_to_build() {
    use std::os::unix::process::ExitStatusExt;
    let failed = ExitStatus::from_raw(101 << 8);
    let only_report = || Built([("dentate-report".to_owned(), PathBuf::from("/w/dentate-report"))].into());
    assert!(finish(failed, &[REPORT], only_report()).is_ok());
    let error = finish(failed, &[DENTATE, REPORT], only_report()).err().unwrap();
    assert_eq!(
        error.to_string(),
        "dentate did not build; what cargo said is above"
    );
}
