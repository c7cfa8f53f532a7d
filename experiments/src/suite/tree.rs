//! A TOML document in which every key and value has its position, also after tables were merged.

use super::at::{At, Text};
use super::error::SuiteError;
use dentate_core::record::sentence;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use toml::Spanned;
use toml::Value;
use toml::de::{DeTable, DeValue};

/// A table: each key with its position and value.
#[derive(Clone, Debug)]
pub(super) struct Branch {
    pub(super) at: At,
    pub(super) entries: BTreeMap<String, (At, Node)>,
}

/// A value.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) at: At,
    pub(super) kind: Kind,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    Table(Branch),
    List(Vec<Node>),
    Leaf(Value),
}

/// The likely intention behind a common mistake of form.
fn hint(text: &str, byte: usize, message: &str) -> Option<String> {
    let start = text.get(..byte)?.rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(start..)?.lines().next()?.trim();
    let table = ["stream", "method", "claim"].into_iter();
    let mut table = table.filter(|name| line == format!("[{name}]"));
    if message.contains("duplicate key") {
        let name = table.next()?;
        return Some(format!("each {name} begins with `[[{name}]]`, in two brackets"));
    }
    let plain = line.split_once('=').map(|(_, value)| value.trim());
    let word = plain.is_some_and(|value| value.starts_with(|c: char| c.is_alphabetic()));
    word.then(|| "text stands in quotes".to_owned())
}

impl Branch {
    /// Parse a document.
    pub(super) fn parse(file: &Path, text: &str) -> Result<Self, SuiteError> {
        let source = Arc::new(Text::new(file, text));
        let at = |byte: usize| At::new(&source, byte);
        match DeTable::parse(text) {
            Ok(table) => branch(table.span().start, table.into_inner(), &at),
            Err(error) => {
                let byte = error.span().map_or(0, |s| s.start);
                let message = sentence(error.message());
                Err(SuiteError::Syntax {
                    at: at(byte),
                    message: match hint(text, byte, &message) {
                        Some(hint) => format!("{message}; {hint}"),
                        None => message,
                    },
                })
            }
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.entries.get(key).map(|(_, node)| node)
    }

    /// These entries, replaced by those of `over` where both have one.
    pub(super) fn overlaid(&self, over: &Self) -> Self {
        let mut entries = self.entries.clone();
        entries.extend(over.entries.clone());
        Self {
            at: over.at.clone(),
            entries,
        }
    }

    /// These entries merged with those of `over`, recursively for tables.
    pub(super) fn merged(&self, over: &Self) -> Self {
        let mut all = self.clone();
        for (key, (at, node)) in &over.entries {
            let merged = match (self.get(key).map(|own| &own.kind), &node.kind) {
                (Some(Kind::Table(own)), Kind::Table(other)) => Node {
                    at: node.at.clone(),
                    kind: Kind::Table(own.merged(other)),
                },
                _ => node.clone(),
            };
            all.entries.insert(key.clone(), (at.clone(), merged));
        }
        all
    }

    /// Adds this word under `key`, unless the key exists.
    pub(super) fn or_word(mut self, key: &str, word: &str) -> Self {
        let at = self.at.clone();
        self.entries.entry(key.into()).or_insert_with(|| {
            let kind = Kind::Leaf(Value::String(word.into()));
            (at.clone(), Node { at, kind })
        });
        self
    }

    /// The table without these keys.
    pub(super) fn without(&self, keys: &[&str]) -> Self {
        let mut rest = self.clone();
        rest.entries.retain(|key, _| !keys.contains(&key.as_str()));
        rest
    }

    /// The table with these keys only.
    pub(super) fn keeping(&self, keys: &[String]) -> Self {
        let mut kept = self.clone();
        kept.entries.retain(|key, _| keys.contains(key));
        kept
    }

    /// An empty table at the same position.
    pub(super) fn emptied(&self) -> Self {
        Self {
            at: self.at.clone(),
            entries: BTreeMap::new(),
        }
    }

    /// The same without positions, for serde.
    pub(super) fn plain(&self) -> Value {
        let entries = self.entries.iter();
        Value::Table(
            entries
                .map(|(key, (_, node))| (key.clone(), node.plain()))
                .collect(),
        )
    }

    /// The position of the key of a dotted path, or of its longest existing prefix. A path whose first key is not in this
    /// table is searched in the tables inside it: a type names its own keys, whatever table contains it.
    pub(super) fn find(&self, path: &str) -> At {
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        let (first, place) = first.split_once('[').unwrap_or((first, ""));
        match self.entries.get(first) {
            Some((_, node)) => {
                let item = match &node.kind {
                    Kind::List(items) => place
                        .trim_end_matches(']')
                        .parse()
                        .ok()
                        .and_then(|i: usize| items.get(i)),
                    _ => None,
                };
                match item.unwrap_or(node) {
                    Node {
                        kind: Kind::Table(inner),
                        ..
                    } if !rest.is_empty() => inner.find(rest),
                    node => node.at.clone(),
                }
            }
            None => {
                let inner = self.entries.values().find_map(|(_, node)| match &node.kind {
                    Kind::Table(inner) if inner.holds(first) => Some(inner.find(path)),
                    _ => None,
                });
                inner.unwrap_or_else(|| self.at.clone())
            }
        }
    }

    fn holds(&self, key: &str) -> bool {
        self.entries.contains_key(key)
            || self.entries.values().any(|(_, node)| match &node.kind {
                Kind::Table(inner) => inner.holds(key),
                _ => false,
            })
    }
}

impl Node {
    pub(super) fn plain(&self) -> Value {
        match &self.kind {
            Kind::Table(branch) => branch.plain(),
            Kind::List(items) => Value::Array(items.iter().map(Self::plain).collect()),
            Kind::Leaf(value) => value.clone(),
        }
    }

