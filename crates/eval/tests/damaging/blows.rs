//! Damage of results folders by broken disks, incomplete copies, manual edits and scripts.

use super::Files;
use dentate_core::record::{Manifest, sealed};
use dentate_testkit::malformed;
use rand::Rng;
use rand::seq::IndexedRandom;
use serde_json::{Value, json};

/// Strike some times. What was done, in words.
pub(crate) fn strike(files: &mut Files, random: &mut impl Rng) -> Vec<String> {
    (0..random.random_range(1..3))
        .map(|_| blow(files, random))
        .collect()
}

fn blow(files: &mut Files, random: &mut impl Rng) -> String {
    let names: Vec<String> = files.keys().cloned().collect();
    let Some(name) = names.choose(random).cloned() else {
        return "nothing is left".into();
    };
    let runs: Vec<&str> = names
        .iter()
        .filter_map(|n| n.strip_suffix("/records.csv"))
        .collect();
    let (Some(one), Some(other)) = (runs.choose(random), runs.choose(random)) else {
        files.remove(&name);
        return format!("{name} goes");
    };
    let bytes = files.get(&name).cloned().unwrap_or_default();
    let done = |what: &str| format!("{name}: {what}");
    match random.random_range(0..15) {
        0 => {
            let at = random.random_range(0..=bytes.len());
            files.insert(name.clone(), bytes[..at].to_vec());
            done("cut")
        }
        1 => edit(files, &name, |lines| {
            lines.truncate(random.random_range(0..=lines.len()))
        }),
        2 => edit(files, &name, |lines| {
            let share = random.random_range(0.01..0.6);
            lines.retain(|_| !random.random_bool(share));
        }),
        3 => edit(files, &name, |lines| {
            let at = random.random_range(0..=lines.len());
            let line = lines.choose(random).cloned();
            lines.splice(at..at, line);
        }),
        4 => edit(files, &name, |lines| {
            if lines.len() > 1 {
                let (a, b) = (
                    random.random_range(0..lines.len()),
                    random.random_range(0..lines.len()),
                );
                lines.swap(a, b);
            }
        }),
        5 => edit(files, &name, |lines| {
            let Some(at) = (0..lines.len()).collect::<Vec<_>>().choose(random).copied() else {
                return;
            };
            let digits: Vec<usize> = lines[at]
                .match_indices(|c: char| c.is_ascii_digit())
                .map(|d| d.0)
                .collect();
            if let Some(&digit) = digits.choose(random) {
                let new = random.random_range(0..10).to_string();
                lines[at].replace_range(digit..=digit, &new);
            }
        }),
        6 => {
            files.insert(name.clone(), malformed::mutate(&bytes, random));
            done("mutated")
        }
        7 => {
            files.remove(&name);
            done("gone")
        }
        8 => edit(files, &format!("{one}/records.csv"), |lines| {
            let value = random.random_range(0.0..1.0);
            let line = [
                "accuracy,0,200,0,,",
                "accuracy,4294967295,126,0,,",
                "updates,9,1,,,",
                "mine,0,0,4294967295,,",
            ];
            let at = random.random_range(1..=lines.len().max(1)).min(lines.len());
            lines.insert(at, format!("{}{value}", line[random.random_range(0..line.len())]));
        }),
        9 => {
            let file = *["records.csv", "status.json"]
                .choose(random)
                .unwrap_or(&"records.csv");
            swap(files, &format!("{one}/{file}"), &format!("{other}/{file}"));
            format!("{file} of {one} and {other} exchanged")
        }
        10 => {
            let file = *["records.csv", "status.json"]
                .choose(random)
                .unwrap_or(&"records.csv");
            copy(files, &format!("{one}/{file}"), &format!("{other}/{file}"));
            format!("{file} of {one} is {other}'s")
        }
        11 => {
            for file in ["records.csv", "status.json"] {
                swap(files, &format!("{one}/{file}"), &format!("{other}/{file}"));
            }
            format!("{one} and {other} exchanged")
        }
        12 => {
            for file in ["records.csv", "status.json"] {
                copy(files, &format!("{one}/{file}"), &format!("{other}/{file}"));
            }
            format!("{one} is a copy of {other}")
        }
        _ => hand(files, random),
    }
}

fn edit(files: &mut Files, name: &str, change: impl FnOnce(&mut Vec<String>)) -> String {
    let text = String::from_utf8_lossy(files.get(name).map_or(&[][..], Vec::as_slice)).into_owned();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    change(&mut lines);
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    files.insert(name.into(), text.into_bytes());
    format!("{name}: lines edited")
}

fn swap(files: &mut Files, one: &str, other: &str) {
    let (a, b) = (files.remove(one), files.remove(other));
    files.extend(a.map(|a| (other.to_owned(), a)));
    files.extend(b.map(|b| (one.to_owned(), b)));
}

fn copy(files: &mut Files, one: &str, other: &str) {
    let from = files.get(other).cloned();
    files.extend(from.map(|bytes| (one.to_owned(), bytes)));
}

/// A hand edits the manifest, and leaves JSON behind.
fn hand(files: &mut Files, random: &mut impl Rng) -> String {
    let name = "manifest.json";
    let Some(mut manifest) = files
        .get(name)
        .and_then(|b| serde_json::from_slice::<Value>(b).ok())
    else {
        return "there is no manifest to edit".into();
    };
    let runs = manifest["runs"].as_array().map_or(0, Vec::len);
    if runs < 2 {
        return "there are no runs to edit".into();
    }
    let (a, b) = (random.random_range(0..runs), random.random_range(0..runs));
    let exchange = |manifest: &mut Value, key: &str| {
        let (x, y) = (manifest["runs"][a][key].clone(), manifest["runs"][b][key].clone());
        manifest["runs"][a][key] = y;
        manifest["runs"][b][key] = x;
    };
    let what = match random.random_range(0..8) {
        0 | 1 => {
            exchange(&mut manifest, "id");
            "ids exchanged"
        }
        2 => {
            exchange(&mut manifest, "seed");
            "seeds exchanged"
        }
        3 => {
            exchange(&mut manifest, "method");
            "methods exchanged"
        }
        4 => {
            manifest["runs"].as_array_mut().map(|runs| runs.remove(a));
            "a run left out"
        }
        5 => {
            manifest["streams"][1]["chance"] = json!(0.9);
            "chance set"
        }
        6 => {
            manifest["rank_by"] = json!("learning-accuracy");
            "ranked otherwise"
        }
        _ => {
            manifest["streams"][1]["tasks"] = json!(["one"]);
            "tasks left out"
        }
    };
    files.insert(name.into(), manifest.to_string().into_bytes());
    // Someone who knows of the seal makes a new one: the log's checksum still is the entry's.
    if what == "ids exchanged"
        && random.random()
        && let Ok(manifest) = serde_json::from_value::<Manifest>(manifest)
    {
        files.insert(name.into(), sealed(&manifest).unwrap_or_default());
        return format!("{what} of {a} and {b}, and sealed");
    }
    format!("{what}: {a}, {b}")
}
