//! The alternative forms of a setting's value, from its schema.

use serde_json::Value as Json;
use std::fmt::Write;

/// The forms of a schema, with nested alternatives flattened; a schema without alternatives is its only form. `null` is
/// left out, since TOML expresses it by an absent key.
pub(crate) fn of<'s>(root: &'s Json, schema: &'s Json) -> Vec<&'s Json> {
    let schema = super::resolve(root, schema);
    let choice = ["oneOf", "anyOf"].iter().find_map(|word| schema.get(word));
    match choice.and_then(Json::as_array) {
        Some(forms) => forms.iter().flat_map(|form| of(root, form)).collect(),
        None if schema.get("type").and_then(Json::as_str) == Some("null") => Vec::new(),
        None => vec![schema],
    }
}

/// Names of the settings within the forms of a schema.
pub(crate) fn keys<'s>(root: &'s Json, schema: &'s Json) -> Vec<&'s str> {
    let inside = |form: &'s Json| form.get("properties").and_then(Json::as_object);
    let properties = of(root, schema).into_iter().filter_map(inside).flatten();
    properties
        .filter(|(_, property)| property.get("const").is_none())
        .map(|(key, _)| key.as_str())
        .collect()
}

/// The tag that distinguishes the forms of a table, with its values, if there is one.
pub(crate) fn tag<'s>(forms: &[&'s Json]) -> Option<(&'s str, Vec<&'s str>)> {
    let word = |form: &'s Json| {
        let properties = form.get("properties").and_then(Json::as_object)?;
        properties
            .iter()
            .find_map(|(key, property)| Some((key.as_str(), property.get("const")?.as_str()?)))
    };
    let words: Vec<(&str, &str)> = forms.iter().map(|form| word(form)).collect::<Option<_>>()?;
    let (tag, _) = *words.first()?;
    Some((tag, words.into_iter().map(|(_, word)| word).collect()))
}

/// A description of the forms, if there are several or a table has settings of its own; otherwise empty.
pub(crate) fn described(root: &Json, schema: &Json) -> String {
    let schema = super::resolve(root, schema);
    if let Some(items) = schema.get("items") {
        let text = described(root, items);
        return if text.is_empty() {
            text
        } else {
            format!("Each of the list\n\n{text}")
        };
    }
    if let Some(kind) = schema.get("x-registry").and_then(Json::as_str) {
        let names = schema.pointer("/required/0").and_then(Json::as_str);
        let names = names.and_then(|tag| schema.pointer(&format!("/properties/{tag}/enum")));
        let names = names.and_then(Json::as_array).into_iter().flatten();
        let names: Vec<&str> = names.filter_map(Json::as_str).collect();
        return format!("One of the {kind} entries: {}\n", names.join(", "));
    }
    let forms = of(root, schema);
    let mut out = String::new();
    for form in &forms {
        let about = form.get("description").and_then(Json::as_str).unwrap_or_default();
        let about = about.replace('\n', " ");
        for word in super::words(root, form) {
            let _ = writeln!(out, "  {:24} {about}", format!("\"{word}\""));
        }
        let Some(properties) = form.get("properties").and_then(Json::as_object) else {
            continue;
        };
        match tag(&[form]) {
            Some((tag, words)) => {
                let _ = writeln!(out, "\n{tag} = \"{}\": {about}\n", words.concat());
                out.push_str(&super::aligned(&super::rows(root, form, "")));
            }
            // One key, which says which form it is.
            None if forms.len() > 1 => {
                for (key, property) in properties {
                    let kind = super::ranged(root, property);
                    let _ = writeln!(out, "  {:24} {kind}. {about}", format!("{{ {key} = … }}"));
                }
            }
            None => out.push_str(&super::aligned(&super::rows(root, form, ""))),
        }
    }
    out.trim_start_matches('\n').to_owned()
}
