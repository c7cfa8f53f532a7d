//! Links within an archive, resolved as an operating system would.

use super::{TreeErrorKind, hidden};
use std::collections::BTreeMap;

/// The maximum number of files.
pub(super) const MOST: usize = 1 << 24;
/// The maximum number of links followed for one name, as on most systems.
const DEEPEST: usize = 40;

/// The entry of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    File,
    Folder,
    /// A symbolic link to this path, relative to its folder.
    Symbolic(String),
    /// Another name for this file, relative to the root.
    Hard(String),
}

/// All entries of an archive by name.
#[derive(Debug, Default)]
pub(super) struct Nodes(BTreeMap<String, Node>);

/// The target of a link.
enum End {
    File(String),
    Folder(String),
}

impl Nodes {
    /// Adds an entry. Only folders may exist already.
    pub(super) fn insert(&mut self, name: &str, node: Node) -> Result<(), TreeErrorKind> {
        let folder = node == Node::Folder;
        match self.0.insert(name.to_owned(), node) {
            None => Ok(()),
            Some(Node::Folder) if folder => Ok(()),
            Some(_) => Err(TreeErrorKind::Twice { name: name.into() }),
        }
    }

    /// For each file, the names that it has through links and that `wanted` accepts.
    pub(super) fn linked(
        &self,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<BTreeMap<String, Vec<String>>, TreeErrorKind> {
        // No entry can be inside a file or inside a link.
        for name in self.0.keys() {
            let above = name.match_indices('/').map(|(at, _)| &name[..at]);
            for above in above {
                if self.0.get(above).is_some_and(|node| *node != Node::Folder) {
                    return Err(TreeErrorKind::Twice { name: above.into() });
                }
            }
        }
        let mut found = BTreeMap::<String, Vec<String>>::new();
        let mut left = MOST;
        // Folders: the real path of each, its visible name, and the folders of the links followed so far.
        let mut folders = vec![(String::new(), String::new(), Vec::<String>::new())];
        while let Some((place, seen, passed)) = folders.pop() {
            for (path, node) in self.within(&place) {
                left = left.checked_sub(1).ok_or(TreeErrorKind::Links { most: MOST })?;
                let rest = path[place.len()..].trim_start_matches('/');
                if rest.split('/').any(hidden) {
                    continue;
                }
                let name = [&seen[..], rest].concat();
                let end = match node {
                    Node::Folder => continue,
                    // Listed already under its own name.
                    Node::File if name == *path => continue,
                    Node::File => End::File(path.clone()),
                    Node::Symbolic(target) | Node::Hard(target) => {
                        self.follow(path, &mut 0).ok_or_else(|| TreeErrorKind::Nowhere {
                            name: name.clone(),
                            target: target.clone(),
                        })?
                    }
                };
                match end {
                    End::File(file) if wanted(&name) => found.entry(file).or_default().push(name),
                    End::File(_) => {}
                    End::Folder(folder) => {
                        let mut passed = passed.clone();
                        passed.push(above(path).to_owned());
                        if passed.iter().any(|within| lies(within, &folder)) {
                            return Err(TreeErrorKind::Circle { name });
                        }
                        folders.push((folder, format!("{name}/"), passed));
                    }
                }
            }
        }
        Ok(found)
    }

    /// All entries in a folder and its subfolders.
    fn within(&self, folder: &str) -> impl Iterator<Item = (&String, &Node)> {
        let prefix = if folder.is_empty() {
            String::new()
        } else {
            format!("{folder}/")
        };
        let all = self.0.range(prefix.clone()..);
        all.take_while(move |(name, _)| name.starts_with(&prefix))
    }

    /// The target of the link `path`; `None` if it does not exist, or after too many links.
    fn follow(&self, path: &str, followed: &mut usize) -> Option<End> {
        let (base, target) = match self.0.get(path)? {
            Node::File => return Some(End::File(path.into())),
            Node::Folder => return Some(End::Folder(path.into())),
            Node::Symbolic(target) if target.starts_with('/') => return None,
            Node::Symbolic(target) => (above(path), target),
            Node::Hard(target) => ("", target),
        };
        *followed += 1;
        if *followed > DEEPEST {
            return None;
        }
        let mut at = End::Folder(base.into());
        for part in target.split('/').filter(|part| !matches!(*part, "" | ".")) {
            let End::Folder(folder) = at else { return None };
            at = if part == ".." {
                if folder.is_empty() {
                    return None;
                }
                End::Folder(above(&folder).into())
            } else {
                let next = if folder.is_empty() {
                    part.to_owned()
                } else {
                    format!("{folder}/{part}")
                };
                if self.0.contains_key(&next) {
                    self.follow(&next, followed)?
                } else if self.within(&next).next().is_some() {
                    End::Folder(next)
                } else {
                    return None;
                }
            };
        }
        Some(at)
    }
}

/// The parent folder.
fn above(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(above, _)| above)
}

/// Returns whether a folder is another or is inside it.
fn lies(folder: &str, within: &str) -> bool {
    let rest = folder.strip_prefix(within);
    within.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
