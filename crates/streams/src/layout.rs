//! The class and the half of each picture, from its name within a folder: `train/cat/0001.png`, or `cat/0001.png` if
//! the halves are drawn.
//!
//! Folders common to all pictures are skipped, so that an archive of one folder is read like the folder. Classes are
//! numbered in the order of their names among the training pictures; names that start with numbers come first, in numeric
//! order. In each half classes alternate, so that its first pictures are as balanced as possible.

use dentate_core::Seed;
use rand::seq::SliceRandom;
use std::collections::BTreeMap;
use thiserror::Error;

/// The reasons for which folders do not determine the classes and halves of pictures.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum LayoutErrorKind {
    /// There are no pictures.
    #[error("there is no PNG or JPEG file in it")]
    Empty,
    /// A half has no folder.
    #[error(
        "there is no folder `{folder}` with pictures in it, but {found}; name the folder, or set `test_share` to have test \
         pictures drawn"
    )]
    NoHalf {
        /// The requested folder.
        folder: String,
        /// The existing folders.
        found: String,
    },
    /// A picture is next to the folders of classes.
    #[error("`{name}` lies in no class's folder")]
    NoClass {
        /// The picture.
        name: String,
    },
    /// The number of classes differs from that in the suite.
    #[error("it has {found} classes ({names}), but `classes` is {expected}")]
    Classes {
        /// The number in the suite.
        expected: u32,
        /// The number found.
        found: usize,
        /// Their names, the first of them.
        names: String,
    },
    /// A class has pictures in only one of the halves.
    #[error("class `{class}` has no {half} pictures")]
    HalfEmpty {
        /// The class.
        class: String,
        /// The half that lacks it.
        half: &'static str,
    },
}

/// The distinction of the halves.
#[derive(Clone, Debug)]
pub(crate) enum Halves {
    /// By the names of their folders: training, test.
    Folders([String; 2]),
    /// Drawn from each class: the share of test pictures and a seed.
    Drawn(f64, u64),
}

/// A half: the label of each picture, and the index of its name.
pub(crate) type Places = Vec<(u8, usize)>;

/// Names of pictures by class.
type Classes<'a> = BTreeMap<Natural<'a>, Vec<(Natural<'a>, usize)>>;

/// Assigns each of `names` to the training pictures or the test pictures.
pub(crate) fn arrange(
    names: &[String],
    halves: &Halves,
    classes: u32,
) -> Result<[Places; 2], LayoutErrorKind> {
    let shared = shared_folders(names);
    let parts = names.iter().map(|name| {
        let parts: Vec<&str> = name.split('/').skip(shared).collect();
        (parts, name)
    });
    let parts: Vec<_> = parts.collect();
    if parts.is_empty() {
        return Err(LayoutErrorKind::Empty);
    }
    let [train, test] = match halves {
        Halves::Folders(folders) => {
            let half = |folder: &String| {
                let within = parts
                    .iter()
                    .enumerate()
                    .filter(|(_, (parts, _))| parts[0] == folder);
                let found = by_class(within.map(|(i, (parts, name))| (i, &parts[1..], *name)))?;
                if found.is_empty() {
                    let tops = parts.iter().filter(|(parts, _)| parts.len() > 1);
                    return Err(LayoutErrorKind::NoHalf {
                        folder: folder.clone(),
                        found: listed(tops.map(|(parts, _)| parts[0])),
                    });
                }
                Ok(found)
            };
            [half(&folders[0])?, half(&folders[1])?]
        }
        Halves::Drawn(share, seed) => {
            let all = parts.iter().enumerate();
            draw(
                by_class(all.map(|(i, (parts, name))| (i, &parts[..], *name)))?,
                *share,
                *seed,
            )
        }
    };
    if train.len() != classes as usize {
        return Err(LayoutErrorKind::Classes {
            expected: classes,
            found: train.len(),
            names: listed(train.keys().map(|class| class.1)),
        });
    }
    for (these, others, half) in [(&train, &test, "test"), (&test, &train, "training")] {
        let lacking = these
            .keys()
            .find(|class| others.get(class).is_none_or(Vec::is_empty));
        if let Some(class) = lacking {
            return Err(LayoutErrorKind::HalfEmpty {
                class: class.1.to_owned(),
                half,
            });
        }
    }
    Ok([take_turns(train), take_turns(test)])
}

/// The number of folders that all names start with.
fn shared_folders(names: &[String]) -> usize {
    let Some(first) = names.first() else { return 0 };
    let folders = |name: &str| name.matches('/').count();
    let most = names.iter().map(|name| folders(name)).min().unwrap_or(0);
    let alike = |depth: &usize| {
        let part = first.split('/').nth(*depth);
        names.iter().all(|name| name.split('/').nth(*depth) == part)
    };
    (0..most).take_while(alike).count()
}

fn by_class<'a>(
    pictures: impl Iterator<Item = (usize, &'a [&'a str], &'a String)>,
) -> Result<Classes<'a>, LayoutErrorKind> {
    let mut classes = Classes::new();
    for (i, parts, name) in pictures {
        let [class, _, ..] = parts else {
            return Err(LayoutErrorKind::NoClass { name: name.clone() });
        };
        let within = classes.entry(Natural::of(class)).or_default();
        within.push((Natural::of(name), i));
    }
    classes.values_mut().for_each(|within| within.sort());
    Ok(classes)
}

/// Draws a share of each class as test pictures, at least one. The draw of a class depends only on its own name and pictures.
fn draw(mut train: Classes<'_>, share: f64, seed: u64) -> [Classes<'_>; 2] {
    let seed = Seed(seed).derive("image-folder");
    let mut test = Classes::new();
    for (class, within) in &mut train {
        let count = (within.len() as f64 * share).round().max(1.0) as usize;
        within.shuffle(&mut seed.derive(class.1).random());
        let mut drawn = within.split_off(within.len() - count.min(within.len()));
        drawn.sort();
        within.sort();
        test.insert(*class, drawn);
    }
    [train, test]
}

/// Alternates between the classes until all pictures are used.
fn take_turns(classes: Classes<'_>) -> Places {
    let most = classes.values().map(Vec::len).max().unwrap_or(0);
    (0..most)
        .flat_map(|turn| {
            let classes = (0..).zip(classes.values());
            classes.filter_map(move |(label, within)| Some((label, within.get(turn)?.1)))
        })
        .collect()
}

/// Some of the names, for messages.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    names.sort_unstable();
    names.dedup();
    match names.len() {
        0 => "none".into(),
        1..=6 => names.join(", "),
        n => format!("{} and {} more", names[..5].join(", "), n - 5),
    }
}

/// A name in natural order: names that start with a number first, by that number; then by their letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Natural<'a>(u64, &'a str);

impl<'a> Natural<'a> {
    fn of(name: &'a str) -> Self {
        let own = name.rsplit('/').next().unwrap_or(name);
        let digits = own.len() - own.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        Self(own[..digits].parse().unwrap_or(u64::MAX), name)
    }
}

#[cfg(test)]
mod tests;
