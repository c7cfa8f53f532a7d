use super::super::Suite;
use std::collections::BTreeSet;
use std::path::Path;

const STREAM: &str = r#"
[[stream]]
name = "drawn"
kind = "split"
scenario = "class-incremental"
data = { kind = "digits" }
"#;

fn suite(top: &str, method: &str) -> Result<Suite, String> {
    let text = format!(
        "{top}{STREAM}[[method]]\nname = \"held\"\nmechanisms = [{{ name = \"synaptic-intelligence\" }}]\n{method}"
    );
    Suite::parse(Path::new("s.toml"), &text).map_err(|error| error.to_string())
}

/// The values of each setting, in order.
fn given(top: &str, method: &str) -> Vec<Vec<String>> {
    let suite = suite(top, method).unwrap();
    let settings = suite.methods[0].sweep.as_ref().unwrap();
    let values = settings
        .iter()
        .map(|setting| setting.values().into_values().collect());
    values.collect()
}

const GRID: &str =
    "[method.sweep]\nbatch = [8, 16]\nmechanisms.synaptic-intelligence.strength = [1.0, 10.0, 100.0]\n";

#[test]
fn a_grid_is_gone_through_with_its_last_key_first() {
    let expected = [
        ["8", "1.0"],
        ["8", "10.0"],
        ["8", "100.0"],
        ["16", "1.0"],
        ["16", "10.0"],
        ["16", "100.0"],
    ];
    assert_eq!(given("", GRID), expected);
    let suite = suite("", GRID).unwrap();
    let (method, stream) = suite.pairs().next().unwrap();
    let last = method.sweep.as_ref().unwrap().last().unwrap();
    let learner = suite.learner_with(method, stream, last).unwrap();
    let json = serde_json::to_value(learner).unwrap();
    assert_eq!(json["batch"], 16);
    assert_eq!(json["mechanisms"][0]["strength"], 100.0);
    // Without a setting it is the method as it is written.
    assert_eq!(
        serde_json::to_value(suite.learner(method, stream).unwrap()).unwrap()["batch"],
        64
    );
}

#[test]
fn a_draw_is_repeated_and_has_as_many_different_settings() {
    let some = given("sweep = { settings = 4, seed = 3 }\n", GRID);
    assert_eq!(some, given("sweep = { settings = 4, seed = 3 }\n", GRID));
    let all = given("", GRID);
    let places: Vec<usize> = some
        .iter()
        .map(|s| all.iter().position(|other| other == s).unwrap())
        .collect();
    assert!(places.len() == 4 && places.is_sorted(), "{places:?}");
    assert_eq!(given("sweep = { settings = 6 }\n", GRID), all);
    let range = "[method.sweep]\nbatch = { from = 8, to = 11 }\noptimizer = { name = [\"adam\"], learning_rate = { from = 1e-4, to = 1e-1, scale = \"log\" } }\n";
    let drawn = given("sweep = { settings = 50 }\n", range);
    assert_eq!(drawn.len(), 50);
    assert_eq!(drawn.iter().collect::<BTreeSet<_>>().len(), 50);
    let batches: BTreeSet<&str> = drawn.iter().map(|s| s[0].as_str()).collect();
    assert_eq!(batches, ["10", "11", "8", "9"].into());
    let rates: Vec<f64> = drawn.iter().map(|s| s[1].parse().unwrap()).collect();
    assert!(rates.iter().all(|rate| (1e-4..=1e-1).contains(rate)), "{rates:?}");
    // As many in each decade, about.
    let low = rates.iter().filter(|rate| **rate < 1e-3).count();
    assert!((8..28).contains(&low), "{low}");
    // There are only four whole numbers.
    assert_eq!(
        given(
            "sweep = { settings = 9 }\n",
            "sweep.batch = { from = 8, to = 11 }\n"
        )
        .len(),
        4
    );
}

#[test]
fn seeds_of_a_sweep_are_none_of_a_suite() {
    let suite = suite("sweep = { seeds = 2 }\n", GRID).unwrap();
    let seeds: Vec<u64> = suite.sweep.seeds().collect();
    assert_eq!(seeds, [1_000_001, 1_000_002]);
}

#[test]
fn what_cannot_be_swept_is_refused_with_its_place() {
    for (top, method, sentence) in [
        (
            "",
            "sweep.batch = 8\n",
            "a list of values, or a table with `from` and `to`",
        ),
        ("", "sweep.batch = []\n", "a list of at least one value"),
        ("", "sweep.batsh = [8]\n", "did you mean `batch`?"),
        (
            "",
            "sweep.batch = [8, -1]\n",
            "s.toml:10:19: method `held`: `batch` is -1",
        ),
        ("", "sweep.learner = [\"k-means\"]\n", "`learner` cannot be swept"),
        ("", "sweep.title = [\"a\"]\n", "`title` cannot be swept"),
        ("", "sweep = {}\n", "it names no key to vary"),
        (
            "",
            "sweep.batch = { from = 1, to = 9 }\n",
            "say how many with `settings` in `[sweep]`",
        ),
        (
            "sweep = { settings = 2 }\n",
            "sweep.batch = { from = 9, to = 9 }\n",
            "`from` has to be below `to`",
        ),
        (
            "sweep = { settings = 2 }\n",
            "sweep.batch = { from = 0, to = 9, scale = \"log\" }\n",
            "above 0 where the scale is `log`",
        ),
        (
            "sweep = { settings = 2 }\n",
            "sweep.batch = { from = 1, to = 9, scale = \"lag\" }\n",
            "did you mean `log`?",
        ),
        (
            "",
            "sweep.mechanisms.l2.strength = [1.0]\n",
            "is about `l2` in `mechanisms`, and there is none of that name",
        ),
        (
            "",
            "sweep.batch.rows = [1]\nbatch = 4\n",
            "is about keys in `batch`, which is no table",
        ),
        (
            "sweep = { seeds = 2 }\n",
            "",
            "no method has a `sweep` to say between which",
        ),
        ("sweep = { by = \"accuracy\" }\n", GRID, "average-accuracy"),
        ("sweep = { validation = 0.6 }\n", GRID, "`validation`"),
    ] {
        let said = suite(top, method).map(|_| ()).unwrap_err();
        assert!(said.contains(sentence), "`{sentence}` is not in: {said}");
    }
    let numbers: Vec<String> = (1..=40).map(|n| n.to_string()).collect();
    let many = format!(
        "sweep.batch = [{0}]\nsweep.hidden = [[{1}]]\n",
        numbers.join(", "),
        numbers.join("], [")
    );
    assert!(
        suite("", &many)
            .map(|_| ())
            .unwrap_err()
            .contains("more than 1000 settings")
    );
}
