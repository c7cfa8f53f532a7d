use crate::suite::Suite;
use std::path::Path;

mod generated;

/// A suite of one method on one stream.
fn said(stream: &str, method: &str) -> String {
    let text = format!("[[stream]]\nname = \"s\"\n{stream}\n[[method]]\nname = \"m\"\n{method}\n");
    match Suite::parse(Path::new("a.toml"), &text) {
        Ok(_) => "fine".into(),
        Err(error) => error.to_string(),
    }
}

const CLASSES: &str = "kind = \"split\"\nscenario = \"class-incremental\"\ndata = { kind = \"digits\", train = 100, test = 50 }";
const TASKS: &str =
    "kind = \"split\"\nscenario = \"task-incremental\"\ndata = { kind = \"digits\", train = 100, test = 50 }";
const DOMAINS: &str = "kind = \"permuted\"\ntasks = 2\nscenario = \"domain-incremental\"\ndata = { kind = \"digits\", train = 100, test = 50 }";
const ONLINE: &str = "kind = \"split\"\nscenario = \"class-incremental\"\nonline = true\ndata = { kind = \"digits\", train = 100, test = 50 }";
const VALUES: &str = "kind = \"problem\"\nproblem = \"parity\"";
const BITS: &str = "kind = \"bit-flip\"\ntrain = 100\nexperiences = 3";
const POINTS: &str = "kind = \"shape\"\nshape = \"moons\"";

