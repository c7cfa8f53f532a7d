use crate::suite::{Suite, SuiteError};
use std::path::Path;

const SUITE: &str = r#"
title = "A suite"
seeds = 7
[defaults]
hidden = [30]
budget = { epochs = 4 }
[scale.quick]
seeds = 2
defaults = { budget = { epochs = 1 } }
stream = { rows_per_task = 40 }
[[stream]]
name = "drawn"
kind = "permuted"
scenario = "domain-incremental"
tasks = 3
data = { kind = "digits" }
[[method]]
name = "fixed"
"#;

fn at(text: &str, scale: Option<&str>) -> Result<Suite, SuiteError> {
    Suite::parse_at(Path::new("s.toml"), text, scale)
}

fn learner(suite: &Suite) -> serde_json::Value {
    serde_json::to_value(suite.learner(&suite.methods[0], &suite.streams[0]).unwrap()).unwrap()
}

#[test]
fn a_scale_stands_over_the_suite() {
    let full = at(SUITE, None).unwrap();
    let quick = at(SUITE, Some("quick")).unwrap();
    assert_eq!((full.seeds, quick.seeds), (7, 2));
    assert_eq!(
        (full.title.as_str(), quick.title.as_str()),
        ("A suite", "A suite (scale quick)")
    );
    let (full_learner, quick_learner) = (learner(&full), learner(&quick));
    assert_eq!(full_learner["budget"]["epochs"], 4);
    assert_eq!(quick_learner["budget"]["epochs"], 1);
    assert_eq!(
        full_learner["hidden"], quick_learner["hidden"],
        "what a scale does not name stays"
    );
    let stream = |suite: &Suite| serde_json::to_value(&suite.streams[0].spec).unwrap();
    assert_eq!(stream(&quick)["rows_per_task"], 40);
    assert_ne!(stream(&full), stream(&quick));
    assert_eq!(full.scales, ["full", "quick"]);
    let written = at(SUITE, Some("full")).unwrap();
    assert_eq!((written.seeds, written.title.as_str()), (7, "A suite"));
}

#[test]
fn mistakes_in_scales_are_found_whatever_the_scale() {
    let said = |from: &str, to: &str, scale| {
        assert!(SUITE.contains(from));
        at(&SUITE.replacen(from, to, 1), scale).unwrap_err().to_string()
    };
    let all = [
        said("seeds = 7", "seeds = 7", Some("quik")),
        said("stream = { rows_per_task = 40 }", "streams = 3", None),
        said(
            "stream = { rows_per_task = 40 }",
            "stream = { rows_per_tsk = 40 }",
            None,
        ),
        said("epochs = 1", "epochs = 0", None),
        said("[scale.quick]", "[scale.full]", None),
        said("[scale.quick]\nseeds = 2", "[scale.quick]\nseeds = 0", None),
    ];
    insta::assert_snapshot!(all.join("\n"));
}
