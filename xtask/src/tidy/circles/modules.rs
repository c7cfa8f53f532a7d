//! The modules of a crate, and the resolution of paths in them.

mod reading;

use std::collections::{BTreeMap, BTreeSet};

/// The largest number of imports that are followed from one to the next. More are a cycle of names, which the compiler refuses.
const LONGEST_CHAIN: usize = 16;

/// All modules of a crate, its root first.
#[derive(Debug, Default)]
pub(super) struct Modules<'a> {
    /// Paths of the files, from the repository's root.
    pub(super) files: Vec<&'a str>,
    modules: Vec<Module<'a>>,
    /// Macros by name, with their file: exported ones are named from the root, wherever they are defined.
    macros: BTreeMap<&'a str, usize>,
}

#[derive(Debug, Default)]
struct Module<'a> {
    file: usize,
    parent: Option<usize>,
    children: BTreeMap<&'a str, usize>,
    items: BTreeSet<&'a str>,
    /// Imported items, by their local names.
    imports: BTreeMap<&'a str, Vec<&'a str>>,
    globs: Vec<Vec<&'a str>>,
    /// All paths in this module, including those of imports.
    paths: Vec<Written<'a>>,
}

#[derive(Debug)]
struct Written<'a> {
    segments: Vec<&'a str>,
    line: usize,
    glob: bool,
}

/// The target of a path: a module, or an item in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Module(usize),
    File(usize),
}

impl<'a> Modules<'a> {
    /// The files that each file names, with the first line on which it does. Files of one line of descent are left out.
    pub(super) fn imports(&self) -> BTreeMap<(usize, usize), usize> {
        let mut imports = BTreeMap::new();
        for (at, module) in self.modules.iter().enumerate() {
            for written in &module.paths {
                let file = match self.resolve(at, &written.segments, LONGEST_CHAIN) {
                    Some(Place::File(file)) => file,
                    Some(Place::Module(named)) if written.glob => self.modules[named].file,
                    // A module alone does not count; an item in it does.
                    Some(Place::Module(_)) | None => continue,
                };
                if !self.are_kin(module.file, file) {
                    let line = imports.entry((module.file, file)).or_insert(written.line);
                    *line = written.line.min(*line);
                }
            }
        }
        imports
    }

    /// Returns whether one of two files contains an ancestor of the other's module, or both are the same.
    fn are_kin(&self, a: usize, b: usize) -> bool {
        let descends = |from: usize, ancestor: usize| {
            let top = self.modules.iter().position(|module| module.file == from);
            std::iter::successors(top, |at| self.modules[*at].parent)
                .any(|at| self.modules[at].file == ancestor)
        };
        descends(a, b) || descends(b, a)
    }

    /// The target of `path` as written in module `from`; `None` for targets outside of the crate.
    fn resolve(&self, from: usize, path: &[&str], chain: usize) -> Option<Place> {
        let (first, rest) = path.split_first()?;
        let mut place = match *first {
            "crate" => Place::Module(0),
            "self" => Place::Module(from),
            "super" => Place::Module(self.modules[from].parent?),
            name => self.find(from, name, !rest.is_empty(), chain)?,
        };
        for (at, segment) in rest.iter().enumerate() {
            let Place::Module(module) = place else { break };
            let goes_on = at + 1 < rest.len();
            place = match *segment {
                "super" => Place::Module(self.modules[module].parent?),
                // An item that is not found was made by a macro, and belongs to the file where it is named.
                name => self
                    .find(module, name, goes_on, chain)
                    .unwrap_or(Place::File(self.modules[module].file)),
            };
        }
        Some(place)
    }

    /// The target of `name` in module `at`. A module and another item may share a name: if the path continues, it is the
    /// module.
    fn find(&self, at: usize, name: &str, goes_on: bool, chain: usize) -> Option<Place> {
        let module = &self.modules[at];
        let child = module.children.get(name).map(|child| Place::Module(*child));
        let item = || {
            if module.items.contains(name) {
                return Some(Place::File(module.file));
            }
            let chain = chain.checked_sub(1)?;
            let import = module
                .imports
                .get(name)
                .and_then(|path| self.resolve(at, path, chain));
            let glob = || {
                module
                    .globs
                    .iter()
                    .find_map(|path| match self.resolve(at, path, chain)? {
                        Place::Module(named) if named != at => self.find(named, name, goes_on, chain),
                        _ => None,
                    })
            };
            let exported = || {
                let file = self.macros.get(name).filter(|_| at == 0)?;
                Some(Place::File(*file))
            };
            import.or_else(glob).or_else(exported)
        };
        if goes_on {
            child.or_else(item)
        } else {
            item().or(child)
        }
    }
}
