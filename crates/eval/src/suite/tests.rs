use super::*;
use serde_json::json;

fn manifest_of(runs: serde_json::Value, control: &str) -> serde_json::Value {
    let method = json!({"name": "fixed", "title": "Fixed", "summary": "", "citation": "", "grows": false,
        "configuration": ""});
    json!({
        "format": FORMAT, "suite": "s", "title": "S", "description": "", "control": control,
        "streams": [{"name": "a", "title": "A", "scenario": "task-incremental", "tasks": [], "chance": null}],
        "methods": [method], "runs": runs,
        "provenance": {"command": "", "commit": null, "version": "", "machine": "", "backend": "", "when": ""}
    })
}

fn said(manifest: &serde_json::Value) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(MANIFEST), manifest.to_string()).unwrap();
    let error = Suite::read(folder.path()).unwrap_err().to_string();
    error.replace(&folder.path().display().to_string(), "FOLDER")
}

fn entry(method: &str, stream: &str) -> serde_json::Value {
    json!({"id": "r1", "method": method, "stream": stream, "seed": 1, "status": "finished", "seconds": null})
}

#[test]
fn contradictions_are_one_sentence() {
    let twice = json!([entry("fixed", "a"), entry("fixed", "a")]);
    insta::assert_snapshot!(
        [
            said(&manifest_of(json!([]), "absent")),
            said(&manifest_of(twice, "fixed")),
            said(&manifest_of(json!([entry("other", "a")]), "fixed")),
            said(&manifest_of(json!([entry("fixed", "b")]), "fixed")),
        ]
        .join("\n"),
        @r"
    FOLDER/manifest.json contradicts itself: its control `absent` is not one of its methods
    FOLDER/manifest.json contradicts itself: `fixed` on `a` with seed 1 is listed twice
    FOLDER/manifest.json contradicts itself: run r1 names the unknown method `other`
    FOLDER/manifest.json contradicts itself: run r1 names the unknown stream `b`
    "
    );
}

#[test]
fn a_finished_run_without_records_is_damaged_and_the_suite_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = manifest_of(json!([entry("fixed", "a")]), "fixed");
    std::fs::write(folder.path().join(MANIFEST), manifest.to_string()).unwrap();
    let suite = Suite::read(folder.path()).unwrap();
    assert_eq!(
        suite.runs[0].outcome,
        Outcome::Damaged {
            message: "runs/r1/records.csv is missing".into()
        }
    );
}
