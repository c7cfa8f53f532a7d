//! The test that a broken law prints, pasted to the letter. It is a binary of its own, for nothing else may link in the crate of
//! the strategy: what is printed has to.

use std::process::Command;

include!("pasted/again.rs");

/// Run the pasted test in a process of its own. Whether it passed, and what it said.
fn pasted(lies: bool) -> (bool, String) {
    let itself = std::env::current_exe().expect("a test knows its own program");
    let mut command = Command::new(itself);
    command.args(["--exact", "what_is_claimed_holds_again", "--nocapture"]);
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
        said.contains("`citizen` breaks the law that what is claimed holds"),
        "{said}"
    );
    let (passed, said) = pasted(false);
    assert!(passed && said.contains("1 passed"), "{said}");
}

/// What stands in the file is what is printed, word for word.
#[test]
fn it_is_what_is_printed() {
    let (_, said) = pasted(true);
    assert!(said.contains(include_str!("pasted/again.rs")), "{said}");
}
