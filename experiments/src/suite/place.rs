//! A table of a suite with its display name, and errors about it.

use super::at::At;
use super::error::{SuiteError, meant};
use super::tree::{Branch, Kind, Node};
use dentate_core::record::sentence;
use dentate_core::{ConfigError, Unsuited};
use dentate_streams::StreamError;
use serde::de::DeserializeOwned;
use toml::Value;

/// A table and its display name.
#[derive(Clone, Debug)]
pub(super) struct Place<'a> {
    pub(super) name: String,
    pub(super) table: &'a Branch,
}

impl<'a> Place<'a> {
    pub(super) fn new(name: impl Into<String>, table: &'a Branch) -> Self {
        Self {
            name: name.into(),
            table,
        }
    }

    pub(super) fn range(&self, key: &str, value: &Node, range: impl Into<String>) -> SuiteError {
        SuiteError::Range {
            at: value.at.clone(),
            place: self.name.clone(),
            key: key.into(),
            value: value.quoted(),
            range: range.into(),
        }
    }

    /// The error for a setting that its own type has refused, by its dotted path.
    pub(super) fn out_of_range(&self, error: &ConfigError) -> SuiteError {
        SuiteError::Range {
            at: self.table.find(&error.key),
            place: self.name.clone(),
            key: error.key.clone(),
            value: error.value.chars().take(60).collect(),
            range: error.range.clone(),
        }
    }

    /// The error for a setting that is incompatible with a stream.
    pub(super) fn unsuited(&self, error: Unsuited, elsewhere: String) -> SuiteError {
        SuiteError::Unsuited {
            at: self.table.find(&error.key),
            place: self.name.clone(),
            error,
            elsewhere,
        }
    }

    /// The error for a stream that its own type has refused.
    pub(super) fn unfit(&self, error: &StreamError) -> SuiteError {
        match error {
            StreamError::Config(error) => self.out_of_range(error),
            other => {
                let at = other.key().map(|key| self.table.find(key));
                self.refused(at.as_ref().unwrap_or(&self.table.at), other.to_string())
            }
        }
    }

    pub(super) fn refused(&self, at: &At, message: impl Into<String>) -> SuiteError {
        SuiteError::Refused {
            at: at.clone(),
            place: self.name.clone(),
            message: message.into(),
        }
    }

    pub(super) fn missing(&self, key: &str) -> SuiteError {
        SuiteError::Missing {
            at: self.table.at.clone(),
            place: self.name.clone(),
            key: key.into(),
        }
    }

    pub(super) fn unknown_value<'k>(
        &self,
        at: &At,
        key: &str,
        value: &str,
        known: impl Iterator<Item = &'k str> + Clone,
    ) -> SuiteError {
        SuiteError::Value {
            at: at.clone(),
            place: self.name.clone(),
            key: key.into(),
            value: value.chars().take(60).collect::<String>().replace('\n', " "),
            suggestion: meant(value, known.clone()),
            known: known.collect::<Vec<_>>().join(", "),
        }
    }

    /// Refuse unknown keys.
    pub(super) fn keys<'k>(&self, known: impl Iterator<Item = &'k str> + Clone) -> Result<(), SuiteError> {
        for (key, (at, _)) in &self.table.entries {
            if !known.clone().any(|k| k == key) {
                return Err(SuiteError::Key {
                    at: at.clone(),
                    place: self.name.clone(),
                    key: key.chars().take(60).collect::<String>().replace('\n', " "),
                    suggestion: meant(key, known.clone()),
                    known: match known.clone().count() {
                        0 => "none".into(),
                        _ => known.collect::<Vec<_>>().join(", "),
                    },
                });
            }
        }
        Ok(())
    }

    /// Deserialise the table into its type, for errors that the schema does not catch.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, SuiteError> {
        T::deserialize(self.table.plain()).map_err(|e| self.refused(&self.table.at, sentence(e.message())))
    }

    pub(super) fn string(&self, key: &str) -> Result<Option<String>, SuiteError> {
        match self.table.get(key) {
            None => Ok(None),
            Some(node) => match &node.kind {
                Kind::Leaf(Value::String(s)) => Ok(Some(s.trim().to_string())),
                _ => Err(self.range(key, node, "text in quotes")),
            },
        }
    }

    pub(super) fn branch(&self, key: &str) -> Result<Option<&'a Branch>, SuiteError> {
        match self.table.get(key) {
            None => Ok(None),
            Some(Node {
                kind: Kind::Table(table),
                ..
            }) => Ok(Some(table)),
            Some(other) => Err(self.range(key, other, "a table")),
        }
    }

    /// The tables of a required, non-empty list.
    pub(super) fn branches(&self, key: &str) -> Result<Vec<&'a Branch>, SuiteError> {
        let Some(node) = self.table.get(key) else {
            return Err(self.missing(&format!("[[{key}]]")));
        };
        let Kind::List(items) = &node.kind else {
            return Err(self.range(key, node, "a list of tables, written [[…]]"));
        };
        if items.is_empty() {
            return Err(self.missing(&format!("[[{key}]]")));
        }
        let table = |item: &'a Node| match &item.kind {
            Kind::Table(table) => Ok(table),
            _ => Err(self.range(key, item, "a table, written [[…]]")),
        };
        items.iter().map(table).collect()
    }

    /// A list of names from `known`.
    pub(super) fn names(&self, key: &str, known: &[&str]) -> Result<Option<Vec<String>>, SuiteError> {
        let Some(node) = self.table.get(key) else {
            return Ok(None);
        };
        let Kind::List(items) = &node.kind else {
            return Err(self.range(key, node, "a list of names"));
        };
        let mut found = Vec::new();
        for item in items {
            match &item.kind {
                Kind::Leaf(Value::String(name)) if known.contains(&name.as_str()) => found.push(name.clone()),
                Kind::Leaf(Value::String(name)) => {
                    return Err(self.unknown_value(&item.at, key, name, known.iter().copied()));
                }
                _ => return Err(self.range(key, item, "a name in quotes")),
            }
        }
        if found.is_empty() {
            return Err(self.range(key, node, "a list of at least one name"));
        }
        Ok(Some(found))
    }

    /// The name of a stream or method, which has to be unique and fit for a file name and a column header.
    pub(super) fn own_name<'t>(
        &self,
        mut taken: impl Iterator<Item = &'t str>,
    ) -> Result<String, SuiteError> {
        let (Some(name), Some(node)) = (self.string("name")?, self.table.get("name")) else {
            return Err(self.missing("name"));
        };
        let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || name.len() > 60 || !name.chars().all(fine) {
            return Err(self.range("name", node, "1 to 60 lower-case letters, digits and dashes"));
        }
        if taken.any(|t| t == name) {
            return Err(self.refused(&node.at, format!("the name `{name}` stands twice")));
        }
        Ok(name)
    }
}
