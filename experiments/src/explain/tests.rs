use super::explain;
use crate::bounds::Bounds;
use crate::suite::Suite;
use dentate_core::LearnerSpec;
use dentate_core::registry::{self, Kind};
use dentate_growth::Growth;
use serde_json::Value as Json;
use std::path::Path;

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
        let data = "data = { kind = \"digits\" }";
        // As long as the usual triggers need, with room to grow, and the activation without which `gradmax` is refused.
        let usual =
            "settings = { hidden = [16], activation = \"relu-live-at-zero\", budget = { epochs = 100 } }";
        let stream = format!(
            "[[stream]]\nname = \"s\"\nkind = \"split\"\nscenario = \"class-incremental\"\n{data}\n{usual}\n"
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

/// What a schema says of bounds is what the type's own check says: a number just outside is refused by that too.
#[test]
fn the_bounds_that_are_shown_are_those_that_hold() {
    let mut tried = 0;
    for entry in registry::entries() {
        let schema = Json::from((entry.schema)());
        let properties = schema.get("properties").and_then(Json::as_object);
        for (key, property) in properties.into_iter().flatten() {
            let bounds = Bounds::of(property);
            let whole = property.to_string().contains("\"integer\"");
            if bounds.words(whole).is_none() {
                continue;
            }
            for number in bounds.outside() {
                let number = if whole {
                    format!("{number:.0}")
                } else {
                    format!("{number:?}")
                };
                let (name, kind) = (entry.name, entry.kind);
                let table = format!("{{ name = \"{name}\", {key} = {number} }}");
                let refused = match kind {
                    Kind::Strategy => strategy(&format!("name = \"{name}\"\n{key} = {number}")),
                    Kind::Trigger
                    | Kind::Placement
                    | Kind::Initializer
                    | Kind::Survival
                    | Kind::Modulation => strategy(&format!("name = \"composed\"\n{kind} = {table}")),
                    Kind::Regulariser => learner(&format!("learner = \"gradient\"\nregulariser = {table}")),
                    Kind::Rehearsal => learner(&format!(
                        "learner = \"gradient\"\nrehearsal = {{ {key} = {number} }}"
                    )),
                    Kind::Learner => learner(&format!("learner = \"{name}\"\n{key} = {number}")),
                    Kind::Stream | Kind::Data => continue,
                };
                tried += 1;
                assert!(
                    refused,
                    "`{name}` takes {key} = {number}, which its schema does not"
                );
            }
        }
    }
    assert!(tried > 15, "only {tried} bounds were there to try");
}

fn strategy(text: &str) -> bool {
    toml::from_str::<Box<dyn Growth>>(text).map_or(true, |s| s.validate().is_err())
}

fn learner(text: &str) -> bool {
    toml::from_str::<Box<dyn LearnerSpec>>(text).map_or(true, |s| s.validate().is_err())
}
