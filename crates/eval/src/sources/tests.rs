use super::citation::{Source, sources};
use super::*;

fn source(authors: &[&str], others: bool, year: &str, arxiv: &str, place: &str) -> Source {
    Source {
        authors: authors.iter().map(|&a| a.into()).collect(),
        others,
        year: year.into(),
        arxiv: (!arxiv.is_empty()).then(|| arxiv.into()),
        doi: None,
        place: place.into(),
    }
}

/// The forms in which the registry and the catalogue of metrics cite.
#[test]
fn citations_are_taken_apart() {
    for (citation, expected) in [
        (
            "Liu et al. 2019, arXiv:1910.02366",
            vec![source(&["Liu"], true, "2019", "1910.02366", "")],
        ),
        (
            "Ash 1989, Connection Science 1(4), 365-375",
            vec![source(
                &["Ash"],
                false,
                "1989",
                "",
                "Connection Science 1(4), 365-375",
            )],
        ),
        (
            "Rusu et al. 2016, arXiv:1606.04671.",
            vec![source(&["Rusu"], true, "2016", "1606.04671", "")],
        ),
        (
            "this project, after Dohare et al. 2024, Nature 632, 768-774",
            vec![source(&["Dohare"], true, "2024", "", "Nature 632, 768-774")],
        ),
        (
            "Page 1954, Biometrika 41; Bifet & Gavalda 2007, SDM",
            vec![
                source(&["Page"], false, "1954", "", "Biometrika 41"),
                source(&["Bifet", "Gavalda"], false, "2007", "", "SDM"),
            ],
        ),
        (
            "after Wu et al. 2020, arXiv:2102.08574, and Verbockhaven et al. 2024, arXiv:2405.19816",
            vec![
                source(&["Wu"], true, "2020", "2102.08574", ""),
                source(&["Verbockhaven"], true, "2024", "2405.19816", ""),
            ],
        ),
        (
            "this project, after Dohare et al. 2024 and Tashiro et al. 2006",
            vec![
                source(&["Dohare"], true, "2024", "", ""),
                source(&["Tashiro"], true, "2006", "", ""),
            ],
        ),
        (
            "Kumar, Marklund & Van Roy 2023, arXiv:2308.11958",
            vec![source(
                &["Kumar", "Marklund", "Van Roy"],
                false,
                "2023",
                "2308.11958",
                "",
            )],
        ),
        (
            "van de Ven & Tolias 2019, Three scenarios for continual learning, arXiv:1904.07734",
            vec![source(
                &["van de Ven", "Tolias"],
                false,
                "2019",
                "1904.07734",
                "Three scenarios for continual learning",
            )],
        ),
        (
            "Rebuffi et al. 2017 (iCaRL), arXiv:1611.07725",
            vec![source(&["Rebuffi"], true, "2017", "1611.07725", "")],
        ),
        (
            "Rusu, A. A. et al. 2016",
            vec![source(&["Rusu, A. A."], true, "2016", "", "")],
        ),
        (
            "after the penalty of AdamO, Rosseau et al. 2026",
            vec![source(&["Rosseau"], true, "2026", "", "")],
        ),
        (
            "Díaz-Rodríguez et al. 2018",
            vec![source(&["Díaz-Rodríguez"], true, "2018", "", "")],
        ),
        ("this project", vec![]),
        ("control", vec![]),
        ("", vec![]),
    ] {
        assert_eq!(sources(citation), expected, "{citation}");
    }
    let of_doi = sources("Holm 1979, Scandinavian Journal of Statistics 6, doi:10.2307/4615733");
    assert_eq!(of_doi[0].doi.as_deref(), Some("10.2307/4615733"));
}

/// A work that is cited twice is one entry, and two works of one author in a year are two.
#[test]
fn keys_are_unique_and_do_not_depend_on_the_order() {
    let cited = |citations: &[&str]| {
        let mut all = Sources::default();
        citations.iter().for_each(|c| all.cite(c, "x"));
        all.to_bibtex("T")
    };
    let one = [
        "Elsayed & Mahmood 2024, arXiv:2404.00781",
        "Elsayed et al. 2024, arXiv:2407.01704",
        "Kumar et al. 2023",
        "Kumar, Marklund & Van Roy 2023, arXiv:2308.11958",
    ];
    let text = cited(&one);
    for line in [
        "@misc{elsayed2024-2404.00781,",
        "@misc{elsayed2024-2407.01704,",
        "@misc{kumar2023,",
        "  author = {Kumar and Marklund and {Van Roy}},",
        "  eprint = {2308.11958},",
    ] {
        assert_eq!(text.lines().filter(|l| *l == line).count(), 1, "{line}\n{text}");
    }
    let mut other = one;
    other.reverse();
    assert_eq!(text, cited(&other));
    // Whatever the text, braces pair and no line but an entry's begins with an at sign.
    let odd = cited(&[
        "M@d } et al. 2020, {a & b_c} 100 %, arXiv:1}2",
        "Ok 2021, }{\\@misc{x,",
    ]);
    let depth = odd.chars().try_fold(0_i32, |depth, c| match c {
        '{' => Some(depth + 1),
        '}' if depth == 0 => None,
        '}' => Some(depth - 1),
        _ => Some(depth),
    });
    assert_eq!(depth, Some(0), "{odd}");
}
