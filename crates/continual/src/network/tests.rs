use super::*;
use crate::conv::ConvLayer;
use dentate_core::Moment;

fn config(text: &str) -> Gradient {
    toml::from_str(text).unwrap()
}

fn built(text: &str, shape: &[usize]) -> Result<Graph, String> {
    let plan = initial(&config(text), shape, Seed(1)).map_err(|e| e.to_string())?;
    Ok(Graph::empty().apply(&plan, Moment::default()).unwrap().0)
}

#[test]
fn channels_lead_into_hidden_layers() {
    let text = r#"
        hidden = [10]
        conv = [
            { channels = 4, pool = { max = 2 }, normalisation = "batch-norm" },
            { channels = 6 },
            { channels = 6, residual = true, dropout = 0.1 },
        ]
    "#;
    // The third layer's residual partner is the first, which has fewer channels.
    let refused = built(text, &[3, 8, 8]).unwrap_err();
    assert!(refused.contains("`conv-3` has 6 channels of 4 × 4"), "{refused}");
    let graph = built(&text.replace("channels = 4", "channels = 6"), &[3, 8, 8]).unwrap();
    let shapes: Vec<_> = graph
        .layers()
        .map(|l| (l.name.as_str(), l.width(), l.outputs()))
        .collect();
    let small = Grid::new(4, 4);
    let wanted = [
        ("input", 3, Grid::new(8, 8)),
        ("conv-1", 6, small),
        ("conv-2", 6, small),
        ("conv-3", 6, small),
        ("hidden-1", 10, Grid::POINT),
    ];
    assert_eq!(shapes, wanted);
    assert_eq!(graph.layer(dentate_core::LayerId(4)).unwrap().features(), 10);
    assert_eq!(graph.check(), Ok(()));
}

#[test]
fn a_picture_of_one_channel_needs_no_third_axis() {
    let graph = built("hidden = []\nconv = [{ channels = 2, kernel = 5 }]", &[28, 28]).unwrap();
    assert_eq!(graph.input().map(|l| l.width()), Some(1));
}

#[test]
fn what_does_not_fit_is_refused_by_name() {
    let wide = "conv = [{ channels = 2, kernel = 9, padding = 0 }]";
    let refused = built(wide, &[5, 5]).unwrap_err();
    assert!(refused.contains("`conv-1` does not fit"), "{refused}");
    let refused = built(wide, &[784]).unwrap_err();
    assert!(refused.contains("these rows have the shape [784]"), "{refused}");
}

#[test]
fn one_row_has_a_variance_on_a_grid_alone() {
    let text = "hidden = []\nbatch = 1\nconv = [{ channels = 2, kernel = 3, padding = 0, normalisation = 'batch-norm' }]";
    let refused = built(text, &[3, 3]).unwrap_err();
    assert!(
        refused.contains("`conv-1` has channels of a single position"),
        "{refused}"
    );
    assert!(refused.contains("a `batch` of at least 2"), "{refused}");
    assert!(built(text, &[4, 4]).is_ok());
    assert!(built(&text.replace("batch = 1", "batch = 2"), &[3, 3]).is_ok());
}

#[test]
fn settings_out_of_range_are_refused() {
    let refusal = |maps: &str| {
        let config: ConvLayer = toml::from_str(maps).unwrap();
        let checked = dentate_core::Config::in_range(&config).and_then(|()| config.check());
        checked.map_err(|e| e.to_string())
    };
    assert_eq!(refusal("channels = 3\ndropout = 0.5"), Ok(()));
    for maps in [
        "kernel = 3",
        "channels = 3\ndepthwise = true",
        "channels = 0",
        "channels = 3\nstride = 0",
    ] {
        assert!(refusal(maps).is_err(), "{maps}");
    }
    for maps in [
        "channels = 3\npadding = 3",
        "channels = 3\npool = { max = 0 }",
        "channels = 3\ndropout = 1.0",
    ] {
        assert!(refusal(maps).is_err(), "{maps}");
    }
}

/// The weights and biases of the initial network: uniform in ± √(1 / fan-in) both, or biases of 0, which changes no weight.
#[test]
fn biases_are_drawn_by_the_number_of_weights() {
    use dentate_core::Carry;
    use dentate_core::Parameter;
    let text = "hidden = [200, 50]\nconv = [{ channels = 40, kernel = 5 }]\ninit = \"fan-in\"\n";
    let receipt = |more: &str, seed| {
        let plan = initial(&config(&format!("{text}{more}")), &[3, 8, 8], Seed(seed)).unwrap();
        Graph::empty().apply(&plan, Moment::default()).unwrap()
    };
    let (graph, drawn) = receipt("bias_init = \"fan-in\"", 1);
    let (_, constant) = receipt("", 1);
    let (_, other) = receipt("bias_init = \"fan-in\"", 2);
    let values = |carry: &Carry| match carry {
        Carry::Created(values) => values.clone(),
        other => panic!("{other:?}"),
    };
    let mut biases = 0;
    for (parameter, carry) in &drawn.parameters {
        let Parameter::Bias(layer) = parameter else {
            assert_eq!(
                carry, &constant.parameters[parameter],
                "weights are as they are without"
            );
            continue;
        };
        let drawn = values(carry);
        assert!(values(&constant.parameters[parameter]).iter().all(|v| *v == 0.0));
        assert_ne!(drawn, values(&other.parameters[parameter]));
        // 3 × 5 × 5 weights into a channel; 40 channels of 8 × 8 positions into a unit.
        let fan_in = match graph.layer(*layer).unwrap().name.as_str() {
            "conv-1" => 75.0,
            "hidden-1" => 40.0 * 64.0,
            _ => 200.0_f32,
        };
        let bound = fan_in.sqrt().recip();
        let most = drawn.iter().fold(0.0_f32, |most, v| most.max(v.abs()));
        assert!(most <= bound && most > 0.8 * bound, "{most} of {bound}");
        assert!(drawn.iter().any(|v| *v > 0.0) && drawn.iter().any(|v| *v < 0.0));
        biases += 1;
    }
    assert_eq!(biases, 3);
}
