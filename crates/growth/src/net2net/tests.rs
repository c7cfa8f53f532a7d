use super::*;
use crate::North;
use crate::registered::{AnyGrowth, Growth};
use crate::{Change, Law, NorthStart};
use dentate_core::{Access, Activation, Graph, Init, Moment, Scenario, Seed, StreamFacts, TargetKind, mlp};

/// What a named strategy runs is the composition that its page names.
#[test]
fn named_strategies_are_the_compositions_that_they_say() {
    let parts = |strategy: &dyn Growth| -> Vec<String> {
        strategy
            .parts()
            .into_iter()
            .map(|(_, name)| name)
            .take(3)
            .collect()
    };
    let deeper = Net2Net {
        way: Way::Deeper,
        ..Net2Net::default()
    };
    assert_eq!(
        parts(&Net2Net::default()),
        ["loss-plateau", "round-robin", "net2net-wider"]
    );
    assert_eq!(parts(&deeper)[1], "deeper");
    for (start, name) in [
        (NorthStart::Select, "north-select"),
        (NorthStart::Pre, "north-pre"),
        (NorthStart::Weight, "north-weight"),
    ] {
        let north = North {
            start,
            ..North::default()
        };
        assert_eq!(parts(&north), ["effective-rank", "given", name]);
        assert!(north.laws().contains(&Law::PreservesFunction));
    }
    assert!(Net2Net::default().changes().contains(&Change::Split));
    assert!(!deeper.changes().contains(&Change::Split) && deeper.changes().contains(&Change::Deepen));
}

/// Errors name the settings that the strategy has, and not those of a part that it fixes.
#[test]
fn errors_are_told_in_the_strategys_own_keys() {
    let north = North {
        tau: -1.0,
        ..North::default()
    };
    assert_eq!(north.validate().unwrap_err().key, "tau");
    let text = "name = \"net2net\"\ntrigger = { name = \"every\", checks = 0 }";
    let net2net: Box<dyn Growth> = toml::from_str(text).unwrap();
    assert_eq!(net2net.validate().unwrap_err().key, "trigger.checks");
    let plan = mlp(2, &[3, 3], Activation::Tanh, Init::He, Seed(1));
    let graph = Graph::empty().apply(&plan, Moment::default()).unwrap().0;
    let stream = StreamFacts {
        scenario: Scenario::ClassIncremental,
        access: Access::Revisitable,
        target: TargetKind::Classes,
        shape: None,
        experiences: Vec::new(),
    };
    let run = Prospect::new(&stream, Some(&graph), Some(&graph));
    let north = North {
        layer: Some("hidden-7".into()),
        ..North::default()
    };
    assert_eq!(north.suits(&run).unwrap_err().key, "layer");
    let deeper = Net2Net {
        way: Way::Deeper,
        ..Net2Net::default()
    };
    let said = deeper.suits(&run).unwrap_err();
    assert!(said.key == "way" && said.reason.contains("relu"), "{said:?}");
}
