//! Checks a table against the JSON schema of its type, with the position of every mistake. The schema is generated from the
//! type itself (schemars), so that a plugin's keys are known without any code in this crate.
//!
//! A property with `x-registry` is a table that names a registered item, whose schema is then looked up.

use super::error::SuiteError;
use super::place::Place;
use super::tree::{Branch, Kind, Node};
use dentate_core::config::Bounds;
use dentate_core::registry::{self, Kind as Registered};
use serde_json::{Map, Value as Json};
use toml::Value;

/// Check a table whose `tag` names a registered item. `more` are additional keys that the suite itself reads there.
pub(super) fn tagged(
    place: &Place<'_>,
    tag: &str,
    kind: Registered,
    more: &[&str],
) -> Result<(), SuiteError> {
    let Some(node) = place.table.get(tag) else {
        return Err(place.missing(tag));
    };
    let Kind::Leaf(Value::String(name)) = &node.kind else {
        return Err(place.range(tag, node, "a name in quotes"));
    };
    let Some(entry) = registry::find(kind, name) else {
        let names = registry::entries();
        let names = names.iter().filter(|e| e.kind == kind).map(|e| e.name);
        return Err(place.unknown_value(&node.at, tag, name, names));
    };
    let schema = Json::from((entry.schema)());
    let rest = place.table.without(&[&[tag], more].concat());
    let rest = Place {
        name: place.name.clone(),
        table: &rest,
    };
    let check = Check { root: &schema };
    check.object(&rest, &schema, &[&[tag], more].concat())
}

/// The keys of a registered item; empty if there is no such item.
pub(super) fn keys(kind: Registered, name: &str) -> Vec<String> {
    let schema = registry::find(kind, name).map(|entry| Json::from((entry.schema)()));
    let properties = schema
        .as_ref()
        .and_then(|s| s.get("properties"))
        .and_then(Json::as_object);
    properties.into_iter().flat_map(|p| p.keys().cloned()).collect()
}

/// Check a table against the schema of a type that is not registered.
pub(super) fn typed(place: &Place<'_>, schema: schemars::Schema) -> Result<(), SuiteError> {
    let schema = Json::from(schema);
    Check { root: &schema }.object(place, &schema, &[])
}

/// A schema with its definitions.
struct Check<'s> {
    root: &'s Json,
}

