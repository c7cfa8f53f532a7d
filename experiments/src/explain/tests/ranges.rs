//! The bounds in a schema are those that hold: in every field of every registered configuration, however deep, a value out of
//! its range is refused by name and one in its range is not.

use dentate_continual::MechanismSpec;
use dentate_core::config::Bounds;
use dentate_core::registry::{self, Kind};
use dentate_core::{ConfigError, LearnerSpec, Random, Seed};
use dentate_growth::Growth;
use dentate_growth::parts::{InitializerSpec, ModulationSpec, PlacementSpec, SurvivalSpec, TriggerSpec};
use dentate_streams::{DataSpec, StreamError, StreamSpec};
use rand::Rng;
use serde_json::{Map, Value as Json, json};

#[test]
fn a_value_out_of_its_range_is_refused_by_name_and_one_in_it_is_not() {
    let (mut fields, mut refused) = (0, 0);
    for entry in registry::entries() {
        let schema = Json::from((entry.schema)());
        let walk = Walk { root: &schema };
        let mut places = Vec::new();
        walk.places(&schema, &walk.example(&schema), "", &mut places);
        for place in places {
            let bounds = Bounds::of(place.schema);
            let kind = NumberKind::of(place.schema);
            let demand = bounds.demand(kind != NumberKind::Whole);
            let mut random = Seed(0).derive(entry.name).derive(&place.pointer).random();
            fields += 1;
            for number in kind.inside(bounds, &mut random) {
                let Ok(Err(error)) = validated(entry.kind, entry.name, place.with(&number)) else {
                    continue;
                };
                // Another setting may not go with it, which is no matter of its range.
                let by_range = key(entry.kind, &error) == place.path() && error.range == demand;
                assert!(
                    !by_range,
                    "`{}` refuses {number}, which is in range: {error}",
                    entry.name
                );
            }
            for number in kind.outside(bounds) {
                // What the type cannot hold is not even read.
                let Ok(checked) = validated(entry.kind, entry.name, place.with(&number)) else {
                    continue;
                };
                let (name, path) = (entry.name, place.path());
                let error = checked.expect_err(&format!("`{name}` takes `{path}` = {number}"));
                // Of a few numbers, these are named and not their ends.
                let said = place.schema.get("enum").is_some() || error.range == demand;
                assert!(key(entry.kind, &error) == path && said, "{name}: {error}");
                refused += 1;
            }
        }
    }
    assert!(
        fields > 150 && refused > 200,
        "{fields} fields, {refused} refused"
    );
}

/// The key of an error. A buffer is read inside of a mechanism.
fn key(kind: Kind, error: &ConfigError) -> &str {
    let inside = error.key.strip_prefix("buffer.").filter(|_| kind == Kind::Buffer);
    inside.unwrap_or(&error.key)
}

/// Returns whether a configuration that was read passes its check.
fn validated(kind: Kind, name: &str, mut json: Json) -> serde_json::Result<Result<(), ConfigError>> {
    let mut of = |tag: &str| {
        json[tag] = name.into();
        json.take()
    };
    macro_rules! read {
        ($spec:ty, $tag:literal) => {
            Ok(serde_json::from_value::<Box<$spec>>(of($tag))?.validate())
        };
    }
    match kind {
        Kind::Strategy => read!(dyn Growth, "name"),
        Kind::Trigger => read!(dyn TriggerSpec, "name"),
        Kind::Placement => read!(dyn PlacementSpec, "name"),
        Kind::Initializer => read!(dyn InitializerSpec, "name"),
        Kind::Survival => read!(dyn SurvivalSpec, "name"),
        Kind::Modulation => read!(dyn ModulationSpec, "name"),
        Kind::Mechanism => read!(dyn MechanismSpec, "name"),
        Kind::Learner => read!(dyn LearnerSpec, "learner"),
        Kind::Stream => {
            let checked = serde_json::from_value::<Box<dyn StreamSpec>>(of("kind"))?.validate();
            // What is no matter of a range is nobody's here.
            Ok(match checked {
                Err(StreamError::Config(error)) => Err(error),
                _ => Ok(()),
            })
        }
        Kind::Data => read!(dyn DataSpec, "kind"),
        Kind::Buffer => {
            let replay = json!({ "name": "experience-replay", "buffer": of("name") });
            Ok(serde_json::from_value::<Box<dyn MechanismSpec>>(replay)?.validate())
        }
    }
}

