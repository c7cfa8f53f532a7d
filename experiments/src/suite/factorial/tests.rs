use crate::suite::{Suite, SuiteError};
use std::path::Path;

const HEAD: &str = r#"
[[stream]]
name = "s"
kind = "split"
scenario = "task-incremental"
data = { kind = "digits", train = 100, test = 50 }
settings = { hidden = [4], budget = { epochs = 200 } }
[[method]]
name = "fixed"
[factorial]
settings = { batch = 7, strategy = { name = "composed", units = 2 } }
"#;

fn factor(name: &str, key: &str) -> String {
    format!(
        "[[factorial.factor]]\nname = \"{name}\"\nfirst = {{ name = \"no {name}\" }}\n\
         second = {{ name = \"{name}\", settings = {{ strategy = {{ {key} }} }} }}\n"
    )
}

fn read(text: &str) -> Result<Suite, SuiteError> {
    Suite::parse(Path::new("f.toml"), text)
}

#[test]
fn a_cell_has_the_settings_of_its_levels() {
    let text = format!(
        "{HEAD}{}{}",
        factor("cap", "max_units = 9"),
        factor("pace", "every = 3")
    );
    let suite = read(&text).unwrap();
    let names: Vec<&str> = suite.methods.iter().map(|m| m.name.as_str()).collect();
    let wanted = [
        "fixed",
        "no-cap-no-pace",
        "no-cap-pace",
        "cap-no-pace",
        "cap-pace",
    ];
    assert_eq!(names, wanted);
    let of = |i: usize| {
        let learner = suite.learner(&suite.methods[i], &suite.streams[0]).unwrap();
        toml::Value::try_from(&learner).unwrap()
    };
    let both = of(4);
    assert_eq!(both["batch"].as_integer(), Some(7));
    let setting = |of: &toml::Value, key: &str| of["strategy"][key].as_integer().unwrap();
    assert_eq!(
        ["units", "max_units", "every"].map(|key| setting(&both, key)),
        [2, 9, 3]
    );
    assert_eq!(
        ["units", "max_units", "every"].map(|key| setting(&of(2), key)),
        [2, 256, 3]
    );
    let levels: Vec<bool> = suite.methods[2].levels.iter().map(|l| l.second).collect();
    assert_eq!(levels, [false, true]);
}

/// In half of the cells every pair of factors still has each of its four combinations as often as any other.
#[test]
fn half_a_design_is_balanced() {
    let keys = ["max_units = 9", "every = 3", "meter_decay = 0.5"];
    let factors: String = ["a", "b", "c"]
        .iter()
        .zip(keys)
        .map(|(n, k)| factor(n, k))
        .collect();
    let text = format!(
        "{}{factors}",
        HEAD.replace("[factorial]", "[factorial]\nhalf = true")
    );
    let suite = read(&text).unwrap();
    let cells: Vec<Vec<bool>> = suite.methods[1..]
        .iter()
        .map(|m| m.levels.iter().map(|l| l.second).collect())
        .collect();
    assert_eq!(cells.len(), 4);
    for (i, j) in [(0, 1), (0, 2), (1, 2)] {
        let mut pairs: Vec<(bool, bool)> = cells.iter().map(|c| (c[i], c[j])).collect();
        pairs.sort_unstable();
        assert_eq!(
            pairs,
            [(false, false), (false, true), (true, false), (true, true)]
        );
    }
}

#[test]
fn what_cannot_be_a_design_is_refused_with_its_place() {
    let said = |text: String| read(&text).unwrap_err().to_string();
    let with = |factors: &str| said(format!("{HEAD}{factors}"));
    assert!(with("").contains("[[factor]]"), "{}", with(""));
    let twice = factor("cap", "max_units = 9").repeat(2);
    assert!(
        with(&twice).contains("two factors called `cap`"),
        "{}",
        with(&twice)
    );
    let same = factor("cap", "max_units = 9").replace("no cap", "cap");
    assert!(with(&same).contains("both levels"), "{}", with(&same));
    let odd = factor("cap", "max_unit = 9");
    assert!(with(&odd).contains("max_units"), "{}", with(&odd));
    let none = factor("cap", "max_units = 9").replace("first", "frist");
    assert!(with(&none).contains("first"), "{}", with(&none));
}

#[test]
fn a_design_needs_no_other_method() {
    let head = HEAD.replace("[[method]]\nname = \"fixed\"\n", "");
    let suite = read(&format!("{head}{}", factor("cap", "max_units = 9"))).unwrap();
    assert_eq!(suite.methods.len(), 2);
    let neither = head.split("[factorial]").next().unwrap();
    assert!(read(neither).unwrap_err().to_string().contains("[[method]]"));
}

/// `twin` is written once for all cells, and those that never grow have none.
#[test]
fn growing_cells_have_twins() {
    let grows = "[[factorial.factor]]\nname = \"growth\"\nfirst = { name = \"still\", settings = { strategy = { name = \"fixed\" } } }\n\
                 second = { name = \"growing\", settings = { strategy = { name = \"composed\", units = 2 } } }\n";
    let batch = "[[factorial.factor]]\nname = \"batch\"\nfirst = { name = \"small\" }\nsecond = { name = \"large\", settings = { batch = 9 } }\n";
    let head = HEAD
        .replace("[factorial]", "[factorial]\ntwin = \"final-parameters\"")
        .replace(
            "settings = { batch = 7, strategy = { name = \"composed\", units = 2 } }",
            "settings = { batch = 7 }",
        );
    let names = |text: String| -> Vec<String> {
        let suite = read(&text).unwrap();
        suite.methods.into_iter().skip(1).map(|m| m.name).collect()
    };
    let wanted = [
        "still-small",
        "still-large",
        "growing-small",
        "growing-small-twin-final-parameters",
        "growing-large",
        "growing-large-twin-final-parameters",
    ];
    assert_eq!(names(format!("{head}{grows}{batch}")), wanted);
    let never = read(&format!("{head}{batch}")).unwrap_err().to_string();
    assert!(never.contains("does not grow"), "{never}");
}