/// Incompatible settings are refused with position, key and a valid choice.
#[test]
fn what_cannot_go_together_is_refused() {
    let composed = |more: &str| format!("strategy = {{ name = \"composed\", every = 1, {more} }}");
    let cases = [
        // What is worked out of the layers beside goes one layer at a time.
        (
            DOMAINS,
            format!(
                "hidden = [8, 8]\n{}",
                composed(
                    "trigger = { name = \"every\", checks = 1 }, placement = { name = \"all\" }, initializer = { name = \"north-select\" }"
                )
            ),
        ),
        // Learners and what is to be learned.
        (VALUES, "learner = \"neurogenesis-deep-learning\"".to_string()),
        (POINTS, "learner = \"neurogenesis-deep-learning\"".into()),
        (POINTS, "hidden = [4]".into()),
        (ONLINE, "learner = \"neurogenesis-deep-learning\"".into()),
        (VALUES, "learner = \"nearest-class-mean\"".into()),
        (
            POINTS,
            "learner = \"streaming-linear-discriminant-analysis\"".into(),
        ),
        (BITS, "learner = \"ranpac\"".into()),
        // A single pass.
        (ONLINE, "budget = { epochs = 3 }".into()),
        (ONLINE, "budget = { updates = 3 }".into()),
        (BITS, "protocol = \"joint\"\nbudget = { epochs = 2 }".into()),
        (
            ONLINE,
            "mechanisms = [{ name = \"elastic-weight-consolidation\" }]".into(),
        ),
        (
            ONLINE,
            "mechanisms = [{ name = \"memory-aware-synapses\" }]".into(),
        ),
        // Classes that arrive, and others.
        (TASKS, "mechanisms = [{ name = \"er-ace\" }]".into()),
        (DOMAINS, "mechanisms = [{ name = \"er-ace\" }]".into()),
        (BITS, "mechanisms = [{ name = \"er-ace\" }]".into()),
        (DOMAINS, "mechanisms = [{ name = \"gdumb\" }]".into()),
        (BITS, "mechanisms = [{ name = \"gdumb\" }]".into()),
        (
            TASKS,
            "mechanisms = [{ name = \"gdumb\" }, { name = \"packnet\" }]".into(),
        ),
        (ONLINE, "learner = \"growing-neural-gas\"\nepochs = 2".into()),
        (ONLINE, composed("trigger = { name = \"outlier-quota\" }")),
        (
            ONLINE,
            composed("trigger = { name = \"every\", checks = 1 }, placement = { name = \"least-spare\" }"),
        ),
        (
            ONLINE,
            composed("trigger = { name = \"every\", checks = 1 }, initializer = { name = \"north-select\" }"),
        ),
        (
            ONLINE,
            composed(
                "trigger = { name = \"every\", checks = 1 }, survival = { name = \"utility-share\", utility = \"ablation\" }",
            ),
        ),
        // The network.
        (VALUES, "conv = [{ channels = 2 }]".into()),
        (
            CLASSES,
            "conv = [{ channels = 2, kernel = 99, padding = 0 }]".into(),
        ),
        (
            CLASSES,
            "conv = [{ channels = 3 }, { channels = 4, groups = 2 }]".into(),
        ),
        (
            CLASSES,
            "conv = [{ channels = 2 }, { channels = 3, residual = true }]".into(),
        ),
        // Layers by name.
        (
            CLASSES,
            composed(
                "trigger = { name = \"every\", checks = 1 }, placement = { name = \"given\", layer = \"hiden-1\" }",
            ),
        ),
        (
            CLASSES,
            composed("trigger = { name = \"gradient-norm\", layer = \"input\" }"),
        ),
        (
            CLASSES,
            "strategy = { name = \"dynamic-node-creation\", layer = \"head\" }".into(),
        ),
        (
            CLASSES,
            "hidden = []\nstrategy = { name = \"dynamic-node-creation\" }".into(),
        ),
        (
            CLASSES,
            format!(
                "hidden = []\n{}",
                composed("trigger = { name = \"every\", checks = 1 }")
            ),
        ),
        (
            CLASSES,
            "hidden = []\nstrategy = { name = \"redo\", every = 1 }".into(),
        ),
        // Columns.
        (DOMAINS, "strategy = { name = \"progressive-columns\" }".into()),
        (VALUES, "strategy = { name = \"progressive-columns\" }".into()),
        (
            CLASSES,
            "strategy = { name = \"progressive-columns\", widths = [3] }".into(),
        ),
        // Parts that need one another.
        (
            CLASSES,
            composed(
                "trigger = { name = \"never\" }, survival = { name = \"turnover\" }, initializer = { name = \"net2net-wider\" }",
            ),
        ),
        (
            CLASSES,
            composed("trigger = { name = \"every\", checks = 1 }, initializer = { name = \"gradmax\" }"),
        ),
        // Growth that could never happen.
        (
            CLASSES,
            composed("trigger = { name = \"every\", checks = 1 }, max_units = 100"),
        ),
        (
            CLASSES,
            composed("trigger = { name = \"loss-plateau\", window = 2 }"),
        ),
        (VALUES, composed("trigger = { name = \"experience-start\" }")),
        (
            CLASSES,
            composed(
                "trigger = { name = \"every\", checks = 1 }, placement = { name = \"deeper\", most = 2 }",
            ),
        ),
        (
            CLASSES,
            "strategy = { name = \"dynamic-node-creation\", max_units = 100 }".into(),
        ),
        (
            CLASSES,
            "strategy = { name = \"dynamic-node-creation\", max_units = 128, interval = 1, window = 4 }"
                .into(),
        ),
        (CLASSES, "strategy = { name = \"redo\" }".into()),
        (CLASSES, "strategy = { name = \"continual-backprop\" }".into()),
        (VALUES, "mechanisms = [{ name = \"shrink-and-perturb\" }]".into()),
        (CLASSES, "mechanisms = [{ name = \"packnet\" }]".into()),
        (
            TASKS,
            "mechanisms = [{ name = \"packnet\" }]\nstrategy = { name = \"redo\", every = 10 }".into(),
        ),
        (POINTS, "learner = \"growing-grid\"\nmax_units = 5".into()),
        (
            POINTS,
            "learner = \"growing-neural-gas\"\ninsert_every = 10000".into(),
        ),
        (
            CLASSES,
            "learner = \"neurogenesis-deep-learning\"\nmax_rounds = 0".into(),
        ),
    ];
    let all: Vec<String> = cases
        .iter()
        .map(|(stream, method)| said(stream, method))
        .collect();
    assert!(!all.iter().any(|said| said == "fine"), "{all:#?}");
    insta::assert_snapshot!(all.join("\n"));
}

