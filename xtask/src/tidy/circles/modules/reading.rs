//! Reading the modules of a crate, from its root down.

use super::super::tokens::{Token, tokens};
use super::{Module, Modules, Written};
use std::collections::BTreeMap;

const ITEMS: [&str; 8] = [
    "struct", "enum", "union", "trait", "fn", "type", "const", "static",
];

impl<'a> Modules<'a> {
    /// The modules below `root` whose files are among `files`, given as code by path.
    pub(in super::super) fn of_crate(files: &BTreeMap<&'a str, &'a str>, root: &'a str) -> Self {
        let folder = root.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut modules = Self::default();
        let mut open = vec![(root, folder.to_owned(), None)];
        while let Some((path, folder, parent)) = open.pop() {
            let Some(code) = files.get(path).copied() else {
                continue;
            };
            modules.files.push(path);
            let file = modules.files.len() - 1;
            let top = modules.add(file, parent);
            for (module, name, folder) in modules.read(top, &tokens(code), folder) {
                let candidates = [format!("{folder}/{name}.rs"), format!("{folder}/{name}/mod.rs")];
                // A module whose file is not among the sources is a test.
                let found = candidates
                    .iter()
                    .find_map(|path| files.get_key_value(path.as_str()));
                if let Some((path, _)) = found {
                    open.push((path, format!("{folder}/{name}"), Some((module, name))));
                }
            }
        }
        modules
    }

    fn add(&mut self, file: usize, place: Option<(usize, &'a str)>) -> usize {
        let at = self.modules.len();
        self.modules.push(Module {
            file,
            parent: place.map(|(parent, _)| parent),
            ..Module::default()
        });
        if let Some((parent, name)) = place {
            self.modules[parent].children.insert(name, at);
        }
        at
    }

    /// Read a file into module `top` and its inline modules. Returns the modules that have files: parent, name, folder.
    fn read(&mut self, top: usize, tokens: &[Token<'a>], folder: String) -> Vec<(usize, &'a str, String)> {
        let text = |at: usize| tokens.get(at).map_or("", |token: &Token<'a>| token.text);
        let mut files = Vec::new();
        // Modules that are open, the depth of braces in each, and the folder of its children.
        let mut open = vec![(top, 0_usize, folder)];
        let mut depth = 0_usize;
        let mut at = 0;
        while let (Some(token), Some((module, inside, folder))) = (tokens.get(at), open.last()) {
            let (module, inside) = (*module, *inside);
            let next = text(at + 1);
            match token.text {
                "{" => depth += 1,
                "}" => {
                    depth = depth.saturating_sub(1);
                    if depth < inside {
                        open.pop();
                    }
                }
                "mod" if text(at + 2) == ";" => files.push((module, next, folder.clone())),
                "mod" if text(at + 2) == "{" => {
                    let file = self.modules[module].file;
                    let child = self.add(file, Some((module, next)));
                    let folder = format!("{folder}/{next}");
                    depth += 1;
                    open.push((child, depth, folder));
                    at += 2;
                }
                // `use<'a>` is about lifetimes.
                "use" if next != "<" => {
                    let mut tree = Tree { tokens, at: at + 1 };
                    tree.read(Vec::new(), &mut |import| self.modules[module].import(import));
                    at = tree.at;
                    continue;
                }
                "macro_rules" => {
                    let file = self.modules[module].file;
                    self.macros.insert(text(at + 2), file);
                    self.modules[module].items.insert(text(at + 2));
                }
                keyword if ITEMS.contains(&keyword) && depth == inside => {
                    self.modules[module].items.insert(next);
                }
                _ if token.is_name() && next == "::" && begins(&tokens[..at]) => {
                    let mut segments = vec![token.text];
                    while text(at + 1) == "::" && tokens.get(at + 2).is_some_and(Token::is_name) {
                        segments.push(text(at + 2));
                        at += 2;
                    }
                    self.modules[module].paths.push(Written {
                        segments,
                        line: token.line,
                        glob: false,
                    });
                }
                _ => {}
            }
            at += 1;
        }
        files
    }
}

/// Returns whether a path can begin after `before`, so that it is neither the rest of a path nor a method. A range may stand
/// there.
fn begins(before: &[Token<'_>]) -> bool {
    match before {
        [.., dot, last] if dot.text == "." && last.text == "." => true,
        [.., last] => !["::", "."].contains(&last.text),
        [] => true,
    }
}

/// A leaf of a `use`.
struct Import<'a> {
    segments: Vec<&'a str>,
    line: usize,
    /// Its local name; `None` for a glob.
    name: Option<&'a str>,
}

impl<'a> Module<'a> {
    fn import(&mut self, import: Import<'a>) {
        if let Some(name) = import.name {
            self.imports.insert(name, import.segments.clone());
        } else {
            self.globs.push(import.segments.clone());
        }
        self.paths.push(Written {
            segments: import.segments,
            line: import.line,
            glob: import.name.is_none(),
        });
    }
}

/// A `use`, read from its first segment up to its end.
struct Tree<'t, 'a> {
    tokens: &'t [Token<'a>],
    at: usize,
}

impl<'a> Tree<'_, 'a> {
    fn read(&mut self, mut path: Vec<&'a str>, found: &mut dyn FnMut(Import<'a>)) {
        let mut line = 0;
        let mut name = None;
        let mut leaf = false;
        while let Some(token) = self.tokens.get(self.at) {
            self.at += 1;
            match token.text {
                "::" => {}
                "{" => {
                    self.branches(&path, found);
                    return;
                }
                "*" => {
                    line = token.line;
                    leaf = true;
                    name = None;
                }
                "as" => {
                    name = self.tokens.get(self.at).map(|token| token.text);
                    self.at += 1;
                }
                text if token.is_name() => {
                    line = token.line;
                    leaf = true;
                    // `{self}` is the module before the brace.
                    if text != "self" || path.is_empty() {
                        path.push(text);
                    }
                    name = path.last().copied();
                }
                _ => {
                    self.at -= 1;
                    break;
                }
            }
        }
        if leaf {
            found(Import {
                segments: path,
                line,
                name,
            });
        }
    }

    /// The content of braces, up to the closing one.
    fn branches(&mut self, path: &[&'a str], found: &mut dyn FnMut(Import<'a>)) {
        while let Some(token) = self.tokens.get(self.at) {
            match token.text {
                "}" => {
                    self.at += 1;
                    return;
                }
                "," => self.at += 1,
                ";" => return,
                _ => {
                    let before = self.at;
                    self.read(path.to_vec(), found);
                    // A token that belongs to no `use`: continue after it.
                    self.at = self.at.max(before + 1);
                }
            }
        }
    }
}
