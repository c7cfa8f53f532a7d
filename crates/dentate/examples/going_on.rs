//! Going on from a saved session: stopped in the middle, written to a file, and run to the same end.
//!
//! `cargo run -p dentate --example going_on`

use dentate::prelude::*;

fn experiment() -> Experiment {
    let stream = Permuted::new(Digits::default(), 3);
    let learner = Gradient::mlp([64]).strategy(ContinualBackprop::default());
    Experiment::new(stream, learner).seed(1)
}

fn main() -> dentate::Result<()> {
    let file = std::env::temp_dir().join(format!("dentate-going-on-{}.safetensors", std::process::id()));

    let mut session = experiment().session()?;
    while session.fraction() < 0.5 {
        session.step()?;
    }
    session.save()?.write(&file)?;
    println!("saved at {:.0} %", 100.0 * session.fraction());
    drop(session);

    // In another process, this is where it begins.
    let outcome = experiment().resume(SavedSession::read(&file)?)?.run()?;
    std::fs::remove_file(&file)?;
    println!("{}", outcome.accuracy());

    let whole = experiment().run()?;
    println!(
        "as if it had never been stopped: {}",
        whole.records() == outcome.records()
    );
    Ok(())
}
