use super::{Drawing, Image};

#[test]
fn a_drawing_is_read_and_anything_else_is_not() {
    let drawing = Drawing::read("0.5 1.000,-2 0|0-1|3 4").unwrap();
    assert_eq!(drawing.places, [(0.5, 1.0), (-2.0, 0.0)]);
    assert_eq!((drawing.edges, drawing.signals), (vec![(0, 1)], vec![(3.0, 4.0)]));
    assert!(Drawing::read("0 0||").is_some());
    for broken in [
        "",
        "0 0",
        "0 0|0-1|",
        "0 nan||",
        "x y||",
        "0 0|0-|0 0",
        "0 0|0-0|1",
    ] {
        assert_eq!(Drawing::read(broken), None, "{broken}");
    }
}

#[test]
fn an_image_has_as_many_greys_as_its_shape_says() {
    let image = Image::read("2x3 0123ef").unwrap();
    assert_eq!((image.width, image.greys), (3, vec![0, 1, 2, 3, 14, 15]));
    for broken in [
        "",
        "2x3 01",
        "0x0 ",
        "2x3 0123eg",
        "99999999999x99999999999 0",
        "6 012345",
    ] {
        assert_eq!(Image::read(broken), None, "{broken}");
    }
}
