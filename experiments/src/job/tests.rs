use super::*;
use crate::packages::packages;
use crate::recipe::{Chosen, SweepCandidate, Twin};
use dentate_backends::{Choice, Device};
use dentate_core::TwinBudget;
use proptest::prelude::*;
use serde_json::{Value, json};

const SUITE: &str = r#"
[[stream]]
name = "drawn"
kind = "split"
scenario = "class-incremental"
data = { kind = "digits" }
[[method]]
name = "fixed"
"#;

/// The first run of a suite.
fn first(suite: &Suite) -> Job {
    let (method, stream) = suite.pairs().next().unwrap();
    of(suite, method, stream)
}

fn of(suite: &Suite, method: &NamedMethod, stream: &NamedStream) -> Job {
    let trial = Trial {
        seed: 1,
        recipe: Recipe::Settings(suite.learner(method, stream).unwrap()),
        setting: None,
    };
    Job::new(suite, method, stream, trial, "data", &DataEnv::default()).unwrap()
}

fn job(backend_choice: BackendChoice) -> Job {
    let mut suite = Suite::parse(Path::new("s.toml"), SUITE).unwrap();
    suite.compute_with(backend_choice);
    first(&suite)
}

#[test]
fn each_backend_and_device_makes_runs_of_its_own() {
    let choices = [
        Choice::Native,
        Choice::Libtorch(Device::Cpu),
        Choice::Libtorch(Device::Cuda(0)),
    ];
    let ids: BTreeSet<String> = choices.map(|choice| job(BackendChoice(choice)).id).into();
    assert_eq!(ids.len(), 3);
    assert!(ids.contains(&job(BackendChoice::default()).id));
}

#[test]
fn a_job_keeps_its_backend_and_without_it_is_no_job() {
    let far = BackendChoice(Choice::Libtorch(Device::Cuda(2)));
    let text = serde_json::to_string(&job(far)).unwrap();
    let read = |text: &str| Job::from_bytes(text.as_bytes(), Path::new("job.json"));
    assert_eq!(read(&text).unwrap().backend_choice, far);
    let mut without: serde_json::Value = serde_json::from_str(&text).unwrap();
    without.as_object_mut().unwrap().remove("backend_choice").unwrap();
    assert!(read(&without.to_string()).is_err());
}

proptest! {
    /// Numbers are the same after they were written and read: else a run would be made with others than its suite's, and its
    /// id would not be that of its job.
    #[test]
    fn numbers_outlive_being_written_down(rate in 1e-300_f64..1e3, epsilon in 1e-30_f64..1.0) {
        let suite = format!("{SUITE}\noptimizer = {{ name = \"adam\", learning_rate = {rate:?}, epsilon = {epsilon:?} }}");
        let suite = Suite::parse(Path::new("s.toml"), &suite).unwrap();
        let job = first(&suite);
        let bytes = serde_json::to_vec(&job).unwrap();
        let read = Job::from_bytes(&bytes, Path::new("job.json")).unwrap();
        prop_assert_eq!(serde_json::to_vec(&read).unwrap(), bytes);
    }
}

#[test]
fn settings_that_no_suite_may_have_are_refused_whatever_the_id() {
    let mut job = job(BackendChoice::default());
    job.evaluation.batch = 0;
    job.id = job.identity().unwrap();
    let bytes = serde_json::to_vec(&job).unwrap();
    let error = Job::from_bytes(&bytes, Path::new("job.json"))
        .unwrap_err()
        .to_string();
    assert_eq!(
        error,
        "job.json is not the job of a run: [evaluation]: `batch` is 0, but has to be a whole number from 1 to 1048576; the \
         suite's next `bench` writes it anew"
    );
}

/// Settings that do not affect results: names, paths and costs.
fn harmless(job: &mut Value) {
    for key in [
        "suite",
        "method",
        "stream",
        "trial",
        "data_root",
        "cache",
        "checkpoints",
    ] {
        job.as_object_mut().unwrap().remove(key);
    }
    for key in ["time", "memory"] {
        job["limits"].as_object_mut().unwrap().remove(key);
    }
}

/// As it would be written: single precision has other digits as a value than as text.
fn written(job: &Job) -> Value {
    serde_json::from_slice(&serde_json::to_vec(job).unwrap()).unwrap()
}

