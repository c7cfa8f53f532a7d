//! Names of suites: results go to a folder of the suite's name, and to no other.

use crate::place::{Place, SUITE, said};
use std::fs;

#[test]
fn a_name_that_is_a_way_to_another_folder_is_refused() {
    for name in [
        "..toml",
        "...toml",
        "....toml",
        ".hidden.toml",
        "a\\b.toml",
        "a\nb.toml",
        "-a.toml",
        "~.toml",
    ] {
        let place = Place::with(SUITE);
        fs::create_dir(place.path().join("suites")).unwrap();
        fs::write(place.path().join("suites").join(name), SUITE).unwrap();
        for more in [&[][..], &["--status"], &["--dry-run"]] {
            let output = place.run(
                &[
                    &["bench", &format!("suites/{name}"), "--results", "here/results"],
                    more,
                ]
                .concat(),
            );
            assert_eq!(output.status.code(), Some(2), "{name}: {}", said(&output));
            assert!(
                said(&output).contains("call the file otherwise"),
                "{}",
                said(&output)
            );
            assert!(!place.path().join("here").exists(), "{name}");
        }
    }
    let place = Place::with(SUITE);
    fs::rename(
        place.path().join("tiny.toml"),
        place.path().join("Größe 2.5_b.toml"),
    )
    .unwrap();
    assert!(place.run(&["bench", "./Größe 2.5_b.toml"]).status.success());
}

#[test]
fn two_suites_of_one_name_do_not_share_results() {
    let place = Place::with(SUITE);
    let other = SUITE.replace("hidden = [8]", "hidden = [9]");
    fs::create_dir(place.path().join("b")).unwrap();
    fs::write(place.path().join("b/tiny.toml"), &other).unwrap();
    let both = place.run(&["bench", "./tiny.toml", "b/tiny.toml"]);
    assert_eq!(both.status.code(), Some(2), "{}", said(&both));
    assert!(!place.path().join("results").exists());

    assert!(place.bench(&[]).status.success());
    let (manifest, records) = (place.manifest(), place.records());
    for more in [&[][..], &["--status"], &["--dry-run"], &["--fresh"]] {
        let output = place.run(&[&["bench", "b/tiny.toml"], more].concat());
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(
            said(&output).contains("another suite of this name") && said(&output).contains("--results"),
            "{}",
            said(&output)
        );
    }
    assert_eq!((place.manifest(), place.records()), (manifest, records.clone()));
    assert!(
        place
            .run(&["bench", "b/tiny.toml", "--results", "others"])
            .status
            .success()
    );

    // A copy says the same and takes nothing over, an edited suite is where it was, and a moved one is not where it was.
    let fine = |suite: &str, results: &str| {
        let output = place.run(&["bench", suite, "--results", results, "--only", "fixed"]);
        assert!(output.status.success(), "{}", said(&output));
    };
    fs::write(place.path().join("b/tiny.toml"), SUITE).unwrap();
    fine("b/tiny.toml", "results");
    fs::write(place.path().join("b/tiny.toml"), &other).unwrap();
    let copy = place.run(&["bench", "b/tiny.toml"]);
    assert_eq!(copy.status.code(), Some(2), "{}", said(&copy));
    fine("./tiny.toml", "results");
    fs::remove_file(place.path().join("tiny.toml")).unwrap();
    fine("b/tiny.toml", "results");
    fs::create_dir(place.path().join("c")).unwrap();
    fs::rename(place.path().join("b/tiny.toml"), place.path().join("c/tiny.toml")).unwrap();
    fine("c/tiny.toml", "results");
    // Both together.
    fs::create_dir(place.path().join("away")).unwrap();
    for moved in ["c", "results"] {
        fs::rename(place.path().join(moved), place.path().join("away").join(moved)).unwrap();
    }
    fs::write(place.path().join("away/c/tiny.toml"), SUITE).unwrap();
    fine("away/c/tiny.toml", "away/results");
}
