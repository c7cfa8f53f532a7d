//! Allowed dependencies between packages.

use super::Finding;
use super::house::House;
use crate::workspace::Package;
use std::collections::BTreeSet;

const TESTKIT: &str = "dentate-testkit";

/// A plugin that only the testkit's own tests link in.
const CITIZEN: &str = "dentate-citizen";

/// The allowed dependencies of each package in programs.
const TABLE: [(&str, &[&str]); 15] = [
    ("dentate-core", &[]),
    ("dentate-growth", &["dentate-core"]),
    ("dentate-continual", &["dentate-core", "dentate-growth"]),
    ("dentate-learners", &["dentate-core"]),
    ("dentate-backends", &["dentate-core"]),
    ("dentate-streams", &["dentate-core"]),
    ("dentate-eval", &["dentate-core"]),
    (
        "dentate-session",
        &["dentate-core", "dentate-backends", "dentate-streams"],
    ),
    (
        TESTKIT,
        &[
            "dentate-core",
            "dentate-growth",
            "dentate-continual",
            "dentate-learners",
            "dentate-backends",
            "dentate-streams",
        ],
    ),
    (CITIZEN, &["dentate-core", "dentate-growth"]),
    (
        "dentate",
        &[
            "dentate-core",
            "dentate-growth",
            "dentate-continual",
            "dentate-learners",
            "dentate-backends",
            "dentate-streams",
            "dentate-session",
        ],
    ),
    (
        "dentate-experiments",
        &[
            "dentate",
            "dentate-core",
            "dentate-growth",
            "dentate-continual",
            "dentate-backends",
            "dentate-streams",
            "dentate-session",
        ],
    ),
    (
        "dentate-benches",
        &[
            "dentate-core",
            "dentate-growth",
            "dentate-continual",
            "dentate-learners",
            "dentate-backends",
            "dentate-streams",
            "dentate-experiments",
            TESTKIT,
        ],
    ),
    ("dentate-report", &["dentate-core", "dentate-eval"]),
    ("xtask", &[]),
];

/// Additional dependencies of a package's tests: the runner's tests make reports, since its records are there to be reported; a
/// session's tests need some learner.
const IN_TESTS: [(&str, &str); 3] = [
    ("dentate-experiments", "dentate-eval"),
    ("dentate-session", "dentate-continual"),
    ("dentate-session", "dentate-growth"),
];

/// Dependencies of a package that are allowed only by a feature.
const BY_FEATURE: [(&str, &str); 2] = [("dentate", "dentate-eval"), ("dentate", TESTKIT)];

/// The dependencies of a plugin, which finds everything in one crate.
const PLUGIN: &[&str] = &["dentate"];

fn is_plugin(package: &Package) -> bool {
    package.manifest_path.starts_with("experiments/plugins")
}

/// The dependencies of a metric of the report.
const METRIC: &[&str] = &["dentate-eval"];

fn is_metric(package: &Package) -> bool {
    package.manifest_path.starts_with("experiments/metrics")
}

/// Every dependency between the project's packages is one that the table allows.
///
/// Tests of any package but xtask may use the testkit. A package may depend on itself in tests, to enable a feature of its own.
pub(super) fn edges(house: &House) -> Vec<Finding> {
    let named = |which: fn(&Package) -> bool| -> BTreeSet<&str> {
        let packages = house.packages.iter().filter(|p| which(p));
        packages.map(|p| p.name.as_str()).collect()
    };
    let (plugins, metrics) = (named(is_plugin), named(is_metric));
    let mut findings = Vec::new();
    for package in &house.packages {
        let place = package.manifest_path.to_string_lossy();
        let allowed = match TABLE.iter().find(|(name, _)| *name == package.name) {
            Some((_, allowed)) => *allowed,
            None if is_plugin(package) => PLUGIN,
            None if is_metric(package) => METRIC,
            None => {
                findings.push(Finding::new(
                    place,
                    format!("`{}` has no place in the house; decide what it may depend on, and add it to the table in xtask's tidy rules", package.name),
                ));
                continue;
            }
        };
        for dependency in package.dependencies.iter().filter(|d| d.path.is_some()) {
            let on = dependency.name.as_str();
            let in_tests = dependency.kind.as_deref() == Some("dev")
                && (on == package.name
                    || (on == TESTKIT && package.name != "xtask")
                    || IN_TESTS.contains(&(package.name.as_str(), on))
                    || (on == CITIZEN && package.name == TESTKIT));
            let by_feature = dependency.optional && BY_FEATURE.contains(&(package.name.as_str(), on));
            let links_plugin = package.name == "dentate-experiments" && plugins.contains(on)
                || package.name == "dentate-report" && metrics.contains(on);
            if !(allowed.contains(&on) || in_tests || by_feature || links_plugin) {
                findings.push(Finding::new(
                    place.clone(),
                    format!(
                        "`{}` must not depend on `{on}`; {}",
                        package.name,
                        permitted(allowed)
                    ),
                ));
            }
        }
    }
    findings
}

fn permitted(allowed: &[&str]) -> String {
    match allowed {
        [] => "it may depend on none of the project's packages".to_owned(),
        some => format!("it may depend on {}", some.join(", ")),
    }
}

#[cfg(test)]
mod tests;
