use super::*;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Choice {
    Plain,
    Share(#[schemars(range(min = 0.0, max = 1.0))] f32),
    Both {
        #[schemars(range(min = 1))]
        times: u64,
    },
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "name", rename_all = "kebab-case")]
enum Tagged {
    A {
        #[schemars(extend("exclusiveMinimum" = 0))]
        rate: f32,
    },
    B {
        rate: f32,
    },
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct Inner {
    #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
    decay: f64,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct All {
    #[schemars(range(min = 0.1, max = 0.9))]
    single: f32,
    #[schemars(range(min = 0.1, max = 0.9))]
    double: f64,
    #[schemars(extend("exclusiveMinimum" = 0.1))]
    open: f32,
    #[schemars(range(min = 2, max = 5))]
    whole: u64,
    #[schemars(range(min = 1))]
    perhaps: Option<usize>,
    free: Option<f64>,
    #[schemars(inner(range(min = 1, max = 9)))]
    widths: Vec<usize>,
    #[schemars(length(min = 1))]
    names: Vec<String>,
    #[schemars(length(max = 3))]
    word: String,
    #[schemars(extend("enum" = [1, 3]))]
    channels: u8,
    choice: Choice,
    chosen: Option<Choice>,
    tagged: Tagged,
    inner: Inner,
    inside: Option<Inner>,
    many: Vec<Inner>,
    named: BTreeMap<String, Inner>,
    pair: (u8, Inner),
}

fn fine() -> All {
    let inner = Inner { decay: 0.5 };
    All {
        single: 0.1,
        double: 0.1,
        open: 0.2,
        whole: 2,
        perhaps: None,
        free: None,
        widths: vec![1, 9],
        names: vec!["a".into()],
        word: "äöü".into(),
        channels: 3,
        choice: Choice::Share(1.0),
        chosen: Some(Choice::Both { times: 1 }),
        tagged: Tagged::B { rate: -1.0 },
        inner: inner.clone(),
        inside: Some(inner.clone()),
        many: vec![inner.clone()],
        named: BTreeMap::from([("k".into(), inner.clone())]),
        pair: (0, inner),
    }
}

#[test]
fn what_is_in_range_is_accepted_to_the_bound() {
    fine().in_range().unwrap();
    // A bound in double precision differs from the single of the same digits: 0.9 as a single is below it, 0.1 above.
    let ends = All {
        single: 0.9,
        double: 0.9,
        whole: 5,
        perhaps: Some(1),
        chosen: None,
        choice: Choice::Plain,
        ..fine()
    };
    ends.in_range().unwrap();
}

#[test]
fn what_is_out_of_range_is_refused_by_name_wherever_it_stands() {
    type Change = fn(&mut All);
    let cases: [(Change, &str); 27] = [
        (
            |a| a.single = 0.1f32.next_down(),
            "`single` is 0.099999994, but has to be from 0.1 to 0.9",
        ),
        (
            |a| a.single = f32::NAN,
            "`single` is NaN, but has to be from 0.1 to 0.9",
        ),
        (
            |a| a.double = 0.9f64.next_up(),
            "`double` is 0.9000000000000001, but has to be from 0.1 to 0.9",
        ),
        (|a| a.open = 0.1, "`open` is 0.1, but has to be above 0.1"),
        (
            |a| a.open = f32::INFINITY,
            "`open` is inf, but has to be above 0.1",
        ),
        (|a| a.whole = 1, "`whole` is 1, but has to be from 2 to 5"),
        (|a| a.whole = 6, "`whole` is 6, but has to be from 2 to 5"),
        (
            |a| a.perhaps = Some(0),
            "`perhaps` is 0, but has to be at least 1",
        ),
        (|a| a.free = Some(f64::NAN), "`free` is NaN, but has to be finite"),
        (
            |a| a.widths.push(10),
            "`widths[2]` is 10, but has to be from 1 to 9",
        ),
        (
            |a| a.names.clear(),
            "`names` is empty, but has to be at least 1 in the list",
        ),
        (
            |a| a.word = "four".into(),
            "`word` is \"four\", but has to be at most 3 characters",
        ),
        (|a| a.channels = 2, "`channels` is 2, but has to be 1 or 3"),
        (
            |a| a.choice = Choice::Share(1.5),
            "`choice.share` is 1.5, but has to be from 0 to 1",
        ),
        (
            |a| a.choice = Choice::Both { times: 0 },
            "`choice.both.times` is 0, but has to be at least 1",
        ),
        (
            |a| a.chosen = Some(Choice::Share(-1.0)),
            "`chosen.share` is -1, but has to be from 0 to 1",
        ),
        (
            |a| a.tagged = Tagged::A { rate: 0.0 },
            "`tagged.rate` is 0, but has to be positive and finite",
        ),
        (
            |a| a.tagged = Tagged::B { rate: f32::NAN },
            "`tagged.rate` is NaN, but has to be finite",
        ),
        (
            |a| a.inner.decay = 1.0,
            "`inner.decay` is 1, but has to be at least 0 and below 1",
        ),
        (
            |a| a.inside = Some(Inner { decay: -0.1 }),
            "`inside.decay` is -0.1, but has to be at least 0 and below 1",
        ),
        (
            |a| a.many[0].decay = 2.0,
            "`many[0].decay` is 2, but has to be at least 0 and below 1",
        ),
        (
            |a| a.named.values_mut().for_each(|i| i.decay = 2.0),
            "`named.k.decay` is 2, but has to be at least 0 and below 1",
        ),
        (
            |a| a.pair.1.decay = 2.0,
            "`pair[1].decay` is 2, but has to be at least 0 and below 1",
        ),
        (
            |a| a.double = f64::NEG_INFINITY,
            "`double` is -inf, but has to be from 0.1 to 0.9",
        ),
        (
            |a| a.free = Some(f64::INFINITY),
            "`free` is inf, but has to be finite",
        ),
        (
            |a| a.widths = vec![0],
            "`widths[0]` is 0, but has to be from 1 to 9",
        ),
        (
            |a| a.chosen = Some(Choice::Both { times: 0 }),
            "`chosen.both.times` is 0, but has to be at least 1",
        ),
    ];
    for (change, said) in cases {
        let mut all = fine();
        change(&mut all);
        assert_eq!(all.in_range().unwrap_err().to_string(), said);
    }
}
