use super::*;
use crate::workspace::Dependency;
use std::collections::BTreeMap;

fn package(name: &str, manifest: &str, dependencies: &[(&str, Option<&str>)]) -> Package {
    Package {
        name: name.into(),
        manifest_path: manifest.into(),
        dependencies: dependencies
            .iter()
            .map(|(name, kind)| Dependency {
                name: (*name).into(),
                kind: kind.map(str::to_owned),
                path: name.starts_with("dentate").then(|| "somewhere".into()),
                optional: false,
            })
            .collect(),
        features: BTreeMap::new(),
    }
}

fn check(packages: Vec<Package>) -> Vec<String> {
    edges(&House {
        packages,
        ..House::default()
    })
    .iter()
    .map(ToString::to_string)
    .collect()
}

#[test]
fn an_edge_outside_the_table_is_found() {
    let bad = package(
        "dentate-growth",
        "crates/growth/Cargo.toml",
        &[("dentate-core", None), ("dentate-backends", None)],
    );
    assert_eq!(
        check(vec![bad]),
        [
            "crates/growth/Cargo.toml: `dentate-growth` must not depend on `dentate-backends`; it may depend on dentate-core"
        ]
    );
}

#[test]
fn benches_stay_away_from_eval_in_tests_too() {
    let bad = package(
        "dentate-benches",
        "benches/Cargo.toml",
        &[("dentate-eval", Some("dev"))],
    );
    assert_eq!(check(vec![bad]).len(), 1);
}

#[test]
fn the_runner_makes_reports_in_its_tests_alone() {
    let edge = |kind| {
        let manifest = "experiments/Cargo.toml";
        check(vec![package(
            "dentate-experiments",
            manifest,
            &[("dentate-eval", kind)],
        )])
        .len()
    };
    assert_eq!((edge(Some("dev")), edge(None)), (0, 1));
}

#[test]
fn xtask_depends_on_nobody() {
    for kind in [None, Some("dev"), Some("build")] {
        for on in ["dentate-core", TESTKIT] {
            let found = check(vec![package(
                "xtask",
                "xtask/Cargo.toml",
                &[(on, kind), ("clap", None)],
            )]);
            assert_eq!(found.len(), 1, "{on} {kind:?}");
        }
    }
}

#[test]
fn the_testkit_is_for_tests() {
    let manifest = "crates/continual/Cargo.toml";
    let fine = package("dentate-continual", manifest, &[(TESTKIT, Some("dev"))]);
    assert_eq!(check(vec![fine]), [""; 0]);
    let bad = package("dentate-continual", manifest, &[(TESTKIT, None)]);
    assert_eq!(check(vec![bad]).len(), 1);
}

#[test]
fn plugins_have_a_place_and_are_linked_by_the_runner() {
    let plugin = package(
        "dentate-mine",
        "experiments/plugins/mine/Cargo.toml",
        &[("dentate", None), ("dentate", Some("dev"))],
    );
    let runner = |name| package(name, "experiments/Cargo.toml", &[("dentate-mine", None)]);
    assert_eq!(
        check(vec![plugin.clone(), runner("dentate-experiments")]),
        [""; 0]
    );
    assert_eq!(check(vec![plugin, runner("dentate-core")]).len(), 1);
    let bad = package(
        "dentate-mine",
        "experiments/plugins/mine/Cargo.toml",
        &[("dentate-backends", None)],
    );
    assert_eq!(check(vec![bad]).len(), 1);
}

/// Packages that take minutes to build, or that are for tests, are in the library only by a feature.
#[test]
fn the_library_has_report_and_testkit_by_feature() {
    for on in ["dentate-eval", TESTKIT] {
        let mut package = package("dentate", "crates/dentate/Cargo.toml", &[(on, None)]);
        assert_eq!(check(vec![package.clone()]).len(), 1, "{on}");
        package.dependencies[0].optional = true;
        assert_eq!(check(vec![package]), [""; 0], "{on}");
    }
}

#[test]
fn a_package_without_a_place_is_found() {
    let found = check(vec![package("dentate-extra", "crates/extra/Cargo.toml", &[])]);
    assert!(found[0].contains("`dentate-extra` has no place"), "{found:?}");
}

#[test]
fn a_package_may_turn_its_own_features_on_in_tests() {
    let own = package(
        "dentate-core",
        "crates/core/Cargo.toml",
        &[("dentate-core", Some("dev"))],
    );
    assert_eq!(check(vec![own]), [""; 0]);
}

/// A metric knows the report's crate and nothing else, and the report links in metrics, but the runner does not.
#[test]
fn metrics_go_with_the_report() {
    let metric = |on: &str| {
        package(
            "dentate-share",
            "experiments/metrics/share/Cargo.toml",
            &[(on, None)],
        )
    };
    assert!(check(vec![metric("dentate-eval")]).is_empty());
    assert_eq!(check(vec![metric("dentate-core")]).len(), 1);
    let linked = |name: &str, manifest: &str| {
        let links = package(name, manifest, &[("dentate-share", None)]);
        check(vec![metric("dentate-eval"), links]).len()
    };
    assert_eq!(linked("dentate-report", "experiments/report/Cargo.toml"), 0);
    assert_eq!(linked("dentate-experiments", "experiments/Cargo.toml"), 1);
}
