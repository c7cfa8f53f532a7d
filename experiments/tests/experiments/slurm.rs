//! A suite on a cluster ends like on one machine, byte for byte, whatever the scheduler does to it.

use crate::chains;
use crate::cluster::Cluster;
use crate::place::{Place, SUITE, said};
use std::process::Output;

fn suite() -> String {
    SUITE
        .replace(
            "seeds = 2",
            "seeds = 20\n[checkpoints]\nupdates = 20\nshare = 0.5",
        )
        .replace("[defaults]", "[defaults]\nbudget = { epochs = 300 }")
}

fn bench(cluster: &Cluster, place: &Place, more: &[&str]) -> Output {
    let mut command = place.command(&[&["bench", "./tiny.toml"], more].concat());
    cluster.known_to(&mut command).output().unwrap()
}

/// Elements that run now: their names.
fn running(cluster: &Cluster) -> Vec<String> {
    let listing = cluster.said(
        "squeue",
        &["-h", "-r", "-t", "RUNNING", "-p", "main", "-o", "%F_%K"],
    );
    listing.lines().map(|line| line.trim().to_string()).collect()
}

#[test]
fn forty_runs_with_two_preemptions_end_like_on_one_machine() {
    let Some(cluster) = Cluster::start() else { return };
    let local = Place::with(&suite());
    let undisturbed = local.bench(&[]);
    assert!(undisturbed.status.success(), "{}", said(&undisturbed));

    let place = Place::with(&suite());
    let array = [
        "--executor",
        "slurm",
        "--array-size",
        "8",
        "--partition",
        "main",
        "--time",
        "0-1",
    ];
    let submitted = bench(&cluster, &place, &array);
    let words = said(&submitted);
    assert!(submitted.status.success(), "{words}");
    assert!(words.contains("submitted 40 runs as 8 elements"), "{words}");

    // What is queued is not submitted again.
    let again = bench(&cluster, &place, &array);
    assert!(
        said(&again).contains("that are not finished are queued or running"),
        "{}",
        said(&again)
    );
    let status = bench(&cluster, &place, &["--status"]);
    assert_eq!(status.status.code(), Some(3), "{}", said(&status));

    // The first preemption: an operator requeues an element in the midst of a run.
    let begun = || {
        let runs = std::fs::read_dir(place.path().join("results/tiny/runs"))
            .unwrap()
            .flatten();
        runs.filter(|run| run.path().join("checkpoint.safetensors").is_file())
            .count()
            > 0
    };
    cluster.await_that("a run has a checkpoint", || {
        !running(&cluster).is_empty() && begun()
    });
    let victim = running(&cluster).first().unwrap().clone();
    cluster.said("scontrol", &["requeue", &victim]);
    cluster.await_that("the element is requeued", || !running(&cluster).contains(&victim));
    // The second: a job of a higher partition wants the whole node.
    cluster.await_that("a run has a checkpoint", || {
        running(&cluster).len() == 2 && begun()
    });
    cluster.said(
        "sbatch",
        &["-p", "urgent", "-n", "2", "-o", "/dev/null", "--wrap", "sleep 1"],
    );
    cluster.await_that("everything makes way", || running(&cluster).is_empty());
    cluster.await_that("the queue is empty", || {
        cluster.said("squeue", &["-h"]).trim().is_empty()
    });

    let status = bench(&cluster, &place, &["--status"]);
    let listing = String::from_utf8_lossy(&status.stdout).into_owned();
    assert_eq!(status.status.code(), Some(0), "{listing}{}", said(&status));
    assert!(listing.contains("40 runs: 40 finished"), "{listing}");
    assert!(said(&bench(&cluster, &place, &array)).contains("all 40 runs are finished already"));
    assert_eq!(place.records(), local.records());
    let resumed = place.timings("resumed");
    assert!(resumed >= 1, "{resumed} runs were taken up from a checkpoint");
    println!("{resumed} runs were taken up from a checkpoint");
}

#[test]
fn what_a_cluster_refuses_is_said_in_one_sentence() {
    let Some(cluster) = Cluster::start() else { return };
    let place = Place::with(SUITE);
    let slurm = |more: &[&str]| {
        let output = bench(&cluster, &place, &[&["--executor", "slurm"], more].concat());
        (
            output.status.code(),
            said(&output).lines().last().unwrap_or_default().to_string(),
        )
    };
    let local = said(&bench(&cluster, &place, &["--partition", "main"]));
    let refusals = [
        slurm(&["--partition", "man"]),
        slurm(&["--time", "soon"]),
        slurm(&["--sbatch=--qos=nonsense", "--sbatch=--mem=1000G"]),
        (None, local.trim().to_string()),
    ];
    let refusals = refusals.map(|(code, words)| format!("{code:?} {words}"));
    insta::assert_snapshot!(refusals.join("\n"));
}

/// Each generation is an array of its own, which waits for the one before.
#[test]
fn chains_end_like_on_one_machine() {
    let Some(cluster) = Cluster::start() else { return };
    let local = Place::with(chains::SUITE);
    assert!(local.bench(&[]).status.success());
    let place = Place::with(chains::SUITE);
    let submitted = bench(&cluster, &place, &["--executor", "slurm", "--array-size", "4"]);
    let words = said(&submitted);
    assert!(submitted.status.success(), "{words}");
    assert!(words.contains("; they come after those of job "), "{words}");
    // What is queued is not submitted again, nor is anything behind it; a run that ends between two looks may be, which does nothing.
    let again = said(&bench(&cluster, &place, &["--executor", "slurm"]));
    assert!(again.contains("queued or running"), "{again}");
    cluster.await_that("a run has begun", || {
        std::fs::read_dir(place.path().join("results/tiny/runs"))
            .unwrap()
            .flatten()
            .any(|run| run.path().join("records.csv.part").is_file())
    });
    let elements = cluster.said("squeue", &["-h", "-r", "-t", "RUNNING", "-o", "%F_%K"]);
    if let Some(victim) = elements.lines().next() {
        cluster.said("scontrol", &["requeue", victim.trim()]);
    }
    cluster.await_that("the queue is empty", || {
        cluster.said("squeue", &["-h"]).trim().is_empty()
    });
    let status = bench(&cluster, &place, &["--status"]);
    assert_eq!(
        status.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&status.stdout)
    );
    assert!(bench(&cluster, &place, &[]).status.success());
    assert_eq!(chains::left(&place), chains::left(&local));
}
