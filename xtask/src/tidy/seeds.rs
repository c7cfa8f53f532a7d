//! Names of seeds are a format, and are listed in a table.

use super::Finding;
use super::house::House;

/// The page with the table, and the heading above it.
const PAGE: &str = "docs/architecture.md";
const HEADING: &str = "## Names of seeds";

/// Folders with derived seeds that no record depends on.
const ASIDE: [&str; 2] = ["crates/testkit", "crates/fuzz"];

/// A name of a seed, with all interpolations written as `{}`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Named {
    folder: String,
    name: String,
    /// Its location.
    place: String,
}

/// Every name that a seed is derived by is in the table, beside the crate that derives it, and the table has no other.
pub(super) fn seeds(house: &House) -> Vec<Finding> {
    let Some(page) = house.files.iter().find(|file| file.path == PAGE) else {
        return vec![Finding::new(
            PAGE,
            "the page is not there, and the table of names of seeds with it",
        )];
    };
    let (derived, listed) = (derived(house), listed(&page.text));
    let among = |named: &Named, all: &[Named]| {
        all.iter()
            .any(|other| other.folder == named.folder && other.name == named.name)
    };
    let unlisted = derived
        .iter()
        .filter(|named| !among(named, &listed))
        .map(|named| {
            let (name, folder) = (&named.name, &named.folder);
            let words = format!(
                "a seed is called `{name}`, which is not in the table of {PAGE}: add a row of `{folder}`"
            );
            Finding::new(named.place.clone(), words)
        });
    let gone = listed
        .iter()
        .filter(|named| !among(named, &derived))
        .map(|named| {
            let (name, folder) = (&named.name, &named.folder);
            let words = format!(
                "no seed of `{folder}` is called `{name}` any more; a name that is another makes other runs"
            );
            Finding::new(named.place.clone(), words)
        });
    unlisted.chain(gone).collect()
}

/// The names in the sources.
fn derived(house: &House) -> Vec<Named> {
    let mut all = Vec::new();
    let aside = |path: &str| ASIDE.iter().any(|folder| path.starts_with(&format!("{folder}/")));
    for file in house.sources().filter(|file| !aside(&file.path)) {
        let parts: Vec<&str> = file.path.split('/').collect();
        let folder = match parts[..] {
            ["crates", folder, "src", ..] | [folder @ "experiments", "src", ..] => folder,
            _ => continue,
        };
        // Comments may show how it is done.
        let lines = file
            .text
            .lines()
            .map(|line| match line.trim_start().starts_with("//") {
                true => "",
                false => line,
            });
        let text = lines.collect::<Vec<_>>().join("\n");
        for (at, call) in text.match_indices(".derive(") {
            let line = text[..at].matches('\n').count() + 1;
            all.push(Named {
                folder: folder.into(),
                name: argument(&text[at + call.len()..]),
                place: format!("{}:{line}", file.path),
            });
        }
    }
    all
}

/// The name in a call; `{}` if it is not a literal.
fn argument(text: &str) -> String {
    let text = text.trim_start().trim_start_matches('&');
    let literal = text.strip_prefix("format!(").unwrap_or(text).trim_start();
    let name = literal.strip_prefix('"').and_then(|rest| rest.split('"').next());
    name.map_or_else(|| "{}".into(), with_gaps)
}

/// The names in the table: in each row the crate, and one name or several.
fn listed(page: &str) -> Vec<Named> {
    let mut all = Vec::new();
    let rows = page
        .lines()
        .zip(1..)
        .skip_while(|(line, _)| *line != HEADING)
        .skip(1);
    for (line, number) in rows.take_while(|(line, _)| !line.starts_with("## ")) {
        let mut cells = line.strip_prefix("| ").unwrap_or_default().split(" | ");
        let (Some(folder), Some(names)) = (cells.next().and_then(quoted), cells.next()) else {
            continue;
        };
        for name in names.split(", ").filter_map(quoted) {
            all.push(Named {
                folder: folder.into(),
                name: with_gaps(name),
                place: format!("{PAGE}:{number}"),
            });
        }
    }
    all
}

fn quoted(cell: &str) -> Option<&str> {
    cell.trim().strip_prefix('`')?.strip_suffix('`')
}

/// `a/{b}` as `a/{}`.
fn with_gaps(name: &str) -> String {
    let mut out = String::new();
    let mut within = false;
    for c in name.chars() {
        match c {
            '{' => within = true,
            '}' => {
                within = false;
                out.push_str("{}");
            }
            c if !within => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests;
