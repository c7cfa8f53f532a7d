use super::*;
use std::fs;
use std::path::PathBuf;

/// Suites `a` and `b`, of which `a` has results, and programs whose exit codes are scripted.
struct Scene {
    results: PathBuf,
    calls: Vec<Call>,
    check_claims: bool,
}

impl Scene {
    fn new(name: &str) -> Self {
        let results = std::env::temp_dir().join(format!("xtask-bench-{name}-{}", std::process::id()));
        fs::create_dir_all(results.join("a")).unwrap();
        fs::write(results.join("a/manifest.json"), "{}").unwrap();
        Self {
            results,
            calls: Vec::new(),
            check_claims: false,
        }
    }

    fn run(&mut self, suites: &[&str], endings: &[Ended]) -> ExitCode {
        let suites: Vec<Suite> = suites
            .iter()
            .map(|&name| Suite {
                argument: name.into(),
                name: name.into(),
            })
            .collect();
        let calls = &mut self.calls;
        let mut run = |call: &Call| {
            calls.push(call.clone());
            Ok(endings[calls.len()])
        };
        report_after(
            endings[0],
            &Reporter {
                program: Path::new("dentate-report"),
                records: false,
                check_claims: self.check_claims,
            },
            &suites,
            &self.results,
            &mut run,
        )
        .unwrap()
    }

    /// The arguments of a report on `a`.
    fn report_on_a(&self, options: &[&str]) -> Vec<OsString> {
        let options = options.iter().map(OsString::from);
        let index = ["--index".into(), self.results.clone().into()];
        options
            .chain(index)
            .chain([self.results.join("a").into()])
            .collect()
    }

    fn programs(&self) -> Vec<&str> {
        self.calls
            .iter()
            .map(|call| call.program.to_str().unwrap())
            .collect()
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.results);
    }
}

const OK: Ended = Ended::Code(0);

#[test]
fn a_report_follows_the_runs() {
    let mut scene = Scene::new("follows");
    assert_eq!(scene.run(&["a"], &[OK, OK]), ExitCode::SUCCESS);
    assert_eq!(scene.programs(), ["dentate-report"]);
    assert_eq!(scene.calls[0].arguments, scene.report_on_a(&[]));
}

#[test]
fn failed_runs_are_reported_and_fail_the_command() {
    let mut scene = Scene::new("failed");
    assert_eq!(scene.run(&["a"], &[Ended::Code(1), OK]), ExitCode::FAILURE);
    assert_eq!(scene.programs(), ["dentate-report"]);
}

#[test]
fn wrong_usage_and_interruptions_are_not_reported_on() {
    for (name, ended, code) in [
        ("usage", Ended::Code(2), 2),
        ("interrupted", Ended::Interrupted, 130),
        ("killed", Ended::Killed, 1),
        ("panicked", Ended::Code(101), 1),
    ] {
        let mut scene = Scene::new(name);
        assert_eq!(scene.run(&["a"], &[ended]), ExitCode::from(code), "{name}");
        assert!(scene.programs().is_empty(), "{name}");
    }
}

#[test]
fn a_suite_without_results_does_not_keep_the_others_from_their_report() {
    let mut scene = Scene::new("without");
    assert_eq!(scene.run(&["b", "a"], &[Ended::Code(1), OK]), ExitCode::FAILURE);
    assert_eq!(scene.calls[0].arguments, scene.report_on_a(&[]));
}

#[test]
fn a_failed_report_fails_the_command() {
    assert_eq!(
        Scene::new("report").run(&["a"], &[OK, Ended::Code(2)]),
        ExitCode::FAILURE
    );
}

#[test]
fn claims_that_are_not_held_have_an_exit_code_of_their_own() {
    let missed = Ended::Code(5);
    let mut scene = Scene::new("claims");
    scene.check_claims = true;
    assert_eq!(scene.run(&["a"], &[OK, missed]), ExitCode::from(5));
    assert_eq!(scene.calls[0].arguments, scene.report_on_a(&["--check-claims"]));
    // What failed comes first: a run, a report, results that are not there.
    assert_eq!(
        Scene::new("claims-run").run(&["a"], &[Ended::Code(1), missed]),
        ExitCode::FAILURE
    );
    assert_eq!(
        Scene::new("claims-none").run(&["b", "a"], &[OK, missed]),
        ExitCode::FAILURE
    );
}

#[test]
fn options_reach_the_runner() {
    let wanted = cli::Bench {
        suites: Vec::new(),
        scale: Some("quick".into()),
        check_claims: true,
        seeds: Some(3),
        only: vec!["ewc".into(), "naive".into()],
        jobs: Some(2),
        fresh: true,
        allow_inexact: true,
        profile: true,
        dry_run: true,
        status: true,
        cluster: cli::Cluster {
            executor: Some("slurm".into()),
            partition: Some("long".into()),
            time: Some("2-0".into()),
            array_size: Some("9".into()),
            sbatch: vec!["--account=lab".into()],
        },
        backend: Some("libtorch".into()),
        device: Some("cuda:1".into()),
        results: Some("out".into()),
    };
    let suites = [Suite {
        argument: "my/own.toml".into(),
        name: "own".into(),
    }];
    assert_eq!(
        bench_arguments(&suites, &wanted),
        [
            "bench",
            "my/own.toml",
            "--scale",
            "quick",
            "--seeds",
            "3",
            "--only",
            "ewc",
            "--only",
            "naive",
            "--jobs",
            "2",
            "--backend",
            "libtorch",
            "--device",
            "cuda:1",
            "--results",
            "out",
            "--executor",
            "slurm",
            "--partition",
            "long",
            "--time",
            "2-0",
            "--array-size",
            "9",
            "--sbatch=--account=lab",
            "--fresh",
            "--allow-inexact",
            "--profile",
            "--dry-run",
            "--status"
        ]
    );
    assert_eq!(
        bench_arguments(&suites, &cli::Bench::default()),
        ["bench", "my/own.toml"]
    );
}