impl<'s> Check<'s> {
    /// Follow a reference into the definitions.
    fn resolve(&self, schema: &'s Json) -> &'s Json {
        let target = schema.get("$ref").and_then(Json::as_str);
        let target = target
            .and_then(|r| r.strip_prefix("#/"))
            .and_then(|path| path.split('/').try_fold(self.root, |at, key| at.get(key)));
        target.unwrap_or(schema)
    }

    /// Check a table against an object schema. `also` are additional valid keys.
    fn object(&self, place: &Place<'_>, schema: &'s Json, also: &[&str]) -> Result<(), SuiteError> {
        let empty = Map::new();
        let properties = schema
            .get("properties")
            .and_then(Json::as_object)
            .unwrap_or(&empty);
        if schema.get("additionalProperties") == Some(&Json::Bool(false)) {
            place.keys(also.iter().copied().chain(properties.keys().map(String::as_str)))?;
        }
        let required = schema.get("required").and_then(Json::as_array);
        for key in required.into_iter().flatten().filter_map(Json::as_str) {
            if place.table.get(key).is_none() {
                return Err(place.missing(key));
            }
        }
        for (key, (_, node)) in &place.table.entries {
            if let Some(schema) = properties.get(key) {
                self.value(place, key, node, schema)?;
            }
        }
        Ok(())
    }

    fn value(&self, place: &Place<'_>, key: &str, node: &Node, schema: &'s Json) -> Result<(), SuiteError> {
        let schema = self.resolve(schema);
        if let Some(kind) = schema.get("x-registry").and_then(Json::as_str) {
            let tag = schema
                .pointer("/required/0")
                .and_then(Json::as_str)
                .unwrap_or("name");
            let kind = Registered::ALL.into_iter().find(|k| k.to_string() == kind);
            let (Some(kind), Kind::Table(table)) = (kind, &node.kind) else {
                return Err(place.range(key, node, format!("a table with a `{tag}`")));
            };
            return tagged(&inside(place, key, table), tag, kind, &[]);
        }
        for word in ["oneOf", "anyOf"] {
            if let Some(branches) = schema.get(word).and_then(Json::as_array) {
                let mut forms = Vec::new();
                self.forms(branches, &mut forms);
                return self.one_of(place, key, node, &forms);
            }
        }
        let types = types(schema);
        match &node.kind {
            Kind::Table(table) if types.contains(&"object") => {
                self.object(&inside(place, key, table), schema, &[])
            }
            Kind::List(items) if types.contains(&"array") => {
                let Some(each) = schema.get("items") else {
                    return Ok(());
                };
                items
                    .iter()
                    .try_for_each(|item| self.value(place, key, item, each))
            }
            Kind::Leaf(Value::String(text)) if types.contains(&"string") => {
                let words = words(schema);
                if words.is_empty() || words.contains(&text.as_str()) {
                    Ok(())
                } else {
                    Err(place.unknown_value(&node.at, key, text, words.into_iter()))
                }
            }
            Kind::Leaf(Value::Boolean(_)) if types.contains(&"boolean") => Ok(()),
            Kind::Leaf(Value::Float(number)) if types.contains(&"number") => {
                within(place, key, node, schema, *number)
            }
            Kind::Leaf(Value::Integer(number)) if types.contains(&"number") => {
                within(place, key, node, schema, *number as f64)
            }
            Kind::Leaf(Value::Integer(n)) if types.contains(&"integer") => match bounds(schema) {
                (least, most) if (least..=most).contains(&i128::from(*n)) => Ok(()),
                (least, most) if most >= i128::from(i64::MAX) => {
                    Err(place.range(key, node, format!("a whole number, at least {least}")))
                }
                (least, most) => {
                    Err(place.range(key, node, format!("a whole number from {least} to {most}")))
                }
            },
            _ => Err(place.range(key, node, wanted(&types))),
        }
    }

    /// Flattens the alternative forms of a value, including nested alternatives such as an optional word.
    fn forms(&self, branches: &'s [Json], forms: &mut Vec<&'s Json>) {
        for branch in branches.iter().map(|branch| self.resolve(branch)) {
            let nested = ["oneOf", "anyOf"].iter().find_map(|word| branch.get(word));
            match nested.and_then(Json::as_array) {
                Some(nested) => self.forms(nested, forms),
                None => forms.push(branch),
            }
        }
    }

    /// Check a value that may have one of several forms.
    fn one_of(
        &self,
        place: &Place<'_>,
        key: &str,
        node: &Node,
        forms: &[&'s Json],
    ) -> Result<(), SuiteError> {
        let words: Vec<&str> = forms.iter().flat_map(|form| words(form)).collect();
        let objects: Vec<&Json> = forms
            .iter()
            .copied()
            .filter(|f| types(f).contains(&"object"))
            .collect();
        match &node.kind {
            Kind::Leaf(Value::String(text)) if !words.is_empty() => {
                if words.contains(&text.as_str()) {
                    Ok(())
                } else {
                    Err(place.unknown_value(&node.at, key, text, words.into_iter()))
                }
            }
            Kind::Table(table) if !objects.is_empty() => {
                self.one_object(&inside(place, key, table), &objects)
            }
            _ => {
                let like = |form: &&&Json| fits(node, &types(form));
                match forms.iter().find(like) {
                    Some(form) => self.value(place, key, node, form),
                    None => {
                        let mut types: Vec<&str> = forms.iter().flat_map(|f| types(f)).collect();
                        types.dedup();
                        Err(place.range(key, node, wanted(&types)))
                    }
                }
            }
        }
    }

    /// Check a table that may be one of several: distinguished by a tag, or by the one key that each has.
    fn one_object(&self, place: &Place<'_>, forms: &[&'s Json]) -> Result<(), SuiteError> {
        if let [one] = forms {
            return self.object(place, one, &[]);
        }
        let constant = |form: &'s Json, key: &str| {
            let property = form.get("properties").and_then(|p| p.get(key));
            property.and_then(|p| p.get("const")).and_then(Json::as_str)
        };
        let properties = forms[0].get("properties").and_then(Json::as_object);
        let tag = properties.and_then(|p| {
            p.keys()
                .find(|key| forms.iter().all(|f| constant(f, key).is_some()))
        });
        if let Some(tag) = tag {
            let Some(node) = place.table.get(tag) else {
                return Err(place.missing(tag));
            };
            let Kind::Leaf(Value::String(name)) = &node.kind else {
                return Err(place.range(tag, node, "a name in quotes"));
            };
            return match forms.iter().find(|f| constant(f, tag) == Some(name)) {
                Some(form) => self.object(place, form, &[]),
                None => {
                    let names: Vec<&str> = forms.iter().filter_map(|f| constant(f, tag)).collect();
                    Err(place.unknown_value(&node.at, tag, name, names.into_iter()))
                }
            };
        }
        let own = |form: &'s Json| form.pointer("/required/0").and_then(Json::as_str);
        let keys: Vec<&str> = forms.iter().filter_map(|form| own(form)).collect();
        place.keys(keys.iter().copied())?;
        match place.table.entries.keys().collect::<Vec<_>>()[..] {
            [key] => match forms.iter().find(|form| own(form) == Some(key)) {
                Some(form) => self.object(place, form, &[]),
                None => Ok(()),
            },
            _ => {
                let message = format!("exactly one of {} belongs here", keys.join(", "));
                Err(place.refused(&place.table.at, message))
            }
        }
    }
}

