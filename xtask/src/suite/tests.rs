use super::*;
use std::fs;

/// A separate folder for one test, removed at its end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("xtask-suite-{name}-{}", std::process::id()));
        fs::create_dir_all(path.join("suites")).unwrap();
        for suite in ["quickstart", "split-mnist"] {
            fs::write(path.join(format!("suites/{suite}.toml")), "").unwrap();
        }
        fs::write(path.join("suites/notes.md"), "").unwrap();
        Self(path)
    }

    fn suites(&self) -> PathBuf {
        self.0.join("suites")
    }

    fn finish(&self, suite: &str) {
        fs::create_dir_all(self.0.join("results").join(suite)).unwrap();
        fs::write(self.0.join("results").join(suite).join("manifest.json"), "{}").unwrap();
    }

    fn resolve(&self, arguments: &[&str]) -> Result<Vec<Suite>, SuiteArgumentError> {
        resolve(&owned(arguments), &self.suites())
    }

    fn with_results(&self, arguments: &[&str]) -> Result<Vec<Suite>, SuiteArgumentError> {
        with_results(&owned(arguments), &self.suites(), &self.0.join("results"))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn owned(arguments: &[&str]) -> Vec<String> {
    arguments.iter().map(|&a| a.to_owned()).collect()
}

fn names_of(suites: &[Suite]) -> Vec<&str> {
    suites.iter().map(|s| s.name.as_str()).collect()
}

#[test]
fn a_slip_is_answered_with_the_nearest_name_and_the_list() {
    let error = Scratch::new("slip").resolve(&["quikstart"]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no suite `quikstart` (did you mean `quickstart`?); the suites are: quickstart, split-mnist"
    );
    assert!(error.is_usage());
}

#[test]
fn a_name_far_from_all_is_answered_with_the_list_alone() {
    let error = Scratch::new("far").resolve(&["imagenet"]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no suite `imagenet`; the suites are: quickstart, split-mnist"
    );
}

#[test]
fn without_suites_the_folder_is_named() {
    let error = resolve(&owned(&["quickstart"]), Path::new("nowhere")).unwrap_err();
    assert!(matches!(error, SuiteArgumentError::NoSuites { .. }), "{error}");
}

#[test]
fn a_suite_asked_for_twice_counts_once() {
    let scratch = Scratch::new("twice");
    let suites = scratch
        .resolve(&["quickstart", "split-mnist", "quickstart"])
        .unwrap();
    assert_eq!(names_of(&suites), ["quickstart", "split-mnist"]);
}

#[test]
fn a_path_is_named_after_its_file() {
    let scratch = Scratch::new("path");
    let mine = scratch.0.join("mine.toml");
    fs::write(&mine, "").unwrap();
    let suites = scratch.resolve(&[mine.to_str().unwrap()]).unwrap();
    assert_eq!(names_of(&suites), ["mine"]);
    assert_eq!(suites[0].argument, mine.to_str().unwrap());
}

#[test]
fn paths_that_cannot_be_suites_are_refused() {
    let scratch = Scratch::new("refused");
    assert!(matches!(
        scratch.resolve(&["gone.toml"]),
        Err(SuiteArgumentError::NoFile(_))
    ));
    assert!(matches!(
        scratch.resolve(&["suites/quickstart"]),
        Err(SuiteArgumentError::NotToml(_))
    ));
}

#[test]
fn two_suites_of_one_name_are_refused() {
    let scratch = Scratch::new("same");
    let mine = scratch.0.join("quickstart.toml");
    fs::write(&mine, "").unwrap();
    let error = scratch
        .resolve(&["quickstart", mine.to_str().unwrap()])
        .unwrap_err();
    assert!(matches!(error, SuiteArgumentError::SameName { .. }), "{error}");
}

#[test]
fn a_report_without_results_says_how_to_make_them() {
    let scratch = Scratch::new("none");
    let error = scratch.with_results(&[]).unwrap_err();
    assert!(error.to_string().contains("`cargo xtask bench`"), "{error}");
    assert!(!error.is_usage());
    let error = scratch.with_results(&["split-mnist"]).unwrap_err();
    assert!(
        error.to_string().contains("`cargo xtask bench split-mnist`"),
        "{error}"
    );
    let error = scratch.with_results(&["split-mnits"]).unwrap_err();
    assert!(
        error.to_string().contains("did you mean `split-mnist`"),
        "{error}"
    );
}

#[test]
fn a_report_finds_all_results_and_those_of_suites_that_are_gone() {
    let scratch = Scratch::new("found");
    scratch.finish("split-mnist");
    scratch.finish("old");
    assert_eq!(
        names_of(&scratch.with_results(&[]).unwrap()),
        ["old", "split-mnist"]
    );
    assert_eq!(names_of(&scratch.with_results(&["old"]).unwrap()), ["old"]);
}