/// Every job that comes of one edit at one place.
fn edits(job: &Value) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    edits_at("", job, &mut |path, new| {
        let mut edited = job.clone();
        let (parent, key) = path.rsplit_once('/').unwrap();
        let parent = edited.pointer_mut(parent).unwrap();
        let what = format!("{path} → {new:?}");
        match (parent, new) {
            (Value::Object(table), Some(new)) => drop(table.insert(key.into(), new)),
            (Value::Object(table), None) => drop(table.remove(key)),
            (Value::Array(items), Some(new)) => items[key.parse::<usize>().unwrap()] = new,
            (Value::Array(items), None) => drop(items.remove(key.parse().unwrap())),
            _ => unreachable!(),
        }
        all.push((what, edited));
    });
    all
}

fn edits_at(path: &str, value: &Value, edit: &mut dyn FnMut(&str, Option<Value>)) {
    let mut inside = |key: String, value: &Value| {
        let path = format!("{path}/{key}");
        edit(&path, None);
        for other in others(value) {
            edit(&path, Some(other));
        }
        edits_at(&path, value, edit);
    };
    match value {
        Value::Object(table) => {
            table.iter().for_each(|(key, value)| inside(key.clone(), value));
            edit(&format!("{path}/more"), Some(json!(1)));
        }
        Value::Array(items) => (0..)
            .zip(items)
            .for_each(|(i, value): (usize, _)| inside(i.to_string(), value)),
        _ => {}
    }
}

fn others(value: &Value) -> Vec<Value> {
    let mut all = vec![
        Value::Null,
        json!({}),
        json!([]),
        json!("x"),
        json!(-1),
        json!(0),
        json!(2),
        json!(1e300),
        json!(true),
        json!(false),
    ];
    match value {
        Value::Number(number) => {
            let number = number.as_f64().unwrap();
            all.extend([
                json!(number + 1.0),
                json!(number * 2.0),
                json!(number as i64 + 1),
                json!(number * (1.0 + f64::EPSILON)),
            ]);
        }
        Value::String(text) => all.extend([json!(format!("{text}x")), json!("")]),
        Value::Array(items) => all.extend(items.first().map(|first| json!([first, first]))),
        _ => {}
    }
    all.retain(|other| other != value);
    all
}

/// A job that was edited is refused, or what was edited is nothing that results depend on.
#[test]
fn an_edited_job_is_refused_or_the_same_run() {
    let (mut refused, mut same) = (0, 0);
    for (name, file) in crate::paths::suites() {
        let suite = Suite::read(&file).unwrap();
        let whole: Value = serde_json::from_slice(&example(&suite).unwrap()).unwrap();
        let mut kept = whole.clone();
        harmless(&mut kept);
        for (what, edited) in edits(&whole) {
            let bytes = serde_json::to_vec(&edited).unwrap();
            match Job::from_bytes(&bytes, Path::new("job.json")) {
                Err(_) => refused += 1,
                Ok(job) => {
                    let mut read = written(&job);
                    harmless(&mut read);
                    assert_eq!(read, kept, "{name}: {what}");
                    same += 1;
                }
            }
            // With the id of what it says now it is another run, or refused all the same.
            if let Ok(mut forged) = Job::parse(&bytes, Path::new("job.json")) {
                forged.id = forged.identity().unwrap();
                let bytes = serde_json::to_vec(&forged).unwrap();
                if let Ok(job) = Job::from_bytes(&bytes, Path::new("job.json")) {
                    let mut read = written(&job);
                    harmless(&mut read);
                    let id = read.as_object_mut().unwrap().remove("id").unwrap();
                    let mut before = kept.clone();
                    before.as_object_mut().unwrap().remove("id").unwrap();
                    assert_eq!(id == kept["id"], read == before, "{name}: {what}");
                }
            }
        }
    }
    println!("{refused} edited jobs were refused, {same} are the same run");
    assert!(refused > 2000 && same > 50);
}

