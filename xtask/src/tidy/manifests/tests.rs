use super::*;
use crate::workspace::{Dependency, Package};
use std::collections::BTreeMap;

fn found(package: &str, dependency: &str, kind: Option<&str>) -> usize {
    let package = Package {
        name: package.into(),
        manifest_path: "Cargo.toml".into(),
        dependencies: vec![Dependency {
            name: dependency.into(),
            kind: kind.map(str::to_owned),
            path: None,
            optional: false,
        }],
        features: BTreeMap::new(),
    };
    one_owner(&House {
        packages: vec![package],
        ..House::default()
    })
    .len()
}

#[test]
fn owned_dependencies_stay_with_their_owner() {
    assert_eq!(found("dentate-eval", "polars", None), 0);
    assert_eq!(found("dentate-experiments", "polars", None), 1);
    assert_eq!(found("dentate-experiments", "polars-core", Some("dev")), 1);
    assert_eq!(found("dentate-backends", "tch", None), 0);
    assert_eq!(found("dentate-continual", "tch", Some("build")), 1);
}

#[test]
fn suites_are_read_by_experiments() {
    assert_eq!(found("dentate-experiments", "toml", None), 0);
    assert_eq!(found("dentate-core", "toml", None), 1);
    assert_eq!(found("dentate-testkit", "toml", None), 0);
    assert_eq!(found("dentate-growth", "toml", Some("dev")), 0);
}

#[test]
fn a_feature_that_is_on_by_itself_is_found() {
    let with = |features: &[(&str, &[&str])]| {
        let of =
            |(name, on): &(&str, &[&str])| (name.to_string(), on.iter().map(ToString::to_string).collect());
        let package = Package {
            name: "dentate".into(),
            manifest_path: "Cargo.toml".into(),
            dependencies: Vec::new(),
            features: features.iter().map(of).collect(),
        };
        let packages = vec![package];
        features_are_off(&House {
            packages,
            ..House::default()
        })
    };
    assert!(with(&[("report", &["dep:dentate-eval"]), ("default", &[])]).is_empty());
    let found = with(&[("report", &["dep:dentate-eval"]), ("default", &["report"])]);
    assert!(found[0].words.contains("report"), "{}", found[0]);
}
