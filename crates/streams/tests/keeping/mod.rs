//! The law of transforms, over every stream that is registered: a stream that is cut from data keeps the type and the range of its
//! values, and its first task, which is not transformed, is the data to the bit.
//!
//! A new stream joins by being registered. Its first task is the data as it is, with every setting that can be left out left out.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may panic")]

use dentate_core::registry::{self, Kind};
use dentate_core::{DataId, Dataset, Samples, Seed, Targets};
use dentate_streams::{
    DataEnv, DataFacts, DataRecipe, DataSpec, EvaluatedRows, LabelledData, StreamError, StreamSpec, register,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Pictures of 2 × 3 × 3 and three classes whose values are easily spoilt: signed, far apart, tiny, and −0.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Delicate {
    /// True if they are bytes.
    bytes: bool,
}

const ROWS: usize = 12;
const FLOATS: [f32; 7] = [-0.0, 1e-30, -1.7, 255.0, 0.3, -3.4e5, 1.0];

impl DataRecipe for Delicate {
    fn facts(&self) -> DataFacts {
        DataFacts {
            title: "delicate pictures".into(),
            classes: 3,
            shape: Some(vec![3, 3, 3]),
            cached: Some(0),
        }
    }
    fn fingerprint(&self, _: &DataEnv) -> Result<String, StreamError> {
        Ok("delicate".into())
    }
    fn prepare(&self, _: &DataEnv) -> Result<Option<PathBuf>, StreamError> {
        Ok(None)
    }
    fn load(&self, _: &DataEnv) -> Result<LabelledData, StreamError> {
        let half = |id: usize| {
            let places = id..id + ROWS * 27;
            let samples = if self.bytes {
                Samples::Bytes {
                    values: places.map(|at| (at * 37 % 256) as u8).collect(),
                    scale: 0.5,
                    offset: -3.0,
                }
            } else {
                Samples::Floats(places.map(|at| FLOATS[at % FLOATS.len()]).collect())
            };
            let labels = (0..ROWS as u32).map(|row| row % 3).collect();
            let targets = Targets::Classes { labels, classes: 3 };
            Dataset::new(DataId(id as u64), samples, vec![3, 3, 3], targets)
        };
        Ok(LabelledData {
            train: half(0)?,
            test: half(1)?,
            classes: 3,
            fingerprint: "delicate".into(),
        })
    }
}

register!(
    data,
    Delicate,
    "delicate",
    summary = "values that are easily spoilt",
    citation = "this test",
);

/// The settings that a stream cannot do without, over `data`; none for one that is not cut from data.
fn settings(entry: &registry::Entry, data: &Value) -> Option<Value> {
    let schema = serde_json::to_value((entry.schema)()).unwrap();
    if schema["properties"].get("experience").is_some() {
        let list = ["first", "second"].map(|name| json!({ "name": name, "data": data }));
        return Some(json!({ "kind": entry.name, "scenario": "domain-incremental", "experience": list }));
    }
    schema["properties"].get("data")?;
    let mut settings = json!({ "kind": entry.name, "data": data });
    for key in schema["required"].as_array().into_iter().flatten() {
        let key = key.as_str().unwrap();
        let about = &schema["properties"][key];
        settings[key] = match (key, about["type"].as_str()) {
            ("data", _) => continue,
            ("scenario", _) => json!("domain-incremental"),
            (_, Some("integer")) => json!(about["minimum"].as_u64().unwrap_or(1).max(2)),
            (_, Some("number")) => json!(about["maximum"].as_f64().unwrap_or(1.0) / 2.5),
            (_, Some("boolean")) => json!(false),
            _ => panic!("say here what `{key}` of `{}` may be", entry.name),
        };
    }
    if schema["properties"].get("classes").is_some() {
        settings["classes"] = json!([[0, 1, 2]]);
    }
    Some(settings)
}

/// All values of a data set, as it is read.
fn values(data: &Dataset) -> Vec<f32> {
    let rows: Vec<u32> = (0..data.len() as u32).collect();
    data.gather(&rows).unwrap().into_iter().collect()
}

fn bits(data: &Dataset) -> Vec<u32> {
    values(data).iter().map(|value| value.to_bits()).collect()
}

#[test]
fn streams_keep_the_type_and_the_range_of_their_data() {
    let mut held = Vec::new();
    for entry in registry::entries().iter().filter(|e| e.kind == Kind::Stream) {
        for bytes in [false, true] {
            let data = json!({ "kind": "delicate", "bytes": bytes });
            let Some(settings) = settings(entry, &data) else {
                continue;
            };
            let env = DataEnv::default();
            let source: Box<dyn DataSpec> = serde_json::from_value(data).unwrap();
            let source = source.load(&env).unwrap();
            let spec: Box<dyn StreamSpec> = serde_json::from_value(settings).unwrap();
            let stream = spec.build(&env, Seed(1)).unwrap();
            let name = entry.name;
            let evaluated = match stream.info.evaluated {
                EvaluatedRows::HeldOut => &source.test,
                EvaluatedRows::Training => &source.train,
            };
            for (task, experience) in stream.experiences.iter().enumerate() {
                for (part, of) in [(&experience.train, &source.train), (&experience.test, evaluated)] {
                    if task == 0 {
                        assert_eq!(bits(&part.data), bits(of), "`{name}` changes what it need not");
                    }
                    match (&**part.data.storage(), &**of.storage()) {
                        (Samples::Floats(_), Samples::Floats(_)) => {}
                        (
                            Samples::Bytes { scale, offset, .. },
                            Samples::Bytes {
                                scale: s, offset: o, ..
                            },
                        ) => assert_eq!((scale, offset), (s, o), "`{name}` scales"),
                        _ => panic!("`{name}` changes the type"),
                    }
                    // What comes in from outside is black, which is never beyond 0.
                    let (least, most) = values(&source.train)
                        .into_iter()
                        .chain(values(of))
                        .fold((0.0_f32, 0.0_f32), |(least, most), v| (least.min(v), most.max(v)));
                    let within = |v: &f32| (least..=most).contains(v);
                    assert!(values(&part.data).iter().all(within), "`{name}` leaves the range");
                    // Values that are cut off or squeezed would be fewer.
                    let lowest = values(&part.data).into_iter().fold(f32::INFINITY, f32::min);
                    assert!(bytes || lowest < -1e4, "`{name}` loses low values");
                }
            }
            held.push((name, bytes));
        }
    }
    for name in [
        "experiences",
        "permuted",
        "permuted-labels",
        "random-labels",
        "rotated",
        "split",
    ] {
        assert!(
            held.contains(&(name, true)) && held.contains(&(name, false)),
            "{name}"
        );
    }
}
