use super::*;
use dentate_core::record::sealed;
use serde_json::json;

const LOG: &str = "metric,experience,step,task,item,value\naccuracy,0,1,0,,0.5\n";

fn manifest_of(runs: serde_json::Value, control: &str) -> serde_json::Value {
    let method = json!({"name": "fixed", "title": "Fixed", "summary": "", "citation": "", "grows": false,
        "configuration": ""});
    json!({
        "format": FORMAT, "suite": "s", "title": "S", "description": "", "control": control,
        "streams": [{"name": "a", "title": "A", "scenario": "task-incremental", "tasks": [], "experiences": 1, "chance": null}],
        "methods": [method], "runs": runs,
        "provenance": {"command": "", "commit": null, "version": "", "machine": "", "backend": "", "when": ""}
    })
}

fn write(folder: &Path, manifest: &serde_json::Value) {
    let manifest: Manifest = serde_json::from_value(manifest.clone()).unwrap();
    std::fs::write(folder.join(MANIFEST), sealed(&manifest).unwrap()).unwrap();
}

fn said(manifest: &serde_json::Value) -> String {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), manifest);
    let error = Suite::read(folder.path()).unwrap_err().to_string();
    error.replace(&folder.path().display().to_string(), "FOLDER")
}

fn entry(method: &str, stream: &str) -> serde_json::Value {
    json!({"id": "r1", "method": method, "stream": stream, "seed": 1, "status": "finished", "seconds": null,
        "log": Sum::of(LOG.as_bytes())})
}

#[test]
fn contradictions_are_one_sentence() {
    let twice = json!([entry("fixed", "a"), entry("fixed", "a")]);
    let metrics = |names: &[&str]| {
        let metric = |name: &&str| json!({"name": name, "title": "T", "unit": "count", "aggregate": "sum", "formula": "F.", "source": ""});
        let mut manifest = manifest_of(json!([]), "fixed");
        manifest["metrics"] = names.iter().map(metric).collect();
        said(&manifest)
    };
    insta::assert_snapshot!(
        [
            said(&manifest_of(json!([]), "absent")),
            said(&manifest_of(twice, "fixed")),
            said(&manifest_of(json!([entry("other", "a")]), "fixed")),
            said(&manifest_of(json!([entry("fixed", "b")]), "fixed")),
            metrics(&["yawns", "yawns"]),
            metrics(&["\" onclick=\""]),
        ]
        .join("\n"),
        @r#"
    FOLDER/manifest.json contradicts itself: its control `absent` is not one of its methods
    FOLDER/manifest.json contradicts itself: `fixed` on `a` with seed 1 is listed twice
    FOLDER/manifest.json contradicts itself: run r1 names the unknown method `other`
    FOLDER/manifest.json contradicts itself: run r1 names the unknown stream `b`
    FOLDER/manifest.json contradicts itself: metric `yawns` is listed twice
    FOLDER/manifest.json contradicts itself: a metric's name is "\" onclick=\"", which is none
    "#
    );
}

/// The report's outcome for a run whose log is `LOG`, after `change` was applied to its folder.
fn changed(change: impl Fn(&Path, &mut RunEnd)) -> Outcome {
    changed_of(entry("fixed", "a"), change).outcome
}

/// The same for an entry of the manifest, and the whole run.
fn changed_of(entry: serde_json::Value, change: impl Fn(&Path, &mut RunEnd)) -> Run {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &manifest_of(json!([entry]), "fixed"));
    let run = folder.path().join("runs/r1");
    std::fs::create_dir_all(&run).unwrap();
    std::fs::write(run.join(RECORDS), LOG).unwrap();
    let mut ending = RunEnd {
        run: "r1".into(),
        status: Status::Finished,
        log: Some(Sum::of(LOG.as_bytes())),
        timing: None,
        settings: None,
        after: Vec::new(),
    };
    change(&run, &mut ending);
    std::fs::write(run.join(STATUS), sealed(&ending).unwrap()).unwrap();
    Suite::read(folder.path()).unwrap().runs.remove(0)
}

