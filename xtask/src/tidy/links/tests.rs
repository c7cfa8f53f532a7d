use super::*;

const PAGES: [(&str, &str); 4] = [
    (
        "README.md",
        "[a](docs/a.md) [deep](docs/a.md#two-words--and-more) [site](https://example.org/x#y)\n\
         `[code](nowhere.md)` [`code`](nowhere.md)\n```\n[fenced](nowhere.md)\n```\n",
    ),
    (
        "docs/a.md",
        "# A\n\n## Two words – and more\n\n[up](../README.md) [self](#a) [lost](#b) [src](../src/lib.rs)\n\n## A\n[again](#a-1)\n",
    ),
    ("docs/SUMMARY.md", "- [A](a.md)\n- [A](a.md)\n"),
    ("docs/b.md", "[a](a.md#nothing)"),
];

#[test]
fn links_that_lead_nowhere_are_found() {
    let mut files = PAGES.to_vec();
    files.push(("src/lib.rs", ""));
    let house = House::of_files(&files);
    let found: Vec<String> = links_lead_somewhere(&house)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        found,
        [
            "README.md:2: there is no `nowhere.md`",
            "docs/a.md:5: `README.md` is outside of the book, which has no such file",
            "docs/a.md:5: `docs/a.md` has no heading `#b`",
            "docs/a.md:5: `src/lib.rs` is outside of the book, which has no such file",
            "docs/b.md:1: `docs/a.md` has no heading `#nothing`",
        ]
    );
}

#[test]
fn pages_that_the_summary_lacks_or_repeats_are_found() {
    let house = House::of_files(&PAGES);
    let found: Vec<String> = the_summary_is_complete(&house)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        found,
        [
            "docs/SUMMARY.md: `a.md` is listed more than once",
            "docs/SUMMARY.md: `b.md` is missing: the book has only pages that it lists",
        ]
    );
}

#[test]
fn paths_go_up_from_their_page() {
    assert_eq!(resolved("docs/a.md", "../README.md"), "README.md");
    assert_eq!(resolved("docs/deep/a.md", "../b.md"), "docs/b.md");
    assert_eq!(resolved("README.md", "../outside.md"), "../outside.md");
}
