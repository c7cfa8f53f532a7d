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
    orientation: None,
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
        orientation: None,
    }
    .decode(GREY)
    .unwrap();
    assert!(grey.len() == 64 && grey[0] < 20 && grey[63] > 230, "{grey:?}");
    let colour = Form {
        size: [4, 4],
        channels: 3,
        resize: false,
        orientation: None,
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
        orientation: None,
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
        orientation: None,
    };
    let cut = form.decode(&GREY[..30]).unwrap_err();
    assert!(
        matches!(cut, PictureErrorKind::Damaged { format: "JPEG", .. }),
        "{cut}"
    );
    // No memory is reserved for a header that claims 60,000 × 60,000.
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

/// A JPEG with EXIF data after its first marker.
fn jpeg_with(exif: &[u8]) -> Vec<u8> {
    let length = (exif.len() as u16 + 8).to_be_bytes();
    [
        &COLOUR[..2],
        &[0xff, 0xe1],
        &length,
        b"Exif\0\0",
        exif,
        &COLOUR[2..],
    ]
    .concat()
}

/// A grey PNG of 2 × 3 with EXIF data.
fn png_with(exif: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut info = png::Info::with_size(3, 2);
    info.color_type = ColorType::Grayscale;
    info.exif_metadata = Some(exif.to_vec().into());
    let encoder = png::Encoder::with_info(&mut bytes, info).unwrap();
    encoder
        .write_header()
        .unwrap()
        .write_image_data(&[1, 2, 3, 4, 5, 6])
        .unwrap();
    bytes
}

#[test]
fn pictures_to_be_turned_are_refused_or_taken_as_asked() {
    let turned = super::exif::tests::exif(false, 0x0112, 3, 6);
    let form = |size, orientation| Form {
        size,
        channels: 1,
        resize: false,
        orientation,
    };
    let png = png_with(&turned);
    let text = form([2, 3], None).decode(&png).unwrap_err().to_string();
    assert!(
        text.contains("(orientation 6); set `orientation = \"stored\"`"),
        "{text}"
    );
    let stored = form([2, 3], Some(Orientation::Stored)).decode(&png).unwrap();
    assert_eq!(stored, [1, 2, 3, 4, 5, 6]);
    // A quarter turn to the right; the requested size is that of the shown picture.
    let upright = form([3, 2], Some(Orientation::Upright)).decode(&png).unwrap();
    assert_eq!(upright, [4, 1, 5, 2, 6, 3]);
    let refused = form([2, 3], Some(Orientation::Upright)).decode(&png).unwrap_err();
    assert_eq!(
        refused,
        PictureErrorKind::Size {
            expected: [2, 3],
            found: [3, 2]
        }
    );
    // Upright pictures are accepted by any setting, and so are those without an orientation.
    for exif in [super::exif::tests::exif(true, 0x0112, 3, 1), b"nothing".to_vec()] {
        for orientation in [None, Some(Orientation::Stored), Some(Orientation::Upright)] {
            assert_eq!(
                form([2, 3], orientation).decode(&png_with(&exif)).unwrap(),
                stored
            );
        }
    }
    let mut damaged = png.clone();
    let at = png.windows(4).position(|name| name == b"eXIf").unwrap() + 4 + 18;
    damaged[at] ^= 1;
    let text = form([2, 3], Some(Orientation::Upright))
        .decode(&damaged)
        .unwrap_err()
        .to_string();
    assert!(text.contains("the checksum of its EXIF data"), "{text}");

    let jpeg = jpeg_with(&turned);
    let text = form([4, 4], None).decode(&jpeg).unwrap_err().to_string();
    assert!(text.contains("orientation 6"), "{text}");
    let plain = form([4, 4], None).decode(COLOUR).unwrap();
    assert_eq!(
        form([4, 4], Some(Orientation::Stored)).decode(&jpeg).unwrap(),
        plain
    );
    // Grey, of 8 × 8: dark at the top left and light at the bottom right; rotated, dark at the top right.
    let grey = [
        &GREY[..2],
        &jpeg_with(&turned)[2..jpeg.len() - COLOUR.len() + 2],
        &GREY[2..],
    ]
    .concat();
    let shown = form([8, 8], Some(Orientation::Upright)).decode(&grey).unwrap();
    let plain = form([8, 8], None).decode(GREY).unwrap();
    assert!((0..8).all(|y| (0..8).all(|x| shown[8 * y + x] == plain[8 * (7 - x) + y])));
    assert_ne!(shown, plain);
}

#[test]
fn pictures_that_were_cut_are_refused() {
    for (file, size) in [
        (GREY, [8, 8]),
        (COLOUR, [4, 4]),
        (&png([2, 3], ColorType::Rgb, &[9; 18])[..], [2, 3]),
    ] {
        let form = Form {
            size,
            channels: 3,
            resize: false,
            orientation: None,
        };
        let whole = form.decode(file).unwrap();
        for at in 0..file.len() {
            assert!(form.decode(&file[..at]).is_err(), "cut at {at} of {}", file.len());
        }
        // Cameras append data to a picture.
        let behind = [file, &[0; 30]].concat();
        assert_eq!(form.decode(&behind).unwrap(), whole);
    }
}

#[test]
fn checksums_of_a_png_are_looked_at() {
    let values: Vec<u8> = (0..18).collect();
    let file = png([2, 3], ColorType::Rgb, &values);
    let whole = COLOUR_2X3.decode(&file).unwrap();
    for at in 0..file.len() {
        for bit in 0..8 {
            let mut flipped = file.clone();
            flipped[at] ^= 1 << bit;
            if let Ok(planes) = COLOUR_2X3.decode(&flipped) {
                assert_eq!(planes, whole, "bit {bit} of byte {at}");
            }
        }
    }
    // The checksum over all pixels, with the chunk's own corrected.
    let at = file.windows(4).position(|name| name == b"IDAT").unwrap();
    let length = u32::from_be_bytes(file[at - 4..at].try_into().unwrap()) as usize;
    let mut other = file;
    other[at + 4 + length - 1] ^= 1;
    let mut crc = flate2::Crc::new();
    crc.update(&other[at..at + 4 + length]);
    other[at + 4 + length..at + 8 + length].copy_from_slice(&crc.sum().to_be_bytes());
    assert!(COLOUR_2X3.decode(&other).is_err());
}
