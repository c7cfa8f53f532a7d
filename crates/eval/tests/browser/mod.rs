//! Pages in a browser: a headless Chromium loads a copy of a page with a script that checks it, and writes its verdicts into the document.
//!
//! Chromium is found by `DENTATE_CHROMIUM`, `CHROME` or `PATH`; without one the tests say so and check nothing, unless `DENTATE_REQUIRE` has
//! `browser`. Any page is checked with `DENTATE_CHECK_PAGE=FILE cargo test --workspace --test eval a_page_of_ones_own`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

const CHECKS: &str = include_str!("checks.js");

/// Runs before anything of the page, to hear its errors.
const LISTEN: &str = "<script>window.dentateErrors=[];addEventListener('error',e=>dentateErrors.push(String(e.message||e)));\
    addEventListener('unhandledrejection',e=>dentateErrors.push(String(e.reason)));\
    for(const k of['error','warn']){const was=console[k];console[k]=(...a)=>{dentateErrors.push(a.join(' '));was.apply(console,a)}}</script>";

/// The conditions under which a page is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Light,
    Dark,
    Print,
    Narrow,
}

impl Mode {
    pub(crate) const ALL: [Self; 4] = [Self::Light, Self::Dark, Self::Print, Self::Narrow];

    fn word(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Print => "print",
            Self::Narrow => "narrow",
        }
    }

    /// The window; paper is A4 less margins.
    fn size(self) -> &'static str {
        match self {
            Self::Light | Self::Dark => "1400,1000",
            Self::Print => "718,1000",
            Self::Narrow => "500,900",
        }
    }
}

/// Names of checks with what they found.
pub(crate) type Verdicts = BTreeMap<String, Vec<String>>;

/// The browser, if there is one.
pub(crate) fn browser() -> Option<PathBuf> {
    let named = ["DENTATE_CHROMIUM", "CHROME"]
        .into_iter()
        .filter_map(std::env::var_os);
    let named = named.map(PathBuf::from).find(|path| path.is_file());
    let path = std::env::var_os("PATH").unwrap_or_default();
    let names = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "chrome-headless-shell",
    ];
    let found = named.or_else(|| {
        let all = std::env::split_paths(&path).flat_map(|folder| names.map(|name| folder.join(name)));
        all.into_iter().find(|path| path.is_file())
    });
    let required = std::env::var("DENTATE_REQUIRE").unwrap_or_default();
    assert!(
        found.is_some() || !required.split(',').any(|word| word == "browser"),
        "a browser is required by DENTATE_REQUIRE, and none is at hand"
    );
    if found.is_none() {
        println!("browser: not at hand (Debian: chromium)");
    }
    found
}

/// The verdicts on a page.
pub(crate) fn verdicts(browser: &Path, page: &Path, mode: Mode) -> Verdicts {
    let text = std::fs::read_to_string(page).unwrap();
    // Conditions that hold always or never stand for those of a screen, of paper and of a preference.
    let (always, never) = ("(min-width: 0)", "(max-width: 0)");
    let when = |holds: bool| if holds { always } else { never };
    let text = text
        .replace("(prefers-color-scheme: dark)", when(mode == Mode::Dark))
        .replace("(prefers-color-scheme:dark)", when(mode == Mode::Dark))
        .replace("@media screen", &format!("@media {}", when(mode != Mode::Print)))
        .replace("@media print", &format!("@media {}", when(mode == Mode::Print)));
    let text = text
        .replacen("<head>", &format!("<head>{LISTEN}"), 1)
        .replacen("<html ", &format!("<html data-checked=\"{}\" ", mode.word()), 1)
        .replace("</body>", &format!("<script>{CHECKS}</script></body>"));
    let own = tempfile::tempdir().unwrap();
    let copy = own.path().join("page.html");
    std::fs::write(&copy, text).unwrap();
    let profile = own.path().join("profile");
    let ran = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
        ])
        .args([
            "--no-first-run",
            "--disable-background-networking",
            "--hide-scrollbars",
        ])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("--window-size={}", mode.size()))
        .args(["--timeout=60000", "--dump-dom"])
        .arg(format!("file://{}", copy.display()))
        .output()
        .unwrap();
    let dumped = String::from_utf8_lossy(&ran.stdout);
    let json = dumped
        .rsplit_once("<pre id=\"dentate-verdicts\">")
        .and_then(|(_, rest)| rest.split_once("</pre>"))
        .map(|(json, _)| json);
    let Some(json) = json else {
        panic!(
            "the browser gave no verdicts on {}: {}",
            page.display(),
            String::from_utf8_lossy(&ran.stderr)
        );
    };
    let json = json
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&nbsp;", "\u{a0}")
        .replace("&amp;", "&");
    serde_json::from_str(&json).unwrap()
}

/// Every failure on a page in all modes, a line each.
pub(crate) fn failures(browser: &Path, page: &Path) -> Vec<String> {
    let mut failures = Vec::new();
    for mode in Mode::ALL {
        for (check, found) in verdicts(browser, page, mode) {
            if !matches!(check.as_str(), "counted" | "sorted") {
                let word = mode.word();
                failures.extend(found.into_iter().map(|what| format!("{word}: {check}: {what}")));
            }
        }
    }
    failures
}
