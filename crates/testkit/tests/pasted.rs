//! The test that a broken law prints, pasted unchanged. It is a binary of its own, since the printed test itself has to link in
//! the crate of the strategy.

use std::process::Command;

include!("pasted/again.rs");

/// Run the pasted test in a process of its own. Returns whether it passed, and its output.
fn pasted(lies: bool) -> (bool, String) {
    let itself = std::env::current_exe().expect("a test knows its own program");
    let mut command = Command::new(itself);
    command.args(["--exact", "claimed_laws_hold_again", "--nocapture"]);
    command.env_remove("DENTATE_CITIZEN_LIES");
    if lies {
        command.env("DENTATE_CITIZEN_LIES", "1");
    }
    let output = command.output().expect("a test can be run");
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

#[test]
fn it_fails_while_the_strategy_is_broken_and_passes_when_it_is_mended() {
    let (passed, said) = pasted(true);
    assert!(!passed, "{said}");
    assert!(
        said.contains("`citizen` breaks the law that claimed laws hold"),
        "{said}"
    );
    let (passed, said) = pasted(false);
    assert!(passed && said.contains("1 passed"), "{said}");
}

/// The pasted file equals the printed test, word for word.
#[test]
fn it_is_what_is_printed() {
    let (_, said) = pasted(true);
    assert!(said.contains(include_str!("pasted/again.rs")), "{said}");
}
