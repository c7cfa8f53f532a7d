use super::*;

const GOOD: &str = r#"
control = "fixed"
seeds = 2
[[stream]]
name = "drawn"
kind = "split"
scenario = "class-incremental"
data = { kind = "digits" }
[[method]]
name = "fixed"
[[method]]
name = "columns"
strategy = { name = "progressive-columns" }
"#;

fn parse(text: &str) -> Result<Suite, SuiteError> {
    Suite::parse(Path::new("my suite.toml"), text)
}

/// The good suite with one piece replaced.
fn broken(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from));
    parse(&GOOD.replacen(from, to, 1)).unwrap_err().to_string()
}

#[test]
fn a_good_suite_pairs_every_method_with_every_stream() {
    let suite = parse(GOOD).unwrap();
    let pairs: Vec<_> = suite
        .pairs()
        .map(|(m, s)| (m.name.as_str(), s.name.as_str()))
        .collect();
    assert_eq!(pairs, [("fixed", "drawn"), ("columns", "drawn")]);
    assert!(
        suite
            .learner(&suite.methods[1], &suite.streams[0])
            .unwrap()
            .grows()
    );
}

#[test]
fn settings_of_a_method_go_over_those_of_its_stream_and_the_defaults() {
    let text = GOOD
        .replace("seeds = 2", "seeds = 2\n[defaults]\nbatch = 5\nhidden = [3]")
        .replace(
            "[[method]]\nname = \"fixed\"",
            "settings = { batch = 6 }\n[[method]]\nname = \"fixed\"\nhidden = [4]",
        );
    let suite = parse(&text).unwrap();
    let json = serde_json::to_value(suite.learner(&suite.methods[0], &suite.streams[0]).unwrap()).unwrap();
    assert_eq!(
        (json["batch"].as_u64(), json["hidden"][0].as_u64()),
        (Some(6), Some(4))
    );
}

/// Every mistake gets one sentence that names the file, the place, the key, and the nearest that would do.
#[test]
fn mistakes_are_named() {
    let said = [
        broken("seeds = 2", "seeds = 0"),
        broken("seeds = 2", "sedes = 2"),
        broken("seeds = 2", "seeds = \"two\""),
        broken("seeds = 2", "seeds = = 2"),
        broken("control = \"fixed\"", "control = \"fixde\""),
        broken("kind = \"split\"", "kind = \"splitt\""),
        broken("kind = \"split\"", "kid = \"split\""),
        broken("kind = \"digits\"", "kind = \"digitz\""),
        broken("kind = \"digits\"", "kind = \"digits\", trian = 5"),
        broken("scenario = \"class-incremental\"", "scenario = \"class\""),
        broken("name = \"columns\"", "name = \"fixed\""),
        broken("name = \"columns\"", "name = \"My Columns\""),
        broken("name = \"columns\"", "name = \"columns\"\nlearner = \"gradent\""),
        broken("name = \"columns\"", "name = \"columns\"\nbach = 3"),
        broken("name = \"columns\"", "name = \"columns\"\nbatch = 0"),
        broken("name = \"columns\"", "name = \"columns\"\nbatch = \"many\""),
        broken("name = \"columns\"", "name = \"columns\"\nstreams = [\"drown\"]"),
        broken("name = \"progressive-columns\"", "name = \"progresive-columns\""),
        broken(
            "name = \"progressive-columns\"",
            "name = \"progressive-columns\", gian = 1.0",
        ),
        broken(
            "name = \"progressive-columns\"",
            "name = \"progressive-columns\", adapter_width = 0",
        ),
        broken(
            "name = \"columns\"",
            "name = \"columns\"\noptimizer = { name = \"adam\", learning_rate = -1.0 }",
        ),
        parse("title = \"x\"").unwrap_err().to_string(),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn an_unknown_suite_suggests_a_known_one() {
    let error = SuiteError::unknown("quikstart", ["quickstart", "split-mnist"].into_iter());
    assert_eq!(
        error.to_string(),
        "there is no suite `quikstart`, did you mean `quickstart`?; there are: quickstart, split-mnist"
    );
}

#[test]
fn the_suites_that_come_with_the_framework_are_good() {
    let suites = crate::places::suites();
    assert!(suites.iter().any(|(name, _)| name == "quickstart"));
    for (_, path) in suites {
        Suite::read(&path).unwrap();
    }
}
