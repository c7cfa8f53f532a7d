//! Runs that come after others: static twins of growing runs, and runs with the best of several settings.

use crate::place::{Place, said};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;

/// Growth, twins of each budget, a sweep one of whose settings cannot be learned with, and a growing method that is swept and has a twin.
pub(crate) const SUITE: &str = r#"
control = "fixed"
seeds = 2
[evaluation]
points = 2
sample = 50
[checkpoints]
updates = 7
share = 0.5
[sweep]
seeds = 2
validation = 0.2
[defaults]
hidden = [12]
batch = 10
budget = { epochs = 5 }
[[stream]]
name = "classes"
kind = "split"
scenario = "class-incremental"
data = { kind = "digits", train = 600, test = 200 }
[[method]]
name = "fixed"
optimizer = { name = "sgd", learning_rate = 0.05 }
sweep.optimizer.learning_rate = [1e20, 0.001, 0.05]
[[method]]
name = "grower"
title = "Grower"
hidden = [3]
strategy = { name = "dynamic-node-creation", window = 20, interval = 5, slope = 0.3, mean_error = 0.01, max_units = 20 }
twin = ["final-parameters", "mean-parameters", "memory", "updates", "multiply-adds"]
[[method]]
name = "columns"
hidden = [4]
strategy = { name = "progressive-columns" }
sweep.hidden = [[3], [4]]
twin = "final-parameters"
"#;

/// Runs that are compared: of three methods and six twins with two seeds each.
const COMPARED: usize = 18;
/// Runs that try settings.
const TRIALS: usize = 10;

/// A suite of one growing method and its twin.
const PAIR: &str = r#"
seeds = 1
[evaluation]
points = 2
[defaults]
batch = 10
budget = { epochs = 8 }
[[stream]]
name = "classes"
kind = "split"
scenario = "class-incremental"
data = { kind = "digits", train = 400, test = 100 }
[[method]]
name = "grower"
hidden = [3]
strategy = { name = "dynamic-node-creation", window = 20, interval = 5, slope = 0.3, mean_error = 0.01, max_units = 20 }
twin = "final-parameters"
"#;

/// The part of the results that is the same whoever makes the runs, and when: records, settings, and statuses.
pub(crate) fn left(place: &Place) -> BTreeMap<String, (String, String, Value)> {
    let folder = place.path().join("results/tiny/runs");
    let runs = fs::read_dir(folder).unwrap().flatten();
    let of = |run: fs::DirEntry| {
        let read = |file: &str| fs::read_to_string(run.path().join(file)).unwrap_or_default();
        let mut status: Value = serde_json::from_str(&read("status.json")).unwrap_or_default();
        if let Some(status) = status.as_object_mut() {
            // Times are in it, and its seal is of them too.
            status.remove("timing");
            status.remove("seal");
        }
        let id = run.file_name().into_string().unwrap();
        (id, (read("records.csv"), read("settings.json"), status))
    };
    runs.map(of).collect()
}

/// The entries of a method's runs in the manifest, by seed.
fn rows(place: &Place, method: &str) -> Vec<Value> {
    let manifest = place.manifest();
    let runs = manifest["runs"].as_array().unwrap();
    runs.iter()
        .filter(|run| run["method"] == method)
        .cloned()
        .collect()
}

/// The last value of a metric, with an item or without.
fn last(place: &Place, run: &Value, metric: &str) -> f64 {
    let id = run["id"].as_str().unwrap();
    let log = fs::read_to_string(place.path().join(format!("results/tiny/runs/{id}/records.csv"))).unwrap();
    let mut lines = log.lines().filter(|line| line.starts_with(&format!("{metric},")));
    lines
        .next_back()
        .unwrap()
        .rsplit(',')
        .next()
        .unwrap()
        .parse()
        .unwrap()
}

/// The bytes held for learning at the end.
fn memory(place: &Place, run: &Value) -> f64 {
    let id = run["id"].as_str().unwrap();
    let log = fs::read_to_string(place.path().join(format!("results/tiny/runs/{id}/records.csv"))).unwrap();
    let experience = |line: &str| line.split(',').nth(1).unwrap().parse::<u32>().unwrap();
    let of = || log.lines().filter(|line| line.starts_with("memory-bytes,"));
    let end = of().map(experience).max().unwrap();
    let bytes = |line: &str| line.rsplit(',').next().unwrap().parse::<f64>().unwrap();
    of().filter(|line| experience(line) == end).map(bytes).sum()
}

