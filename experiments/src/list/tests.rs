use crate::packages::packages;
use dentate_core::registry::{self, Entry};
use std::path::Path;

/// What the framework registers. A plugin that silently failed to link would be missing in a list; those of this workspace's
/// plugins are no part of this one, so that it is that of every program over the framework.
#[test]
fn everything_of_the_framework_is_linked_in() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = root.join("crates");
    let packages = packages(&root).unwrap().into_iter();
    let own: Vec<String> = packages
        .filter(|p| p.folder.starts_with(&folder))
        .map(|p| p.name)
        .collect();
    let entries: Vec<Entry> = registry::entries()
        .into_iter()
        .filter(|entry| own.iter().any(|name| name == entry.package))
        .collect();
    insta::assert_snapshot!(registry::listing(&entries));
}

/// Each plugin of this workspace is linked in, and so is what it records.
#[test]
fn plugins_are_linked_in() {
    let said = super::list();
    for line in ["  calibration-meter ", "recorded metrics\n", "  overconfidence "] {
        assert!(said.contains(line), "{said}");
    }
}
