//! The pages of a real suite with everything that can be recorded, and the lives of its units.

use crate::measuring::EVERYTHING;
use crate::place::{Place, said};
use dentate_core::record::{LINEAGE, UnitLife};
use std::collections::BTreeMap;
use std::fs;

#[path = "../../../crates/eval/tests/browser/mod.rs"]
mod browser;

#[test]
fn the_pages_of_a_real_suite_are_flawless_in_a_browser() {
    let place = Place::with(EVERYTHING);
    let output = place.bench(&[]);
    assert!(output.status.success(), "{}", said(&output));
    let folder = place.path().join("results/tiny");
    dentate_eval::report(&folder).unwrap();
    lives(&place);
    let Some(chromium) = browser::browser() else {
        return;
    };
    let manifest = place.manifest();
    let mut pages = BTreeMap::new();
    for run in manifest["runs"].as_array().unwrap() {
        let id = run["id"].as_str().unwrap();
        pages.insert(
            run["method"].as_str().unwrap(),
            folder.join(format!("runs/{id}.html")),
        );
    }
    pages.insert("report", folder.join("report.html"));
    let failures: Vec<String> = pages
        .iter()
        .flat_map(|(name, page)| {
            let all = browser::failures(&chromium, page).into_iter();
            all.map(move |what| format!("{name}: {what}"))
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The living of a run's lineage are in its graph, and no run whose network grew is without one.
fn lives(place: &Place) {
    let runs = fs::read_dir(place.path().join("results/tiny/runs")).unwrap();
    let mut checked = 0;
    for run in runs
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
    {
        let records = fs::read_to_string(run.join("records.csv")).unwrap();
        let lives = fs::read_to_string(run.join(LINEAGE)).ok();
        if records.contains("\ngrowth,") {
            assert!(lives.is_some(), "{} grew and has no lineage", run.display());
        }
        let (Some(lives), Ok(graph)) = (lives, fs::read(run.join("graph.json"))) else {
            continue;
        };
        let lives = UnitLife::from_csv(&lives).unwrap();
        let graph: serde_json::Value = serde_json::from_slice(&graph).unwrap();
        let mut living: Vec<u64> = lives
            .iter()
            .filter(|l| l.died.is_none())
            .map(|l| l.unit)
            .collect();
        let mut there: Vec<u64> = Vec::new();
        for layer in graph["layers"].as_array().unwrap() {
            if layer["role"] == "hidden" {
                there.extend(
                    layer["units"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .filter_map(|unit| unit["id"].as_u64()),
                );
            }
        }
        living.sort_unstable();
        there.sort_unstable();
        assert_eq!(living, there, "{}", run.display());
        checked += 1;
    }
    assert!(checked > 0, "nothing grew");
}
