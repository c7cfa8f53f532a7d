//! Terms of the book's glossary, for `explain`.

/// The page: tables of three columns, `term | meaning here | elsewhere`.
const PAGE: &str = include_str!("../../../docs/glossary.md");

/// A row of a table.
struct Term {
    name: &'static str,
    meaning: &'static str,
    elsewhere: &'static str,
}

fn terms() -> impl Iterator<Item = Term> {
    let rows = PAGE
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    rows.filter_map(|row| {
        let (name, rest) = row.split_once(" | ")?;
        let (meaning, elsewhere) = rest.rsplit_once(" | ")?;
        let heads = name == "term" || name.starts_with("---");
        (!heads).then_some(Term {
            name,
            meaning,
            elsewhere,
        })
    })
}

/// The names of all terms.
pub(super) fn names() -> Vec<&'static str> {
    terms().map(|term| term.name.trim_matches('`')).collect()
}

/// The explanation of a term. Its words may be joined by dashes, which need no quotes in a shell.
pub(super) fn term(name: &str) -> Option<String> {
    let plain = |name: &str| name.trim_matches('`').replace('-', " ").to_lowercase();
    let found = terms().find(|term| plain(term.name) == plain(name))?;
    let (name, meaning) = (
        found.name.trim_matches('`'),
        super::markdown::rendered(found.meaning),
    );
    let mut out = format!("{name} · glossary\n\n{meaning}\n");
    if found.elsewhere != "–" {
        out.push_str(&format!(
            "\nElsewhere: {}\n",
            super::markdown::rendered(found.elsewhere)
        ));
    }
    Some(out)
}