#[test]
fn twins_have_the_budget_of_the_run_with_their_seed() {
    let place = Place::with(SUITE);
    let output = place.bench(&[]);
    assert!(output.status.success(), "{}", said(&output));
    let parents = rows(&place, "grower");
    assert_eq!(parents.len(), 2);
    for (seed, parent) in parents.iter().enumerate() {
        let twin = |budget: &str| rows(&place, &format!("grower-twin-{budget}"))[seed].clone();
        let size = |run: &Value| last(&place, run, "parameters");
        let (most, first) = (size(parent), 3.0 * 785.0 + 10.0 * 4.0);
        assert!(most > first, "nothing has grown: {most}");
        // A unit more has the weights of the pictures' 784 pixels, its bias, and one weight to each of ten classes.
        for budget in ["final-parameters", "updates", "multiply-adds"] {
            let size = size(&twin(budget));
            assert!(size <= most && size > most - 795.0, "{budget}: {size} of {most}");
        }
        let mean = size(&twin("mean-parameters"));
        assert!(mean < size(&twin("final-parameters")) && mean >= first, "{mean}");
        // Each parameter has two moments.
        let (own, allowed) = (memory(&place, &twin("memory")), memory(&place, parent));
        assert!(
            own <= allowed && own > allowed - 12.0 * 795.0,
            "{own} of {allowed} bytes"
        );
        assert_eq!(
            last(&place, &twin("updates"), "updates"),
            last(&place, parent, "updates")
        );
        let (spent, allowed) = (
            last(&place, &twin("multiply-adds"), "compute"),
            last(&place, parent, "compute"),
        );
        // In each of five experiences the last update may go beyond.
        let update = spent / last(&place, &twin("multiply-adds"), "updates");
        assert!(
            spent >= allowed && spent < allowed + 5.5 * update,
            "{spent} of {allowed}"
        );
        let settings = &twin("final-parameters")["settings"];
        assert!(
            settings["hidden"].as_str().unwrap().starts_with('['),
            "{settings}"
        );
    }
    let manifest = place.manifest();
    let methods = manifest["methods"].as_array().unwrap();
    let twin = methods
        .iter()
        .find(|m| m["name"] == "grower-twin-updates")
        .unwrap();
    assert_eq!(
        twin["twin"],
        serde_json::json!({ "of": "grower", "budget": "updates" })
    );
    assert_eq!(
        (twin["grows"].as_bool(), twin["title"].as_str().unwrap()),
        (Some(false), "Grower, twin of final size and equal updates")
    );
}

#[test]
fn settings_are_chosen_on_other_rows_and_seeds_than_they_are_compared_on() {
    let place = Place::with(SUITE);
    let output = place.bench(&["--only", "fixed", "--only", "columns"]);
    assert!(output.status.success(), "{}", said(&output));
    let manifest = place.manifest();
    let sweeps = manifest["sweeps"].as_array().unwrap();
    assert_eq!(sweeps.len(), 2);
    let sweep = &sweeps[0];
    assert_eq!(
        (sweep["method"].as_str(), sweep["stream"].as_str()),
        (Some("fixed"), Some("classes"))
    );
    assert_eq!(sweep["measure"], "average-accuracy");
    let settings = sweep["settings"].as_array().unwrap();
    let rates: Vec<&str> = settings
        .iter()
        .map(|s| s["values"]["optimizer.learning_rate"].as_str().unwrap())
        .collect();
    assert_eq!(rates, ["100000000000000000000.0", "0.001", "0.05"]);
    // What has diverged is out, and no failure of the suite.
    assert_eq!(settings[0]["runs"][0]["kind"], "not-finite");
    assert!(settings[0]["score"].is_null() && settings[1]["score"].is_f64());
    let chosen = sweep["chosen"].as_u64().unwrap() as usize;
    let score = |setting: usize| settings[setting]["score"].as_f64().unwrap();
    assert!(score(chosen) >= score(3 - chosen));
    for run in rows(&place, "fixed") {
        assert_eq!(run["settings"]["optimizer.learning_rate"], rates[chosen]);
        assert!(run["seed"].as_u64().unwrap() <= 2);
    }
    let trial = settings[1]["runs"][0].clone();
    assert_eq!(trial["seed"], 1_000_001);
    // Two of ten of each task's 120 rows are evaluated on, and its 40 test rows are not.
    let id = trial["id"].as_str().unwrap();
    let log = fs::read_to_string(place.path().join(format!("results/tiny/runs/{id}/records.csv"))).unwrap();
    let rows: Vec<&str> = log
        .lines()
        .filter(|line| line.starts_with("test-rows,"))
        .collect();
    assert_eq!(rows.len(), 5);
    assert!(rows.iter().all(|line| line.ends_with(",24.0")), "{rows:?}");
    // Nothing is left to do, though a setting has failed.
    let again = place.bench(&["--only", "fixed", "--only", "columns"]);
    assert!(
        said(&again).contains("runs are finished already"),
        "{}",
        said(&again)
    );
}