/// The same settings where they do go together.
#[test]
fn what_can_go_together_is_taken() {
    let composed = |more: &str| format!("strategy = {{ name = \"composed\", every = 1, {more} }}");
    let cases = [
        (CLASSES, "learner = \"neurogenesis-deep-learning\"".to_string()),
        (ONLINE, "budget = { epochs = 1 }".into()),
        (ONLINE, "batch = 10\nbudget = { updates = 2 }".into()),
        (ONLINE, "mechanisms = [{ name = \"synaptic-intelligence\" }]".into()),
        (CLASSES, "mechanisms = [{ name = \"elastic-weight-consolidation\" }]".into()),
        (ONLINE, "mechanisms = [{ name = \"elastic-weight-consolidation\", fisher = \"identity\" }]".into()),
        (ONLINE, "mechanisms = [{ name = \"er-ace\" }]".into()),
        (ONLINE, "mechanisms = [{ name = \"gdumb\" }]".into()),
        (TASKS, "mechanisms = [{ name = \"gdumb\" }, { name = \"memory-aware-synapses\" }]".into()),
        (BITS, "mechanisms = [{ name = \"gdumb\", buffer = { name = \"reservoir\" } }]".into()),
        (ONLINE, composed("trigger = { name = \"every\", checks = 1 }, survival = { name = \"utility-share\" }")),
        (CLASSES, "conv = [{ channels = 4 }, { channels = 4, groups = 2 }]".into()),
        (CLASSES, composed("trigger = { name = \"every\", checks = 1 }, placement = { name = \"given\", layer = \"hidden-1\" }")),
        (CLASSES, "strategy = { name = \"progressive-columns\", widths = [3, 4] }".into()),
        (CLASSES, composed("trigger = { name = \"never\" }, max_units = 10, survival = { name = \"turnover\" }")),
        (CLASSES, composed("trigger = { name = \"every\", checks = 1 }, max_units = 101")),
        (CLASSES, composed("trigger = { name = \"every\", checks = 1 }, max_units = 100, pruning = {}")),
        (CLASSES, "batch = 1\nstrategy = { name = \"dynamic-node-creation\", max_units = 101, interval = 1, window = 19 }".into()),
        (POINTS, "learner = \"growing-grid\"\nmax_units = 6".into()),
        (BITS, "batch = 1\nhidden = [4]\nstrategy = { name = \"dynamic-node-creation\", interval = 1, window = 9 }".into()),
    ];
    for (stream, method) in &cases {
        assert_eq!(said(stream, method), "fine", "{method}");
    }
}

/// The values that a refusal names would do: the largest of the setting, and a budget for the setting as it is.
#[test]
fn the_values_that_a_refusal_names_do() {
    let number = |text: &str, before: &str| -> u64 {
        let rest = text
            .split(before)
            .nth(1)
            .unwrap_or_else(|| panic!("no `{before}` in: {text}"));
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap()
    };
    for strategy in [
        "name = \"redo\", every = {}",
        "name = \"continual-backprop\", maturity = {}",
        "name = \"dynamic-node-creation\", max_units = 128, interval = 2, window = {}",
        "name = \"composed\", every = 2, trigger = { name = \"loss-plateau\", window = {} }",
        "name = \"composed\", every = 2, trigger = { name = \"slope\", window = {} }",
        "name = \"composed\", every = 2, trigger = { name = \"every\", checks = {} }",
    ] {
        let with = |value: u64, budget: &str| {
            let strategy = strategy.replace("{}", &value.to_string());
            said(
                CLASSES,
                &format!("batch = 2\n{budget}\nstrategy = {{ {strategy} }}"),
            )
        };
        let refused = with(1000, "");
        let largest = number(&refused, "to at most ");
        assert_eq!(with(largest, ""), "fine", "{refused}");
        assert_ne!(with(largest + 1, ""), "fine", "{refused}");
        let updates = number(&refused, "updates = ");
        assert_eq!(
            with(1000, &format!("budget = {{ updates = {updates} }}")),
            "fine",
            "{refused}"
        );
    }
}

/// A method that goes with another stream of the suite can be kept to that.
#[test]
fn the_way_out_is_named() {
    let text = format!(
        "[[stream]]\nname = \"bits\"\n{BITS}\n[[stream]]\nname = \"digits\"\n{CLASSES}\n[[method]]\nname = \"ndl\"\n\
         learner = \"neurogenesis-deep-learning\"\n"
    );
    let said = Suite::parse(Path::new("a.toml"), &text).unwrap_err().to_string();
    assert!(
        said.ends_with("or restrict the method to suitable streams: `streams = [\"digits\"]`"),
        "{said}"
    );
    let kept = format!("{text}streams = [\"digits\"]\n");
    assert!(Suite::parse(Path::new("a.toml"), &kept).is_ok());
}
