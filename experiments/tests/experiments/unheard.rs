//! Output on a full disk or a closed pipe: it is lost, and nothing else.

use crate::place::{Place, SUITE, said};
use std::fs::OpenOptions;
use std::process::{Command, ExitStatus, Stdio};

fn full() -> Stdio {
    OpenOptions::new().write(true).open("/dev/full").unwrap().into()
}

/// With both outputs on a full disk.
fn on_a_full_disk(mut command: Command) -> ExitStatus {
    command.stdout(full()).stderr(full()).status().unwrap()
}

/// With both outputs in pipes without a reader.
fn into_the_void(mut command: Command) -> ExitStatus {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop((child.stdout.take(), child.stderr.take()));
    child.wait().unwrap()
}

#[test]
fn a_suite_is_made_though_nobody_can_be_told() {
    let heard = Place::with(SUITE);
    assert!(heard.bench(&[]).status.success());
    for unheard in [on_a_full_disk, into_the_void] {
        let place = Place::with(SUITE);
        let bench = ["bench", "./tiny.toml"];
        assert_eq!(unheard(place.command(&bench)).code(), Some(0));
        assert_eq!(place.records(), heard.records());
        assert_eq!(unheard(place.command(&bench)).code(), Some(0), "all is there");
        std::fs::write(
            place.path().join("tiny.toml"),
            SUITE.replace("seeds = 2", "seeds = 1\n[limits]\nparameters = 9000"),
        )
        .unwrap();
        assert_eq!(unheard(place.command(&bench)).code(), Some(1), "a run fails");
    }
}

#[test]
fn every_command_ends_as_if_it_were_heard() {
    let place = Place::with(SUITE);
    let commands: [&[&str]; 12] = [
        &["bench", "./tiny.toml", "--status"],
        &["bench", "./tiny.toml", "--dry-run"],
        &["bench", "nosuch.toml"],
        &["bench", "--sedes"],
        &["run", "nowhere"],
        &["list"],
        &["explain", "progressive-columns"],
        &["explain", "nothing"],
        &["doctor", "./tiny.toml"],
        &["data", "status"],
        &["data", "fetch", "mnits"],
        &["--help"],
    ];
    for command in commands {
        let heard = place.run(command);
        assert!(
            heard.status.code().is_some_and(|code| code < 4),
            "{}",
            said(&heard)
        );
        for unheard in [on_a_full_disk, into_the_void] {
            assert_eq!(
                unheard(place.command(command)).code(),
                heard.status.code(),
                "{command:?}"
            );
        }
    }
}