/// A stream, its data and data within that may be of a plugin, whose sources a run depends on.
#[test]
fn a_streams_kinds_are_found_at_any_depth() {
    let stream = json!({ "kind": "split", "data": { "kind": "first-of", "of": [{ "kind": "mnist" }, { "kind": "digits", "train": 9 }] } });
    let mut found = Vec::new();
    kinds_in(&stream, &mut found);
    found.sort();
    assert_eq!(found, ["digits", "first-of", "mnist", "split"]);
}

/// A run depends on the sources of the package that its learner comes from, as they were when this program was built.
#[test]
fn sources_of_a_learners_own_package_make_the_id() {
    let known: Vec<&str> = env!("DENTATE_SOURCES").split_terminator(';').collect();
    for entry in registry::entries() {
        let begin = format!("{}=", entry.package);
        assert!(
            known.iter().any(|hash| hash.starts_with(&begin)),
            "{}",
            entry.package
        );
    }
    for (name, package) in [
        ("gradient", "dentate-continual"),
        ("k-means", "dentate-learners"),
        ("neurogenesis-deep-learning", "dentate-learners"),
    ] {
        let suite = format!("{SUITE}learner = \"{name}\"\n");
        let suite = Suite::parse(Path::new("s.toml"), &suite).unwrap();
        let job = first(&suite);
        let text = sources(&job.recipe.learners(), job.stream_spec.as_ref()).unwrap();
        let hash = known.iter().find(|hash| hash.starts_with(&format!("{package}=")));
        assert!(text.contains(hash.unwrap()), "{name}: {text}");
    }
}

/// Copy the packages' manifests and sources.
fn copied(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copied(&from, &to);
        } else {
            std::fs::copy(&from, &to).unwrap();
        }
    }
}

/// Whoever touches a file of a crate on a run's path makes another run, and who touches another crate does not.
#[test]
fn a_touched_file_of_any_crate_on_the_path_makes_another_run() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let place = tempfile::tempdir().unwrap();
    for package in packages(&workspace).unwrap() {
        let folder = package.folder.strip_prefix(&workspace).unwrap();
        let to = place.path().join(folder);
        copied(&package.folder.join("src"), &to.join("src"));
        std::fs::copy(package.folder.join("Cargo.toml"), to.join("Cargo.toml")).unwrap();
    }
    let found = packages(place.path()).unwrap();
    let digests = || -> BTreeMap<String, String> {
        let packages = packages(place.path()).unwrap().into_iter();
        packages.map(|package| (package.name, package.digest)).collect()
    };
    let job = job(BackendChoice::default());
    let id = |digests: &BTreeMap<String, String>| {
        let known = digests
            .iter()
            .map(|(name, digest)| (name.as_str(), digest.as_str()));
        sources_among(&known.collect(), &job.recipe.learners(), job.stream_spec.as_ref()).unwrap()
    };
    let before = digests();
    let built: BTreeMap<String, String> = known().into_iter().map(|(n, d)| (n.into(), d.into())).collect();
    assert_eq!(before, built, "the build script has seen other files");
    let mut on_the_path = Vec::new();
    for package in &found {
        let file = package.folder.join("src/lib.rs");
        let text = std::fs::read(&file).unwrap();
        std::fs::write(&file, [&text[..], b"// touched\n"].concat()).unwrap();
        let after = digests();
        std::fs::write(&file, text).unwrap();
        let changed: Vec<&String> = before
            .keys()
            .filter(|name| before[*name] != after[*name])
            .collect();
        assert_eq!(changed, [&package.name]);
        if id(&before) != id(&after) {
            on_the_path.push(package.name.as_str());
        }
    }
    on_the_path.sort_unstable();
    let expected = [
        "dentate",
        "dentate-backends",
        "dentate-continual",
        "dentate-core",
        "dentate-experiments",
        "dentate-growth",
        "dentate-session",
        "dentate-streams",
    ];
    assert_eq!(on_the_path, expected);
}

/// Settings that cannot be written down have no id: the words of their error would be one for all of them.
#[test]
fn what_cannot_be_written_down_has_no_id() {
    let unsayable = BTreeMap::from([((1, 2), 3)]);
    assert!(matches!(canonical(&unsayable), Err(SuiteError::Unsayable(_))));
    assert_eq!(canonical(&(1, "two")).unwrap(), "[1,\"two\"]");
}

