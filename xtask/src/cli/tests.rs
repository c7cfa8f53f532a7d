use super::*;

#[test]
fn the_command_line_is_sound() {
    <Cli as clap::CommandFactory>::command().debug_assert();
}

#[test]
fn bench_runs_the_quickstart_suite_by_default() {
    let Task::Bench(bench) = Cli::try_parse_from(["xtask", "bench"]).unwrap().task else {
        panic!()
    };
    assert_eq!(bench.suites, ["quickstart"]);
}

#[test]
fn zero_seeds_or_jobs_are_refused() {
    for flag in ["--seeds", "--jobs"] {
        assert!(Cli::try_parse_from(["xtask", "bench", flag, "0"]).is_err());
        assert!(Cli::try_parse_from(["xtask", "bench", flag, "1"]).is_ok());
    }
}

#[test]
fn flags_of_data_pass_through() {
    for rest in [&["--help"][..], &["fetch", "mnist", "--force"], &[]] {
        let Task::Data { rest: parsed } = Cli::try_parse_from(["xtask", "data"].iter().chain(rest))
            .unwrap()
            .task
        else {
            panic!()
        };
        assert_eq!(parsed, rest);
    }
}

#[test]
fn test_takes_arguments_after_two_dashes_only() {
    let Task::Test { rest } = Cli::try_parse_from(["xtask", "test", "--", "graph", "--nocapture"])
        .unwrap()
        .task
    else {
        panic!()
    };
    assert_eq!(rest, ["graph", "--nocapture"]);
    assert!(Cli::try_parse_from(["xtask", "test", "graph"]).is_err());
}
