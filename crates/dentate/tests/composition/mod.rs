//! Every mechanism with every growth strategy: a pair is refused before the run, in a sentence, or it runs to its end and the network
//! grows. The page "What goes together" is made of it.
//!
//! `DENTATE_WRITE_DOCS=1 cargo test -p dentate what_goes_together` writes the page anew.

use dentate::continual::{Budget, Gradient, MechanismSpec};
use dentate::core::registry::{self, Kind};
use dentate::core::{Activation, Scenario};
use dentate::growth::Growth;
use dentate::session::{Experiment, SessionError};
use dentate::streams::Split;
use dentate::streams::data::Digits;
use std::fmt::Write;
use std::path::Path;

/// Settings under which a strategy grows within the few updates of these runs, as TOML beside its name; none for its defaults.
const SMALL: [(&str, &str); 5] = [
    (
        "composed",
        "every = 5\ntrigger = { name = \"every\", looks = 1 }\nsurvival = { name = \"utility-share\", probation = 5, share = 0.3 }",
    ),
    ("continual-backprop", "replacement_rate = 0.05\nmaturity = 3"),
    (
        "dynamic-node-creation",
        "slope = 0.9\nwindow = 4\ninterval = 2\nmax_units = 12",
    ),
    ("redo", "every = 5\nthreshold = 0.9"),
    ("fixed", ""),
];

/// The result of a pair.
enum Cell {
    /// It ran, and the network changed as often, by the strategy or by the mechanism.
    Runs(u64),
    /// It was refused before the run.
    Refused(String),
}

fn names(kind: Kind) -> Vec<&'static str> {
    let all = registry::entries().into_iter();
    all.filter(|entry| entry.kind == kind)
        .map(|entry| entry.name)
        .collect()
}

/// The pair on a task-incremental stream, or where it is refused there on a class-incremental one, and on which.
fn pair(mechanism: &str, strategy: &str) -> (Cell, Scenario) {
    let first = on(Scenario::TaskIncremental, mechanism, strategy);
    if let Cell::Runs(_) = first {
        return (first, Scenario::TaskIncremental);
    }
    match on(Scenario::ClassIncremental, mechanism, strategy) {
        second @ Cell::Runs(_) => (second, Scenario::ClassIncremental),
        Cell::Refused(_) => (first, Scenario::TaskIncremental),
    }
}

fn on(scenario: Scenario, mechanism: &str, strategy: &str) -> Cell {
    let own = SMALL
        .iter()
        .find(|(name, _)| *name == strategy)
        .map_or("", |(_, own)| own);
    let strategy: Box<dyn Growth> = toml::from_str(&format!("name = {strategy:?}\n{own}")).unwrap();
    let mechanism: Box<dyn MechanismSpec> = toml::from_str(&format!("name = {mechanism:?}")).unwrap();
    let learner = Gradient {
        hidden: vec![8, 6],
        activation: Activation::Relu,
        batch: 8,
        budget: Budget::Epochs(2),
        mechanisms: vec![mechanism],
        strategy,
        ..Gradient::default()
    };
    let digits = Digits {
        train: 160,
        test: 40,
        ..Digits::default()
    };
    let stream = Split {
        scenario,
        ..Split::new(digits)
    };
    let session = match Experiment::new(stream, learner).session() {
        Ok(session) => session,
        Err(error @ (SessionError::Config(_) | SessionError::Unsuited(_))) => {
            return Cell::Refused(error.to_string());
        }
        Err(error) => panic!("refused, but not for what it is: {error}"),
    };
    let outcome = session
        .run()
        .unwrap_or_else(|error| panic!("ended early: {error}"));
    let growth = outcome.growth();
    Cell::Runs(growth.edits + growth.replaced)
}

#[test]
fn what_goes_together() {
    let (mechanisms, strategies) = (names(Kind::Mechanism), names(Kind::Strategy));
    let mut page = String::from(
        "# What goes together\n\n\
         Every mechanism with every growth strategy, as they declare it and as it was run: a task-incremental stream \
         of five tasks of digits, with growth in the middle; `class` where it runs on a class-incremental one only. A number refers to the sentence by which a pair is refused before a run. This page is made \
         by a test (`what_goes_together` in `crates/dentate/tests/composition`), which also makes every run.\n\n",
    );
    let mut sentences: Vec<String> = Vec::new();
    let heads: Vec<String> = strategies.iter().map(|name| format!("`{name}`")).collect();
    writeln!(page, "| | {} |", heads.join(" | ")).unwrap();
    writeln!(page, "| --- |{}", " --- |".repeat(strategies.len())).unwrap();
    for mechanism in &mechanisms {
        let own = match pair(mechanism, "fixed") {
            (Cell::Runs(changes), _) => changes,
            (Cell::Refused(_), _) => 0,
        };
        let mut cell = |strategy: &str| match pair(mechanism, strategy) {
            (Cell::Runs(changes), scenario) => {
                let grows = changes > own;
                assert_eq!(
                    strategy != "fixed",
                    grows,
                    "`{mechanism}` with `{strategy}`: {changes} changes"
                );
                match scenario {
                    Scenario::TaskIncremental => "yes".to_string(),
                    _ => "class".to_string(),
                }
            }
            (Cell::Refused(sentence), _) => {
                let known = sentences.iter().position(|s| *s == sentence).unwrap_or_else(|| {
                    sentences.push(sentence);
                    sentences.len() - 1
                });
                (known + 1).to_string()
            }
        };
        let cells: Vec<String> = strategies.iter().map(|s| cell(s)).collect();
        writeln!(page, "| `{mechanism}` | {} |", cells.join(" | ")).unwrap();
    }
    if !sentences.is_empty() {
        page.push('\n');
    }
    for (i, sentence) in sentences.iter().enumerate() {
        writeln!(page, "{}. {sentence}", i + 1).unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/what-goes-together.md");
    if std::env::var_os("DENTATE_WRITE_DOCS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    assert!(
        std::fs::read_to_string(&path).unwrap() == page,
        "docs/what-goes-together.md is not what was run: DENTATE_WRITE_DOCS=1 writes it anew"
    );
}
