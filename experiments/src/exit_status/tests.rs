use super::{ATTEMPT, classify};
use crate::suite::Limits;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

fn tell(words: &str, exit: i32) -> String {
    let limits = Limits {
        memory: Some(256),
        ..Limits::default()
    };
    let (kind, message) = classify(words, &limits, &ExitStatus::from_raw(exit));
    format!("{kind}: {message}")
}

#[test]
fn last_words_are_understood() {
    let panicked = "goes on\nthread 'main' panicked at plugin.rs:3:5:\nnot a unit\nnote: run with …";
    let earlier = format!("{panicked}\n{ATTEMPT}digits · fixed · seed 1");
    let said = [
        tell("memory allocation of 4096 bytes failed", 6),
        tell(panicked, 6),
        tell("error: cannot write status.json: no space", 1 << 8),
        tell("", 9),
        tell("", 11),
        tell("", 3 << 8),
        tell(&earlier, 9),
    ];
    insta::assert_snapshot!(said.join("\n"));
}
