use crate::{DataEnv, StreamSpec};
use dentate_core::Seed;

/// Streams of every kind, in every scenario it has; with rows that do not divide evenly.
const STREAMS: &str = r#"[
  {"kind":"split","scenario":"class-incremental","data":{"kind":"digits","train":63,"test":27}},
  {"kind":"split","scenario":"task-incremental","classes_per_task":5,"online":true,"data":{"kind":"digits","train":63,"test":27}},
  {"kind":"split","scenario":"domain-incremental","shuffle_classes":true,"data":{"kind":"digits","train":63,"test":27}},
  {"kind":"split","scenario":"class-incremental","shuffle_classes":true,"data":{"kind":"digits","train":60,"test":20}},
  {"kind":"split","scenario":"class-incremental","classes":[[1,7],[0],[2]],"data":{"kind":"digits","train":63,"test":27}},
  {"kind":"split","scenario":"task-incremental","validation":0.2,"data":{"kind":"coloured-shapes","train":63,"test":27}},
  {"kind":"permuted","scenario":"class-incremental","tasks":3,"data":{"kind":"digits","train":63,"test":27}},
  {"kind":"permuted","scenario":"domain-incremental","tasks":2,"online":true,"data":{"kind":"coloured-shapes","train":63,"test":27}},
  {"kind":"rotated","scenario":"task-incremental","tasks":2,"max_degrees":40,"validation":0.1,"data":{"kind":"digits","train":63,"test":27}},
  {"kind":"problem","problem":"encoder","bits":5},
  {"kind":"problem","problem":"two-spirals"},
  {"kind":"bit-flip","experiences":3,"train":10,"test":11},
  {"kind":"moving","motion":"jump","train":12,"test":10},
  {"kind":"shape","shape":"swiss-roll","train":12,"test":10}
]"#;

/// The facts known before loading agree with the built stream.
#[test]
fn what_is_known_beforehand_is_so() {
    let streams: Vec<Box<dyn StreamSpec>> = serde_json::from_str(STREAMS).unwrap();
    for spec in streams {
        spec.validate().unwrap();
        let built = spec.build(&DataEnv::default(), Seed(3)).unwrap().facts();
        assert!(built.complete());
        let mut said = spec.facts().unwrap();
        if let Some(shape) = &said.shape {
            assert_eq!(shape, built.shape.as_ref().unwrap(), "{spec:?}");
        }
        said.shape.clone_from(&built.shape);
        assert_eq!(said.experiences.len(), built.experiences.len(), "{spec:?}");
        for (said, built) in said.experiences.iter_mut().zip(&built.experiences) {
            said.train = said.train.or(built.train);
            said.test = said.test.or(built.test);
            let shuffled = format!("{spec:?}").contains("shuffle_classes: true");
            for (said, built) in said.tasks.iter_mut().zip(&built.tasks).filter(|_| shuffled) {
                assert_eq!(said.classes.len(), built.classes.len());
                said.classes.clone_from(&built.classes);
            }
        }
        assert_eq!(said, built, "{spec:?}");
    }
}

#[test]
fn rows_are_known_beforehand_where_classes_take_turns() {
    let streams: Vec<Box<dyn StreamSpec>> = serde_json::from_str(STREAMS).unwrap();
    let complete: Vec<bool> = streams.iter().map(|s| s.facts().unwrap().complete()).collect();
    // For uneven shuffled classes and held-out rows, the facts are known only from the data.
    let known = [
        true, true, false, true, true, false, true, true, false, true, true, true, true, true,
    ];
    assert_eq!(complete, known);
}
