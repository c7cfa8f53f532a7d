//! Failures are rows: each ends one run with a kind and a sentence, and the others go on.

use crate::place::{Place, SUITE, said};

#[test]
fn a_run_that_fails_is_a_row_and_the_others_go_on() {
    let suite = SUITE.replace(
        "name = \"columns\"",
        "name = \"columns\"\nactivation = \"identity\"\noptimizer = { name = \"sgd\", learning_rate = 3e38 }",
    );
    let place = Place::with(&suite);
    let output = place.bench(&[]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("2 of 4 runs failed"), "{}", said(&output));
    let manifest = place.manifest();
    for run in manifest["runs"].as_array().unwrap() {
        let failed = run["method"] == "columns";
        assert_eq!(run["status"], if failed { "failed" } else { "finished" });
        if failed {
            assert_eq!(run["kind"], "not-finite");
        }
    }
}