    /// The value as quoted in a message; long ones are cut.
    pub(super) fn quoted(&self) -> String {
        const MOST: usize = 40;
        let text = match &self.kind {
            Kind::Table(_) => return "a table".into(),
            Kind::List(_) => return "a list".into(),
            Kind::Leaf(value) => value.to_string().replace('\n', " "),
        };
        match text.chars().count() {
            0..=MOST => text,
            _ => format!("{}…", text.chars().take(MOST).collect::<String>()),
        }
    }
}

fn branch(start: usize, table: DeTable<'_>, at: &dyn Fn(usize) -> At) -> Result<Branch, SuiteError> {
    let mut entries = BTreeMap::new();
    for (key, value) in table {
        let place = at(key.span().start);
        entries.insert(key.into_inner().into_owned(), (place, node(value, at)?));
    }
    Ok(Branch {
        at: at(start),
        entries,
    })
}

fn node(value: Spanned<DeValue<'_>>, at: &dyn Fn(usize) -> At) -> Result<Node, SuiteError> {
    let start = value.span().start;
    let kind = match value.into_inner() {
        DeValue::Table(table) => Kind::Table(branch(start, table, at)?),
        DeValue::Array(items) => {
            let items = items.into_iter().map(|item| node(item, at));
            Kind::List(items.collect::<Result<_, _>>()?)
        }
        DeValue::String(text) => Kind::Leaf(Value::String(text.into_owned())),
        DeValue::Boolean(yes) => Kind::Leaf(Value::Boolean(yes)),
        DeValue::Datetime(moment) => Kind::Leaf(Value::Datetime(moment)),
        DeValue::Integer(number) => {
            let whole = i64::from_str_radix(number.as_str(), number.radix());
            let whole = whole.map_err(|_| SuiteError::Syntax {
                at: at(start),
                message: format!("the whole number {} is too large", cut(number.as_str())),
            })?;
            Kind::Leaf(Value::Integer(whole))
        }
        DeValue::Float(number) => {
            let real = number.as_str().parse().map_err(|_| SuiteError::Syntax {
                at: at(start),
                message: format!("{} is not a number", cut(number.as_str())),
            })?;
            Kind::Leaf(Value::Float(real))
        }
    };
    Ok(Node { at: at(start), kind })
}

fn cut(text: &str) -> String {
    text.chars().take(40).collect()
}
