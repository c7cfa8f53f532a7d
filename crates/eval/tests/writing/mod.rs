//! Text from outside in every field of a report: whatever it is, the pages keep their structure.

use crate::{fixture, read, well_formed};
use dentate_core::record::{Manifest, Status, is_printable};
use dentate_eval::report;
use proptest::prelude::*;

/// Letters that mean something to Markdown, HTML, CSV, a spreadsheet or a terminal.
const EVIL: &str =
    "[a1 .!|*_`<>\\[\\]()#~&$=+@'\",;:\\\\/\n\r\t\u{1b}\u{7}\u{9b}\u{202e}\u{2066}\u{2028}\u{e02a}é-]{0,14}";

/// Places of external text: the fields of a manifest, a metric's name and an item.
const FIELDS: usize = 25;

fn written(texts: &[String]) -> (tempfile::TempDir, dentate_eval::Report) {
    let mut texts = texts.iter().map(|t| format!("{t}t"));
    let mut next = || texts.next().unwrap();
    let mut manifest: Manifest = fixture::manifest();
    manifest.runs.retain(|r| {
        r.stream != "task-split" && r.method != "joint" && (r.seed < 3 || r.status != Status::Finished)
    });
    manifest.streams.remove(0);
    manifest.methods.pop();
    manifest.title = next();
    manifest.description = next();
    for stream in &mut manifest.streams {
        stream.title = next();
        stream.tasks[0] = next();
    }
    for (i, method) in manifest.methods[..2].iter_mut().enumerate() {
        method.title = next();
        method.summary = next();
        method.citation = next();
        // Settings are told apart by key: one, with a value of its own.
        method.configuration = format!("key = {:?}", format!("{i}{}", next()));
    }
    let name = next();
    let called = |method: &str| match method {
        "dynamic-node-creation" => format!("{name}-"),
        other => other.to_owned(),
    };
    for run in &mut manifest.runs {
        if let Status::Failed { kind, message } = &mut run.status {
            (*kind, *message) = (next(), next());
        }
    }
    manifest.provenance.command = next();
    manifest.provenance.machine = next();
    let (metric, item) = (next(), next());
    let missed = &mut manifest.claims[1];
    missed.what = next();
    missed.source = next();
    missed.departures = next();
    missed.cause = next();
    let folder = tempfile::tempdir().unwrap();
    fixture::write_with(folder.path(), &manifest, called, |mut records| {
        for record in &mut records {
            match record.metric.as_str() {
                "dead-units" => record.metric = metric.clone(),
                "growth" | "stop" => record.item = Some(item.clone()),
                _ => {}
            }
        }
        records
    });
    let made = report(folder.path()).unwrap();
    (folder, made)
}

/// A line of Markdown for what it is: the level of a heading, the cells of a table's row, a fence, or nothing of these.
fn shape(markdown: &str) -> Vec<String> {
    let mut shapes = Vec::new();
    let mut fence: Option<String> = None;
    for line in markdown.lines() {
        let ticks: String = line.chars().take_while(|c| *c == '`').collect();
        if let Some(open) = &fence {
            if line == open {
                fence = None;
                shapes.push("fence".into());
            }
            continue;
        }
        if ticks.len() >= 3 {
            fence = Some(ticks);
            continue;
        }
        let level = line.chars().take_while(|c| *c == '#').count();
        let bare = line.replace("\\\\", "").replace("\\|", "");
        shapes.push(match line.chars().next() {
            None => "blank".into(),
            Some('#') => format!("heading {level}"),
            Some('|') => format!("{} bars", bare.matches('|').count()),
            Some('<') => "tag".into(),
            Some('-') if line.starts_with("- ") => "item".into(),
            Some(_) => "text".into(),
        });
    }
    assert!(fence.is_none(), "a fence is left open");
    shapes
}

/// The names of the page's tags, in order.
fn tags(page: &str) -> Vec<String> {
    let tags = page.split('<').skip(1);
    tags.map(|t| t.split([' ', '>']).next().unwrap_or_default().to_owned())
        .collect()
}

fn fields(csv: &str) -> Vec<usize> {
    let (mut counts, mut count, mut quoted) = (Vec::new(), 1, false);
    for c in csv.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => count += 1,
            '\n' if !quoted => counts.push(std::mem::replace(&mut count, 1)),
            _ => {}
        }
    }
    counts
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn whatever_is_written_in_them_the_pages_keep_their_structure(texts in prop::collection::vec(EVIL, FIELDS)) {
        let plain: Vec<String> = (0..FIELDS).map(|i| format!("plain {i} ")).collect();
        let ((folder, made), (other, _)) = (written(&texts), written(&plain));
        let (page, expected) = (read(folder.path(), "report.md"), read(other.path(), "report.md"));
        prop_assert_eq!(shape(&page), shape(&expected), "{}", page);
        prop_assert!(page.chars().all(|c| c == '\n' || is_printable(c)));
        let (page, expected) = (read(folder.path(), "report.html"), read(other.path(), "report.html"));
        well_formed(&page);
        prop_assert_eq!(tags(&page), tags(&expected));
        prop_assert!(page.chars().all(|c| c == '\n' || is_printable(c)));
        for name in ["metrics.csv", "summary.csv", "claims.csv", "pairs.csv"] {
            let (page, expected) = (read(folder.path(), name), read(other.path(), name));
            prop_assert_eq!(fields(&page), fields(&expected), "{}", page);
        }
        prop_assert!(made.terminal.chars().all(|c| c == '\n' || is_printable(c)), "{:?}", made.terminal);
    }
}
