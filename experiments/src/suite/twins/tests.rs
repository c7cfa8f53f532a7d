use super::super::Suite;
use dentate_core::TwinBudget;
use std::path::Path;

const GROWER: &str = r#"
[[method]]
name = "grower"
title = "Grower"
hidden = [2]
budget = { updates = 2000 }
strategy = { name = "dynamic-node-creation" }
"#;

fn suite(method: &str) -> Result<Suite, String> {
    let text = format!(
        r#"
[[stream]]
name = "drawn"
kind = "split"
scenario = "class-incremental"
data = {{ kind = "digits" }}
{method}"#
    );
    Suite::parse(Path::new("s.toml"), &text).map_err(|error| error.to_string())
}

#[test]
fn twins_stand_behind_their_method() {
    let found = suite(&format!("{GROWER}twin = [\"updates\", \"final-parameters\"]\n")).unwrap();
    let names: Vec<_> = found
        .methods
        .iter()
        .map(|m| (m.name.as_str(), m.title.as_str()))
        .collect();
    assert_eq!(
        names,
        [
            ("grower", "Grower"),
            (
                "grower-twin-updates",
                "Grower, twin of final size and equal updates"
            ),
            ("grower-twin-final-parameters", "Grower, twin of final size"),
        ]
    );
    let twin = found.methods[2].twin.as_ref().unwrap();
    assert_eq!(
        (twin.method.as_str(), twin.budget),
        ("grower", TwinBudget::FinalParameters)
    );
    assert_eq!(
        suite(&format!("{GROWER}twin = \"memory\"\n"))
            .unwrap()
            .methods
            .len(),
        2
    );
}

#[test]
fn what_can_have_no_twin_is_refused_with_its_place() {
    let refused = |method: &str| suite(method).unwrap_err();
    let fixed = "[[method]]\nname = \"fixed\"\ntwin = \"updates\"\n";
    let said = refused(fixed);
    assert!(
        said.starts_with("s.toml:7:1: method `fixed`: `twin = \"updates\"` asks for a static network"),
        "{said}"
    );
    assert!(
        said.contains("it does not grow on stream `drawn`: leave `twin` out"),
        "{said}"
    );
    let said = refused(&format!("{GROWER}twin = \"final-parameter\"\n"));
    assert!(said.contains("did you mean `final-parameters`?"), "{said}");
    let said = refused(&format!("{GROWER}twin = [\"memory\", \"memory\"]\n"));
    assert!(said.contains("names memory twice"), "{said}");
    assert!(refused(&format!("{GROWER}twin = []\n")).contains("a budget in quotes, or a list of them"));
    let map = "[[method]]\nname = \"gas\"\nlearner = \"growing-neural-gas\"\ntwin = \"updates\"\n";
    assert!(refused(map).contains("it can have no `twin`"));
    let again = format!("{GROWER}twin = \"memory\"\n[[method]]\nname = \"grower-twin-memory\"\n");
    assert!(refused(&again).contains("stands twice"));
}