/// A number in a configuration.
struct Place<'s> {
    configuration: Json,
    pointer: String,
    schema: &'s Json,
}

impl Place<'_> {
    fn with(&self, number: &Json) -> Json {
        let mut json = self.configuration.clone();
        *json.pointer_mut(&self.pointer).unwrap() = number.clone();
        json
    }

    /// As errors name it: `conv[0].kernel`.
    fn path(&self) -> String {
        let steps = self.pointer.split('/').skip(1);
        let step = |step: &str| match step.parse::<usize>() {
            Ok(i) => format!("[{i}]"),
            Err(_) => format!(".{step}"),
        };
        steps.map(step).collect::<String>().trim_start_matches('.').into()
    }
}

#[derive(Clone, Copy, PartialEq)]
enum NumberKind {
    Whole,
    Single,
    Double,
}

impl NumberKind {
    fn of(schema: &Json) -> Self {
        match schema.get("format").and_then(Json::as_str) {
            Some("float") => Self::Single,
            Some("double") => Self::Double,
            _ => Self::Whole,
        }
    }

    /// The next number, up or down, that the type can hold.
    fn beside(self, value: f64, up: bool) -> f64 {
        match (self, up) {
            (Self::Whole, true) => value + 1.0,
            (Self::Whole, false) => value - 1.0,
            (Self::Single, true) => (value as f32).next_up().into(),
            (Self::Single, false) => (value as f32).next_down().into(),
            (Self::Double, true) => value.next_up(),
            (Self::Double, false) => value.next_down(),
        }
    }

    fn json(self, value: f64) -> Json {
        match self {
            Self::Whole => json!(value as i64),
            _ => json!(value),
        }
    }

    fn inside(self, bounds: Bounds, random: &mut Random) -> Vec<Json> {
        let [least, most] = bounds.ends();
        let end =
            |end: Option<(f64, bool)>, up| end.map(|(v, open)| if open { self.beside(v, up) } else { v });
        let (least, most) = (end(least, true), end(most, false));
        let (from, to) = match (least, most) {
            (Some(from), Some(to)) => (from, to),
            (Some(from), None) => (from, from + 1000.0),
            (None, Some(to)) => (to - 1000.0, to),
            (None, None) => (-1000.0, 1000.0),
        };
        let drawn = (0..20).map(|_| from + (to - from) * random.random::<f64>());
        let fine = |v: &f64| bounds.contain(if self == Self::Whole { v.trunc() } else { *v });
        let drawn: Vec<f64> = drawn.filter(fine).collect();
        let all = drawn.into_iter().chain(least).chain(most);
        all.map(|v| self.json(v)).collect()
    }

    fn outside(self, bounds: Bounds) -> Vec<Json> {
        let [least, most] = bounds.ends();
        let beyond =
            |end: Option<(f64, bool)>, up| end.map(|(v, open)| if open { v } else { self.beside(v, up) });
        let far = least
            .map(|(v, _)| v - 1e6)
            .into_iter()
            .chain(most.map(|(v, _)| v + 1e6));
        // What overflows single precision is infinite there.
        let infinite = (self == Self::Single).then_some([1e39, -1e39]);
        let ends = beyond(least, false).into_iter().chain(beyond(most, true));
        let all = ends.chain(far).chain(infinite.into_iter().flatten());
        all.map(|v| self.json(v)).collect()
    }
}

struct Walk<'s> {
    root: &'s Json,
}