#[test]
fn a_job_lies_in_the_folder_of_its_id() {
    let place = tempfile::tempdir().unwrap();
    let job = job(BackendChoice::default());
    let folder = RunFolder(place.path().join(&job.id));
    assert!(!job.lies_in(&folder));
    job.write(&folder).unwrap();
    assert!(job.lies_in(&folder));
    assert_eq!(Job::read(&folder).unwrap().id, job.id);
    let other = RunFolder(place.path().join("other"));
    job.write(&other).unwrap();
    let error = Job::read(&other).unwrap_err().to_string();
    assert!(error.contains("and its folder is called `other`"), "{error}");
    let text = std::fs::read_to_string(folder.job()).unwrap();
    std::fs::write(folder.job(), text.replace("\"seed\": 1", "\"seed\": 2")).unwrap();
    assert!(!job.lies_in(&folder));
}

/// A job of the same method whose settings follow from other runs.
fn derived(recipe: Recipe) -> Job {
    let suite = Suite::parse(Path::new("s.toml"), SUITE).unwrap();
    let (method, stream) = suite.pairs().next().unwrap();
    let trial = Trial {
        seed: 1,
        recipe,
        setting: None,
    };
    Job::new(&suite, method, stream, trial, "data", &DataEnv::default()).unwrap()
}

fn twin(of: &str, budget: TwinBudget) -> Recipe {
    Recipe::Twin(Twin {
        of: of.into(),
        budget,
    })
}

fn chosen(runs: [&str; 2]) -> Recipe {
    let learner = || job(BackendChoice::default()).recipe.learners()[0].boxed();
    let among = runs.map(|run| SweepCandidate {
        learner: learner(),
        runs: vec![run.into()],
    });
    Recipe::Chosen(Chosen {
        by: None,
        among: among.into(),
    })
}

const FIRST: &str = "0123456789abcdef";
const SECOND: &str = "fedcba9876543210";

/// The id of a run that comes after others is that of its recipe, and is known before they are made.
#[test]
fn a_recipe_is_an_identity() {
    let recipes = || {
        [
            twin(FIRST, TwinBudget::Memory),
            twin(SECOND, TwinBudget::Memory),
            twin(FIRST, TwinBudget::Updates),
            chosen([FIRST, SECOND]),
            chosen([SECOND, FIRST]),
        ]
    };
    let ids: BTreeSet<String> = recipes().map(|recipe| derived(recipe).id).into();
    assert_eq!(ids.len(), 5);
    assert!(!ids.contains(&job(BackendChoice::default()).id));
    for recipe in recipes() {
        let job = derived(recipe);
        let bytes = serde_json::to_vec(&job).unwrap();
        let read = Job::from_bytes(&bytes, Path::new("job.json")).unwrap();
        assert_eq!(serde_json::to_vec(&read).unwrap(), bytes);
        assert!(!read.recipe.parents().is_empty() && read.recipe.waits().is_some());
    }
    // What tries a setting on other rows is another run.
    let mut trial = job(BackendChoice::default());
    trial.held_out = Some(0.1);
    assert_ne!(trial.identity().unwrap(), trial.id);
}

/// The runs that a job names are folders beside its own, and nothing else.
#[test]
fn a_recipe_leads_to_no_other_folder() {
    for of in [
        "../../elsewhere",
        "",
        "0123456789abcde",
        "0123456789abcdeg",
        "/etc",
    ] {
        let mut job = derived(twin(FIRST, TwinBudget::Memory));
        job.recipe = twin(of, TwinBudget::Memory);
        job.id = job.identity().unwrap();
        let bytes = serde_json::to_vec(&job).unwrap();
        let error = Job::from_bytes(&bytes, Path::new("job.json")).unwrap_err();
        assert!(error.to_string().contains("which is no run's id"), "{error}");
    }
    let mut none = derived(chosen([FIRST, SECOND]));
    let Recipe::Chosen(recipe) = &mut none.recipe else {
        panic!("it is a choice");
    };
    recipe.among[1].runs.clear();
    none.id = none.identity().unwrap();
    let bytes = serde_json::to_vec(&none).unwrap();
    let error = Job::from_bytes(&bytes, Path::new("job.json")).unwrap_err();
    assert!(
        error.to_string().contains("some that were never tried"),
        "{error}"
    );
}