#[test]
fn a_run_is_listed_behind_those_it_comes_after_and_brings_them() {
    let place = Place::with(PAIR);
    let listing = |output: &std::process::Output| String::from_utf8_lossy(&output.stdout).into_owned();
    let dry = listing(&place.bench(&["--dry-run", "--only", "grower-twin-final-parameters"]));
    assert!(dry.contains("2 runs, 0 finished, 2 to make"), "{dry}");
    assert!(dry.contains("pending, sized after run "), "{dry}");
    let status = listing(&place.bench(&["--status"]));
    assert!(status.contains("missing, sized after run "), "{status}");
    let output = place.bench(&["--only", "grower-twin-final-parameters"]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(rows(&place, "grower").len(), 1);
    let twin = rows(&place, "grower-twin-final-parameters");
    assert_eq!(twin[0]["status"], "finished");
    // A method alone does not bring what comes after it.
    let alone = Place::with(PAIR);
    assert!(alone.bench(&["--only", "grower"]).status.success());
    assert_eq!(left(&alone).len(), 1);
}

#[test]
fn a_failed_parent_is_the_failure_of_its_twin() {
    let limited = PAIR.replace("[defaults]", "[limits]\nparameters = 2500\n[defaults]");
    let place = Place::with(&limited);
    let output = place.bench(&[]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let parent = &rows(&place, "grower")[0];
    assert_eq!(parent["kind"], "parameter-limit");
    let twin = &rows(&place, "grower-twin-final-parameters")[0];
    assert_eq!(twin["kind"], "parent");
    let id = parent["id"].as_str().unwrap();
    let sentence = twin["message"].as_str().unwrap();
    let begins = format!("run {id} (classes · grower · seed 1), whose twin it is, failed: parameter-limit: ");
    assert!(sentence.starts_with(&begins), "{sentence}");
    assert!(said(&output).contains("2 of 2 runs failed"), "{}", said(&output));
}

#[test]
fn runs_are_made_in_the_order_in_which_they_can_be() {
    let place = Place::with(PAIR);
    assert!(place.bench(&[]).status.success());
    let expected = left(&place);
    let folder = |method: &str| {
        format!(
            "results/tiny/runs/{}",
            rows(&place, method)[0]["id"].as_str().unwrap()
        )
    };
    let (parent, twin) = (folder("grower"), folder("grower-twin-final-parameters"));
    let output = place.run(&["run", "--fresh", &twin, &parent]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(left(&place), expected);

    // A twin stands on its parent's records: without them it is not what it was.
    let there = place.path().join(&parent);
    fs::rename(&there, place.path().join("away")).unwrap();
    let status = place.bench(&["--status"]);
    let listing = String::from_utf8_lossy(&status.stdout).into_owned();
    assert!(listing.contains("damaged: it was made after run "), "{listing}");
    let alone = place.run(&["run", &twin]);
    assert_eq!(alone.status.code(), Some(1), "{}", said(&alone));
    assert!(
        said(&alone).contains("whose twin it is, has not been made"),
        "{}",
        said(&alone)
    );
    assert!(place.bench(&[]).status.success());
    assert_eq!(left(&place), expected);
    // With other records of the parent it is made again.
    let mut status: Value =
        serde_json::from_slice(&fs::read(place.path().join(&twin).join("status.json")).unwrap()).unwrap();
    assert_eq!(
        status["after"][0]["run"],
        there.file_name().unwrap().to_str().unwrap()
    );
    status["after"][0]["log"]["bytes"] = 1.into();
    status.as_object_mut().unwrap().remove("seal");
    let ending: dentate_core::record::RunEnd = serde_json::from_value(status).unwrap();
    let text = dentate_core::record::sealed(&ending).unwrap();
    fs::write(place.path().join(&twin).join("status.json"), text).unwrap();
    let again = place.bench(&[]);
    assert!(
        said(&again).contains("which has other records now, or none"),
        "{}",
        said(&again)
    );
    assert!(
        said(&again).contains("1 runs to make, 1 finished already"),
        "{}",
        said(&again)
    );
    assert_eq!(left(&place), expected);
}

#[test]
fn settings_that_were_tampered_with_are_made_again() {
    let place = Place::with(PAIR);
    assert!(place.bench(&[]).status.success());
    let expected = left(&place);
    let id = rows(&place, "grower-twin-final-parameters")[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let settings = place.path().join(format!("results/tiny/runs/{id}/settings.json"));
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, text.replace("\"batch\": 10", "\"batch\": 11")).unwrap();
    let again = place.bench(&[]);
    assert!(
        said(&again).contains("settings.json is missing or damaged"),
        "{}",
        said(&again)
    );
    assert_eq!(left(&place), expected);
}

#[test]
fn a_suite_of_chains_is_as_large_as_it_says() {
    let place = Place::with(SUITE);
    let dry = place.bench(&["--dry-run"]);
    let listing = String::from_utf8_lossy(&dry.stdout).into_owned();
    let all = COMPARED + TRIALS;
    assert!(
        listing.contains(&format!("{all} runs, 0 finished, {all} to make")),
        "{listing}"
    );
    assert!(listing.contains("set after 6 runs of 3 settings"), "{listing}");
    assert!(
        listing.contains("classes · fixed · setting 2 of 3 · seed 1000001"),
        "{listing}"
    );
    assert!(
        listing.contains("are given different numbers of settings"),
        "{listing}"
    );
}