impl<'s> Walk<'s> {
    fn resolve(&self, schema: &'s Json) -> &'s Json {
        let target = schema.get("$ref").and_then(Json::as_str);
        let target = target.and_then(|r| r.strip_prefix('#'));
        target.map_or(schema, |at| self.root.pointer(at).unwrap())
    }

    /// The forms that a value may have, but for being left out.
    fn forms(&self, schema: &'s Json) -> Option<Vec<&'s Json>> {
        let forms = ["oneOf", "anyOf"].iter().find_map(|word| schema.get(word))?;
        let forms = forms.as_array().unwrap().iter().map(|form| self.resolve(form));
        Some(
            forms
                .filter(|form| form.get("type") != Some(&json!("null")))
                .collect(),
        )
    }

    /// Every number below `pointer`, in each form that what it stands in may have.
    fn places(&self, schema: &'s Json, whole: &Json, pointer: &str, all: &mut Vec<Place<'s>>) {
        let schema = self.resolve(schema);
        let with = |value: Json| {
            let mut whole = whole.clone();
            *whole.pointer_mut(pointer).unwrap() = value;
            whole
        };
        if schema.get("x-registry").is_some() {
            return;
        }
        if let Some(forms) = self.forms(schema) {
            for form in forms {
                self.places(form, &with(self.example(form)), pointer, all);
            }
            return;
        }
        if has_type(schema, "integer") || has_type(schema, "number") {
            all.push(Place {
                configuration: whole.clone(),
                pointer: pointer.into(),
                schema,
            });
        }
        for (key, property) in schema
            .get("properties")
            .and_then(Json::as_object)
            .into_iter()
            .flatten()
        {
            let mut table = whole.pointer(pointer).cloned().unwrap_or(Json::Null);
            if table.get(key).is_none_or(Json::is_null) {
                table[key] = self.example(property);
            }
            self.places(property, &with(table), &format!("{pointer}/{key}"), all);
        }
        if let Some(items) = schema.get("items") {
            self.places(
                items,
                &with(self.list(schema, items)),
                &format!("{pointer}/0"),
                all,
            );
        }
    }

    fn list(&self, schema: &'s Json, items: &'s Json) -> Json {
        let least = schema.get("minItems").and_then(Json::as_u64).unwrap_or(1);
        (0..least.max(1)).map(|_| self.example(items)).collect()
    }

    /// A value in range.
    fn example(&self, schema: &'s Json) -> Json {
        let schema = self.resolve(schema);
        if let Some(given) = schema.get("const").or_else(|| schema.pointer("/examples/0")) {
            return given.clone();
        }
        if let Some(word) = schema.pointer("/enum/0") {
            return word.clone();
        }
        if let Some(forms) = self.forms(schema) {
            return self.example(forms[0]);
        }
        let bounds = Bounds::of(schema);
        if has_type(schema, "integer") {
            let least = bounds.ends()[0].map_or(1.0, |(v, _)| v.max(1.0));
            return json!(least as i64);
        }
        if has_type(schema, "number") {
            let tries = [0.5, 1.0, 0.0, 10.0, 100.0];
            return json!(tries.into_iter().find(|v| bounds.contain(*v)).unwrap());
        }
        if has_type(schema, "boolean") {
            return json!(false);
        }
        if has_type(schema, "string") {
            return json!("text");
        }
        if let Some(items) = schema.get("items") {
            return self.list(schema, items);
        }
        let properties = schema.get("properties").and_then(Json::as_object);
        let required = schema.get("required").and_then(Json::as_array);
        let needed = |key: &str| required.is_some_and(|keys| keys.iter().any(|k| k == key));
        let needed = properties.into_iter().flatten().filter(|(key, _)| needed(key));
        let table: Map<String, Json> = needed.map(|(key, of)| (key.clone(), self.example(of))).collect();
        Json::Object(table)
    }
}

fn has_type(schema: &Json, name: &str) -> bool {
    match schema.get("type") {
        Some(Json::String(one)) => one == name,
        Some(Json::Array(several)) => several.iter().any(|t| t == name),
        _ => false,
    }
}
