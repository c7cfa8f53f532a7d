//! Streams that cannot be learned or measured are refused before any run; statements about all seeds hold for all.

use crate::place::{COLUMNS, Place, SUITE, said};
use std::fs;

const DRAWN: &str = "data = { kind = \"digits\", train = 400, test = 100 }";

/// An array as NumPy saves it.
fn npy(descr: &str, shape: &[usize], data: &[u8]) -> Vec<u8> {
    let dims: String = shape.iter().map(|n| format!("{n}, ")).collect();
    let head = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({dims}), }}");
    let wide = (head.len() + 11).next_multiple_of(64) - 10;
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((wide as u16).to_le_bytes());
    bytes.extend(format!("{head:<width$}\n", width = wide - 1).into_bytes());
    bytes.extend(data);
    bytes
}

/// A suite over arrays of these training and test labels; a row tells its label.
fn arrays(stream: &str, [train, test]: [&[u8]; 2]) -> Place {
    let drawn = format!("kind = \"split\"\nscenario = \"class-incremental\"\n{DRAWN}");
    assert!(SUITE.contains(&drawn));
    // Columns want to be told the task, or to tell it by its classes.
    let suite = SUITE.replace(COLUMNS, "mechanisms = [{ name = \"shrink-and-perturb\" }]");
    let place = Place::with(&suite.replace(&drawn, stream));
    let folder = place.path().join("no data/mine");
    fs::create_dir_all(&folder).unwrap();
    for (half, labels) in [("train", train), ("test", test)] {
        let inputs: Vec<u8> = labels
            .iter()
            .flat_map(|label| (0..9).map(move |at| if at == *label { 250 } else { 3 }))
            .collect();
        let rows = labels.len();
        fs::write(
            folder.join(format!("x_{half}.npy")),
            npy("|u1", &[rows, 3, 3], &inputs),
        )
        .unwrap();
        fs::write(folder.join(format!("y_{half}.npy")), npy("|u1", &[rows], labels)).unwrap();
    }
    place
}

fn of_classes(stream: &str, classes: u32) -> String {
    format!("{stream}\ndata = {{ kind = \"npy\", path = \"mine\", classes = {classes} }}")
}

