use super::explain;
use crate::suite::Suite;
use crate::suite::ranking::rankings;
use dentate_core::metrics::Metric;
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
    assert!(said.contains("did you mean `progressive-columns`"), "{said}");
}

/// Every printed example is accepted in a suite.
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
        // As long as the usual triggers need, with room to grow, and the activation without which a part is refused.
        let activation = match entry.name {
            "self-normalised-resets" => "relu",
            _ => "tanh",
        };
        let usual = format!(
            "settings = {{ hidden = [16], activation = \"{activation}\", budget = {{ epochs = 100 }} }}"
        );
        // Who answers by tasks has to be told them.
        let scenario = match entry.name {
            "packnet" | "dynamically-expandable-network" => "task-incremental",
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

/// Every metric of the report and every record has an explanation, and each ranking names one.
#[test]
fn metrics_and_records_are_explained() {
    for metric in Metric::all() {
        let said = explain(metric.name()).unwrap();
        for part in [metric.title(), &metric.explanation(), metric.unit().words()] {
            assert!(said.contains(part), "{said}");
        }
        assert!(said.contains("Computed from: "), "{said}");
    }
    for ranking in rankings() {
        assert!(explain(ranking.name()).unwrap().contains("rank_by = "));
    }
    let said = explain("accuracy.untrained").unwrap();
    assert_eq!(
        said,
        "accuracy.untrained · record in records.csv\n\nvalue: accuracy on the task, for tasks with an output\n\
         by task: yes\nrecorded: once, before the first update\n"
    );
    let said = explain("test-rows").unwrap();
    assert!(said.contains("recorded: once, at the beginning"), "{said}");
    let said = explain("units").unwrap();
    assert!(
        said.contains("item: layer\n") && !said.contains("by task"),
        "{said}"
    );
}

#[test]
fn tables_and_settings_of_a_suite_are_explained() {
    insta::assert_snapshot!(
        [
            "[[stream]]",
            "optimizer",
            "budget",
            "init",
            "conv",
            "evaluation",
            "defaults"
        ]
        .map(|name| explain(name).unwrap())
        .join("\n════\n\n")
    );
    // A setting inside of a form is explained with that.
    assert!(
        explain("learning_rate")
            .unwrap()
            .contains("optimizer · setting of ")
    );
    assert!(
        explain("conv.kernel")
            .unwrap()
            .starts_with("conv.kernel · setting of ")
    );
    // What many have alike is said once.
    let said = explain("validation").unwrap();
    assert!(
        said.contains("stream `permuted`") && said.contains("stream `split`"),
        "{said}"
    );
    let said = explain("optimiser").unwrap_err().to_string();
    assert!(said.contains("did you mean `optimizer`"), "{said}");
    let said = explain("averge-accuracy").unwrap_err().to_string();
    assert!(said.contains("`average-accuracy`"), "{said}");
}

/// Every key that a suite can have is explained.
#[test]
fn every_key_of_a_suite_is_explained() {
    for name in super::suite_file::known() {
        assert!(explain(&name).is_ok(), "`{name}` is not explained");
    }
}
