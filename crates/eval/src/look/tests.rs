use super::*;
use std::collections::BTreeSet;

/// Twenty things are told apart by their marks alone, and by colour and dash alone.
#[test]
fn twenty_looks_differ_in_mark_and_in_line() {
    let looks: Vec<Look> = (0..19).map(Look::nth).collect();
    let control = Mark {
        shape: 0,
        open: false,
    };
    let marks = looks.iter().map(|l| l.mark).chain([control]);
    let marks: BTreeSet<String> = marks
        .map(|mark| format!("{} {}", mark.path(0.0, 0.0, 4.0), mark.open))
        .collect();
    assert_eq!(marks.len(), 20);
    let lines: BTreeSet<&str> = looks.iter().map(|l| l.class.as_str()).collect();
    assert_eq!(lines.len(), 19);
}

type Rgb = [f64; 3];

/// The colours of the style sheet's charts in light and dark, by name.
fn palettes() -> Vec<Vec<(String, Rgb)>> {
    let sheet = crate::figure::STYLE;
    let blocks = sheet.split("svg.chart, svg.swatch {").skip(1);
    let colours = |block: &str| {
        let (block, _) = block.split_once('}').unwrap();
        let entries = block
            .split(';')
            .filter_map(|entry| entry.trim().strip_prefix("--")?.split_once(": "));
        entries
            .filter_map(|(name, colour)| Some((name.to_owned(), rgb(colour)?)))
            .collect::<Vec<_>>()
    };
    blocks.map(colours).collect()
}

/// Linear components of a colour such as `#1093ff` or `#fff`.
fn rgb(text: &str) -> Option<Rgb> {
    let digits = text.strip_prefix('#')?;
    let (wide, factor) = if digits.len() == 3 { (1, 17) } else { (2, 1) };
    let part = |i: usize| {
        let v = f64::from(u32::from_str_radix(&digits[wide * i..wide * (i + 1)], 16).ok()? * factor) / 255.0;
        Some(if v <= 0.040_45 {
            v / 12.92
        } else {
            ((v + 0.055) / 1.055).powf(2.4)
        })
    };
    Some([part(0)?, part(1)?, part(2)?])
}

fn times(matrix: &[Rgb; 3], v: Rgb) -> Rgb {
    [0, 1, 2].map(|i| (0..3).map(|k| matrix[i][k] * v[k]).sum::<f64>())
}

/// Oklab (Ottosson 2020).
fn oklab(linear: Rgb) -> Rgb {
    const TO_CONES: [Rgb; 3] = [
        [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
        [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
        [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
    ];
    const TO_LAB: [Rgb; 3] = [
        [0.210_454_255_3, 0.793_617_785, -0.004_072_046_8],
        [1.977_998_495_1, -2.428_592_205, 0.450_593_709_9],
        [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766],
    ];
    let cones = times(&TO_CONES, linear.map(|v| v.clamp(0.0, 1.0))).map(f64::cbrt);
    times(&TO_LAB, cones)
}

/// Sight with all cones, and without one kind (Machado, Oliveira & Fernandes 2009, severity 1).
const SIGHTS: [[Rgb; 3]; 4] = [
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    [
        [0.152_286, 1.052_583, -0.204_868],
        [0.114_503, 0.786_281, 0.099_216],
        [-0.003_882, -0.048_116, 1.051_998],
    ],
    [
        [0.367_322, 0.860_646, -0.227_968],
        [0.280_085, 0.672_501, 0.047_413],
        [-0.011_820, 0.042_940, 0.968_881],
    ],
    [
        [1.255_528, -0.076_749, -0.178_779],
        [-0.078_411, 0.930_809, 0.147_602],
        [0.004_733, 0.691_367, 0.303_900],
    ],
];

fn contrast(one: Rgb, other: Rgb) -> f64 {
    let light = |c: Rgb| 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2] + 0.05;
    let (a, b) = (light(one), light(other));
    a.max(b) / a.min(b)
}

/// No two colours are alike for a reader without one kind of cone, and all stand out from the paper (WCAG 2, 1.4.11).
#[test]
fn colours_differ_for_everybody() {
    let palettes = palettes();
    assert_eq!(palettes.len(), 2);
    for palette in palettes {
        let of = |name: &str| palette.iter().find(|(own, _)| own == name).unwrap().1;
        let names: Vec<String> = (0..COLOURS)
            .map(|k| format!("c{k}"))
            .chain(["control".to_owned()])
            .collect();
        for (i, name) in names.iter().enumerate() {
            assert!(contrast(of(name), of("paper")) >= 3.0, "{name} is faint");
            for other in &names[..i] {
                for sight in &SIGHTS {
                    let [a, b] = [of(name), of(other)].map(|c| oklab(times(sight, c)));
                    let distance = (0..3).map(|k| (a[k] - b[k]).powi(2)).sum::<f64>().sqrt();
                    assert!(distance >= 0.1, "{name} and {other} are {distance:.3} apart");
                }
            }
        }
        assert!(contrast(of("soft"), of("paper")) >= 4.5 && contrast(of("ink"), of("paper")) >= 7.0);
    }
}

/// The ink of every colour of heat maps can be read (WCAG 2, 1.4.3).
#[test]
fn heat_maps_can_be_read() {
    let sheet = include_str!("../html/heat.css");
    let rules: Vec<(Rgb, Rgb)> = sheet
        .lines()
        .filter_map(|line| {
            let (ground, ink) = line.split_once("background: ")?.1.split_once("; color: ")?;
            Some((rgb(ground)?, rgb(ink.trim_end_matches("; }"))?))
        })
        .collect();
    assert_eq!(rules.len(), 2 * (11 + 11));
    assert!(rules.iter().all(|(ground, ink)| contrast(*ground, *ink) >= 4.5));
}