/// Refused with the code of a wrong suite, in one sentence, and nothing was made.
fn refused(place: &Place) -> String {
    let output = place.bench(&[]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(!place.path().join("results").exists(), "something was made");
    said(&output).trim().to_owned()
}

#[test]
fn what_cannot_be_learned_or_measured_is_refused_before_anything_runs() {
    let cycle = |labels: &[u8]| labels.iter().copied().cycle().take(40).collect::<Vec<u8>>();
    let (gaps, three) = (cycle(&[0, 3, 7]), cycle(&[0, 1, 2]));
    let domain = "scenario = \"domain-incremental\"";
    let class = "scenario = \"class-incremental\"";
    let permuted = format!("kind = \"permuted\"\ntasks = 2\n{domain}");
    let rotated = format!("kind = \"rotated\"\ntasks = 2\nmax_degrees = 9\n{domain}");
    let listed = |classes: &str| format!("kind = \"split\"\n{class}\nclasses = {classes}");
    let few = cycle(&[0, 1]);
    let one = cycle(&[1]);
    let cases: Vec<(String, u32, [&[u8]; 2])> = vec![
        (permuted.clone(), 10, [&gaps, &gaps]),
        (permuted.clone(), 3, [&three, &few]),
        (rotated.clone(), 3, [&few, &three]),
        (rotated, 2, [&one, &one]),
        (format!("kind = \"split\"\n{class}"), 8, [&gaps, &gaps]),
        (listed("[[0, 3], [7, 5]]"), 8, [&gaps, &gaps]),
        (listed("[[0, 1], [2]]"), 3, [&three, &few]),
        (listed("[[0, 1], [2]]"), 3, [&few, &three]),
        (
            format!("kind = \"split\"\n{domain}\nclasses = [[0, 1], [2, 3]]"),
            4,
            [&cycle(&[0, 1, 2, 3]), &cycle(&[0, 1, 2])],
        ),
    ]
    .into_iter()
    .map(|(stream, classes, labels)| (stream, classes, labels.map(|l| &*l.to_vec().leak())))
    .collect();
    let mut sentences = Vec::new();
    for (stream, classes, labels) in &cases {
        sentences.push(refused(&arrays(&of_classes(stream, *classes), *labels)));
    }
    // More rows than there are are a mistake of the suite, too.
    let many = of_classes(&permuted, 3).replace("classes = 3", "classes = 3, train = 99");
    sentences.push(refused(&arrays(&many, [&three, &three])));
    insta::assert_snapshot!(sentences.join("\n"));
}

/// Of 40 rows of a class one in a hundred is none.
#[test]
fn validation_rows_that_judge_have_to_be_there() {
    let suite = SUITE.replace("points = 2", "points = 2\non = \"validation\"");
    let share = |share: &str| Place::with(&suite.replace(DRAWN, &format!("{DRAWN}\nvalidation = {share}")));
    let sentences = [
        refused(&Place::with(&suite)),
        refused(&share("0.0")),
        refused(&share("0.01")),
    ];
    insta::assert_snapshot!(sentences.join("\n"));
    assert!(
        share("0.1")
            .bench(&["--only", "fixed", "--seeds", "1"])
            .status
            .success()
    );
}

#[test]
fn a_suite_that_cannot_be_measured_keeps_the_suites_before_it_from_running() {
    let place = Place::with(SUITE);
    let judged = "points = 2\non = \"validation\"";
    let other = SUITE
        .replace("points = 2", judged)
        .replace(DRAWN, &format!("{DRAWN}\nvalidation = 0.01"));
    fs::write(place.path().join("other.toml"), other).unwrap();
    let output = place.run(&["bench", "./tiny.toml", "./other.toml"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(!place.path().join("results").exists());
}

#[test]
fn classes_that_no_row_has_are_not_guessed() {
    let labels: Vec<u8> = [0, 3, 7].into_iter().cycle().take(60).collect();
    for scenario in ["domain-incremental", "task-incremental"] {
        let stream = format!("kind = \"permuted\"\ntasks = 2\nscenario = \"{scenario}\"");
        let place = arrays(&of_classes(&stream, 8), [&labels, &labels]);
        let output = place.bench(&["--only", "fixed", "--seeds", "1"]);
        assert!(output.status.success(), "{}", said(&output));
        assert_eq!(place.manifest()["streams"][0]["chance"], 1.0 / 3.0);
    }
}

#[test]
fn columns_are_not_called_after_one_seed() {
    let shuffled = SUITE.replace(DRAWN, &format!("{DRAWN}\nshuffle_classes = true"));
    let place = Place::with(&shuffled);
    let stream = |args: &[&str]| {
        let output = place.bench(&[&["--only", "fixed"], args].concat());
        assert!(output.status.success(), "{}", said(&output));
        place.manifest()["streams"][0].clone()
    };
    // One seed has names.
    let one = stream(&["--seeds", "1"]);
    let first = one["tasks"][0].as_str().unwrap().to_owned();
    assert!(first.contains('/') && one["tasks_by_seed"].is_null(), "{one}");
    let two = stream(&[]);
    let numbers: Vec<String> = (1..=5).map(|n| format!("Task {n}")).collect();
    assert_eq!(two["tasks"], serde_json::json!(numbers));
    assert_eq!(two["tasks_by_seed"], true);
    assert_eq!(two["chance"], 0.1);
    // And what is there by now is not taken for what is asked for.
    assert_eq!(stream(&["--seeds", "1"])["tasks"][0], *first);
}

/// A suite that is edited and edited back finds its runs again, under a manifest that is of others.
#[test]
fn names_of_tasks_come_from_the_runs_that_are_there() {
    let place = Place::with(SUITE);
    let names = |classes: &str| {
        let suite = SUITE.replace(DRAWN, &format!("{DRAWN}\nclasses = {classes}"));
        fs::write(place.path().join("tiny.toml"), suite).unwrap();
        let output = place.bench(&["--only", "fixed", "--seeds", "1"]);
        assert!(output.status.success(), "{}", said(&output));
        place.manifest()["streams"][0]["tasks"].clone()
    };
    let before = names("[[0, 1], [2, 3]]");
    assert_eq!(names("[[4, 5], [6]]"), serde_json::json!(["4/5", "6"]));
    assert_eq!(names("[[0, 1], [2, 3]]"), before);
}

/// Tasks of unequal size are trained and evaluated in every scenario.
#[test]
fn tasks_of_unequal_size_run() {
    for scenario in ["task-incremental", "domain-incremental", "class-incremental"] {
        let suite = SUITE
            .replace("class-incremental", scenario)
            .replace(COLUMNS, "mechanisms = [{ name = \"shrink-and-perturb\" }]")
            .replace(DRAWN, &format!("{DRAWN}\nclasses = [[0, 1], [2, 3, 4], [5, 6]]"));
        let place = Place::with(&suite);
        let output = place.bench(&["--only", "fixed", "--seeds", "1"]);
        assert!(output.status.success(), "{scenario}: {}", said(&output));
        let records = &place.records()[0].2;
        let judged = records
            .lines()
            .filter(|line| line.starts_with("accuracy,"))
            .count();
        // A task has no head before it comes where each has its own.
        let expected = if scenario == "task-incremental" { 6 } else { 9 };
        assert_eq!(judged, expected, "{scenario}");
    }
}

/// Pictures that are hardly turned are the same pictures, whatever their type and units.
#[test]
fn hardly_rotated_pictures_are_the_same_task() {
    type Unit = fn(f32) -> f32;
    let units: [Option<Unit>; 4] = [
        None,
        Some(|byte| byte),
        Some(|byte| byte / 255.0),
        Some(|byte| (byte - 30.0) / 80.0),
    ];
    let labels: Vec<u8> = (0..4).cycle().take(80).collect();
    let stream = "kind = \"rotated\"\ntasks = 2\nmax_degrees = 0.0001\nscenario = \"domain-incremental\"";
    let mut all = Vec::new();
    for unit in units {
        let place = arrays(&of_classes(stream, 4), [&labels, &labels]);
        for half in ["train", "test"] {
            let file = place.path().join(format!("no data/mine/x_{half}.npy"));
            let saved = fs::read(&file).unwrap();
            let Some(unit) = unit else {
                continue;
            };
            let bytes = &saved[saved.len() - 80 * 9..];
            let floats: Vec<u8> = bytes
                .iter()
                .flat_map(|b| unit(f32::from(*b)).to_le_bytes())
                .collect();
            fs::write(file, npy("<f4", &[80, 3, 3], &floats)).unwrap();
        }
        let output = place.bench(&["--only", "fixed", "--seeds", "1"]);
        assert!(output.status.success(), "{}", said(&output));
        let records = &place.records()[0].2;
        let accuracy = |task: u32| {
            let begins = "accuracy,1,";
            let line = records
                .lines()
                .find(|line| line.starts_with(begins) && line.split(',').nth(3) == Some(&*task.to_string()));
            line.and_then(|line| line.rsplit(',').next()).map(str::to_owned)
        };
        assert!(accuracy(0).is_some());
        assert_eq!(accuracy(0), accuracy(1));
        all.push(accuracy(1));
    }
    assert_eq!(all[0], all[2], "bytes are read as values from 0 to 1");
}

/// Data that does not fit the suite is a mistake of the suite, also to `--dry-run`; data that is absent is not.
#[test]
fn data_that_does_not_fit_and_data_that_is_absent_have_codes_of_their_own() {
    let stream = "kind = \"split\"\nscenario = \"class-incremental\"";
    let labels: Vec<u8> = (0..40).map(|row| row % 6).collect();
    let place = arrays(&of_classes(stream, 4), [&labels, &labels]);
    for more in [&["--dry-run"][..], &[]] {
        let output = place.bench(more);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains("label"), "{}", said(&output));
    }
    let place = arrays(&of_classes(stream, 6), [&labels, &labels]);
    fs::rename(
        place.path().join("no data/mine"),
        place.path().join("no data/mines"),
    )
    .unwrap();
    let output = place.bench(&[]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let said = said(&output);
    assert!(
        said.contains("`path` names ")
            && said.contains("did you mean `mines`?")
            && said.contains("DENTATE_DATA"),
        "{said}"
    );
}
