//! The question "How was this made?": enough to reproduce it.

use super::settings::{differences, flat};
use crate::comparison::Role;
use crate::document::{Block, Part, Section, present};
use crate::findings::Findings;
use crate::format::{self, ABSENT};
use crate::metrics::Metric;
use crate::prose;
use crate::suite::{Outcome, Suite};
use crate::tables::{Head, Line, Table, capital};
use dentate_core::record::RECORDS;

/// More runs than this are not listed one by one.
const MOST_RUNS: usize = 300;

/// Longer tables are folded away.
const MOST_ROWS: usize = 12;

pub(super) fn section(findings: &Findings<'_>, metrics: &[Metric]) -> Section {
    let (suite, manifest) = (findings.suite, &findings.suite.manifest);
    let from = &manifest.provenance;
    let mut seeds: Vec<u64> = suite.runs.iter().map(|r| r.entry.seed).collect();
    seeds.sort_unstable();
    seeds.dedup();
    let seeds: Vec<String> = seeds.iter().map(u64::to_string).collect();
    let seconds: f64 = suite.runs.iter().filter_map(|r| r.entry.seconds).sum();
    let mut facts: Vec<(String, String)> = [
        ("Suite", manifest.suite.clone()),
        ("Seeds", seeds.join(", ")),
        (
            "Commit",
            from.commit.clone().unwrap_or_else(|| "not known".into()),
        ),
        ("Version", from.version.clone()),
        ("Backend", from.backend.clone()),
        ("Machine", from.machine.clone()),
        ("When", moment(&from.when)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    if seconds > 0.0 {
        facts.push((
            "Run time".into(),
            format!("{}, all runs added", duration(seconds)),
        ));
    }
    let mut chosen: Vec<String> = Vec::new();
    for said in &findings.said {
        chosen.extend(
            said.choosing
                .iter()
                .filter(|s| !chosen.contains(s))
                .cloned()
                .collect::<Vec<_>>(),
        );
    }
    let mut blocks = present([
        Some(Block::Say(vec!["The command that makes it again:".into()])),
        Some(Block::Code("sh", from.command.clone())),
        Some(Block::Facts(facts)),
        prose::inexact(suite).map(Block::Note),
        Some(Block::Say(chosen)),
        settings(suite).map(|t| folded("Settings in which methods differ", t.called("settings".into()))),
        sweeps(suite).map(|t| Block::Table(t.called("sweeps".into()))),
    ]);
    let part = |id: &str, title: &str, blocks: Vec<Block>| {
        Block::Part(Part {
            id: id.into(),
            title: title.into(),
            blocks,
        })
    };
    let methods = manifest.methods.iter().map(|m| {
        let about = [&m.summary, &m.citation]
            .map(|s| s.trim())
            .into_iter()
            .filter(|s| !s.is_empty());
        let about = about.collect::<Vec<_>>().join(" ");
        let mut blocks = Vec::new();
        if !about.is_empty() {
            blocks.push(Block::Note(prose::name(&about)));
        }
        blocks.push(Block::Code("toml", m.configuration.trim_end().to_owned()));
        Block::Folded(m.title.clone(), blocks)
    });
    blocks.push(part("methods", "Methods", methods.collect()));
    if let Some(table) = runs(suite) {
        let table = Block::Table(table.called("runs".into()));
        blocks.push(part(
            "every-run",
            "Runs",
            vec![Block::Folded(
                format::plural(suite.runs.len(), "run"),
                vec![table],
            )],
        ));
    }
    blocks.push(part("files", "Files", vec![Block::Files(files(findings))]));
    if !metrics.is_empty() {
        let said = metrics
            .iter()
            .map(|m| (format!("{}.", capital(m.title())), prose::name(&m.explanation())));
        let mut all = vec![Block::Note(
            "R[i][j] is the accuracy on task j after learning task i of T. A dash stands where a quantity does not exist: a method that learns all tasks \
             at once has one row of R, and so no forgetting."
                .into(),
        )];
        all.push(Block::List(said.collect()));
        blocks.push(part("measures", "Measures", all));
    }
    Section {
        id: "made",
        question: "How was this made?".into(),
        blocks,
    }
}

/// A table, which is folded away if it is long.
fn folded(title: &str, table: Table) -> Block {
    match table.rows.len() {
        n if n > MOST_ROWS => Block::Folded(format!("{title}: {n} rows"), vec![Block::Table(table)]),
        _ => Block::Table(table),
    }
}

/// The settings in which methods differ from the control, or from the first method.
fn settings(suite: &Suite) -> Option<Table> {
    let methods = &suite.manifest.methods;
    let first = suite.control().unwrap_or(0);
    let order: Vec<usize> = std::iter::once(first)
        .chain((0..methods.len()).filter(|m| *m != first))
        .collect();
    let flats: Vec<_> = order
        .iter()
        .filter_map(|m| Some(flat(&methods.get(*m)?.configuration)))
        .collect();
    let found = differences(&flats);
    if found.is_empty() {
        return None;
    }
    let mut rows = Vec::new();
    for (place, method) in order.iter().enumerate().skip(1) {
        for (key, values) in found.iter().filter(|(_, values)| values[place] != values[0]) {
            let shown = |v: &Option<String>| v.clone().unwrap_or_else(|| ABSENT.into());
            rows.push(Line {
                method: Some(*method),
                ..Line::plain([
                    methods[*method].title.clone(),
                    key.clone(),
                    shown(&values[place]),
                    shown(&values[0]),
                ])
            });
        }
    }
    let control = &methods[first].title;
    Some(Table {
        id: String::new(),
        caption: format!(
            "Settings in which a method differs from {control}; the full configurations are below."
        ),
        head: vec![
            Head::text("Method", ""),
            Head::text("Setting", ""),
            Head::text("Value", ""),
            Head::text(
                control,
                "The value of the method that the others are compared with.",
            ),
        ],
        rows,
    })
}

/// The settings that each sweep tried.
fn sweeps(suite: &Suite) -> Option<Table> {
    let title = |name: &str| {
        let method = suite.manifest.methods.iter().find(|m| m.name == name);
        method.map_or_else(|| name.to_owned(), |m| m.title.clone())
    };
    let rows: Vec<Line> = suite
        .manifest
        .sweeps
        .iter()
        .map(|sweep| {
            let best = sweep.chosen.and_then(|chosen| sweep.settings.get(chosen));
            let values = best.map(|b| {
                b.values
                    .iter()
                    .map(|(k, v)| format!("{k} = {v}"))
                    .collect::<Vec<_>>()
                    .join(", ")
            });
            let runs: usize = sweep.settings.iter().map(|s| s.runs.len()).sum();
            Line::plain([
                title(&sweep.method),
                sweep.stream.clone(),
                sweep.settings.len().to_string(),
                runs.to_string(),
                sweep.measure.replace('-', " "),
                values.unwrap_or_else(|| ABSENT.into()),
            ])
        })
        .collect();
    (!rows.is_empty()).then(|| Table {
        id: String::new(),
        caption: "Search for settings: on rows held out of training, with seeds of their own.".into(),
        head: vec![
            Head::text("Method", ""),
            Head::text("Stream", ""),
            Head::number("Settings", "", "Settings that were tried."),
            Head::number("Runs", "", "Runs that the search took."),
            Head::text("By", "The measure that settings were chosen by."),
            Head::text("Chosen", ""),
        ],
        rows,
    })
}

/// All runs with the files of their records.
fn runs(suite: &Suite) -> Option<Table> {
    if suite.runs.is_empty() || suite.runs.len() > MOST_RUNS {
        return None;
    }
    let line = |run: &crate::suite::Run| {
        let control = suite.control() == Some(run.method);
        let cells = [
            suite.manifest.methods[run.method].title.clone(),
            suite.manifest.streams[run.stream].title.clone(),
            run.entry.seed.to_string(),
            run.outcome.word().to_owned(),
            run.entry
                .seconds
                .map_or_else(|| ABSENT.into(), |s| format!("{s:.1}")),
            suite.page_of(run).unwrap_or_else(|| match run.outcome {
                Outcome::Pending => ABSENT.to_owned(),
                _ => format!("runs/{}/{RECORDS}", run.entry.id),
            }),
        ];
        Line {
            role: if control { Role::Control } else { Role::Contender },
            method: Some(run.method),
            ..Line::plain(cells)
        }
    };
    Some(Table {
        id: String::new(),
        caption: "Every run.".into(),
        head: vec![
            Head::text("Method", ""),
            Head::text("Stream", ""),
            Head::number("Seed", "", ""),
            Head::text("State", ""),
            Head::number("Seconds", "", "Wall-clock time."),
            Head::text(
                "Page or records",
                "Its page with curves, settings and log, or the file of its records, beside the report.",
            ),
        ],
        rows: suite.runs.iter().map(line).collect(),
    })
}

/// The files beside the report.
fn files(findings: &Findings<'_>) -> Vec<(String, String)> {
    let lives = findings
        .traced
        .iter()
        .flatten()
        .any(|trace| trace.survival.is_some());
    let effects = findings
        .suite
        .manifest
        .methods
        .iter()
        .any(|m| !m.levels.is_empty());
    let all = [
        (
            "summary.csv",
            "means, intervals and differences to the control",
            true,
        ),
        (
            "pairs.csv",
            "any method against any other",
            findings.pairs.iter().any(|p| !p.is_empty()),
        ),
        ("metrics.csv", "every metric of every run", true),
        (
            "ranks.csv",
            "mean ranks across streams",
            findings.across.is_some(),
        ),
        ("claims.csv", "published claims", !findings.claims.is_empty()),
        ("effects.csv", "effects of factors", effects),
        ("survival.csv", "survival of new units", lives),
        ("report.md", "this report as Markdown", true),
    ];
    let there = all.into_iter().filter(|(_, _, there)| *there);
    there
        .map(|(name, what, _)| (name.to_owned(), what.to_owned()))
        .collect()
}

/// An RFC 3339 time in UTC for reading; anything else as it is.
pub(crate) fn moment(when: &str) -> String {
    match when.split_once('T') {
        Some((day, time)) if time.ends_with('Z') && time.is_char_boundary(5) && time.len() > 5 => {
            format!("{day} {} UTC", &time[..5])
        }
        _ => when.into(),
    }
}

fn duration(seconds: f64) -> String {
    match seconds {
        s if s >= 5400.0 => format!("{:.1} hours", s / 3600.0),
        s if s >= 90.0 => format!("{:.1} minutes", s / 60.0),
        s => format!("{s:.1} seconds"),
    }
}
