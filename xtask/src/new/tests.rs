use super::name::Name;
use super::{Kind, NewError, Origin, inside, known, outside};
use std::fs;
use std::path::{Path, PathBuf};

/// The parts of a workspace that `new` uses.
struct Scene(PathBuf);

impl Scene {
    fn new(name: &str) -> Self {
        let root = std::env::temp_dir().join(format!("xtask-new-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(root.join("experiments/src")).unwrap();
        fs::create_dir_all(root.join("experiments/suites")).unwrap();
        fs::create_dir_all(root.join("experiments/plugins")).unwrap();
        fs::create_dir_all(root.join("experiments/metrics")).unwrap();
        fs::create_dir_all(root.join("experiments/report/src")).unwrap();
        let write = |path: &str, text: &str| fs::write(root.join(path), text).unwrap();
        write(
            "experiments/Cargo.toml",
            "[package]\n\n[dependencies]\nclap = \"4\"\n",
        );
        write(
            "experiments/src/plugins.rs",
            include_str!("../../../experiments/src/plugins.rs"),
        );
        write(
            "experiments/report/Cargo.toml",
            include_str!("../../../experiments/report/Cargo.toml"),
        );
        write(
            "experiments/report/src/metrics.rs",
            include_str!("../../../experiments/report/src/metrics.rs"),
        );
        Self(root)
    }

    /// All files with their text.
    fn files(&self) -> Vec<(PathBuf, String)> {
        let mut found = Vec::new();
        let mut folders = vec![self.0.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().flatten() {
                match entry.path() {
                    path if path.is_dir() => folders.push(path),
                    path => found.push((path.clone(), fs::read_to_string(path).unwrap())),
                }
            }
        }
        found.sort();
        found
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.0.join(path)).unwrap()
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

#[test]
fn names_take_three_forms_or_are_refused() {
    let idea = name("my-2nd-idea");
    assert_eq!(
        (idea.snake.as_str(), idea.camel.as_str()),
        ("my_2nd_idea", "My2ndIdea")
    );
    let bad = [
        "",
        "My-idea",
        "2nd",
        "my idea",
        "a--b",
        "a-",
        "é",
        "core",
        &"x".repeat(41),
    ];
    let said: Vec<String> = bad.map(|bad| Name::new(bad).unwrap_err().to_string()).into();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_plugin_is_linked_by_two_lines() {
    let scene = Scene::new("inside");
    inside(&scene.0, Kind::Strategy, &name("my-idea")).unwrap();
    let manifest = scene.text("experiments/Cargo.toml");
    assert!(
        manifest.contains("[dependencies]\ndentate-my-idea = { path = \"plugins/my-idea\" }\nclap"),
        "{manifest}"
    );
    assert!(
        scene
            .text("experiments/src/plugins.rs")
            .contains("\nuse dentate_my_idea as _;\n")
    );
    assert!(
        scene
            .text("experiments/suites/my-idea.toml")
            .contains("strategy = { name = \"my-idea\" }")
    );
    let all: String = scene.files().into_iter().map(|(_, text)| text).collect();
    assert!(!all.contains("{{"), "a place in a template was not filled");
    inside(&scene.0, Kind::Strategy, &name("other")).unwrap();
    assert!(scene.text("experiments/Cargo.toml").contains("dentate-my-idea"));
}

/// Every kind fills its templates, and its suite names it.
#[test]
fn every_kind_can_be_made() {
    let scene = Scene::new("kinds");
    for kind in Kind::ALL {
        let name = name(&format!("my-{}", kind.word()));
        inside(&scene.0, kind, &name).unwrap();
        let suite = scene.text(&format!("experiments/suites/{}.toml", name.kebab));
        assert!(suite.contains(&format!("\"{}\"", name.kebab)), "{suite}");
    }
    let all: String = scene.files().into_iter().map(|(_, text)| text).collect();
    assert!(!all.contains("{{"), "a place in a template was not filled");
    // Derives are written by the project's own macros, and everything else is found in `dentate`.
    let made = scene
        .files()
        .into_iter()
        .filter(|(path, _)| path.starts_with(scene.0.join("experiments/plugins")));
    for (path, text) in made.filter(|(path, _)| path.ends_with("Cargo.toml")) {
        let (_, dependencies) = text.split_once("[dependencies]\n").unwrap();
        let named: Vec<&str> = dependencies
            .lines()
            .filter_map(|line| line.split(['.', ' ']).next())
            .filter(|word| !word.is_empty() && !word.starts_with('['))
            .collect();
        assert_eq!(named, ["dentate", "dentate"], "{}", path.display());
    }
}

#[test]
fn a_metric_is_linked_into_the_report() {
    let scene = Scene::new("metric");
    inside(&scene.0, Kind::Metric, &name("my-share")).unwrap();
    let manifest = scene.text("experiments/report/Cargo.toml");
    assert!(
        manifest.contains("[dependencies]\ndentate-my-share = { path = \"../metrics/my-share\" }\n"),
        "{manifest}"
    );
    let linked = scene.text("experiments/report/src/metrics.rs");
    assert!(linked.contains("\nuse dentate_my_share as _;\n"), "{linked}");
    let code = scene.text("experiments/metrics/my-share/src/lib.rs");
    assert!(code.contains("\"my-share\",\n    title = \"my share\""), "{code}");
    let all: String = scene.files().into_iter().map(|(_, text)| text).collect();
    assert!(!all.contains("{{"), "a place in a template was not filled");
    assert!(
        !scene.text("experiments/Cargo.toml").contains("my-share"),
        "the runner needs no metric"
    );
    assert!(matches!(
        inside(&scene.0, Kind::Metric, &name("my-share")),
        Err(NewError::There(_))
    ));
}

#[test]
fn a_metric_outside_has_a_report_of_its_own() {
    let scene = Scene::new("metric-outside");
    let root = scene.0.join("work");
    fs::create_dir_all(&root).unwrap();
    let place = scene.0.join("mine");
    let origin = Origin::Git("https://example.org/dentate.git");
    outside(&root, Kind::Metric, &name("my-share"), &place, origin).unwrap();
    let manifest = scene.text("mine/Cargo.toml");
    let of = "{ git = \"https://example.org/dentate.git\" }";
    for package in ["eval", "report"] {
        assert!(
            manifest.contains(&format!("\ndentate-{package} = {of}\n")),
            "{manifest}"
        );
    }
    assert!(scene.text("mine/src/main.rs").contains("dentate_report::main()"));
}

/// The crate that the tests build depends on `dentate` alone, and has a module and a test of every kind.
#[test]
fn everything_can_be_had_from_one_dependency() {
    let files = super::alone::alone(Origin::Git("https://example.org/dentate.git"), "listing.snap").unwrap();
    let text = |path: &str| &files.iter().find(|(at, _)| at == path).unwrap().1;
    let lines = text("Cargo.toml").lines().filter(|line| line.contains("git = "));
    assert!(lines.clone().count() == 2 && lines.clone().all(|line| line.starts_with("dentate = ")));
    for kind in Kind::ALL {
        let code = text(&format!("src/{}.rs", kind.word()));
        assert!(
            code.contains(&format!("include_str!(\"{}.rs\")", kind.word())),
            "{code}"
        );
        assert!(text(&format!("tests/laws/{}.rs", kind.word())).contains("dentate::testkit::"));
    }
    let all: String = files.iter().map(|(_, text)| text.as_str()).collect();
    assert!(!all.contains("{{"), "a place in a template was not filled");
}

#[test]
fn a_crate_can_depend_on_a_git_address() {
    let scene = Scene::new("git");
    let root = scene.0.join("work");
    fs::create_dir_all(&root).unwrap();
    let place = scene.0.join("mine");
    let origin = Origin::Git("https://example.org/dentate.git");
    outside(&root, Kind::Learner, &name("my-idea"), &place, origin).unwrap();
    let manifest = scene.text("mine/Cargo.toml");
    let of = "{ git = \"https://example.org/dentate.git\"";
    let library = format!("\ndentate = {of} }}\n");
    let tests = format!("\ndentate = {of}, features = [\"testkit\"] }}\n");
    assert!(
        manifest.contains(&library) && manifest.contains(&tests),
        "{manifest}"
    );
}

#[test]
fn nothing_is_overwritten_and_what_fails_leaves_nothing() {
    let scene = Scene::new("fails");
    fs::write(scene.0.join("experiments/suites/taken.toml"), "mine").unwrap();
    let before = scene.files();
    assert!(matches!(
        inside(&scene.0, Kind::Strategy, &name("taken")),
        Err(NewError::There(_))
    ));
    assert_eq!(scene.files(), before);
    // A file of the workspace that was changed beyond recognition.
    fs::write(scene.0.join("experiments/src/plugins.rs"), "use mine as _;\n").unwrap();
    let before = scene.files();
    assert!(matches!(
        inside(&scene.0, Kind::Strategy, &name("my-idea")),
        Err(NewError::Unfamiliar { .. })
    ));
    assert_eq!(scene.files(), before);
}

#[test]
fn a_crate_outside_depends_on_the_checkout_by_path() {
    let scene = Scene::new("outside");
    let root = scene.0.join("work space");
    let place = scene.0.join("mine");
    fs::create_dir_all(&root).unwrap();
    outside(
        &root,
        Kind::Learner,
        &name("my-idea"),
        &place,
        Origin::Path(&root),
    )
    .unwrap();
    let manifest = scene.text("mine/Cargo.toml");
    let path = format!("\ndentate = {{ path = \"{}/crates/dentate\" }}", root.display());
    assert!(manifest.contains(&path), "{manifest}");
    assert!(matches!(
        outside(
            &root,
            Kind::Learner,
            &name("my-idea"),
            &place,
            Origin::Path(&root)
        ),
        Err(NewError::There(_))
    ));
    assert!(matches!(
        outside(
            &root,
            Kind::Learner,
            &name("my-idea"),
            &root.join("x"),
            Origin::Path(&root)
        ),
        Err(NewError::Inside(_))
    ));
    assert!(Path::new(&place).join("src/main.rs").is_file());
}

/// The chapter shows what the scaffold makes, word for word.
#[test]
fn the_chapter_shows_what_is_made() {
    let chapter = include_str!("../../../docs/first-strategy.md");
    let files = super::files::inside(Kind::Strategy, &name("stall-grower"));
    let (_, code) = files.iter().find(|(path, _)| path == "src/lib.rs").unwrap();
    let start = code.find("use dentate::core").unwrap();
    let end = code.find("register!(").unwrap();
    assert!(
        chapter.contains(&code[start..end]),
        "docs/first-strategy.md shows other code"
    );
}

/// Two of one kind and name could not be linked into one program. The names are those of the runner's list.
#[test]
fn a_name_of_the_framework_is_taken() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let is = |kind, name: &str| known(&root, kind, &Name::new(name).unwrap());
    let one_of_each = [
        (Kind::Strategy, "net2net"),
        (Kind::Trigger, "drift"),
        (Kind::Placement, "all"),
        (Kind::Initializer, "tiny"),
        (Kind::Survival, "random-death"),
        (Kind::Modulation, "novelty"),
        (Kind::Learner, "gradient"),
        (Kind::Mechanism, "packnet"),
        (Kind::Buffer, "reservoir"),
        (Kind::Stream, "split"),
        (Kind::Data, "mnist"),
    ];
    for (kind, name) in one_of_each {
        assert!(is(kind, name), "{name}");
        assert!(!is(kind, &format!("{name}-of-mine")), "{name}");
    }
    assert!(!is(Kind::Trigger, "packnet") && !is(Kind::Metric, "drift"));
    // Words of a summary, which stand further right, are no names.
    assert!(!is(Kind::Strategy, "control"));
}
