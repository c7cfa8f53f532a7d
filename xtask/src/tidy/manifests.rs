//! Heavy or special dependencies that only one package may name, and features that stay off.

use super::Finding;
use super::house::House;

/// A dependency, the package that owns it, and why the others must not use it.
pub(super) const OWNED: [(&str, &str, &str); 2] = [
    (
        "tch",
        "dentate-backends",
        "everyone else trains through the `Backend` contract",
    ),
    (
        "polars",
        "dentate-eval",
        "it takes minutes to build, and the runner must not wait for it",
    ),
];

/// Only their owners name `tch` and `polars`, whatever the kind of dependency; `toml`, which reads suites, is named by
/// experiments outside of tests, and by the testkit, which is for tests.
pub(super) fn one_owner(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &house.packages {
        let place = package.manifest_path.to_string_lossy();
        for dependency in &package.dependencies {
            for (name, owner, why) in OWNED {
                let named = dependency.name == name || dependency.name.starts_with(&format!("{name}-"));
                if named && package.name != owner {
                    findings.push(Finding::new(
                        place.clone(),
                        format!("only `{owner}` may depend on `{}`: {why}", dependency.name),
                    ));
                }
            }
            let in_programs = dependency.kind.as_deref() != Some("dev");
            let reads = ["dentate-experiments", "dentate-testkit"].contains(&package.name.as_str());
            if dependency.name == "toml" && in_programs && !reads {
                findings.push(Finding::new(
                    place.clone(),
                    "only `dentate-experiments` may depend on `toml`: it alone reads suites",
                ));
            }
        }
    }
    findings
}

/// No package enables a feature by default: the default build of `dentate` affects everyone.
pub(super) fn features_are_off(house: &House) -> Vec<Finding> {
    let on = |features: &Vec<String>| !features.is_empty();
    let found = house.packages.iter().filter_map(|package| {
        let default = package.features.get("default").filter(|f| on(f))?;
        let words = format!("its default features are {default:?}, and they have to be off");
        Some(Finding::new(package.manifest_path.to_string_lossy(), words))
    });
    found.collect()
}

#[cfg(test)]
mod tests;
