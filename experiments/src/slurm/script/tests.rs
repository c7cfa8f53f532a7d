use super::{RUNS, script};
use std::process::Command;

/// The script is run by a real shell, with `printf` in the runner's place, in a folder with an unpleasant name.
#[test]
fn every_run_is_made_by_one_element() {
    let place = tempfile::Builder::new()
        .prefix("it's a $(test) \"é\" ")
        .tempdir()
        .unwrap();
    let ids: Vec<String> = (0..7).map(|i| format!("id{i}")).collect();
    std::fs::write(place.path().join(RUNS), ids.join("\n") + "\n").unwrap();
    let runner = place.path().join("run it");
    std::fs::write(&runner, "#!/bin/sh\nprintf '%s|' \"$@\"\n").unwrap();
    Command::new("chmod").arg("+x").arg(&runner).status().unwrap();
    let text = script(&runner, &place.path().join("runs"), place.path(), 3, &["--fresh"]);
    let element = |k: usize| {
        let output = Command::new("sh")
            .args(["-c", &text])
            .env("SLURM_ARRAY_TASK_ID", k.to_string())
            .output();
        let said = String::from_utf8(output.unwrap().stdout).unwrap();
        said.replace(&format!("{}/runs/", place.path().display()), "")
    };
    let all: Vec<String> = (0..3).map(element).collect();
    assert_eq!(
        all,
        [
            "run|--fresh|--|id0|id3|id6|",
            "run|--fresh|--|id1|id4|",
            "run|--fresh|--|id2|id5|"
        ]
    );
}
