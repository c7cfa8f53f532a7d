//! Sources as BibTeX.

use super::citation::Source;
use dentate_core::record::printable;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// An entry, under a comment that says what cites it.
pub(super) fn entry(key: &str, source: &Source, cited: &BTreeSet<String>) -> String {
    let by: Vec<String> = cited.iter().cloned().collect();
    let mut text = format!("\n% {}\n@misc{{{key},\n", line(&crate::format::list(&by)));
    let mut authors: Vec<String> = source.authors.iter().map(|name| author(name)).collect();
    if source.others {
        authors.push("others".into());
    }
    let mut field = |name: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(text, "  {name} = {{{value}}},");
        }
    };
    field("author", &authors.join(" and "));
    field("year", &source.year);
    if is_title(&source.place) {
        field("title", &escape(&source.place));
    } else {
        field("howpublished", &escape(&source.place));
    }
    if let Some(id) = &source.arxiv {
        field("eprint", &escape(id));
        field("archiveprefix", "arXiv");
    }
    field("doi", &source.doi.as_deref().map(escape).unwrap_or_default());
    text.push_str("}\n");
    text
}

/// A name that BibTeX does not take apart: one of several words has braces.
fn author(name: &str) -> String {
    let (surname, initials) = name.split_once(", ").unwrap_or((name, ""));
    let surname = match escape(surname) {
        several if several.contains(' ') => format!("{{{several}}}"),
        one => one,
    };
    if initials.is_empty() {
        surname
    } else {
        format!("{surname}, {}", escape(initials))
    }
}

/// Returns whether the text after a year is a title and not a journal or a conference: some words, and no volume.
fn is_title(place: &str) -> bool {
    place.split_whitespace().count() >= 4 && !place.chars().any(|c| c.is_ascii_digit())
}

/// Text within a field.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for c in printable(text).chars() {
        match c {
            '{' | '}' | '\\' => {}
            '&' | '%' | '$' | '#' | '_' => escaped.extend(['\\', c]),
            '~' => escaped.push(' '),
            '^' => escaped.push_str("\\^{}"),
            '–' => escaped.push_str("--"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Text within a comment: one line without an `@`, which begins an entry even there.
pub(super) fn line(text: &str) -> String {
    printable(text).replace('@', "(at)")
}