/// Check that a number is within the bounds of its schema.
fn within(place: &Place<'_>, key: &str, node: &Node, schema: &Json, number: f64) -> Result<(), SuiteError> {
    let bounds = Bounds::of(schema);
    if bounds.contain(number) {
        return Ok(());
    }
    let words = bounds.words(false).unwrap_or_default();
    Err(place.range(key, node, words))
}

fn inside<'t>(place: &Place<'_>, key: &str, table: &'t Branch) -> Place<'t> {
    Place::new(format!("{}, {key}", place.name), table)
}

/// The JSON types that a schema allows; TOML expresses `null` by an absent key.
fn types(schema: &Json) -> Vec<&str> {
    let types = match schema.get("type") {
        Some(Json::String(one)) => vec![one.as_str()],
        Some(Json::Array(several)) => several.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    };
    types.into_iter().filter(|t| *t != "null").collect()
}

/// The strings that a schema allows; empty for any.
fn words(schema: &Json) -> Vec<&str> {
    let several = schema.get("enum").and_then(Json::as_array);
    let one = schema.get("const").and_then(Json::as_str);
    several
        .into_iter()
        .flatten()
        .filter_map(Json::as_str)
        .chain(one)
        .collect()
}

fn fits(node: &Node, types: &[&str]) -> bool {
    let found: &[&str] = match &node.kind {
        Kind::Table(_) => &["object"],
        Kind::List(_) => &["array"],
        Kind::Leaf(Value::String(_)) => &["string"],
        Kind::Leaf(Value::Boolean(_)) => &["boolean"],
        Kind::Leaf(Value::Integer(_)) => &["integer", "number"],
        Kind::Leaf(Value::Float(_)) => &["number"],
        Kind::Leaf(_) => &[],
    };
    found.iter().any(|f| types.contains(f))
}

/// The range of integers that a schema allows.
fn bounds(schema: &Json) -> (i128, i128) {
    let of = |key: &str| schema.get(key).and_then(Json::as_i64).map(i128::from);
    let most = match schema.get("format").and_then(Json::as_str) {
        Some("uint8") => i128::from(u8::MAX),
        Some("uint16") => i128::from(u16::MAX),
        Some("uint32") => i128::from(u32::MAX),
        Some("int32") => i128::from(i32::MAX),
        _ => i128::from(i64::MAX),
    };
    (
        of("minimum").unwrap_or(i128::from(i64::MIN)),
        of("maximum").unwrap_or(most).min(most),
    )
}

/// A description of the valid types.
fn wanted(types: &[&str]) -> String {
    let word = |t: &&str| match *t {
        "object" => "a table",
        "array" => "a list",
        "string" => "text in quotes",
        "boolean" => "true or false",
        "integer" => "a whole number",
        "number" => "a number",
        _ => "something else",
    };
    types.iter().map(word).collect::<Vec<_>>().join(" or ")
}
