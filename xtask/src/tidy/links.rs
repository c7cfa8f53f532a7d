//! Links of the book, of the README and of the other pages: each leads to an existing file and heading, links of the book stay
//! within it, and the summary lists every page.

use super::Finding;
use super::house::{File, House};
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

/// The folder of the book.
const BOOK: &str = "docs/";
/// Its table of contents.
const SUMMARY: &str = "docs/SUMMARY.md";

/// A link: its line and its target.
type Link<'t> = (usize, &'t str);

/// Every relative link of a page leads to an existing file and heading, and those of the book stay within it.
pub(super) fn links_lead_somewhere(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for page in house.files.iter().filter(|file| file.path.ends_with(".md")) {
        for (line, target) in links(&page.text) {
            if let Some(fault) = fault(house, page, target) {
                findings.push(Finding::new(format!("{}:{line}", page.path), fault));
            }
        }
    }
    findings
}

/// The summary lists every page of the book once.
pub(super) fn the_summary_is_complete(house: &House) -> Vec<Finding> {
    let Some(summary) = house.files.iter().find(|file| file.path == SUMMARY) else {
        return Vec::new();
    };
    let listed: Vec<&str> = links(&summary.text)
        .into_iter()
        .map(|(_, target)| target)
        .collect();
    let pages = house.files.iter().filter_map(|file| file.path.strip_prefix(BOOK));
    let pages = pages.filter(|page| page.ends_with(".md") && BOOK.to_owned() + page != SUMMARY);
    pages
        .filter_map(
            |page| match listed.iter().filter(|target| **target == page).count() {
                1 => None,
                0 => Some(format!(
                    "`{page}` is missing: the book has only pages that it lists"
                )),
                _ => Some(format!("`{page}` is listed more than once")),
            },
        )
        .map(|words| Finding::new(SUMMARY, words))
        .collect()
}

/// The defect of a link, if it has one. Links to other sites are not followed.
fn fault(house: &House, page: &File, target: &str) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let place = if path.is_empty() {
        page.path.clone()
    } else {
        resolved(&page.path, path)
    };
    if page.path.starts_with(BOOK) && !place.starts_with(BOOK) {
        return Some(format!(
            "`{place}` is outside of the book, which has no such file"
        ));
    }
    match house.files.iter().find(|file| file.path == place) {
        Some(file) if anchor.is_empty() || headings(&file.text).contains(anchor) => None,
        Some(_) => Some(format!("`{place}` has no heading `#{anchor}`")),
        None if anchor.is_empty() && house.exists(&place) => None,
        None => Some(format!("there is no `{place}`")),
    }
}

/// The path of a link, relative to the root.
fn resolved(page: &str, path: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    let folder = Path::new(page).parent().unwrap_or(Path::new(""));
    for part in folder.join(path).components() {
        match part {
            Component::ParentDir if parts.pop().is_none() => parts.push("..".into()),
            Component::Normal(name) => parts.push(name.to_string_lossy().into_owned()),
            _ => {}
        }
    }
    PathBuf::from_iter(parts).to_string_lossy().replace('\\', "/")
}

/// Lines of a page outside of code blocks, from 1.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    text.lines().zip(1..).filter_map(move |(line, number)| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        (!fenced && !fence).then_some((number, line))
    })
}

/// The links of a page; code is not looked at.
fn links(text: &str) -> Vec<Link<'_>> {
    let mut links = Vec::new();
    for (number, line) in prose(text) {
        for (at, _) in line.match_indices("](") {
            let in_code = line[..at].matches('`').count() % 2 == 1;
            let rest = &line[at + 2..];
            // A link's own words may be code, so only an odd number of backquotes since its bracket hides it.
            let words = line[..at]
                .rfind('[')
                .map_or(0, |open| line[open..at].matches('`').count());
            if let Some(end) = rest.find(')')
                && !(in_code && words % 2 == 0)
            {
                links.push((number, rest[..end].split(' ').next().unwrap_or_default()));
            }
        }
    }
    links
}

/// Anchors of a page's headings, as mdBook and GitHub make them.
fn headings(text: &str) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    for (_, line) in prose(text) {
        let words = line.trim_start_matches('#');
        if words.len() == line.len() || !words.starts_with(' ') {
            continue;
        }
        let anchor: String = words
            .trim()
            .to_lowercase()
            .chars()
            .filter_map(|c| match c {
                ' ' => Some('-'),
                c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
                _ => None,
            })
            .collect();
        // A second heading of the same words gets a number.
        let mut own = anchor.clone();
        let mut count = 0;
        while !anchors.insert(own.clone()) {
            count += 1;
            own = format!("{anchor}-{count}");
        }
    }
    anchors
}

#[cfg(test)]
mod tests;
