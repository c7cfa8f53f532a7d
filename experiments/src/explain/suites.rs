//! A summary of a suite: its question, methods and streams.

use crate::suite::Suite;
use std::fmt::Write;

/// The summary of a suite of this project, if there is one with this name.
pub(super) fn suite(name: &str) -> Option<String> {
    let (_, path) = crate::paths::suites().into_iter().find(|(own, _)| own == name)?;
    let text = std::fs::read_to_string(&path).ok()?;
    let suite = Suite::read(&path).ok()?;
    let mut out = format!(
        "{name} · suite · {}\n\n{}\n",
        suite.title,
        suite.description.trim()
    );
    // What a suite says of its protocol and its results are the comments that it opens with.
    let comments: Vec<&str> = text
        .lines()
        .take_while(|line| line.starts_with('#'))
        .map(|line| line.trim_start_matches(['#', ' ']))
        .collect();
    if !comments.is_empty() {
        let _ = writeln!(out, "\n{}", comments.join("\n"));
    }
    let _ = writeln!(out, "\nStreams");
    for stream in &suite.streams {
        let _ = writeln!(out, "  {:24} {}", stream.name, stream.title);
    }
    let _ = writeln!(out, "\nMethods, {} seeds each", suite.seeds);
    for method in &suite.methods {
        let control = suite.control.as_deref() == Some(&method.name);
        let (name, title) = (&method.name, &method.title);
        let best = method
            .sweep
            .as_ref()
            .map(|settings| format!(", the best of {} settings", settings.len()));
        let _ = writeln!(
            out,
            "  {name:24} {title}{}{}",
            best.unwrap_or_default(),
            if control { " (control)" } else { "" }
        );
    }
    if !suite.claims.is_empty() {
        let _ = writeln!(out, "\nClaims that its report tests");
        for claim in &suite.claims {
            let _ = writeln!(out, "  {} ({})", claim.what, claim.source);
        }
    }
    let _ = write!(out, "\nRun it\n\n  cargo xtask bench {name}\n");
    for scale in suite.scales.iter().filter(|scale| *scale != crate::suite::FULL) {
        let _ = writeln!(out, "  cargo xtask bench {name} --scale {scale}");
    }
    Some(out)
}
