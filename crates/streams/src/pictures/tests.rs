use super::*;
use proptest::prelude::*;

/// A PNG of these values, pixel by pixel.
pub(crate) fn png(size: [usize; 2], kind: ColorType, values: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, size[1] as u32, size[0] as u32);
    encoder.set_color(kind);
    encoder.write_header().unwrap().write_image_data(values).unwrap();
    bytes
}

/// A grey JPEG of 8 × 8 and a colour one of 4 × 4 in one flat colour, made with libjpeg.
const GREY: &[u8] = include_bytes!("examples/grey.jpg");
const COLOUR: &[u8] = include_bytes!("examples/colour.jpg");

const COLOUR_2X3: Form = Form {
    size: [2, 3],
    channels: 3,
    resize: false,
};

#[test]
fn colours_become_planes() {
    let values: Vec<u8> = (0..18).collect();
    let rgb = png([2, 3], ColorType::Rgb, &values);
    let planes: Vec<u8> = [0, 1, 2]
        .into_iter()
        .flat_map(|c| (0..6).map(move |p| 3 * p + c))
        .collect();
    assert_eq!(COLOUR_2X3.decode(&rgb).unwrap(), planes);
    let grey = Form {
        channels: 1,
        ..COLOUR_2X3
    }
    .decode(&rgb)
    .unwrap();
    assert_eq!(
        grey,
        (0..6)
            .map(|p| luma(3 * p, 3 * p + 1, 3 * p + 2))
            .collect::<Vec<_>>()
    );
    assert_eq!(
        [luma(255, 255, 255), luma(0, 0, 0), luma(0, 255, 0)],
        [255, 0, 150]
    );

    let with_alpha: Vec<u8> = values.chunks(3).flat_map(|c| [c[0], c[1], c[2], 7]).collect();
    assert_eq!(
        COLOUR_2X3
            .decode(&png([2, 3], ColorType::Rgba, &with_alpha))
            .unwrap(),
        planes
    );
    let grey = png([2, 3], ColorType::Grayscale, &[9, 8, 7, 6, 5, 4]);
    assert_eq!(COLOUR_2X3.decode(&grey).unwrap(), [9, 8, 7, 6, 5, 4].repeat(3));
}

#[test]
fn jpeg_is_read_in_grey_and_in_colour() {
    let grey = Form {
        size: [8, 8],
        channels: 1,
        resize: false,
    }
    .decode(GREY)
    .unwrap();
    assert!(grey.len() == 64 && grey[0] < 20 && grey[63] > 230, "{grey:?}");
    let colour = Form {
        size: [4, 4],
        channels: 3,
        resize: false,
    }
    .decode(COLOUR)
    .unwrap();
    let near = |plane: &[u8], v: u8| plane.iter().all(|p| p.abs_diff(v) < 6);
    assert!(
        near(&colour[..16], 200) && near(&colour[16..32], 60) && near(&colour[32..], 30),
        "{colour:?}"
    );
}

#[test]
fn other_sizes_are_refused_or_resized() {
    let large = png([4, 6], ColorType::Grayscale, &[[10; 12], [30; 12]].concat());
    let text = COLOUR_2X3.decode(&large).unwrap_err().to_string();
    assert_eq!(
        text,
        "it has 4 × 6 pixels (height × width) instead of 2 × 3; set `resize = true` to have it resized"
    );
    let form = Form {
        channels: 1,
        resize: true,
        ..COLOUR_2X3
    };
    assert_eq!(form.decode(&large).unwrap(), [10, 10, 10, 30, 30, 30]);
}

#[test]
fn what_is_no_picture_is_refused() {
    assert_eq!(
        COLOUR_2X3.decode(b"GIF89a").unwrap_err(),
        PictureErrorKind::Format
    );
    let whole = png([2, 3], ColorType::Rgb, &[0; 18]);
    let cut = COLOUR_2X3.decode(&whole[..whole.len() / 2]).unwrap_err();
    assert!(
        matches!(cut, PictureErrorKind::Damaged { format: "PNG", .. }),
        "{cut}"
    );
    let form = Form {
        size: [8, 8],
        channels: 1,
        resize: false,
    };
    let cut = form.decode(&GREY[..30]).unwrap_err();
    assert!(
        matches!(cut, PictureErrorKind::Damaged { format: "JPEG", .. }),
        "{cut}"
    );
    // A header that claims 60,000 × 60,000 is not believed so far as to make room.
    let mut huge = png([1, 1], ColorType::Grayscale, &[0]);
    huge[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    assert!(Form { resize: true, ..form }.decode(&huge).is_err());
}

proptest! {
    #[test]
    fn resizing_keeps_what_is_flat_and_the_mean(h in 1_usize..20, w in 1_usize..20, to_h in 1_usize..12, to_w in 1_usize..12, fill: u8) {
        prop_assert_eq!(resize::plane(&vec![fill; h * w], [h, w], [to_h, to_w]), vec![fill; to_h * to_w]);
        let values: Vec<u8> = (0..h * w).map(|i| (i * 37 % 256) as u8).collect();
        prop_assert_eq!(resize::plane(&values, [h, w], [h, w]), values.clone());
        let mean = |v: &[u8]| v.iter().map(|&v| f64::from(v)).sum::<f64>() / v.len() as f64;
        let small = resize::plane(&values, [h, w], [to_h, to_w]);
        prop_assert!((mean(&small) - mean(&values)).abs() <= 0.51, "{} {}", mean(&small), mean(&values));
    }
}
