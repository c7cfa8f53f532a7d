use super::explain;
use crate::suite::Suite;
use dentate_core::registry::{self, Kind};
use std::path::Path;

mod ranges;

#[test]
fn a_strategy_is_explained_from_its_own_source() {
    insta::assert_snapshot!(explain("progressive-columns").unwrap());
}

#[test]
fn an_unknown_name_gets_the_nearest() {
    let said = explain("progresive-columns").unwrap_err().to_string();
    assert!(said.contains("did you mean `progressive-columns`?"), "{said}");
}

/// What is shown as an example is accepted in a suite.
#[test]
fn every_example_can_be_used() {
    for entry in registry::entries() {
        let text = explain(entry.name).unwrap();
        assert!(
            text.contains(entry.citation) && text.contains(entry.summary),
            "{text}"
        );
        let example = text.rsplit("In a suite\n\n").next().unwrap();
        // A suite, or a term of the glossary, may have the same name and stand behind it.
        let others = format!("\n\n{} · ", entry.name);
        let example = example.split(&others).next().unwrap();
        let data = "data = { kind = \"digits\" }";
        // As long as the usual triggers need, with room to grow, and the activation without which `gradmax` is refused.
        let usual =
            "settings = { hidden = [16], activation = \"relu-live-at-zero\", budget = { epochs = 100 } }";
        // Who answers by tasks has to be told them.
        let scenario = match entry.name {
            "packnet" => "task-incremental",
            _ => "class-incremental",
        };
        let stream = format!(
            "[[stream]]\nname = \"s\"\nkind = \"split\"\nscenario = \"{scenario}\"\n{data}\n{usual}\n"
        );
        let suite = match entry.kind {
            // A learner that goes with every stream, whatever there is to predict.
            Kind::Stream => format!("{example}\n[[method]]\nname = \"m\"\nlearner = \"k-means\"\n"),
            Kind::Data => format!("{}[[method]]\nname = \"m\"\n", stream.replace(data, example)),
            _ => format!("{stream}{example}"),
        };
        if let Err(error) = Suite::parse(Path::new("example.toml"), &suite) {
            panic!("the example of `{}` is refused: {error}\n{suite}", entry.name);
        }
    }
}

#[test]
fn suites_are_explained_and_their_typos_answered() {
    let said = explain("quickstart").unwrap();
    for part in [
        "quickstart · suite · ",
        "Streams\n",
        "(control)",
        "cargo xtask bench quickstart",
    ] {
        assert!(said.contains(part), "{said}");
    }
    let said = explain("qiuckstart").unwrap_err().to_string();
    assert!(said.contains("did you mean `quickstart`"), "{said}");
    let said = explain("xyzzy").unwrap_err().to_string();
    assert_eq!(
        said,
        "nothing is called `xyzzy`: `cargo xtask list` shows all names"
    );
}

#[test]
fn terms_of_the_glossary_are_explained() {
    let said = explain("experience").unwrap();
    assert!(
        said.starts_with("experience · glossary\n\n") && said.contains("Avalanche"),
        "{said}"
    );
    assert!(explain("learning-rate-scale").is_ok());
    assert!(super::glossary::names().len() >= 40);
}
