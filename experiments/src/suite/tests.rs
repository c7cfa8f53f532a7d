use super::*;

mod mutants;
mod page;

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

/// Defaults are for the usual learner: one that does not know a key of theirs is not bothered with it.
#[test]
fn a_learner_of_another_kind_takes_the_defaults_that_it_knows() {
    let text = GOOD
        .replace("seeds = 2", "seeds = 2\n[defaults]\nbatch = 5\nhidden = [3]")
        .replace(
            "[[method]]\nname = \"columns\"\nstrategy = { name = \"progressive-columns\" }",
            "[[method]]\nname = \"other\"\nlearner = \"self-organising-map\"",
        );
    let suite = parse(&text).unwrap();
    let json = serde_json::to_value(suite.learner(&suite.methods[1], &suite.streams[0]).unwrap()).unwrap();
    assert_eq!(
        (&json["learner"], json["batch"].as_u64()),
        (&"self-organising-map".into(), Some(5))
    );
    // Its own settings are held to what it knows all the same.
    let text = text.replace(
        "learner = \"self-organising-map\"",
        "learner = \"self-organising-map\"\nhidden = [3]",
    );
    let said = parse(&text).unwrap_err().to_string();
    assert!(said.contains("hidden"), "{said}");
}

/// Settings of the default learner alone are refused for another learner.
#[test]
fn a_head_in_closed_form_takes_neither_strategy_nor_mechanisms() {
    let with = |more: &str| {
        let method = format!("[[method]]\nname = \"other\"\nlearner = \"ranpac\"\n{more}");
        let usual = "[[method]]\nname = \"columns\"\nstrategy = { name = \"progressive-columns\" }";
        parse(&GOOD.replace(usual, &method))
    };
    assert!(with("width = 50").is_ok());
    for (key, more) in [
        ("strategy", "strategy = { name = \"progressive-columns\" }"),
        ("mechanisms", "mechanisms = [{ name = \"experience-replay\" }]"),
        ("ridge", "ridge = 0.0"),
    ] {
        let said = with(more).unwrap_err().to_string();
        assert!(said.contains(key), "{said}");
    }
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

/// A method of the good suite with more settings.
fn with(settings: &str) -> String {
    broken("name = \"columns\"", &format!("name = \"columns\"\n{settings}"))
}

/// The good suite with its stream changed.
fn stream(from: &str, to: &str) -> String {
    broken(from, to)
}

/// Every mistake gets one sentence that names the file, the line and column, the key, and the nearest that would do.
#[test]
fn mistakes_are_named() {
    let columns = "name = \"progressive-columns\"";
    let creation = |more: &str| broken(columns, &format!("name = \"dynamic-node-creation\", {more}"));
    let said = [
        broken("seeds = 2", "seeds = 0"),
        broken("seeds = 2", "sedes = 2"),
        broken("seeds = 2", "seeds = \"two\""),
        broken("seeds = 2", "seeds = = 2"),
        broken("seeds = 2", "seeds = 99999999999999999999"),
        broken("seeds = 2", "seeds = 2001-01-01"),
        broken("seeds = 2", "title = 3"),
        broken("seeds = 2", "stream = 3"),
        broken("seeds = 2", "[evaluation]\nbatch = 0"),
        broken("seeds = 2", "[evaluation]\npoint = 3"),
        broken("seeds = 2", "[evaluation]\non = \"train\""),
        broken("seeds = 2", "[limits]\ntime = -1"),
        broken("seeds = 2", "[limits]\nmemory = 3"),
        broken("seeds = 2", "[limits]\nmultiply_adds = 3"),
        broken("seeds = 2", "[checkpoints]\nupdates = 0"),
        broken("seeds = 2", "[checkpoints]\nshare = 0.9"),
        broken("seeds = 2", "keep = \"last\""),
        broken("seeds = 2", "[defaults]\nbach = 3"),
        broken("control = \"fixed\"", "control = \"fixde\""),
        stream("kind = \"split\"", "kind = \"splitt\""),
        stream("kind = \"split\"", "kid = \"split\""),
        stream("kind = \"split\"", "kind = 3"),
        stream("kind = \"split\"", "kind = \"split\"\nclasses_per_task = 3"),
        stream("kind = \"split\"", "kind = \"split\"\nvalidation = nan"),
        stream("kind = \"split\"", "kind = \"split\"\nsettings = { bach = 3 }"),
        stream("kind = \"digits\"", "kind = \"digitz\""),
        stream("kind = \"digits\"", "kind = \"digits\", trian = 5"),
        stream("kind = \"digits\"", "kind = \"digits\", train = 5"),
        stream("kind = \"digits\"", "kind = \"digits\", train = -5"),
        stream("kind = \"digits\"", "kind = \"mnist\", test = 0"),
        stream("data = { kind = \"digits\" }", "data = \"digits\""),
        stream("data = { kind = \"digits\" }", ""),
        stream("scenario = \"class-incremental\"", "scenario = \"class\""),
        stream("scenario = \"class-incremental\"", "scenario = \"single\""),
        stream("kind = \"split\"", "kind = \"permuted\"\ntasks = 0"),
        stream(
            "kind = \"split\"",
            "kind = \"rotated\"\ntasks = 3\nmax_degrees = inf",
        ),
        stream(
            "kind = \"split\"\nscenario = \"class-incremental\"\ndata = { kind = \"digits\" }",
            "kind = \"problem\"\nproblem = \"parity\"\nbits = 99",
        ),
        stream(
            "kind = \"split\"\nscenario = \"class-incremental\"\ndata = { kind = \"digits\" }",
            "kind = \"problem\"\nproblem = \"xor\"\nbits = 2",
        ),
        broken("name = \"columns\"", "name = \"fixed\""),
        broken("name = \"columns\"", "name = \"My Columns\""),
        broken("[[method]]\nname = \"fixed\"", "[[method]]"),
        with("learner = \"gradent\""),
        with("bach = 3"),
        with("batch = 0"),
        with("batch = \"many\""),
        with("batch = 1.5"),
        with("hidden = [3, \"four\"]"),
        with("hidden = [3, 0]"),
        with("hidden = 3"),
        with("activation = \"rleu\""),
        with("init = { unifrom = 0.1 }"),
        with("init = { uniform = nan }"),
        with("init = { uniform = 0.1, normal = 0.1 }"),
        with("init = \"hee\""),
        with("budget = { epochs = 0 }"),
        with("budget = { epoch = 1 }"),
        with("budget = {}"),
        with("reset_optimizer = 1"),
        with("streams = [\"drown\"]"),
        with("streams = []"),
        with("mechanisms = [{ name = \"experience-replay\", capacity = 0 }]"),
        with("mechanisms = [{ name = \"experience-replay\", capasity = 1 }]"),
        with("optimizer = { name = \"adam\", learning_rate = -1.0 }"),
        with("optimizer = { name = \"adma\", learning_rate = 1.0 }"),
        with("optimizer = { name = \"sgd\", learning_rate = 1.0, beta1 = 0.1 }"),
        with("optimizer = { name = \"sgd\", learning_rate = 1.0, momentum = 1 }"),
        with("optimizer = { learning_rate = 1.0 }"),
        with("optimizer = { name = \"sgd\" }"),
        broken(columns, "name = \"progresive-columns\""),
        broken(columns, "gain = 1.0"),
        broken(columns, "name = \"progressive-columns\", gian = 1.0"),
        broken(columns, "name = \"progressive-columns\", adapter_width = 0"),
        broken(columns, "name = \"progressive-columns\", gain = inf"),
        broken(columns, "name = \"progressive-columns\", widths = [0]"),
        broken(columns, "name = \"fixed\", slope = 1"),
        creation("window = 0"),
        creation("interval = 0"),
        creation("slope = nan"),
        creation("mean_error = -1"),
        creation("largest_error = -1"),
        creation("max_units = 0"),
        creation("weights = { uniform = inf }"),
        parse("title = \"x\"").unwrap_err().to_string(),
        parse("").unwrap_err().to_string(),
        parse(&"[a.".repeat(5000)).unwrap_err().to_string(),
        parse(&format!("title = {}", "[".repeat(5000)))
            .unwrap_err()
            .to_string(),
        Suite::from_bytes(Path::new("my suite.toml"), b"title = \"\xff\"")
            .unwrap_err()
            .to_string(),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

/// Without validation rows nothing can be judged by these: told on reading, at the key that is at fault.
#[test]
fn nothing_is_judged_on_rows_that_are_not_kept_back() {
    let judged = "seeds = 2\n[evaluation]\non = \"validation\"";
    let text = GOOD.replace("seeds = 2", judged);
    let refused = |text: &str| parse(text).unwrap_err().to_string();
    let split = "kind = \"split\"";
    let of = |kind: &str| {
        let data = "kind = \"split\"\nscenario = \"class-incremental\"\ndata = { kind = \"digits\" }";
        assert!(text.contains(data));
        refused(&text.replace(data, kind))
    };
    let said = [
        refused(&text),
        refused(&text.replace(split, "kind = \"split\"\nvalidation = 0.0")),
        refused(&text.replace(split, "kind = \"permuted\"\ntasks = 2\nvalidation = 0")),
        refused(&text.replace(split, "kind = \"rotated\"\ntasks = 2\nmax_degrees = 9")),
        of("kind = \"problem\"\nproblem = \"xor\""),
        of("kind = \"shape\"\nshape = \"moons\""),
        of("kind = \"moving\"\nmotion = \"jump\""),
        of("kind = \"bit-flip\""),
    ];
    insta::assert_snapshot!(said.join("\n"));
    parse(&text.replace(split, "kind = \"split\"\nvalidation = 0.1")).unwrap();
}

#[test]
fn what_is_no_suite_is_refused_by_name() {
    let place = tempfile::tempdir().unwrap();
    let long = place.path().join("long.toml");
    File::create(&long).unwrap().set_len(1 << 30).unwrap();
    let folder = place.path().to_string_lossy().into_owned();
    let said: Vec<String> = [long.as_path(), place.path(), &place.path().join("none.toml")]
        .map(|path| {
            Suite::read(path)
                .unwrap_err()
                .to_string()
                .replace(&folder, "FOLDER")
        })
        .into();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn an_unknown_suite_suggests_a_known_one() {
    let error = SuiteError::unknown("quikstart", ["quickstart", "split-mnist"].into_iter());
    assert_eq!(
        error.to_string(),
        "there is no suite `quikstart`, did you mean `quickstart`? Suites here: quickstart, split-mnist"
    );
}

#[test]
fn the_suites_that_come_with_the_framework_are_good() {
    let suites = crate::paths::suites();
    assert!(suites.iter().any(|(name, _)| name == "quickstart"));
    for (_, path) in suites {
        Suite::read(&path).unwrap();
    }
}

/// A method computes with what its own table says, else with what the suite says, else natively.
#[test]
fn backends_are_inherited_and_overridden() {
    let of = |text: &str| -> Vec<String> {
        let suite = parse(text).unwrap();
        suite
            .methods
            .iter()
            .map(|m| m.backend_choice.0.to_string())
            .collect()
    };
    assert_eq!(of(GOOD), ["native", "native"]);
    let gpu = GOOD.replace(
        "seeds = 2",
        "seeds = 2\nbackend = \"libtorch\"\ndevice = \"cuda:1\"",
    );
    assert_eq!(of(&gpu), ["libtorch on cuda:1", "libtorch on cuda:1"]);
    let mixed = gpu.replace("name = \"fixed\"", "name = \"fixed\"\nbackend = \"native\"");
    assert_eq!(of(&mixed), ["native", "libtorch on cuda:1"]);
    let one = GOOD.replace("name = \"columns\"", "name = \"columns\"\nbackend = \"libtorch\"");
    assert_eq!(of(&one), ["native", "libtorch on cpu"]);
}

#[test]
fn backends_and_devices_that_are_none_are_refused_where_they_stand() {
    let refused = |line: &str| broken("seeds = 2", &format!("seeds = 2\n{line}"));
    let words = refused("backend = \"libtroch\"");
    assert!(words.contains(":4:") && words.contains("`libtorch`"), "{words}");
    let words = refused("device = \"gpu\"");
    assert!(words.contains(":4:") && words.contains("`cuda:N`"), "{words}");
    let words = broken(
        "[[method]]\nname = \"fixed\"",
        "[[method]]\nname = \"fixed\"\ndevice = \"cuda\"",
    );
    assert!(words.contains("processor alone"), "{words}");
}

/// Words that `explain` lists are taken, also where a setting is one of several forms that may be left out.
#[test]
fn optional_words_are_taken() {
    for strategy in [
        "name = \"redo\", weights = \"he\"",
        "name = \"continual-backprop\", weights = \"he\"",
        "name = \"continual-backprop\", weights = { uniform = 0.5 }",
        "name = \"composed\", initializer = { name = \"random\", incoming = \"he\", outgoing = { uniform = 0.1 } }",
        "name = \"composed\", initializer = { name = \"zero-fan-out\", incoming = \"fan-in\" }",
    ] {
        let room = "[defaults]\nhidden = [8]\nbudget = { updates = 5000 }\n[[stream]]";
        let text = GOOD.replace("[[stream]]", room);
        let text = text.replace("name = \"progressive-columns\"", strategy);
        assert!(text.contains(strategy), "{text}");
        if let Err(error) = parse(&text) {
            panic!("{strategy}: {error}");
        }
    }
    let folder = |word: &str| {
        format!(
            "[[stream]]\nname = \"s\"\nkind = \"split\"\nscenario = \"class-incremental\"\n[stream.data]\nkind = \
             \"image-folder\"\npath = \"p\"\nclasses = 4\nsize = [8, 8]\norientation = \"{word}\"\n[[method]]\nname = \"m\"\n"
        )
    };
    for word in ["stored", "upright"] {
        parse(&folder(word)).unwrap();
    }
    let said = parse(&folder("uprite")).unwrap_err().to_string();
    assert!(said.contains("did you mean `upright`?"), "{said}");
}

#[test]
fn what_is_evaluated_once_is_not_ranked_at_the_end() {
    let text = GOOD.replacen("[[stream]]", "[evaluation]\ntasks = \"current\"\n[[stream]]", 1);
    let said = parse(&text).unwrap_err().to_string();
    assert!(said.contains("`rank_by = \"learning-accuracy\"`"), "{said}");
    parse(&format!("rank_by = \"learning-accuracy\"\n{text}")).unwrap();
    let said = parse(&format!("rank_by = \"forgetting\"\n{text}"))
        .unwrap_err()
        .to_string();
    assert!(said.contains("ranked by forgetting"), "{said}");
}

/// What a suite is ranked by has to be there: a measure against a joint reference needs a method that learns all tasks at once, and a
/// plugin's recorded metric a better direction.
#[test]
fn a_ranking_that_no_method_gives_is_refused() {
    let ranked = |by: &str| parse(&format!("rank_by = \"{by}\"\n{GOOD}"));
    let said = ranked("intransigence").unwrap_err().to_string();
    assert!(said.contains("`protocol = \"joint\"`"), "{said}");
    let joint = format!(
        "rank_by = \"intransigence\"\n{GOOD}\n[[method]]\nname = \"at-once\"\nprotocol = \"joint\"\n"
    );
    assert_eq!(parse(&joint).unwrap().rank_by.as_deref(), Some("intransigence"));
    let said = ranked("overconfidence").unwrap_err().to_string();
    assert!(
        said.contains("rank_by") && said.contains("overconfidence"),
        "{said}"
    );
    assert!(
        ranked("min-accuracy")
            .unwrap_err()
            .to_string()
            .contains("set `every`")
    );
}

/// A key that had another name before is answered with the one that it has now.
#[test]
fn keys_of_before_are_answered_with_the_new_ones() {
    let of = |text: &str| parse(text).unwrap_err().to_string();
    let said = of(&format!("judged = \"when-learned\"\n{GOOD}"));
    assert!(
        said.contains("unknown key `judged`, did you mean `rank_by`?"),
        "{said}"
    );
    let said = of(&GOOD.replacen("name = \"fixed\"", "name = \"fixed\"\nscope = \"everything\"", 1));
    assert!(
        said.contains("unknown key `scope`, did you mean `protocol`?"),
        "{said}"
    );
}

#[test]
fn common_mistakes_of_form_come_with_a_hint() {
    let said = |text: &str| {
        let parsed = super::tree::Branch::parse(std::path::Path::new("s.toml"), text);
        parsed.unwrap_err().to_string()
    };
    let twice = said("[method]\nname = \"a\"\n[method]\n");
    assert!(
        twice.ends_with("each method begins with `[[method]]`, in two brackets"),
        "{twice}"
    );
    let bare = said("seeds = 3\ntitle = Trial\n");
    assert!(bare.ends_with("text stands in quotes"), "{bare}");
    let other = said("seeds = 3\nseeds = 4\n");
    assert!(
        !other.contains("quotes") && !other.contains("brackets"),
        "{other}"
    );
}