/// A runner that was killed leaves a manifest in which runs are pending that have ended since.
#[test]
fn what_has_ended_since_the_manifest_was_written_is_told_by_its_folder() {
    let pending = || json!({"id": "r1", "method": "fixed", "stream": "a", "seed": 1, "status": "pending", "seconds": null});
    let times = br#"{"seconds": 2.5, "times": {"growth": 0.5}, "inexact": true}"#;
    let run = changed_of(pending(), |run, ending| {
        std::fs::write(run.join(TIMING), times).unwrap();
        ending.timing = Some(Sum::of(times));
    });
    assert_eq!((run.outcome, run.log.len()), (Outcome::Finished, 1));
    assert_eq!((run.entry.seconds, run.entry.inexact), (Some(2.5), true));
    // Times that are not those of the run are not its times.
    let run = changed_of(pending(), |run, _| {
        std::fs::write(run.join(TIMING), times).unwrap()
    });
    assert_eq!((run.outcome, run.entry.seconds), (Outcome::Finished, None));
    let failed = |_: &Path, ending: &mut RunEnd| {
        ending.status = Status::Failed {
            kind: "panic".into(),
            message: "it panicked".into(),
        };
        ending.log = None;
    };
    assert_eq!(
        changed_of(pending(), failed).outcome.detail(),
        "panic: it panicked"
    );
    let damaged = changed_of(pending(), |run, _| {
        std::fs::write(run.join(RECORDS), "cut").unwrap()
    });
    assert_eq!(damaged.outcome.word(), "damaged");
    // A folder of another run tells nothing.
    let other = changed_of(pending(), |_, ending| ending.run = "r2".into());
    assert_eq!(other.outcome, Outcome::Pending);
}

#[test]
fn a_finished_run_without_records_is_damaged_and_the_suite_is_read() {
    assert_eq!(
        changed(|run, _| std::fs::remove_file(run.join(RECORDS)).unwrap()),
        Outcome::Damaged {
            message: "runs/r1/records.csv is missing; the next `bench` of the suite mends it".into()
        }
    );
}

#[test]
fn entry_status_and_log_have_to_name_each_other() {
    let other = LOG.replace("0.5", "0.6");
    let records = |run: &Path, text: &str| std::fs::write(run.join(RECORDS), text).unwrap();
    let said = |change: &dyn Fn(&Path, &mut RunEnd)| changed(change).detail();
    assert_eq!(said(&|_, _| {}), "");
    insta::assert_snapshot!(
        [
            said(&|run, _| records(run, &LOG[..LOG.len() - 1])),
            said(&|run, _| records(run, &other)),
            said(&|_, ending| ending.run = "r2".into()),
            said(&|_, ending| ending.status = Status::Pending),
            said(&|_, ending| ending.log = None),
            // Another complete run of the same name: its numbers do not match the manifest.
            said(&|run, ending| {
                records(run, &other);
                ending.log = Some(Sum::of(other.as_bytes()));
            }),
        ]
        .join("\n"),
        @r"
    runs/r1/records.csv is damaged: it has 58 bytes where 59 were written; the next `bench` of the suite mends it
    runs/r1/records.csv is damaged: its checksum is not that of what was written; the next `bench` of the suite mends it
    runs/r1/status.json is of run r2: its folder was renamed or copied; the next `bench` of the suite mends it
    runs/r1/status.json does not say that the run has finished; the next `bench` of the suite mends it
    runs/r1/status.json has no checksum of records.csv; the next `bench` of the suite mends it
    runs/r1/status.json names another record log than manifest.json; the next `bench` of the suite mends it
    "
    );
}

/// Records forged together with their checksums are damaged all the same, and the message promises nothing that `bench` does
/// not do.
#[test]
fn a_log_that_no_run_can_write_is_damaged_whatever_its_checksum() {
    let forged = LOG.replace("0.5", "1.5");
    let mut run = entry("fixed", "a");
    run["log"] = serde_json::to_value(Sum::of(forged.as_bytes())).unwrap();
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &manifest_of(json!([run]), "fixed"));
    let place = folder.path().join("runs/r1");
    std::fs::create_dir_all(&place).unwrap();
    std::fs::write(place.join(RECORDS), &forged).unwrap();
    let ending = RunEnd {
        run: "r1".into(),
        status: Status::Finished,
        log: Some(Sum::of(forged.as_bytes())),
        timing: None,
        settings: None,
        after: Vec::new(),
    };
    std::fs::write(place.join(STATUS), sealed(&ending).unwrap()).unwrap();
    let said = Suite::read(folder.path())
        .unwrap()
        .runs
        .remove(0)
        .outcome
        .detail();
    assert!(
        said.contains("between 0 and 1") && said.ends_with("`bench --fresh` has to make the run again"),
        "{said}"
    );
}
